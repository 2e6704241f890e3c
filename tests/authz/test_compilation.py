import asyncio
import random
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authz.access_cache import AccessCache
from authz.compilation import compile_access
from authz.decisions import ALL, Access, AccessMap, Allowed, Scope, covers
from authz.enforcer import Enforcer, Request
from authz.policy import Action, Effect, PolicyLine, PolicyVersion, profile_of
from authz.subjects import ANONYMOUS, Profile, Subject
from schema.catalog import Catalog, CheckTest, Entity, Field, MaskKind, QualityCheck, ScopeKind
from schema.coordinates import Coordinate
from schema.labels import PersonalInformation, Sharing, parse_label
from schema.messages import reasons
from tests.processor_time import least_seconds

MakeLine = Callable[..., PolicyLine]
MakeVersion = Callable[..., PolicyVersion]

OWN, TREE = frozenset({ScopeKind.OWN}), frozenset({ScopeKind.ORGTREE})
BOTH = TREE | {ScopeKind.DIVTREE}
TODAY = date(2026, 5, 1)
NAME, ID_NUMBER = Coordinate("Person.name"), Coordinate("Person.idNumber")


def profile(policy: PolicyVersion, *roles: str, purpose: str | None = None) -> Profile:
    return profile_of(Subject(id="1", roles=frozenset(roles), purpose=purpose), policy)


def decide(catalog: Catalog, policy: PolicyVersion, coordinate: str, *roles: str, purpose: str | None = None) -> Access:
    roles = roles or ("clerk",)
    access = compile_access(policy, catalog, profile(policy, *roles, purpose=purpose), today=TODAY)
    return access[Coordinate(coordinate)]


def scopes(allowed: tuple[Allowed, ...]) -> set[tuple[Scope, bool]]:
    return {(one.scope, one.single) for one in allowed}


# --- what a decision holds ------------------------------------------------------------------------------------------


def test_nothing_is_allowed_without_a_line_of_the_role(catalog: Catalog, line: MakeLine, version: MakeVersion) -> None:
    access = decide(catalog, version(line(role="other")), "Person.name")
    assert access.denied
    assert access.reason == reasons.NO_RULE()


def test_deny_is_told_as_the_reason(catalog: Catalog, line: MakeLine, version: MakeVersion) -> None:
    policy = version(line(), line(role="officer", effect=Effect.DENY, action=None, rule="roles.yaml:9"))
    access = decide(catalog, policy, "Person.name", "clerk", "officer")
    assert access.denied
    assert (access.reason, access.denied_by) == (reasons.RULE_DENIES(), "roles.yaml:9")


def test_deny_in_one_scope_kills_allows_of_every_scope(catalog: Catalog, line: MakeLine, version: MakeVersion) -> None:
    policy = version(line(), line(effect=Effect.DENY, action=None, scope=OWN))
    assert decide(catalog, policy, "Person.name").denied


def test_denied_reading_leaves_an_allowed_mask(catalog: Catalog, line: MakeLine, version: MakeVersion) -> None:
    policy = version(line(), line(action=Action.MASK), line(effect=Effect.DENY, action=Action.READ))
    access = decide(catalog, policy, "Person.name")
    assert not access.clear
    assert access.masked[0].mask is MaskKind.NAME


def test_only_maximal_scopes_are_kept(catalog: Catalog, line: MakeLine, version: MakeVersion) -> None:
    policy = version(line(scope=BOTH), line(scope=TREE), line(scope=OWN))
    assert scopes(decide(catalog, policy, "Person.name").clear) == {(TREE, False), (OWN, False)}


def test_one_record_at_a_time_stands_beside_a_narrower_scope_without_that_limit(
    catalog: Catalog, line: MakeLine, version: MakeVersion
) -> None:
    policy = version(line(single=True), line(scope=OWN), line(scope=TREE, single=True))
    assert scopes(decide(catalog, policy, "Person.name").clear) == {(ALL, True), (OWN, False)}


def test_unlimited_reading_makes_one_record_at_a_time_superfluous(
    catalog: Catalog, line: MakeLine, version: MakeVersion
) -> None:
    policy = version(line(single=True, scope=OWN), line(scope=OWN), line(scope=ALL))
    assert scopes(decide(catalog, policy, "Person.name").clear) == {(ALL, False)}


