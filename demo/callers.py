"""Who can be asked as in the demo: the city's personas in their roles, and the administrators.

Neighbours: :mod:`demo.city.personas` (the people), ``demo/policies`` (what their roles may see), ``hutong token`` and
``--as`` (mint their tokens).
"""

from dataclasses import dataclass

from authz.subjects import Subject
from demo.city import personas
from demo.city.personas import Persona

CONSUMER = "demo"
"""The client application of all demo tokens; pseudonyms are made for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Someone to ask as. ``key`` is the role; ``persona`` another name, if the caller is a person of the city, whose
    ``name`` is there too.
    """

    key: str
    title: str
    subject: Subject
    persona: str | None = None
    name: str = ""


def _person(role: str, persona: Persona) -> Caller:
    scope = {
        "identity": persona.id_number,
        "orgCode": persona.org_codes[0] if persona.org_codes else None,
        "divCode": persona.div_code,
        "unitNo": persona.unit_no,
        "stationCode": persona.station_code,
        "mallAccount": persona.mall_account,
    }
    return Caller(
        key=role,
        title=f"{persona.title}，{persona.name}",
        subject=Subject(
            id=f"demo-{persona.key}",
            roles=frozenset({role}),
            consumer=CONSUMER,
            attributes={name: value for name, value in scope.items() if value is not None},
        ),
        persona=persona.key,
        name=persona.name,
    )


def _role(role: str, title: str) -> Caller:
    return Caller(key=role, title=title, subject=Subject(id=f"demo-{role}", roles=frozenset({role}), consumer=CONSUMER))


CALLERS = (
    _role("resident_public", "市民，与不带令牌相同"),
    _person("resident_self", personas.RESIDENT),
    _person("member_self", personas.MEMBER),
    _person("branch_secretary", personas.BRANCH_SECRETARY),
    _person("party_liaison", personas.TOWN_LIAISON),
    _person("county_org_clerk", personas.COUNTY_CLERK),
    _person("city_org_admin", personas.CITY_ADMIN),
    _person("bianban_officer", personas.BIANBAN_OFFICER),
    _person("cadre_officer", personas.CADRE_OFFICER),
    _person("window_clerk", personas.WINDOW_CLERK),
    _person("service_admin", personas.SERVICE_ADMIN),
    _person("hotline_agent", personas.HOTLINE_AGENT),
    _person("coop_analyst", personas.COOP_ANALYST),
    _person("shop_owner", personas.SHOP_OWNER),
    _role("sys_admin", "系统管理员，看不到业务数据"),
    _role("security_officer", "安全保密管理员，看不到业务数据"),
    _role("auditor", "安全审计员，看不到业务数据"),
    _role("dept_data_admin", "部门数据管理员，看不到业务数据"),
)


def caller(name: str) -> Caller:
    """The caller of a role or a persona. Raises ``KeyError`` with the names there are."""
    for found in CALLERS:
        if name in (found.key, found.persona):
            return found
    raise KeyError(f"there is no {name!r} in the demo; it has {', '.join(known.key for known in CALLERS)}")
