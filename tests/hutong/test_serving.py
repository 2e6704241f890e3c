"""Serving for real: a process of its own, clients on kept-alive connections, and a signal in the middle."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from hutong.serving import PortTaken, listen

PROGRAM = """
import asyncio
from hutong import serving
from hutong.lifecycle import Lifecycle
from hutong.response_headers import ResponseHeaders

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    if scope["path"] == "/slow":
        await asyncio.sleep(1)
    status = 503 if lifecycle.draining else 200
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})

lifecycle = Lifecycle()
serving.DRAIN_SECONDS = 0.6
listener = serving.listen("127.0.0.1", 0)
print(listener.getsockname()[1], flush=True)
serving.serve(ResponseHeaders(app, lifecycle=lifecycle), lifecycle=lifecycle, listener=listener)
"""
BEHIND_A_PROXY = """
import sys
from starlette.applications import Starlette
from starlette.routing import Route
from authz.subjects import ANONYMOUS
from hutong import serving
from hutong.budgets import Budget
from hutong.lifecycle import Lifecycle
from tests.endpoints import endpoint_of
from tests.resolvers.mini_city import MiniCity

endpoint = endpoint_of(MiniCity().engine.execute, lambda _: ANONYMOUS, requests=Budget("requests", 2))
listener = serving.listen("127.0.0.1", 0)
print(listener.getsockname()[1], flush=True)
app = Starlette(routes=[Route("/graphql", endpoint)])
serving.serve(app, lifecycle=Lifecycle(), listener=listener, trusted_proxies=sys.argv[1:])
"""
ROOT = Path(__file__).parents[2]
CLIENTS = 8
CUT = (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)


@pytest.fixture
def server() -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A running server and its URL."""
    with running(PROGRAM) as started:
        yield started


@contextmanager
def running(program: str, *arguments: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A server that prints its port, and its URL."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    with process, process.stdout:
        url = f"http://127.0.0.1:{int(process.stdout.readline())}"
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                httpx.get(url)
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield process, url
        process.kill()


async def test_nobody_is_cut_off_by_a_sigterm_under_load(server: tuple["subprocess.Popen[str]", str]) -> None:
    process, url = server
    answered, cut, closing = 0, 0, 0
    under_load = asyncio.Event()

    async def keep_asking() -> None:
        nonlocal answered, cut, closing
        async with httpx.AsyncClient() as client:
            while True:
                try:
                    response = await client.get(url)
                except httpx.ConnectError:
                    return
                except CUT:
                    cut += 1
                    return
                answered += 1
                if answered > 2 * CLIENTS:
                    under_load.set()
                closing += response.headers.get("connection") == "close"

    clients = [asyncio.create_task(keep_asking()) for _ in range(CLIENTS)]
    async with asyncio.timeout(20):
        await under_load.wait()
        process.send_signal(signal.SIGTERM)
        await asyncio.gather(*clients)
    assert await asyncio.to_thread(process.wait, 10) == 0
    assert cut == 0
    assert answered > closing >= len(clients)


async def test_a_slow_operation_is_finished_after_a_sigterm(server: tuple["subprocess.Popen[str]", str]) -> None:
    process, url = server
    async with httpx.AsyncClient() as client:
        slow = asyncio.create_task(client.get(f"{url}/slow"))
        await asyncio.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        assert (await slow).text == "ok"
    assert await asyncio.to_thread(process.wait, 10) == 0


async def test_a_sigterm_shows_at_once(server: tuple["subprocess.Popen[str]", str]) -> None:
    process, url = server
    process.send_signal(signal.SIGTERM)
    await asyncio.sleep(0.1)
    async with httpx.AsyncClient() as client:
        assert (await client.get(url)).status_code == 503


async def test_ctrl_c_ends_an_idle_server_at_once(server: tuple["subprocess.Popen[str]", str]) -> None:
    process, _ = server
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert await asyncio.to_thread(process.wait, 10) == 0
    assert time.monotonic() - began < 3


async def test_no_server_software_is_told(server: tuple["subprocess.Popen[str]", str]) -> None:
    async with httpx.AsyncClient() as client:
        assert "server" not in (await client.get(server[1])).headers


def test_a_port_in_use_is_told_with_what_to_do() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"port {port}: .*--port"):
            listen("127.0.0.1", port)


@pytest.mark.parametrize("trusted", ["127.0.0.0/8", "192.0.2.1"])
def test_only_a_trusted_proxy_says_whose_budget_is_spent(trusted: str) -> None:
    def ask(client: httpx.Client, address: str) -> int:
        headers = {"X-Forwarded-For": address}
        return client.post("/graphql", json={"query": "{ __typename }"}, headers=headers).status_code

    with running(BEHIND_A_PROXY, trusted) as (_, url), httpx.Client(base_url=url) as client:
        first = [ask(client, "198.51.100.7") for _ in range(3)]
        forged = ask(client, "203.0.113.9, 198.51.100.7")
        other = ask(client, "198.51.100.8")
    assert first == [200, 200, 429]
    assert forged == 429, "what the client itself wrote before the proxy's word does not count"
    assert other == (200 if trusted == "127.0.0.0/8" else 429)
