"""The demo's example queries: what the start page prints, ``make demo-check`` asks, and the documentation shows."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.city.personas import TOWN_OFFICE_BRANCH

QUERIES = Path(__file__).parent / "queries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A query that ``role`` asks (``None``: without a token) and what must be true of the response body."""

    title: str
    role: str | None
    query: Path
    variables: dict[str, Any]
    expect: str
    holds: Callable[[dict[str, Any]], bool]

    @property
    def text(self) -> str:
        """The document on one line, as a shell command can carry it."""
        lines = (line.partition("#")[0] for line in self.query.read_text(encoding="utf-8").splitlines())
        return " ".join(" ".join(lines).split())


def _codes(body: dict[str, Any]) -> list[str]:
    return [error["extensions"]["code"] for error in body.get("errors", [])]


def _members(body: dict[str, Any]) -> list[dict[str, Any]]:
    return list(body["data"]["partyOrganisation"]["members"]["nodes"])


EXAMPLES = (
    Example(
        title="Anybody: open data, and what is not open",
        role=None,
        query=QUERIES / "open_data.graphql",
        variables={},
        expect="names and places of organisations; secretaryName is null with FIELD_DENIED, for it names a person",
        holds=lambda body: (
            body["data"]["partyOrganisation"]["name"] is not None
            and body["data"]["partyOrganisation"]["secretaryName"] is None
            and _codes(body) == ["FIELD_DENIED"]
        ),
    ),
    Example(
        title="A branch secretary: her members, from three departments' databases",
        role="branch_secretary",
        query=QUERIES / "branch.graphql",
        variables={"org": TOWN_OFFICE_BRANCH},
        expect="members (S1) with dues (S2); names as S4 or S3 has them; mobiles clear, ID numbers masked",
        holds=lambda body: (
            "errors" not in body
            and len(_members(body)) == 3
            and all(member["person"]["mobile"].isdecimal() for member in _members(body))
            and all("*" in member["person"]["idNumber"] for member in _members(body))
            and all(member["dues"]["nodes"] for member in _members(body))
        ),
    ),
    Example(
        title="The town's liaison: the same query, other eyes",
        role="party_liaison",
        query=QUERIES / "branch.graphql",
        variables={"org": TOWN_OFFICE_BRANCH},
        expect="the same members, now with masked mobile numbers",
        holds=lambda body: (
            "errors" not in body
            and len(_members(body)) == 3
            and all("*" in member["person"]["mobile"] for member in _members(body))
            and all(member["person"]["_meta"]["masked"] == ["mobile", "idNumber"] for member in _members(body))
        ),
    ),
)
