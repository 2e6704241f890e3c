"""Manifests: what a department may write, and how it is told of every mistake."""

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.contract import Aggregation, ColumnRef, Manifest, SourceCondition
from connectors.manifest import ManifestInvalid, load_manifest
from connectors.manifest_columns import columns_of
from connectors.manifest_settings import Tls
from demo.city.reference import write_reference
from schema.catalog_loader import load_catalog
from schema.language import Language
from schema.predicates import ROW_KEY
from schema.trees import Tree

CATALOG = load_catalog()
DEMO = Path(__file__).parents[2] / "demo" / "manifests"
DEMO_SOURCES = ("s1", "s2", "s3", "s4", "s5", "s6", "hotline", "hub")
ENVIRONMENT = {
    "HUTONG_S1_PASSWORD": "S3ntinel-one",
    "HUTONG_S2_PASSWORD": "S3ntinel-two",
    "HUTONG_S4_PASSWORD": "S3ntinel-four",
    "HUTONG_S5_PASSWORD": "S3ntinel-five",
    "HUTONG_HOTLINE_TOKEN": "S3ntinel-hotline",
    "HUTONG_HOTLINE_MIRROR_KEY": "5e" * 32,
    "PORT": "15432",
}

Load = Callable[..., Manifest]

HUB = """\
connector: hub
title: {zh: 基础数据, en: Reference data}
department: HUB
engine: memory
settings:
  path: divisions.csv
freshness: {kind: live, maxAge: 60s}
bindings:
  AdministrativeDivision:
    table: divisions
    rowKey: divCode
    fields:
      divCode: divCode
      name: name
      parentCode: parentCode
      level: level
"""

S2 = """\
connector: s2
title: {zh: 组织生活, en: Organisational life}
department: ORG
engine: postgresql
settings:
  host: 127.0.0.1
  port: {env: PORT}
  database: life
  user: hub
  password: {secret: "env:HUTONG_S2_PASSWORD"}
  tls: verify
  pool: 7
freshness: {kind: snapshot, maxAge: 26h, changedAt: {table: org_life_activity, column: updated_at}}
bindings:
  OrgLifeActivity:
    table: org_life_activity
    rowKey: id
    joins:
      branch: {table: branch, on: {branch_id: id}, conditions: [{column: deleted_at, isNull: true}]}
      county: {table: county, on: {branch.county_code: code}}
    conditions:
      - {column: deleted_at, isNull: true}
      - {column: type_code, isNot: [7, 8]}
      - {column: branch.name, isNull: false}
      - {column: state, is: "01"}
    latest: startedAt
    fields:
      activityId: id
      orgCode: branch.dzz_code
      type: {column: type_code, map: {1: "01", 2: "02"}}
      title: {column: title, lossy: true}
      startedAt: started_at
      present: {count: {table: activity_attendance, on: {id: activity_id}, conditions: [{column: status, is: [1, 4]}]}}
      expected: {sum: {table: seats, column: number, on: {branch.dzz_code: code}, tree: org}}
  ActivityAttendance:
    table: activity_attendance
    rowKey: {column: uid, codec: uuid}
    latest: {column: changed_at}
    fields: {attendanceId: id, activityId: activity_id, memberNo: member_no, idDigest: sm3}
  DuesRecord:
    table: dues_payment
    rowKey: serial
    fields: {duesId: id, memberNo: member_no, idDigest: sm3, month: month, paid: paid_fen}
  VolunteerRecord:
    table: volunteer
    rowKey: id
    fields: {recordId: id, memberNo: member_no, idDigest: sm3, verifierNo: verifier_no, stationCode: station_code}
"""


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def load_text(text: str, **environment: str) -> Manifest:
        path = tmp_path / "source.yaml"
        path.write_text(text, encoding="utf-8")
        return load_manifest(path, CATALOG, environment={**ENVIRONMENT, **environment})

    return load_text


def told(load: Load, text: str, **environment: str) -> list[str]:
    with pytest.raises(ManifestInvalid) as caught:
        load(text, **environment)
    assert str(caught.value).splitlines() == [str(problem) for problem in caught.value.problems]
    return [str(problem) for problem in caught.value.problems]


