"""The image and the compose file: what they must have, and what the tools say of them where those are there."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.files import COMPOSE, CONTAINERFILE, compose, image_variables, instructions

HADOLINT = Path(sys.executable).with_name("hadolint")


@pytest.mark.skipif(not HADOLINT.exists(), reason="hadolint is not installed")
def test_hadolint_finds_nothing() -> None:
    done = subprocess.run(
        [HADOLINT, "--no-color", CONTAINERFILE], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_base_is_pinned_by_a_full_version() -> None:
    assert re.fullmatch(r"BASE=python:3\.11\.\d+-slim-\w+", instructions("ARG")[0])
    assert {line.split()[0] for line in instructions("FROM")} == {"${BASE}"}


def test_nothing_needs_a_shell() -> None:
    forms = [*instructions("RUN"), *instructions("ENTRYPOINT"), *instructions("CMD")]
    assert len(forms) >= 6
    for form in forms:
        assert isinstance(json.loads(form), list)
    (check,) = instructions("HEALTHCHECK")
    assert json.loads(check.partition("CMD ")[2])[0] == "/opt/hutong/bin/python"


def test_packages_come_from_the_bundle_by_hash() -> None:
    (install,) = [words for run in instructions("RUN") if "install" in (words := json.loads(run))]
    assert {"--no-index", "--require-hashes", "--no-deps"} <= set(install)
    assert {line.split()[0] for line in instructions("COPY") if "--from" not in line} == {"wheels", "runtime.txt"}


def test_the_last_stage_runs_as_nobody_special() -> None:
    text = CONTAINERFILE.read_text(encoding="utf-8")
    last = text[text.rindex("\nFROM ") :]
    assert re.findall(r"^USER (\d+):(\d+)$", last, re.MULTILINE) == [("10001", "10001")]
    assert "RUN" not in re.findall(r"^([A-Z]+) ", last, re.MULTILINE)
    owned = [line for line in instructions("COPY") if "--chown=10001:10001" in line]
    assert [line.split()[-1] for line in owned] == ["/var/lib/hutong"]
    assert image_variables()["HUTONG_STATE_DIR"].startswith("/var/lib/hutong/")


def test_no_secret_is_in_the_image() -> None:
    assert not [name for name in image_variables() if re.search("PASSWORD|TOKEN|_KEY$", name)]


@pytest.mark.skipif(importlib.util.find_spec("compose_spec") is None, reason="compose-spec is not installed")
def test_the_compose_file_is_one() -> None:
    from compose_spec import PyCompose

    read = PyCompose.from_yaml(COMPOSE.read_text(encoding="utf-8"))
    read.validate()
    assert read.service_names() == ["hub"]


@pytest.mark.skipif(
    shutil.which("docker") is None
    or subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode != 0,
    reason="there is no docker client with the compose plug-in",
)
def test_compose_accepts_the_file() -> None:
    subprocess.run(["docker", "compose", "--file", COMPOSE, "config", "--quiet"], check=True, timeout=60)


def test_the_service_can_change_nothing_but_its_state() -> None:
    hub = compose()["services"]["hub"]
    assert hub["read_only"] is True
    assert hub["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in hub["security_opt"]
    assert hub["user"] == "10001:10001"
    writable = [v["target"] for v in hub["volumes"] if not v.get("read_only")]
    assert writable == ["/var/lib/hutong"]
    assert all(port.startswith("127.0.0.1:") for port in hub["ports"])


def test_secrets_lie_where_the_hub_looks_for_them() -> None:
    given = compose()
    targets = {secret["target"] for secret in given["services"]["hub"]["secrets"]}
    assert {secret["source"] for secret in given["services"]["hub"]["secrets"]} == given["secrets"].keys()
    wanted = (image_variables()["HUTONG_MASTER_KEY_FILE"], *given["services"]["hub"]["environment"].values())
    assert {Path(path).name for path in wanted} == targets
    assert {str(Path(path).parent) for path in wanted} == {"/run/secrets"}
