"""The table of messages: every line in both languages with the same slots, none unused, none to callers with room for a
value or an operator's text, and no error raised past it.
"""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter

import pytest

import schema.messages
from schema.language import Language
from schema.message import FILE_SLOTS, OMITTED, SLOTS, Message, Told
from schema.messages import commands, manifest_files, operations, policy_files, quality, reasons, sources, yaml_files
from schema.quality import title_of

ROOT = Path(__file__).parents[2]
PACKAGES = ("schema", "resolvers", "connectors", "authz", "hutong", "demo")
ERRORS = frozenset(
    {
        *("OperationError", "BadInput", "InvalidPart", "LimitExceeded", "FieldDenied", "FilterDenied"),
        *("PurposeRequired", "SourceFailed", "Refused", "Unacceptable", "BadParameter"),
        *("SourceUnavailable", "SourceTimeout", "SourceDrifted", "SourceAuthFailed"),
        *("Explained", "JwksInvalid", "PortTaken", "SettingsInvalid", "StartRefused", "TrailUnusable", "Unusable"),
    }
)
"""Classes whose message a caller or an operator is told, and that do not bring a line of the table themselves."""
TABLES = {
    found.name: importlib.import_module(f"schema.messages.{found.name}")
    for found in pkgutil.iter_modules(schema.messages.__path__)
}
CALLERS_TABLES = ("explanations", "explorer", "operations", "quality", "reasons", "requests", "sources")
TABLE: Mapping[str, Message] = {
    name: value for table in TABLES.values() for name, value in vars(table).items() if isinstance(value, Message)
}


def source_trees() -> Iterator[tuple[str, ast.Module]]:
    for folder in PACKAGES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


TREES = dict(source_trees())


def uses(tree: ast.AST) -> Iterator[ast.Attribute]:
    """``operations.NOT_BY_GET`` and the like."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=table), attr=name) if table in TABLES and name.isupper():
                yield node


def free_texts(tree: ast.AST) -> Iterator[int]:
    """Lines where one of the errors is made from text instead of a line of the table."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name), args=arguments) if name in ERRORS:
                if any(isinstance(part, ast.Constant | ast.JoinedStr) and _prose(part) for part in arguments):
                    yield node.lineno
            case ast.Call(func=ast.Name(id="Problem"), keywords=given):
                if any(isinstance(word.value, ast.Constant | ast.JoinedStr) for word in given):
                    yield node.lineno
            case ast.Call(func=ast.Name(id="Told")):
                yield node.lineno


def _prose(node: ast.expr) -> bool:
    """Whether a literal is more than a name, a code or a number."""
    return not isinstance(node, ast.Constant) or (isinstance(node.value, str) and not node.value.isidentifier())


@pytest.mark.parametrize("name", sorted(TABLE))
def test_the_key_is_the_name_and_stands_once(name: str) -> None:
    assert TABLE[name].key == name
    assert [table for table, module in TABLES.items() if name in vars(module)] == [
        table for table, module in TABLES.items() if vars(module).get(name) is TABLE[name]
    ]
    assert sum(name in vars(module) for module in TABLES.values()) == 1


@pytest.mark.parametrize("message", TABLE.values(), ids=TABLE.keys())
def test_both_languages_have_the_same_registered_slots(message: Message) -> None:
    assert message.slots(Language.ZH) == message.slots(Language.EN)
    assert message.slots(Language.ZH) <= SLOTS.keys()


@pytest.mark.parametrize("table", CALLERS_TABLES)
def test_nothing_that_callers_are_told_has_room_for_an_operators_text(table: str) -> None:
    messages = [value for value in vars(TABLES[table]).values() if isinstance(value, Message)]
    assert messages
    assert [message.key for message in messages if message.slots(Language.EN) & FILE_SLOTS.keys()] == []


@pytest.mark.parametrize("message", TABLE.values(), ids=TABLE.keys())
def test_each_language_is_written_in_its_own_script(message: Message) -> None:
    plain = "".join(text for text, *_ in Formatter().parse(message.zh))
    assert message.en.isascii()
    assert re.search("[\u4e00-\u9fff]", plain) or not re.search(r"[A-Za-z]", plain)
    assert plain[-1:] not in ("。", ".")


def test_no_message_is_unused() -> None:
    used = {node.attr for tree in TREES.values() for node in uses(tree)}
    assert set(TABLE) - used - set(quality.TITLES) == set()


def test_every_title_is_of_a_quality_code_that_is_told() -> None:
    folders = [ROOT / name for name in ("resolvers", "connectors", "schema/catalog", "demo/manifests")]
    files = [*(path for folder in folders for kind in ("*.py", "*.yaml") for path in folder.rglob(kind))]
    text = "\n".join(path.read_text(encoding="utf-8") for path in (*files, ROOT / "schema/quality.py"))
    assert [code for code in quality.TITLES if not re.search(rf"\b{code}(?=\b|_)", text)] == []


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("DUP_PERSON", quality.DUP),
        ("STALE(s4)", quality.STALE),
        ("CONFLICT(sex)", quality.CONFLICT),
        ("DUP", quality.DUP),
    ],
)
def test_a_code_of_a_family_has_the_familys_title(code: str, title: Message) -> None:
    assert title_of(code) == title()
    assert title_of("NO_SUCH_CODE") is None


