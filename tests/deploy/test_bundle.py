"""The bundle: equal inputs give equal bytes, and the installer refuses what does not fit."""

import hashlib
import importlib.util
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from tests.deploy.files import DEPLOY, ROOT


@pytest.fixture(scope="module")
def build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_bundle", ROOT / ".ci" / "build_bundle.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_bundle"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def a_wheel(folder: Path, metadata: str) -> Path:
    path = folder / "thing-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("thing-1.0.dist-info/METADATA", metadata)
    return path


@pytest.mark.parametrize(
    ("lines", "licence"),
    [
        ("License-Expression: MIT", "MIT"),
        ("Classifier: License :: OSI Approved :: BSD License\nLicense: see file", "BSD License"),
        ("License: Apache 2.0", "Apache 2.0"),
        ("Summary: nothing is said", "not stated"),
    ],
    ids=["expression", "classifier", "text", "none"],
)
def test_a_wheels_licence_is_what_its_metadata_say(build: ModuleType, tmp_path: Path, lines: str, licence: str) -> None:
    wheel = build.read_wheel(a_wheel(tmp_path, f"Metadata-Version: 2.4\nName: The.Thing\nVersion: 1.0\n{lines}\n\n"))
    assert (wheel.name, wheel.version, wheel.licence) == ("the-thing", "1.0", licence)


def test_a_wheel_without_metadata_is_refused(build: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "empty.whl"
    with zipfile.ZipFile(path, "w"):
        pass
    with pytest.raises(ValueError, match=r"empty\.whl"):
        build.read_wheel(path)


def test_equal_folders_give_equal_bytes(build: ModuleType, tmp_path: Path) -> None:
    digests = []
    for name, moment in (("one", 1_000_000), ("two", 2_000_000)):
        folder = tmp_path / name
        (folder / "b").mkdir(parents=True)
        for file in ("z.txt", "b/a.sh", "b/b.txt"):
            (folder / file).write_text(file)
            os.utime(folder / file, (moment, moment))
        archive = tmp_path / f"{name}.tar.gz"
        build.pack(folder, archive, "hutong-1")
        digests.append(hashlib.sha256(archive.read_bytes()).hexdigest())
        with tarfile.open(archive) as tar:
            assert [(m.name, m.mode) for m in tar] == [
                ("hutong-1/b/a.sh", 0o755),
                ("hutong-1/b/b.txt", 0o644),
                ("hutong-1/z.txt", 0o644),
            ]
    assert digests[0] == digests[1]


def test_the_demos_lock_holds_all_of_the_runtimes(build: ModuleType) -> None:
    runtime, demo = (build.pinned_names(ROOT / "requirements" / f"{name}.txt") for name in ("runtime", "demo"))
    assert runtime < demo
    locks = [(ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8") for name in ("demo", "dev")]
    pins = [{line.split(" ")[0] for line in lock.splitlines() if "==" in line.split(" ")[0]} for lock in locks]
    assert pins[0] <= pins[1], "the demo is tested with the versions that the bundle holds"


@pytest.fixture
def bundle(build: ModuleType, tmp_path: Path) -> Path:
    """A bundle without wheels."""
    folder = tmp_path / "bundle"
    (folder / "wheels").mkdir(parents=True)
    (folder / "install.sh").write_bytes((DEPLOY / "install.sh").read_bytes())
    (folder / "install.sh").chmod(0o755)
    for name in ("runtime.txt", "demo.txt"):
        (folder / name).write_text("")
    build.write_platform(folder / "PLATFORM")
    build.write_sums(folder)
    return folder


def install(bundle: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [bundle / "install.sh", "--python", sys.executable, *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_another_platform_is_refused(bundle: Path, tmp_path: Path) -> None:
    (bundle / "PLATFORM").write_text("cp399 plan9_mips\n")
    done = install(bundle, str(tmp_path / "target"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "this bundle is for cp399 plan9_mips" in done.stderr
    assert not (tmp_path / "target").exists()


def test_a_damaged_bundle_is_refused(bundle: Path, tmp_path: Path) -> None:
    (bundle / "runtime.txt").write_text("something==1.0\n")
    done = install(bundle, str(tmp_path / "target"))
    assert done.returncode == 1
    assert "the bundle is damaged" in done.stderr
    assert not (tmp_path / "target").exists()


def test_an_installation_is_never_overwritten(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "target" / "venv").mkdir(parents=True)
    done = install(bundle, str(tmp_path / "target"))
    assert done.returncode == 1
    assert "exists" in done.stderr


@pytest.mark.parametrize("words", [(), ("a", "b"), ("--nonsense", "a")], ids=["no target", "two targets", "an option"])
def test_a_wrong_call_has_status_2(bundle: Path, words: tuple[str, ...]) -> None:
    assert install(bundle, *words).returncode == 2
