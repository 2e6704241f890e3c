"""Derived fields (D21): pure functions of canonical values of one row.

Neighbours: the catalogue names a function and its inputs (:class:`schema.catalog.Derivation`), shaping calls it. Null
in, null out, except where a function says otherwise; none of them raises on a canonical value.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import assert_never

from cryptography.hazmat.primitives.hashes import SM3, Hash

from schema.catalog import DerivedFunction
from schema.trees import Tree, subtree_prefix
from schema.values import Canonical, ScalarType

CHILD_AGE = 14
"""Personal information of a child younger than this is sensitive (PIPL art. 28)."""
RECENT_DAYS = 30
LOCAL_IDENTITY = "~"
"""First character of an identity that stands for a row without a valid ID number."""
LOCAL_KEY = re.compile(r"[!-~]{1,13}\Z")
"""Local keys that fit into the block of a person key; rows with another have none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivationContext:
    """What a derivation needs beside the row.

    ``today``: the date in Asia/Shanghai as a canonical Date, one per operation. ``person_key``: the caller's consumer's
    pseudonym of an identity, ``None`` where there can be none (given by :mod:`authz`).
    """

    today: str
    person_key: Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Scalars a derived function takes, by position, and gives; ``is_list``: a list of them."""

    inputs: tuple[frozenset[ScalarType], ...]
    result: ScalarType
    is_list: bool = False


_DATE = frozenset({ScalarType.DATE})
_MOMENT = frozenset({ScalarType.DATE_TIME})
_NUMBER = frozenset({ScalarType.INT, ScalarType.FLOAT, ScalarType.FEN})
_TEXT = frozenset({ScalarType.STRING})
SIGNATURES: Mapping[DerivedFunction, Signature] = {
    DerivedFunction.YEARS_SINCE: Signature(inputs=(_DATE,), result=ScalarType.INT),
    DerivedFunction.RATIO: Signature(inputs=(_NUMBER, _NUMBER), result=ScalarType.FLOAT),
    DerivedFunction.YOUNGER_THAN_14: Signature(inputs=(_DATE,), result=ScalarType.BOOLEAN),
    DerivedFunction.SM3: Signature(inputs=(_TEXT,), result=ScalarType.STRING),
    DerivedFunction.PERSON_KEY: Signature(inputs=(_TEXT,), result=ScalarType.PERSON_KEY),
    DerivedFunction.ORG_LEVEL: Signature(inputs=(_TEXT,), result=ScalarType.INT),
    DerivedFunction.ORG_PATH: Signature(inputs=(_TEXT,), result=ScalarType.STRING, is_list=True),
    DerivedFunction.OVERDUE: Signature(inputs=(_DATE, _MOMENT), result=ScalarType.BOOLEAN),
    DerivedFunction.WITHIN_30_DAYS: Signature(inputs=(_MOMENT,), result=ScalarType.BOOLEAN),
}


def derive(function: DerivedFunction) -> Callable[..., Canonical | list[str]]:
    """The function itself, called with its inputs by position and then the `DerivationContext`."""
    match function:
        case DerivedFunction.YEARS_SINCE:
            return years_since
        case DerivedFunction.RATIO:
            return ratio
        case DerivedFunction.YOUNGER_THAN_14:
            return younger_than_14
        case DerivedFunction.SM3:
            return sm3
        case DerivedFunction.PERSON_KEY:
            return person_key
        case DerivedFunction.ORG_LEVEL:
            return org_level
        case DerivedFunction.ORG_PATH:
            return org_path
        case DerivedFunction.OVERDUE:
            return overdue
        case DerivedFunction.WITHIN_30_DAYS:
            return within_30_days
        case _:
            assert_never(function)


def years_since(day: str | None, context: DerivationContext) -> int | None:
    """Whole years from ``day`` to today; null for a day to come. Who is born on 29 February turns on 1 March."""
    if day is None or day > context.today:
        return None
    return int(context.today[:4]) - int(day[:4]) - (context.today[5:] < day[5:])


def ratio(part: float | None, whole: float | None, context: DerivationContext) -> float | None:
    """``part / whole``; null when ``whole`` is 0."""
    return None if part is None or not whole else part / whole


def younger_than_14(birth_date: str | None, context: DerivationContext) -> bool:
    """Whether the 14th birthday is still to come; true for a missing birth date (D2)."""
    years = years_since(birth_date, context)
    return years is None or years < CHILD_AGE


def sm3(identity: str | None, context: DerivationContext) -> str | None:
    """Lower-case hex SM3 (GB/T 32905) of a normalised ID number; null for a local identity."""
    return None if identity is None or identity.startswith(LOCAL_IDENTITY) else sm3_of(identity)


def sm3_of(text: str) -> str:
    """Lower-case hex SM3 of a text's UTF-8 bytes."""
    digest = Hash(SM3())
    digest.update(text.encode())
    return digest.finalize().hex()


def person_key(identity: str | None, context: DerivationContext) -> str | None:
    """The consumer's pseudonym of a person identity (D10); null for a local identity that fits no key."""
    return None if identity is None else context.person_key(identity)


def org_level(org_code: str | None, context: DerivationContext) -> int | None:
    """Depth of a Party organisation code: 1 for the first three digits alone, 5 at most; null for another shape."""
    if org_code is None:
        return None
    try:
        return len(subtree_prefix(Tree.ORG, org_code)) // 3
    except ValueError:
        return None


def org_path(org_code: str | None, context: DerivationContext) -> list[str] | None:
    """The codes from the root of the tree to the organisation itself, 15 digits each; null for another shape."""
    level = org_level(org_code, context)
    if org_code is None or level is None:
        return None
    return [org_code[: 3 * depth].ljust(15, "0") for depth in range(1, level + 1)]


def overdue(due: str | None, ended: str | None, context: DerivationContext) -> bool | None:
    """Whether it ended after the day it was due, or has not ended and the day is past; null without a due date."""
    if due is None:
        return None
    return (context.today if ended is None else ended[:10]) > due


def within_30_days(moment: str | None, context: DerivationContext) -> bool:
    """Whether ``moment`` is missing, or lies at most 30 calendar days before today, or after it."""
    if moment is None:
        return True
    earliest = date.fromisoformat(context.today) - timedelta(days=RECENT_DAYS)
    return moment[:10] >= earliest.isoformat()
