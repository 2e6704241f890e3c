"""The command line: what it says to a newcomer, and to somebody who made a mistake."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from authz.audit import AuditEvent, JsonLinesAuditLog
from authz.keys import derive_key
from hutong.cli import app
from hutong.reference import PAGES
from schema.sdl import SNAPSHOT

ROOT = Path(__file__).parents[2]
POLICIES = str(ROOT / "demo" / "policies")
COMMANDS = re.findall(r"^## hutong ?(.*)$", PAGES["commands.md"](), re.MULTILINE)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder without a demo, with no settings in the environment, and logging left as it is."""
    monkeypatch.setattr("hutong.telemetry.configure_logging", lambda level=0: None)
    for name in [name for name in os.environ if name.startswith("HUTONG_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def run(*words: str | Path, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(app, [str(word) for word in words], input=stdin, prog_name="hutong")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def english(*words: str | Path) -> Result:
    return run("--lang", "en", *words)


def settings_file(folder: Path, text: str) -> Path:
    file = folder / "hub.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_all_commands_are_there() -> None:
    assert COMMANDS == [
        "",
        "demo",
        "serve",
        "token",
        "query",
        "plan",
        "schema print",
        "schema diff",
        "operations check",
        "catalog check",
        "manifest check",
        "policy explain",
        "policy test",
        "audit verify",
    ]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command or "hutong")
def test_every_command_helps(command: str) -> None:
    result = run(*command.split(), "--help")
    assert result.exit_code == 0
    assert result.output.startswith("Usage: hutong")
    assert len(result.output.split("\n\n")) >= 3, "a usage line, what it is for, its options"


@pytest.mark.parametrize("page", PAGES)
def test_the_reference_pages_are_those_of_the_code(page: str) -> None:
    assert (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8") == PAGES[page](), "run: make schema"


WARNING_COMMAND = """
import structlog, typer
from hutong.cli import app

@app.command("warn")
def warn() -> None:
    structlog.get_logger("hutong.files").info("drop_loaded")
    structlog.get_logger("hutong.files").warning("drop_incomplete")
    typer.echo("the answer")

app(["warn"])
"""


def test_standard_output_is_the_answer_alone() -> None:
    done = subprocess.run([sys.executable, "-c", WARNING_COMMAND], capture_output=True, text=True, check=True, cwd=ROOT)
    (logged,) = map(json.loads, done.stderr.splitlines())
    assert done.stdout == "the answer\n"
    assert (logged["level"], logged["event"]) == ("warning", "drop_incomplete")


def test_a_group_without_a_command_shows_its_help() -> None:
    assert "check" in run("catalog").output


@pytest.mark.parametrize(
    "words",
    [("nonsense",), ("serve", "--prot", "1"), ("demo", "--port", "x"), ("policy", "explain", "Person.name"), ("plan",)],
    ids=["command", "option", "value", "a missing option", "a missing argument"],
)
def test_a_wrong_call_has_status_2(words: tuple[str, ...]) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert "Usage" in result.output


def test_schema_print_gives_the_committed_schema() -> None:
    assert run("schema", "print").output == SNAPSHOT.read_text(encoding="utf-8")


def test_schema_print_as_a_role_leaves_out_what_does_not_exist_for_it() -> None:
    def printed(*words: str) -> str:
        return run("schema", "print", "--policies", POLICIES, *words).output

    secretary, both = printed("--as", "branch_secretary"), printed("--as", "branch_secretary,county_org_clerk")
    assert "lostContact" not in secretary
    assert "lostContact" in both
    assert "lostContact" in printed("--as", "city_org_admin", "--purpose", "member_care")
    assert "lostContact" not in printed("--as", "city_org_admin")


DENYING = """\
purposes: {}
roles:
  reader:
    title: {zh: 甲, en: reader}
    rationale: Reads the one field.
    rules:
      - {allow: read, name: all, coordinates: PartyMember.lostContact, sharing: [N], rationale: r}
  other:
    title: {zh: 乙, en: other}
    rationale: Must not know of it.
    rules:
      - {deny: "*", name: never, coordinates: PartyMember.lostContact, rationale: r}
"""


@pytest.mark.parametrize(
    ("callers", "exists"), [("reader", True), ("other", False), ("reader,other", True), ("reader+other", False)]
)
def test_a_comma_is_several_callers_and_a_plus_one_with_both_roles(tmp_path: Path, callers: str, exists: bool) -> None:
    (tmp_path / "roles.yaml").write_text(DENYING, encoding="utf-8")
    result = run("schema", "print", "--policies", tmp_path, "--as", callers)
    assert result.exit_code == 0, result.output
    assert ("lostContact" in result.output) is exists


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--as", "branch_secretery", "--policies", POLICIES), "no role branch_secretery"),
        (("--as", "auditor", "--purpose", "fun", "--policies", POLICIES), "no purpose fun"),
        (("--purpose", "member_care"), "with --as"),
    ],
    ids=["role", "purpose", "nobody"],
)
def test_schema_print_says_whom_it_does_not_know(words: tuple[str, ...], says: str) -> None:
    result = english("schema", "print", *words)
    assert result.exit_code == 1
    assert says in result.stderr


