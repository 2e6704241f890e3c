"""The defects of S1's member rows: dealt out before the first row is made, applied to single columns as rows pass."""

import random
from collections.abc import Sequence
from datetime import timedelta

from demo.city.careers import EDUCATION_CODE
from demo.city.defects import Ledger, spread
from demo.city.identifiers import mobile, old_id_number, other_check
from demo.city.names import lossy
from demo.city.people import Person
from demo.city.tables import DY_JBXX

AT = {column: n for n, column in enumerate(DY_JBXX.column_names)}
"""Position of each column in a row of ``DY_JBXX``."""

_IDENTITY = (
    "MEMBER_ID_15",
    "MEMBER_ID_LOWER_X",
    "MEMBER_ID_CHECKSUM",
    "MEMBER_ID_EMPTY",
    "MEMBER_BIRTH_MISMATCH",
    "MEMBER_SEX_MISMATCH",
)
_ORG = ("MEMBER_ORG_ORPHAN", "MEMBER_ORG_DELETED")
_DATES = ("MEMBER_DATE_ZERO", "MEMBER_DATE_IMPOSSIBLE", "MEMBER_DATE_SIX")
_STATUS = ("MEMBER_STATUS_CONFLICT", "MEMBER_STATUS_LEGACY")
_EDUCATION = ("MEMBER_EDUCATION_PRIVATE", "MEMBER_EDUCATION_UNMAPPED")
_NAME = ("MEMBER_NAME_LOSSY", "MEMBER_NAME_PADDED")
_MOBILE = ("MEMBER_MOBILE_SPELLING",)


class MemberFlaws:
    """Which of ``people`` (indexes) carry what. The personas come before them; who has a copied row is clean."""

    def __init__(
        self, rng: random.Random, people: range, twice: int, former: int, deleted_orgs: Sequence[str], ledger: Ledger
    ) -> None:
        self._rng, self._ledger, self._deleted_orgs = rng, ledger, deleted_orgs
        marked = rng.sample(people, twice + former)
        self.former = frozenset(marked[:former])
        """Members of whom an earlier, soft-deleted row is still there."""
        self.twice = frozenset(marked[former:])
        """Members with a second live row."""
        clean = self.former | self.twice
        candidates = [index for index in people if index not in clean]

        def deal(codes: Sequence[str]) -> dict[int, str]:
            return spread(rng, codes, candidates, base=people.stop)

        self._identity, self._org, self._dates = deal(_IDENTITY), deal(_ORG), deal(_DATES)
        self._status, self._education = deal(_STATUS), deal(_EDUCATION)
        self._name, self._mobile = deal(_NAME), deal(_MOBILE)

    def ends_in_x(self, index: int) -> bool:
        """Whether the member's ID number must end in X."""
        return self._identity.get(index) == "MEMBER_ID_LOWER_X"

    def born_before_2000(self, index: int) -> bool:
        """Whether the member must be born 19xx."""
        return self._identity.get(index) == "MEMBER_ID_15"

    def rare_name(self, index: int) -> bool:
        """Whether the member's name must hold a character that GBK lacks."""
        return self._name.get(index) == "MEMBER_NAME_LOSSY"

    def joins_by_id(self, index: int) -> bool:
        """Whether another source can find the member by ID number."""
        return self._identity.get(index) not in ("MEMBER_ID_CHECKSUM", "MEMBER_ID_EMPTY")

    def full_member(self, index: int) -> bool:
        """Whether the member must not be on probation."""
        return index in self._status or index in self._dates

    def apply(self, index: int, row: list[object], person: Person) -> None:
        """Spoil ``row`` as dealt and record it."""
        code: str | None
        number = row[AT["DYBH"]]
        if code := self._identity.get(index):
            self._spoil_identity(code, row, person)
            self._ledger.add(code, number)
        if code := self._org.get(index):
            row[AT["DZZDM"]] = self._spoilt_org(code, str(row[AT["DZZDM"]]))
            self._ledger.add(code, number)
        if code := self._dates.get(index):
            columns = ("RDRQ", "ZZRQ") if index in self._identity else ("RDRQ", "ZZRQ", "CSRQ")
            column = columns[int(self._rng.random() * len(columns))]
            date = str(row[AT[column]])
            row[AT[column]] = {
                "MEMBER_DATE_ZERO": "00000000",
                "MEMBER_DATE_IMPOSSIBLE": date[:4] + "0230",
                "MEMBER_DATE_SIX": date[:6],
            }[code]
            self._ledger.add(code, number, column)
        if code := self._status.get(index):
            row[AT["ZZMM"]] = "13" if code == "MEMBER_STATUS_CONFLICT" else "1"
            self._ledger.add(code, number)
        if code := self._education.get(index):
            high = row[AT["XL"]] in (EDUCATION_CODE["10"], EDUCATION_CODE["20"], EDUCATION_CODE["30"])
            row[AT["XL"]] = "7X" if code == "MEMBER_EDUCATION_UNMAPPED" else "2A" if high else "51"
            self._ledger.add(code, number)
        if code := self._name.get(index):
            padding = "\u3000" * (1 + int(self._rng.random() * 2))
            row[AT["XM"]] = lossy(person.name) if code == "MEMBER_NAME_LOSSY" else person.name + padding
            self._ledger.add(code, number)
        if code := self._mobile.get(index):
            digits = str(row[AT["SJHM"]] or mobile(self._rng))
            spaced = f"{digits[:3]} {digits[3:7]} {digits[7:]}"
            row[AT["SJHM"]] = spaced if self._rng.random() < 0.5 else f"+86{digits}"
            self._ledger.add(code, number)

    def _spoil_identity(self, code: str, row: list[object], person: Person) -> None:
        number = person.id_number
        match code:
            case "MEMBER_ID_15":
                row[AT["SFZH"]] = old_id_number(number)
            case "MEMBER_ID_LOWER_X":
                row[AT["SFZH"]] = number.lower()
            case "MEMBER_ID_CHECKSUM":
                row[AT["SFZH"]] = number[:-1] + other_check(number[-1])
            case "MEMBER_ID_EMPTY":
                row[AT["SFZH"]] = None if self._rng.random() < 0.5 else ""
            case "MEMBER_BIRTH_MISMATCH":
                row[AT["CSRQ"]] = f"{person.born + timedelta(days=29):%Y%m%d}"
            case _:
                row[AT["XB"]] = "2" if person.male else "1"

    def _spoilt_org(self, code: str, org: str) -> str:
        """An organisation that is soft-deleted, or a code beside the right one that nobody has."""
        if code == "MEMBER_ORG_DELETED":
            return self._deleted_orgs[int(self._rng.random() * len(self._deleted_orgs))]
        return f"{org[:6]}{990 + int(self._rng.random() * 10)}000000"
