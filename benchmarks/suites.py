"""Starts everything that is measured: databases, servers, callers. What cannot take part is told with its reason.

Two suites: five questions over two PostgreSQL databases, which every server is asked; the demo's city, which only the
hub can be asked (:mod:`benchmarks.city`). Neighbours: :mod:`benchmarks.__main__` runs them.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks.asking import Case, floor_contestant, graphql_contestant
from benchmarks.city import running_city
from benchmarks.city_questions import city_questions
from benchmarks.contestants import Contestant, Program, uvicorn_program
from benchmarks.database import ensure_databases
from benchmarks.hub_entry import hub_contestants, hub_program
from benchmarks.peers import PeersMissing, peer_programs
from benchmarks.postgresql import Cluster, running_cluster
from benchmarks.questions import QUESTIONS, Dialect, boundary_variables, timed_variables
from benchmarks.reference import reference
from benchmarks.server_process import Server, ServerFailed, launched
from benchmarks.server_settings import environment

Say = Callable[[str], None]


@dataclass(slots=True, kw_only=True)
class Entered:
    """What takes part: servers, contestants, the database servers behind each server (engine -> parent process).

    ``failed``: who should have taken part and could not; ``skipped``: what this machine has not got.
    """

    servers: list[Server] = field(default_factory=list)
    contestants: list[Contestant] = field(default_factory=list)
    databases: dict[str, Mapping[str, int]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FiveQuestions:
    """The first suite's databases: their URLs, the cases, PostgreSQL's version."""

    urls: tuple[str, str]
    cases: Sequence[Case]
    postgresql: str


def enter_five(
    stack: ExitStack, state: Path, entered: Entered, *, members: int, pages: int, install: bool, say: Say
) -> FiveQuestions:
    """The first suite: Q1 to Q5."""
    cluster = stack.enter_context(running_cluster(state / "postgresql"))
    five = asyncio.run(_prepare(cluster, members, pages))
    say(f"data: {members} members, PostgreSQL {five.postgresql}")
    url_a, url_b = five.urls
    shared = environment(url_a, url_b)
    programs = [
        uvicorn_program("floor", "benchmarks.floor:create_app", shared),
        uvicorn_program("naive", "benchmarks.usual:create_app", shared),
        uvicorn_program("naive_cached", "benchmarks.usual:create_cached_app", shared),
        hub_program(url_a, url_b, state),
    ]
    contestants = [
        floor_contestant("floor", five.cases),
        graphql_contestant("naive", "naive", Dialect.RESOLVERS, five.cases),
        graphql_contestant("naive_cached", "naive_cached", Dialect.RESOLVERS, five.cases),
        *hub_contestants(state, five.cases),
    ]
    try:
        programs += peer_programs(state / "peers", shared, install=install)
        contestants += [
            graphql_contestant("mercurius", "mercurius", Dialect.RESOLVERS, five.cases),
            graphql_contestant("postgraphile", "postgraphile", Dialect.POSTGRAPHILE, five.cases),
        ]
    except PeersMissing as missing:
        entered.skipped["mercurius, postgraphile"] = str(missing)
    _enter(stack, state, entered, programs, contestants, {"PostgreSQL": cluster.postmaster})
    entered.titles |= {question.name: question.title for question in QUESTIONS}
    return five


def enter_city(stack: ExitStack, state: Path, entered: Entered, *, scale: float, say: Say) -> None:
    """The second suite: the demo's city."""
    city = stack.enter_context(running_city(state / "city", scale))
    engines = ", ".join(sorted({str(each["engine"]) for each in city.sources.connections.values()}))
    say(f"city at scale {scale:g}: {engines}")
    if not city.in_mariadb:
        entered.skipped["floor_city"] = "no MariaDB answers on this machine; S1 and S5 are in SQLite"
    programs = city.programs()
    contestants = city.contestants()
    say(f"right answers of {sum(len(question.documents) for question in city_questions())} questions of the city")
    _enter(stack, state, entered, programs, contestants, city.databases)
    for server in entered.servers:
        if server.name == "hutong_city":
            httpx.get(f"http://127.0.0.1:{server.port}/readyz", timeout=30).raise_for_status()
    entered.titles |= {question.name: question.title for question in city_questions()}


def _enter(
    stack: ExitStack,
    state: Path,
    entered: Entered,
    programs: Sequence[Program],
    contestants: Sequence[Contestant],
    databases: Mapping[str, int],
) -> None:
    """Start every program; whoever asks one that does not come up is left out."""
    for launch in [stack.enter_context(launched(program, state / "logs")) for program in programs]:
        name = launch.program.name
        try:
            entered.servers.append(launch.listening())
            entered.databases[name] = databases
        except ServerFailed as error:
            entered.failed[name] = f"did not start\n{error}"
    entered.contestants += [each for each in contestants if each.server not in entered.failed]


async def _prepare(cluster: Cluster, members: int, pages: int) -> FiveQuestions:
    """Load the data if need be and compute the right answers."""
    url_a, url_b = await ensure_databases(cluster, members)
    async with reference(url_a, url_b) as right:
        county = await right.county()
        cases = []
        for question in QUESTIONS:
            timed = timed_variables(question, county, pages)
            for variables in (*timed, *boundary_variables(question, county)):
                answers = {scoped: await right.answer(question, variables, scoped=scoped) for scoped in (False, True)}
                cases.append(Case(question=question, variables=variables, answers=answers, timed=variables in timed))
        return FiveQuestions(urls=(url_a, url_b), cases=cases, postgresql=await right.server_version())