def test_catalog_check_counts_what_is_correct() -> None:
    result = english("catalog", "check")
    assert result.exit_code == 0
    assert re.match(r"The catalogue is correct: \d+ entities with \d+ fields and relations\.\n", result.output)


def test_catalog_check_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text("domain: party\nentities:\n  Thing: {titel: 1}\n", encoding="utf-8")
    result = run("catalog", "check", tmp_path)
    assert result.exit_code == 1
    assert re.search(r"^\S*wrong\.yaml:3: ", result.stderr, re.MULTILINE)


def test_policy_explain_names_the_deciding_rule() -> None:
    asked = ("policy", "explain", "Person.mobile", "--role", "branch_secretary", "--policies", POLICIES)
    for language, decision in (("en", "clear in ORGTREE by"), ("zh", "在 ORGTREE 内可见，依据")):
        result = run(*asked, "--lang", language)
        assert result.exit_code == 0
        assert decision in result.output
        assert "=> roles.yaml:" in result.output
    assert run(*asked).output == result.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("Person.mobil", "--role", "branch_secretary"), "no coordinate Person.mobil"),
        (("Person.mobile", "--role", "branch_secretery"), "no role branch_secretery"),
        (("Person.mobile", "--role", "auditor", "--purpose", "fun"), "no purpose fun"),
    ],
    ids=["coordinate", "role", "purpose"],
)
def test_policy_explain_says_what_does_not_exist(words: tuple[str, ...], says: str) -> None:
    result = english("policy", "explain", *words, "--policies", POLICIES)
    assert result.exit_code == 1
    assert says in result.stderr


def test_policies_that_are_not_there_are_asked_for() -> None:
    result = run("policy", "explain", "Person.mobile", "--role", "auditor")
    assert result.exit_code == 1
    assert "--policies" in result.stderr


WRONG_POLICY = """\
roles:
  reader:
    title: {zh: 甲, en: reader}
    rationale: Reads the open data.
    inherits: [raeder]
    rules:
      - {allow: read, name: all, coordinates: Person.nmae, level: 5, rationale: r}
"""


