"""What callers are told about themselves is what they then meet: every line of ``viewer.access`` against the hub."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from authz.compilation import compile_access
from authz.decisions import ALL, Access, AccessMap, Allowed
from authz.policy import profile_of
from authz.subjects import ANONYMOUS, Profile, Subject
from resolvers.caller import CallerContext
from resolvers.operation import OperationRequest, OperationResult
from resolvers.visibility import hidden_coordinates
from schema.catalog import Catalog, Deprecation, Entity
from schema.coordinates import field_coordinate, row_coordinate
from schema.language import Language
from schema.names import exposed_fields, exposed_relations, filter_fields, order_fields, root_plural
from tests.resolvers.mini_city import ANN, MiniCity, code, world
from tests.resolvers.questions import CALLERS, CITY, MEMBER, PUBLIC, SECRETARY, WatchedCity, codes

CATALOG: Catalog = world()[0]
LISTED = tuple(entity for entity in CATALOG.entities.values() if entity.root_list)
DIFFERENT = ("resident_public", "member_self", "branch_secretary", "party_liaison", "city_org_admin for discipline")
ACCESS = """query Access($type: String!) { viewer { access(type: $type) {
    coordinate field title read readOne mask lookup filter sort scopes { rows read oneRecord } reason code purposes
} } }"""


@pytest.fixture(scope="module")
def city() -> WatchedCity:
    return WatchedCity()


async def access_of(city: MiniCity, subject: Subject, entity: str) -> list[Any]:
    result = await city.execute(subject, ACCESS, type=entity)
    assert result.errors == ()
    assert result.data is not None
    found: list[Any] = result.data["viewer"]["access"]
    return found


async def line_of(city: MiniCity, subject: Subject, coordinate: str) -> Mapping[str, Any]:
    lines = await access_of(city, subject, coordinate.partition(".")[0])
    (line,) = [line for line in lines if line["coordinate"] == coordinate]
    return line  # type: ignore[no-any-return]


def denials(result: OperationResult) -> dict[str, tuple[str, str]]:
    return {e["extensions"]["coordinate"]: (e["extensions"]["code"], e["message"]) for e in result.errors}


@pytest.mark.parametrize("caller", CALLERS)
async def test_the_lines_are_the_rows_and_what_the_caller_can_name_in_the_catalogues_order(
    city: WatchedCity, caller: str
) -> None:
    policy = world()[3]
    hidden = hidden_coordinates(CATALOG, compile_access(policy, CATALOG, profile_of(CALLERS[caller], policy)))
    for entity in CATALOG.entities.values():
        members = [member.name for member in (*exposed_fields(entity), *exposed_relations(entity))]
        named = [name for name in members if field_coordinate(entity.name, name) not in hidden]
        lines = await access_of(city, CALLERS[caller], entity.name)
        if lines is None:
            assert named == []
            assert entity.name in hidden
        else:
            assert [line["field"] for line in lines] == [None, *named]
            assert [line["coordinate"] for line in lines][1:] == [f"{entity.name}.{name}" for name in named]


@pytest.mark.parametrize("caller", DIFFERENT)
async def test_lists_show_what_was_said(city: WatchedCity, caller: str) -> None:
    for entity in LISTED:
        lines = (await access_of(city, CALLERS[caller], entity.name) or [])[1:]
        leaves = " ".join(_leaf(entity, line["field"]) for line in lines)
        document = f"{{ {root_plural(entity)}(first: 20) {{ nodes {{ {leaves} _meta {{ masked }} }} }} }}"
        result = await city.execute(CALLERS[caller], document)
        assert result.data is not None
        rows = (result.data[root_plural(entity)] or {"nodes": []})["nodes"]
        met = denials(result)
        if not rows and entity.name in met:
            assert {(line["read"], line["code"], line["reason"]) for line in lines} == {("DENIED", *met[entity.name])}
            continue
        for line in lines:
            own = [met[told] for told in _told(entity, line["field"]) if told in met]
            masked = sum(line["field"] in row["_meta"]["masked"] for row in rows)
            match line["read"]:
                case "CLEAR":
                    assert (own, masked, line["reason"]) == ([], 0, None), line
                case "MASKED":
                    assert (own, masked, line["reason"]) == ([], len(rows), None), line
                case "DENIED":
                    assert {row[line["field"]] for row in rows} <= {None}, line
                    assert (line["code"], line["reason"]) in met.values() or not rows, line
                case "DEPENDS_ON_ROW":
                    assert line["scopes"], line
                    assert set(own) <= {(line["code"], line["reason"])}, line
                case other:
                    raise AssertionError(other)


def _leaf(entity: Entity, name: str) -> str:
    relation = entity.relations.get(name)
    return name if relation is None else f"{name} {{ {'totalCount' if relation.many else '__typename'} }}"


def _told(entity: Entity, name: str) -> tuple[str, ...]:
    """The coordinates that a denial of a member may name: its own or its base field's, or the rows it leads to."""
    if (relation := entity.relations.get(name)) is not None:
        return (f"{entity.name}.{name}", *relation.targets)
    field = entity.fields[name]
    return (f"{entity.name}.{field.label_of or field.companion_of or name}",)


