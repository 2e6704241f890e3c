"""The benchmark's data: deterministic, synthetic, scaled by the number of Party members.

Database ``a`` holds the organisation tree, the members and the public units; database ``b`` the staff register keyed by
ID number, and enterprises. ID numbers lie in the synthetic ranges 430790-430799 with correct check characters, mobiles
in the unissued block 164. Members are numbered in organisation order, as a register filled branch by branch is.
Neighbour: :mod:`benchmarks.database` loads these rows.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from typing import Any

FULL_MEMBERS = 320_000
LEAST_MEMBERS = 20_000
COUNTIES = 14
SCOPE_ORG = "001007000000000"
"""The county organisation that the row-scoped caller belongs to; every timed page lies inside it."""

_SEED = 430_700
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_FIRST_BIRTH = date(1945, 1, 1)
_BIRTH_DAYS = 20_089  # a prime, up to 1999-12-31: strides through it visit every day
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
_GIVEN = "明华建国志强文斌秀英玉兰桂芳晓红海燕丽娟平伟军磊静敏涛超勇艳杰霞"

SCHEMA_A = """
CREATE TABLE party_org (
    org_code text PRIMARY KEY, org_no integer NOT NULL UNIQUE, parent_code text, name text NOT NULL,
    type_code text NOT NULL, div_code text NOT NULL, founded_on date);
CREATE TABLE party_member (
    member_no integer PRIMARY KEY, name text NOT NULL, sex text NOT NULL, birth_date date NOT NULL,
    id_number text NOT NULL, mobile text, org_code text NOT NULL, joined_on date NOT NULL, category text NOT NULL,
    occupation text NOT NULL, education text, updated_at timestamptz NOT NULL);
CREATE TABLE public_unit (
    unit_code text PRIMARY KEY, name text NOT NULL, unit_type text NOT NULL, div_code text NOT NULL, posts integer);
"""
INDEXES_A = """
CREATE INDEX ON party_org (parent_code);
CREATE INDEX ON party_member (org_code, member_no);
CREATE UNIQUE INDEX ON party_member (id_number);
"""
SCHEMA_B = """
CREATE TABLE staff (
    id_number text PRIMARY KEY, staff_no integer NOT NULL UNIQUE, name text NOT NULL, unit_code text NOT NULL,
    post_name text NOT NULL, post_type text NOT NULL, entered_on date NOT NULL);
CREATE TABLE enterprise (
    registration_no text PRIMARY KEY, name text NOT NULL, div_code text NOT NULL, employees integer);
