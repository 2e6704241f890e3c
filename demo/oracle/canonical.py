"""The canonical city: every entity's rows out of the raw tables, with indexes, and persons merged from four sources."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from demo.oracle import rows_hotline, rows_s1, rows_s2, rows_s3, rows_s4, rows_s5, rows_s6
from demo.oracle.divisions import division_row
from demo.oracle.raw import Lazily, RawCity
from demo.oracle.rows import Builder, Row
from demo.oracle.rows_persons import Person, merged
from demo.oracle.rows_s1 import org_prefix


class City:
    """All canonical rows by entity, made when first asked for (persons apart: they are reached by identity).

    ``today`` decides about ages and what is overdue or recent.
    """

    def __init__(self, raw: RawCity, today: date | None = None) -> None:
        self.today = today or (datetime.now(UTC) + timedelta(hours=8)).date()
        found = (
            {"AdministrativeDivision": lambda: [division_row(one) for one in raw.divisions]},
            rows_s1.builders(raw.s1, self.today),
            rows_s2.builders(raw.s2),
            rows_s3.builders(raw, self.today),
            rows_s4.builders(raw.s4, self.today),
            rows_hotline.builders(raw),
            rows_s5.builders(raw.s5, raw.aliases, self.today),
            rows_s6.builders(raw.s6, raw.aliases, self.today),
        )
        builders: dict[str, Builder] = {}
        self._person_rows = [each.pop("Person") for each in found if "Person" in each]
        for each in found:
            builders |= each
        self.rows: Mapping[str, list[Row]] = Lazily(tuple(builders), lambda entity: builders[entity]())
        self._parts: dict[str, dict[str, list[Row]]] = {}
        self._indexes: dict[tuple[str, str], dict[Any, list[Row]]] = {}
        self._trees: dict[tuple[str, str, str], list[Row]] = {}
        self._known: dict[tuple[str, frozenset[str]], Person | None] = {}

    def having(self, entity: str, field: str, value: object) -> list[Row]:
        """Rows of ``entity`` whose ``field`` is ``value``, the newest first; null is equal to nothing."""
        if value is None:
            return []
        if (entity, field) not in self._indexes:
            index: dict[Any, list[Row]] = {}
            for one in self.rows[entity]:
                index.setdefault(one[field], []).append(one)
            self._indexes[entity, field] = {key: newest_first(rows) for key, rows in index.items()}
        return self._indexes[entity, field].get(value, [])

    def below(self, entity: str, field: str, prefix: str | None) -> list[Row]:
        """Rows of ``entity`` whose code in ``field`` begins with ``prefix``; none without one."""
        if prefix is None:
            return []
        key = (entity, field, prefix)
        if key not in self._trees:
            self._trees[key] = [one for one in self.rows[entity] if (one[field] or "").startswith(prefix)]
        return self._trees[key]

    def _persons(self) -> Mapping[str, Mapping[str, list[Row]]]:
        """Rows by identity and source."""
        while self._person_rows:
            for part in self._person_rows.pop()():
                self._parts.setdefault(part["identity"], {}).setdefault(part.source, []).append(part)
        return self._parts

    def identities(self) -> Iterable[str]:
        """Every person's identity."""
        return self._persons()

    def person(self, identity: object, sources: frozenset[str]) -> Person | None:
        """The person of ``identity`` as ``sources`` know it; ``None`` where none of them does."""
        key = (str(identity), sources)
        if key not in self._known:
            parts = {
                source: newest_first(rows)
                for source, rows in self._persons().get(str(identity), {}).items()
                if source in sources
            }
            self._known[key] = merged(str(identity), parts, self.today) if parts else None
        return self._known[key]


def newest_first(rows: list[Row]) -> list[Row]:
    """Rows by time of change, then row key, the greatest first."""
    return sorted(rows, key=lambda one: (one.changed is not None, one.changed or "", one.key), reverse=True)


def division_prefix(number: object) -> str | None:
    """What all codes in a division begin with; the prefecture's 430700 stands for its counties."""
    if not isinstance(number, str) or len(number) not in (6, 9, 12) or not number.isdigit():
        return None
    return number[:4] if len(number) == 6 and number.endswith("00") else number


__all__ = ["City", "Person", "division_prefix", "newest_first", "org_prefix"]
