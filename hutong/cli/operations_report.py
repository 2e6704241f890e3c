"""What ``hutong operations check`` prints, for people and for programs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from schema.language import Language

if TYPE_CHECKING:
    from hutong.client_documents import ClientDocuments, ClientOperation, Mistake
    from hutong.operations_check import Judgement
    from resolvers.measure import Cost
    from resolvers.readings import Finding

Judged = Sequence[tuple["ClientOperation", Mapping[str, "Judgement"]]]


def report_text(documents: "ClientDocuments", judged: Judged, language: Language) -> str:
    """Mistakes of files first, then every operation with one line per caller and what is not shown clear below it."""
    return "\n".join(_lines(documents, judged, language))


def _lines(documents: "ClientDocuments", judged: Judged, language: Language) -> Iterator[str]:
    yield from (f"error: {mistake}" for mistake in documents.mistakes)
    yield from (f"warning: {warning}" for warning in documents.warnings)
    for operation, by_caller in judged:
        yield f"{operation.place.file}:{operation.place.line} {operation.name}"
        width = max(map(len, by_caller))
        for caller, judgement in by_caller.items():
            yield f"  {caller:<{width}}  {judgement.outcome.value:<8} {_cost_text(judgement.cost)}".rstrip()
            yield from (f"    {line}" for line in _details(judgement, language))


def _details(judgement: "Judgement", language: Language) -> Iterator[str]:
    yield from (f"error: {mistake}" for mistake in judgement.errors)
    yield from (f"over a limit: {mistake}" for mistake in judgement.over)
    places: dict[str, list[str]] = {}
    for finding in judgement.findings:
        places.setdefault(_shown(finding, language), []).append(".".join(finding.path))
    for shown, (first, *others) in places.items():
        more = f" and {len(others)} more" if others else ""
        yield f"{shown}, at {first}{more}"
    yield from (f"warning: {warning}" for warning in judgement.warnings)
    if judgement.unjudged:
        yield f"not judged: what is filtered or sorted by in {', '.join(judgement.unjudged)}"


def _shown(finding: "Finding", language: Language) -> str:
    """``Person.idNumber masked (idNumber) in ALL``, ``Person.name clear in ORGTREE, else null (FIELD_DENIED: ...)``."""
    from authz.decisions import scope_name

    reading, denial = finding.reading, finding.reading.denial
    shown = [
        f"{'clear' if scoped.mask is None else f'masked ({scoped.mask.value})'} in {scope_name(scoped.scope)}"
        for scoped in reading.scopes
    ]
    if denial is not None:
        null = f"null ({denial.public_code}: {denial.extensions.get('reason', denial.told).said(language)})"
        shown.append(f"else {null}" if shown else null)
    return f"{finding.coordinate or ''} {', '.join(shown)}".strip()


def _cost_text(cost: "Cost | None") -> str:
    if cost is None:
        return ""
    rows = f", {cost.rows:,} rows" if cost.rows else ""
    return f"{cost.fields} fields, depth {cost.depth}{rows}"


def report_json(documents: "ClientDocuments", judged: Judged, language: Language) -> str:
    """``{errors, warnings, operations: [{name, file, line, callers: [...]}]}``; see ``docs/frontend.md``."""
    return as_json_text(
        {
            "errors": [_mistake(mistake) for mistake in documents.mistakes],
            "warnings": [_mistake(warning) for warning in documents.warnings],
            "operations": [
                {
                    "name": operation.name,
                    "file": operation.place.file,
                    "line": operation.place.line,
                    "callers": [_judgement(caller, judgement, language) for caller, judgement in by_caller.items()],
                }
                for operation, by_caller in judged
            ],
        }
    )


def _judgement(caller: str, judgement: "Judgement", language: Language) -> dict[str, Any]:
    cost = judgement.cost
    return {
        "as": caller,
        "outcome": judgement.outcome.value,
        "cost": cost
        and {
            "rootFields": cost.root_fields,
            "fields": cost.fields,
            "aliases": cost.aliases,
            "depth": cost.depth,
            "rows": cost.rows,
            "listings": cost.listings,
            "conditions": cost.conditions,
        },
        "errors": [_mistake(mistake) for mistake in judgement.errors],
        "overLimit": [_mistake(mistake) for mistake in judgement.over],
        "warnings": [_mistake(warning) for warning in judgement.warnings],
        "notClear": [_finding(finding, language) for finding in judgement.findings],
        "notJudged": list(judgement.unjudged),
    }


def _finding(finding: "Finding", language: Language) -> dict[str, Any]:
    reading, denial = finding.reading, finding.reading.denial
    return {
        "path": list(finding.path),
        "coordinate": finding.coordinate,
        "read": reading.read.value,
        "scopes": [
            {"rows": sorted(scoped.scope), "mask": scoped.mask and scoped.mask.value} for scoped in reading.scopes
        ],
        "code": denial and denial.public_code,
        "reason": denial and denial.told.said(language),
        "purposes": denial.extensions.get("purposes", []) if denial else [],
    }


def _mistake(mistake: "Mistake") -> dict[str, Any]:
    return {"message": mistake.message, "file": mistake.file, "line": mistake.line, "column": mistake.column}


def as_json_text(value: object) -> str:
    """Indented JSON."""
    import orjson

    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
