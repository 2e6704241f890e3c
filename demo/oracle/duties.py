"""What each role is given, by hand from what it is for (domain reference 3.5), not from the policy's lines."""

from collections.abc import Callable, Iterator, Mapping

from demo.oracle.rights import Grant, Member, Scope

ALL: Scope = frozenset()
OWN: Scope = frozenset({"OWN"})
ACCOUNT: Scope = frozenset({"ACCOUNT"})
SHOP: Scope = frozenset({"SHOP"})
STN: Scope = frozenset({"STN"})
ORGTREE: Scope = frozenset({"ORGTREE"})
DIVTREE: Scope = frozenset({"DIVTREE"})
UNITTREE: Scope = frozenset({"UNITTREE"})
TOWN = ORGTREE | DIVTREE
OPEN: Scope = frozenset({"OPEN"})

_ORDERS = ("Order", "OrderLine", "PaymentTransaction", "Shipment")
_MEMBER_FILE = (
    "Person", "Person.personKey", "Person.name", "Person.sex", "Person.birthDate", "Person.age", "Person.ethnicity",
    "Person.politicalStatus", "Person.education", "Person.mobile", "Person.homeAddress", "Person.partyMember",
    "Person.staffPost",
)  # fmt: skip
"""Of a person what the register of members holds: no cases, no shops."""
Rights = Iterator[Grant]


def _public(purpose: str | None, member: Member) -> Rights:
    if member.label.sharing == "U" and member.label.level == 1:
        yield Grant("read", ALL)


def _own_orders(member: Member) -> Rights:
    """A customer's orders, by the mall's own account; which account paid, masked."""
    if member.among(*_ORDERS) and member.shared(3):
        yield Grant("read", ACCOUNT)
    if member.named("PaymentTransaction.payerAccount"):
        yield Grant("mask", ACCOUNT)


def _resident_self(purpose: str | None, member: Member) -> Rights:
    """The own person, cases and orders; the ID number in clear on the own page only. Nothing of the Party."""
    yield from _public(purpose, member)
    yield from _own_orders(member)
    if member.among("Person", "ServiceCase", "CaseStep") and member.shared(3) and not member.label.party:
        yield Grant("read", OWN)
    if member.named("Person", "Person.isMinorUnder14") and member.label.personal == "S":
        yield Grant("read", OWN)
    if member.named("Person.idNumber"):
        yield Grant("read", OWN, single=True)
        yield Grant("mask", OWN)
        yield Grant("lookup", OWN)


def _member_self(purpose: str | None, member: Member) -> Rights:
    """A data subject sees everything about himself, the ID number in clear on his own page only."""
    yield from _public(purpose, member)
    yield from _own_orders(member)
    if member.named("Person.idNumber"):
        yield Grant("read", OWN, single=True)
        yield Grant("mask", OWN)
    elif member.shared(3) or member.label.personal != "I":
        yield Grant("read", OWN)
    if member.among("OrgLifeActivity") and member.shared(2):
        yield Grant("read", ORGTREE)


def _branch_secretary(purpose: str | None, member: Member) -> Rights:
    """Own branch: everyday data, party data to level 3, mobiles to call; ID numbers masked."""
    yield from _public(purpose, member)
    if member.shared(2) or (member.label.party and member.shared(3)) or member.named("Person.mobile"):
        yield Grant("read", ORGTREE)
    if member.named("Person.idNumber"):
        yield Grant("mask", ORGTREE)


def _party_liaison(purpose: str | None, member: Member) -> Rights:
    """As the secretary, but only where the town and its committee meet, and with mobiles masked."""
    yield from _public(purpose, member)
    if member.shared(2) or (member.label.party and member.shared(3)):
        yield Grant("read", TOWN)
    if member.named("Person.mobile", "Person.idNumber"):
        yield Grant("mask", TOWN)


def _county_org_clerk(purpose: str | None, member: Member) -> Rights:
    """The county's member register to level 3, lost contact, and ID numbers one at a time or by look-up."""
    yield from _public(purpose, member)
    register = member.shared(3) and (member.named(*_MEMBER_FILE) or member.among("PartyMember"))
    lost = member.named("PartyMember.lostContact", "PartyMember.lostSince", "PartyMember.lostReason")
    if member.shared(2) or (member.label.party and member.shared(3)) or register or lost:
        yield Grant("read", ORGTREE)
    if member.named("Shop.owner"):
        yield Grant("read", ALL)
    if member.named("Person.idNumber"):
        yield Grant("read", ORGTREE, single=True)
        yield Grant("mask", ORGTREE)
        yield Grant("lookup", ORGTREE)


def _city_org_admin(purpose: str | None, member: Member) -> Rights:
    """The whole city's members to level 3, level 4 of the Party for a purpose; of other persons only the posts."""
    yield from _public(purpose, member)
    if member.label.trade:
        return
    register = (
        member.named(*_MEMBER_FILE)
        or member.among("PartyMember")
        or member.within("PartyOrganisation", "OrgLifeActivity")
    )
    posts = (member.among("StaffPost") or member.named("PublicUnit.staff")) and member.shared(2)
    if posts or (member.is_impersonal and member.shared(2)) or ((member.label.party or register) and member.shared(3)):
        yield Grant("read", ALL)
    if member.named("Person.idNumber"):
        yield Grant("mask", ALL)
    if member.label.party and purpose in ("party_discipline", "member_care"):
        yield Grant("read", ALL)


