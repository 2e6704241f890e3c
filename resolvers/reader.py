"""Reading canonical fields out of raw rows: the expressions that generated code is made of.

A reader belongs to one node. In the first pass planning *requires* fields; then the fetches are prepared and *placed*;
then `expression` gives Python source that reads a field of the row variable. Names of objects that the source uses are
kept in a `Namespace`.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import CodeType
from typing import Any, Final

from connectors.codecs.memo import memo, memo_types
from connectors.codecs.numbers import Integer
from connectors.contract import Binding, Column, Prepared
from schema.catalog import Entity
from schema.derivations import derive
from schema.predicates import ROW_KEY

SHARED_CHARACTERS: Final = 2_000
"""Generated functions up to this length are compiled once for all plans."""


class Namespace:
    """Objects that generated code refers to, each under one name."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self.globals: dict[str, Any] = {}

    def name(self, value: Any, hint: str) -> str:
        """The name of ``value`` in generated code; ``hint`` makes it readable."""
        found = self._names.get(id(value))
        if found is None:
            found = f"{hint}_{len(self._names)}"
            self._names[id(value)] = found
            self.globals[found] = value
        return found

    def compile(self, source: str, function: str) -> Any:
        """Define ``function`` from ``source``, which is ours alone: no caller's text is ever part of it."""
        code = _shared_code(source) if len(source) <= SHARED_CHARACTERS else _code(source)
        exec(code, self.globals)  # noqa: S102 -- generated from the plan's closed vocabulary
        return self.globals.pop(function)


def _code(source: str) -> CodeType:
    return compile(source, "<shape>", "exec")


@lru_cache(maxsize=2_000)
def _shared_code(source: str) -> CodeType:
    """Compiled once for all plans: most generated functions only read a column or two. At most some 20 MB."""
    return _code(source)


