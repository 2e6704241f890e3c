"""S2's events: the month's activities and attendance, and the dues of every bound member."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from demo.city.branches import Platform, PlatformBranch, User
from demo.city.defects import DEFECTS, FLOOR, Ledger
from demo.city.edition import MONTH_START, TODAY, TWELVE_MONTHS_UP_TO, stream
from demo.city.identifiers import account
from demo.city.names import PLACE_STEMS
from demo.city.organisations import Organisation
from demo.city.personas import PERSONAS

Row = tuple[object, ...]
_BEFORE_THE_MONTH = 10_000_000
_OWN_BRANCHES = frozenset(persona.branch for persona in PERSONAS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """``share``: branches that hold it this month; ``reach``: how many of the users are expected, at most ``most``."""

    code: int
    title: str
    share: float
    reach: float = 1.0
    most: int = 200
    hour: int = 15


_KINDS = (
    _Kind(code=5, title="主题党日：学习新时代中国特色社会主义思想", share=0.93),
    _Kind(code=2, title="支部委员会会议", share=0.62, most=5, hour=9),
    _Kind(code=1, title="第三季度支部党员大会", share=0.34),
    _Kind(code=3, title="党小组会", share=0.27, reach=0.4, most=10, hour=19),
    _Kind(code=4, title="党课：牢记初心使命", share=0.18),
    _Kind(code=6, title="专题组织生活会", share=0.05),
    _Kind(code=7, title="民主评议党员", share=0.03),
    _Kind(code=8, title="谈心谈话", share=0.06, most=2, hour=10),
)


class _Pacer:
    """Says yes at an even pace: ``rate`` of the calls, or often enough for the defect's floor among ``expected``.

    ``phase``: pacers that share their calls start apart, or equally rare defects would fall on the same rows.
    """

    def __init__(self, code: str, expected: int, phase: float = 0.5) -> None:
        self._rate = max(DEFECTS[code].rate, min(FLOOR * 1.15 / max(expected, 1), 0.12))
        self._sum = phase

    def due(self) -> bool:
        self._sum += self._rate
        if self._sum < 1:
            return False
        self._sum -= 1
        return True


@dataclass(frozen=True, slots=True)
class Activity:
    """What attendance needs of an activity: when it began, whom it expected and which branch held it."""

    id: int
    branch: PlatformBranch
    started: str
    expected: Sequence[User]


class OrgLife:
    """Events of a city's platform, once its branches and users have been streamed."""

    def __init__(
        self, seed: int, scale: float, organisations: Sequence[Organisation], platform: Platform, ledger: Ledger
    ) -> None:
        self._seed, self._scale = seed, scale
        self._organisations, self._platform, self._ledger = organisations, platform, ledger
        self._activities: list[Activity] = []

    def activities(self) -> Iterator[Row]:
        """Rows of ``org_life_activity``: what each branch held in the month."""
        rng = stream(self._seed, "activities")
        expected = round(len(self._platform.branches) * sum(kind.share for kind in _KINDS) * 0.9)
        late = _Pacer("ACTIVITY_LATE", expected)
        order = _Pacer("ACTIVITY_TIME_ORDER", expected, phase=0.15)
        gone = _Pacer("ACTIVITY_DELETED", expected, phase=0.85)
        key = _BEFORE_THE_MONTH
        for branch in self._platform.branches:
            organisation = self._organisations[branch.organisation]
            users = self._platform.users.get(branch.organisation, [])
            own = organisation.code in _OWN_BRANCHES
            for kind in _KINDS:
                chance = 1.0 if own and kind.code == 5 else kind.share * (0.3 if branch.second else 1.0)
                if rng.random() >= chance:
                    continue
                key += 1
                is_late = not own and late.due()
                day = MONTH_START + timedelta(days=int(rng.random() * (12 if is_late else 28)))
                start = f"{day} {kind.hour:02d}:{rng.choice(('00', '30'))}:00+08"
                attendants = _some(rng, users, kind)
                if not own and order.due():
                    self._ledger.add("ACTIVITY_TIME_ORDER", key)
                    end = f"{day} {kind.hour - 2:02d}:10:00+08"
                else:
                    end = f"{day} {kind.hour + 1 + int(rng.random() * 2):02d}:{rng.choice(('00', '20', '45'))}:00+08"
                if is_late:
                    self._ledger.add("ACTIVITY_LATE", key)
                    entered = day + timedelta(days=15 + int(rng.random() * ((TODAY - day).days - 15)))
                else:
                    entered = min(day + timedelta(days=int(rng.random() * 4)), TODAY)
                deleted = None
                if not own and gone.due():
                    self._ledger.add("ACTIVITY_DELETED", key)
                    deleted = f"{TODAY} 09:00:00+08"
                self._activities.append(Activity(key, branch, start, attendants))
                yield (
                    key,
                    branch.id,
                    kind.code,
                    kind.title,
                    f"{organisation.short.removesuffix('党支部')}会议室",
                    rng.choice(users).member.name if users and rng.random() < 0.8 else None,
                    f"围绕“{kind.title}”开展学习讨论，{PLACE_STEMS[int(rng.random() * 600)]}工作安排同步研究。",
                    len(attendants),
                    start,
                    end,
                    f"{entered} 21:{int(rng.random() * 60):02d}:00+08",
                    deleted,
                )

    def attendance(self) -> Iterator[Row]:
        """Rows of ``activity_attendance``: one per person expected, some strangers, some twice."""
        rng = stream(self._seed, "attendance")
        expected = sum(len(activity.expected) for activity in self._activities)
        stranger, again = _Pacer("ATTENDANCE_TRANSFERRED", expected), _Pacer("ATTENDANCE_REPEATED", expected)
        branches = [number for number, users in self._platform.users.items() if users]
        key = _BEFORE_THE_MONTH
        for activity in self._activities:
            for expected_user in activity.expected:
                user = expected_user
                key += 1
                if stranger.due():
                    branch = branches[int(rng.random() * len(branches))]
                    if branch != activity.branch.organisation:
                        user = self._platform.users[branch][0]
                        self._ledger.add("ATTENDANCE_TRANSFERRED", key)
                draw = rng.random()
                status = 1 if draw < 0.82 else 2 if draw < 0.90 else 3 if draw < 0.96 else 4
                yield _attendance(rng, key, activity, user, status, 0)
                if again.due():
                    key += 1
                    self._ledger.add("ATTENDANCE_REPEATED", key)
                    yield _attendance(rng, key, activity, user, 1, 7)

    def dues(self) -> Iterator[Row]:
        """Rows of ``dues_payment``: one per user and month, a few reversed by a negative row of the next id."""
        rng = stream(self._seed, "dues")
        users = [user for group in self._platform.users.values() for user in group]
        months = _months(12 if self._scale <= TWELVE_MONTHS_UP_TO else 1)
        reversal = _Pacer("DUES_REVERSAL", len(users) * len(months))
        key = _BEFORE_THE_MONTH
        for user in users:
            base, rate, due = dues_of(rng, user.member.post, user.member.age)
            arrears = len(months) if rng.random() < 0.015 else int(rng.random() * 4) if rng.random() < 0.06 else 0
            for n, month in enumerate(months):
                key += 1
                unpaid = n >= len(months) - arrears
                partly = not unpaid and rng.random() < 0.003
                paid = 0 if unpaid else due // 2 if partly else due
                channel = None if unpaid else rng.choices((1, 2, 3, 4), (55, 20, 15, 10))[0]
                payer = None if channel in (None, 4) else account(rng)
                at = None if unpaid else f"{month + timedelta(days=3 + int(rng.random() * 24))} 10:30:00+08"
                yield key, user.id, month, base, rate, due, paid, channel, payer, at, None
                if not unpaid and not partly and reversal.due():
                    original = key
                    key += 1
                    self._ledger.add("DUES_REVERSAL", key)
                    yield key, user.id, month, base, rate, 0, -paid, channel, payer, at, original


