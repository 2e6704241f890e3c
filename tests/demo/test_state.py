"""The demo's folder: what is secret, what is kept, and that a hub can be built from it."""

from pathlib import Path

import pytest

from demo.callers import CALLERS, caller
from demo.examples import EXAMPLES, Example
from demo.serve import tokens, welcome
from demo.state import prepare_state, s1_database
from hutong.settings import Environment, load_settings

CONNECTIONS = {
    "s1": {"engine": "mysql", "host": "127.0.0.1", "port": 3306, "database": "d", "user": "u", "password": "p1"},
    "s2": {"engine": "postgresql", "host": "127.0.0.1", "port": 5432, "database": "d", "user": "u", "password": "p2"},
}


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    connections = {**CONNECTIONS, "s3": {"engine": "sqlite", "path": str(tmp_path / "sources" / "bzk.db")}}
    return prepare_state(tmp_path, 8123, connections)


def test_the_settings_are_a_demos_on_loopback(settings_file: Path) -> None:
    settings = load_settings(settings_file)
    assert (settings.environment, settings.host, settings.port) == (Environment.DEMO, "127.0.0.1", 8123)


def test_secrets_are_readable_by_their_owner_only(settings_file: Path) -> None:
    secrets = settings_file.parent / "secrets"
    public = {"jwks.json"}
    assert secrets.stat().st_mode & 0o077 == 0
    files = [path for path in secrets.rglob("*") if path.is_file() and path.name not in public]
    assert len(files) == 3
    assert [path.name for path in files if path.stat().st_mode & 0o077] == []


def test_no_secret_stands_in_the_settings(settings_file: Path) -> None:
    assert "p1" not in settings_file.read_text()


def test_keys_outlive_a_restart_and_connections_do_not(settings_file: Path, tmp_path: Path) -> None:
    def kept() -> list[bytes]:
        return [(tmp_path / "secrets" / name).read_bytes() for name in ("master.key", "tokens/jwks.json")]

    before = kept()
    prepare_state(tmp_path, 8124, {"s2": {"engine": "postgresql", "port": 9}})
    assert kept() == before
    variables = (tmp_path / "secrets" / "connections.env").read_text()
    assert "HUTONG_S2_PORT='9'" in variables
    assert "HUTONG_S1" not in variables
    assert load_settings(settings_file).port == 8124


def test_files_are_named_from_the_state_folder(settings_file: Path) -> None:
    variables = (settings_file.parent / "secrets" / "connections.env").read_text()
    assert "HUTONG_S3_PATH='sources/bzk.db'" in variables


def test_two_folders_share_no_database(tmp_path: Path) -> None:
    assert s1_database(tmp_path / "a") != s1_database(tmp_path / "b")
    assert len(s1_database(tmp_path)) <= 64


def test_there_is_a_token_for_everybody(settings_file: Path) -> None:
    minted = tokens(load_settings(settings_file))
    assert set(minted) == {known.key for known in CALLERS}
    assert all(token.count(".") == 2 for token in minted.values())


@pytest.mark.parametrize(("name", "role"), [("party_liaison", "party_liaison"), ("town_liaison", "party_liaison")])
def test_a_caller_is_found_by_role_or_persona(name: str, role: str) -> None:
    assert caller(name).key == role


def test_an_unknown_caller_is_told_who_there_is() -> None:
    with pytest.raises(KeyError, match="branch_secretary"):
        caller("nobody")


def test_the_start_page_has_a_command_for_every_example(settings_file: Path) -> None:
    page = welcome(load_settings(settings_file), CONNECTIONS)
    assert page.count("curl -s http://127.0.0.1:8123/graphql") == len(EXAMPLES)
    assert all(example.title in page and example.expect in page for example in EXAMPLES)
    assert "p1" not in page


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_an_example_fits_into_a_shell_command(example: Example) -> None:
    assert "'" not in example.text
    assert "\n" not in example.text
    assert "#" not in example.text