# --- what is read ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Manifest]:
    root = tmp_path_factory.mktemp("state")
    write_reference(root / "reference", 430700, 0.002)
    return {
        name: load_manifest(DEMO / f"{name}.yaml", CATALOG, environment=ENVIRONMENT, files_root=root)
        for name in DEMO_SOURCES
    }


@pytest.mark.parametrize("name", DEMO_SOURCES)
def test_demo_manifest_is_valid(name: str, demo: dict[str, Manifest]) -> None:
    assert demo[name].connector == name
    assert all(binding.connector == name for binding in demo[name].bindings.values())


def test_demo_sources_bind_every_entity(demo: dict[str, Manifest]) -> None:
    bound = {(entity, name) for name, manifest in demo.items() for entity in manifest.bindings}
    assert bound == {(entity.name, source) for entity in CATALOG.entities.values() for source in entity.row_sources}


def test_members_of_s1_disclose_membership_and_are_alive(demo: dict[str, Manifest]) -> None:
    person = demo["s1"].bindings["Person"]
    assert person.discloses == "Person.partyMember"
    assert person.conditions == (SourceCondition(column=ColumnRef(column="SCBZ"), values=("1",), negated=True),)
    assert person.latest == "_latest"
    assert person.fields["_latest"].columns == (ColumnRef(column="GXSJ"),)


def test_every_field_of_the_catalogue_has_a_source_but_who_the_hub_computes(demo: dict[str, Manifest]) -> None:
    bound = {
        (entity, field)
        for manifest in demo.values()
        for entity, binding in manifest.bindings.items()
        for field in binding.fields
    }
    named = {
        (entity.name, field.name)
        for entity in CATALOG.entities.values()
        for field in entity.fields.values()
        if field.derived is None and field.companion_of is None and field.label_of is None
    }
    assert named - bound == set()


def test_where_a_member_checked_in_is_not_read(demo: dict[str, Manifest]) -> None:
    """D23: no question needs it."""
    columns = {column for binding in demo["s2"].bindings.values() for _, column, _ in columns_of(binding)}
    assert "checkin_at" in columns
    assert not {"checkin_lng", "checkin_lat"} & columns


def test_engine_of_the_environment_decides_which_settings_are_resolved() -> None:
    sqlite = load_manifest(DEMO / "s1.yaml", CATALOG, environment={"HUTONG_S1_ENGINE": "sqlite"})
    assert (sqlite.engine, sqlite.settings) == ("sqlite", {"path": "sources/zzb_dyk.db", "pool": 4})


def test_settings_are_typed(load: Load) -> None:
    settings = dict(load(S2).settings)
    assert settings.pop("password").reveal() == "S3ntinel-two"
    assert settings == {
        "host": "127.0.0.1", "port": 15432, "database": "life", "user": "hub", "tls": Tls.VERIFY, "pool": 7,
    }  # fmt: skip


def test_joins_conditions_and_sub_selects_are_read(load: Load) -> None:
    activity = load(S2).bindings["OrgLifeActivity"]
    branch, county = activity.joins.values()
    assert (branch.table, branch.on) == ("branch", ((ColumnRef(column="branch_id"), "id"),))
    assert branch.conditions == (SourceCondition(column=ColumnRef(column="deleted_at"), values=()),)
    assert county.on == ((ColumnRef(column="county_code", table="branch"), "code"),)
    assert activity.conditions == (
        SourceCondition(column=ColumnRef(column="deleted_at"), values=()),
        SourceCondition(column=ColumnRef(column="type_code"), values=(7, 8), negated=True),
        SourceCondition(column=ColumnRef(column="name", table="branch"), values=(), negated=True),
        SourceCondition(column=ColumnRef(column="state"), values=("01",)),
    )
    present, expected = activity.fields["present"].sub_select, activity.fields["expected"].sub_select
    assert present is not None
    assert expected is not None
    assert present.aggregation is Aggregation.COUNT
    assert present.conditions == (SourceCondition(column=ColumnRef(column="status"), values=(1, 4)),)
    assert (expected.aggregation, expected.columns, expected.tree) == (Aggregation.SUM, ("number",), Tree.ORG)
    assert activity.latest == "startedAt"