@pytest.mark.parametrize("caller", DIFFERENT)
async def test_filters_and_orders_are_those_that_were_said(city: WatchedCity, caller: str) -> None:
    for entity in LISTED:
        lines = {line["field"]: line for line in await access_of(city, CALLERS[caller], entity.name) or []}
        for kind, fields, argument in (
            ("filter", filter_fields(entity), "where: {%s: {isNull: true}}"),
            ("sort", order_fields(entity), "orderBy: [{%s: ASC}]"),
        ):
            usable = sorted({field.name for field in fields} & lines.keys())
            assert {name for name, line in lines.items() if line[kind]} <= set(usable)
            for some in (usable[start : start + 20] for start in range(0, len(usable), 20)):
                asked = (
                    f"{name}: {root_plural(entity)}(first: 1, {argument % name}) {{ totalCount }}" for name in some
                )
                result = await city.execute(CALLERS[caller], f"{{ {' '.join(asked)} }}")
                refused = {name for name, answer in (result.data or {}).items() if answer is None}
                assert refused == {name for name in some if not lines[name][kind]}, (kind, entity.name)


async def test_what_one_record_shows_more_than_a_list_is_said(city: WatchedCity) -> None:
    line = await line_of(city, MEMBER, "Person.idNumber")
    assert (line["read"], line["readOne"], line["mask"], line["lookup"]) == ("MASKED", "CLEAR", "ID_NUMBER", False)
    assert line["scopes"] == [
        {"rows": ["OWN"], "read": "MASKED", "oneRecord": False},
        {"rows": ["OWN"], "read": "CLEAR", "oneRecord": True},
    ]


async def test_where_a_field_depends_on_the_row_its_scopes_are_told(city: WatchedCity) -> None:
    line = await line_of(city, CALLERS["party_liaison"], "PartyOrganisation.secretaryName")
    assert (line["read"], line["filter"], line["sort"]) == ("DEPENDS_ON_ROW", False, False)
    assert line["scopes"] == [{"rows": ["DIVTREE", "ORGTREE"], "read": "CLEAR", "oneRecord": False}]
    assert line["code"] == "FIELD_DENIED"


def test_a_purpose_that_would_open_is_named() -> None:
    row, name = row_coordinate("PartyMember"), field_coordinate("PartyMember", "joinedOn")
    accesses = {
        row: Access(coordinate=row, clear=(Allowed(scope=ALL, rule="a"),)),
        name: Access(coordinate=name, purposes=frozenset({"member_care", "audit"})),
    }
    caller = CallerContext(
        subject=CITY,
        profile=Profile(roles=CITY.roles, purpose=None, policy_version=1),
        decisions=AccessMap(accesses=accesses, digest="a"),
        schema=world()[2],
        catalog=CATALOG,
        language=Language.EN,
    )
    lines = {line.field: line for line in caller.access("PartyMember") or ()}
    closed = lines["joinedOn"]
    assert (closed.read, closed.code, closed.purposes) == ("DENIED", "PURPOSE_REQUIRED", ["audit", "member_care"])
    assert "audit, member_care" in str(closed.reason)
    assert lines["memberNo"].code == "FIELD_DENIED"


def test_deprecated_fields_and_codes_are_told() -> None:
    entity, table = CATALOG.entities["Person"], CATALOG.code_tables["sex"]
    old = Deprecation(since="1.2", reason="r", use="sexLabel")
    fields = {**entity.fields, "sex": replace(entity.fields["sex"], deprecated=old)}
    catalog = replace(
        CATALOG,
        entities={**CATALOG.entities, "Person": replace(entity, fields=fields)},
        code_tables={"sex": replace(table, deprecated={"9": Deprecation(since="1.3", reason="r")})},
    )
    caller = CallerContext(
        subject=PUBLIC,
        profile=Profile(roles=PUBLIC.roles, purpose=None, policy_version=1),
        decisions=AccessMap(accesses={}, digest="a"),
        schema=world()[2],
        catalog=catalog,
        language=Language.EN,
    )
    lines = {line.field: line.deprecation_reason for line in caller.access("Person") or ()}
    assert (lines["sex"], lines["name"]) == ("Since 1.2: r. Use `sexLabel`.", None)
    codes = {entry.code: entry.deprecation_reason for entry in caller.code_tables()["sex"].codes}
    assert (codes["9"], codes["1"]) == ("Since 1.3: r.", None)


async def test_the_viewer_is_told_where_he_stands_and_nothing_that_stands_for_him(city: WatchedCity) -> None:
    result = await city.execute(MEMBER, "{ viewer { id roles scopes { kind value } consumer purpose } }")
    assert result.data == {
        "viewer": {
            "id": "test:member_self",
            "roles": ["member_self"],
            "scopes": [
                {"kind": "OWN", "value": None},
                {"kind": "SHOP", "value": None},
                {"kind": "ORGTREE", "value": code("001010001")},
            ],
            "consumer": "tests",
            "purpose": None,
        }
    }
    assert ANN not in str(result.data)


