"""A plan, and what was fetched for it, as the page's JSON. Holds no value of the caller or of a row.

Neighbours: :mod:`resolvers.plan_tree` and :mod:`resolvers.operation_trace` give both, :mod:`hutong.explorer.routes`
sends them.
"""

from collections.abc import Sequence
from typing import Any, Final

from resolvers.fetch_plan import SourceFetch
from resolvers.operation_trace import OK, FetchRecord, OperationTrace, Stage
from resolvers.plan_tree import PlanItem, plan_tree
from schema.catalog import Catalog, Title
from schema.coordinates import Coordinate, entity_of, member_of
from schema.language import Language

_PLANNING: Final = frozenset({Stage.PARSE, Stage.PLAN, Stage.AUTHORIZE, Stage.PREPARE})


def told_plan(trace: OperationTrace, catalog: Catalog, language: Language) -> list[dict[str, Any]] | None:
    """The plan's items, ``None`` if the operation was refused before there was one; a statement tells in ``runs`` the
    positions of its records in `told_fetches`. Titles (``{zh, en}``) go with steps and decisions whose entity or
    coordinate the catalogue knows.
    """
    if trace.plan is None:
        return None
    return [_item(item, trace.fetches, catalog) for item in plan_tree(trace.plan, language)]


def told_seconds(trace: OperationTrace) -> dict[str, float]:
    """Seconds until there was a plan, and after that."""
    took = {True: 0.0, False: 0.0}
    for span in trace.stages():
        took[span.stage in _PLANNING] += span.ended - span.began
    return {"plan": took[True], "run": took[False]}


def told_fetches(trace: OperationTrace) -> list[dict[str, Any]]:
    """What was sent, in the order in which it ended; times in seconds since the operation began."""
    return [
        {
            **_statement(record.source),
            "started": record.began - trace.began,
            "seconds": record.seconds,
            "keys": record.keys,
            "rows": record.rows,
            "error": None if record.outcome == OK else record.outcome,
        }
        for record in trace.fetches
    ]


def told_title(title: Title) -> dict[str, str]:
    """Both languages."""
    return {"zh": title.zh, "en": title.en}


def _item(item: PlanItem, records: Sequence[FetchRecord], catalog: Catalog) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": item.kind, "text": item.text, "path": item.path}
    if item.decided is not None:
        told["decided"] = item.decided
    if item.coordinate is not None:
        told["coordinate"] = item.coordinate
    if (title := _title(item, catalog)) is not None:
        told["title"] = told_title(title)
    if item.fetch is not None:
        told |= _statement(item.fetch)
        told["runs"] = [n for n, record in enumerate(records) if record.source.prepared is item.fetch.prepared]
    told["below"] = [_item(below, records, catalog) for below in item.below]
    return told


def _statement(source: SourceFetch) -> dict[str, Any]:
    return {"connector": source.connector, "statement": source.prepared.statement}


def _title(item: PlanItem, catalog: Catalog) -> Title | None:
    """Of the field or relation, else of the entity."""
    if item.coordinate is not None:
        coordinate = Coordinate(item.coordinate)
        entity, member = catalog.entities.get(entity_of(coordinate)), member_of(coordinate)
        if entity is not None:
            found = None if member is None else entity.fields.get(member) or entity.relations.get(member)
            return entity.title if found is None else found.title
    entity = catalog.entities.get(item.entity or "")
    return None if entity is None else entity.title
