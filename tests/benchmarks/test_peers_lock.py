"""The npm packages of the benchmark's peers: exact versions, checked by hash, from any registry; why they are missing."""

import json
import re
from pathlib import Path

import pytest

from benchmarks import peers
from benchmarks.peers import PeersMissing, peer_programs

LOCK = (peers.SOURCES / "package-lock.json").read_text(encoding="utf-8")


def test_the_lock_names_no_registry() -> None:
    assert not re.search(r'"resolved"|registry|\.tgz|"(file|git\+?\w*):', LOCK)


def test_a_new_lock_would_name_none_either() -> None:
    assert "omit-lockfile-registry-resolved=true" in (peers.SOURCES / ".npmrc").read_text(encoding="utf-8").splitlines()


def test_every_locked_package_has_its_hash() -> None:
    packages = {name: package for name, package in json.loads(LOCK)["packages"].items() if name}
    assert len(packages) > 100
    assert [name for name, package in packages.items() if not package["integrity"].startswith("sha512-")] == []


def test_what_is_asked_for_is_pinned_as_locked() -> None:
    asked = json.loads((peers.SOURCES / "package.json").read_text(encoding="utf-8"))["dependencies"]
    packages = json.loads(LOCK)["packages"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in asked} == asked


def test_peers_that_are_not_installed_are_left_out_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(PeersMissing, match=r"not installed|Node"):
        peer_programs(tmp_path, {}, install=False)


def test_peers_without_a_node_are_left_out_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(PeersMissing, match="no Node with npm"):
        peer_programs(tmp_path, {}, install=True)
