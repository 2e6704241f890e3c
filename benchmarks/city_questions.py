"""What the hub is asked over the demo's city: departments' manifests over MariaDB, PostgreSQL, SQLite and DuckDB, with
decisions, scopes and masks of the demo's policy.

C1 a masked list, C2 a row-scoped list, C3 five levels over three sources and more, C4 two hundred different operations
in turn. Neighbours: :mod:`benchmarks.city` starts the city and knows the right answers, by the demo's oracle.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from demo.city.personas import SHIMEN_COMMITTEE

OPERATIONS = 200
SCOPED_SIZE = 200
"""Rows of C2."""
_SEED = 430_700


@dataclass(frozen=True, slots=True, kw_only=True)
class CityQuestion:
    """One question: ``documents`` are asked in turn, by the demo's caller of the role ``role``."""

    name: str
    title: str
    role: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _List:
    """A list that C4's operations are drawn from: its root, the field it is ordered by, fields and relations."""

    root: str
    key: str
    fields: tuple[str, ...]
    relations: tuple[str, ...] = ()


_LISTS = (
    _List(
        root="partyOrganisations",
        key="orgCode",
        fields=("name", "shortName", "typeLabel", "level", "parentCode", "foundedOn", "termEndsOn", "divCode"),
        relations=("parent { name typeLabel }",),
    ),
    _List(
        root="partyMembers",
        key="memberNo",
        fields=("categoryLabel", "joinedOn", "fullMemberOn", "partyAge", "postLabel", "membershipStateLabel"),
        relations=("org { orgCode name }", "person { name mobile idNumber }"),
    ),
    _List(
        root="publicUnits",
        key="unitNo",
        fields=("uscc", "name", "unitTypeLabel", "rankLevelLabel", "divCode", "authorisedPosts", "statusLabel"),
        relations=("superior { unitNo name }",),
    ),
    _List(
        root="serviceStations",
        key="stationCode",
        fields=("name", "levelLabel", "divCode", "lng", "lat", "openHours", "openedOn", "statusLabel"),
    ),
    _List(
        root="serviceItems",
        key="implCode",
        fields=("baseCode", "name", "itemTypeLabel", "handlingLabel", "promisedWorkdays", "deliveredDown"),
        relations=("ownerUnit { unitNo name }",),
    ),
    _List(
        root="coopOrganisations",
        key="coopId",
        fields=("uscc", "name", "typeLabel", "divCode", "memberCount"),
        relations=("parent { coopId name }",),
    ),
    _List(
        root="products",
        key="productId",
        fields=("title", "categoryLabel", "spec", "unit", "price", "stock", "isAgri", "barcode"),
        relations=("shop { shopId name }",),
    ),
    _List(
        root="enterprises",
        key="regNo",
        fields=("uscc", "name", "entType", "regCapital", "establishedOn", "regStateLabel", "industryLabel", "divCode"),
        relations=("coopMembership { coopId name }",),
    ),
)


def city_questions() -> tuple[CityQuestion, ...]:
    """The four questions, the same in every run."""
    masked = """query Masked {
  partyMembers(first: 100, orderBy: [{memberNo: ASC}]) {
    nodes { memberNo joinedOn person { name mobile idNumber birthDate } }
  }
}"""
    scoped = f"""query Scoped {{
  partyMembers(first: {SCOPED_SIZE}, orderBy: [{{memberNo: ASC}}]) {{
    nodes {{ memberNo categoryLabel joinedOn fullMemberOn }}
  }}
}}"""
    levels = f"""query Levels {{
  partyOrganisation(orgCode: "{SHIMEN_COMMITTEE}") {{
    name
    children(first: 4, orderBy: [{{orgCode: ASC}}]) {{
      nodes {{
        name
        children(first: 5, orderBy: [{{orgCode: ASC}}]) {{
          nodes {{
            name
            members(first: 10, orderBy: [{{memberNo: ASC}}]) {{
              nodes {{
                memberNo
                joinedOn
                person {{ name mobile }}
                dues(first: 3, orderBy: [{{month: DESC}}]) {{ nodes {{ month due paid }} }}
              }}
            }}
          }}
        }}
      }}
    }}
  }}
}}"""
    return (
        CityQuestion(
            name="C1", title="masked list: 100 members with their persons", role="county_org_clerk", documents=(masked,)
        ),
        CityQuestion(
            name="C2", title="row-scoped list: 200 members of one county", role="county_org_clerk", documents=(scoped,)
        ),
        CityQuestion(
            name="C3",
            title="five levels over S1, S2 and the sources of persons",
            role="county_org_clerk",
            documents=(levels,),
        ),
        CityQuestion(
            name="C4",
            title=f"{OPERATIONS} different operations in turn, eight lists of six sources",
            role="city_org_admin",
            documents=tuple(_operations()),
        ),
    )


def _operations() -> Iterator[str]:
    """Operations that differ in more than spaces; every list has the same share of them."""
    draw = random.Random(_SEED)
    for number in range(OPERATIONS):
        asked = _LISTS[number % len(_LISTS)]
        fields = draw.sample(asked.fields, draw.randrange(3, len(asked.fields) + 1))
        chosen = [asked.key, *fields, *(relation for relation in asked.relations if draw.random() < 0.5)]
        size, order = draw.randrange(5, 31), draw.choice(("ASC", "DESC"))
        yield f"""query Operation{number} {{
  {asked.root}(first: {size}, orderBy: [{{{asked.key}: {order}}}]) {{ nodes {{ {" ".join(chosen)} }} }}
}}"""
