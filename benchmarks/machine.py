"""What the figures depend on besides the code."""

import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.peers import PeersMissing, versions

_PACKAGES = (
    "uvicorn",
    "uvloop",
    "httptools",
    "starlette",
    "strawberry-graphql",
    "graphql-core",
    "sqlalchemy",
    "asyncpg",
    "asyncmy",
    "duckdb",
    "orjson",
)


def machine_facts(postgresql: str) -> dict[str, Any]:
    """Processor, system and versions; ``postgresql`` is the version of the first suite's server."""
    try:
        peers = versions()
    except PeersMissing:
        peers = {}
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": sys.version.split()[0],
        "postgresql": postgresql,
        **{package: version(package) for package in _PACKAGES},
        **peers,
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()
