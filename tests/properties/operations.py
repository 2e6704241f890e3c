"""Random operations over a schema: what callers could ask, with values that exist and values that do not.

Everything is drawn from one seeded generator. Names come from the caller's GraphQL schema, so new entities and fields
take part by themselves; values come from the sources and from earlier answers, so that most operations find something.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
)

from schema.names import ENTITY_EXTENSION
from tests.properties.responses import Visit

Pool = Mapping[tuple[str, str], Sequence[Any]]
"""Canonical values by (entity, field): what filters and keys are drawn from."""

MAX_DEPTH = 4
MAX_ALIASES = 40
PAGED = "page"
"""Response key of the list that a paged operation pages through, by the variables ``$size`` and ``$cursor``."""

_NONSENSE: Mapping[str, Sequence[Any]] = {
    "String": ("无此值", "%", "_", "\\", "'", "a" * 40),
    "ID": ("000000000000000000", "无此值", "%"),
    "Int": (0, -1, 2**31 - 1),
    "Float": (0.5, -1.0, 1.0),
    "Boolean": (True, False),
    "Date": ("1900-01-01", "2018-02-28", "9999-12-31"),
    "Month": ("1900-01", "2018-09"),
    "DateTime": ("1900-01-01T00:00:00Z", "2018-09-30T16:00:00Z", "2018-06-30T23:59:59.5+08:00"),
    "Fen": (0, -1, 2**53 - 1),
    "Code": ("1", "XX"),
    "DivCode": ("430700", "999999"),
    "Uscc": ("000000000000000000",),
    "PersonKey": ("A" * 26,),
}


class Word(str):
    """A name in a document, such as an enum value: written without quotes."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One query; ``paged``: it has a list under `PAGED` that continues from a cursor of its last answer."""

    document: str
    variables: Mapping[str, Any]
    paged: bool


@dataclass(slots=True)
class Learnt:
    """What a caller has seen in earlier answers: node ids by entity, values by (entity, field)."""

    ids: dict[str, list[str]] = field(default_factory=dict)
    values: dict[tuple[str, str], list[Any]] = field(default_factory=dict)

    def keep(self, visit: Visit) -> None:
        """Remember the value of a leaf, up to a few hundred per field."""
        if visit.value is None:
            return
        known = (
            self.ids.setdefault(visit.parent, [])
            if visit.field == "id"
            else self.values.setdefault((visit.parent, visit.field), [])
        )
        if len(known) < 300 and visit.value not in known:
            known.append(visit.value)


def cursors_of(seen: Sequence[Visit]) -> list[str]:
    """Cursors of the list that a paged operation pages through, not of lists inside its rows."""
    found = []
    for visit in seen:
        if PAGED in visit.path and visit.value is not None:
            match visit.path[visit.path.index(PAGED) + 1 :]:
                case ("pageInfo", "startCursor" | "endCursor") | ("edges", int(), "cursor"):
                    found.append(visit.value)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomOperations:
    """Draws operations from ``schema``; ``pool`` and ``learnt`` hold values to filter and find rows by."""

    schema: GraphQLSchema
    pool: Pool
    learnt: Learnt

    def draw(self, rng: random.Random) -> Operation:
        """One operation."""
        return _Writer(rng, self.schema, self.pool, self.learnt).operation()


def tour(schema: GraphQLSchema, rng: random.Random) -> list[Operation]:
    """A first look around: some rows of every list with all their leaves, and those one step further. What `Learnt`
    keeps of the answers lets drawn operations ask for rows that the caller can see.
    """
    query = schema.query_type
    assert query is not None
    asked = []
    for name, described in query.fields.items():
        connection = get_named_type(described.type)
        if entity_of(described) is None or "first" not in described.args:
            continue
        assert isinstance(connection, GraphQLObjectType)
        row = get_named_type(connection.fields["nodes"].type)
        assert isinstance(row, GraphQLObjectType)
        page = f"{rng.choice(('first', 'last'))}: {rng.randint(5, 9)}"
        document = f"{{ {name}({page}) {{ totalCount nodes {_everything(row, deep=True)} }} }}"
        asked.append(Operation(document=document, variables={}, paged=False))
    return asked


