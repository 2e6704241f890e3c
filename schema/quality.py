"""Checks of a row's values against each other, whose codes ``_meta { quality }`` tells.

Neighbours: :class:`schema.catalog.QualityCheck` declares them, :mod:`resolvers.row_quality` writes them into generated
code.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from schema.catalog import CheckTest
from schema.derivations import LOCAL_IDENTITY, LOCAL_KEY
from schema.identity import birth_date_of, normalise_id, sex_of
from schema.message import Told
from schema.messages.quality import TITLES
from schema.values import Canonical

SOFT_DELETED = "SOFT_DELETED_REF"
"""The row refers to one that its source has deleted."""
LOCAL_KEY_UNFIT = "LOCAL_KEY_UNFIT"
"""The person has no key: no valid ID number, and a local key that fits none."""
MONTH_PRECISION = "DATE_PRECISION_MONTH"
"""The source knows the month only; the day of the value is the first."""

FAMILY = re.compile(r"DUP(?=_)|[A-Z_]+")
"""What of a code names its title: ``DUP`` of ``DUP_PERSON``, ``STALE`` of ``STALE(s4)``, else all of it."""

RowTest = Callable[[Any, Any, str | None], bool]
"""Whether two canonical values pass; the third is the second's quality code."""


def title_of(code: str) -> Told | None:
    """What a quality code means, for people; ``None`` for a code of a manifest's own."""
    family = FAMILY.match(code)
    title = TITLES.get(family[0]) if family is not None else None
    return None if title is None else title()


def passes(test: CheckTest) -> RowTest:
    """The function of ``test``. A null, or an ID number that is none, passes."""
    return _TESTS[test]


def conflict(values: Sequence[tuple[Canonical, str | None]]) -> bool:
    """Whether two sources disagree: ``values`` are what each of them holds, with its quality code.

    Dates of which one is known by the month only are compared by the month.
    """
    known = [value for value, _ in values if value is not None]
    if len(known) < 2:
        return False
    if any(code == MONTH_PRECISION for value, code in values if value is not None):
        known = [str(value)[:7] for value in known]
    return any(value != known[0] for value in known[1:])


def person_key_defect(identity: str | None) -> str | None:
    """Why an identity has no person key: the local key of its row fits none."""
    if identity is None or not identity.startswith(LOCAL_IDENTITY) or LOCAL_KEY.match(identity.partition(":")[2]):
        return None
    return LOCAL_KEY_UNFIT


def _not_after(first: Any, second: Any, _code: str | None) -> bool:
    if first is None or second is None:
        return True
    length = min(len(first), len(second))  # a date beside a time counts as its whole day
    return bool(first[:length] <= second[:length])


def _equal(first: Any, second: Any, _code: str | None) -> bool:
    return first is None or second is None or bool(first == second)


def _id_birth(number: Any, birth: Any, code: str | None) -> bool:
    identity = None if number is None or birth is None else normalise_id(number)
    if identity is None:
        return True
    held = birth_date_of(identity)
    return bool(held[:7] == birth[:7] if code == MONTH_PRECISION else held == birth)


def _id_sex(number: Any, sex: Any, _code: str | None) -> bool:
    identity = None if number is None or sex not in ("1", "2") else normalise_id(number)
    return identity is None or sex_of(identity) == sex


_TESTS: Mapping[CheckTest, RowTest] = {
    CheckTest.NOT_AFTER: _not_after,
    CheckTest.EQUAL: _equal,
    CheckTest.ID_BIRTH: _id_birth,
    CheckTest.ID_SEX: _id_sex,
}
