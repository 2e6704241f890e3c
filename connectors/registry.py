"""Manifest -> connector: the one place that knows the engines.

Neighbours: :mod:`connectors.manifest` reads manifests, :mod:`connectors.contract` says what every connector does. A new
engine is a member of `Engine`, a line of `SETTINGS`, a case here and one test class of the conformance suite.
"""

from pathlib import Path
from typing import assert_never

from connectors.contract import Connector, Manifest, Mirrored
from connectors.csv_files import CsvConnector
from connectors.files.connector import FilesConnector
from connectors.maintenance import Clock, MaintainedConnector, wall_clock
from connectors.manifest_settings import Engine
from connectors.rest.connector import RestConnector
from connectors.sql.mysql import MySQLConnector
from connectors.sql.postgresql import PostgresConnector
from connectors.sql.sqlite import SQLiteConnector


def build_connector(manifest: Manifest, *, sqlite_root: Path, clock: Clock = wall_clock) -> Connector:
    """The connector of a loaded manifest, not yet open.

    ``sqlite_root``: the folder below which every file of a source must lie (databases, CSV files, mirrors, drops).
    ``clock``: what maintenance windows go by.
    """
    connector = _connector(manifest, sqlite_root)
    if manifest.maintenance is None or isinstance(connector, Mirrored):
        return connector
    return MaintainedConnector(connector, manifest.maintenance, clock)


def _connector(manifest: Manifest, sqlite_root: Path) -> Connector:
    engine = Engine(manifest.engine)
    match engine:
        case Engine.POSTGRESQL:
            return PostgresConnector(manifest)
        case Engine.MYSQL:
            return MySQLConnector(manifest)
        case Engine.SQLITE:
            return SQLiteConnector(manifest, sqlite_root)
        case Engine.MEMORY:
            return CsvConnector(manifest, sqlite_root)
        case Engine.REST:
            return RestConnector(manifest, sqlite_root)
        case Engine.FILES:
            return FilesConnector(manifest, sqlite_root)
        case _:
            assert_never(engine)
