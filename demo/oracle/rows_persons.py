"""Persons: what each source knows of one, put together by which source is the authority for which field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from demo.oracle.identity import held_birth, held_sex, normal_id
from demo.oracle.reading import years
from demo.oracle.rows import Failed, Row

SOURCES = ("s4", "s3", "s1", "s5")
"""Where persons are known, in the order in which an answer names them and believes them."""
_AUTHORITY = {
    "birthDate": ("s1", "s3", "s4", "s5"),
    "politicalStatus": ("s1", "s3", "s4", "s5"),
    "mobile": ("s4", "s5", "s1"),
    "homeAddress": ("s1", "s4"),
    "education": ("s3", "s1"),
}
"""S3 knows the month of birth only, S4 and S5 what the ID number holds; S3's political status is a cross-check."""
_FIELDS = (
    "identity", "idNumber", "name", "sex", "birthDate", "ethnicity", "politicalStatus", "education", "mobile",
    "homeAddress", "realNameVerified",
)  # fmt: skip
_REGISTERS = ("s1", "s3")
"""Sources with a row a person; in the others each case and each shop names somebody."""
_MONTH = "DATE_PRECISION_MONTH"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person as put together from ``sources``; ``duplicated``: some register has two rows of this identity."""

    row: Row
    sources: tuple[str, ...]
    duplicated: bool


def merged(identity: str, parts: Mapping[str, Sequence[Row]], today: date) -> Person:
    """One row out of the first of each source's rows. A defect counts where no source of more authority gave a value.

    Two sources that disagree about a field are a CONFLICT, whichever is believed.
    """
    values: dict[str, Any] = {}
    flaws: dict[str, tuple[str, ...]] = {}
    winners = {source: parts[source][0] for source in SOURCES if source in parts}
    for name in _FIELDS:
        order = [source for source in _AUTHORITY.get(name, SOURCES) if source in winners]
        found: dict[str, None] = {}
        values[name] = None
        for part in (winners[source] for source in order):
            if values[name] is None and name in part.values:
                values[name] = part[name]
                found |= dict.fromkeys(part.flaws.get(name, ()))
        if name != "identity" and _disagree(name, list(winners.values())):
            found[f"CONFLICT({name})"] = None
        flaws[name] = tuple(found)
    age, _ = years((values["birthDate"], None), today)
    values |= {"personKey": identity, "age": age, "isMinorUnder14": age is None or age < 14}
    flaws |= {"age": flaws["birthDate"], "isMinorUnder14": flaws["birthDate"]}
    failed = dict.fromkeys(check for part in winners.values() for check in _failed(part, today))
    return Person(
        row=Row(
            entity="Person",
            source="*",
            key=identity,
            values=values,
            flaws=flaws,
            failed=tuple(sorted(failed, key=lambda check: check.code)),
        ),
        sources=tuple(winners),
        duplicated=any(len(parts.get(source, ())) > 1 for source in _REGISTERS),
    )


def _disagree(name: str, parts: Sequence[Row]) -> bool:
    """Dates of which one is known by the month are compared by the month."""
    given = [part for part in parts if part.values.get(name) is not None]
    by_month = any(_MONTH in part.flaws.get(name, ()) for part in given)
    return len({part[name][:7] if by_month else part[name] for part in given}) > 1


def _failed(part: Row, today: date) -> list[Failed]:
    """Whether a source's ID number holds another birth date or sex than it states."""
    number = normal_id(part["idNumber"], today)
    if number is None:
        return []
    found = []
    held, birth = held_birth(number), part.values.get("birthDate")
    length = 7 if _MONTH in part.flaws.get("birthDate", ()) else 10
    if birth is not None and birth[:length] != held[:length]:
        found.append(Failed("ID_BIRTH_MISMATCH", ("idNumber", "birthDate")))
    sex = part.values.get("sex")
    if sex in ("1", "2") and sex != held_sex(number):
        found.append(Failed("ID_SEX_MISMATCH", ("idNumber", "sex")))
    return found