def _cadre_officer(purpose: str | None, member: Member) -> Rights:
    """The cadres of the city and their names; assessments one at a time, for a purpose."""
    yield from _public(purpose, member)
    if member.among("Cadre") and member.shared(3) and not member.label.party:
        yield Grant("read", ALL)
    if member.named("Person", "Person.name", "Person.staffPost") and member.shared(2):
        yield Grant("read", ALL)
    if member.named("Cadre.assessment", "Cadre.remark") and purpose == "cadre_management":
        yield Grant("read", ALL, single=True)


def _bianban_officer(purpose: str | None, member: Member) -> Rights:
    """Units and posts of the own unit tree, staff by name; nothing of the Party, whatever it is."""
    if member.label.party or member.named("Person.mobile"):
        return
    yield from _public(purpose, member)
    named = member.named("Person", "Person.name", "Person.personKey", "Person.staffPost") and member.shared(2)
    if (member.among("PublicUnit") and member.shared(2)) or (member.among("StaffPost") and member.shared(3)) or named:
        yield Grant("read", UNITTREE)


def _window_clerk(purpose: str | None, member: Member) -> Rights:
    """The own station: its cases, parcels and volunteers; any one person by the full ID number."""
    yield from _public(purpose, member)
    if not member.label.party and member.shared(2):
        day = member.among("Shipment", "VolunteerRecord") or member.within("ServiceStation", "SupplyPoint")
        if member.among("ServiceCase", "CaseStep") or (day and not member.label.trade):
            yield Grant("read", STN)
    if member.named("ServiceCase.contactMobile", "ServiceCase.result"):
        yield Grant("read", STN)
    if member.named("ServiceCase.address", "Shipment.receiverName", "Shipment.receiverPhone"):
        yield Grant("mask", STN)
    if member.named("Person", "Person.name", "Person.sex", "Person.realNameVerified") and member.shared(2):
        yield Grant("read", ALL, single=True)
    if member.named("Person.cases"):
        yield Grant("read", ALL)
    if member.named("Person.idNumber"):
        yield Grant("lookup", ALL)


def _service_admin(purpose: str | None, member: Member) -> Rights:
    """The division's services, persons masked; nothing of the Party."""
    if member.label.party:
        return
    yield from _public(purpose, member)
    services = member.among("ServiceCase", "CaseStep", "HotlineTicket") or member.within("ServiceStation")
    if services and member.shared(3) and not member.label.trade:
        yield Grant("read" if member.is_impersonal else "mask", DIVTREE)
    if member.named("ServiceItem.cases"):
        yield Grant("read", ALL)


def _hotline_agent(purpose: str | None, member: Member) -> Rights:
    """The division's tickets; callers in clear while a ticket is open. Nothing of the Party."""
    if member.label.party:
        return
    yield from _public(purpose, member)
    if member.among("HotlineTicket") and member.shared(2):
        yield Grant("read", DIVTREE)
    if member.named("HotlineTicket.callerName", "HotlineTicket.callerPhone", "HotlineTicket.content"):
        yield Grant("read", DIVTREE | OPEN)
        yield Grant("mask", DIVTREE)


def _coop_analyst(purpose: str | None, member: Member) -> Rights:
    """The division's trade without persons, a shop's sales as a band; nothing of the Party."""
    if member.label.party:
        return
    yield from _public(purpose, member)
    network = member.within("CoopOrganisation", "CoopRegistration", "SupplyPoint", "Shop", "Product")
    if (network or member.among(*_ORDERS)) and member.shared(2) and member.is_impersonal:
        yield Grant("read", DIVTREE)
    if member.named("PaymentTransaction.paid", "PaymentTransaction.refunded", "CoopRegistration.annualRevenue"):
        yield Grant("read", DIVTREE)
    if member.named("Shop.gmv"):
        yield Grant("mask", DIVTREE)


def _shop_owner(purpose: str | None, member: Member) -> Rights:
    """The own shop and its orders; receivers in clear until 30 days after the order finished."""
    yield from _public(purpose, member)
    of_shop = member.within("Shop", "Product") or (member.among(*_ORDERS) and member.is_impersonal)
    if of_shop and member.shared(3) and not member.label.party:
        yield Grant("read", SHOP)
    receiver = member.named("Order.receiver", "Order.buyerMobile", "Order.receiverAddress")
    if receiver:
        yield Grant("read", SHOP | OPEN)
    if receiver or member.named("Shop.bankAccount", "Shipment.receiverName", "Shipment.receiverPhone"):
        yield Grant("mask", SHOP)


DUTIES: Mapping[str, Callable[[str | None, Member], Rights]] = {
    "resident_public": _public,
    "resident_self": _resident_self,
    "member_self": _member_self,
    "branch_secretary": _branch_secretary,
    "party_liaison": _party_liaison,
    "county_org_clerk": _county_org_clerk,
    "city_org_admin": _city_org_admin,
    "cadre_officer": _cadre_officer,
    "bianban_officer": _bianban_officer,
    "window_clerk": _window_clerk,
    "service_admin": _service_admin,
    "hotline_agent": _hotline_agent,
    "coop_analyst": _coop_analyst,
    "shop_owner": _shop_owner,
}
"""Roles with any data at all; administrators have none."""
