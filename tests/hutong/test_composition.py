"""Building a replica: what it refuses to start with, and that sources which are down are not among it."""

import asyncio
import json
import shutil
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm
from starlette.applications import Starlette
from typer.testing import CliRunner

from authz.policy_files import PolicyInvalid
from demo.explorer import explorer_content
from hutong.cli import app as cli
from hutong.composition import build_hub, create_app
from hutong.explorer.routes import PAGE_POLICY
from hutong.jwks import JwksFile, JwksInvalid, KeySet
from hutong.key_files import read_master_key
from hutong.lifecycle import StartRefused
from hutong.response_headers import SECURITY_HEADERS
from hutong.settings import Settings, load_settings
from hutong.snapshot_files import connection_variables, load_snapshot
from hutong.tokens import create_demo_keys
from schema.messages import starting
from tests.resolvers.mini_city import FILES

DEMO = Path(__file__).parents[2] / "demo"
KEY = "0123456789abcdef" * 4


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A production hub's folder: manifests and policies of the demo, keys of nobody, no source that answers."""
    for part in ("manifests", "policies"):
        shutil.copytree(DEMO / part, tmp_path / part)
    (tmp_path / "secrets").mkdir()
    (tmp_path / "sources").mkdir()
    key = tmp_path / "secrets" / "master.key"
    key.touch(mode=0o600)
    key.write_text(KEY)
    public = OKPAlgorithm.to_jwk(Ed25519PrivateKey.generate().public_key(), as_dict=True)
    jwks = {"keys": [{**public, "kid": "nobody", "use": "sig", "alg": "EdDSA"}]}
    (tmp_path / "secrets" / "jwks.json").write_text(json.dumps(jwks))
    shutil.copytree(FILES / "reference", tmp_path / "sources" / "reference")
    servers = ("S1", "S2", "S4", "S5", "HOTLINE")
    variables: dict[str, object] = {f"HUTONG_{name}_PASSWORD": "none" for name in servers}
    variables |= {f"HUTONG_{name}_PORT": 1 for name in servers}
    variables |= {"HUTONG_HOTLINE_TOKEN": "none", "HUTONG_HOTLINE_MIRROR_KEY": "00" * 32}
    (tmp_path / "secrets" / "connections.env").write_text("".join(f"{n}={v}\n" for n, v in variables.items()))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(**changes: Any) -> Settings:
    given = {"jwks_file": "secrets/jwks.json", "connections_file": "secrets/connections.env"}
    return load_settings(**{**given, **changes})


async def started(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://hub") as client,
    ):
        yield client


@pytest.fixture
def app(folder: Path) -> Starlette:
    return create_app(settings())


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    async for client in started(app):
        yield client


