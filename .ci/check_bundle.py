"""Installs the newest bundle in a clean folder and checks the demo there, with the network cut.

As root the commands run in a network namespace that has loopback alone; else with every proxy set to a dead port and
pip forbidden to ask an index.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOOPBACK_UP = """
import fcntl, os, socket, struct, sys
flags = struct.pack("16sH14s", b"lo", 0x1 | 0x40, b"")  # IFF_UP, IFF_RUNNING
fcntl.ioctl(socket.socket(socket.AF_INET, socket.SOCK_DGRAM), 0x8914, flags)  # SIOCSIFFLAGS
os.execvp(sys.argv[1], sys.argv[1:])
"""
UNREACHABLE = """
import socket, sys
try:
    socket.create_connection(("192.0.2.1", 443), timeout=3)
except OSError as error:
    print(type(error).__name__, error.strerror or "timed out")
else:
    sys.exit("the network is not cut")
"""
DEAD = "http://127.0.0.1:9"


def main() -> None:
    """Exit status 0 when the bundle installs and its demo answers as it should."""
    bundles = sorted((ROOT / "build" / "bundle").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not bundles:
        sys.exit("there is no bundle in build/bundle: say make bundle")
    cut = network_cut()
    with tempfile.TemporaryDirectory(prefix="hutong-bundle-check-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as another user when root starts the demo
        with tarfile.open(bundles[-1]) as archive:
            archive.extractall(folder, filter="data")
        (unpacked,) = folder.iterdir()
        target = folder / "installed"
        began = time.monotonic()
        run(*cut, unpacked / "install.sh", "--demo", "--python", sys.executable, target, cwd=folder)
        say("installed", f"{time.monotonic() - began:.0f} s, {'network namespace' if cut else 'dead proxies'}")
        shutil.rmtree(unpacked)
        python = target / "venv" / "bin" / "python"
        if cut:
            say("cut", run(*cut, python, "-c", UNREACHABLE, cwd=target).strip())
        began = time.monotonic()
        lines = run(*cut, python, "-m", "demo.check", cwd=target).splitlines()
        say("demo-check", f"{lines[-1]}, {time.monotonic() - began:.0f} s")


def network_cut() -> tuple[str, ...]:
    """What goes before a command so that it sees loopback alone; nothing where that cannot be had."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        return ()
    cut = ("unshare", "--net", sys.executable, "-c", LOOPBACK_UP)
    tried = subprocess.run([*cut, "true"], capture_output=True, check=False)
    return cut if tried.returncode == 0 else ()


def run(*command: str | Path, cwd: Path) -> str:
    """Standard output of a command; ends the check when it fails. This tree's code is not on its path."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUTONG_", "PYTHON", "PIP_"))}
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), DEAD)
    environment = {**kept, **proxies, "PIP_NO_INDEX": "1", "no_proxy": "127.0.0.1,localhost"}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def say(step: str, text: str) -> None:
    """One line of progress."""
    print(f"{step:<10} {text}", flush=True)


if __name__ == "__main__":
    main()
