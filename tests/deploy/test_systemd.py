"""The unit: systemd's own judgement where its tools are there, and what a unit of this hub must say."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.files import UNIT, unit_values

ANALYZE = shutil.which("systemd-analyze")
EXPOSURE = 20
"""Tenths, of 100; below 20 systemd calls a service well protected."""
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not there")


@needs_systemd
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    here = UNIT.read_text(encoding="utf-8").replace("/opt/hutong/venv/bin/hutong", "/bin/true")
    unit.write_text(here, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
def test_systemd_finds_it_well_protected() -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={EXPOSURE}", UNIT]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout[-500:]


def test_keys_are_credentials_and_never_settings() -> None:
    loaded = {name.partition(":")[0] for name in unit_values("LoadCredential")}
    given = dict(value.split("=", 1) for value in unit_values("Environment"))
    assert {value.removeprefix("%d/") for value in given.values() if value.startswith("%d/")} == loaded
    assert not [name for name in given if name.endswith(("PASSWORD", "TOKEN"))]


def test_it_comes_back_and_is_not_root() -> None:
    assert unit_values("User") == ["hutong"]
    assert unit_values("Restart") == ["on-failure"]
    assert unit_values("ProtectSystem") == ["strict"]
    assert unit_values("NoNewPrivileges") == ["yes"]
