"""``pull`` and ``maintenance`` of a manifest: YAML nodes -> typed values, every mistake reported by its line.

The grammar (one pull, or a list of them; only for the engine ``rest``)::

    pull:
      path: /gongdan                                   # asked by GET
      table: gongdan                                   # the mirror's table, as the bindings name it
      key: gongdanBianhao                              # rows are replaced by it
      rows: data.list                                  # where an answer has its rows
      total: data.total                                # and, optional, their number
      ok: {code: "0"}                                  # what a good answer says; others are errors
      window: {from: updateBegin, to: updateEnd, column: updateTime, format: "%Y-%m-%d %H:%M:%S",
               start: "2018-01-01 00:00:00", overlap: 10min}
      page: {number: pageNum, size: pageSize, rows: 200}
      rate: 10                                         # requests a second
      every: 5min
    maintenance: {from: "02:00", to: "02:40", zone: Asia/Shanghai}

Which columns are mirrored, sealed and indexed follows from the bindings and the catalogue's labels. Neighbours:
:mod:`connectors.manifest` calls these.
"""

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.codecs.dates import BEIJING
from connectors.contract import Binding
from connectors.maintenance_window import MaintenanceWindow
from connectors.manifest_bindings import joined_by
from connectors.manifest_columns import columns_of, compared_columns, shown_columns, table_of
from connectors.manifest_durations import read_seconds
from connectors.manifest_settings import Engine
from connectors.rest.pull import Paging, Pull, Steps, Window
from connectors.secrets import Secret
from schema.catalog import Catalog
from schema.messages import manifest_files, yaml_files
from schema.yaml_nodes import ListNode, MappingNode, did_you_mean

PROTECTED_LEVEL: Final = 3
"""Columns of fields of this level and above are encrypted in a mirror (D22)."""
_HOUR = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])\Z")
_KEY = re.compile(r"[0-9a-fA-F]{64}\Z")
_PATH = re.compile(r"/[A-Za-z0-9._~/-]*\Z")
_MOST_ROWS, _MOST_REQUESTS = 10_000, 1_000


def read_pulls(
    root: MappingNode,
    engine: Engine | None,
    settings: Mapping[str, Any],
    bindings: Mapping[str, Binding],
    catalog: Catalog,
) -> tuple[Pull, ...]:
    """The pulls under ``pull``; none for other engines. Wrong ones are reported and left out."""
    if engine is not Engine.REST:
        return ()
    node = root.take("pull")
    nodes = node.items if isinstance(node, ListNode) else () if node is None else (node,)
    bodies = [body for item in nodes if (body := item.as_mapping(yaml_files.KEY(key="pull"))) is not None]
    pulls = [pull for body in bodies if (pull := _read_pull(body, bindings, catalog)) is not None]
    if len(pulls) < len(bodies):
        return ()
    tables = [pull.table for pull in pulls]
    for table in dict.fromkeys(table for table in tables if tables.count(table) > 1):
        root.problems.report(root.place_of("pull"), manifest_files.PULLED_TWICE(name=table))
    for binding in bindings.values():
        for table in dict.fromkeys(table for table, _, _ in columns_of(binding) if table not in tables):
            hint = did_you_mean(table, tables)
            root.problems.report(binding.place, manifest_files.PULLED_NEVER(name=table, hint=hint))
    _check_key(root, settings, any(pull.protected for pull in pulls))
    return tuple(pulls)


