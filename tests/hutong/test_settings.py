"""Settings: where they come from, in which order, and what a mistake says."""

import os
from pathlib import Path
from typing import Any

import pytest

from hutong.setting_errors import told_of
from hutong.settings import Environment, Settings, SettingsInvalid, load_settings
from schema.language import Language


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("HUTONG_")]:
        monkeypatch.delenv(name)


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_defaults_are_a_production_replica_on_loopback() -> None:
    settings = load_settings(jwks_file="keys.json")
    assert settings.environment is Environment.PRODUCTION
    assert settings.host == "127.0.0.1"
    assert (settings.catalog_dir / "party.yaml").is_file()


def test_arguments_come_before_the_environment_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path, "hub.toml", 'jwks_file = "k"\nport = 1\nissuer = "file"\naudience = "file"\n')
    monkeypatch.setenv("HUTONG_ISSUER", "environment")
    monkeypatch.setenv("HUTONG_PORT", "2")
    settings = load_settings(file, port=3)
    assert (settings.port, settings.issuer, settings.audience) == (3, "environment", "file")


def test_the_file_can_be_named_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUTONG_SETTINGS", str(written(tmp_path, "hub.toml", 'jwks_file = "k"\nport = 7')))
    assert load_settings().port == 7


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hub.toml", 'jwks_file = "k"\n[limits]\npage = 90\n'),
        ("hub.env", "HUTONG_JWKS_FILE=k\nHUTONG_LIMITS__PAGE=90\n"),
    ],
    ids=["toml", "env"],
)
def test_limits_are_nested(tmp_path: Path, name: str, text: str) -> None:
    settings = load_settings(written(tmp_path, name, text))
    assert (settings.limits.page, settings.limits.rows) == (90, 100_000)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param('jwks_file = "k"\njwks_url = "https://a/k"', "only one of them", id="two sources of keys"),
        pytest.param('jwks_url = "http://a/k"', "https", id="keys over http"),
        pytest.param('jwks_file = "k"\nprot = 1', "HUTONG_PROT", id="a misspelt setting"),
        pytest.param('jwks_file = "k"\nport = 70000', "HUTONG_PORT", id="a port out of range"),
        pytest.param('jwks_file = "k"\n[limits]\npages = 9', "HUTONG_LIMITS__PAGES", id="a misspelt limit"),
        pytest.param('jwks_file = "k"\n[limits]\nrows = 0', "limit rows must be at least 1", id="a limit of nothing"),
        pytest.param('jwks_file = "k"\nenvironment = "dev"', "'production' or 'demo'", id="an unknown environment"),
        pytest.param("port = \n", "line 1", id="no TOML"),
    ],
)
def test_a_mistake_names_its_setting(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsInvalid, match=says):
        load_settings(written(tmp_path, "hub.toml", text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="does not exist"):
        load_settings(tmp_path / "nowhere.toml")


def test_a_mistake_never_shows_the_value(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        load_settings(written(tmp_path, "hub.toml", 'jwks_file = "k"\nport = "S3ntinel"'))
    assert "S3ntinel" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        ({"port": "x"}, "HUTONG_PORT：应为整数，此文本不是", "HUTONG_PORT: Input should be a valid integer, unable to"),
        ({"port": 1.5}, "HUTONG_PORT：应为整数，不能有小数", "got a number with a fractional part"),
        ({"port": None}, "HUTONG_PORT：应为整数", "HUTONG_PORT: Input should be a valid integer"),
        ({"port": 70_000}, "HUTONG_PORT：应不大于 65535", "less than or equal to 65535"),
        ({"policy_version": 0}, "应不小于 1", "greater than or equal to 1"),
        ({"language": "fr"}, "应为 'zh' 或 'en'", "Input should be 'zh' or 'en'"),
        ({"trusted_documents_only": "maybe"}, "应为 true 或 false", "unable to interpret input"),
        ({"observability": {"trace_ratio": "x"}}, "HUTONG_OBSERVABILITY__TRACE_RATIO：应为数字", "a valid number"),
        (
            {"observability": {"trace_ratio": 2}},
            "trace_ratio 应在 0 到 1 之间",
            "Value error, trace_ratio lies between",
        ),
        ({"issuer": 5}, "应为文本", "a valid string"),
        ({"catalog_dir": 5}, "应为路径", "not a valid path"),
        ({"cors_origins": 5}, "应为列表", "a valid tuple"),
        ({"limits": 5}, "应为 Limits 的设置表", "an instance of Limits"),
        ({"limits": {"pages": 1}}, "此表中没有这个设置", "Unexpected keyword argument"),
        ({"prot": 1}, "HUTONG_PROT：没有这个设置", "Extra inputs are not permitted"),
        ({"jwks_url": "nope"}, "应为 URL", "a valid URL, relative URL without a base"),
        ({"jwks_url": "ftp://a/k"}, "URL 的协议应为 'http' 或 'https'", "URL scheme should be 'http' or 'https'"),
        ({"clock_starts_at": "2018-01-01T00:00:00"}, "应带时区", "should have timezone info"),
        ({"clock_starts_at": "x"}, "应为日期时间", "a valid datetime or date, input is too short"),
        ({"issuer": "x", "port": {}}, "HUTONG_PORT：应为整数", "a valid integer"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_a_mistake_is_told_in_both_languages(given: dict[str, Any], zh: str, en: str) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        load_settings(**given)
    assert zh in caught.value.said(Language.ZH)
    assert en in caught.value.said(Language.EN)


def test_a_mistake_without_a_message_of_its_own_keeps_its_words() -> None:
    told = told_of({"type": "frozen_field", "msg": "Field is frozen", "loc": ("port",), "input": "s3ntinel"})
    assert told.said(Language.ZH) == "取值不可用（Field is frozen）"
    assert told.said(Language.EN) == "Field is frozen"


def test_every_setting_is_described() -> None:
    schema = Settings.model_json_schema()
    members = schema["properties"] | schema["$defs"]["Limits"]["properties"]
    assert [name for name, member in members.items() if not member.get("description")] == []


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "https://portal.example/",
        "https://*.example",
        "http://portal.example",
        "HTTPS://PORTAL.EXAMPLE",
        "",
    ],
)
def test_an_origin_is_exact_or_refused(origin: str) -> None:
    with pytest.raises(SettingsInvalid, match="CORS_ORIGINS"):
        load_settings(cors_origins=(origin,))


def test_origins_and_proxies_come_as_json_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUTONG_CORS_ORIGINS", '["https://portal.example", "http://localhost:3000"]')
    monkeypatch.setenv("HUTONG_TRUSTED_PROXIES", '["192.0.2.0/24", "::1"]')
    settings = load_settings()
    assert settings.cors_origins == ("https://portal.example", "http://localhost:3000")
    assert settings.trusted_proxies == ("192.0.2.0/24", "::1")


def test_a_proxy_is_an_address_or_a_network() -> None:
    with pytest.raises(SettingsInvalid, match="TRUSTED_PROXIES") as caught:
        load_settings(trusted_proxies=("proxy.example",))
    assert "proxy.example" not in str(caught.value)


def test_production_has_budgets_and_the_demo_none() -> None:
    assert load_settings().effective_budgets.requests_per_minute == 6_000
    assert load_settings(environment="demo").effective_budgets.requests_per_minute == 0