def test_clear_beats_masked_in_the_same_scope(catalog: Catalog, line: MakeLine, version: MakeVersion) -> None:
    policy = version(line(scope=TREE), line(action=Action.MASK, scope=TREE), line(action=Action.MASK, scope=OWN))
    assert [masked.scope for masked in decide(catalog, policy, "Person.name").masked] == [OWN]


def test_clear_for_one_record_leaves_the_mask_for_lists(catalog: Catalog, line: MakeLine, version: MakeVersion) -> None:
    policy = version(line(scope=TREE, single=True), line(action=Action.MASK, scope=TREE))
    assert [masked.scope for masked in decide(catalog, policy, "Person.idNumber").masked] == [TREE]


def test_weakest_mask_wins(catalog: Catalog, line: MakeLine, version: MakeVersion) -> None:
    policy = version(line(action=Action.MASK), line(action=Action.MASK, strict=False))
    assert [masked.strict for masked in decide(catalog, policy, "Person.name").masked] == [False]


def test_mask_neither_opens_rows_nor_relations(catalog: Catalog, line: MakeLine, version: MakeVersion) -> None:
    policy = version(line(action=Action.MASK))
    assert decide(catalog, policy, "Person").denied
    assert decide(catalog, policy, "Person.partyMember").denied
    assert not decide(catalog, policy, "Person.name").denied


def test_lookup_does_not_open_reading(catalog: Catalog, line: MakeLine, version: MakeVersion) -> None:
    access = decide(catalog, version(line(action=Action.LOOKUP, scope=TREE)), "Person.idNumber")
    assert access.denied
    assert scopes(access.lookup) == {(TREE, False)}


@pytest.mark.parametrize(("companion", "base"), [("sexLabel", "sex"), ("birthDateText", "birthDate")])
def test_companion_takes_the_decision_of_its_base_field(
    catalog: Catalog, line: MakeLine, version: MakeVersion, companion: str, base: str
) -> None:
    policy = version(
        line(selector=f"Person.{base}", scope=TREE), line(action=Action.MASK, selector=f"Person.{base}", strict=False)
    )
    ours = decide(catalog, policy, f"Person.{companion}")
    assert ours.clear
    assert replace(ours, coordinate=Coordinate(f"Person.{base}")) == decide(catalog, policy, f"Person.{base}")


def test_line_about_a_companion_alone_opens_nothing(catalog: Catalog, line: MakeLine, version: MakeVersion) -> None:
    assert decide(catalog, version(line(selector="Person.birthDateText")), "Person.birthDateText").denied


def test_class_s_comes_one_record_at_a_time_outside_the_own_rows(
    catalog: Catalog, line: MakeLine, version: MakeVersion
) -> None:
    policy = version(line(scope=TREE), line(scope=OWN))
    assert scopes(decide(catalog, policy, "PartyMember.inDifficulty").clear) == {(TREE, True), (OWN, False)}


def test_id_mask_is_strict_where_the_birth_date_is_readable(
    catalog: Catalog, line: MakeLine, version: MakeVersion
) -> None:
    mask = line(action=Action.MASK, strict=False, selector="Person.idNumber")
    assert not decide(catalog, version(mask), "Person.idNumber").masked[0].strict
    policy = version(mask, line(selector="Person.birthDate", scope=OWN))
    assert decide(catalog, policy, "Person.idNumber").masked[0].strict


