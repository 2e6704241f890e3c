"""Files become one catalogue: companions, defaults, computed labels, several files."""

from pathlib import Path

import pytest

from schema.catalog import Catalog, Place, ScopeKind, ScopePath
from schema.catalog_loader import check_catalog, load_catalog
from schema.errors import CatalogInvalid
from schema.labels import parse_label
from schema.predicates import And, Comparison, IsNull, Not, Operator, Or, Predicate
from schema.values import ScalarType
from tests.schema.right_catalog import RIGHT, changed, write


def load(folder: Path, text: str = RIGHT) -> Catalog:
    return load_catalog(write(folder, text))


def test_a_right_catalogue_has_no_problems(tmp_path: Path) -> None:
    assert check_catalog(write(tmp_path, RIGHT)) == ()


def test_loading_a_wrong_catalogue_raises_every_problem(tmp_path: Path) -> None:
    with pytest.raises(CatalogInvalid) as raised:
        load(tmp_path, changed("codes: sex,", "codes: six,").replace("rowSources: [s1]", "rowSources: []"))
    first = raised.value.problems[0]
    assert first.place == Place(file="test.yaml", line=37)
    assert first.message == 'the code table "six" does not exist: did you mean "sex"?'
    assert [problem.place.line for problem in raised.value.problems] == [37, 47, 62]
    assert str(raised.value).count("\n") == 2


def test_a_folder_without_files_is_no_catalogue(tmp_path: Path) -> None:
    (problem,) = check_catalog(tmp_path)
    assert problem.message == "there is no catalogue here; write at least one *.yaml file"


def test_a_name_in_two_files_is_kept_once(tmp_path: Path) -> None:
    write(tmp_path, "domain: other\nowner: X\nentities:\n  Org: {title: {zh: 组织, en: Org}}\n", "zz.yaml")
    write(tmp_path, "codeTables:\n  sex: {title: {zh: 性别, en: Sex}, codes: {}}\n", "a.yaml")
    assert [str(problem) for problem in check_catalog(write(tmp_path, RIGHT))] == [
        "test.yaml:4: code table sex is already written at a.yaml:2; keep one",
        "zz.yaml:4: entity Org is already written at test.yaml:57; keep one",
    ]


def test_entities_of_one_file_may_use_tables_of_another(tmp_path: Path) -> None:
    head, tail = RIGHT.split("codeTables:\n")
    tables, entities = tail.split("entities:\n")
    write(tmp_path, "codeTables:\n" + tables, "zz.yaml")
    assert load(tmp_path, head + "entities:\n" + entities).code_tables["sex"].codes["1"].zh == "男"


def test_a_coded_field_brings_its_label_field(tmp_path: Path) -> None:
    field = load(tmp_path).entities["Person"].fields["sexLabel"]
    assert (field.label_of, field.type, field.label) == ("sex", ScalarType.STRING, parse_label("C2G"))
    assert (field.title.zh, field.title.en) == ("性别名称", "Sex in words")
    assert not field.filterable
    assert not field.sortable


def test_an_internal_coded_field_brings_none(tmp_path: Path) -> None:
    catalog = load(tmp_path, changed("sex: {type: Code,", "sex: {type: Code, internal: true,"))
    assert "sexLabel" not in catalog.entities["Person"].fields


def test_a_label_field_that_is_written_keeps_its_words(tmp_path: Path) -> None:
    written = "sexLabel: {type: String, label: C2G, title: {zh: 男女, en: Word}}\n      sex: {type: Code,"
    field = load(tmp_path, changed("sex: {type: Code,", written)).entities["Person"].fields["sexLabel"]
    assert (field.label_of, field.title.en) == ("sex", "Word")


def test_a_masked_date_brings_the_text_that_carries_its_mask(tmp_path: Path) -> None:
    fields = load(tmp_path).entities["Person"].fields
    assert fields["born"].text_companion == "bornText"
    companion = fields["bornText"]
    assert (companion.companion_of, companion.type, companion.label) == ("born", ScalarType.STRING, parse_label("C3G"))


def test_companions_follow_their_base(tmp_path: Path) -> None:
    names = list(load(tmp_path).entities["Person"].fields)
    assert names[names.index("sex") :][:4] == ["sex", "sexLabel", "born", "bornText"]


def test_a_row_label_is_the_highest_of_key_and_relations_to_a_person(tmp_path: Path) -> None:
    assert load(tmp_path).entities["Member"].row_label == parse_label("C2Gp")


def test_a_scope_path_goes_over_relations_to_a_field(tmp_path: Path) -> None:
    assert load(tmp_path).entities["Person"].scopes == {
        ScopeKind.OWN: ScopePath(relations=(), field="identity"),
        ScopeKind.ORGTREE: ScopePath(relations=("member",), field="orgCode"),
        ScopeKind.DIVTREE: ScopePath(relations=("member", "org"), field="divCode"),
    }


@pytest.mark.parametrize(
    ("when", "predicate", "constants"),
    [
        ("{isMinor: {eq: true}}", Comparison("isMinor", Operator.EQ, 0), (True,)),
        ("{isMinor: {isNull: true}}", IsNull("isMinor"), ()),
        ("{name: {isNull: false}}", Not(IsNull("name")), ()),
        (
            "{age: {gte: 14, lt: 18}}",
            And((Comparison("age", Operator.GTE, 0), Comparison("age", Operator.LT, 1))),
            (14, 18),
        ),
        (
            "{or: [{name: {startsWith: '1'}}, {sex: {eq: x}}]}",
            Or((Comparison("name", Operator.STARTS_WITH, 0), Comparison("sex", Operator.EQ, 1))),
            ("1", "x"),
        ),
        (
            "{not: {and: [{name: {eq: a}}, {age: {ne: 1}}]}}",
            Not(And((Comparison("name", Operator.EQ, 0), Comparison("age", Operator.NE, 1)))),
            ("a", 1),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_row_class_reads_like_a_where(
    when: str, predicate: Predicate, constants: tuple[object, ...], tmp_path: Path
) -> None:
    (row_class,) = load(tmp_path, changed("{isMinor: {eq: true}}", when)).entities["Person"].row_classes
    assert (row_class.when, row_class.constants) == (predicate, constants)


def test_the_digest_changes_with_any_byte(tmp_path: Path) -> None:
    first = load(tmp_path).digest
    assert load(tmp_path).digest == first
    assert load(tmp_path, RIGHT + "\n").digest != first