"""
INDEXES_B = "CREATE INDEX ON staff (unit_code);"

Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """All rows by table name, in the column order of the schemas above."""

    a: dict[str, Rows]
    b: dict[str, Rows]


def check_character(first_17: str) -> str:
    """Check character of an ID number (GB 11643, ISO 7064 MOD 11-2)."""
    remainder = sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True)) % 11
    return _CHECK_CHARACTERS[remainder]


def build_dataset(members: int) -> Dataset:
    """Every row for ``members`` Party members; the other tables keep their proportion to it.

    Raises ``ValueError`` below ``LEAST_MEMBERS``: the questions' pages would no longer fill.
    """
    if members < LEAST_MEMBERS:
        raise ValueError(f"the questions need at least {LEAST_MEMBERS} members")
    scale = members / FULL_MEMBERS
    draw = random.Random(_SEED)
    organisations = _organisations(round(15_000 * scale), towns=max(2, round(24 * scale)))
    branches = [row[0] for row in organisations if row[4] == "branch"]
    people = _People(draw)
    members_rows = list(_members(members, branches, people, draw))
    units = [
        (f"U{number:06}", f"单位{number:06}", draw.choice("1234"), _division(draw.randrange(COUNTIES)), 5 + number % 90)
        for number in range(round(3_900 * scale))
    ]
    staff_size = round(100_000 * scale)
    staff = list(_staff(staff_size, members_rows, [unit[0] for unit in units], people, draw))
    enterprises = [
        (f"E{number:09}", f"企业{number:06}", _division(draw.randrange(COUNTIES)), draw.randrange(1, 900))
        for number in range(round(20_000 * scale))
    ]
    return Dataset(
        a={"party_org": organisations, "party_member": members_rows, "public_unit": units},
        b={"staff": staff, "enterprise": enterprises},
    )


def _division(county: int) -> str:
    return f"4307{county + 1:02}"


def _organisations(size: int, *, towns: int) -> list[tuple[Any, ...]]:
    """City, counties, towns, branches spread evenly below the towns; numbered in the order of their codes.

    Codes have three digits a level.
    """
    rows: list[tuple[Any, ...]] = [("001" + "0" * 12, None, "市委", "city", "430700", _FIRST_BIRTH)]
    below: list[tuple[str, str]] = []
    for county in range(1, COUNTIES + 1):
        county_code = f"001{county:03}" + "0" * 9
        rows.append((county_code, rows[0][0], f"第{county}县委", "county", _division(county - 1), _FIRST_BIRTH))
        for town in range(1, towns + 1):
            code = f"001{county:03}{town:03}" + "0" * 6
            rows.append((code, county_code, f"第{county}县{town}镇党委", "town", _division(county - 1), _FIRST_BIRTH))
            below.append((code, _division(county - 1)))
    per_town, over = divmod(size - len(rows), len(below))
    for index, (town_code, division) in enumerate(below):
        for branch in range(1, per_town + (index < over) + 1):
            code = f"{town_code[:9]}{branch:03}000"
            founded = _FIRST_BIRTH + timedelta(days=5_000 + (index * 37 + branch * 101) % 20_000)
            rows.append((code, town_code, f"支部{code[3:12]}", "branch", division, founded))
    return [(row[0], number, *row[1:]) for number, row in enumerate(sorted(rows, key=itemgetter(0)), start=1)]


class _People:
    """Draws distinct synthetic persons: within an ID prefix every birth day is used before a sequence repeats."""

    def __init__(self, draw: random.Random) -> None:
        self._draw = draw
        self._drawn = [0] * 10

    def person(self, range_digit: int) -> tuple[str, str, date, str]:
        """``(name, sex, birth date, ID number)``; ``range_digit`` is the last digit of the prefix 43079x."""
        turn, day = divmod(self._drawn[range_digit] * 7_919, _BIRTH_DAYS)
        lap = self._drawn[range_digit] // _BIRTH_DAYS
        self._drawn[range_digit] += 1
        sex = "1" if (turn + day) % 2 else "2"
        born = _FIRST_BIRTH + timedelta(days=day)
        first_17 = f"43079{range_digit}{born:%Y%m%d}{2 * lap + int(sex == '1'):03}"
        given = self._draw.choice(_GIVEN) + (self._draw.choice(_GIVEN) if self._draw.random() < 0.7 else "")
        return self._draw.choice(_SURNAMES) + given, sex, born, first_17 + check_character(first_17)


def _members(size: int, branches: list[str], people: _People, draw: random.Random) -> Iterator[tuple[Any, ...]]:
    updated = datetime(2024, 1, 1, tzinfo=UTC)
    for index, branch in enumerate(sorted(draw.randrange(len(branches)) for _ in range(size))):
        code = branches[branch]
        name, sex, born, id_number = people.person(int(code[3:6]) % 9)
        yield (
            100_001 + index,
            name,
            sex,
            born,
            id_number,
            None if draw.random() < 0.03 else f"164{draw.randrange(10**8):08}",
            code,
            born + timedelta(days=7_000 + draw.randrange(1_000)),
            "2" if draw.random() < 0.04 else "1",
            "public" if draw.random() < 0.25 else draw.choice(("farming", "trade", "retired")),
            None if draw.random() < 0.05 else draw.choice(("10", "20", "30", "40", "60")),
            updated + timedelta(seconds=draw.randrange(10**7)),
        )


def _staff(
    size: int, members: list[tuple[Any, ...]], units: list[str], people: _People, draw: random.Random
) -> Iterator[tuple[Any, ...]]:
    """Every member of occupation ``public`` has a post; outsiders of the range 430799 fill the register up."""
    inside = [(member[4], member[1]) for member in members if member[9] == "public"]
    outside = ((person[3], person[0]) for person in (people.person(9) for _ in range(max(0, size - len(inside)))))
    for staff_no, (id_number, name) in enumerate([*inside, *outside], start=1):
        yield (
            id_number,
            staff_no,
            name,
            draw.choice(units),
            draw.choice(("科员", "教师", "医师", "会计", "工程师")),
            draw.choice("12345"),
            date(1990, 1, 1) + timedelta(days=draw.randrange(12_000)),
        )
