"""Party organisations of S1: what one is, and how many of each type the whole city has."""

from dataclasses import dataclass

from demo.city.units import Unit

FULL_TYPES = {"611": 740, "621": 970, "631": 13_180, "632": 260, "911": 8, "921": 6, "931": 30, "932": 6}
"""Live organisations by type at full scale; 611 committee, 621 general branch, 631 branch, 632 joint, 9xx temporary."""

FULL_LIVE, FULL_ROWS = 15_200, 15_640
BRANCH_TYPES = frozenset(("631", "632", "931", "932"))
ENDINGS = {
    "611": ("委员会", "党委"),
    "621": ("总支部委员会", "党总支"),
    "631": ("支部委员会", "党支部"),
    "632": ("联合支部委员会", "联合党支部"),
    "911": ("临时委员会", "临时党委"),
    "921": ("临时总支部委员会", "临时党总支"),
    "931": ("临时支部委员会", "临时党支部"),
    "932": ("临时联合支部委员会", "临时联合党支部"),
}
"""How full and short names of a type end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A Party organisation. ``sector``: village, unit, town, enterprise, temporary or committee.

    ``host`` is its S3 unit; enterprises have ``host_name`` and ``host_uscc`` alone. ``county``: index in ``COUNTIES``,
    ``None`` for what lies directly under the city. ``situation``: 1 as its superior, 2 a legal person, 3 joint branch.
    """

    code: str
    name: str
    short: str
    type: str
    parent: str | None
    sector: str
    div_code: str
    county: int | None
    host: Unit | None = None
    host_name: str = ""
    host_uscc: str = ""
    situation: str = "1"
    deleted: bool = False

    @property
    def holds_members(self) -> bool:
        """Whether members are registered in it (in branches, never in committees)."""
        return self.type in BRANCH_TYPES


def stem(code: str) -> str:
    """The digits of a code's own levels: trailing zeros cut in groups of three."""
    while code.endswith("000"):
        code = code[:-3]
    return code


def organisation_code(digits: str) -> str:
    """The 15-digit code of a stem."""
    return digits.ljust(15, "0")
