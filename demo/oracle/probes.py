"""Views of an answer and probes of its rows: the vocabulary in which the expectations of defects are written.

A `Probe` shows rows of one defect through a `View`, a document that lists rows by key or asks for one. ``holds``
judges one row of the answer (``None``: not listed) by the raw row that carries the defect; nothing here knows how the
hub reads it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from demo.oracle.facts import Facts, Node
from demo.oracle.raw import RawRow


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """``document`` lists ``root`` for ``$keys``; nodes are told apart by ``key``. ``role`` may see all it selects.

    ``attributes``: of the subject who asks. ``asks_as`` set: it gives them for a raw row, and the rows are asked for
    one by one, by ``$key``; other rows than that subject's own are then no matter.
    """

    role: str
    root: str
    key: str
    type: str
    inner: str
    number: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)
    asks_as: Callable[[Facts, RawRow], Mapping[str, str]] | None = None

    @property
    def document(self) -> str:
        """The query."""
        if self.asks_as is not None:
            return f"query ($key: {self.type}!) {{ {self.root}({self.key}: $key) {{ {self.inner} }} }}"
        where = f"where: {{{self.key}: {{in: $keys}}}}"
        return f"query ($keys: [{self.type}!]!) {{ {self.root}({where}, first: 500) {{ nodes {{ {self.inner} }} }} }}"


WHOLE_CITY = "430700"
ORGANISATIONS = View(
    role="city_org_admin", root="partyOrganisations", key="orgCode", type="String",
    inner="""orgCode type divCode division { name } foundedOn termEndsOn
      hostUnit { __typename ... on PublicUnit { uscc } ... on Enterprise { uscc } } _meta { quality }""",
)  # fmt: skip
MEMBERS = View(
    role="city_org_admin", root="partyMembers", key="memberNo", type="Int", number=True,
    inner="""memberNo category joinedOn fullMemberOn org { orgCode } dues(first: 100) { nodes { duesId } }
      attendances { totalCount } staffPost { staffNo } _meta { quality }
      person {
        name idNumber sex birthDate politicalStatus education mobile _meta { quality masked sources { connector } }
        staffPost { staffNo } partyMember { memberNo _meta { quality } }
      }""",
)  # fmt: skip
REGISTER = View(
    role="county_org_clerk", root="partyMember", key="memberNo", type="Int", number=True,
    inner="memberNo person { name idNumber _meta { quality } }",
    asks_as=lambda facts, member: {"orgCode": str(member["DZZDM"])[:6].ljust(15, "0")},
)  # fmt: skip
"""One member at a time, as the clerk of the member's county: ID numbers are then in clear."""
ACTIVITIES = View(
    role="city_org_admin", root="orgLifeActivities", key="activityId", type="Int", number=True,
    inner="activityId startedAt endedAt present org { orgCode }",
)  # fmt: skip
ATTENDANCES = View(
    role="city_org_admin", root="activityAttendances", key="attendanceId", type="Int", number=True,
    inner="attendanceId member { memberNo org { orgCode } } activity { activityId present attendances { totalCount } }",
)  # fmt: skip
DUES = View(
    role="city_org_admin", root="duesRecords", key="duesId", type="Int", number=True,
    inner="duesId paid reversalOf month member { memberNo }",
)  # fmt: skip
UNITS = View(
    role="city_org_admin", root="publicUnits", key="unitNo", type="String",
    inner="unitNo name uscc status actualStaff staff { totalCount } superior { uscc } _meta { quality }",
)  # fmt: skip
POSTS = View(
    role="city_org_admin", root="staffPosts", key="staffNo", type="String",
    inner="""staffNo unit { unitNo } _meta { quality }
      person { birthDate politicalStatus partyMember { memberNo category } _meta { quality sources { connector } } }""",
)  # fmt: skip
TRANSFERS = View(
    role="city_org_admin", root="membershipTransfers", key="transferNo", type="String",
    inner="transferNo issuedOn acceptedOn _meta { quality }",
)  # fmt: skip
ITEMS = View(role="city_org_admin", root="serviceItems", key="implCode", type="String", inner="implCode itemType")
CASES = View(
    role="city_org_admin", root="serviceCases", key="caseNo", type="String",
    inner="caseNo acceptedAt finishedAt item { implCode status } _meta { quality }",
)  # fmt: skip
WINDOW = View(
    role="window_clerk", root="serviceCase", key="caseNo", type="ID",
    inner="caseNo applicantType applicantName",
    asks_as=lambda facts, case: {"stationCode": case["wangdian_bm"]},
)  # fmt: skip
"""One case at a time, at the window of its station."""
APPLICANT = View(
    role="resident_self", root="serviceCase", key="caseNo", type="ID",
    inner="caseNo applicantName applicantPerson { name idNumber _meta { quality } }",
    asks_as=lambda facts, case: {"identity": facts.valid_id(case["zhengjian_hm"]) or ""},
)  # fmt: skip
"""One case at a time, as whoever the ID number belongs to."""
TICKETS = View(
    role="city_org_admin", root="hotlineTickets", key="ticketNo", type="String",
    inner="ticketNo unitRaw unit { unitNo name } _meta { quality }",
)  # fmt: skip
CALLS = View(
    role="hotline_agent", root="hotlineTickets", key="ticketNo", type="String",
    inner="ticketNo content state _meta { masked }", attributes={"divCode": WHOLE_CITY},
)  # fmt: skip
POINTS = View(
    role="city_org_admin", root="supplyPoints", key="pointId", type="Int", number=True,
    inner="pointId station { stationCode } coop { coopId } _meta { quality }",
)  # fmt: skip
SHOPS = View(
    role="city_org_admin", root="shops", key="shopId", type="Int", number=True,
    inner="shopId uscc enterprise { uscc } _meta { quality }",
)  # fmt: skip
ORDERS = View(
    role="city_org_admin", root="orders", key="orderNo", type="String",
    inner="""orderNo status createdAt finishedAt receiverDiv point { pointId }
      payments { totalCount } _meta { quality }""",
)  # fmt: skip
SALES = View(
    role="coop_analyst", root="orders", key="orderNo", type="String", attributes={"divCode": WHOLE_CITY},
    inner="""orderNo amount _meta { quality }
      lines { nodes { lineId price quantity product { productId price } } }""",
)  # fmt: skip
ENTERPRISES = View(
    role="city_org_admin", root="enterprises", key="regNo", type="String",
    inner="regNo uscc name _meta { quality }",
)  # fmt: skip
PARCELS = View(
    role="city_org_admin", root="shipments", key="waybillNo", type="String",
    inner="waybillNo toStationName createdAt deliveredAt toStation { stationCode } _meta { quality }",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One row: the raw row that carries the defect in ``column``, its key in the view, and the node of the answer."""

    facts: Facts
    raw: RawRow
    column: str
    key: Any
    node: Node | None

    @property
    def person(self) -> Node | None:
        """The node's person."""
        return self.node["person"] if self.node is not None else None

    def quality(self) -> Sequence[str]:
        """Quality codes of the node's person."""
        return self.person["_meta"]["quality"] if self.person is not None else ()

    def tells(self, code: str) -> bool:
        """Whether the node itself carries the quality code."""
        return self.node is not None and code in self.node["_meta"]["quality"]

    def codes(self) -> set[str]:
        """Quality codes of the node and of its person."""
        nodes = (self.node, (self.node or {}).get("person"))
        return {code for node in nodes if node and "_meta" in node for code in node["_meta"].get("quality", ())}

    def id_quality(self) -> list[str]:
        """Those that speak of the ID number alone."""
        return [code for code in self.quality() if code in ("ID_FORMAT", "ID_CHECKSUM")]

    @property
    def may_be_child(self) -> bool:
        """Whether no source knows when the member was born: the person's row is then nobody's to see (class S)."""
        digits = self.raw["CSRQ"] or ""
        elsewhere = self.is_staff
        return not elsewhere and (len(digits) != 8 or digits == "00000000" or digits.endswith("0230"))

    @property
    def is_staff(self) -> bool:
        """Whether S3 knows the member, and is the authority for what both know."""
        return bool(self.facts.staff(self.raw["SFZH"]))


def itself(facts: Facts, raw: RawRow, key: str) -> list[str]:
    """The row with the defect is the row that is shown."""
    return [key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """``keys`` gives the view's keys of a row with the defect (none: nothing can show it).

    ``told`` is the quality code that an answer carries, if there is one.
    """

    code: str
    view: View
    expects: str
    holds: Callable[[Case], bool]
    keys: Callable[[Facts, RawRow, str], list[Any]] = itself
    told: str | None = None


def probe(
    code: str,
    view: View,
    holds: Callable[[Case], bool],
    expects: str,
    keys: Callable[[Facts, RawRow, str], list[Any]] = itself,
    *,
    told: str | None = None,
) -> Probe:
    """A probe in one line."""
    return Probe(code=code, view=view, expects=expects, holds=holds, keys=keys, told=told)


def as_day(digits: str) -> str:
    """``yyyymmdd`` as a canonical date."""
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
