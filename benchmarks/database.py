"""Loads the data set into the two databases, once: a mark in the data tells whether it is already there.

Neighbours: rows from :mod:`benchmarks.dataset`, a cluster from :mod:`benchmarks.postgresql`.
"""

import hashlib
from pathlib import Path

import asyncpg

from benchmarks import dataset
from benchmarks.postgresql import Cluster


async def ensure_databases(cluster: Cluster, members: int) -> tuple[str, str]:
    """URLs of databases ``a`` and ``b`` holding the data for ``members``; loads them when missing or out of date."""
    mark = _code_mark()
    names = (f"bench_a_{members}", f"bench_b_{members}")
    if not await _is_loaded(cluster, names, mark):
        rows = dataset.build_dataset(members)
        await _load(cluster, names[0], dataset.SCHEMA_A, rows.a, dataset.INDEXES_A, mark)
        await _load(cluster, names[1], dataset.SCHEMA_B, rows.b, dataset.INDEXES_B, mark)
    return cluster.dsn(names[0]), cluster.dsn(names[1])


def _code_mark() -> str:
    """Changes with the code that makes the data."""
    return hashlib.sha256(Path(dataset.__file__).read_bytes()).hexdigest()


async def _is_loaded(cluster: Cluster, names: tuple[str, str], mark: str) -> bool:
    admin = await asyncpg.connect(cluster.dsn("postgres"))
    try:
        marks = await admin.fetch(
            "SELECT shobj_description(oid, 'pg_database') AS mark FROM pg_database WHERE datname = ANY($1)", names
        )
    finally:
        await admin.close()
    return [row["mark"] for row in marks] == [mark, mark]


async def _load(
    cluster: Cluster, name: str, schema: str, tables: dict[str, dataset.Rows], indexes: str, mark: str
) -> None:
    admin = await asyncpg.connect(cluster.dsn("postgres"))
    try:
        await admin.execute(f"DROP DATABASE IF EXISTS {name}")
        await admin.execute(f"CREATE DATABASE {name}")
        database = await asyncpg.connect(cluster.dsn(name))
        try:
            await database.execute(schema)
            for table, rows in tables.items():
                await database.copy_records_to_table(table, records=rows)
            await database.execute(indexes)
            await database.execute("VACUUM (ANALYZE)")
            await database.execute("CHECKPOINT")
        finally:
            await database.close()
        await admin.execute(f"COMMENT ON DATABASE {name} IS '{mark}'")
    finally:
        await admin.close()