@pytest.mark.parametrize("where", ["before", "after", "settings", "default"])
@pytest.mark.parametrize(
    ("file", "text", "command", "lines"),
    [
        (
            "s9.yaml",
            "connector: S9\nfreshnes: {}\n",
            ("manifest", "check", "--offline", "files/s9.yaml"),
            [
                '问题：s9.yaml:1: "connector" 应由小写字母、数字和 _ 组成，例如 "s1"',
                '问题：s9.yaml:1: 缺少 "title"，请写上',
                '问题：s9.yaml:2: 未知的键 "freshnes"，是否应为 "freshness"？',
            ],
        ),
        (
            "party.yaml",
            "domain: party\nowner: ORG\nentities:\n  Thing: {titel: {zh: 物, en: Thing}, key: 1a, rowSources: s1}\n",
            ("catalog", "check", "files"),
            [
                'party.yaml:4: 缺少 "title"，请写上',
                'party.yaml:4: "rowSources" 应为列表，而不是单个值',
                'party.yaml:4: 未知的键 "titel"，是否应为 "title"？',
            ],
        ),
        (
            "roles.yaml",
            WRONG_POLICY,
            ("policy", "test", "files", "--policies", "files"),
            [
                'roles.yaml:5: 角色 "raeder" 未声明，是否应为 "reader"？',
                'roles.yaml:7: Person 没有字段或关系 "nmae"，是否应为 "name"？',
                "roles.yaml:7: 级别为 1 到 4",
            ],
        ),
    ],
    ids=["manifest", "catalogue", "policy"],
)
def test_mistakes_in_files_are_told_in_chinese(
    tmp_path: Path, file: str, text: str, command: tuple[str, ...], lines: list[str], where: str
) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / file).write_text(text, encoding="utf-8")
    settings = settings_file(tmp_path, f'language = "{"zh" if where == "settings" else "en"}"\n')
    given = {
        "before": ("--lang", "zh", *command, "--settings", settings),
        "after": (*command, "--settings", settings, "--lang", "zh"),
        "settings": (*command, "--settings", settings),
        "default": command,
    }
    result = run(*given[where])
    assert result.exit_code == 1
    assert [line for line in lines if line not in result.output.splitlines()] == [], result.output


def test_a_correct_catalogue_is_told_in_chinese() -> None:
    assert re.match(r"数据目录正确：\d+ 个实体，\d+ 个字段和关系\n", run("--lang", "zh", "catalog", "check").output)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "policies 中没有策略文件（*.yaml），其文件夹由 HUTONG_POLICIES_DIR 指定"),
        (("--lang", "en"), "HUTONG_POLICIES_DIR names their folder"),
        (("--lang", "zh", "--port", "70000"), "设置无法使用：\n  HUTONG_PORT：应不大于 65535"),
        (
            ("--port", "70000"),
            "the settings cannot be used:\n  HUTONG_PORT: Input should be less than or equal to 65535",
        ),
    ],
    ids=["the settings' language", "English", "Chinese without settings", "without settings"],
)
def test_a_start_is_refused_in_the_hubs_language(words: tuple[str, ...], says: str) -> None:
    result = run("serve", *words)
    assert result.exit_code == 1
    assert says in result.stderr


CASE = """\
title: {zh: 支部书记, en: secretary}
role: branch_secretary
cases:
  - case: calls members
    coordinate: Person.mobile
    scope: ORGTREE
    expect: %s
    rule: members-mobile
"""


@pytest.mark.parametrize(("expect", "status"), [("clear", 0), ("denied", 1)])
def test_policy_test_compares_decisions_with_documents(tmp_path: Path, expect: str, status: int) -> None:
    (tmp_path / "secretary.yaml").write_text(CASE % expect, encoding="utf-8")
    result = english("policy", "test", tmp_path, "--policies", POLICIES)
    assert result.exit_code == status
    assert f"{1 - status} of 1 cases hold." in result.output
    chinese = run("policy", "test", tmp_path, "--policies", POLICIES, "--lang", "zh")
    assert f"1 个用例中 {1 - status} 个成立\n" in chinese.output
    failed = "为 clear（依据 branch_secretary/members-mobile），期望 denied（依据 branch_secretary/members-mobile）"
    assert (failed in chinese.output) is (status == 1)


def test_policy_test_of_nothing_fails(tmp_path: Path) -> None:
    result = english("policy", "test", tmp_path / "nowhere.yaml", "--policies", POLICIES)
    assert result.exit_code == 1
    assert "There is no file" in result.stderr