def _months(count: int) -> list[date]:
    """The first days of the last ``count`` months, in order."""
    last = MONTH_START.year * 12 + MONTH_START.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(last - count + 1, last + 1)]


def _some(rng: random.Random, users: Sequence[User], kind: _Kind) -> Sequence[User]:
    """Whom a meeting expects: the first ones (the committee sits there) or, for a group, a slice."""
    count = min(kind.most, max(1, round(len(users) * kind.reach)))
    if kind.reach == 1.0 or len(users) <= count:
        return users[:count]
    start = int(rng.random() * (len(users) - count))
    return users[start : start + count]


def _attendance(rng: random.Random, key: int, activity: Activity, user: User, status: int, minutes: int) -> Row:
    place: tuple[float | None, float | None] = (None, None)
    if status == 1:
        place = (round(111.2 + rng.random() * 0.8, 6), round(28.9 + rng.random() * 0.9, 6))
    at = f"{activity.started[:14]}{(20 + minutes + int(rng.random() * 20)):02d}:00+08" if status in (1, 4) else None
    reason = rng.choice(("外出务工", "因病请假", "公务出差", "家中有事")) if status == 2 else None
    return key, activity.id, user.id, status, at, *place, reason


def dues_of(rng: random.Random, post: str, age: float) -> tuple[int | None, int | None, int]:
    """Base (fen), rate (1/10000) and monthly dues (fen) by the rule of 2008; flat dues have neither base nor rate."""
    if post == "41":
        return None, None, 20
    if post == "12":
        return None, None, rng.choice((20, 50, 50, 100))
    base = int(rng.lognormvariate(8.25 if post != "51" else 8.0, 0.38)) * 100
    if post == "51":
        rate = 50 if base <= 500_000 else 100
    else:
        rate = 50 if base <= 300_000 else 100 if base <= 500_000 else 150 if base <= 1_000_000 else 200
    return base, rate, base * rate // 10_000