def test_field_alone_takes_the_codec_of_its_type(load: Load) -> None:
    bindings = load(S2).bindings
    codecs = {name: field.codec.name for binding in bindings.values() for name, field in binding.fields.items()}
    assert codecs == {
        "activityId": "integer", "orgCode": "token", "type": "code", "title": "text", "startedAt": "datetime",
        "present": "integer", "expected": "integer", "attendanceId": "integer", "memberNo": "integer",
        "_latest": "datetime", "duesId": "integer", "idDigest": "token", "month": "month_date", "paid": "fen",
        "recordId": "integer", "verifierNo": "integer", "stationCode": "token",
    }  # fmt: skip


def test_row_key_takes_the_codec_of_the_field_on_its_column(load: Load) -> None:
    bindings = load(S2).bindings
    keys = {entity: binding.row_key.codec.name for entity, binding in bindings.items()}
    assert keys == {
        "OrgLifeActivity": "integer", "ActivityAttendance": "uuid", "DuesRecord": "token", "VolunteerRecord": "integer",
    }  # fmt: skip
    assert {binding.row_key.name for binding in bindings.values()} == {ROW_KEY}


def test_coded_field_lets_the_catalogues_codes_pass(load: Load) -> None:
    level = load(HUB).bindings["AdministrativeDivision"].fields["level"].codec
    assert [level.decode(raw) for raw in ("3", "7", None)] == ["3", None, None]


def test_map_beside_pass_adds_the_sources_own_spellings(load: Load) -> None:
    text = HUB.replace("level: level", 'level: {column: level, pass: true, map: {县: "3"}}')
    level = load(text).bindings["AdministrativeDivision"].fields["level"].codec
    assert [level.decode(raw) for raw in ("县", "5", "乡")] == ["3", "5", None]


def test_freshness_tells_age_and_the_column_of_changes(load: Load) -> None:
    freshness = load(S2).freshness
    assert (freshness.live, freshness.max_age_seconds) == (False, 93_600)
    assert freshness.column == ("org_life_activity", "updated_at")


# --- secrets ---------------------------------------------------------------------------------------------------------


def test_secret_is_in_no_text_of_the_manifest(load: Load) -> None:
    manifest = load(S2)
    password = manifest.settings["password"]
    for shown in (repr(manifest), str(manifest), f"{password}", f"{password!r}", "%s" % password):  # noqa: UP031
        assert "S3ntinel" not in shown
    with pytest.raises(TypeError):
        pickle.dumps(password)
    with pytest.raises(TypeError):
        json.dumps(dict(manifest.settings))


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("engine: memory", "engine: {env: GIVEN}"),
        ("path: divisions.csv", "path: {env: GIVEN}"),
        ("department: ", "department: {env: GIVEN} #"),
    ],
    ids=["engine", "setting", "no setting"],
)
def test_a_problem_never_shows_what_the_environment_holds(
    load: Load, language: Language, right: str, wrong: str
) -> None:
    assert right in HUB
    with pytest.raises(ManifestInvalid) as caught:
        load(HUB.replace(right, wrong, 1), GIVEN="s3ntinel://memmory")
    assert "s3ntinel" not in caught.value.said(language)
    assert "memmory" not in caught.value.said(language)


def test_secret_file_lies_below_the_secrets_folder(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "s2").write_text("from a file\n")
    (tmp_path / "outside").write_text("no")
    manifest = tmp_path / "s2.yaml"

    def password(reference: str) -> str:
        manifest.write_text(S2.replace("env:HUTONG_S2_PASSWORD", reference), encoding="utf-8")
        loaded = load_manifest(manifest, CATALOG, environment=ENVIRONMENT, secrets_root=tmp_path / "secrets")
        return str(loaded.settings["password"].reveal())

    assert password("file:s2") == "from a file"
    for reference in ("file:../outside", f"file:{tmp_path}/secrets/s2", "file:missing", "file:", "plain"):
        with pytest.raises(ManifestInvalid, match=r"^s2\.yaml:10: "):
            password(reference)