@pytest.mark.parametrize("command", ["query", "plan"])
def test_asking_as_somebody_is_refused_outside_a_demo(tmp_path: Path, command: str) -> None:
    (tmp_path / "q.graphql").write_text("{ __typename }", encoding="utf-8")
    (tmp_path / "jwks.json").write_text("{}", encoding="utf-8")
    file = settings_file(tmp_path, 'environment = "production"\njwks_file = "jwks.json"\n')
    result = english(command, "q.graphql", "--as", "city_org_admin", "--settings", file)
    assert result.exit_code == 1
    assert "demo's own keys only" in result.stderr
    assert result.stdout == ""


def test_a_token_is_refused_outside_a_demo(tmp_path: Path) -> None:
    result = english("token", "city_org_admin", "--settings", settings_file(tmp_path, 'jwks_file = "jwks.json"\n'))
    assert result.exit_code == 1
    assert "demo's own keys only" in result.stderr
    assert result.stdout == ""


def test_token_without_a_role_lists_them() -> None:
    assert {line.split()[0] for line in run("token").stdout.splitlines()} >= {"branch_secretary", "auditor"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("query", "nowhere.graphql"), "nowhere.graphql"),
        (("query", "q.graphql", "--variables", "[1]"), "not a JSON object"),
        (("query", "q.graphql", "--variables", "{"), "not a JSON object"),
        (("query", "q.graphql", "--variables", "@nowhere.json"), "not a JSON object"),
        (("query", "q.graphql"), "HUTONG_POLICIES_DIR"),
        (("serve",), "HUTONG_POLICIES_DIR"),
        (("serve", "--settings", "nowhere.toml"), "nowhere.toml does not exist"),
        (("serve", "--port", "70000"), "HUTONG_PORT"),
        (("manifest", "check", "q.graphql", "--offline"), "problem"),
    ],
    ids=["document", "array", "broken", "variables file", "query", "serve", "settings", "port", "manifest"],
)
def test_a_mistake_is_told_in_a_sentence(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    (tmp_path / "q.graphql").write_text("{ __typename }", encoding="utf-8")
    result = english(*words)
    assert result.exit_code == 1
    assert says in result.output
    assert "Traceback" not in result.output


@pytest.fixture
def trail(tmp_path: Path) -> Path:
    """Three records of a hub whose settings are in the folder."""
    key = tmp_path / "master.key"
    key.touch(mode=0o600)
    key.write_text("0b" * 32)
    settings_file(tmp_path, 'master_key_file = "master.key"\n')
    file = tmp_path / "state" / "audit.jsonl"
    event = AuditEvent(
        id="0" * 32, at="2018-09-28T10:00:00+08:00", operation="0" * 64, subject="s", consumer="c", roles=(),
        coordinates=(), decisions="", policy_version=1, outcome="ok",
    )  # fmt: skip

    async def write() -> None:
        log = JsonLinesAuditLog(file, derive_key(bytes.fromhex("0b" * 32), "audit", "hub"))
        for _ in range(3):
            await log.append(event)
        await log.close()

    asyncio.run(write())
    return file


def test_an_audit_trail_is_found_whole(trail: Path) -> None:
    result = english("audit", "verify", "--settings", "hub.toml")
    assert (result.exit_code, result.output) == (0, "state/audit.jsonl: 3 records, all as they were written.\n")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text.replace(b'"subject":"s"', b'"subject":"t"', 1), "record 1 was changed"),
        (lambda text: text.split(b"\n", 1)[1], "record 1 was changed, moved or left out"),
        (lambda text: b"\n".join(text.split(b"\n")[:2]) + b"\n", "1 records were cut off"),
    ],
    ids=["changed", "left out", "cut off"],
)
def test_a_changed_audit_trail_is_found(trail: Path, change: Callable[[bytes], bytes], says: str) -> None:
    trail.write_bytes(change(trail.read_bytes()))
    result = english("audit", "verify", trail, "--settings", "hub.toml")
    assert result.exit_code == 1
    assert says in result.output


def test_an_audit_trail_that_is_not_there_is_no_whole_one(trail: Path) -> None:
    result = english("audit", "verify", "nothing.jsonl", "--settings", "hub.toml")
    assert (result.exit_code, result.output) == (1, "There is no audit trail nothing.jsonl.\n")