@pytest.mark.parametrize("check", [None, "bornOn"], ids=["birthDate", "what a check says is one"])
def test_id_mask_is_strict_where_the_birth_date_of_another_entity_is_readable(
    catalog: Catalog, line: MakeLine, version: MakeVersion, check: str | None
) -> None:
    person = catalog.entities["Person"]
    fields = {name: replace(person.fields[name], name=name) for name in ("idNumber", "birthDate")}
    if check is not None:
        fields[check] = replace(fields.pop("birthDate"), name=check)
    checks = (
        QualityCheck(code="ID_BIRTH_MISMATCH", test=CheckTest.ID_BIRTH, fields=("idNumber", check or "birthDate")),
    )
    other = replace(person, name="Other", fields=fields, relations={}, row_classes=(), checks=checks)
    shop = replace(
        other, name="Shop", fields={"ownerIdNumber": replace(fields["idNumber"], name="ownerIdNumber")}, checks=()
    )
    city = replace(catalog, entities={"Shop": shop, "Other": other})
    mask = line(action=Action.MASK, strict=False, selector="Shop.ownerIdNumber", scope=TREE)

    assert not decide(city, version(mask), "Shop.ownerIdNumber").masked[0].strict
    policy = version(mask, line(selector=f"Other.{check or 'birthDate'}", scope=OWN))
    assert decide(city, policy, "Shop.ownerIdNumber").masked[0].strict


def test_row_classes_are_decided_by_their_own_label(catalog: Catalog, line: MakeLine, version: MakeVersion) -> None:
    policy = version(line(max_level=3))
    access = compile_access(policy, catalog, profile(policy, "clerk"), today=TODAY)
    assert not access[Coordinate("Person")].denied
    assert [it.denied for it in access.row_classes[Coordinate("Person")]] == [True]


def test_purpose_that_would_open_a_coordinate_is_told(catalog: Catalog, line: MakeLine, version: MakeVersion) -> None:
    policy = version(line(purposes=frozenset({"care"})), purposes={"care": "care", "other": "other"})
    closed = decide(catalog, policy, "Person.name")
    assert (closed.denied, closed.purposes) == (True, {"care"})
    assert not decide(catalog, policy, "Person.name", purpose="care").denied
    assert decide(catalog, policy, "Person.name", purpose="other").denied


def test_line_holds_through_its_last_day(catalog: Catalog, line: MakeLine, version: MakeVersion) -> None:
    policy = version(line(expires=TODAY))
    who = profile(policy, "clerk")
    assert not compile_access(policy, catalog, who, today=TODAY)[NAME].denied
    assert compile_access(policy, catalog, who, today=date(2026, 5, 2))[NAME].denied


def test_roles_unknown_to_the_policy_are_dropped(line: MakeLine, version: MakeVersion) -> None:
    policy = version(line(), inheritance={"clerk": ("resident_public",)})
    assert profile(policy, "clerk", "mayor").roles == {"clerk", "resident_public"}
    assert profile_of(ANONYMOUS, policy).roles == {"resident_public"}


def test_purposes_unknown_to_the_policy_are_dropped(line: MakeLine, version: MakeVersion) -> None:
    assert profile(version(line()), "clerk", purpose="curiosity").purpose is None


def test_equal_decisions_have_equal_digests_and_others_do_not(
    catalog: Catalog, line: MakeLine, version: MakeVersion
) -> None:
    policy = version(line(scope=BOTH), line(role="reader", scope=BOTH), line(role="other", scope=OWN))
    digests = [
        compile_access(policy, catalog, profile(policy, role), today=TODAY).digest
        for role in ("clerk", "reader", "other")
    ]
    assert digests[0] == digests[1] != digests[2]


def test_cache_compiles_once_per_profile_and_day(catalog: Catalog, line: MakeLine, version: MakeVersion) -> None:
    days = [TODAY]
    cache = AccessCache(today=lambda: days[0])
    policy = version(line(expires=TODAY))
    who = profile(policy, "clerk")
    first = cache.access(policy, catalog, who)
    assert cache.access(policy, catalog, who) is first
    days[0] = date(2026, 5, 2)
    assert cache.access(policy, catalog, who)[NAME].denied


def test_cache_never_answers_from_another_policy_of_the_same_version(
    catalog: Catalog, line: MakeLine, version: MakeVersion
) -> None:
    cache = AccessCache()
    opened, closed = version(line()), version(line(role="clerk", effect=Effect.DENY, action=None))
    who = profile(opened, "clerk")
    assert not cache.access(opened, catalog, who)[NAME].denied
    assert cache.access(closed, catalog, who)[NAME].denied


