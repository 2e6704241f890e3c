"""What one operation may ask for at most, and how its cost is charged.

Neighbours: :mod:`resolvers.measure` holds an operation against the limits, :mod:`hutong.settings` reads them.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields

from schema.message import Unusable
from schema.messages import hub_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The greatest operation the hub accepts. Every number is a maximum, but ``default_page``.

    Raises ``ValueError`` for a limit below 1 and a default page over the largest.
    """

    tokens: int = 2_000
    """Lexical tokens of the document; given to the parser, which stops there."""
    depth: int = 15
    """Levels of nested fields, introspection not counted; and levels of nested objects in one `where`."""
    fields: int = 600
    """Fields after every fragment is expanded."""
    aliases: int = 30
    """Aliased fields after every fragment is expanded."""
    root_fields: int = 20
    """Fields of the operation itself after fragments are expanded."""
    page: int = 1_000
    """Rows of one page: ``first`` or ``last`` of a connection."""
    default_page: int = 20
    """Rows of a page when neither ``first`` nor ``last`` is given."""
    rows: int = 100_000
    """Product of the pages on the way down, added up over siblings."""
    conditions: int = 100
    """Comparisons of `where` and terms of `orderBy`, in the document and in variables, fragments expanded; an empty
    operand of `and` or `or` counts as one."""
    listings: int = 12
    """Lists of what the hub knows itself: `viewer.access` and `codeTable` count one each, `codeTables` six."""

    def __post_init__(self) -> None:
        for limit in fields(self):
            if getattr(self, limit.name) < 1:
                raise Unusable(hub_settings.LIMIT_OF_NOTHING(name=limit.name))
        if self.default_page > self.page:
            raise Unusable(hub_settings.DEFAULT_PAGE_TOO_LARGE())


Charge = Callable[[str, int], None]
"""Takes units of cost from an account, or raises `LimitExceeded`."""


def charge_nobody(_account: str, _units: int) -> None:
    """A `Charge` without budgets."""
