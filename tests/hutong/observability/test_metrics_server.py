"""Where metrics are served, and to whom."""

import asyncio
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from hutong.lifecycle import StartRefused
from hutong.observability.metrics import Metrics
from hutong.observability.metrics_server import MetricsEndpoint, metrics_listener, read_token, serving_metrics
from hutong.observability.options import Observability, metrics_address

TOKEN = b"0123456789abcdef"


async def got(token: bytes | None, path: str = "/metrics", method: str = "GET", **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(MetricsEndpoint(Metrics(named_documents=1), token))
    async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
        return await client.request(method, path, headers=headers)


async def test_metrics_can_be_parsed() -> None:
    response = await got(None)
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    names = {family.name for family in text_string_to_metric_families(response.text)}
    assert {"hutong_operations", "process_resident_memory_bytes"} <= names


@pytest.mark.parametrize("given", [None, "Bearer wrong", "Bearer 0123456789abcdef0", "Basic 0123456789abcdef"])
async def test_without_the_token_nothing_is_told(given: str | None) -> None:
    response = await got(TOKEN, **({} if given is None else {"authorization": given}))
    assert (response.status_code, response.text) == (401, "Unauthorized")


async def test_with_the_token_all_is_told() -> None:
    assert (await got(TOKEN, authorization=f"Bearer {TOKEN.decode()}")).status_code == 200


@pytest.mark.parametrize(("path", "method", "status"), [("/", "GET", 404), ("/metrics", "POST", 405)])
async def test_there_is_nothing_else(path: str, method: str, status: int) -> None:
    assert (await got(None, path, method)).status_code == status


async def fetched(port: int) -> httpx.Response:
    async with asyncio.timeout(10), httpx.AsyncClient() as client:
        return await client.get(f"http://127.0.0.1:{port}/metrics")


async def test_they_are_served_on_an_address_of_their_own() -> None:
    listener = metrics_listener(Observability(metrics_listen="127.0.0.1:0"))
    assert listener is not None
    port = listener.getsockname()[1]
    async with serving_metrics(MetricsEndpoint(Metrics(named_documents=1), None), listener):
        response = await fetched(port)
    assert response.status_code == 200
    with pytest.raises(httpx.ConnectError):
        await fetched(port)


def test_by_default_nobody_serves_them() -> None:
    assert metrics_listener(Observability()) is None


def test_a_taken_port_is_told() -> None:
    with metrics_listener(Observability(metrics_listen="127.0.0.1:0")) as taken:  # type: ignore[union-attr]
        port = taken.getsockname()[1]
        with pytest.raises(StartRefused, match="metrics_listen"):
            metrics_listener(Observability(metrics_listen=f"127.0.0.1:{port}"))


@pytest.mark.parametrize(
    ("text", "address"),
    [("127.0.0.1:9464", ("127.0.0.1", 9464)), ("[::1]:1", ("::1", 1)), ("localhost:0", ("localhost", 0))],
)
def test_addresses(text: str, address: tuple[str, int]) -> None:
    assert metrics_address(text) == address
    assert Observability(metrics_listen=text).metrics_listen == text


@pytest.mark.parametrize("text", ["9464", "localhost", ":9464", "127.0.0.1:x", "127.0.0.1:70000", "127.0.0.1:"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ADDRESS:PORT"):
        Observability(metrics_listen=text)


@pytest.mark.parametrize("host", ["0.0.0.0", "[::]", "10.0.0.1", "hub.example"])
def test_an_address_that_others_reach_needs_a_token(host: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="metrics_token_file"):
        Observability(metrics_listen=f"{host}:9464")
    Observability(metrics_listen=f"{host}:9464", metrics_token_file=tmp_path / "token")


@pytest.mark.parametrize(
    ("content", "mode", "says"),
    [
        pytest.param(None, 0o600, "cannot be read", id="missing"),
        pytest.param(TOKEN, 0o644, "chmod 600", id="open to others"),
        pytest.param(b"short", 0o600, "16 or more", id="short"),
        pytest.param(b"two words of a token", 0o600, "16 or more", id="words"),
    ],
)
def test_a_token_file_of_no_use_is_refused(tmp_path: Path, content: bytes | None, mode: int, says: str) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
        file.chmod(mode)
    with pytest.raises(StartRefused, match=says) as refused:
        read_token(file)
    assert TOKEN.decode() not in str(refused.value)


def test_a_token_is_read_without_its_line_end(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.touch(mode=0o600)
    file.write_bytes(TOKEN + b"\n")
    assert read_token(file) == TOKEN
