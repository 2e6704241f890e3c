"""A canonical row: values, the defects (quality codes) of single fields, and the checks it fails, by canonical name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from demo.oracle.reading import Read


@dataclass(frozen=True, slots=True)
class Failed:
    """A check that a row fails: ``code`` is told where each of ``fields`` is selected and shown."""

    code: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Row:
    """One row of ``entity`` as ``source`` has it; ``key`` is its row key, ``changed`` when it last changed, if known.

    Rows are told apart by themselves, never by their values. ``failed`` is in the order in which checks are stated.
    """

    entity: str
    source: str
    key: Any
    values: Mapping[str, Any]
    flaws: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    changed: str | None = None
    failed: tuple[Failed, ...] = ()

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


Builder = Callable[[], list[Row]]
"""Makes the rows of one entity out of one source."""


def row(
    entity: str,
    source: str,
    key: Any,
    read: Mapping[str, Read],
    changed: str | None = None,
    failed: tuple[Failed, ...] = (),
) -> Row:
    """The row whose fields were ``read``."""
    return Row(
        entity=entity,
        source=source,
        key=key,
        values={name: value for name, (value, _) in read.items()},
        flaws={name: (flaw,) for name, (_, flaw) in read.items() if flaw is not None},
        changed=changed,
        failed=failed,
    )


def late(read: Mapping[str, Read], first: str, second: str) -> tuple[Failed, ...]:
    """TIME_ORDER, where the ``first`` of two dates or times of a row is after the ``second``."""
    begun, ended = read[first][0], read[second][0]
    if begun is None or ended is None or begun <= ended:
        return ()
    return (Failed("TIME_ORDER", (first, second)),)
