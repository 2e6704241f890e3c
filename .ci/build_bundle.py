"""Builds the bundle for a machine without a network: ``build/bundle/hutong-<version>-<python>-<platform>.tar.gz``.

In it: the wheel of this tree and every locked wheel of runtime and demo for this platform, requirement lists with the
hashes of exactly these files, the demo's folder, ``deploy/``, the documentation if it was built, ``install.sh``, a list
of licences and ``SHA256SUMS``. Equal inputs give equal bytes: names in order, no owner, one date.
"""

import email.parser
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = ROOT / "build" / "bundle"
FIRST_DATE = 1_577_836_800
"""2020-01-01: the date of everything in the bundle, unless ``SOURCE_DATE_EPOCH`` says another."""
LEFT_OUT = ("__pycache__",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """A wheel and what its metadata say; ``name`` is normalised."""

    path: Path
    name: str
    version: str
    licence: str
    digest: str


def main() -> None:
    """Build the bundle; its path is the last line."""
    with tempfile.TemporaryDirectory(prefix="hutong-bundle-") as name:
        folder = Path(name)
        wheels = folder / "wheels"
        own = build_wheel(wheels)
        collect_wheels(ROOT / "requirements" / "demo.txt", wheels)
        found = {wheel.name: wheel for wheel in map(read_wheel, sorted(wheels.glob("*.whl")))}
        runtime = pinned_names(ROOT / "requirements" / "runtime.txt")
        write_requirements(folder / "runtime.txt", [w for n, w in found.items() if n in runtime or w.path == own])
        write_requirements(folder / "demo.txt", list(found.values()))
        write_licences(folder / "LICENCES.tsv", list(found.values()))
        copy_tree(ROOT / "demo", folder / "demo")
        copy_tree(ROOT / "deploy", folder / "deploy")
        if (site := ROOT / "build" / "docs").is_dir():
            copy_tree(site, folder / "docs")
        shutil.copy(ROOT / "LICENSE", folder / "LICENSE")
        shutil.move(folder / "deploy" / "install.sh", folder / "install.sh")
        write_platform(folder / "PLATFORM")
        write_sums(folder)
        title = f"hutong-{found['hutong'].version}-{python_tag()}-{platform_tag()}"
        OUTPUT.mkdir(parents=True, exist_ok=True)
        archive = OUTPUT / f"{title}.tar.gz"
        pack(folder, archive, title)
    sums = archive.with_name(f"{archive.name}.sha256")
    sums.write_text(f"{digest_of(archive)}  {archive.name}\n", encoding="ascii")
    print(f"{len(found)} wheels, {archive.stat().st_size / 1e6:.0f} MB", flush=True)
    print(archive, flush=True)


def build_wheel(folder: Path) -> Path:
    """The wheel of this tree."""
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    (wheel,) = folder.glob("*.whl")
    return wheel


def collect_wheels(requirements: Path, folder: Path) -> None:
    """Every locked package that this platform needs, verified by the lock's hashes, as a wheel."""
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps")
    run(*pip, "--require-hashes", "--requirement", requirements, "--wheel-dir", folder)


def read_wheel(path: Path) -> Wheel:
    """What is known of a wheel. Raises ``ValueError`` for a file without metadata."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)]
        if len(names) != 1:
            raise ValueError(f"{path.name} holds no metadata")
        metadata = email.parser.HeaderParser().parsestr(archive.read(names[0]).decode("utf-8"))
    classifiers = [c.rpartition(" :: ")[2] for c in metadata.get_all("Classifier", []) if c.startswith("License ::")]
    text = metadata.get("License-Expression") or " / ".join(classifiers) or metadata.get("License") or "not stated"
    return Wheel(
        path=path,
        name=normalised(metadata["Name"]),
        version=metadata["Version"],
        licence=" ".join(text.split())[:100],
        digest=digest_of(path),
    )


def pinned_names(requirements: Path) -> frozenset[str]:
    """The packages that a lock file pins."""
    lines = requirements.read_text(encoding="utf-8").splitlines()
    return frozenset(normalised(found[1]) for line in lines if (found := re.match(r"([A-Za-z0-9._-]+)==", line)))


def normalised(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def write_requirements(file: Path, wheels: list[Wheel]) -> None:
    """Versions with the hashes of the wheels in the bundle."""
    lines = (f"{wheel.name}=={wheel.version} --hash=sha256:{wheel.digest}\n" for wheel in wheels)
    file.write_text("".join(lines), encoding="ascii")


def write_licences(file: Path, wheels: list[Wheel]) -> None:
    """Name, version and licence of every wheel, as its metadata state it; the texts lie in the wheels."""
    lines = (f"{wheel.name}\t{wheel.version}\t{wheel.licence}\n" for wheel in wheels)
    file.write_text("name\tversion\tlicence\n" + "".join(lines), encoding="utf-8")


def write_platform(file: Path) -> None:
    """What ``install.sh`` compares the machine's Python with."""
    file.write_text(f"{python_tag()} {platform_tag()}\n", encoding="ascii")


def python_tag() -> str:
    """``cp311``."""
    return f"cp{sys.version_info.major}{sys.version_info.minor}"


def platform_tag() -> str:
    """``linux_x86_64``."""
    return re.sub(r"[-.]", "_", sysconfig.get_platform())


def copy_tree(source: Path, target: Path) -> None:
    """A folder without what Python leaves in it."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(*LEFT_OUT))


def files_of(folder: Path) -> Iterator[Path]:
    """Every file below ``folder``, in order of its name."""
    return iter(sorted(path for path in folder.rglob("*") if path.is_file()))


def write_sums(folder: Path) -> None:
    """``SHA256SUMS`` over every other file, as ``sha256sum --check`` reads it."""
    lines = [f"{digest_of(file)}  {file.relative_to(folder).as_posix()}\n" for file in files_of(folder)]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def digest_of(path: Path) -> str:
    """Hex SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pack(folder: Path, archive: Path, title: str) -> None:
    """``folder`` as ``title/`` in a compressed tar whose bytes depend on names and contents alone."""
    date = int(os.environ.get("SOURCE_DATE_EPOCH", FIRST_DATE))

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        member.mtime = date
        member.mode = 0o755 if member.name.endswith(".sh") else 0o644
        return member

    with (
        archive.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=date, compresslevel=1) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for file in files_of(folder):
            tar.add(file, f"{title}/{file.relative_to(folder).as_posix()}", filter=plain)


def run(*command: str | Path) -> None:
    """Run a command; its failure ends the build."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
