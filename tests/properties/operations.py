"""Random operations over a schema: what callers could ask, with values that exist and values that do not.

Everything is drawn from one seeded generator, so an operation is named by its seed. Names come from the GraphQL schema, so
new entities and fields take part by themselves.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLField, GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema, get_named_type

from schema.names import ENTITY_EXTENSION

Pool = Mapping[tuple[str, str], Sequence[Any]]
"""Canonical values by (entity, field): what filters and keys are drawn from."""

MAX_DEPTH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomOperations:
    """Draws operations from ``schema``; ``pool`` holds values to filter and look up by."""

    schema: GraphQLSchema
    pool: Pool

    def draw(self, seed: int) -> str:
        """One query document."""
        rng = random.Random(seed)  # noqa: S311 -- reproducible, not secret
        query = self.schema.query_type
        assert query is not None
        roots = [name for name, field in query.fields.items() if name != "node" and self._entity(field) is not None]
        chosen = [rng.choice(roots) for _ in range(rng.choice((1, 1, 1, 2)))]
        parts = [f"r{i}: {self._field(rng, name, query.fields[name], 0)}" for i, name in enumerate(chosen)]
        return "{ " + " ".join(parts) + " }"

    @staticmethod
    def _entity(field: GraphQLField) -> str | None:
        named = get_named_type(field.type)
        found = (named.extensions or {}).get(ENTITY_EXTENSION)
        return found if isinstance(found, str) else None

    def _field(self, rng: random.Random, name: str, field: GraphQLField, depth: int) -> str:
        named = get_named_type(field.type)
        if not isinstance(named, GraphQLObjectType):
            return name
        if name == "_meta":
            return "_meta { masked }"
        entity = self._entity(field)
        assert entity is not None, name
        if named.name == f"{entity}Connection":
            return f"{name}{self._page(rng, field, entity)} {self._connection(rng, named, depth)}"
        return f"{name}{self._key(rng, field, entity)} {self._row(rng, named, depth)}"

    def _key(self, rng: random.Random, field: GraphQLField, entity: str) -> str:
        if not field.args:
            return ""
        name = rng.choice(list(field.args))
        values = self.pool.get((entity, name)) or ["000000000000000000"]
        value = rng.choice(values)
        return f"({name}: {_literal(value)})"

    def _row(self, rng: random.Random, row: GraphQLObjectType, depth: int) -> str:
        leaves, branches = [], []
        for name, field in row.fields.items():
            (branches if self._entity(field) else leaves).append(name)
        chosen = rng.sample(leaves, rng.randint(1, min(len(leaves), 7)))
        if depth < MAX_DEPTH and branches:
            chosen += rng.sample(branches, rng.randint(0, min(len(branches), 2 if depth < 2 else 1)))
        return "{ " + " ".join(self._field(rng, name, row.fields[name], depth + 1) for name in chosen) + " }"

    def _connection(self, rng: random.Random, connection: GraphQLObjectType, depth: int) -> str:
        row = get_named_type(connection.fields["nodes"].type)
        assert isinstance(row, GraphQLObjectType)
        parts = [f"nodes {self._row(rng, row, depth)}"]
        if rng.random() < 0.4:
            parts.append("totalCount")
        if rng.random() < 0.3:
            parts.append("pageInfo { hasNextPage hasPreviousPage }")
        return "{ " + " ".join(parts) + " }"

    def _page(self, rng: random.Random, field: GraphQLField, entity: str) -> str:
        given = [f"{rng.choice(('first', 'first', 'last'))}: {rng.randint(1, 5)}"]
        if "where" in field.args and rng.random() < 0.3:
            given.append(f"where: {self._where(rng, get_named_type(field.args['where'].type), entity, 0)}")
        if "orderBy" in field.args and rng.random() < 0.4:
            order = get_named_type(field.args["orderBy"].type)
            assert isinstance(order, GraphQLInputObjectType)
            names = rng.sample(list(order.fields), min(len(order.fields), rng.randint(1, 2)))
            terms = ", ".join(f"{{{name}: {rng.choice(('ASC', 'DESC'))}}}" for name in names)
            given.append(f"orderBy: [{terms}]")
        return f"({', '.join(given)})"

    def _where(self, rng: random.Random, where: Any, entity: str, depth: int) -> str:
        assert isinstance(where, GraphQLInputObjectType)
        if depth < 2 and rng.random() < 0.3:
            word = rng.choice(("and", "or", "not"))
            inner = [self._where(rng, where, entity, depth + 1) for _ in range(1 if word == "not" else 2)]
            return f"{{{word}: {inner[0] if word == 'not' else '[' + ', '.join(inner) + ']'}}}"
        name = rng.choice([n for n in where.fields if n not in ("and", "or", "not")])
        operators = get_named_type(where.fields[name].type)
        assert isinstance(operators, GraphQLInputObjectType)
        operator = rng.choice(list(operators.fields))
        return f"{{{name}: {{{operator}: {self._operand(rng, operator, entity, name)}}}}}"

    def _operand(self, rng: random.Random, operator: str, entity: str, field: str) -> str:
        if operator == "isNull":
            return rng.choice(("true", "false"))
        values = [v for v in self.pool.get((entity, field), ()) if v is not None]
        if operator in ("in", "notIn"):
            return "[" + ", ".join(_literal(rng.choice(values)) for _ in range(2)) + "]" if values else "[]"
        value = rng.choice(values) if values else ""
        if operator in ("startsWith", "contains") and isinstance(value, str) and value:
            value = value[: rng.randint(1, len(value))] if operator == "startsWith" else value[-2:]
        return _literal(value)


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