def read_maintenance(root: MappingNode) -> MaintenanceWindow | None:
    """``{from: "02:00", to: "02:40", zone: Asia/Shanghai}`` under ``maintenance``; absent or reported: ``None``."""
    node = root.find_mapping("maintenance")
    if node is None:
        return None
    begin, end, name = _read_hour(node, "from"), _read_hour(node, "to"), node.take_str("zone")
    node.unknown_keys()
    if begin is None or end is None or name is None:
        return None
    if begin == end:
        node.problems.report(node.place_of("to"), manifest_files.SAME_HOUR())
        return None
    try:
        return MaintenanceWindow(begin=begin, end=end, zone=ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        node.problems.report(node.place_of("zone"), manifest_files.ZONE_UNKNOWN())
        return None


def _read_hour(node: MappingNode, key: str) -> time | None:
    text = node.take_str(key)
    match = None if text is None else _HOUR.match(text)
    if text is not None and match is None:
        node.problems.report(node.place_of(key), manifest_files.HOUR_FORM(key=key))
    return None if match is None else time(int(match[1]), int(match[2]))


def _read_pull(node: MappingNode, bindings: Mapping[str, Binding], catalog: Catalog) -> Pull | None:
    path, table, key = node.take_str("path"), node.take_str("table"), node.take_str("key")
    if path is not None and not _PATH.match(path):
        node.problems.report(node.place_of("path"), manifest_files.PULL_PATH())
        path = None
    if table is not None and not table.isidentifier():
        node.problems.report(node.place_of("table"), manifest_files.PULL_TABLE())
        table = None
    rows, total = node.take_str("rows"), node.find_str("total")
    ok_node, window, page = node.find_mapping("ok"), _read_window(node), _read_page(node)
    ok = (
        {}
        if ok_node is None
        else {_steps(name): spec.as_str(yaml_files.KEY(key=name)) for name, spec in ok_node.entries()}
    )
    rate, every = _read_bounded(node, "rate", _MOST_REQUESTS), read_seconds(node, "every")
    node.unknown_keys()
    if path is None or table is None or key is None or rows is None or window is None or page is None:
        return None
    if rate is None or every is None or None in ok.values():
        return None
    columns, protected = _columns(table, bindings), _protected(table, bindings, catalog)
    _check_protected(node, table, key, protected, bindings)
    return Pull(
        path=path,
        table=table,
        key=key,
        rows=_steps(rows),
        total=None if total is None else _steps(total),
        ok={steps: value for steps, value in ok.items() if value is not None},
        window=window,
        page=page,
        rate=rate,
        every=every,
        columns=tuple(dict.fromkeys((key, *columns))),
        protected=protected,
        indexed=tuple(name for name in _looked_up(table, bindings, catalog) if name not in (key, *protected)),
    )


def _read_window(root: MappingNode) -> Window | None:
    node = root.take_mapping("window")
    if node is None:
        return None
    begin, end, column = node.take_str("from"), node.take_str("to"), node.find_str("column")
    form, start, overlap = node.take_str("format"), node.take_str("start"), read_seconds(node, "overlap")
    node.unknown_keys()
    if begin is None or end is None or form is None or start is None or overlap is None:
        return None
    first = _moment(start, form)
    if first is None:
        node.problems.report(node.place_of("start"), manifest_files.PULL_START())
        return None
    reach = timedelta(seconds=overlap)
    return Window(begin=begin, end=end, format=form, start=first, overlap=reach, column=column)


def _moment(text: str, form: str) -> datetime | None:
    """``text`` by ``form``, which must be able to write any second."""
    try:
        found = datetime.strptime(text, form)
        probe = datetime(2018, 12, 31, 23, 59, 58, tzinfo=found.tzinfo)
        if datetime.strptime(probe.strftime(form), form) != probe:
            return None
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=BEIJING)


def _read_page(root: MappingNode) -> Paging | None:
    node = root.take_mapping("page")
    if node is None:
        return None
    number, size, rows = node.take_str("number"), node.take_str("size"), _read_bounded(node, "rows", _MOST_ROWS)
    node.unknown_keys()
    if number is None or size is None or rows is None:
        return None
    return Paging(number=number, size=size, rows=rows)


def _read_bounded(node: MappingNode, key: str, most: int) -> int | None:
    value = node.take_int(key)
    if value is not None and not 1 <= value <= most:
        node.problems.report(node.place_of(key), manifest_files.NOT_WITHIN(key=key, maximum=most))
        return None
    return value


def _steps(text: str) -> Steps:
    return tuple(text.split("."))


def _columns(table: str, bindings: Mapping[str, Binding]) -> tuple[str, ...]:
    """What any binding reads of ``table``, in the order it is first named."""
    found = (column for binding in bindings.values() for name, column, _ in columns_of(binding) if name == table)
    return tuple(dict.fromkeys(found))


def _protected(table: str, bindings: Mapping[str, Binding], catalog: Catalog) -> frozenset[str]:
    """The columns whose values fields of a high level show."""
    return frozenset(
        column
        for binding in bindings.values()
        for bound in binding.fields.values()
        for name, column in shown_columns(binding, bound)
        if name == table
        and (described := catalog.entities[binding.entity].fields.get(bound.name)) is not None
        and described.label.level >= PROTECTED_LEVEL
    )


def _looked_up(table: str, bindings: Mapping[str, Binding], catalog: Catalog) -> tuple[str, ...]:
    """The columns by which rows are found: of keys, relations, look-ups and row scopes."""
    found: dict[str, None] = {}
    for binding in bindings.values():
        entity = catalog.entities[binding.entity]
        scopes = (path.field for path in entity.scopes.values() if not path.relations)
        for name in (*joined_by(entity, catalog), *entity.lookups, *scopes):
            bound = binding.fields.get(name)
            if bound is not None and bound.columns and table_of(binding, bound.columns[0]) == table:
                found[bound.columns[0].column] = None
    return tuple(found)


def _check_protected(
    node: MappingNode, table: str, key: str, protected: frozenset[str], bindings: Mapping[str, Binding]
) -> None:
    """A sealed value cannot be compared in the mirror: not as a key, and not in joins, conditions or sub-selects."""
    if key in protected:
        node.problems.report(node.place_of("key"), manifest_files.PULL_KEY_PROTECTED(name=key))
    for binding in bindings.values():
        for name, column, place in compared_columns(binding):
            if name == table and column in protected and column != key:
                node.problems.report(place, manifest_files.COLUMN_PROTECTED(name=column))


def _check_key(root: MappingNode, settings: Mapping[str, Any], needed: bool) -> None:
    """``mirrorKey`` is there if any column is sealed, and is a key."""
    secret, problems = settings.get("mirrorKey"), root.problems
    if isinstance(secret, Secret):
        if not _KEY.match(secret.reveal()):
            problems.report(root.place_of("settings"), manifest_files.MIRROR_KEY_FORM())
    elif needed and (given := root.find_mapping("settings")) is not None and given.find("mirrorKey") is None:
        problems.report(given.place, manifest_files.MIRROR_KEY_MISSING())
