"""A manifest against its live source, for ``hutong manifest check``: what is wrong, and what would make it better.

Neighbours: :mod:`connectors.manifest` made the manifest; the source is asked through ``Connector.describe`` and, for a
sample of rows, ``Connector.fetch``. The report goes to the department that owns the source: it may show spellings of
coded columns (never of others), and shares of values that cannot be read.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from connectors.contract import (
    Binding,
    BoundField,
    Connector,
    Fetch,
    FetchArguments,
    Join,
    Manifest,
    Mirrored,
    TableDescription,
)
from connectors.errors import ConnectorError
from connectors.manifest_bindings import joined_by
from connectors.manifest_columns import columns_of, columns_of_field, columns_of_join, table_of, tables_of
from schema.catalog import Catalog, Place
from schema.errors import Problem, by_line
from schema.message import Told
from schema.messages import manifest_live
from schema.predicates import ROW_KEY
from schema.yaml_nodes import did_you_mean

_SPELLINGS_SHOWN = 8
_SPELLING_LENGTH = 20
_SECONDS = 10.0
_COPY_SECONDS = 600.0
"""How long the first copy of a mirrored source may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """``problems`` keep bindings from working or rows from being told apart; ``advice``: speed and dirty values.

    Both are in order of line. ``sampled`` says how many rows were read, by entity.
    """

    problems: tuple[Problem, ...]
    advice: tuple[Problem, ...]
    sampled: Mapping[str, int]


class _Report:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.advice: list[Problem] = []
        self.sampled: dict[str, int] = {}

    def wrong(self, place: Place, told: Told) -> None:
        self.problems.append(Problem(place=place, told=told))

    def advise(self, place: Place, told: Told) -> None:
        self.advice.append(Problem(place=place, told=told))

    def done(self) -> CheckReport:
        return CheckReport(problems=by_line(self.problems), advice=by_line(self.advice), sampled=self.sampled)


async def check_source(
    manifest: Manifest, connector: Connector, catalog: Catalog, *, sample: int = 1_000
) -> CheckReport:
    """Compare ``manifest`` with its live source; ``connector`` is open and stays so.

    ``sample`` rows of each binding are read (0: none). A source that does not answer is one problem, not an exception.
    """
    report = _Report()
    try:
        tables = await _describe(manifest, connector)
        if sample > 0 and isinstance(connector, Mirrored):
            deadline = asyncio.get_running_loop().time() + _COPY_SECONDS
            await connector.refresh(float("inf"), deadline)
        for binding in manifest.bindings.values():
            _check_shape(binding, tables, report)
            _check_indexes(binding, tables, catalog, report)
            readable = _readable(binding, tables)
            if sample > 0 and readable is not None:
                await _check_values(readable, tables, connector, sample, report)
    except ConnectorError as error:
        report.wrong(manifest.place, manifest_live.SOURCE_UNCHECKED(reason=error.told, code=error.code))
    return report.done()


async def _describe(manifest: Manifest, connector: Connector) -> Mapping[str, TableDescription]:
    names = {name: None for binding in manifest.bindings.values() for name, _ in tables_of(binding)}
    other_cases = {variant for name in names for variant in (name.lower(), name.upper())}
    return await connector.describe([*names, *sorted(other_cases - names.keys())])


def _readable(binding: Binding, tables: Mapping[str, TableDescription]) -> Binding | None:
    """What of ``binding`` the live source has: fields, joins and conditions; ``None`` without its row key."""

    def live(table: str, column: str) -> bool:
        return table in tables and column in tables[table].columns

    def field_lives(field: BoundField) -> bool:
        return all(ref.table in ("", *joins) for ref in field.columns) and all(
            live(table, column) for table, column, _ in columns_of_field(binding, field)
        )

    joins: dict[str, Join] = {}
    for name, join in binding.joins.items():
        reached = all(here.table in ("", *joins) for here, _ in join.on)
        if reached and all(live(table, column) for table, column in columns_of_join(binding, join)):
            joins[name] = join
    if binding.table not in tables or not field_lives(binding.row_key):
        return None
    return replace(
        binding,
        fields={name: field for name, field in binding.fields.items() if field_lives(field)},
        joins=joins,
        conditions=tuple(
            condition
            for condition in binding.conditions
            if condition.column.table in ("", *joins)
            and live(table_of(binding, condition.column), condition.column.column)
        ),
    )


