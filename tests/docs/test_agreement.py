"""The pages name everything that there is: each name of a closed set of the code has its place in one."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
import typer
import yaml

from authz.policy import Action, PolicyVersion
from authz.policy_files import load_policy
from authz.policy_tests import Expectation
from connectors.codecs import CODEC_KINDS
from connectors.manifest_settings import SETTINGS, Engine
from hutong.cli import app
from hutong.composition import QUOTAS
from hutong.reference import commands_page
from hutong.reference_catalogue import undocumented
from hutong.reference_codecs import EXAMPLES as CODECS
from hutong.reference_engines import ENGINES, MEANINGS
from hutong.reference_masks import EXAMPLES as MASKS
from hutong.serving import DRAIN_SECONDS, FINISH_SECONDS
from hutong.settings import Settings
from schema.catalog import CheckTest, DerivedFunction, MaskKind, ScopeKind
from schema.catalog_loader import load_catalog
from schema.labels import PersonalInformation, Sharing
from schema.values import ScalarType
from tests.docs.pages import DOCS

ROOT = DOCS.parent


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def explained(name: str) -> set[str]:
    """What a page has a heading or the first cell of a row for."""
    headings = re.findall(r"^##+ (?:\S+ )*?([\w.]+)$", page(name), re.MULTILINE)
    rows = re.findall(r"^\| (.+?) \|", page(name), re.MULTILINE)
    return {*headings, *(word for row in rows for word in re.findall(r"`([^`]+)`", row))}


def policy() -> PolicyVersion:
    return load_policy(sorted((ROOT / "demo/policies").glob("*.yaml")), 1)


def values(names: Iterable[object]) -> set[str]:
    return {str(name) for name in names}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        pytest.param("reference/codecs.md", {*CODEC_KINDS, *values(ScalarType)}, id="codecs"),
        pytest.param("reference/masks.md", values(MaskKind), id="masks"),
        pytest.param("reference/engines.md", values(Engine) | {n for s in SETTINGS.values() for n in s}, id="engines"),
        pytest.param("reference/catalogue.md", {*load_catalog().entities}, id="entities"),
        pytest.param("reference/codes.md", {*load_catalog().code_tables}, id="code tables"),
        pytest.param("policy.md", {"ALL", *values(ScopeKind)}, id="scopes"),
        pytest.param("policy.md", values(Action), id="actions"),
        pytest.param("policy.md", {*policy().roles}, id="roles"),
        pytest.param("catalogue.md", values(DerivedFunction), id="derived functions"),
    ],
)  # fmt: skip
def test_every_name_has_its_place(name: str, wanted: set[str]) -> None:
    assert wanted - explained(name) == set()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        pytest.param("policy.md", values(Expectation), id="expectations of policy tests"),
        pytest.param("catalogue.md", values(CheckTest), id="tests of rows"),
        pytest.param("catalogue.md", values(Sharing) | values(p for p in PersonalInformation if p.value), id="labels"),
        pytest.param("catalogue.md", values(ScalarType), id="types"),
    ],
)
def test_every_name_is_mentioned(name: str, wanted: set[str]) -> None:
    prose = re.sub(r"^```.*?^```$", "", page(name), flags=re.MULTILINE | re.DOTALL)
    assert wanted - set(re.findall(r"`([^`]+)`", prose)) == set()


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_has_a_row(field: str) -> None:
    """A group of settings has one for each of them."""
    variable = f"HUTONG_{field.upper()}"
    rows = explained("reference/settings.md")
    assert variable in rows or any(row.startswith(f"{variable}__") for row in rows)


def test_every_quality_code_of_the_codecs_is_explained() -> None:
    told = set(re.findall(r"\| ([A-Z_]{4,}) \|$", page("reference/codecs.md"), re.MULTILINE))
    assert len(told) >= 8
    assert told - explained("data-quality.md") == set()


def test_every_command_has_its_help() -> None:
    def commands(group: typer.Typer, before: str) -> Iterable[str]:
        yield from (f"{before} {command.name}" for command in group.registered_commands)
        for nested in group.registered_groups:
            assert nested.typer_instance is not None
            yield from commands(nested.typer_instance, f"{before} {nested.name}")

    assert set(re.findall(r"^## (hutong .+)$", commands_page(), re.MULTILINE)) == set(commands(app, "hutong"))


def test_the_sources_of_reference_pages_are_complete() -> None:
    assert CODECS.keys() == set(CODEC_KINDS)
    assert MASKS.keys() == set(MaskKind)
    assert ENGINES.keys() == set(Engine)
    assert MEANINGS.keys() == {name for settings in SETTINGS.values() for name in settings}
    assert undocumented(load_catalog()) == set()


@pytest.mark.parametrize("kind", CODEC_KINDS)
def test_the_shown_line_of_a_codec_has_its_parameters(kind: str) -> None:
    """The example in YAML is what the shown values were decoded with."""
    (written,) = yaml.load(CODECS[kind].written, yaml.BaseLoader).values()
    spec = {} if isinstance(written, str) else written
    given = {key: value for key, value in spec.items() if key not in ("column", "columns", "codec")}

    def plain(value: object) -> object:
        if isinstance(value, dict):
            return {str(name): plain(item) for name, item in value.items()}
        if isinstance(value, list):
            return [plain(item) for item in value]
        return str(value).lower() if isinstance(value, bool) else str(value)

    assert given == plain(dict(CODECS[kind].parameters))


def test_the_figures_of_operating_are_those_of_the_code() -> None:
    text = " ".join(page("operating.md").split())
    assert f"{DRAIN_SECONDS} s and closes" in text
    assert f"at most {FINISH_SECONDS} s more" in text
    assert {f"{limit} per subject and hour" for limit in QUOTAS.values()} == {"60 per subject and hour"}
    assert text.count("60 per subject and hour") == len(QUOTAS)


def test_no_place_of_a_member_is_mapped() -> None:
    """What privacy.md says of checkInGeo."""
    manifests = [file.read_text(encoding="utf-8") for file in Path(ROOT / "demo/manifests").glob("*.yaml")]
    lines = [line.partition("#")[0] for text in manifests for line in text.splitlines()]
    assert len(lines) > 500
    assert not [line for line in lines if re.search("checkin_l(ng|at)|checkInGeo", line)]
    assert "checkInGeo" not in load_catalog().entities["ActivityAttendance"].fields
