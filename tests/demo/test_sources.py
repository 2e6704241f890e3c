"""The sources as they run: rows complete, readers that only read, data kept over restarts, secrets in their files."""

import csv
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from demo.city.tables import HOTLINE_TABLES, S1_TABLES, S2_TABLES, S3_TABLES, S4_TABLES, S5_TABLES, Table
from demo.sources import loading
from demo.sources.locks import InUseError
from demo.sources.passwords import password
from demo.sources.postgresql_server import ServerNotStartedError, data_home
from demo.sources.runtime import RunningSources, remove_sources, start_sources
from tests.demo.small_city import SMALL, SmallCity

TINY = 0.005
pytestmark = pytest.mark.postgresql


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    remove_sources(tmp_path)


def _read(sources: RunningSources, table: Table) -> list[tuple[Any, ...]]:
    with closing(sources.raw_connection(table.source)) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(f'SELECT * FROM "{table.name}"')
        return [tuple(row) for row in cursor.fetchall()]


@pytest.mark.parametrize("table", [*S1_TABLES, *S3_TABLES, *S5_TABLES, *HOTLINE_TABLES], ids=lambda table: table.name)
def test_sqlite_holds_the_generated_rows(sqlite_sources: RunningSources, small: SmallCity, table: Table) -> None:
    assert sorted(map(repr, _read(sqlite_sources, table))) == sorted(map(repr, small.rows[table.name]))


@pytest.mark.parametrize("table", [*S2_TABLES, *S4_TABLES], ids=lambda table: table.name)
def test_postgresql_holds_the_generated_rows(sqlite_sources: RunningSources, small: SmallCity, table: Table) -> None:
    names = ", ".join(f'"{name}"::text' for name in table.column_names)
    with closing(sqlite_sources.raw_connection(table.source)) as connection:
        rows = connection.execute(f'SELECT {names} FROM "{table.name}"').fetchall()
    wanted = sorted(tuple(None if v is None else _text(v) for v in row) for row in small.rows[table.name])
    assert sorted(rows, key=repr) == sorted(wanted, key=repr)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def test_hubs_role_reads_and_nothing_else(sqlite_sources: RunningSources) -> None:
    settings = sqlite_sources.connections["s2"]
    for host in (settings["host"], settings["socket_directory"]):
        with _as_reader(settings, str(host)) as connection:
            assert connection.execute("SELECT count(*) > 0 FROM branch").fetchone() == (True,)
            connection.rollback()
            for statement in ("DELETE FROM branch", "CREATE TABLE t (n int)", "CREATE TEMP TABLE t (n int)"):
                with pytest.raises(psycopg.Error):
                    connection.execute(statement)
                connection.rollback()
                connection.execute("SET TRANSACTION READ WRITE")
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)
                connection.rollback()


def _as_reader(settings: Any, host: str, secret: str | None = None) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host=host,
        port=settings["port"],
        dbname=settings["database"],
        user=settings["user"],
        password=secret or settings["password"],
    )


def test_a_wrong_password_is_refused(sqlite_sources: RunningSources) -> None:
    settings = sqlite_sources.connections["s2"]
    for host in (settings["host"], settings["socket_directory"]):
        with pytest.raises(psycopg.OperationalError):
            _as_reader(settings, str(host), "not the password")


def test_departments_indexes_are_there(sqlite_sources: RunningSources) -> None:
    with closing(sqlite_sources.raw_connection("s1")) as connection:
        indexes = connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'").fetchall()
    assert {"DY_JBXX_SFZH", "DY_JBXX_DZZDM", "DZZ_JBXX_SJDZZDM"} <= {name for (name,) in indexes}
    with closing(sqlite_sources.raw_connection("s2")) as connection:
        columns = connection.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'dues_payment'").fetchall()
    assert any("(user_id, month)" in definition for (definition,) in columns)


def test_unknown_source_is_refused(sqlite_sources: RunningSources) -> None:
    with pytest.raises(ValueError, match="s9"):
        sqlite_sources.raw_connection("s9")


def test_each_postgresql_role_enters_its_own_database_alone(sqlite_sources: RunningSources) -> None:
    second, fourth = (sqlite_sources.connections[source] for source in ("s2", "s4"))
    assert second["password"] != fourth["password"]
    with _as_reader(fourth, str(fourth["host"])) as connection:
        assert connection.execute("SELECT count(*) > 0 FROM banjian").fetchone() == (True,)
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        _as_reader({**fourth, "database": second["database"]}, str(fourth["host"]))
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        _as_reader({**second, "database": fourth["database"]}, str(second["host"]))


