"""S1's transfers of membership over the last twelve months, and the disciplinary decisions of the last years."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from demo.city.defects import Ledger, spread
from demo.city.edition import TODAY, scaled, stream
from demo.city.membership import Enrolled, Membership
from demo.city.organisations import Organisation
from demo.city.personas import MEMBER, PERSONAS, SHIMEN_COMMITTEE, TOWN_OFFICE_BRANCH

FULL_TRANSFERS, FULL_DISCIPLINE = 26_000, 9_400
_PENDING = ("10", "20", "30", "40")
_YEAR = 365
_OWN = sum(persona.member_no is not None for persona in PERSONAS)
_ELSEWHERE = {
    "2": ("中共长沙市岳麓区委员会", "中共益阳市资阳区委员会", "中共张家界市慈利县委员会", "中共岳阳市华容县委员会"),
    "3": ("中共深圳市宝安区委员会", "中共东莞市委员会", "中共杭州市余杭区委员会", "中共武汉市洪山区委员会"),
    "4": ("中央驻湘某单位机关党委", "某部队政治工作部"),
}
_REASONS = (
    "违反中央八项规定精神，违规发放津补贴。",
    "履行监管职责不力，造成不良影响。",
    "违反生活纪律。",
    "酒后驾驶机动车。",
    "违规操办婚丧喜庆事宜。",
    "虚报冒领专项补助资金。",
)
Row = tuple[object, ...]


class Transfers:
    """Rows of ``DY_ZZGX``: within the city and out of it, done, on their way and failed."""

    def __init__(
        self, seed: int, scale: float, tree: Sequence[Organisation], membership: Membership, ledger: Ledger
    ) -> None:
        self._rng = rng = stream(seed, "transfers")
        self._tree, self._membership, self._ledger = tree, membership, ledger
        self._branches = [n for n, o in enumerate(tree) if o.holds_members and not o.deleted]
        self._total = scaled(FULL_TRANSFERS, scale)
        self._own = list(self._fixed())
        self._flaws = spread(rng, ("TRANSFER_TIME_ORDER",), range(len(self._own), self._total))

    def rows(self) -> Iterator[Row]:
        """One of the personas', some of one county that are old or about to expire, then the others at random."""
        for number, (member, kind, state, issued, days) in enumerate(self._own, 1):
            yield self._row(number, member, kind, state, TODAY - timedelta(days=issued), days)
        for number in range(len(self._own) + 1, self._total + 1):
            yield self._drawn(number)

    def _fixed(self) -> Iterator[tuple[Enrolled, str, str, int, int]]:
        """Member, kind, state, days since the letter was issued, days it is good for."""
        enrolled = self._membership.enrolled
        yield next(m for m in enrolled if m.id_number == MEMBER.id_number), "1", "50", 200, 60
        prefix = SHIMEN_COMMITTEE[:6]
        county = [m for m in enrolled if self._tree[m.branch].code.startswith(prefix)]
        office = next(m for m in county if self._tree[m.branch].code == TOWN_OFFICE_BRANCH)
        yield office, "1", "40", 75, 90
        for n, course in enumerate(
            (("1", "20", 82, 90), ("2", "30", 68, 90), ("1", "40", 55, 60), ("3", "30", 27, 30))
        ):
            yield county[(n + 1) * len(county) // 6], *course

    def _drawn(self, number: int) -> Row:
        rng = self._rng
        issued = TODAY - timedelta(days=int(rng.random() * _YEAR))
        age = (TODAY - issued).days
        days = rng.choice((30, 60, 90))
        kind = rng.choices(("1", "2", "3", "4"), (70, 14, 14, 2))[0]
        draw = rng.random()
        flawed = number - 1 in self._flaws
        if flawed or draw > (0.75 if age < 30 else 0.06):
            state = "50" if flawed or rng.random() < 0.95 else rng.choice(("60", "70"))
        else:
            state = "80" if age > days and rng.random() < 0.7 else _PENDING[int(rng.random() * 4)]
        row = self._row(number, self._member(kind, state), kind, state, issued, days)
        if not flawed:
            return row
        self._ledger.add("TRANSFER_TIME_ORDER", row[0])
        return (*row[:10], f"{issued - timedelta(days=1 + int(rng.random() * 20)):%Y%m%d}", row[11])

    def _member(self, kind: str, state: str) -> Enrolled | int:
        """Who moves: a member, or by number one who has left the city."""
        former = self._membership.former
        if kind != "1" and state == "50" and former:
            return former[int(self._rng.random() * len(former))]
        enrolled = self._membership.enrolled
        return enrolled[int(self._rng.random() * len(enrolled))]

    def _row(self, number: int, member: Enrolled | int, kind: str, state: str, issued: date, days: int) -> Row:
        rng = self._rng
        here = self._somewhere() if isinstance(member, int) else self._tree[member.branch].code
        there = self._somewhere(but=here) if kind == "1" else None
        if there is not None and state == "50":
            here, there = there, here
        accepted = min(issued + timedelta(days=1 + int(rng.random() * min(days, 40))), TODAY)
        elsewhere = rng.choice(_ELSEWHERE[kind]) if kind != "1" else None
        return (
            f"ZZ{issued:%Y%m%d}{number:06d}",
            member if isinstance(member, int) else member.member_no,
            here,
            there,
            elsewhere,
            kind,
            state,
            f"常组介〔{issued.year}〕{number:05d}号",
            f"{issued:%Y%m%d}",
            f"{issued + timedelta(days=days):%Y%m%d}",
            f"{accepted:%Y%m%d}" if state == "50" else "",
            f"{issued.replace(day=1) - timedelta(days=1 if rng.random() < 0.9 else 70):%Y%m}",
        )

    def _somewhere(self, but: str = "") -> str:
        while True:
            code = self._tree[self._branches[int(self._rng.random() * len(self._branches))]].code
            if code != but:
                return code


def discipline_rows(seed: int, scale: float, tree: Sequence[Organisation], membership: Membership) -> Iterator[Row]:
    """Rows of ``DY_CF``: decisions about members, expulsions about former ones; the personas have none."""
    rng = stream(seed, "discipline")
    enrolled, former = membership.enrolled, membership.former
    in_town = [m for m in enrolled[_OWN:] if tree[m.branch].code == TOWN_OFFICE_BRANCH]
    for number in range(1, scaled(FULL_DISCIPLINE, scale) + 1):
        kind = rng.choices(("01", "02", "03", "04", "05"), (52, 25, 4, 12, 7))[0] if number > 1 else "01"
        expelled = kind == "05" and bool(former)
        member = in_town[0] if number == 1 else enrolled[_from(rng, _OWN, len(enrolled))]
        decided = TODAY - timedelta(days=20 + int(rng.random() ** 2 * 3_000))
        yield (
            number,
            former[_from(rng, 0, len(former))] if expelled else member.member_no,
            kind,
            f"{decided:%Y%m%d}",
            rng.choice(_REASONS),
        )


def _from(rng: random.Random, first: int, end: int) -> int:
    return first + int(rng.random() * (end - first))
