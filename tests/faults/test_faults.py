"""Each source cut off, hung, killed in the middle of a query, with a wrong password, with a dropped column, in turn.

The example questions are asked while one source fails: every answer comes within its deadline, says what it does not
know at the right places with the documented codes, and everything else is as it was.
"""

import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
import pytest_asyncio

from demo.questions import questions
from demo.sources.runtime import RunningSources
from tests.faults.city import DEADLINE, Body, FaultyCity, broken_rules, city, told
from tests.faults.proxy import Fault

SERVERS = ("s1", "s2", "s4", "s5")
SAME_SERVER = {"s2": frozenset({"s2"}), "s4": frozenset({"s4"})}
COLUMNS = {
    "s1": ("DY_JBXX", "XM"),
    "s2": ("dues_payment", "paid_fen"),
    "s3": ("人员", "岗位名称"),
    "s4": ("banjian", "zhuangtai"),
    "s5": ("orders", "status"),
}
"""A column per source that some question reads."""
PATIENCE = 3
"""How often what is wrong is asked again: on a busy machine a source that works may be slow, but not for ever."""
ALLOWANCE = 2.0
"""Seconds beyond the deadline that a busy machine may take to say so."""


def _server(sources: RunningSources, name: str) -> None:
    if "port" not in sources.connections[name]:
        pytest.skip(f"{name} is a file here, for no server answers")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def healthy(state: Path, sources: RunningSources) -> Mapping[str, Body]:
    """What every question is answered while nothing fails."""
    async with city(state, sources) as hub:
        answers = {name: body for name, (_, body) in (await hub.ask_all()).items()}
        for _ in range(PATIENCE):
            answers |= {name: body for name, (_, body) in (await hub.ask_all(_unanswered(answers))).items()}
    assert not {name: answers[name].get("errors") for name in _unanswered(answers)}
    return answers


def _unanswered(answers: Mapping[str, Body]) -> list[str]:
    """The questions whose answers have other codes than they state: on a busy machine a source, or the hub, is late."""
    stated = {question.name: question.asks[0].codes for question in questions()}
    return [name for name, body in answers.items() if {code for code, _ in _kinds(body)} != stated[name]]


async def _judge(hub: FaultyCity, healthy: Mapping[str, Body], failing: str, *, affects: bool = True) -> None:
    answers = await hub.ask_all()
    wrong = _wrong(answers, healthy, failing)
    for _ in range(PATIENCE):
        if not wrong:
            break
        again = await hub.ask_all(wrong)
        answers |= again
        wrong = _wrong(again, healthy, failing)
    assert not wrong
    touched = [name for name, (_, body) in answers.items() if _kinds(body) != _kinds(healthy[name])]
    assert bool(touched) is affects, "no question noticed" if affects else touched


def _wrong(
    answers: Mapping[str, tuple[float, Body]], healthy: Mapping[str, Body], failing: str
) -> dict[str, list[str]]:
    """What is wrong with each answer: it is late, or blames, misses or changes what has not failed."""
    found = {}
    for name, (seconds, body) in answers.items():
        problems = list(broken_rules(healthy[name], body, frozenset({failing})))
        if seconds > DEADLINE + ALLOWANCE:
            problems.append(f"it took {seconds:.1f} s")
        if problems:
            found[name] = problems
    return found


def _kinds(body: Body) -> set[tuple[str, str | None]]:
    return set(map(told, body.get("errors", ())))


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.HANG, Fault.KILL], ids=lambda fault: fault.name.lower())
@pytest.mark.parametrize("name", SERVERS)
async def test_a_server_fails(
    state: Path, sources: RunningSources, healthy: Mapping[str, Body], name: str, fault: Fault
) -> None:
    _server(sources, name)
    async with city(state, sources) as hub:
        hub.proxies[name].fault = fault
        await _judge(hub, healthy, name)


@pytest.mark.parametrize("name", SERVERS)
async def test_a_wrong_password(state: Path, sources: RunningSources, healthy: Mapping[str, Body], name: str) -> None:
    _server(sources, name)
    async with city(state, sources, **{f"HUTONG_{name.upper()}_PASSWORD": "not-this-one"}) as hub:
        await _judge(hub, healthy, name)


@pytest.mark.parametrize("name", sorted(COLUMNS))
async def test_a_dropped_column(state: Path, sources: RunningSources, healthy: Mapping[str, Body], name: str) -> None:
    table, column = COLUMNS[name]
    quote = "`" if sources.connections[name]["engine"] == "mysql" else '"'
    rename = f"ALTER TABLE {quote}{table}{quote} RENAME COLUMN {quote}{{}}{quote} TO {quote}{{}}{quote}"
    with closing(sources.raw_connection(name)) as raw:
        _run(raw, rename.format(column, f"{column}_gone"))
        try:
            async with city(state, sources) as hub:
                await _judge(hub, healthy, name)
        finally:
            _run(raw, rename.format(f"{column}_gone", column))


def _run(connection: object, statement: str) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute(statement)
    cursor.close()
    connection.commit()  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["s3", "s6"])
async def test_a_file_is_gone(state: Path, sources: RunningSources, healthy: Mapping[str, Body], name: str) -> None:
    async with city(state, sources, **{f"HUTONG_{name.upper()}_PATH": "sources/nowhere"}) as hub:
        await _judge(hub, healthy, name)


async def test_a_file_is_locked(state: Path, sources: RunningSources, healthy: Mapping[str, Body]) -> None:
    async with city(state, sources) as hub:
        with closing(sqlite3.connect(str(sources.connections["s3"]["path"]))) as lock:
            lock.execute("BEGIN EXCLUSIVE")
            await _judge(hub, healthy, "s3")


async def test_a_delivered_file_without_a_column(
    state: Path, sources: RunningSources, healthy: Mapping[str, Body]
) -> None:
    copy = state / "sources" / "s6_without"
    shutil.copytree(str(sources.connections["s6"]["path"]), copy)
    try:
        with duckdb.connect() as connection:
            for file in copy.glob("waybill/*/*.parquet"):
                less = file.with_suffix(".less")
                connection.execute(f"COPY (SELECT * EXCLUDE (status) FROM '{file}') TO '{less}' (FORMAT parquet)")
                less.replace(file)
        async with city(state, sources, HUTONG_S6_PATH="sources/s6_without", HUTONG_S6_CACHE="cache/without") as hub:
            await _judge(hub, healthy, "s6")
    finally:
        shutil.rmtree(copy)


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.HANG, Fault.KILL], ids=lambda fault: fault.name.lower())
async def test_a_mirrored_service_fails(
    state: Path, sources: RunningSources, healthy: Mapping[str, Body], fault: Fault
) -> None:
    """The mirror goes on answering."""
    async with city(state, sources) as hub:
        hub.proxies["hotline"].fault = fault
        await _judge(hub, healthy, "hotline", affects=False)


async def test_a_wrong_token_of_a_service_that_was_never_mirrored(
    state: Path, sources: RunningSources, healthy: Mapping[str, Body]
) -> None:
    async with city(
        state, sources, HUTONG_HOTLINE_TOKEN="not-this-one", HUTONG_HOTLINE_MIRROR="mirrors/none.db"
    ) as hub:
        await _judge(hub, healthy, "hotline")
