"""S2's records of voluntary service at the service stations, each confirmed by another user."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from demo.city.branches import Platform, User
from demo.city.codes_services import VOLUNTEER_SERVICE
from demo.city.edition import TODAY, flow_rows, flow_start, stream
from demo.city.organisations import Organisation
from demo.city.personas import MEMBER, TOWN_OFFICE_BRANCH, TOWN_STATION
from demo.city.stations import stations

FULL_RECORDS = 600_000
_FIRST = 10_000_001
_SHARES = (25, 28, 27, 10, 4, 6)
Row = tuple[object, ...]


def volunteer_rows(seed: int, scale: float, tree: Sequence[Organisation], platform: Platform) -> Iterator[Row]:
    """Rows of ``volunteer_record``: two of the member persona's, some at the town's station, then all the others.

    They are at stations of the member's county; half of it is done by a quarter of the members.
    """
    rng = stream(seed, "volunteering")
    per_county: dict[int | None, list[str]] = {}
    for station in stations(seed, scale):
        per_county.setdefault(station.county, []).append(station.code)
    groups = [(number, users) for number, users in platform.users.items() if len(users) > 1]
    everybody = [(number, user) for number, users in groups for user in users]
    own = [(n, u) for n, u in everybody if u.member.id_number == MEMBER.id_number] * 2
    town = [(n, u) for n, u in everybody if tree[n].code == TOWN_OFFICE_BRANCH][:6]
    rng.shuffle(everybody)
    days = (TODAY - flow_start(scale)).days + 1
    kinds = tuple(int(code) for code in VOLUNTEER_SERVICE)
    fixed = [*((n, u, per_county[None][0]) for n, u in own), *((n, u, TOWN_STATION) for n, u in town)]
    for index in range(flow_rows(FULL_RECORDS, scale)):
        if index < len(fixed):
            number, user, code = fixed[index]
        else:
            number, user = everybody[int(rng.random() ** 2 * len(everybody))]
            near = per_county[tree[number].county]
            code = near[int(rng.random() * len(near))]
        today = len(own) <= index < len(own) + 2
        happened = TODAY - timedelta(days=0 if today else int(rng.random() * days))
        yield (
            _FIRST + index,
            user.id,
            code,
            rng.choices(kinds, _SHARES)[0],
            30 * (1 + int(rng.random() ** 2 * 12)),
            happened,
            _other(platform.users[number], user, rng.random()),
        )


def _other(users: Sequence[User], user: User, draw: float) -> str:
    """Another user of the same branch, mostly one of its first."""
    others = [other for other in users[:6] if other.id != user.id]
    return others[int(draw**2 * len(others))].id
