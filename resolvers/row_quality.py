"""Stage *shape*: what ``_meta { quality }`` tells of a row, as an expression of the generated shaping function.

A code is told only of what the caller is shown in that row: a selected field, a check all of whose fields are selected,
a relation that is followed. Neighbours: :mod:`resolvers.shape` writes the function, :mod:`schema.quality` compares.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from resolvers.conditions import ALWAYS, Condition, certain
from resolvers.reader import FieldReader, Namespace
from schema.catalog import DerivedFunction, QualityCheck, Relation
from schema.quality import SOFT_DELETED, conflict, passes, person_key_defect
from schema.values import ScalarType


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkQuality:
    """A relation followed from the rows of ``gate``: link ``position``. ``noted``: it may bring codes of its own
    (an orphan, a conflict of two targets).
    """

    relation: Relation
    gate: Condition
    position: int
    noted: bool


class QualityWriter:
    """Writes the expression; ``condition`` names the truth of a row condition in the generated function."""

    def __init__(self, reader: FieldReader, names: Namespace, condition: Callable[[Condition], str]) -> None:
        self._reader = reader
        self._names = names
        self._condition = condition

    def expression(self, shown: Mapping[str, Condition], links: Sequence[LinkQuality]) -> str:
        """A list of codes without repeats. ``shown``: the bound or derived fields selected, each with the rows that
        show it.
        """
        found: dict[str, None] = {}
        for field, rows in shown.items():
            for text in self._of_person_key(field):
                found[self._told(rows, text)] = None
            for base in self._reader.bases(field):
                for text in (*self._of_codecs(base), *self._of_conflict(base)):
                    found[self._told(rows, text)] = None
        for check in self._reader.entity.checks:
            for rows, text in self._of_check(check, shown):
                found[self._told(rows, text)] = None
        for link in links:
            for text in self._of_link(link):
                found[self._told(link.gate, text)] = None
        for position, binding in enumerate(self._reader.bindings):
            here = f"r[{position}] is not None and " if self._reader.merged else ""
            found[f"('STALE({binding.connector})' if {here}{binding.connector!r} in context.stale else None)"] = None
        return f"{self._names.name(_codes, 'codes')}(({''.join(f'{text}, ' for text in found)}), d)"

    def _told(self, rows: Condition, text: str) -> str:
        return text if certain(rows) else f"({text} if {self._condition(rows)} else None)"

    def _of_person_key(self, field: str) -> Iterator[str]:
        derived = self._reader.entity.fields[field].derived
        if derived is not None and derived.function is DerivedFunction.PERSON_KEY:
            identity = self._reader.expression(derived.inputs[0], self._names)
            yield f"{self._names.name(person_key_defect, 'person_key_defect')}({identity})"

    def _of_codecs(self, field: str) -> Iterator[str]:
        """One expression per source: its defect code, asked only where no source of greater authority gave a value."""
        given = ""
        for source in self._reader.sources_of(field):
            if (check := self._code(source, field)) is not None:
                asked = " and ".join(filter(None, (self._present(source), given)))
                yield f"({check} if {asked} else None)" if asked else check
            if self._reader.merged:
                value = self._reader.decoded(source, field, self._names)
                given = " and ".join(filter(None, (given, f"(r[{source}] is None or {value} is None)")))

    def _of_conflict(self, field: str) -> Iterator[str]:
        sources = self._reader.sources_of(field)
        if not self._reader.merged or len(sources) < 2 or self._reader.entity.fields[field].internal:
            return
        held = []
        for source in sources:
            code = self._code(source, field) if self._reader.entity.fields[field].type is ScalarType.DATE else None
            value = f"({self._reader.decoded(source, field, self._names)}, {code})"
            held.append(f"({value} if r[{source}] is not None else (None, None))")
        test = self._names.name(conflict, "conflict")
        yield f"('CONFLICT({field})' if {test}(({', '.join(held)})) else None)"

    def _of_check(self, check: QualityCheck, shown: Mapping[str, Condition]) -> Iterator[tuple[Condition, str]]:
        """Per source that holds both fields; nothing unless every field that can be selected is."""
        told = [field for field in check.fields if not self._reader.entity.fields[field].internal]
        if not told or not all(field in shown for field in told):
            return
        first, second = check.fields
        rows = [shown[field] for field in told]
        outer, inner = rows[0], rows[-1] if len(rows) > 1 else ALWAYS
        test = self._names.name(passes(check.test), f"passes_{check.test.value}")
        for source in self._reader.sources_of(first):
            if self._reader.column(source, second) is None:
                continue
            values = (self._value(source, field) for field in check.fields)
            failed = f"not {test}({', '.join(values)}, {self._code(source, second)})"
            asked = " and ".join(filter(None, (self._present(source), failed)))
            yield outer, self._told(inner, f"({check.code!r} if {asked} else None)")

    def _of_link(self, link: LinkQuality) -> Iterator[str]:
        for join in link.relation.join:
            yield from self._of_codecs(join.local)
        note = f"n{link.position}[o{link.position}]" if link.noted else "None"
        if link.relation.retired is not None:
            retired = self._reader.expression(link.relation.retired, self._names)
            yield f"({SOFT_DELETED!r} if {retired} else {note})"
        elif link.noted:
            yield note

    def _present(self, source: int) -> str:
        return f"r[{source}] is not None" if self._reader.merged else ""

    def _value(self, source: int, field: str) -> str:
        if self._reader.merged:
            return self._reader.decoded(source, field, self._names)
        return self._reader.expression(field, self._names)

    def _code(self, source: int, field: str) -> str | None:
        """The defect code of what one source holds; ``None``: its codec knows none."""
        column = self._reader.column(source, field)
        assert column is not None
        if column.codec.passthrough:
            return None
        row = f"r[{source}]" if self._reader.merged else "r"
        values = ", ".join(f"{row}[{column.start + i}]" for i in range(column.codec.arity))
        return f"{self._names.name(column.codec.quality, 'quality')}({values})"


def _codes(found: tuple[str | None, ...], duplicate: str | None) -> list[str]:
    return list(dict.fromkeys(code for code in (*found, duplicate) if code))
