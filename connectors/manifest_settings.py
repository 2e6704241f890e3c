"""Connector settings of a manifest: fields, never a URL; values in place or from the environment; secrets by reference.

Neighbours: :mod:`connectors.manifest` calls ``read_engine`` and ``read_settings``; engines take the result:

=================  ==================================================================================
engine             settings after loading
=================  ==================================================================================
postgresql, mysql  ``host`` ``database`` ``user``: str; ``port`` ``pool``: int; ``tls``: `Tls`;
                   ``password``: `Secret` or None; mysql also ``charset``: `Charset` or None
sqlite             ``path``: str, below the folder the hub allows; ``pool``: int
memory             ``path``: str, a CSV file or a folder of them, below the same folder
rest               ``host``: str; ``port``: int; ``tls``: `Tls`; ``token``: `Secret` or None, sent as bearer;
                   ``mirror``: str, a file below the same folder; ``mirrorKey``: `Secret` or None
files              ``path``: str, a folder of drops below the same folder; ``cache``: str, another, for copies of
                   CSV files; ``pool`` ``threads``: int; ``memory``: int, MB for everything that is loaded;
                   ``tables``: see :mod:`connectors.files.tables`
=================  ==================================================================================
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from connectors.secrets import Secret, resolve_secret
from schema.message import Told, Unusable
from schema.messages import manifest_files, yaml_files
from schema.yaml_nodes import MappingNode, Node, ScalarNode, did_you_mean


class Engine(StrEnum):
    """The engines a manifest can name."""

    POSTGRESQL = "postgresql"
    MYSQL = "mysql"
    SQLITE = "sqlite"
    MEMORY = "memory"
    REST = "rest"
    FILES = "files"


class Tls(StrEnum):
    """Encryption of the connection: none, required, required with a verified certificate and host name."""

    OFF = "off"
    REQUIRE = "require"
    VERIFY = "verify"


class Charset(StrEnum):
    """What all texts of a MariaDB source are stored in, if the department promises: filters on them are then exact."""

    GBK = "gbk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of an engine; ``default`` None and ``required`` False: may be absent."""

    required: bool = False
    default: str | None = None
    numeric: tuple[int, int] | None = None
    secret: bool = False
    choices: type[StrEnum] | None = None


def _server(port: str) -> Mapping[str, Setting]:
    return {
        "host": Setting(required=True),
        "port": Setting(default=port, numeric=(1, 65_535)),
        "database": Setting(required=True),
        "user": Setting(required=True),
        "password": Setting(secret=True),
        "tls": Setting(default=Tls.OFF.value, choices=Tls),
        "pool": Setting(default="5", numeric=(1, 100)),
    }