def _everything(row: GraphQLObjectType, *, deep: bool) -> str:
    parts = []
    for name, described in row.fields.items():
        target = get_named_type(described.type)
        if not shows_rows(described):
            parts.append("_meta { masked quality sources { connector } }" if name == "_meta" else name)
        elif deep and isinstance(target, GraphQLUnionType):
            parts.append(f"{name} {_either((kind, _everything(kind, deep=False)) for kind in target.types)}")
        elif deep and not described.args:
            assert isinstance(target, GraphQLObjectType)
            parts.append(f"{name} {_everything(target, deep=False)}")
    return "{ " + " ".join(parts) + " }"


def _either(selections: Iterable[tuple[GraphQLObjectType, str]]) -> str:
    """A selection on a row of one of several types; it begins with the type, for who reads the answer."""
    return "{ __typename " + " ".join(f"... on {kind.name} {selection}" for kind, selection in selections) + " }"


def shows_rows(described: GraphQLField) -> bool:
    """Whether a field shows rows, of one entity or one of several."""
    return entity_of(described) is not None or isinstance(get_named_type(described.type), GraphQLUnionType)


def entity_of(described: GraphQLField) -> str | None:
    """The entity whose rows a field shows."""
    found = (get_named_type(described.type).extensions or {}).get(ENTITY_EXTENSION)
    return found if isinstance(found, str) else None


