"""The five questions: what each server is asked, and with which variables.

Q1 100 members x 8 fields; Q2 1,000 members x 8 fields; Q3 50 organisations, the first 20 members of each, their
organisation's name; Q4 200 members, their post in the other database, its unit; Q5 one member by key, 3 fields.
Each server gets the same question in its own schema's words; the root is always named ``result``. PostGraphile joins
within one database and has no words for Q4.
Neighbours: :mod:`benchmarks.reference` knows the right answers, :mod:`benchmarks.asking` sends the questions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Variables = Mapping[str, int]

_EIGHT_FIELDS = "memberNo name sex birthDate mobile orgCode joinedOn education"
_BY_KEY = "query Q5($start: Int!) { result: partyMember(memberNo: $start) { memberNo name joinedOn } }"


class Dialect(StrEnum):
    """Whose schema a document is written for; ``RESOLVERS``: the one the Strawberry and the Mercurius servers share."""

    HUB = "hub"
    RESOLVERS = "resolvers"
    POSTGRAPHILE = "postgraphile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. ``size`` is the page at the root; documents use the variable ``$start``."""

    name: str
    title: str
    size: int
    documents: Mapping[Dialect, str]


QUESTIONS = (
    Question(
        name="Q1",
        title="100 members x 8 fields",
        size=100,
        documents={
            Dialect.HUB: f"""query Q1($start: Int!) {{
  result: partyMembers(where: {{memberNo: {{gte: $start}}}}, orderBy: [{{memberNo: ASC}}], first: 100) {{
    nodes {{ {_EIGHT_FIELDS} }}
  }}
}}""",
            Dialect.RESOLVERS: f"""query Q1($start: Int!) {{
  result: partyMembers(start: $start, first: 100) {{ {_EIGHT_FIELDS} }}
}}""",
            Dialect.POSTGRAPHILE: f"""query Q1($start: Int!) {{
  result: allPartyMembers(
    filter: {{memberNo: {{greaterThanOrEqualTo: $start}}}}, orderBy: MEMBER_NO_ASC, first: 100
  ) {{
    nodes {{ {_EIGHT_FIELDS} }}
  }}
}}""",
        },
    ),
    Question(
        name="Q2",
        title="1,000 members x 8 fields",
        size=1_000,
        documents={
            Dialect.HUB: f"""query Q2($start: Int!) {{
  result: partyMembers(where: {{memberNo: {{gte: $start}}}}, orderBy: [{{memberNo: ASC}}], first: 1000) {{
    nodes {{ {_EIGHT_FIELDS} }}
  }}
}}""",
            Dialect.RESOLVERS: f"""query Q2($start: Int!) {{
  result: partyMembers(start: $start, first: 1000) {{ {_EIGHT_FIELDS} }}
}}""",
            Dialect.POSTGRAPHILE: f"""query Q2($start: Int!) {{
  result: allPartyMembers(
    filter: {{memberNo: {{greaterThanOrEqualTo: $start}}}}, orderBy: MEMBER_NO_ASC, first: 1000
  ) {{
    nodes {{ {_EIGHT_FIELDS} }}
  }}
}}""",
        },
    ),
    Question(
        name="Q3",
        title="50 organisations > 20 members > organisation",
        size=50,
        documents={
            Dialect.HUB: """query Q3($start: Int!) {
  result: partyOrganisations(where: {orgNo: {gte: $start}}, orderBy: [{orgNo: ASC}], first: 50) {
    nodes { orgCode name members(orderBy: [{memberNo: ASC}], first: 20) {
      nodes { memberNo name organisation { name } } } }
  }
}""",
            Dialect.RESOLVERS: """query Q3($start: Int!) {
  result: partyOrganisations(start: $start, first: 50) {
    orgCode name members(first: 20) { memberNo name organisation { name } }
  }
}""",
            Dialect.POSTGRAPHILE: """query Q3($start: Int!) {
  result: allPartyOrgs(filter: {orgNo: {greaterThanOrEqualTo: $start}}, orderBy: ORG_NO_ASC, first: 50) {
    nodes { orgCode name members(orderBy: MEMBER_NO_ASC, first: 20) {
      nodes { memberNo name organisation { name } } } }
  }
}""",
        },
    ),
    Question(
        name="Q4",
        title="200 members > post (other database) > unit",
        size=200,
        documents={
            Dialect.HUB: """query Q4($start: Int!) {
  result: partyMembers(
    where: {memberNo: {gte: $start}, occupation: {eq: "public"}}, orderBy: [{memberNo: ASC}], first: 200
  ) { nodes { memberNo name staffPost { postName unit { name } } } }
}""",
            Dialect.RESOLVERS: """query Q4($start: Int!) {
  result: partyMembers(start: $start, occupation: "public", first: 200) {
    memberNo name staffPost { postName unit { name } }
  }
}""",
        },
    ),
    Question(
        name="Q5",
        title="one member by key, 3 fields",
        size=1,
        documents={
            Dialect.HUB: _BY_KEY,
            Dialect.RESOLVERS: _BY_KEY,
            Dialect.POSTGRAPHILE: """query Q5($start: Int!) {
  result: partyMemberByMemberNo(memberNo: $start) { memberNo name joinedOn }
}""",
        },
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """Where the row-scoped caller's county lies in the data: first and last number of its organisations and members."""

    organisations: tuple[int, int]
    members: tuple[int, int]

    def span(self, question: Question) -> tuple[int, int]:
        """First and last number of what the question's root lists."""
        return self.organisations if question.name == "Q3" else self.members


def timed_variables(question: Question, county: County, count: int) -> tuple[Variables, ...]:
    """``count`` pages spread over the county and wholly inside it, so every caller gets the same amount of data."""
    first, last = county.span(question)
    reach = question.size * (5 if question.name == "Q4" else 1)  # about one member in four has a post
    room = max(0, last - first - reach)
    return tuple({"start": first + 1 + index * room // count} for index in range(count))


def boundary_variables(question: Question, county: County) -> tuple[Variables, ...]:
    """Pages that begin before the county and that end after it: here the row-scoped caller must get less."""
    first, last = county.span(question)
    return ({"start": 1}, {"start": first - 1}, {"start": last - 2})