SETTINGS: Mapping[Engine, Mapping[str, Setting]] = {
    Engine.POSTGRESQL: _server("5432"),
    Engine.MYSQL: {**_server("3306"), "charset": Setting(choices=Charset)},
    Engine.SQLITE: {"path": Setting(required=True), "pool": Setting(default="4", numeric=(1, 100))},
    Engine.MEMORY: {"path": Setting(required=True)},
    Engine.REST: {
        "host": Setting(required=True),
        "port": Setting(default="443", numeric=(1, 65_535)),
        "tls": Setting(default=Tls.VERIFY.value, choices=Tls),
        "token": Setting(secret=True),
        "mirror": Setting(required=True),
        "mirrorKey": Setting(secret=True),
    },
    Engine.FILES: {
        "path": Setting(required=True),
        "cache": Setting(required=True),
        "pool": Setting(default="4", numeric=(1, 100)),
        "threads": Setting(default="2", numeric=(1, 64)),
        "memory": Setting(default="1024", numeric=(64, 1_048_576)),
    },
}
_ALL_SETTINGS: Mapping[str, Setting] = {name: s for by_name in SETTINGS.values() for name, s in by_name.items()}
_URL_WORDS = frozenset({"url", "uri", "dsn", "connection", "connectionString", "connection_string"})
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where references lead: the environment, and the folders below which secret files and tables of names lie."""

    environment: Mapping[str, str]
    secrets_root: Path
    files_root: Path | None = None


def read_engine(root: MappingNode, around: Surroundings) -> Engine | None:
    """The engine under ``engine``; ``None``: reported."""
    node = root.take("engine")
    text = None if node is None else _text(node, "engine", around)
    if node is None or text is None:
        return None
    names = tuple(engine.value for engine in Engine)
    if text in names:
        return Engine(text)
    node.problems.report(node.place, _no_engine(node, names))
    return None


def _no_engine(node: Node, names: tuple[str, ...]) -> Told:
    """What is wrong with the name of an engine; it is shown only where it stands in the manifest itself."""
    if not isinstance(node, ScalarNode):
        return manifest_files.ENGINE_UNKNOWN(names=names)
    what, hint = yaml_files.KEY(key="engine"), did_you_mean(node.text, names)
    return yaml_files.MUST_BE_ONE_OF(what=what, names=names, found=node.shown, hint=hint)


def read_settings(root: MappingNode, engine: Engine | None, around: Surroundings) -> Mapping[str, Any]:
    """The settings of ``engine`` under ``settings``, typed, defaults filled in.

    Settings of other engines may stand beside them (the engine itself may come from the environment) and are not
    resolved. Every mistake is reported; then the answer is not to be used.
    """
    settings = root.take_mapping("settings")
    if settings is None:
        return {}
    if engine is not None and not isinstance(root.find("engine"), MappingNode):
        known = SETTINGS[engine]
    else:
        known = _ALL_SETTINGS
    values: dict[str, Any] = {}
    for name in known:
        node = settings.find(name)
        if engine is None or name not in SETTINGS[engine]:
            continue
        values[name] = _setting(settings, node, name, SETTINGS[engine][name], around)
    for word in _URL_WORDS & settings.values.keys():
        settings.find(word)
        settings.problems.report(settings.place_of(word), manifest_files.NEVER_A_URL(names=tuple(known)))
    settings.unknown_keys()
    return values


def _setting(settings: MappingNode, node: Node | None, name: str, setting: Setting, around: Surroundings) -> Any:
    problems = settings.problems
    if node is None:
        if setting.required:
            problems.report(settings.place_of(name), manifest_files.SETTING_MISSING(key=name))
        text = setting.default
    elif setting.secret:
        return _secret(node, name, around)
    else:
        text = _text(node, name, around)
    if text is None:
        return None
    place = settings.place_of(name)
    if setting.choices is not None:
        choices = tuple(choice.value for choice in setting.choices)
        if text in choices:
            return setting.choices(text)
        hint = did_you_mean(text, choices)
        problems.report(place, manifest_files.SETTING_NOT_ONE_OF(key=name, names=choices, hint=hint))
        return None
    if setting.numeric is not None:
        low, high = setting.numeric
        if text.isascii() and text.isdecimal() and len(text) < 10 and low <= int(text) <= high:
            return int(text)
        problems.report(place, manifest_files.SETTING_NOT_WITHIN(key=name, minimum=low, maximum=high))
        return None
    if _URL.match(text) or not text.isprintable():
        problems.report(place, manifest_files.SETTING_NOT_PLAIN(key=name))
        return None
    return text


def _text(node: Node, name: str, around: Surroundings) -> str | None:
    """Text in place, or ``{env: NAME}`` with an optional ``default``."""
    if not isinstance(node, MappingNode):
        return node.as_str(yaml_files.KEY(key=name))
    if "secret" in node.values:
        node.problems.report(node.place, manifest_files.SETTING_NO_SECRET(key=name))
        return None
    variable, default = node.take_str("env"), node.find_str("default")
    node.unknown_keys()
    if variable is None:
        return None
    value = around.environment.get(variable) or default
    if value is None:
        node.problems.report(node.place, manifest_files.SETTING_VARIABLE_UNSET(key=name, variable=variable))
    return value


def _secret(node: Node, name: str, around: Surroundings) -> Secret | None:
    if isinstance(node, ScalarNode) or not isinstance(node, MappingNode) or "secret" not in node.values:
        node.problems.report(node.place, manifest_files.SECRET_IN_PLACE(key=name))
        return None
    reference = node.take_str("secret")
    node.unknown_keys()
    if reference is None:
        return None
    try:
        return resolve_secret(reference, environment=around.environment, root=around.secrets_root)
    except Unusable as refused:
        node.problems.report(node.place, manifest_files.SETTING_REFUSED(key=name, reason=refused.told))
        return None