class _Writer:
    """Writes one operation."""

    def __init__(self, rng: random.Random, schema: GraphQLSchema, pool: Pool, learnt: Learnt) -> None:
        self._rng, self._schema, self._pool, self._learnt = rng, schema, pool, learnt
        self._variables: dict[str, tuple[str, Any]] = {}
        self._fragments: list[str] = []
        self._aliases = 0
        self._looked_up = False
        self._paged = False

    def operation(self) -> Operation:
        query = self._schema.query_type
        assert query is not None
        rows = [name for name, described in query.fields.items() if entity_of(described) is not None]
        parts = []
        for number in range(self._rng.choice((1, 1, 1, 2, 3))):
            if self._learnt.ids and self._rng.random() < 0.15:
                parts.append(f"n{number}: {self._node()}")
            else:
                name = self._rng.choice(rows)
                parts.append(self._branch(f"r{number}", name, query.fields[name], 0, alone=True))
        if self._rng.random() < 0.05:
            parts.append("__typename")
        declared = ", ".join(f"${name}: {type_}" for name, (type_, _) in self._variables.items())
        head = f"query Drawn({declared})" if declared else ""
        return Operation(
            document=" ".join((head, "{", *parts, "}", *self._fragments)).strip(),
            variables={name: value for name, (_, value) in self._variables.items()},
            paged=self._paged,
        )

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _node(self) -> str:
        entity = self._rng.choice(sorted(self._learnt.ids))
        row = self._schema.get_type(entity)
        assert isinstance(row, GraphQLObjectType)
        id_ = self._variable("ID!", self._rng.choice(self._learnt.ids[entity]))
        return f"node(id: {id_}) {{ __typename id ... on {entity} {self._row(row, 0, alone=True)} }}"

    def _branch(self, key: str, name: str, described: GraphQLField, depth: int, *, alone: bool) -> str:
        """A field that shows rows of an entity. ``alone``: it has one parent row, so its list can be paged."""
        named = get_named_type(described.type)
        if isinstance(named, GraphQLUnionType):
            kinds = self._rng.sample(named.types, self._rng.randint(1, len(named.types)))
            return f"{key}: {name} {_either((kind, self._row(kind, depth, alone=alone)) for kind in kinds)}"
        entity = entity_of(described)
        assert isinstance(named, GraphQLObjectType)
        assert entity is not None
        if named.name != f"{entity}Connection":
            return f"{key}: {name}{self._key(described, entity)} {self._row(named, depth, alone=alone)}"
        paged = alone and not self._paged and self._rng.random() < 0.2
        self._paged = self._paged or paged
        arguments = self._arguments(described, entity, paged=paged)
        return f"{PAGED if paged else key}: {name}{arguments} {self._connection(named, depth, paged=paged)}"

    def _key(self, described: GraphQLField, entity: str) -> str:
        if not described.args:
            return ""
        names = [name for name in described.args if not (name == "idNumber" and self._looked_up)]
        name = self._rng.choice(names)
        self._looked_up = self._looked_up or name == "idNumber"
        scalar = get_named_type(described.args[name].type).name
        value = self._value(entity, name, scalar)
        if self._rng.random() < 0.3:
            return f"({name}: {self._variable(str(described.args[name].type), value)})"
        return f"({name}: {literal(value)})"

    def _row(self, row: GraphQLObjectType, depth: int, *, alone: bool) -> str:
        leaves: list[str] = []
        branches: list[str] = []
        for name, described in row.fields.items():
            (branches if shows_rows(described) else leaves).append(name)
        parts = [self._leaf(name) for name in self._rng.sample(leaves, self._rng.randint(1, min(len(leaves), 7)))]
        if depth < MAX_DEPTH and branches:
            for name in self._rng.sample(branches, self._rng.randint(0, min(len(branches), 2 if depth < 2 else 1))):
                key = self._alias(name)
                parts.append(self._branch(key, name, row.fields[name], depth + 1, alone=alone))
        self._rng.shuffle(parts)
        return "{ " + " ".join(self._in_fragments(row.name, parts)) + " }"

    def _leaf(self, name: str) -> str:
        written = name
        if name == "_meta":
            written = "_meta { masked quality sources { connector } }"
        if self._rng.random() < 0.1:
            return f"{self._alias(name)}: {written}"
        return f"__typename {written}" if self._rng.random() < 0.05 else written

    def _alias(self, name: str) -> str:
        if self._aliases == MAX_ALIASES or self._rng.random() < 0.5:
            return name
        self._aliases += 1
        return f"a{self._aliases}"

    def _in_fragments(self, type_: str, parts: list[str]) -> list[str]:
        """The parts, some of them in an inline or named fragment, or under a condition."""
        if self._rng.random() > 0.2:
            return parts
        cut = self._rng.randint(0, len(parts) - 1)
        before, inside = parts[:cut], " ".join(parts[cut:])
        match self._rng.choice(("typed", "plain", "named", "include", "skip")):
            case "typed":
                return [*before, f"... on {type_} {{ {inside} }}"]
            case "plain":
                return [*before, f"... {{ {inside} }}"]
            case "named":
                self._fragments.append(f"fragment F{len(self._fragments)} on {type_} {{ {inside} }}")
                return [*before, f"...F{len(self._fragments) - 1}"]
            case word:
                kept = self._variable("Boolean!", self._rng.random() < 0.7)
                return ["__typename", *before, f"... @{word}(if: {kept}) {{ {inside} }}"]

    # --- lists --------------------------------------------------------------------------------------------------------

    def _connection(self, connection: GraphQLObjectType, depth: int, *, paged: bool) -> str:
        row = get_named_type(connection.fields["nodes"].type)
        assert isinstance(row, GraphQLObjectType)
        inner = self._row(row, depth, alone=False)
        if paged:
            shown = f"edges {{ cursor node {inner} }}"
            return f"{{ {shown} pageInfo {{ startCursor endCursor hasNextPage hasPreviousPage }} }}"
        parts = [f"nodes {inner}" if self._rng.random() < 0.8 else f"edges {{ node {inner} cursor }}"]
        if self._rng.random() < 0.4:
            parts.append("totalCount")
        if self._rng.random() < 0.3:
            parts.append("pageInfo { hasNextPage hasPreviousPage startCursor endCursor }")
        return "{ " + " ".join(parts) + " }"

    def _arguments(self, described: GraphQLField, entity: str, *, paged: bool) -> str:
        direction = self._rng.choice(("first", "first", "last"))
        size = self._rng.choice((0, 1, 1, 2, 2, 3, 3, 4, 5, 6))
        given = [f"{direction}: {size}"]
        if paged:
            self._variables |= {"size": ("Int!", max(size, 1)), "cursor": ("String", None)}
            given = [f"{direction}: $size, {'after' if direction == 'first' else 'before'}: $cursor"]
        if "where" in described.args and self._rng.random() < 0.35:
            where = get_named_type(described.args["where"].type)
            tree = self._where(where, entity, 0)
            given.append(f"where: {self._inline_or_variable(where.name, tree)}")
        if "orderBy" in described.args and self._rng.random() < 0.4:
            given.append(f"orderBy: {self._order(get_named_type(described.args['orderBy'].type))}")
        return f"({', '.join(given)})"

    def _order(self, order: Any) -> str:
        assert isinstance(order, GraphQLInputObjectType)
        names = self._rng.sample(list(order.fields), min(len(order.fields), self._rng.randint(1, 2)))
        terms = [{name: Word(self._rng.choice(("ASC", "DESC")))} for name in names]
        return self._inline_or_variable(f"[{order.name}!]", terms)

    def _inline_or_variable(self, type_: str, value: Any) -> str:
        return self._variable(type_, value) if self._rng.random() < 0.25 else literal(value)

    def _variable(self, type_: str, value: Any) -> str:
        name = f"v{len(self._variables)}"
        self._variables[name] = (type_, value)
        return f"${name}"

    def _where(self, where: Any, entity: str, depth: int) -> dict[str, Any]:
        assert isinstance(where, GraphQLInputObjectType)
        if depth < 2 and self._rng.random() < 0.3:
            word = self._rng.choice(("and", "or", "not"))
            if word == "not":
                return {word: self._where(where, entity, depth + 1)}
            return {word: [self._where(where, entity, depth + 1) for _ in range(self._rng.choice((0, 1, 2, 2, 2)))]}
        names = [name for name in where.fields if name not in ("and", "or", "not")]
        found: dict[str, Any] = {}
        chosen_names = self._rng.sample(names, min(len(names), self._rng.choice((1, 1, 1, 2))))
        for name in sorted(chosen_names, key=names.index):  # of two denied fields, the schema's first is told
            operators = get_named_type(where.fields[name].type)
            assert isinstance(operators, GraphQLInputObjectType)
            chosen = self._rng.sample(
                list(operators.fields), min(len(operators.fields), self._rng.choice((1, 1, 1, 2)))
            )
            found[name] = {operator: self._operand(operator, operators, entity, name) for operator in chosen}
        return found

    def _operand(self, operator: str, operators: GraphQLInputObjectType, entity: str, name: str) -> Any:
        scalar = get_named_type(operators.fields[operator].type).name
        if operator == "isNull":
            return self._rng.random() < 0.5
        if operator in ("in", "notIn"):
            return [self._value(entity, name, scalar) for _ in range(self._rng.choice((0, 1, 2, 3)))]
        value = self._value(entity, name, scalar)
        if operator == "startsWith":
            return value[: self._rng.randint(0, len(value))]
        if operator == "contains":
            start = self._rng.randint(0, len(value))
            return value[start : start + self._rng.randint(0, 3)]
        return value

    def _value(self, entity: str, name: str, scalar: str) -> Any:
        """A value that earlier answers showed, one that some row has, or one that none has."""
        fits: Callable[[Any], bool] = _FITS.get(scalar, lambda value: isinstance(value, str) and value != "")
        chance = self._rng.random()
        known = [v for v in self._learnt.values.get((entity, name), ()) if fits(v)] if chance < 0.55 else []
        known = known or ([v for v in self._pool.get((entity, name), ()) if fits(v)] if chance < 0.92 else [])
        return self._rng.choice(known or _NONSENSE[scalar])


_FITS: Mapping[str, Callable[[Any], bool]] = {
    "Int": lambda value: type(value) is int,
    "Fen": lambda value: type(value) is int,
    "Float": lambda value: type(value) in (int, float),
    "Boolean": lambda value: type(value) is bool,
    "Date": lambda value: isinstance(value, str) and len(value) == 10,
}


def literal(value: Any) -> str:
    """``value`` as a GraphQL literal."""
    match value:
        case Word():
            return str(value)
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case dict():
            return "{" + ", ".join(f"{name}: {literal(inner)}" for name, inner in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(literal, value)) + "]"
        case None:
            return "null"
        case _:
            escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
            return f'"{escaped}"'
