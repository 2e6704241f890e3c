"""The tables and columns of a source that a binding reads.

Neighbours: :mod:`connectors.manifest_checks` compares them with the live source, :mod:`connectors.manifest_pulls`
mirrors them.
"""

from collections.abc import Iterator
from dataclasses import replace

from connectors.contract import Binding, BoundField, ColumnRef, Join
from schema.catalog import Place


def tables_of(binding: Binding) -> Iterator[tuple[str, Place]]:
    """Every table, and where the manifest says so."""
    yield binding.table, binding.place
    for join in binding.joins.values():
        yield join.table, binding.place
    for field in binding.fields.values():
        if field.sub_select is not None:
            yield field.sub_select.table, field.place


def table_of(binding: Binding, ref: ColumnRef) -> str:
    """The table of a column: the binding's own, or a join's."""
    return binding.joins[ref.table].table if ref.table else binding.table


def columns_of(binding: Binding) -> Iterator[tuple[str, str, Place]]:
    """Every (table, column) the binding reads, and where it says so."""
    for join in binding.joins.values():
        for table, column in columns_of_join(binding, join):
            yield table, column, binding.place
    for condition in binding.conditions:
        yield table_of(binding, condition.column), condition.column.column, binding.place
    for field in (binding.row_key, *binding.fields.values()):
        yield from columns_of_field(binding, field)


def columns_of_join(binding: Binding, join: Join) -> Iterator[tuple[str, str]]:
    """Every (table, column) that a join compares."""
    for here, there in join.on:
        yield table_of(binding, here), here.column
        yield join.table, there
    for condition in join.conditions:
        yield join.table, condition.column.column


def columns_of_field(binding: Binding, field: BoundField) -> Iterator[tuple[str, str, Place]]:
    """Every (table, column) that a field reads, its sub-select's included."""
    for ref in field.columns:
        yield table_of(binding, ref), ref.column, field.place
    if (sub := field.sub_select) is not None:
        for here, there in sub.on:
            yield table_of(binding, here), here.column, field.place
            yield sub.table, there, field.place
        for condition in sub.conditions:
            yield sub.table, condition.column.column, field.place
        for column in sub.columns:
            yield sub.table, column, field.place


def shown_columns(binding: Binding, field: BoundField) -> Iterator[tuple[str, str]]:
    """Every (table, column) of whose values a field is made, its sub-select's included; not those only compared."""
    for ref in field.columns:
        yield table_of(binding, ref), ref.column
    if (sub := field.sub_select) is not None:
        for column in sub.columns:
            yield sub.table, column


def compared_columns(binding: Binding) -> Iterator[tuple[str, str, Place]]:
    """Those of `columns_of` whose raw values the source itself compares or adds up: of the row key, joins, conditions
    and sub-selects.
    """
    computed = {name: field for name, field in binding.fields.items() if field.sub_select is not None}
    return columns_of(replace(binding, fields=computed))