def test_every_message_is_given_exactly_its_slots() -> None:
    wrong = []
    for path, tree in TREES.items():
        called = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for use in uses(tree):
            call = called.get(id(use))
            given = {keyword.arg for keyword in call.keywords} if call is not None and not call.args else {None}
            if given != TABLE[use.attr].slots(Language.EN):
                wrong.append(f"{path}:{use.lineno} {use.attr}")
    assert wrong == []


def test_no_error_that_a_caller_is_told_is_made_from_free_text() -> None:
    broken = [
        f"{path}:{line}" for path, tree in TREES.items() for line in free_texts(tree) if path != "schema/message.py"
    ]
    assert broken == []


@pytest.mark.parametrize(
    "source",
    [
        "raise BadInput('the page is wrong')",
        "raise BadInput(f'{value} is wrong')",
        "raise LimitExceeded(f'more than {n}', limit='rows')",
        "return SourceUnavailable(name, f'the source {name} is gone')",
        "SourceFailed(code, 'gone away')",
        "Told(message=mine, parameters={})",
        "raise StartRefused(f'the file {file} is missing')",
        "raise Unusable('the label is wrong')",
        "Problem(place=place, told='no such name')",
    ],
)
def test_the_rule_about_free_text_bites(source: str) -> None:
    assert list(free_texts(ast.parse(source)))


@pytest.mark.parametrize(
    ("told", "zh", "en"),
    [
        (
            operations.FIELD_DENIED(coordinate="Person.mobile", reason=reasons.NO_RULE()),
            "您无权查看 Person.mobile：没有规则对这些角色开放它",
            "you may not see Person.mobile: no rule allows it for these roles",
        ),
        (
            operations.TOO_MUCH(maximum=100_000, unit=operations.FIELDS()),
            "查询的字段数超过 100,000",
            "the operation asks for more than 100,000 fields",
        ),
        (sources.SOURCE_SILENT(connector="s1"), "来源 s1 没有响应", "the source s1 does not answer"),
        (
            yaml_files.KEY_UNKNOWN(key="titel", hint=(yaml_files.DID_YOU_MEAN(name="title"),)),
            '未知的键 "titel"，是否应为 "title"？',
            'unknown key "titel": did you mean "title"?',
        ),
        (
            yaml_files.KEY_UNKNOWN(key="姓名", hint=(yaml_files.KEYS_HERE(names=("zh", "en")),)),
            '未知的键 "姓名"；此处的键有 zh、en',
            'unknown key "姓名"; the keys here are zh, en',
        ),
        (commands.NO_ROLE(name="clerk", hint=()), "策略没有角色 clerk", "The policy has no role clerk."),
        (
            policy_files.VIOLATIONS(violations=(policy_files.LINE_LEVEL(), policy_files.LINE_ACTION())),
            "级别为 1 到 4；allow 须写明动作",
            "the level is 1 to 4; an allow names its action",
        ),
        (
            manifest_files.SETTING_MISSING(key="host"),
            '缺少 "host"，请写上，或写 {env: NAME}',
            '"host" is missing; write it, or {env: NAME}',
        ),
    ],
    ids=["nested", "number", "name", "hint", "names", "no hint", "violations", "braces"],
)
def test_a_message_is_said_in_each_language(told: Told, zh: str, en: str) -> None:
    assert told.said(Language.ZH) == zh
    assert told.said(Language.EN) == str(told) == en


def test_a_text_is_made_once_for_each_language() -> None:
    told = operations.PAGE_TOO_LARGE(maximum=1_000)
    assert told.said(Language.ZH) is told.said(Language.ZH)
    assert told.said(Language.ZH) != told.said(Language.EN)
    assert told == operations.PAGE_TOO_LARGE(maximum=1_000)


@pytest.mark.parametrize(
    ("slot", "value"),
    [
        ("coordinate", "430726199001011234"),
        ("field", "张伟"),
        ("connector", "postgresql://hub:secret@10.0.0.7/s2"),
        ("maximum", "13800001111"),
        ("reason", "no rule"),
        ("purposes", "select * from t; --"),
        ("header", 7),
        ("unit", 430726199001011234),
        ("written", "red\x1b[31m"),
        ("name", "two\nlines"),
        ("names", ("two\nlines",)),
        ("names", 7),
        ("hint", ("free text",)),
    ],
)
def test_what_has_not_its_slots_shape_is_not_told(slot: str, value: str | int | tuple[str, ...]) -> None:
    message = Message("TEST", zh=f"值 {{{slot}}}", en=f"value {{{slot}}}")
    assert message(**{slot: value}).said(Language.EN) == f"value {OMITTED}"
