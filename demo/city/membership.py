"""What the other sources must know of S1's members, and where members may live."""

from dataclasses import dataclass, field

from demo.city.divisions import COUNTIES, divisions
from demo.city.people import Person


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A live member, each person once. ``branch``: index of the organisation they belong to, whatever the row says."""

    member_no: int
    id_number: str
    name: str
    mobile: str
    branch: int
    post: str
    age: float


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A member who is also on S3's register."""

    person: Person
    probationary: bool
    education: str


@dataclass(slots=True)
class Membership:
    """What the stream of members leaves behind, complete once it is exhausted.

    ``former`` are the member numbers of people who left and whose rows are soft-deleted.
    """

    enrolled: list[Enrolled] = field(default_factory=list)
    staff: dict[str, list[StaffMember]] = field(default_factory=dict)
    secretaries: dict[str, str] = field(default_factory=dict)
    former: list[int] = field(default_factory=list)


def addresses(seed: int) -> list[list[str]]:
    """Addresses down to the village, county by county."""
    names = {row.div_code: row.name for row in divisions(seed)}
    found: list[list[str]] = []
    for county in COUNTIES:
        places = [row for row in divisions(seed) if row.level == 5 and row.div_code.startswith(county.code)]
        found.append([f"湖南省常德市{county.name}{names[row.div_code[:9]]}{row.name}" for row in places])
    return found