def test_the_hotline_answers_until_the_sources_stop(state_dir: Path) -> None:
    with start_sources(state_dir, TINY, engine_s1="sqlite") as sources:
        settings = sources.connections["hotline"]
        url = f"http://{settings['host']}:{settings['port']}/gongdan"
        answer = httpx.get(url, headers={"Authorization": f"Bearer {settings['token']}"}, trust_env=False).json()
        with closing(sources.raw_connection("hotline")) as connection:
            assert connection.execute("SELECT count(*) FROM gongdan").fetchone() == (answer["data"]["total"],)
        for name in ("hotline_token", "hotline_mirror_key", "s4_reader"):
            assert stat.S_IMODE((state_dir / "secrets" / f"{name}.password").stat().st_mode) == 0o600
        assert len(bytes.fromhex(str(settings["mirror_key"]))) == 32
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)


def test_names_of_divisions_and_units_lie_beside_the_divisions(
    sqlite_sources: RunningSources, small: SmallCity
) -> None:
    def read(name: str) -> dict[str, str]:
        with (sqlite_sources.divisions.parent / "aliases" / name).open(encoding="utf-8", newline="") as file:
            return {line["name"]: line["code"] for line in csv.DictReader(file)}

    assert set(small.column("单位", "行政区划")) <= set(read("s3_divisions.csv"))
    assert read("s3_divisions.csv")["石门县太峰镇"] == "430726100"
    assert read("unit_names.csv")["石门卫计委"] == "430726040000"


def test_ledger_and_divisions_lie_beside_the_data(sqlite_sources: RunningSources, small: SmallCity) -> None:
    with sqlite_sources.defects.open(encoding="utf-8", newline="") as file:
        found = [tuple(line.values()) for line in csv.DictReader(file)]
    assert found == [(f.code, f.source, f.table, f.key, f.column) for f in small.ledger]
    assert sqlite_sources.divisions.read_text(encoding="utf-8").count("\n") == 2_453


def test_second_start_keeps_the_data(state_dir: Path) -> None:
    with start_sources(state_dir, TINY, engine_s1="sqlite") as first:
        assert first.loaded
        with closing(sqlite3.connect(str(first.connections["s3"]["path"]))) as connection:
            connection.execute("UPDATE 单位 SET 更新年月 = '2018.10'")
            connection.commit()
    with start_sources(state_dir, TINY, engine_s1="sqlite") as second:
        assert not second.loaded
        with closing(second.raw_connection("s3")) as connection:
            assert connection.execute("SELECT DISTINCT 更新年月 FROM 单位").fetchall() == [("2018.10",)]


def test_another_seed_loads_anew_unless_somebody_else_looks_at_the_data(state_dir: Path) -> None:
    first = start_sources(state_dir, TINY, engine_s1="sqlite")
    with pytest.raises(InUseError):
        start_sources(state_dir, TINY, seed=2, engine_s1="sqlite")
    first.stop()
    with start_sources(state_dir, TINY, seed=2, engine_s1="sqlite") as second:
        assert second.loaded


def test_the_last_user_ends_the_server(state_dir: Path) -> None:
    first = start_sources(state_dir, TINY, engine_s1="sqlite")
    second = start_sources(state_dir, TINY, engine_s1="sqlite")
    first.stop()
    second.raw_connection("s2").close()
    second.stop()
    with pytest.raises(psycopg.OperationalError):
        second.raw_connection("s2")


def test_a_server_that_cannot_start_is_told_with_its_log(state_dir: Path) -> None:
    with start_sources(state_dir, TINY, engine_s1="sqlite"):
        pass
    settings = data_home(state_dir) / "data" / "postgresql.conf"
    with settings.open("a", encoding="utf-8") as file:
        file.write("no_such_setting = 1\n")
    with pytest.raises(ServerNotStartedError, match=r"server\.log"):
        start_sources(state_dir, TINY, engine_s1="sqlite")


def test_an_interrupted_load_is_not_taken_for_complete(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(loading, "_write_ledger", interrupt)
        with pytest.raises(KeyboardInterrupt):
            start_sources(state_dir, TINY, engine_s1="sqlite")
    with start_sources(state_dir, TINY, engine_s1="sqlite") as sources:
        assert sources.loaded


def test_passwords_are_generated_once_into_files_of_their_owner(tmp_path: Path) -> None:
    first = password(tmp_path / "secrets", "a")
    assert len(first) >= 32
    assert password(tmp_path / "secrets", "a") == first
    assert password(tmp_path / "secrets", "b") != first
    assert stat.S_IMODE((tmp_path / "secrets" / "a.password").stat().st_mode) == 0o600


@pytest.mark.parametrize(("scale", "engine"), [(0.0, "sqlite"), (SMALL, "oracle")])
def test_bad_arguments_are_refused_before_anything_starts(tmp_path: Path, scale: float, engine: str) -> None:
    with pytest.raises(ValueError):
        start_sources(tmp_path / "state", scale, engine_s1=engine)
    assert not (tmp_path / "state").exists()
