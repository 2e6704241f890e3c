"""Policy tests: YAML a policy officer reads and writes, checked against the compiled decisions.

The same documents feed the test suite, ``hutong policy test`` and the documentation::

    title: {zh: 县委组织部干事, en: clerk of a county's organisation department}
    role: county_org_clerk              # or roles: [a, b]
    purpose: party_discipline           # optional, also in a single case
    cases:
      - case: reads one ID number at a time
        coordinate: Person.idNumber
        scope: ORGTREE
        expect: oneRecord               # clear, oneRecord, masked, maskedStrictly, denied, lookup, noLookup
        rule: id-number-one-at-a-time   # the deciding rule; role/name for an inherited one; none when no rule speaks

A case asks for the best that rows of the scope show: ``expect: masked`` and ``maskedStrictly`` are what a list shows,
where one record at a time does not count; ``lookup`` and ``noLookup`` ask for the right to look up. Neighbours:
:mod:`authz.compilation`.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from authz.compilation import compile_access, targets, today_in_shanghai
from authz.decisions import Access, Scope, covers, scope_name
from authz.matching import parse_scope
from authz.policy import PolicyVersion, profile_of
from authz.policy_files import PolicyInvalid
from authz.subjects import Subject
from schema.catalog import Catalog, Place
from schema.coordinates import Coordinate
from schema.language import Language
from schema.message import Told
from schema.messages import policy_files
from schema.yaml_nodes import MappingNode, Problems, did_you_mean
from schema.yaml_source import read_yaml

_NO_RULE = "none"


class Expectation(StrEnum):
    """What a case expects."""

    CLEAR = "clear"
    ONE_RECORD = "oneRecord"
    MASKED = "masked"
    MASKED_STRICTLY = "maskedStrictly"
    LOOKUP = "lookup"
    NO_LOOKUP = "noLookup"
    DENIED = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyCase:
    """One sentence about the policy."""

    case: str
    place: Place
    roles: tuple[str, ...]
    purpose: str | None
    coordinate: Coordinate
    scope: Scope
    expect: Expectation
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """A case and what was decided; ``rule`` by name, ``none`` when no rule speaks."""

    case: PolicyCase
    decided: Expectation
    rule: str

    @property
    def passed(self) -> bool:
        """Decision and deciding rule are the expected ones."""
        return self.decided is self.case.expect and self.rule == self.case.rule

    @property
    def told(self) -> Told:
        """What was decided, and what was expected."""
        case = self.case
        return policy_files.CASE_DECIDED(
            place=str(case.place),
            names=case.roles,
            written=case.case,
            coordinate=case.coordinate,
            scope=scope_name(case.scope),
            found=policy_files.DECIDED_BY(name=self.decided.value, other=self.rule),
            wanted=policy_files.DECIDED_BY(name=case.expect.value, other=case.rule),
        )

    def __str__(self) -> str:
        return self.told.said(Language.EN)


def read_policy_cases(paths: Iterable[Path], policy: PolicyVersion, catalog: Catalog) -> tuple[PolicyCase, ...]:
    """All cases of the documents. Raises `PolicyInvalid` with every mistake, also for a document without cases."""
    problems = Problems()
    reader = _Reader(policy, catalog, problems)
    cases: list[PolicyCase] = []
    for path in paths:
        if (root := read_yaml(path, problems)) is not None:
            cases.extend(reader.document(root))
    if problems:
        raise PolicyInvalid(problems.sorted())
    return tuple(cases)


def run_policy_cases(
    cases: Iterable[PolicyCase], policy: PolicyVersion, catalog: Catalog, *, today: date | None = None
) -> tuple[CaseResult, ...]:
    """Decide every case, in order."""
    day = today or today_in_shanghai()
    maps = {}
    names = {line.rule: line.name for line in policy.lines}
    results = []
    for case in cases:
        profile = profile_of(Subject(id="case", roles=frozenset(case.roles), purpose=case.purpose), policy)
        if profile not in maps:
            maps[profile] = compile_access(policy, catalog, profile, today=day)
        decided, rule = _decided(maps[profile][case.coordinate], case)
        results.append(CaseResult(case=case, decided=decided, rule=names[rule] if rule else _NO_RULE))
    return tuple(results)


def _decided(access: Access, case: PolicyCase) -> tuple[Expectation, str | None]:
    if case.expect in (Expectation.LOOKUP, Expectation.NO_LOOKUP):
        rule = next((it.rule for it in access.lookup if covers(it.scope, case.scope)), None)
        return (Expectation.LOOKUP, rule) if rule else (Expectation.NO_LOOKUP, access.denied_by)
    clear = sorted((it for it in access.clear if covers(it.scope, case.scope)), key=lambda it: it.single)
    masked = sorted((it for it in access.masked if covers(it.scope, case.scope)), key=lambda it: it.strict)
    in_list = case.expect in (Expectation.MASKED, Expectation.MASKED_STRICTLY)
    if clear and not (clear[0].single and in_list):
        return (Expectation.ONE_RECORD if clear[0].single else Expectation.CLEAR), clear[0].rule
    if masked:
        return (Expectation.MASKED_STRICTLY if masked[0].strict else Expectation.MASKED), masked[0].rule
    return Expectation.DENIED, access.denied_by


class _Reader:
    """Reads documents against what the policy and the catalogue know."""

    def __init__(self, policy: PolicyVersion, catalog: Catalog, problems: Problems) -> None:
        self._problems = problems
        self._roles = policy.roles
        self._purposes = policy.purposes
        self._rules = frozenset(line.name for line in policy.lines)
        self._coordinates = frozenset(target.coordinate for target in targets(catalog))

    def document(self, root: MappingNode) -> Iterator[PolicyCase]:
        """The cases of one document."""
        root.take_mapping("title")
        roles = root.find_strs("roles") or tuple(filter(None, (root.find_str("role"),)))
        if not roles:
            self._problems.report(root.place, policy_files.CASE_ROLE_MISSING())
        for role in roles:
            self._known(root, "role" if root.find("role") else "roles", role, self._roles)
        purpose = self._purpose(root)
        items = root.take_list("cases") or ()
        for item in items:
            node = item.as_mapping(policy_files.A_CASE())
            case = None if node is None else self._case(node, roles, purpose)
            if case is not None:
                yield case
        if not items:
            self._problems.report(root.place_of("cases"), policy_files.NO_CASE())
        root.unknown_keys()

    def _case(self, node: MappingNode, roles: tuple[str, ...], purpose: str | None) -> PolicyCase | None:
        sentence, coordinate, scope = node.take_str("case"), node.take_str("coordinate"), self._scope(node)
        expect, rule = node.take_enum("expect", Expectation), node.take_str("rule")
        purpose = self._purpose(node) or purpose
        node.unknown_keys()
        if sentence is None or coordinate is None or scope is None or expect is None or rule is None:
            return None
        self._known(node, "coordinate", coordinate, self._coordinates)
        if rule != _NO_RULE:
            rule = rule if "/" in rule or not roles else f"{roles[0]}/{rule}"
            self._known(node, "rule", rule, self._rules)
        return PolicyCase(
            case=sentence,
            place=node.place,
            roles=roles,
            purpose=purpose,
            coordinate=Coordinate(coordinate),
            scope=scope,
            expect=expect,
            rule=rule,
        )

    def _scope(self, node: MappingNode) -> Scope | None:
        text = node.take_str("scope")
        try:
            return None if text is None else parse_scope(text)
        except ValueError:
            self._problems.report(node.place_of("scope"), policy_files.SCOPE_FORM(written=text or ""))
            return None

    def _purpose(self, node: MappingNode) -> str | None:
        purpose = node.find_str("purpose")
        if purpose is not None:
            self._known(node, "purpose", purpose, self._purposes)
        return purpose

    def _known(self, node: MappingNode, key: str, name: str, known: Collection[str]) -> None:
        if name not in known:
            hint = did_you_mean(name, known)
            self._problems.report(node.place_of(key), policy_files.CASE_NAME_UNKNOWN(key=key, name=name, hint=hint))
