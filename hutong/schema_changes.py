"""What changed between two versions of the GraphQL contract, and whether operations written for the old one still run.

Neighbours: ``hutong schema diff`` prints it; ``make schema-check`` compares the schema with that of the last release,
``schema/released.graphql``, and asks ``CHANGELOG.md`` to name what breaks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    is_introspection_type,
)
from graphql.utilities.find_schema_changes import (
    BreakingChange,
    BreakingChangeType,
    DangerousChange,
    SafeChangeType,
    SchemaChange,
    find_schema_changes,
)

_REMOVALS = frozenset(
    {
        BreakingChangeType.TYPE_REMOVED,
        BreakingChangeType.FIELD_REMOVED,
        BreakingChangeType.ARG_REMOVED,
        BreakingChangeType.VALUE_REMOVED_FROM_ENUM,
    }
)
_QUALIFIED = re.compile(r"@\w+(?:\(\w+:\))?|\b\w+\.\w+(?:\(\w+:\))?")
_UNION = re.compile(r"union type (\w+)\.")
_SCALAR = re.compile(r"Standard scalar (\w+)")
_UNRELEASED = re.compile(r"^## \[Unreleased\]$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BREAKING = re.compile(r"^### Breaking$(.*?)(?=^### |\Z)", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`]+)`")


class Severity(StrEnum):
    """What a change means for operations written before it."""

    BREAKING = "breaking"
    """Some no longer run, or a client no longer understands the answer."""
    DANGEROUS = "dangerous"
    """All still run; a client that takes a set for closed may be surprised."""
    SAFE = "safe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change. ``kind``: as graphql-js calls it, or ``DEPRECATED``, ``ONE_OF_ADDED``. ``coordinate``: a schema
    coordinate (``PartyMember.joinedOn``, ``Query.partyMember(memberNo:)``). ``deprecated``: of a removal, whether the
    old version had announced it; else ``None``.
    """

    severity: Severity
    kind: str
    coordinate: str
    description: str
    deprecated: bool | None = None


def compare_schemas(old: GraphQLSchema, new: GraphQLSchema) -> tuple[Change, ...]:
    """Every change but those of descriptions, the gravest first, then by coordinate."""
    announced = dict(_deprecations(old))
    changes = [
        _change(found, announced)
        for found in find_schema_changes(old, new)
        if found.type is not SafeChangeType.DESCRIPTION_CHANGED
    ]
    changes += [
        Change(
            severity=Severity.SAFE,
            kind="DEPRECATED",
            coordinate=coordinate,
            description=f"{coordinate} was deprecated. {reason}",
        )
        for coordinate, reason in _deprecations(new)
        if coordinate not in announced
    ]
    changes += [
        Change(
            severity=Severity.BREAKING,
            kind="ONE_OF_ADDED",
            coordinate=name,
            description=f"{name} takes exactly one of its fields now.",
        )
        for name, named in new.type_map.items()
        if isinstance(named, GraphQLInputObjectType)
        and named.is_one_of
        and isinstance(before := old.type_map.get(name), GraphQLInputObjectType)
        and not before.is_one_of
    ]
    order = list(Severity)
    return tuple(sorted(changes, key=lambda change: (order.index(change.severity), change.coordinate, change.kind)))


def named_breaks(changelog: str) -> frozenset[str]:
    """The coordinates that a changelog names: in backticks, under ``### Breaking`` of ``## [Unreleased]``."""
    unreleased = _UNRELEASED.search(changelog)
    breaking = _BREAKING.search(unreleased[1]) if unreleased else None
    return frozenset(_CODE.findall(breaking[1])) if breaking else frozenset()


def _change(found: SchemaChange, announced: dict[str, str]) -> Change:
    coordinate = _coordinate(found.description)
    severity = Severity.SAFE
    deprecated = None
    if isinstance(found, BreakingChange):
        severity = Severity.BREAKING
        deprecated = coordinate in announced if found.type in _REMOVALS else None
    elif isinstance(found, DangerousChange):
        severity = Severity.DANGEROUS
    notes = {True: f" {announced.get(coordinate, '')}", False: " It was never deprecated.", None: ""}
    return Change(
        severity=severity,
        kind=found.type.name,
        coordinate=coordinate,
        description=found.description + notes[deprecated],
        deprecated=deprecated,
    )


def _coordinate(description: str) -> str:
    """The coordinate that graphql-core's sentence is about."""
    if (found := _QUALIFIED.search(description)) is not None:
        return found[0]
    if (named := _UNION.search(description) or _SCALAR.search(description)) is not None:
        return named[1]
    return description.partition(" ")[0]


def _deprecations(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Coordinate and reason of everything deprecated; introspection aside."""
    for named in schema.type_map.values():
        if is_introspection_type(named):
            continue
        if isinstance(named, GraphQLEnumType):
            for name, value in named.values.items():
                if value.deprecation_reason is not None:
                    yield f"{named.name}.{name}", value.deprecation_reason
        elif isinstance(named, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for name, field in named.fields.items():
                if field.deprecation_reason is not None:
                    yield f"{named.name}.{name}", field.deprecation_reason
                for argument, described in getattr(field, "args", {}).items():
                    if described.deprecation_reason is not None:
                        yield f"{named.name}.{name}({argument}:)", described.deprecation_reason