def _check_shape(binding: Binding, tables: Mapping[str, TableDescription], report: _Report) -> None:
    """Tables and columns are there, and the row key is the primary key."""
    for table, place in tables_of(binding):
        if table not in tables:
            hint = did_you_mean(table, tables)
            report.wrong(place, manifest_live.LIVE_TABLE_MISSING(name=table, hint=hint))
    for table, column, place in columns_of(binding):
        if table in tables and column not in tables[table].columns:
            hint = did_you_mean(column, tables[table].columns)
            report.wrong(place, manifest_live.LIVE_COLUMN_MISSING(name=table, other=column, hint=hint))


def _check_indexes(binding: Binding, tables: Mapping[str, TableDescription], catalog: Catalog, report: _Report) -> None:
    """Columns by which rows are looked up should lead an index."""
    entity = catalog.entities[binding.entity]
    looked_up = {*joined_by(entity, catalog), *entity.lookups}
    wanted = [
        (table_of(binding, ref), ref.column, field.place)
        for name in sorted(looked_up)
        if (field := binding.fields.get(name)) is not None
        for ref in field.columns[:1]
    ]
    wanted += [(join.table, join.on[0][1], binding.place) for join in binding.joins.values() if join.on]
    wanted += [
        (field.sub_select.table, field.sub_select.on[0][1], field.place)
        for field in binding.fields.values()
        if field.sub_select is not None
    ]
    for table, column, place in wanted:
        live = tables.get(table)
        if live is None or column not in live.columns:
            continue
        if not any(index[:1] == (column,) for index in (live.primary_key, *live.indexes)):
            report.advise(place, manifest_live.INDEX_MISSING(name=table, other=column))


async def _check_values(
    binding: Binding, tables: Mapping[str, TableDescription], connector: Connector, sample: int, report: _Report
) -> None:
    """Read a sample: repeated row keys, values that cannot be decoded, code spellings without a mapping."""
    names = (ROW_KEY, *binding.fields)
    prepared = connector.prepare(Fetch(binding=binding, projection=names, limited=True))
    deadline = asyncio.get_running_loop().time() + _SECONDS
    rows = await connector.fetch(prepared, FetchArguments(parameters=(), deadline=deadline, limit=sample))
    report.sampled[binding.entity] = len(rows)

    def raw_of(name: str) -> list[tuple[object, ...]]:
        column = prepared.columns[name]
        return [tuple(row[column.start : column.start + column.codec.arity]) for row in rows]

    _check_row_key(binding, tables[binding.table], raw_of(ROW_KEY), report)
    for field in binding.fields.values():
        _check_field(replace(field, codec=prepared.columns[field.name].codec), raw_of(field.name), report)


def _check_row_key(
    binding: Binding, live: TableDescription, values: Sequence[tuple[object, ...]], report: _Report
) -> None:
    place, columns = binding.row_key.place, tuple(ref.column for ref in binding.row_key.columns)
    keys = [binding.row_key.codec.decode(*raw) for raw in values]
    nulls, repeated = keys.count(None), len(keys) - len(set(keys))
    if nulls:
        report.wrong(place, manifest_live.ROW_KEY_NULL(count=nulls, total=len(keys)))
    elif repeated:
        report.wrong(place, manifest_live.ROW_KEY_REPEATED(count=repeated, total=len(keys)))
    elif live.primary_key and columns != live.primary_key:
        report.advise(place, manifest_live.ROW_KEY_NOT_PRIMARY(names=live.primary_key))


def _check_field(field: BoundField, values: Sequence[tuple[object, ...]], report: _Report) -> None:
    present = [raw for raw in values if any(value is not None for value in raw)]
    defects = Counter(defect for raw in present if (defect := field.codec.quality(*raw)) is not None)
    for defect, count in sorted(defects.items()):
        share = f"{100 * count / len(present):.1f} %"
        told = manifest_live.DEFECTS_FOUND(name=field.name, code=defect, count=count, total=len(present), share=share)
        report.advise(field.place, told)
    if field.codec.name not in ("code", "alias"):
        return
    unmapped = Counter(str(raw[0]) for raw in present if raw != ("",) and field.codec.decode(*raw) is None)
    if unmapped:
        shown = tuple(f'"{s[:_SPELLING_LENGTH]}" ({n})' for s, n in unmapped.most_common(_SPELLINGS_SHOWN))
        more = len(unmapped) - len(shown)
        rest = (manifest_live.AND_MORE(count=more),) if more else ()
        report.advise(field.place, manifest_live.SPELLINGS_UNMAPPED(name=field.name, names=shown, hint=rest))
