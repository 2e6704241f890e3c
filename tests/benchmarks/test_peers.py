"""The benchmark's peers are left out, with the reason, where they cannot be had."""

from pathlib import Path

import pytest

from benchmarks import peers
from benchmarks.peers import PeersMissing, peer_programs


def test_peers_that_are_not_installed_are_left_out_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(PeersMissing, match=r"not installed|Node"):
        peer_programs(tmp_path, {}, install=False)


def test_peers_without_a_node_are_left_out_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(PeersMissing, match="no Node with npm"):
        peer_programs(tmp_path, {}, install=True)
