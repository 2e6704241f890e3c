"""What members do and learnt, and when they joined: drawn so that the whole city has the bulletin's shares."""

import random
from datetime import date, timedelta

from demo.city.codes import POST_SHARE
from demo.city.edition import TODAY

_LIKELY: dict[str, dict[str, float]] = {
    "village": {"12": 60, "51": 6, "61": 8, "11": 5, "22": 3, "21": 3, "31": 1, "41": 2},
    "town": {"31": 60, "21": 5, "22": 5, "51": 25, "12": 3, "41": 1, "61": 1, "11": 1},
    "unit": {"31": 22, "21": 35, "22": 14, "51": 25, "61": 3, "11": 2, "41": 4, "12": 0.5},
    "enterprise": {"11": 30, "21": 18, "22": 30, "61": 18, "51": 15, "12": 5, "41": 1, "31": 0.2},
    "temporary": {"11": 30, "21": 30, "22": 20, "61": 5, "31": 5, "12": 5, "51": 0.1, "41": 0.1},
}
"""Relative likelihood of a post by the sector of the branch, before the shares of the whole city pull on it."""

_COLLEGE = {"12": 0.12, "51": 0.30}
_COLLEGE_OTHERS = 0.752
"""Together 48.3 % of all members."""

_ABOVE = (("10", 8), ("20", 42), ("30", 50))
_BELOW = (("40", 17), ("60", 27), ("70", 42), ("80", 14))
EDUCATION_CODE = {"10": "14", "20": "21", "30": "31", "40": "41", "60": "61", "70": "71", "80": "81"}
"""S1's usual code for a group of GB/T 4658."""


class Occupations:
    """Deals posts to ``people`` members, one by one, towards the shares of :data:`POST_SHARE`."""

    def __init__(self, rng: random.Random, people: int) -> None:
        self._rng = rng
        self._share = {post: share / 100 for post, share in POST_SHARE.items()}
        self._left = {post: share * people for post, share in self._share.items()}
        self._people = people

    def draw(self, sector: str, age: float) -> str:
        """A post for someone of ``age`` in a branch of ``sector``; counts as dealt."""
        people = max(self._people, 1)
        weights = [
            likely * _age_factor(post, age) * max(self._left[post] / (self._share[post] * people), 0.02) ** 2
            for post, likely in _LIKELY[sector].items()
        ]
        return self.take(self._rng.choices(tuple(_LIKELY[sector]), weights)[0])

    def take(self, post: str) -> str:
        """Deal a given post."""
        self._left[post] -= 1
        self._people -= 1
        return post


def _age_factor(post: str, age: float) -> float:
    if post == "41":
        return 10.0 if age < 26 else 0.0
    if post == "51":
        return 0.0 if age < 51 else 0.3 if age < 60 else 3.0
    return 1.0 if age < 60 or post in ("12", "61") else 0.03


def education(rng: random.Random, post: str) -> str:
    """A group of GB/T 4658: 10, 20, 30 for college and above, else 40, 60, 70, 80."""
    groups = _ABOVE if rng.random() < _COLLEGE.get(post, _COLLEGE_OTHERS) else _BELOW
    return rng.choices([group for group, _ in groups], [weight for _, weight in groups])[0]


def joining(rng: random.Random, born: date, age: float) -> tuple[date, date | None]:
    """When someone joined and became a full member (``None``: still on probation, for a year)."""
    if age < 19.4 or (age < 45 and rng.random() < 0.036):
        return TODAY - timedelta(days=int(rng.random() * min(360, (age - 18.05) * 365)) + 1), None
    at = 18.1 + min(rng.expovariate(1 / 9), age - 19.3)
    joined = born + timedelta(days=int(at * 365.2425))
    return joined, joined + timedelta(days=365)
