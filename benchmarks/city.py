"""The demo's city as a second suite: its sources, a hub over them, its questions, the right answers by its oracle.

The hub is asked alone, for no other server here joins these sources; only C2 has a hand-written floor. The right
answers come from :mod:`demo.oracle`, which reads the raw tables and shares no code with the hub.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from benchmarks.city_questions import CityQuestion, city_questions
from benchmarks.contestants import Contestant, Exchange, Program, http_request, uvicorn_program
from benchmarks.hub_entry import served
from demo.callers import caller
from demo.checks import oracle_caller
from demo.city.edition import TODAY
from demo.oracle.answer import Answer
from demo.oracle.canonical import City
from demo.oracle.comparison import differences
from demo.oracle.evaluate import evaluate
from demo.oracle.raw import RawCity
from demo.serve import token_minter
from demo.sources import postgresql_server
from demo.sources.runtime import RunningSources, remove_sources, start_sources
from demo.state import prepare_state, s1_database
from hutong.settings import load_settings

HUB, FLOOR = "hutong_city", "floor_city"
_MARIADB_NAMES = ("mariadbd", "mysqld")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningCity:
    """The sources, answering. ``databases``: by engine, the parent of the server's processes."""

    state: Path
    sources: RunningSources
    databases: Mapping[str, int]

    @property
    def in_mariadb(self) -> bool:
        """Whether S1 and S5 are in MariaDB, and not in SQLite."""
        return self.sources.connections["s1"]["engine"] == "mysql"

    def programs(self) -> list[Program]:
        """The hub, and the floor where there is a MariaDB for it."""
        settings = prepare_state(self.state, 0, self.sources.connections)
        hub = served(HUB, {"HUTONG_SETTINGS": str(settings)})
        s1 = self.sources.connections["s1"]
        if not self.in_mariadb:
            return [hub]
        environment = {
            f"BENCH_S1_{name.upper()}": str(s1[name]) for name in ("host", "port", "database", "user", "password")
        }
        return [hub, uvicorn_program(FLOOR, "benchmarks.city_floor:create_app", environment)]

    def contestants(self) -> list[Contestant]:
        """Whom to measure: call it after `programs`, which makes the keys."""
        questions = city_questions()
        minter = token_minter(load_settings(self.state / "settings.toml"))
        city = City(RawCity.load(self.sources.raw_connection, self.sources.divisions), TODAY)
        answers = {
            (question.name, document): evaluate(city, oracle_caller(caller(question.role).subject), document)
            for question in questions
            for document in question.documents
        }
        timed = {}
        for question in questions:
            token = minter.mint(caller(question.role).subject)
            timed[question.name] = [
                _exchange(question, document, token, answers[question.name, document])
                for document in question.documents
            ]
        hub = Contestant(name=HUB, server=HUB, checks=[each for all_ in timed.values() for each in all_], timed=timed)
        scoped = next(question for question in questions if question.name == "C2")
        return [hub, *([_floor(answers["C2", scoped.documents[0]])] if self.in_mariadb else [])]


@contextmanager
def running_city(state: Path, scale: float) -> Iterator[RunningCity]:
    """Start the city kept in ``state`` (made when missing) and stop it at the end. Raises as ``start_sources``."""
    state.mkdir(parents=True, exist_ok=True)
    with start_sources(state, scale, s1_database=s1_database(state)) as sources:
        data = postgresql_server.data_home(state) / "data"
        databases = {"PostgreSQL": int((data / "postmaster.pid").read_text().split()[0])}
        if sources.connections["s1"]["engine"] == "mysql" and (mariadb := _mariadb()) is not None:
            databases["MariaDB"] = mariadb
        yield RunningCity(state=state, sources=sources, databases=databases)


def remove_city(state: Path) -> None:
    """Delete the city's databases, also those in MariaDB, and its files. Raises as ``remove_sources``."""
    remove_sources(state, s1_database=s1_database(state))
    shutil.rmtree(state, ignore_errors=True)


def _exchange(question: CityQuestion, document: str, token: str, answer: Answer) -> Exchange:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    request = http_request("POST", "/graphql", headers, orjson.dumps({"query": document}))

    def faults(body: bytes) -> Sequence[str]:
        try:
            return list(differences(answer, orjson.loads(body)))[:3]
        except (ValueError, KeyError, TypeError) as error:
            return (str(error),)

    return Exchange(name=f"{question.name}, {document.partition(' {')[0]}", request=request, faults=faults)


def _floor(answer: Answer) -> Contestant:
    assert answer.data is not None
    expected = answer.data["partyMembers"]["nodes"]

    def faults(body: bytes) -> Sequence[str]:
        try:
            return [] if orjson.loads(body) == expected else ["the rows differ"]
        except ValueError as error:
            return (str(error),)

    exchange = Exchange(name="C2", request=http_request("GET", "/members", {}), faults=faults)
    return Contestant(name=FLOOR, server=FLOOR, checks=[exchange], timed={"C2": [exchange]})


def _mariadb() -> int | None:
    """The process of the MariaDB server of this machine; ``None`` when it is none of ours to see."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if (folder / "comm").read_text().strip() in _MARIADB_NAMES:
                    return int(folder.name)
            except OSError:
                continue
    return None
