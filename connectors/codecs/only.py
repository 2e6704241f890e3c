"""The codec around a sub-select that finds a row by a name: its value counts only if it is the only one (D20)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from connectors.codecs.protocol import Codec, NotEnumerable
from schema.values import Canonical

NAME_UNRESOLVED = "NAME_UNRESOLVED"
"""There is a name, and no row of that name or several."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Only:
    """The values of the rows found, then how many there are, then the name they were looked up by.

    Of exactly one row the value is what ``inner`` decodes; else it is null, and `NAME_UNRESOLVED` if there is a name.
    """

    inner: Codec
    name: str = "only"
    passthrough: bool = False

    @property
    def arity(self) -> int:
        return self.inner.arity + 2

    def decode(self, *raw: Any) -> Canonical:
        *values, count, _ = raw
        return self.inner.decode(*values) if count == 1 else None

    def quality(self, *raw: Any) -> str | None:
        *values, count, name = raw
        if count == 1:
            return self.inner.quality(*values)
        return NAME_UNRESOLVED if name is not None and str(name).strip() else None

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        raise NotEnumerable
