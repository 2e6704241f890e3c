"""A canonical row: values and the defects (quality codes) of single fields, by canonical name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from demo.oracle.reading import Read


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Row:
    """One row of ``entity`` as ``source`` has it; ``key`` is its row key, ``changed`` when it last changed, if known.

    Rows are told apart by themselves, never by their values.
    """

    entity: str
    source: str
    key: Any
    values: Mapping[str, Any]
    flaws: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    changed: str | None = None

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def row(entity: str, source: str, key: Any, read: Mapping[str, Read], changed: str | None = None) -> Row:
    """The row whose fields were ``read``."""
    return Row(
        entity=entity,
        source=source,
        key=key,
        values={name: value for name, (value, _) in read.items()},
        flaws={name: (flaw,) for name, (_, flaw) in read.items() if flaw is not None},
        changed=changed,
    )