@pytest.mark.parametrize(
    "written",
    ["hunter2", '"hunter2"', "{value: hunter2}", "{env: HUNTER}", '{secret: "hunter2"}', "[hunter2]"],
)
def test_literal_password_is_refused_without_repeating_it(load: Load, written: str) -> None:
    (problem,) = told(load, S2.replace('{secret: "env:HUTONG_S2_PASSWORD"}', written), HUNTER="hunter2")
    assert problem.startswith("source.yaml:10: ")
    assert "env:NAME" in problem
    assert "hunter2" not in problem


# --- mistakes --------------------------------------------------------------------------------------------------------

HUB_MISTAKES = {
    "unknown-key": ("department: HUB", "departement: HUB", 3, 'unknown key "departement": did you mean "department"?'),
    "connector-name": ("connector: hub", "connector: Hub 1", 1, '"connector" must be lower-case'),
    "title-without-english": (", en: Reference data", "", 2, '"en" is missing'),
    "engine": ("engine: memory", "engine: memmory", 4, 'did you mean "memory"?'),
    "setting-of-another-engine": ("path: divisions.csv", "path: d.csv\n  host: x", 7, 'unknown key "host"'),
    "missing-setting": ("path: divisions.csv", "{}", 5, '"path" is missing'),
    "url": ("path: divisions.csv", "path: sqlite:////etc/passwd", 6, "not a URL"),
    "url-key": ("path: divisions.csv", "path: d.csv\n  url: file:d.csv", 7, "never by a URL"),
    "variable-not-set": ("path: divisions.csv", "path: {env: NOT_SET}", 6, "variable NOT_SET is not set"),
    "secret-elsewhere": ("path: divisions.csv", 'path: {secret: "env:PORT"}', 6, '"path" is no secret'),
    "duration": ("maxAge: 60s", "maxAge: 60", 7, '"maxAge" must be a number with s, min, h or d'),
    "freshness-kind": ("kind: live", "kind: alive", 7, 'did you mean "live"?'),
    "entity": ("AdministrativeDivision:", "AdministrativDivision:", 9, 'did you mean "AdministrativeDivision"?'),
    "field": ("level: level", "levle: level", 16, 'no field AdministrativeDivision.levle: did you mean "level"?'),
    "relation": ("level: level", "children: level", 16, "it is a relation: bind the fields it joins by"),
    "label-companion": ("level: level", "levelLabel: level", 16, "is filled by the hub; bind level"),
    "codec": ("level: level", "level: {column: level, codec: tokn}", 16, 'no codec "tokn": did you mean "token"?'),
    "codec-of-another-type": ("level: level", "level: {column: level, codec: epoch}", 16, "is Code, but codec epoch"),
    "codec-parameter": ("level: level", "level: {column: level, pas: true}", 16, '"pas"'),
    "code": ("level: level", 'level: {column: l, map: {x: "7"}}', 16, 'divisionLevel has no code "7"'),
    "no-source": ("level: level", "level: {codec: token}", 16, "needs one of column, columns, count, sum"),
    "two-sources": ("level: level", "level: {column: a, columns: [b]}", 16, "not column and columns together"),
    "width": ("level: level", "level: {columns: [a, b], codec: token}", 16, "reads 1 columns, not 2"),
    "join": ("level: level", "level: unti.level", 16, 'there is no join "unti"'),
    "latest": ("rowKey: divCode", "rowKey: divCode\n    latest: leval", 12, 'did you mean "level"?'),
    "discloses": ("rowKey: divCode", "rowKey: divCode\n    discloses: Person.partyMembr", 9, "Person.partyMember"),
    "unbound-key": ("divCode: divCode\n", "validFrom: d\n", 9, "divCode must be bound: it is the key"),
    "unbound-join-field": ("      parentCode: parentCode\n", "", 9, "parentCode must be bound"),
    "list-instead-of-mapping": ("fields:", "fields: [a]\n    x:", 12, "must be a mapping"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", HUB_MISTAKES, ids=HUB_MISTAKES.keys())
def test_mistake_is_told_by_line(load: Load, mistake: str) -> None:
    before, after, line, message = HUB_MISTAKES[mistake]
    assert before in HUB
    found = [problem for problem in told(load, HUB.replace(before, after)) if message in problem]
    assert found
    assert found[0].startswith(f"source.yaml:{line}: ")


S2_MISTAKES = {
    "port": ("{env: PORT}", '"70000"', 7, "a whole number from 1 to 65535"),
    "huge-port": ("{env: PORT}", "9" * 5_000, 7, "a whole number"),
    "tls": ("tls: verify", "tls: verfy", 11, 'did you mean "verify"?'),
    "host-with-scheme": ("host: 127.0.0.1", "host: mysql://h", 6, "not a URL"),
    "no-test": ("{column: deleted_at, isNull: true}]}\n", "{column: x}]}\n", 19, "needs one of is, isNot"),
    "two-tests": ("isNot: [7, 8]", "isNot: [7], is: 8", 23, "needs one of is, isNot"),
    "empty-values": ("isNot: [7, 8]", "isNot: []", 23, "needs a value or a list of values"),
    "ambiguous-zeros": ('is: "01"', "is: 01", 25, "in quotes if it is text"),
    "later-join": ("on: {branch_id: id}", "on: {county.id: id}", 19, 'there is no join "county"'),
    "empty-on": ("on: {id: activity_id}", "on: {}", 33, '"on" needs a pair'),
    "tree-of-two": ("on: {branch.dzz_code: code}", "on: {a: b, c: d}", 34, "pairs one column with one column"),
    "sum-without-column": ("column: number, ", "", 34, '"column" is missing'),
    "derived": ("title: {column: title, lossy: true}", "attendanceRate: rate", 31, "is derived; bind what"),
    "row-key-as-count": ("rowKey: serial", "rowKey: {count: {table: t, on: {a: b}}}", 42, "must be a column"),
    "labels-differ": ("expected: {sum", "speaker: title\n      expected: {sum", 34, "fields of different labels"),
    "foreign-entity": ("  DuesRecord:", "  PublicUnit: {table: u, rowKey: n, fields: {unitNo: n}}\n  DuesRecord:", 40,
                       "neither rows nor fields of PublicUnit"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", S2_MISTAKES, ids=S2_MISTAKES.keys())
def test_mistake_in_a_server_source_is_told_by_line(load: Load, mistake: str) -> None:
    before, after, line, message = S2_MISTAKES[mistake]
    assert before in S2
    found = [problem for problem in told(load, S2.replace(before, after)) if message in problem]
    assert found
    assert found[0].startswith(f"source.yaml:{line}: ")


S1 = (DEMO / "s1.yaml").read_text(encoding="utf-8")
ID_OF_THE_SECRETARY = "{unique: {table: DY_JBXX, column: SFZH, on: {DZZDM: DZZDM, DZZSJ: XM}}, codec: %s}"
SHOWN_TWICE = {
    "join": ("contactPhone: LXDH", "contactPhone: {column: secretary.SFZH, codec: text}"),
    "sub-select": ("contactPhone: LXDH", f"contactPhone: {ID_OF_THE_SECRETARY % 'text'}"),
}


@pytest.mark.parametrize("mistake", SHOWN_TWICE)
def test_an_id_number_is_not_shown_under_a_lower_label(load: Load, mistake: str) -> None:
    before, after = SHOWN_TWICE[mistake]
    with_join = "rowKey: DZZDM\n    joins:\n      secretary: {table: DY_JBXX, on: {DZZSJ: XM}}\n"
    text = S1.replace("rowKey: DZZDM\n", with_join, 1)
    assert load(text)
    (found,) = told(load, text.replace(before, after))
    assert "column SFZH is shown by fields of different labels" in found
    assert "PartyOrganisation.contactPhone (C2)" in found
    assert "Person.idNumber (C4I)" in found


def test_a_sum_of_a_column_carries_the_label_of_the_column(load: Load) -> None:
    (found,) = told(load, S2.replace("table: seats, column: number,", "table: dues_payment, column: paid_fen,"))
    assert "column paid_fen is shown by fields of different labels" in found


def test_a_part_of_an_id_number_has_a_label_of_its_own_in_a_sub_select_too(load: Load) -> None:
    assert load(S1.replace("sex: XB", f"sex: {ID_OF_THE_SECRETARY % 'id_sex'}"))


# --- lists, tables of names, sub-selects -----------------------------------------------------------------------------


def test_a_list_wants_a_codec_that_gives_lists_and_no_other_field_does(load: Load) -> None:
    text = HUB.replace("level: level", 'aliases: {column: names, codec: split, separator: "|"}')
    assert load(text).bindings["AdministrativeDivision"].fields["aliases"].codec.decode("a|b") == ["a", "b"]
    assert told(load, HUB.replace("level: level", "aliases: names")) == [
        'source.yaml:16: "aliases" is a list; write codec: bits or split, not text'
    ]
    assert told(load, HUB.replace("name: name", 'name: {column: name, codec: split, separator: "|"}')) == [
        'source.yaml:14: "name" is a single value, not split'
    ]


def names_of(tmp_path: Path, csv: str | None, path: str = "names/divisions.csv", codec: str = "alias") -> Manifest:
    """The hub's manifest whose names of divisions are in a file below ``root``."""
    root = tmp_path / "root"
    (root / "names").mkdir(parents=True)
    (tmp_path / "outside.csv").write_text("name,code\na,430700\n", encoding="utf-8")
    if csv is not None:
        (root / "names" / "divisions.csv").write_text(csv, encoding="utf-8")
    text = HUB.replace("divCode: divCode\n", f"divCode: {{column: d, codec: {codec}, table: {{file: {path}}}}}\n", 1)
    (tmp_path / "hub.yaml").write_text(text, encoding="utf-8")
    return load_manifest(tmp_path / "hub.yaml", CATALOG, environment={}, files_root=root)


def test_names_come_from_a_file(tmp_path: Path) -> None:
    codec = names_of(tmp_path, "name,code\n石门县,430726\n").bindings["AdministrativeDivision"].fields["divCode"].codec
    assert [(codec.decode(raw), codec.quality(raw)) for raw in ("石门县", "430726", "石门", "")] == [
        ("430726", None), ("430726", None), (None, "CODE_UNMAPPED"), (None, None),
    ]  # fmt: skip


def test_names_that_are_not_the_official_one_are_told(tmp_path: Path) -> None:
    csv = "\ufeffname,code,official\n石门县,430726,1\n石门,430726,0\n"
    codec = names_of(tmp_path, csv).bindings["AdministrativeDivision"].fields["divCode"].codec
    assert [(codec.decode(raw), codec.quality(raw)) for raw in ("石门县", "石门")] == [
        ("430726", None), ("430726", "UNIT_NAME_ALIAS"),
    ]  # fmt: skip


def test_a_name_that_several_bear_stands_for_none_of_them(tmp_path: Path) -> None:
    csv = "name,code,official\n石门县,430726,1\n县里,,0\n"
    codec = names_of(tmp_path, csv).bindings["AdministrativeDivision"].fields["divCode"].codec
    assert (codec.decode("县里"), codec.quality("县里")) == (None, "CODE_UNMAPPED")


def test_a_text_stays_as_it_is_and_its_names_are_told(tmp_path: Path) -> None:
    csv = "name,code,official\n石门县,430726,1\n石门,430726,0\n县里,,0\n"
    codec = names_of(tmp_path, csv, codec="text").bindings["AdministrativeDivision"].fields["divCode"].codec
    assert [(codec.decode(raw), codec.quality(raw)) for raw in ("石门县", "石门", " 县里　", "别处", None)] == [
        ("石门县", None), ("石门", "UNIT_NAME_ALIAS"), ("县里", "UNIT_NAME_ALIAS"), ("别处", None), (None, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("csv", "problem"),
    [
        (None, 'hub.yaml:13: there is no file "names/divisions.csv"'),
        ("", 'names/divisions.csv:1: the header must be "name,code" or "name,code,official"'),
        ("name;code\n", 'names/divisions.csv:1: the header must be "name,code" or "name,code,official"'),
        ("name,code\n", "names/divisions.csv:1: the table is empty"),
        ("name,code\na,1\n\nb,2\n", "names/divisions.csv:3: a line must have 2 cells, with a name and a code"),
        ("name,code\na,1\nb,\n", "names/divisions.csv:3: a line must have 2 cells, with a name and a code"),
        ("name,code\na,1\nb,2\na,3\n", 'names/divisions.csv:4: "a" is there twice; keep one'),
        ("name,code,official\na,1,yes\n", 'names/divisions.csv:2: "official" must be 1 or 0'),
    ],
    ids=["missing", "empty", "header", "no rows", "empty line", "no code", "twice", "official"],
)
def test_a_mistake_in_a_file_of_names_is_told_by_its_line(tmp_path: Path, csv: str | None, problem: str) -> None:
    with pytest.raises(ManifestInvalid) as caught:
        names_of(tmp_path, csv)
    assert [str(found) for found in caught.value.problems] == [problem]


@pytest.mark.parametrize("path", ["../outside.csv", "/etc/hosts"])
def test_files_of_names_lie_below_the_sources_folder(tmp_path: Path, path: str) -> None:
    with pytest.raises(ManifestInvalid, match="must be a path below the folder that holds every file of a source"):
        names_of(tmp_path, None, path)


def test_rows_found_by_name_and_sums_of_products_are_read(load: Load) -> None:
    present = S2[S2.index("      present: ") : S2.index("      expected: ")]
    text = S2.replace(present, "      present: {sum: {table: seats, columns: [rows, width], on: {id: activity_id}}}\n")
    text = text.replace(
        "orgCode: branch.dzz_code",
        "orgCode: {unique: {table: b, columns: [code], on: {a: b, name: named}}, codec: token}",
    )
    fields = load(text).bindings["OrgLifeActivity"].fields
    summed, unique = fields["present"].sub_select, fields["orgCode"].sub_select
    assert summed is not None
    assert unique is not None
    assert (summed.aggregation, summed.columns) == (Aggregation.SUM, ("rows", "width"))
    assert (unique.aggregation, unique.columns) == (Aggregation.UNIQUE, ("code",))
    assert unique.on == ((ColumnRef(column="a"), "b"), (ColumnRef(column="name"), "named"))
    codec = fields["orgCode"].codec
    assert (codec.arity, codec.decode("001", 1, "x"), codec.quality("001", 2, "x")) == (3, "001", "NAME_UNRESOLVED")


def test_a_row_is_not_found_by_name_in_a_tree(load: Load) -> None:
    tree = "orgCode: {unique: {table: b, column: code, on: {name: named}, tree: org}, codec: token}"
    problems = told(load, S2.replace("orgCode: branch.dzz_code", tree))
    assert problems == ['source.yaml:29: "unique" finds a row by equal columns; remove "tree"']


def test_parts_of_an_id_number_need_not_carry_its_label(demo: dict[str, Manifest]) -> None:
    fields = demo["s4"].bindings["Person"].fields
    assert {name for name, field in fields.items() if field.columns == (ColumnRef(column="zhengjian_hm"),)} == {
        "idNumber", "sex", "birthDate",
    }  # fmt: skip


# --- the whole -------------------------------------------------------------------------------------------------------


def test_all_mistakes_are_told_at_once_in_order(load: Load) -> None:
    text = HUB.replace("level: level", "levle: level").replace("engine: memory", "engine: x").replace("60s", "soon")
    lines = [int(problem.split(":")[1]) for problem in told(load, text)]
    assert lines == sorted(lines)
    assert {4, 7, 16} <= set(lines)


def test_one_mistake_is_not_told_twice_in_other_words(load: Load) -> None:
    assert len(told(load, HUB.replace("divCode: divCode", "divCode: {column: divCode, codec: tokn}"))) == 1


def test_entity_whose_rows_the_catalogue_expects_must_be_bound(load: Load) -> None:
    text = S2[: S2.index("  VolunteerRecord:")]
    assert told(load, text) == [
        "source.yaml:14: the catalogue takes the rows of VolunteerRecord from s2; bind it here",
    ]


def test_values_of_the_environment_are_not_in_problems(load: Load) -> None:
    problems = told(load, S2.replace("{env: PORT}", "{env: OTHER}"), OTHER="not-a-port-but-private")
    assert "private" not in "".join(problems)


def test_default_of_a_setting_stands_in_for_the_environment(load: Load) -> None:
    manifest = load(S2.replace("{env: PORT}", '{env: NOT_SET, default: "1234"}'))
    assert manifest.settings["port"] == 1234


def test_unreadable_file_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(ManifestInvalid, match=r"none\.yaml:1: the file cannot be read"):
        load_manifest(tmp_path / "none.yaml", CATALOG, environment={})
