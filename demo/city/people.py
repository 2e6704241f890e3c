"""Drawing people: sex, birth date, ID number, name, ethnic group, as the statistics of the city have them.

Shares are those of the national bulletin on Party members for 2017; the ethnic groups are spread as in Changde, most of
them in Shimen.
"""

import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from demo.city.divisions import COUNTIES
from demo.city.edition import TODAY
from demo.city.identifiers import ID_PREFIXES, id_number
from demo.city.names import person_name
from demo.city.personas import PERSONAS

WOMEN_AMONG_MEMBERS, WOMEN_AMONG_STAFF = 0.267, 0.42
OUTSIDERS = 0.05
"""Share of people whose ID number was issued elsewhere (prefix 430799)."""

AGE_BANDS = ((18.2, 31), (31, 36), (36, 41), (41, 46), (46, 51), (51, 56), (56, 61), (61, 88))
MEMBER_AGE_SHARES = (14.9, 10.1, 9.2, 9.9, 9.9, 10.5, 7.4, 28.1)
"""Members by age band in percent: up to 30, 31-35, 36-40, 41-45, 46-50, 51-55, 56-60, 61 and older."""

STAFF_AGE_SHARES = (13.0, 14.0, 15.0, 17.0, 17.0, 15.0, 9.0, 0.0)

_MINORITIES = {
    "430726": (0.42, {"15": 90, "06": 3, "03": 2, "14": 2, "13": 1, "12": 1}),
    "430725": (0.045, {"05": 40, "15": 25, "03": 25, "06": 5}),
    "430722": (0.035, {"03": 60, "05": 25, "15": 10}),
    "430703": (0.03, {"03": 60, "05": 15, "15": 15}),
}
_ELSEWHERE = (0.018, {"15": 45, "03": 20, "06": 10, "11": 8, "08": 5, "12": 5, "13": 4, "02": 3})
_TODAY = TODAY.toordinal()


@dataclass(frozen=True, slots=True)
class Person:
    """Someone real to the city: what is true of them, whatever a source has written."""

    name: str
    male: bool
    born: date
    id_number: str
    ethnicity: str
    age: float


class People:
    """Draws people whose ID numbers differ from each other, from the personas' and from those already ``taken``."""

    def __init__(self, rng: random.Random, taken: Iterable[str] = ()) -> None:
        self._rng = rng
        self._taken = {persona.id_number for persona in PERSONAS}.union(taken)

    @property
    def numbers(self) -> Collection[str]:
        """Every ID number that is taken by now."""
        return self._taken

    def draw(
        self,
        county: int | None,
        *,
        women: float,
        age_shares: Sequence[float],
        ends_in_x: bool = False,
        rare_name: bool = False,
        older_than: float = 0.0,
    ) -> Person:
        """One person of a county (index in ``COUNTIES``; ``None``: of the city's own organs, at home in Wuling)."""
        rng = self._rng
        male = rng.random() >= women
        age = self._age(age_shares)
        if age < older_than:
            age += older_than - AGE_BANDS[0][0]
        born = date.fromordinal(_TODAY - int(age * 365.2425))
        plan = COUNTIES[county or 0]
        prefix = ID_PREFIXES[-1] if rng.random() < OUTSIDERS else plan.id_prefix
        number = self._number(prefix, born, male=male, ends_in_x=ends_in_x)
        ethnicity = self._ethnicity(plan.code)
        name = person_name(rng, male=male, ethnicity=ethnicity, rare=rare_name)
        return Person(name, male, born, number, ethnicity, age)

    def _age(self, shares: Sequence[float]) -> float:
        low, high = self._rng.choices(AGE_BANDS, cum_weights=tuple(accumulate(shares)))[0]
        return low + self._rng.random() * (high - low)

    def _number(self, prefix: str, born: date, *, male: bool, ends_in_x: bool) -> str:
        """A free ID number; sequences are tried from a random one upwards."""
        start = int(self._rng.random() * 499)
        for step in range(499):
            sequence = 2 * ((start + step) % 499) + (1 if male else 2)
            number = id_number(prefix, born, sequence)
            if (not ends_in_x or number[-1] == "X") and number not in self._taken:
                self._taken.add(number)
                return number
        raise ValueError(f"no free sequence number for {prefix} on {born}")

    def _ethnicity(self, county: str) -> str:
        rng = self._rng
        share, groups = _MINORITIES.get(county, _ELSEWHERE)
        if rng.random() >= share:
            return "01"
        return rng.choices(tuple(groups), tuple(groups.values()))[0]
