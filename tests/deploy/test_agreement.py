"""What the files of ``deploy/`` say of the hub is true: its settings, paths, ports and how long it takes to leave."""

import re
import tomllib
from pathlib import Path

import pytest
from starlette.routing import Route

from hutong.composition import create_app
from hutong.reference import settings_page
from hutong.serving import DRAIN_SECONDS, FINISH_SECONDS, LAST_REQUEST_SECONDS
from hutong.settings import FILE_VARIABLE, Settings, load_settings
from tests.deploy.files import (
    COMPOSE,
    CONTAINERFILE,
    DEPLOY,
    KUBERNETES,
    ROOT,
    SETTINGS,
    UNIT,
    compose,
    container,
    image_variables,
    instructions,
    pod,
    the,
    unit_values,
)
from tests.hub_folder import hub_environment

KNOWN = {FILE_VARIABLE, *re.findall(r"^\| `(HUTONG_\w+)`", settings_page(), re.MULTILINE)}
LEAVING = DRAIN_SECONDS + LAST_REQUEST_SECONDS + FINISH_SECONDS
"""Seconds from SIGTERM to the end, at most."""


@pytest.mark.parametrize("file", [CONTAINERFILE, UNIT, COMPOSE, KUBERNETES], ids=lambda file: file.name)
def test_every_setting_that_is_named_exists(file: Path) -> None:
    named = set(re.findall(r"\bHUTONG_[A-Z_]+[A-Z](?=[=:,])", file.read_text(encoding="utf-8")))
    assert named <= KNOWN
    assert named, "the file sets something"


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_settings_file_can_be_loaded(clean: Path) -> None:
    settings = load_settings(SETTINGS)
    assert settings.jwks_url is not None
    assert settings.manifests_dir == Path("/etc/hutong/manifests")


def test_kubernetes_has_the_settings_of_the_settings_file() -> None:
    given = tomllib.loads(the("ConfigMap", "hutong-settings")["data"]["hub.toml"])
    whole = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))
    assert given.items() <= whole.items()
    mounted = {mount["mountPath"] for mount in container()["volumeMounts"]}
    assert {given["manifests_dir"], given["policies_dir"]} <= mounted


async def test_probes_ask_paths_that_the_hub_has(
    tmp_path: Path, reference_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in hub_environment(tmp_path, reference_data).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    demo = {"manifests_dir": ROOT / "demo/manifests", "policies_dir": ROOT / "demo/policies"}
    app = create_app(load_settings(catalog_dir=ROOT / "schema/catalog", **demo))
    async with app.router.lifespan_context(app):  # which ends what was built
        pass
    paths = {route.path for route in app.routes if isinstance(route, Route)}
    probes = [container()[f"{kind}Probe"]["httpGet"] for kind in ("startup", "readiness", "liveness")]
    assert {probe["path"] for probe in probes} == {"/healthz", "/readyz"} <= paths
    assert {probe["port"] for probe in probes} == {"http"}
    (checked,) = instructions("HEALTHCHECK")
    assert re.findall(r"http://127\.0\.0\.1:8000(/\w+)", checked) == ["/healthz"]


def test_ports_are_those_of_the_image() -> None:
    port = image_variables()["HUTONG_PORT"]
    assert instructions("EXPOSE") == [port]
    ports = {p["name"]: str(p["containerPort"]) for p in container()["ports"]}
    environment = {v["name"]: v["value"] for v in container()["env"]}
    assert ports["http"] == port
    assert environment["HUTONG_OBSERVABILITY__METRICS_LISTEN"].rpartition(":")[2] == ports["metrics"]
    assert [p.rpartition(":")[2] for p in compose()["services"]["hub"]["ports"]] == [port]
    assert Settings.model_fields["port"].default == int(port)


def test_nobody_kills_a_hub_that_still_drains() -> None:
    sleep = container()["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert pod()["terminationGracePeriodSeconds"] > sleep + LEAVING
    assert int(unit_values("TimeoutStopSec")[0]) > LEAVING
    assert int(compose()["services"]["hub"]["stop_grace_period"].removesuffix("s")) > LEAVING


def test_one_version_everywhere() -> None:
    version = re.findall(r'__version__ = "(.+)"', (ROOT / "hutong/__init__.py").read_text(encoding="utf-8"))[0]
    for file in (CONTAINERFILE, COMPOSE, KUBERNETES):
        assert set(re.findall(r"hutong:(\d[\w.]*)", file.read_text(encoding="utf-8"))) == {version}, file.name


def test_everything_in_the_folder_is_explained() -> None:
    page = (ROOT / "docs/deploying.md").read_text(encoding="utf-8")
    assert [file.name for file in DEPLOY.iterdir() if f"deploy/{file.name}" not in page] == []