async def test_sources_that_are_down_do_not_stop_the_start(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    response = await client.get("/readyz")
    assert response.status_code == 200
    body = response.json()
    told = body.pop("sources")
    assert body == {"status": "ready", "policyVersion": 1}
    assert told.pop("hotline") in ("SOURCE_UNAVAILABLE", "SOURCE_TIMEOUT")  # its service is asked several times
    assert told == dict.fromkeys(("hub", "s1", "s2", "s3", "s4", "s5", "s6"), "SOURCE_UNAVAILABLE")


async def test_a_draining_replica_is_not_ready_but_lives(client: httpx.AsyncClient, app: Starlette) -> None:
    app.state.lifecycle.draining = True
    assert (await client.get("/readyz")).status_code == 503
    assert (await client.get("/healthz")).status_code == 200


async def test_a_replica_without_verification_keys_is_not_ready_until_it_has_some(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = JwksFile(folder / "secrets" / "jwks.json").keys
    there, read = asyncio.Event(), asyncio.Event()

    class Down:
        """An identity provider that answers when ``there`` is set."""

        def __init__(self, _url: str) -> None:
            self.keys: KeySet = {}

        async def refresh(self) -> None:
            if not there.is_set():
                raise JwksInvalid(starting.JWKS_UNFETCHED())
            self.keys = keys
            read.set()

    monkeypatch.setattr("hutong.composition.JwksUrl", Down)
    monkeypatch.setattr("hutong.jwks.FIRST_PAUSE", 0.0)
    async for client in started(create_app(settings(jwks_file=None, jwks_url="https://id.test/jwks"))):
        waiting = await client.get("/readyz")
        assert (waiting.status_code, waiting.json()) == (503, {"status": "noKeys"})
        there.set()
        async with asyncio.timeout(10):
            await read.wait()
        assert (await client.get("/readyz")).status_code == 200


async def test_the_schema_is_served(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": "{ __schema { queryType { name } } __typename }"})
    assert response.json() == {"data": {"__schema": {"queryType": {"name": "Query"}}, "__typename": "Query"}}


async def test_validation_errors_are_bad_input(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": "{ nonsense }"})
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_INPUT"
    assert "data" not in response.json()


async def test_a_forged_token_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.post(
        "/graphql", json={"query": "{ __typename }"}, headers={"Authorization": "Bearer a.b.c"}
    )
    assert response.status_code == 401


@pytest.mark.parametrize(
    "path",
    ["/", "/graphql/", "/graphiql", "/control/graphql", "/metrics", "/explorer/content", "/explorer/static/x.js"],
)
async def test_other_paths_are_not_there_and_say_nothing(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(path)
    assert response.status_code == 404
    assert response.json() == {"errors": [{"message": "此路径没有内容", "extensions": {"code": "BAD_INPUT"}}]}
    assert {name.decode() for name, _ in SECURITY_HEADERS} <= response.headers.keys()


async def test_a_health_check_has_no_other_methods(client: httpx.AsyncClient) -> None:
    response = await client.post("/healthz")
    assert response.status_code == 405
    assert response.headers["content-type"] == "application/json"
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD"}
    assert (await client.head("/healthz")).status_code == 200


async def test_a_purpose_that_is_not_registered_is_bad_input(client: httpx.AsyncClient) -> None:
    stated = {"query": "{ __typename }", "extensions": {"purpose": "curiosity"}}
    response = await client.post("/graphql", json=stated)
    assert response.json()["errors"][0]["extensions"] == {"code": "BAD_INPUT"}
    stated["extensions"] = {"purpose": "party_discipline"}
    assert (await client.post("/graphql", json=stated)).json() == {"data": {"__typename": "Query"}}


async def test_trusted_documents_only_is_introspection_off(folder: Path) -> None:
    (folder / "documents.json").write_text(json.dumps({"name": "query Name { __typename }"}))
    app = create_app(settings(trusted_documents="documents.json", trusted_documents_only=True))
    async for client in started(app):
        kept = await client.post("/graphql", json={"documentId": "name"})
        other = await client.post("/graphql", json={"query": "{ __schema { queryType { name } } }"})
    assert kept.json() == {"data": {"__typename": "Query"}}
    assert other.json()["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_ID_REQUIRED"


async def test_the_cost_of_operations_is_taken_from_their_callers_budget(folder: Path) -> None:
    question = {"query": "{ enterprises(first: 900) { nodes { name } } }"}
    app = create_app(settings(budgets={"cost_per_minute": 1_000}))
    async for client in started(app):
        first = await client.post("/graphql", json=question)
        second = await client.post("/graphql", json=question)
    assert first.status_code == 200
    assert second.status_code == 429
    told = second.json()["errors"][0]["extensions"]
    assert (told["code"], told["limit"], told["maximum"]) == ("LIMIT_EXCEEDED", "cost", 1_000)
    assert int(second.headers["retry-after"]) == told["retryAfter"] <= 60


ORIGIN = {"Origin": "https://portal.example"}
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}


@pytest.fixture
async def portal(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    async for client in started(create_app(settings(cors_origins=("https://portal.example",)))):
        yield client


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        pytest.param({"method": "POST", "json": {"query": "{ __typename }"}}, 200, id="data"),
        pytest.param({"method": "POST", "content": b"["}, 415, id="refused"),
        pytest.param({"method": "POST", "headers": {"Authorization": "Bearer a.b.c"}}, 401, id="a forged token"),
        pytest.param({"method": "PUT"}, 405, id="another method"),
        pytest.param({"method": "GET", "url": "/nowhere"}, 404, id="another path"),
    ],
)
async def test_an_allowed_page_reads_every_answer(
    portal: httpx.AsyncClient, request_: dict[str, Any], status: int
) -> None:
    sent = {"url": "/graphql", **request_, "headers": {**ORIGIN, **request_.get("headers", {})}}
    response = await portal.request(**sent)
    assert response.status_code == status
    assert response.headers["access-control-allow-origin"] == "https://portal.example"
    assert response.headers["access-control-expose-headers"] == "Retry-After, WWW-Authenticate"
    assert "origin" in response.headers["vary"].lower()
    assert "access-control-allow-credentials" not in response.headers
    assert {name.decode() for name, _ in SECURITY_HEADERS} <= response.headers.keys()


async def test_a_preflight_is_answered_without_the_hub(portal: httpx.AsyncClient) -> None:
    response = await portal.options("/graphql", headers=ORIGIN | PREFLIGHT)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "https://portal.example"
    assert response.headers["access-control-allow-methods"] == "GET, POST"
    assert "hutong-purpose" in response.headers["access-control-allow-headers"].lower()
    assert response.headers["access-control-max-age"] == "7200"


@pytest.mark.parametrize(
    "origin",
    ["https://portal.example.evil.example", "http://portal.example", "https://portal.example:8443", "null", "*"],
)
async def test_other_pages_are_not_allowed(portal: httpx.AsyncClient, origin: str) -> None:
    preflight = await portal.options("/graphql", headers={"Origin": origin, **PREFLIGHT})
    response = await portal.post("/graphql", json={"query": "{ __typename }"}, headers={"Origin": origin})
    assert preflight.status_code == 400
    for answer in (preflight, response):
        assert "access-control-allow-origin" not in answer.headers


async def test_by_default_no_page_is_allowed(client: httpx.AsyncClient) -> None:
    preflight = await client.options("/graphql", headers=ORIGIN | PREFLIGHT)
    response = await client.post("/graphql", json={"query": "{ __typename }"}, headers=ORIGIN)
    assert (preflight.status_code, response.status_code) == (405, 200)
    for answer in (preflight, response):
        assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("path", ["/explorer/token/city_org_admin", "/explorer/run", "/explorer/schema"])
async def test_production_hands_out_no_tokens(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.post(path, json={}, headers={"Host": "localhost"})).status_code == 404


def test_production_does_not_start_with_the_explorer(folder: Path) -> None:
    with pytest.raises(StartRefused, match="belongs to the demo"):
        create_app(settings(), explorer=explorer_content())


def test_the_explorer_does_not_start_over_others_keys(folder: Path) -> None:
    with pytest.raises(StartRefused, match="needs the demo's own key"):
        create_app(settings(environment="demo"), explorer=explorer_content())


def test_the_explorer_does_not_start_over_a_key_server(folder: Path) -> None:
    given = settings(environment="demo", jwks_file=None, jwks_url="https://identity.example/jwks")
    with pytest.raises(StartRefused, match="belongs to the demo"):
        create_app(given, explorer=explorer_content())


async def test_a_demo_has_the_explorer(folder: Path) -> None:
    create_demo_keys(folder / "demo-keys")
    app = create_app(settings(environment="demo", jwks_file="demo-keys/jwks.json"), explorer=explorer_content())
    async for client in started(app):
        page = await client.get("/", headers={"Host": "localhost"})
        assert page.status_code == 200
        assert "explorer.js" in page.text
        assert page.headers.get_list("content-security-policy") == [PAGE_POLICY]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        pytest.param(lambda _: settings(jwks_file=None), "HUTONG_JWKS_FILE or HUTONG_JWKS_URL", id="no public keys"),
        pytest.param(lambda _: settings(jwks_file="nowhere.json"), "JWKS file cannot be read", id="a missing JWKS"),
        pytest.param(lambda f: shutil.rmtree(f / "policies"), "no policy files", id="no policy"),
        pytest.param(lambda f: shutil.rmtree(f / "manifests"), "no manifests", id="no manifests"),
        pytest.param(lambda f: (f / "manifests/s2.yaml").unlink(), "DuesRecord needs s2", id="a missing source"),
        pytest.param(
            lambda f: shutil.copy(f / "manifests/s3.yaml", f / "manifests/s9.yaml"),
            "has a manifest already",
            id="a twin",
        ),
        pytest.param(lambda f: (f / "secrets/master.key").unlink(), "openssl rand -hex 32", id="no master key"),
        pytest.param(lambda f: (f / "secrets/master.key").chmod(0o640), "chmod 600", id="a key open to others"),
        pytest.param(lambda f: (f / "secrets/master.key").write_text("ab"), "64 hexadecimal", id="a short key"),
        pytest.param(lambda f: (f / "secrets/connections.env").unlink(), "does not exist", id="no connections"),
    ],
)
def test_a_hub_that_lacks_something_does_not_start(folder: Path, spoil: Callable[[Path], Any], says: str) -> None:
    spoiled = spoil(folder)
    with pytest.raises(StartRefused, match=says) as refused:
        create_app(spoiled if isinstance(spoiled, Settings) else settings())
    assert KEY not in str(refused.value)


def test_a_policy_without_a_line_does_not_start(folder: Path) -> None:
    (folder / "policies" / "roles.yaml").write_text(
        "roles:\n  nobody:\n    title: {zh: 无, en: nobody}\n    rationale: Sees nothing.\n    rules: []\n"
    )
    with pytest.raises(PolicyInvalid, match="an empty policy is refused"):
        create_app(settings())


def test_production_does_not_start_with_the_demos_key(folder: Path) -> None:
    create_demo_keys(folder / "secrets" / "tokens")
    with pytest.raises(StartRefused, match="demo's key"):
        build_hub(settings(jwks_file="secrets/tokens/jwks.json"))


async def test_a_demo_starts_with_it(folder: Path) -> None:
    create_demo_keys(folder / "secrets" / "tokens")
    hub = build_hub(settings(jwks_file="secrets/tokens/jwks.json", environment="demo"))
    async with hub.running():
        assert set(hub.keys.keys) == {"demo"}


async def test_two_hubs_do_not_share_an_audit_trail(folder: Path) -> None:
    first = build_hub(settings())
    with pytest.raises(StartRefused, match="HUTONG_STATE_DIR"):
        build_hub(settings())
    async with first.running():
        pass
    async with build_hub(settings()).running():
        pass


def test_the_environment_comes_before_the_connections_file(folder: Path) -> None:
    found = connection_variables(settings(), {"HUTONG_S1_PASSWORD": "other"})
    assert (found["HUTONG_S1_PASSWORD"], found["HUTONG_S2_PASSWORD"]) == ("other", "none")


@pytest.mark.parametrize(
    ("mode", "accepted"), [(0o400, True), (0o440, True), (0o640, True), (0o660, False), (0o444, False)], ids=oct
)
def test_roots_key_file_may_be_read_through_our_group(
    folder: Path, monkeypatch: pytest.MonkeyPatch, mode: int, accepted: bool
) -> None:
    """Mounted secrets and credentials look like this; as for PostgreSQL's private keys."""
    key = folder / "secrets" / "master.key"
    key.chmod(mode)
    if key.stat().st_uid != 0:
        pytest.skip("needs a file of root's")
    monkeypatch.setattr("os.geteuid", lambda: 10001)
    if accepted:
        assert read_master_key(key) == bytes.fromhex(KEY)
    else:
        with pytest.raises(StartRefused, match="can be read by others"):
            read_master_key(key)


def test_a_master_key_is_32_bytes(folder: Path) -> None:
    assert read_master_key(folder / "secrets" / "master.key") == bytes.fromhex(KEY)


def test_the_snapshot_changes_with_each_file_it_was_read_from(folder: Path) -> None:
    digests = {load_snapshot(settings()).digest}
    for file in ("manifests/s1.yaml", "policies/roles.yaml"):
        with (folder / file).open("a") as opened:
            opened.write("# another edition\n")
        digests.add(load_snapshot(settings()).digest)
    digests.add(load_snapshot(settings(policy_version=2)).digest)
    assert len(digests) == 4


@pytest.mark.parametrize(
    ("words", "setting", "message"),
    [
        ((), "zh", "查询无效："),
        ((), "en", "the query is not valid:"),
        (("--lang", "en"), "zh", "the query is not valid:"),
    ],
    ids=["default", "setting", "option"],
)
@pytest.mark.parametrize("command", ["query", "plan"])
def test_the_command_line_speaks_the_language_asked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: str, words: tuple[str, ...], setting: str, message: str
) -> None:
    monkeypatch.setattr("hutong.telemetry.configure_logging", lambda *_: None)
    (folder / "hub.toml").write_text(
        f'jwks_file = "secrets/jwks.json"\nconnections_file = "secrets/connections.env"\nlanguage = "{setting}"\n'
    )
    arguments = [command, "-", "--settings", "hub.toml", *words]
    result = CliRunner().invoke(cli, arguments, input="{ nobodyKnows }")
    assert result.exit_code == 1
    assert message in result.output


async def test_metrics_are_served_beside_the_application_and_only_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("HUTONG_OBSERVABILITY__METRICS_LISTEN", f"127.0.0.1:{port}")
    async for client in started(create_app(settings())):
        answer = await client.post("/graphql", json={"query": "{ __typename }"})
        assert len(answer.headers["hutong-operation"]) == 16
        assert (await client.get("/metrics")).status_code == 404
        async with httpx.AsyncClient() as operator:
            told = (await operator.get(f"http://127.0.0.1:{port}/metrics")).text
        assert 'hutong_operations_total{operation="other",outcome="ok"} 1.0' in told
        assert 'hutong_build_info{policy_version="1"' in told
        assert 'hutong_audit_records_total{durable="false"} 1.0' in told
        assert 'hutong_pool_size{source="s2"}' in told
        assert "hutong_mirror_failed_pulls_total" in told


def test_metrics_that_cannot_be_served_do_not_start(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(StartRefused, match="metrics_listen"):
        create_app(settings(observability={"metrics_listen": f"127.0.0.1:{taken.getsockname()[1]}"}))
