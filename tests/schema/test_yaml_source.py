"""Written files are read with every mistake told by its place."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.messages import yaml_files
from schema.yaml_source import MappingNode, Problems, parse_yaml, read_yaml


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


def parse(text: str) -> tuple[MappingNode | None, Problems]:
    problems = Problems()
    return parse_yaml(text, "t.yaml", problems), problems


def told(problems: Problems) -> list[str]:
    return [str(problem) for problem in problems.sorted()]


def root_of(text: str) -> tuple[MappingNode, Problems]:
    root, problems = parse(text)
    assert root is not None
    return root, problems


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "t.yaml:1: the file is empty; write a mapping (key: value)", id="empty"),
        pytest.param("# only a comment\n", "t.yaml:1: the file is empty; write a mapping (key: value)", id="comment"),
        pytest.param("- a\n", "t.yaml:1: the document must be a mapping (key: value), not a list", id="list"),
        pytest.param(
            "just text", "t.yaml:1: the document must be a mapping (key: value), not a single value", id="text"
        ),
        pytest.param(
            "a: 1\n---\nb: 2\n", "t.yaml:2: a second document starts here; write one document per file", id="documents"
        ),
        pytest.param(
            "a: 1\nb: &x 2\n",
            "t.yaml:2: anchors (&) and aliases (*) are not supported; write the value out, or quote it",
            id="anchor",
        ),
        pytest.param(
            "a: 1\nb: *x\n",
            "t.yaml:2: anchors (&) and aliases (*) are not supported; write the value out, or quote it",
            id="alias",
        ),
        pytest.param(
            "a: !!python/object:os.system {}\n",
            "t.yaml:1: tags (!) are not supported; write the plain value, or quote it",
            id="tag",
        ),
        pytest.param(
            "a:\n  - " + "[" * 30 + "]" * 30, "t.yaml:2: nested deeper than 24 levels; write it flatter", id="depth"
        ),
        pytest.param("a: 1\nb: \x07\n", "t.yaml:2: this is not YAML: a control character; remove it", id="control"),
        pytest.param("a: 1\nb: \ud800\n", "t.yaml:2: not a character; remove it", id="surrogate"),
        pytest.param("a: " + "x" * 2_100_000, "t.yaml:1: the file is larger than 2097152 bytes; split it", id="size"),
    ],
)
def test_a_document_that_cannot_be_read_is_refused_with_one_reason(text: str, message: str) -> None:
    root, problems = parse(text)
    assert root is None
    assert told(problems) == [message]


def test_a_syntax_error_names_its_line() -> None:
    root, problems = parse("a: 1\nb: c: d\n")
    assert root is None
    assert told(problems)[0].startswith("t.yaml:2: this is not YAML: ")


def test_a_duplicate_key_is_reported_and_the_first_kept() -> None:
    root, problems = root_of("a: 1\nb: 2\na: 3\n")
    assert root.find_int("a") == 1
    assert told(problems) == ['t.yaml:3: "a" is already written on line 1; keep one']


def test_a_key_that_is_a_list_is_reported() -> None:
    _, problems = root_of("? [a, b]\n: 1\n")
    assert told(problems) == ["t.yaml:1: a key must be a single value, not a list"]


def test_a_merge_key_is_an_unknown_key() -> None:
    root, problems = root_of("a: 1\n<<: {b: 2}\n")
    root.find_int("a")
    root.unknown_keys()
    assert told(problems) == ['t.yaml:2: unknown key "<<"; the keys here are a']


@pytest.mark.parametrize("written", ["01", "no", "0x1F", "2018-01-01", "1_000", "12:30", "true", "1e3"])
def test_text_stays_as_written(written: str) -> None:
    root, problems = root_of(f"a: {written}")
    assert root.take_str("a") == written
    assert not problems


READ: dict[str, Callable[[MappingNode], object]] = {
    "str": lambda root: root.take_str("a"),
    "int": lambda root: root.take_int("a"),
    "flag": lambda root: root.find_flag("a"),
    "enum": lambda root: root.take_enum("a", Colour),
    "list": lambda root: root.take_list("a"),
    "strs": lambda root: root.take_strs("a"),
    "mapping": lambda root: root.take_mapping("a"),
    "literal": lambda root: root.values["a"].as_literal(yaml_files.KEY(key="a")),
}


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        ("str", "a: [x]", '"a" must be text, not a list'),
        ("str", "a:", '"a" is missing; write it'),
        ("str", "a: ~", '"a" is missing; write it'),
        ("int", "a: 007", '"a" must be a whole number, not "007"'),
        ("int", "a: '7'", '"a" must be a whole number, not "7"'),
        ("int", "a: 1.5", '"a" must be a whole number, not "1.5"'),
        ("int", "a: 0x", '"a" must be a whole number, not "0x"'),
        ("flag", "a: yes", '"a" must be true or false, not "yes"'),
        ("flag", "a: {b: 1}", '"a" must be true or false, not a mapping'),
        ("enum", "a: gren", '"a" must be one of red, green, not "gren": did you mean "green"?'),
        ("enum", "a: [red]", '"a" must be one of red, green, not a list'),
        ("list", "a: x", '"a" must be a list, not a single value'),
        ("strs", "a: [x, {y: z}]", 'an item of "a" must be text, not a mapping'),
        ("strs", "a: [x, ~]", 'an item of "a" has no value; write one or remove it'),
        ("mapping", "a: [x]", '"a" must be a mapping (key: value), not a list'),
        ("literal", "a: 007", '"a": put 007 in quotes if it is text, else drop its zeros'),
        ("literal", "a: [1]", '"a" must be a single value, not a list'),
    ],
    ids=lambda value: value,
)
def test_a_value_of_another_kind_is_reported(kind: str, text: str, message: str) -> None:
    root, problems = root_of(text)
    READ[kind](root)
    assert told(problems) == [f"t.yaml:1: {message}"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("7", 7),
        ("-7", -7),
        ("0", 0),
        ("true", True),
        ("false", False),
        ("'7'", "7"),
        ("'true'", "true"),
        ("1.5", "1.5"),
    ],
)
def test_a_literal_is_what_its_spelling_says(written: str, value: object) -> None:
    root, problems = root_of(f"a: {written}")
    found = root.values["a"].as_literal(yaml_files.KEY(key="a"))
    assert (found, type(found)) == (value, type(value))
    assert not problems


def test_what_is_absent_is_none_or_the_default() -> None:
    root, problems = root_of("b: 1")
    assert [root.find_str("a"), root.find_int("a"), root.find_enum("a", Colour), root.find_mapping("a")] == [None] * 4
    assert (root.find_list("a"), root.find_strs("a"), root.find_flag("a", default=True)) == ((), (), True)
    assert not problems


def test_a_missing_key_is_told_on_the_line_of_its_mapping() -> None:
    root, problems = root_of("x: 1\nouter:\n  b: 1\n")
    inner = root.take_mapping("outer")
    assert inner is not None
    assert inner.take_str("name") is None
    assert told(problems) == ['t.yaml:2: "name" is missing; write it']


def test_unknown_keys_come_with_the_word_that_was_meant() -> None:
    root, problems = root_of("title: x\nlable: y\nzzz: 1\n")
    root.take_str("title")
    root.find_str("label")
    root.unknown_keys()
    assert told(problems) == [
        't.yaml:2: unknown key "lable": did you mean "label"?',
        't.yaml:3: unknown key "zzz"; the keys here are title, label',
    ]


def test_entries_are_names_not_words_of_the_format() -> None:
    root, problems = root_of("b: 1\na: 2\n")
    assert [(name, node.as_int(yaml_files.KEY(key=name))) for name, node in root.entries()] == [("b", 1), ("a", 2)]
    root.unknown_keys()
    assert not problems


def test_all_mistakes_are_collected_in_order_of_lines_and_told_once() -> None:
    root, problems = root_of("a: x\nb: y\n")
    for key in ("b", "a", "b"):
        root.take_int(key)
    assert told(problems) == [
        't.yaml:1: "a" must be a whole number, not "x"',
        't.yaml:2: "b" must be a whole number, not "y"',
    ]


def test_a_file_is_told_by_its_name_alone(tmp_path: Path) -> None:
    path = tmp_path / "party.yaml"
    path.write_bytes("\ufeffa: 党\n".encode())
    problems = Problems()
    root = read_yaml(path, problems)
    assert root is not None
    assert root.take_str("a") == "党"
    assert str(root.place_of("a")) == "party.yaml:1"


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "party.yaml"
    path.write_bytes(b"a: 1\n" + "b: 党\n".encode("gbk"))
    problems = Problems()
    assert read_yaml(path, problems) is None
    assert told(problems) == ["party.yaml:2: the file is not UTF-8; save it as UTF-8"]


def test_a_file_that_is_not_there_is_reported(tmp_path: Path) -> None:
    problems = Problems()
    assert read_yaml(tmp_path / "none.yaml", problems) is None
    assert told(problems) == ["none.yaml:1: the file cannot be read (No such file or directory)"]


@given(st.text(alphabet=st.sampled_from("ab:-[]{}&*!|>'\"# \n\t,?%@`0党\u2028"), max_size=60))
def test_any_text_is_read_or_refused_never_raises(text: str) -> None:
    root, problems = parse(text)
    assert (root is not None) or problems
