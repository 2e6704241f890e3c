"""The generated city in real engines, and hubs over them: S1 and S5 in MariaDB or SQLite, S2 and S4 in PostgreSQL, S3
in SQLite, S6 in files, the hotline in its mirror.

Tests are plain functions that run coroutines on one loop, because pools of connections live as long as their loop. The
data is what the property tests hold in memory, so hubs in memory stand beside these.
"""

import asyncio
import os
import secrets
import shutil
from collections.abc import Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest

from authz.subjects import Subject
from connectors.contract import Connector, Manifest, Mirrored
from connectors.csv_files import CsvConnector
from connectors.files.connector import FilesConnector
from connectors.rest.connector import RestConnector
from connectors.sql.connector import OnStatement
from connectors.sql.mysql import MySQLConnector
from connectors.sql.postgresql import PostgresConnector
from connectors.sql.sqlite import SQLiteConnector
from demo.sources.mariadb import MariaDBServer
from demo.sources.postgresql_server import ServerNotStartedError
from demo.sources.runtime import RunningSources, remove_sources, start_sources
from resolvers.operation import OperationResult
from tests.engines import absent
from tests.properties.generated_city import DUES_SINCE, SCALE, Hub, manifests, memory_connectors
from tests.properties.operations import Operation
from tests.resolvers.questions import Wrapped

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Departments:
    """The running databases, and the folder below which their files lie."""

    folder: Path
    sources: RunningSources
    has_mariadb: bool


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Site:
    """A hub with its loop. ``engine``: that of S1 and S5. ``statements``: (connector, SQL) as sent, in order.

    ``known``: answers that `answer` has given.
    """

    hub: Hub
    runner: asyncio.Runner
    statements: list[tuple[str, str]]
    engine: str = "memory"
    known: dict[tuple[str, str, str], OperationResult] = field(default_factory=dict)

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run ``work`` on the loop that the hub's connections live in."""
        return self.runner.run(work)

    def answer(self, subject: Subject, operation: Operation) -> OperationResult:
        """The hub's answer, computed once: several tests compare with what memory says."""
        key = (subject.id, operation.document, repr(operation.variables))
        if key not in self.known:
            self.known[key] = self.run(self.hub.ask(subject, operation.document, operation.variables))
        return self.known[key]


class Ageless(Wrapped):
    """Does not tell its age, which rows in memory have not."""

    async def as_of(self) -> str | None:
        """Unknown."""
        return None


@pytest.fixture(scope="session")
def departments(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Departments]:
    """The databases, loaded once for a process and removed with it."""
    folder = tmp_path_factory.mktemp("departments").resolve()
    has_mariadb = MariaDBServer.from_environment().answers()
    database = f"hutong_test_{os.getpid()}_{secrets.token_hex(4)}"
    try:
        sources = start_sources(
            folder,
            SCALE,
            engine_s1="mysql" if has_mariadb else "sqlite",
            s1_database=database,
            s1_sqlite_copy=True,
            s5_sqlite_copy=True,
        )
    except (ServerNotStartedError, ModuleNotFoundError):
        absent("PostgreSQL", required=True)
    try:
        with sources.raw_connection("s2") as connection:
            connection.execute("DELETE FROM dues_payment WHERE month < %s", (DUES_SINCE,))
        yield Departments(folder=folder, sources=sources, has_mariadb=has_mariadb)
    finally:
        sources.stop()
        remove_sources(folder, s1_database=database)


@pytest.fixture(scope="session", params=[pytest.param("mariadb", marks=pytest.mark.mariadb), "sqlite"])
def site(request: pytest.FixtureRequest, departments: Departments) -> Iterator[Site]:
    """A hub over real engines; the parameter is that of S1 and S5."""
    if request.param == "mariadb" and not departments.has_mariadb:
        absent("MariaDB", required=shutil.which("mariadbd") is not None)
    statements: list[tuple[str, str]] = []
    described = described_sources(departments, request.param)
    found = connectors(departments, described, lambda name, sql: statements.append((name, sql)))
    with asyncio.Runner() as runner:
        runner.run(filled(found))
        yield Site(hub=Hub(found, described), runner=runner, statements=statements, engine=request.param)
        for connector in found.values():
            runner.run(connector.close())


@pytest.fixture(scope="session")
def memory() -> Iterator[Site]:
    """The hub over the same rows in memory."""
    with asyncio.Runner() as runner:
        yield Site(hub=Hub(memory_connectors()), runner=runner, statements=[])


async def filled(found: Mapping[str, Connector]) -> None:
    """Read the files and copy the service, which the first question would otherwise do."""
    for connector in found.values():
        if isinstance(connector, Ageless):
            await connector.open()
            if isinstance(connector.inner, Mirrored):
                await connector.inner.refresh(3_600, asyncio.get_running_loop().time() + 60)


def described_sources(departments: Departments, engine: str) -> dict[str, Manifest]:
    """The manifests with the settings of the running sources; ``engine`` is that of S1 and S5."""
    settings = dict(departments.sources.connections)
    if engine == "sqlite":
        settings["s1"] = {"engine": "sqlite", "path": departments.sources.s1_sqlite}
        settings["s5"] = {"engine": "sqlite", "path": departments.sources.s5_sqlite}
    environment = {
        f"HUTONG_{source.upper()}_{name.upper()}": _shown(value, departments.folder)
        for source, known in settings.items()
        for name, value in known.items()
    }
    environment["HUTONG_HUB_PATH"] = _shown(departments.sources.divisions, departments.folder)
    environment["HUTONG_HOTLINE_MIRROR"] = f"mirrors/{engine}.db"
    return manifests(environment, files_root=departments.folder)


def _shown(value: object, folder: Path) -> str:
    path = Path(str(value))
    return str(path.relative_to(folder)) if path.is_absolute() and path.is_relative_to(folder) else str(value)


def connectors(
    departments: Departments, described: Mapping[str, Manifest], on_statement: OnStatement
) -> dict[str, Connector]:
    """Connectors of the manifests, telling each statement."""
    found: dict[str, Connector] = {}
    for name, manifest in described.items():
        match manifest.engine:
            case "mysql":
                found[name] = MySQLConnector(manifest, on_statement=on_statement)
            case "postgresql":
                found[name] = PostgresConnector(manifest, on_statement=on_statement)
            case "sqlite":
                found[name] = SQLiteConnector(manifest, departments.folder, on_statement=on_statement)
            case "files":
                found[name] = Ageless(FilesConnector(manifest, departments.folder, on_statement=on_statement))
            case "rest":
                found[name] = Ageless(RestConnector(manifest, departments.folder, on_statement=on_statement))
            case _:
                found[name] = CsvConnector(manifest, departments.folder)
    return found
