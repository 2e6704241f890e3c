"""Manifest -> connector: the one place that knows the engines.

Neighbours: :mod:`connectors.manifest` reads manifests, :mod:`connectors.contract` says what every connector does. A new
engine is a member of `Engine`, a line of `SETTINGS`, a case here and one test class of the conformance suite.
"""

from pathlib import Path
from typing import assert_never

from connectors.contract import Connector, Manifest
from connectors.csv_files import CsvConnector
from connectors.manifest_settings import Engine
from connectors.sql.mysql import MySQLConnector
from connectors.sql.postgresql import PostgresConnector
from connectors.sql.sqlite import SQLiteConnector


def build_connector(manifest: Manifest, *, sqlite_root: Path) -> Connector:
    """The connector of a loaded manifest, not yet open.

    ``sqlite_root``: the folder below which every file of a source must lie (SQLite databases and CSV files).
    """
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
        case _:
            assert_never(engine)