async def test_an_account_is_a_scope_without_a_value(city: WatchedCity) -> None:
    subject = replace(MEMBER, attributes={"mallAccount": "M123"})
    result = await city.execute(subject, "{ viewer { scopes { kind value } } }")
    assert result.data == {"viewer": {"scopes": [{"kind": "ACCOUNT", "value": None}]}}


@pytest.mark.parametrize(
    ("subject", "viewer"),
    [
        (ANONYMOUS, {"id": "anonymous", "roles": ["resident_public"], "purpose": None}),
        (
            replace(CITY, roles=CITY.roles | {"a_role_of_elsewhere"}, purpose="member_care"),
            {"id": CITY.id, "roles": ["city_org_admin"], "purpose": "member_care"},
        ),
    ],
    ids=["anonymous", "an unknown role"],
)
async def test_roles_are_those_the_policy_knows(city: WatchedCity, subject: Subject, viewer: dict[str, Any]) -> None:
    result = await city.execute(subject, "{ viewer { id roles purpose } }")
    assert result.data == {"viewer": viewer}


@pytest.mark.parametrize(
    "name", ["PartyDiscipline", "Nonsense", "Query", "Viewer", "Node", "PartyMemberConnection", ""]
)
async def test_a_type_that_is_hidden_answers_as_one_that_never_was(city: WatchedCity, name: str) -> None:
    result = await city.execute(SECRETARY, ACCESS, type=name)
    assert result.response() == {"data": {"viewer": {"access": None}}}


async def test_no_source_is_asked_and_the_operation_is_on_record(city: WatchedCity) -> None:
    city.log.clear()
    await city.execute(PUBLIC, ACCESS, type="Person")
    assert city.log == []
    event, _ = city.audit.events[-1]
    assert (event.subject, event.coordinates, event.outcome, event.counts) == (PUBLIC.id, (), "ok", {})


async def test_it_stands_beside_data(city: WatchedCity) -> None:
    document = """query($org: ID!) {
        a: viewer { id } partyOrganisation(orgCode: $org) { name } codeTable(name: "sex") { name }
    }"""
    result = await city.execute(PUBLIC, document, org=code("001"))
    assert list(result.data or {}) == ["a", "partyOrganisation", "codeTable"]
    assert result.data == {
        "a": {"id": PUBLIC.id},
        "partyOrganisation": {"name": "中共常德市委员会"},
        "codeTable": {"name": "sex"},
    }


@pytest.mark.parametrize(
    "lists",
    ['x%d: viewer { access(type: "Person") { field } }', 'x%d: codeTable(name: "sex") { name }'],
    ids=["access", "codes"],
)
@pytest.mark.parametrize(("count", "refused"), [(12, []), (13, ["LIMIT_EXCEEDED"])])
async def test_lists_in_one_operation_are_counted(
    city: WatchedCity, lists: str, count: int, refused: list[str]
) -> None:
    document = " ".join(lists % number for number in range(count))
    assert codes(await city.execute(PUBLIC, f"{{ {document} }}")) == refused


async def asked_in(city: MiniCity, subject: Subject, document: str, language: Language) -> Any:
    request = OperationRequest(document=document, deadline=1e9, language=language)
    return (await city.engine.execute(subject, request)).data


@pytest.mark.parametrize(
    ("language", "title", "labels", "field"),
    [(Language.ZH, "性别", ["男", "女"], "姓名"), (Language.EN, "Sex", ["Male", "Female"], "Name")],
)
async def test_titles_and_labels_come_in_the_language_of_the_operation(
    city: WatchedCity, language: Language, title: str, labels: list[str], field: str
) -> None:
    document = """{ codeTable(name: "sex") { name title standard codes { code label deprecationReason } }
                    viewer { access(type: "Person") { field title } } }"""
    data = await asked_in(city, PUBLIC, document, language)
    table = data["codeTable"]
    assert (table["name"], table["title"], table["standard"]) == ("sex", title, "GB/T 2261.1-2003")
    assert [entry["label"] for entry in table["codes"] if entry["code"] in "12"] == labels
    assert {entry["deprecationReason"] for entry in table["codes"]} == {None}
    assert {"field": "name", "title": field} in data["viewer"]["access"]


async def tables_of(city: MiniCity, subject: Subject) -> list[str]:
    data = await asked_in(city, subject, "{ codeTables { name } }", Language.ZH)
    return [table["name"] for table in data["codeTables"]]


async def test_a_code_table_exists_for_those_who_can_name_a_field_of_it(city: WatchedCity) -> None:
    public, member = await tables_of(city, PUBLIC), await tables_of(city, MEMBER)
    tables = list(CATALOG.code_tables)
    assert public == [name for name in tables if name in public], "in the catalogue's order"
    assert set(public) < set(member), "a member may know of discipline and of lost contact"
    for name in set(member) - set(public):
        document = f'{{ codeTable(name: "{name}") {{ name }} }}'
        assert await asked_in(city, PUBLIC, document, Language.ZH) == {"codeTable": None}
        assert await asked_in(city, MEMBER, document, Language.ZH) == {"codeTable": {"name": name}}
