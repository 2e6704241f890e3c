"""The reference page of engines: the settings a manifest gives each, from the code that reads them.

Neighbours: :mod:`hutong.reference` writes the page. An engine or setting without a line here fails the tests.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from connectors.manifest_settings import SETTINGS, Engine, Setting

_HEAD: Final = """# Engines and their settings

What stands below `engine` and `settings` in a [manifest](../manifest.md). A setting that is no secret is written in
place or as `{env: NAME, default: value}`; a secret only by reference, `{secret: "env:NAME"}` or `{secret:
"file:name"}` (below `HUTONG_SECRETS_DIR`). A connection is never told by a URL.
"""
ENGINES: Final[Mapping[Engine, str]] = {
    Engine.POSTGRESQL: "PostgreSQL, and what speaks its protocol. Read-only transactions, statement time-out.",
    Engine.MYSQL: "MariaDB; MySQL lacks what statements need. Read-only sessions; a statement over its time is killed.",
    Engine.SQLITE: "A SQLite file below `HUTONG_SOURCES_DIR`, opened read-only; it may be replaced while the hub runs.",
    Engine.MEMORY: "A CSV file in UTF-8, or a folder of them, held in memory: small reference data.",
    Engine.REST: "A service that is copied into a mirror; queries read the mirror alone. Needs `pull`.",
    Engine.FILES: "Drops of Parquet and CSV files, loaded into DuckDB's memory when complete. Needs `tables`.",
}
MEANINGS: Final[Mapping[str, str]] = {
    "host": "Name or address of the server.",
    "port": "Its port.",
    "database": "The database on it.",
    "user": "Whom the hub logs in as; give this user the right to read, no other.",
    "password": "The user's password.",
    "tls": "`off`, `require` (encrypted) or `verify` (encrypted, with a verified certificate and host name).",
    "pool": "Connections at most.",
    "charset": "`gbk`, if the department promises that all texts are stored so: filters on them are then exact.",
    "path": "The file or folder, below `HUTONG_SOURCES_DIR`.",
    "token": "Sent as bearer.",
    "mirror": "The mirror's file, below `HUTONG_SOURCES_DIR`; one that is there and is no mirror is refused.",
    "mirrorKey": "64 hexadecimal digits: encrypts the mirror's columns of level 3 and 4; needed if any is mapped.",
    "cache": "A folder for copies of CSV files in UTF-8, below `HUTONG_SOURCES_DIR`.",
    "threads": "Threads of DuckDB.",
    "memory": "MB for everything that is loaded.",
}


def engines_page() -> str:
    """The whole page."""
    lines = [_HEAD]
    for engine, about in ENGINES.items():
        lines += _section(engine, about)
    return "\n".join(lines)


def _section(engine: Engine, about: str) -> Iterator[str]:
    yield from (f"## {engine.value}", "", about, "", "| setting | default | meaning |", "| --- | --- | --- |")
    for name, setting in SETTINGS[engine].items():
        yield f"| `{name}` | {_default(setting)} | {MEANINGS[name]}{_range(setting)} |"
    yield ""


def _default(setting: Setting) -> str:
    if setting.default is not None:
        return f"`{setting.default}`"
    return "*needed*" if setting.required else ""


def _range(setting: Setting) -> str:
    return "" if setting.numeric is None else f" {setting.numeric[0]} to {setting.numeric[1]}."