def test_cache_forgets_the_least_recently_used(catalog: Catalog, line: MakeLine, version: MakeVersion) -> None:
    cache = AccessCache(capacity=2, today=lambda: TODAY)
    policy = version(line(), line(role="b"), line(role="c"))
    maps = {role: cache.access(policy, catalog, profile(policy, role)) for role in ("clerk", "b")}
    cache.access(policy, catalog, profile(policy, "clerk"))
    cache.access(policy, catalog, profile(policy, "c"))
    assert cache.access(policy, catalog, profile(policy, "clerk")) is maps["clerk"]
    assert cache.access(policy, catalog, profile(policy, "b")) is not maps["b"]


class Held:
    """`compile_access` that waits for the test before it decides."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun = 0
        self.go = threading.Event()
        monkeypatch.setattr("authz.access_cache.compile_access", self._compile)

    def _compile(self, *given: Any, **named: Any) -> AccessMap:
        self.begun += 1
        assert self.go.wait(10)
        return compile_access(*given, **named)


async def test_decisions_are_made_beside_the_event_loop_once_for_all_who_wait(
    catalog: Catalog, line: MakeLine, version: MakeVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, cache, policy = Held(monkeypatch), AccessCache(), version(line())
    who = profile(policy, "clerk")
    waiting = [asyncio.create_task(cache.ready(policy, catalog, who)) for _ in range(3)]
    await asyncio.sleep(0)  # with the loop blocked, the test would never come to let them go
    assert not any(task.done() for task in waiting)
    held.go.set()
    first, *others = await asyncio.gather(*waiting)

    assert not first[NAME].denied
    assert all(access is first for access in (*others, cache.access(policy, catalog, who)))
    assert (held.begun, cache.misses, cache.hits) == (1, 3, 1)


async def test_who_gives_up_waiting_for_decisions_leaves_them_to_be_made(
    catalog: Catalog, line: MakeLine, version: MakeVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, cache, policy = Held(monkeypatch), AccessCache(), version(line())
    who = profile(policy, "clerk")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await cache.ready(policy, catalog, who)
    held.go.set()
    await cache.ready(policy, catalog, who)

    assert (held.begun, cache.currsize) == (1, 1)


# --- the slice decides as the whole policy would (D4) ---------------------------------------------------------------

ROLES = ("a", "b", "c", "d")
SCOPES = (ALL, OWN, TREE, BOTH)
SELECTORS = ("*", "Person", "Person.*", "Person.name", "Person.idNumber", "PartyMember", "PartyMember.*", "Nothing.*")


@st.composite
def policy_lines(draw: st.DrawFn) -> PolicyLine:
    effect = draw(st.sampled_from((Effect.ALLOW, Effect.ALLOW, Effect.ALLOW, Effect.DENY)))
    action = draw(st.sampled_from((Action.READ, Action.READ, Action.MASK, Action.LOOKUP)))
    deny = effect is Effect.DENY
    return PolicyLine(
        rule=f"roles.yaml:{draw(st.integers(1, 999))}",
        name="x/y",
        role=draw(st.sampled_from(ROLES)),
        effect=effect,
        action=draw(st.sampled_from((None, Action.READ, Action.LOOKUP))) if deny else action,
        selector=draw(st.sampled_from(SELECTORS)),
        max_level=draw(st.integers(1, 4)),
        sharing=frozenset(draw(st.sets(st.sampled_from(Sharing), min_size=1))),
        personal=frozenset(draw(st.sets(st.sampled_from(PersonalInformation), min_size=1))),
        required_tags=draw(st.sampled_from((frozenset(), frozenset(), frozenset({"party"})))),
        forbidden_tags=draw(st.sampled_from((frozenset(), frozenset(), frozenset({"trade"})))),
        scope=draw(st.sampled_from(SCOPES)),
        single=draw(st.booleans()) if action is Action.READ and not deny else False,
        strict=draw(st.booleans()),
        purposes=draw(st.sampled_from((frozenset(), frozenset(), frozenset({"care"})))),
        expires=draw(st.sampled_from((None, None, TODAY, date(2026, 4, 30)))),
    )


@st.composite
def policies(draw: st.DrawFn) -> PolicyVersion:
    inheritance = {
        role: tuple(draw(st.sets(st.sampled_from(ROLES[i + 1 :]), max_size=2))) for i, role in enumerate(ROLES[:-1])
    }
    lines = draw(st.lists(policy_lines(), min_size=1, max_size=10))
    return PolicyVersion(version=1, lines=tuple(lines), inheritance=inheritance, purposes={"care": "care"})


def asked_label(entity: Entity, member: str | None) -> Any:
    return entity.row_label if member is None else (entity.fields.get(member) or entity.relations[member]).label


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    policy=policies(),
    roles=st.sets(st.sampled_from((*ROLES, "unknown")), min_size=1, max_size=2),
    purpose=st.sampled_from((None, "care")),
    seed=st.integers(0, 10_000),
)
def test_compiled_decisions_equal_plain_enforcement_of_the_whole_policy(
    catalog: Catalog, policy: PolicyVersion, roles: set[str], purpose: str | None, seed: int
) -> None:
    who = profile_of(Subject(id="1", roles=frozenset(roles), purpose=purpose), policy)
    access = compile_access(policy, catalog, who, today=TODAY)
    live = tuple(it for it in policy.lines if it.serves(purpose) and it.in_force(TODAY))
    oracle = (
        Enforcer.of_version(replace(policy, lines=live), [("subject:u", role) for role in sorted(roles)])
        if live
        else None
    )
    coordinates = [
        ("Person", None),
        ("Person", "name"),
        ("Person", "idNumber"),
        ("Person", "mobile"),
        ("Person", "partyMember"),
        ("PartyMember", None),
        ("PartyMember", "joinedOn"),
        ("PartyMember", "lostContact"),
        ("PartyOrganisation", "name"),
    ]
    for entity_name, member in random.Random(seed).sample(coordinates, 4):
        entity = catalog.entities[entity_name]
        coordinate = Coordinate(entity_name if member is None else f"{entity_name}.{member}")
        decided = access[coordinate]
        for scope in SCOPES:
            ask = Request(
                subject="subject:u",
                coordinate=coordinate,
                label=asked_label(entity, member),
                action=Action.READ,
                scope=scope,
            )

            def allowed(**changes: Any) -> bool:
                return oracle is not None and oracle.decide(replace(ask, **changes)).allowed  # noqa: B023

            full, limited = allowed(), allowed(form="limited")
            assert full == any(covers(it.scope, scope) and not it.single for it in decided.clear)
            assert limited == any(covers(it.scope, scope) for it in decided.clear)
            assert allowed(action=Action.LOOKUP) == any(covers(it.scope, scope) for it in decided.lookup)
            if member in entity.fields:
                mask, strict = allowed(action=Action.MASK), allowed(action=Action.MASK, form="limited")
                visible = [it for it in decided.masked if covers(it.scope, scope)]
                assert bool(visible) == (strict and not full)
                if visible and coordinate != ID_NUMBER:
                    assert mask == any(not it.strict for it in visible)


# --- speed ----------------------------------------------------------------------------------------------------------


def test_large_catalogue_compiles_within_a_second(catalog: Catalog, line: MakeLine) -> None:
    base = catalog.entities["Person"]
    labels = [
        parse_label(text) for text in ("U1", "C2", "C2G", "C2p", "C3p", "C3G", "C3Gp", "C3I", "C4I", "N4p", "N4S")
    ]
    template = base.fields["name"]

    def grown(i: int) -> Entity:
        fields: dict[str, Field] = {
            f"f{j}": replace(template, name=f"f{j}", label=labels[(i + j) % len(labels)]) for j in range(30)
        }
        return replace(base, name=f"E{i}", fields=fields, relations={}, row_classes=())

    city = Catalog(entities={f"E{i}": grown(i) for i in range(60)}, code_tables={}, digest="large")
    lines = [line(selector=f"E{i}.f{i % 30}", scope=SCOPES[i % 4], rule=f"roles.yaml:{i}") for i in range(20)]
    lines += [line(max_level=level, scope=scope) for level in (1, 2, 3) for scope in SCOPES]
    policy = PolicyVersion(version=1, lines=tuple(lines))
    clerk = profile(policy, "clerk")
    assert least_seconds(lambda: compile_access(policy, city, clerk, today=TODAY)) < 1.0
    access = compile_access(policy, city, clerk, today=TODAY)
    assert len(access.accesses) == 60 * 31
