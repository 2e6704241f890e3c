"""The hotline's service over HTTP: its token, its pace, its errors that come as HTTP 200, its pages that drift."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.city.tables import GONGDAN
from demo.sources.hotline import HotlineService
from demo.sources.sqlite import SQLiteStore
from tests.demo.small_city import SmallCity

TOKEN = "a-token-of-the-tests"
Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def database(small: SmallCity, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hotline") / "hotline.db"
    store = SQLiteStore(path)
    store.create(GONGDAN)
    store.insert(GONGDAN, small.rows["gongdan"])
    store.finish()
    return path


@pytest.fixture
def service(database: Path) -> Iterator[HotlineService]:
    running = HotlineService(database, TOKEN)
    yield running
    running.stop()


@pytest.fixture
def ask(service: HotlineService) -> Iterator[Ask]:
    """Asks at a pace that the service bears."""
    with httpx.Client(base_url=f"http://127.0.0.1:{service.port}", trust_env=False) as client:

        def get(token: str = TOKEN, **arguments: object) -> dict[str, Any]:
            time.sleep(0.1)
            named = {name: str(value) for name, value in arguments.items()}
            answer = client.get("/gongdan", params=named, headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == 200
            found: dict[str, Any] = answer.json()
            return found

        yield get


def test_newest_changes_come_first_with_empty_strings_for_nulls(ask: Ask, small: SmallCity) -> None:
    answer = ask(pageSize=200)
    assert (answer["code"], answer["msg"], answer["data"]["total"]) == ("0", "", len(small.rows["gongdan"]))
    tickets = answer["data"]["list"]
    times = [ticket["updateTime"] for ticket in tickets]
    assert times == sorted(times, reverse=True)
    assert set(tickets[0]) == set(GONGDAN.column_names)
    assert {type(value) for ticket in tickets for value in ticket.values()} == {str}
    assert "" in {ticket["manyidu"] for ticket in tickets}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"token": "wrong"}, "401"),
        ({"pageSize": 201}, "400"),
        ({"pageSize": 0}, "400"),
        ({"pageNum": "x"}, "400"),
        ({"updateBegin": "2018-09-01"}, "400"),
        ({"areaCode": "石门"}, "400"),
    ],
)
def test_errors_are_http_200_with_another_code(ask: Ask, arguments: dict[str, Any], code: str) -> None:
    answer = ask(**arguments)
    assert (answer["code"], answer["data"]) == (code, None)
    assert answer["msg"]


def test_window_and_area_are_the_only_filters(ask: Ask, small: SmallCity) -> None:
    begin, end = "2018-08-01 00:00:00", "2018-08-31 23:59:59"
    wanted = [
        ticket
        for ticket in small.records("gongdan")
        if begin <= ticket["updateTime"] <= end and ticket["quhuaCode"].startswith("430726")
    ]
    found = ask(updateBegin=begin, updateEnd=end, areaCode="430726", pageSize=200, suqiuLeixing="04")["data"]
    assert found["total"] == len(wanted) > 0
    assert {ticket["gongdanBianhao"] for ticket in found["list"]} == {t["gongdanBianhao"] for t in wanted}


def test_more_than_ten_requests_a_second_are_refused(service: HotlineService) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{service.port}", headers=headers, trust_env=False) as client:
        codes = [client.get("/gongdan", params={"pageSize": "1"}).json()["code"] for _ in range(12)]
        assert codes[:10] == ["0"] * 10
        assert codes[10:] == ["429"] * 2
        time.sleep(1.0)
        assert client.get("/gongdan", params={"pageSize": "1"}).json()["code"] == "0"


def test_pages_drift_while_somebody_reads_on(ask: Ask) -> None:
    window = {"updateEnd": "2018-09-30 18:00:00", "pageSize": 100}
    first = ask(**window)["data"]
    for page in range(2, 8):
        ask(**window, pageNum=page)
    touched = ask(pageSize=2)["data"]["list"]
    assert [ticket["updateTime"] >= first["list"][0]["updateTime"] for ticket in touched] == [True, True]
    assert {t["gongdanBianhao"] for t in touched}.isdisjoint(t["gongdanBianhao"] for t in first["list"][:2])
    assert ask(updateEnd=first["list"][0]["updateTime"])["data"]["total"] == first["total"] - 2


def test_the_first_page_does_not_drift_and_drift_repeats_itself(database: Path) -> None:
    def read() -> list[str]:
        service = HotlineService(database, TOKEN)
        try:
            with httpx.Client(trust_env=False, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
                url = f"http://127.0.0.1:{service.port}/gongdan"
                pages = [client.get(url, params={"pageNum": str(page)}).json() for page in (1, 1, 2, 3, 4, 1)]
        finally:
            service.stop()
        assert pages[0] == pages[1] != pages[-1]
        return [ticket["gongdanBianhao"] for page in pages for ticket in page["data"]["list"]]

    assert read() == read()


def test_a_stopped_service_refuses_and_comes_back_on_its_port(service: HotlineService) -> None:
    port = service.port
    service.stop()
    service.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/gongdan", trust_env=False)
    service.start()
    assert service.port == port
    assert httpx.get(f"http://127.0.0.1:{port}/gongdan", trust_env=False).json()["code"] == "401"
