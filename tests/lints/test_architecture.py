"""Rules about the code that no general linter knows, each checked on the syntax tree and shown to bite."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("schema", "resolvers", "connectors", "authz", "hutong")
MOST_LINES = 320
TEXTUAL = ("text", "literal_column")

Lint = Callable[[str, ast.Module], Iterator[int]]
"""Module path from the root, its tree -> lines that break the rule."""

SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|WITH|PRAGMA|SET|EXPLAIN|ATTACH)\s", re.IGNORECASE)

MODULE = re.compile(r":mod:`~?([\w.]+)`")


def fetches_outside_the_executor(path: str, tree: ast.Module) -> Iterator[int]:
    """Only the executor asks a connector for rows; below ``connectors/`` the engines ask their drivers."""
    if path == "resolvers/executor.py" or path.startswith("connectors/"):
        return
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="fetch")):
                yield node.lineno
            case ast.Attribute(attr="fetch", value=owner) if "connector" in ast.unparse(owner):
                yield node.lineno


def authorized_plans_from_elsewhere(path: str, tree: ast.Module) -> Iterator[int]:
    """Only ``authorize_plan``'s module makes an `AuthorizedPlan`, and in one place."""
    calls = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _last_name(node.func) in ("AuthorizedPlan", "AuthorizedRoot")
    ]
    if path != "resolvers/authorize.py":
        yield from calls


def sql_outside_its_compiler(path: str, tree: ast.Module) -> Iterator[int]:
    """SQL text is made below ``connectors/sql/`` only, and there by SQLAlchemy Core."""
    if path.startswith("connectors/sql/"):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
            if {alias.name for alias in node.names} & {*TEXTUAL, "TextClause"}:
                yield node.lineno
        elif isinstance(node, ast.Attribute) and node.attr in TEXTUAL:
            if _last_name(node.value) in ("sqlalchemy", "sa"):
                yield node.lineno
        elif isinstance(node, ast.JoinedStr):
            first = node.values[0] if node.values else None
            if isinstance(first, ast.Constant) and SQL.match(str(first.value)):
                yield node.lineno


def text_clauses(path: str, tree: ast.Module) -> Iterator[int]:
    """Nothing is put into SQL as text by formatting it, not even below ``connectors/sql/``."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[ast.JoinedStr() | ast.BinOp() | ast.Call(), *_]):
                if name in TEXTUAL:
                    yield node.lineno


def casbin_outside_the_enforcer(path: str, tree: ast.Module) -> Iterator[int]:
    """One module imports Casbin."""
    if path == "authz/enforcer.py":
        return
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names) if any(alias.name.split(".")[0] == "casbin" for alias in names):
                yield node.lineno
            case ast.ImportFrom(module=str(module), level=0) if module.split(".")[0] == "casbin":
                yield node.lineno
            case ast.Call(args=[ast.Constant(value=str(name)), *_]) if _last_name(node.func) in (
                "import_module",
                "__import__",
            ):
                if name.split(".")[0] == "casbin":
                    yield node.lineno


def authorization_switches(path: str, tree: ast.Module) -> Iterator[int]:
    """Casbin's enforcement is never switched off (it would allow everything)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _last_name(node.func) == "enable_enforce":
            yield node.lineno


def dynamic_code(path: str, tree: ast.Module) -> Iterator[int]:
    """``exec`` compiles generated shaping functions, in one module; ``eval`` is nowhere."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="eval")):
                yield node.lineno
            case ast.Call(func=ast.Name(id="exec")) if path != "resolvers/reader.py":
                yield node.lineno


def neighbours_that_are_not_there(path: str, tree: ast.Module) -> Iterator[int]:
    """A module that a docstring names by ``:mod:`` is there: by its full name, or as one beside it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for found in MODULE.finditer(node.value):
                place = found[1].replace(".", "/")
                bases = (ROOT / place, (ROOT / path).parent / place)
                if not any(base.with_suffix(".py").is_file() or (base / "__init__.py").is_file() for base in bases):
                    yield node.lineno + node.value.count("\n", 0, found.start())


def _last_name(node: ast.AST) -> str:
    """``a.b.c`` -> ``c``."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


LINTS: tuple[Lint, ...] = (
    fetches_outside_the_executor,
    authorized_plans_from_elsewhere,
    sql_outside_its_compiler,
    text_clauses,
    casbin_outside_the_enforcer,
    authorization_switches,
    dynamic_code,
    neighbours_that_are_not_there,
)


def modules(*folders: str) -> Iterator[Path]:
    """Python files below folders of the repository."""
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("lint", LINTS, ids=lambda lint: lint.__name__)
def test_the_packages_keep_the_rule(lint: Lint) -> None:
    broken = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in modules(*PACKAGES)
        for line in lint(path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert broken == [], lint.__doc__


@pytest.mark.parametrize(
    ("lint", "path", "source"),
    [
        (fetches_outside_the_executor, "hutong/x.py", "await connector.fetch(prepared, arguments)"),
        (fetches_outside_the_executor, "resolvers/loaders.py", "get = connector.fetch"),
        (authorized_plans_from_elsewhere, "resolvers/pipeline.py", "plan = query_plan.AuthorizedPlan(roots=())"),
        (sql_outside_its_compiler, "hutong/x.py", "from sqlalchemy import select, text"),
        (sql_outside_its_compiler, "hutong/x.py", "import sqlalchemy as sa\nsa.text('select 1')"),
        (sql_outside_its_compiler, "resolvers/x.py", "sql = f'select {column} from t'"),
        (text_clauses, "connectors/sql/x.py", "text(f'a = {value}')"),
        (text_clauses, "connectors/sql/x.py", "text('a = ' + value)"),
        (text_clauses, "connectors/sql/x.py", "text('a = {}'.format(value))"),
        (casbin_outside_the_enforcer, "authz/x.py", "import casbin"),
        (casbin_outside_the_enforcer, "authz/x.py", "from casbin.model import Model"),
        (casbin_outside_the_enforcer, "authz/x.py", "importlib.import_module('casbin')"),
        (authorization_switches, "authz/enforcer.py", "enforcer.enable_enforce(False)"),
        (dynamic_code, "authz/x.py", "eval(line)"),
        (dynamic_code, "authz/x.py", "exec(line)"),
        (neighbours_that_are_not_there, "connectors/sql/x.py", '"""See :mod:`connectors.sql.predicates`."""'),
        (neighbours_that_are_not_there, "schema/messages/x.py", '"""See :mod:`nothing`."""'),
    ],
    ids=lambda value: value.__name__ if callable(value) else None,
)
def test_the_rule_bites(lint: Lint, path: str, source: str) -> None:
    assert list(lint(path, ast.parse(source)))


@pytest.mark.parametrize(
    "path", list(modules(*PACKAGES, "demo", "benchmarks")), ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_a_module_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_exactly_one_place_makes_an_authorized_plan() -> None:
    tree = ast.parse((ROOT / "resolvers/authorize.py").read_text(encoding="utf-8"))
    made = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _last_name(node.func) == "AuthorizedPlan"]
    assert len(made) == 1