class FieldReader:
    """Reads fields of one entity from the bindings of a node, in authority order for an entity of several sources."""

    def __init__(self, entity: Entity, bindings: Sequence[Binding], *, merged: bool) -> None:
        self.entity = entity
        self.bindings = tuple(bindings)
        self.merged = merged
        self._required: dict[str, None] = {}
        self._columns: tuple[Mapping[str, Column], ...] = ()
        self.prepared: tuple[Prepared, ...] | None = None

    def require(self, field: str) -> None:
        """Ask for ``field`` (derived ones: for their inputs) to be fetched."""
        for base in self.bases(field):
            self._required[base] = None

    def bases(self, field: str) -> tuple[str, ...]:
        """The bound fields behind ``field``, without repeats."""
        if field == ROW_KEY:
            return (ROW_KEY,)
        described = self.entity.fields[field]
        if described.label_of or described.companion_of:
            return self.bases(described.label_of or described.companion_of or "")
        if described.derived is None:
            return (field,)
        return tuple(dict.fromkeys(base for name in described.derived.inputs for base in self.bases(name)))

    def projection(self, binding: Binding) -> tuple[str, ...]:
        """What ``binding`` is to be asked for."""
        return tuple(field for field in self._required if field == ROW_KEY or field in binding.fields)

    def keyed_projection(self, binding: Binding) -> tuple[str, ...]:
        """As `projection`, with what `ranking` needs."""
        return tuple(dict.fromkeys((*self.projection(binding), *_ranks(binding))))

    def place(self, prepared: Sequence[Prepared]) -> None:
        """The fetches are compiled: one per binding, in the same order."""
        self.prepared = tuple(prepared)
        self._columns = tuple(p.columns for p in prepared)

    def ranking(self, source: int) -> Callable[[Any], Any]:
        """A sort key by which the greatest of several rows with one key wins: the latest, then the greatest row key."""
        columns = [self._columns[source][name] for name in _ranks(self.bindings[source])]

        def rank(row: Any) -> tuple[Any, ...]:
            values = (c.codec.decode(*row[c.start : c.start + c.codec.arity]) for c in columns)
            return tuple(part for value in values for part in (value is not None, value))

        return rank

    def sources_of(self, field: str) -> tuple[int, ...]:
        """Positions of the bindings that give ``field``, authority first."""
        (*bases,) = self.bases(field)
        order = self.entity.authority.get(bases[0]) or self.entity.authority.get("*") or ()
        rank = {connector: position for position, connector in enumerate(order)}
        having = [i for i, b in enumerate(self.bindings) if bases[0] == ROW_KEY or bases[0] in b.fields]
        return tuple(sorted(having, key=lambda i: rank.get(self.bindings[i].connector, len(rank))))

    def expression(self, field: str, names: Namespace, row: str = "r", locals_: Mapping[str, str] | None = None) -> str:
        """Python source of the canonical value of ``field`` in ``row``; ``locals_`` maps fields to variables that
        already hold them. Derived fields use the variable ``context``, merged ones ``up``."""
        if locals_ and field in locals_:
            return locals_[field]
        described = None if field == ROW_KEY else self.entity.fields[field]
        if described is not None and described.derived is not None:
            function = names.name(derive(described.derived.function), described.derived.function.value)
            inputs = (self.expression(name, names, row, locals_) for name in described.derived.inputs)
            return f"{function}({', '.join(inputs)}, context)"
        sources = self.sources_of(field)
        if not sources:
            return "None"
        if not self.merged:
            return self._decoded(self._columns[sources[0]][field], names, row)
        return self._first_of(field, sources, names, row)

    def _first_of(self, field: str, sources: Sequence[int], names: Namespace, row: str) -> str:
        """The first non-null of several sources; a source that is down (``up``) is not replaced by the next one
        (D18).
        """
        first, *others = sources
        value = self._decoded(self._columns[first][field], names, f"{row}[{first}]")
        guarded = f"({value} if {row}[{first}] is not None else None)"
        if not others:
            return guarded
        rest = self._first_of(field, others, names, row)
        return f"(_v if (_v := {guarded}) is not None else ({rest} if up[{first}] else None))"

    @staticmethod
    def _decoded(column: Column, names: Namespace, row: str) -> str:
        codec = column.codec
        values = ", ".join(f"{row}[{column.start + i}]" for i in range(codec.arity))
        if codec.passthrough:
            return values
        decode = names.name(codec.decode, f"decode_{_word(codec.name)}")
        if codec.arity == 1 and (types := memo_types(codec)):
            known = names.name(memo(codec), f"known_{_word(codec.name)}")
            if column.uniform:
                return f"{known}[{values}]"
            return f"({known}[_w] if type(_w := {values}) in {names.name(types, 'types')} else {decode}(_w))"
        if isinstance(codec, Integer):
            return f"(_w if type(_w := {values}) is int and {codec.least} <= _w <= {codec.greatest} else {decode}(_w))"
        return f"{decode}({values})"

    def decoded(self, source: int, field: str, names: Namespace) -> str:
        """Python source of a bound field as one source of a merged row ``r`` gives it."""
        return self._decoded(self._columns[source][field], names, f"r[{source}]")

    def column(self, source: int, field: str) -> Column | None:
        """Where a bound field stands in the rows of one binding."""
        return self._columns[source].get(field)

    def list_function(self, fields: Sequence[str], names: Namespace) -> Any:
        """``f(rows, up, context) -> [tuple]``: the canonical values of ``fields`` of every row."""
        values = "".join(f"{self.expression(field, names)}, " for field in fields)
        return names.compile(f"def read(rows, up, context):\n    return [({values}) for r in rows]\n", "read")


def _ranks(binding: Binding) -> tuple[str, ...]:
    return (binding.latest, ROW_KEY) if binding.latest else (ROW_KEY,)


def _word(text: str) -> str:
    return "".join(character if character.isalnum() else "_" for character in text)
