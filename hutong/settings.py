"""Settings of one replica: environment variables ``HUTONG_*``, and a TOML or ``.env`` file below them.

Neighbours: :mod:`hutong.composition` builds everything from them. A nested setting is spelt with two underscores in the
environment (``HUTONG_LIMITS__PAGE``) and as a table in TOML (``[limits]``).
"""

import ipaddress
import os
import re
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Self

from pydantic import AnyHttpUrl, AwareDatetime, Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

import schema
from hutong.admission import AdmissionLimits
from hutong.budgets import Budgets, budgets_for
from hutong.observability.options import Observability
from hutong.setting_errors import told_of
from resolvers.limits import Limits
from schema.language import Language
from schema.message import ToldError, Unusable
from schema.messages import hub_settings

PREFIX: Final = "HUTONG_"
FILE_VARIABLE: Final = "HUTONG_SETTINGS"
_ORIGIN = re.compile(r"(https://[a-z0-9.-]+|http://(localhost|127\.0\.0\.1|\[::1\]))(:[0-9]{1,5})?\Z")


class SettingsInvalid(ToldError):
    """The settings cannot be used; the message names each setting and what is wrong with it, never its value."""


class Environment(StrEnum):
    """What this replica is for."""

    PRODUCTION = "production"
    DEMO = "demo"


class Settings(BaseSettings):
    """Everything a replica is told from outside. Paths are relative to the working directory."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )

    environment: Environment = Environment.PRODUCTION
    """`production`, or `demo`: only the demo accepts the demo's own keys and `--as`."""
    catalog_dir: Path = Field(default_factory=lambda: Path(schema.__path__[0]) / "catalog")
    """Folder of the catalogue's YAML files; by default the catalogue that comes with Hutong."""
    manifests_dir: Path = Path("manifests")
    """Folder of the departments' manifests, one YAML file per source."""
    connections_file: Path | None = None
    """File of `NAME=value` lines with the variables that manifests refer to (`env: NAME`), below the environment."""
    policies_dir: Path = Path("policies")
    """Folder of the policy's YAML files."""
    policy_version: int = Field(default=1, ge=1)
    """Version number of the policy in that folder; it stands in the audit trail and in cache keys."""
    state_dir: Path = Path("state")
    """Folder the replica writes to: the audit trail. Created when it is missing."""
    sources_dir: Path = Path("sources")
    """The only folder below which SQLite files and CSV files of sources may lie."""
    secrets_dir: Path = Path("secrets")
    """The only folder below which the secrets lie that manifests refer to as `file:name`."""
    master_key_file: Path = Path("secrets/master.key")
    """File with the 32-byte master key, which seals ids, cursors and pseudonyms. Readable by its owner only."""
    jwks_file: Path | None = None
    """File with the public keys (JWKS) that callers' tokens are signed with. Give this or `jwks_url`."""
    jwks_url: AnyHttpUrl | None = None
    """Where to fetch the JWKS at start, by https. Give this or `jwks_file`."""
    issuer: str = "https://identity.example"
    """The `iss` that tokens must carry."""
    audience: str = "hutong"
    """The `aud` that tokens must carry."""
    host: str = "127.0.0.1"
    """Address to listen on; loopback unless a proxy on another machine stands before the hub."""
    port: int = Field(default=8000, ge=0, le=65_535)
    """Port to listen on; 0 takes a free one."""
    clock_starts_at: AwareDatetime | None = None
    """The moment at which the hub's own clock starts, for data of the past such as the demo's; by default it shows the
    real time. Ages, terms, derived fields and maintenance windows go by it; the audit trail and tokens do not."""
    language: Language = Language.ZH
    """The language of labels and messages for callers who ask for none of them: `zh` or `en`."""
    limits: Limits = Limits()
    """The greatest operation the hub accepts."""
    observability: Observability = Observability()
    """What the hub tells its operators."""
    budgets: Budgets = Budgets()
    """What one caller may ask for in a minute."""
    admission: AdmissionLimits = AdmissionLimits()
    """How much the replica takes on at once."""
    cors_origins: tuple[str, ...] = ()
    """Origins of web pages that may call the hub from a browser, each exactly as the browser sends it:
    `["https://portal.example"]`. By default none."""
    trusted_documents: Path | None = None
    """Documents that clients may ask for by identifier: a JSON file of identifier and text, or a folder of `*.graphql`
    files. See `docs/transport.md`."""
    trusted_documents_only: bool = False
    """Serve no document but the trusted ones, and no introspection unless one of them asks for it."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks of the reverse proxies before the hub; only their `X-Forwarded-For` tells the caller's
    address. By default none: the address is the connection's."""

    @field_validator("cors_origins")
    @classmethod
    def _exact_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        if not all(map(_ORIGIN.match, origins)):
            raise Unusable(hub_settings.ORIGIN_FORM())
        return origins

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        for proxy in proxies:
            try:
                ipaddress.ip_network(proxy)
            except ValueError:
                raise Unusable(hub_settings.PROXY_FORM()) from None
        return proxies

    @model_validator(mode="after")
    def _one_key_source(self) -> Self:
        if self.jwks_file is not None and self.jwks_url is not None:
            raise Unusable(hub_settings.TWO_KEY_SOURCES())
        if self.jwks_url is not None and self.jwks_url.scheme != "https":
            raise Unusable(hub_settings.KEYS_NOT_HTTPS())
        return self

    @property
    def effective_budgets(self) -> Budgets:
        """The budgets with the environment's numbers where the settings say nothing."""
        return budgets_for(self.budgets, production=self.environment is Environment.PRODUCTION)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments before the environment before the file."""
        return init_settings, env_settings, dotenv_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(file: Path | None = None, **overrides: Any) -> Settings:
    """Settings from ``overrides``, the environment and ``file`` (``*.toml``, else ``NAME=value`` lines), in this order.

    Without ``file`` the one that the variable `FILE_VARIABLE` names is read, if any. Raises `SettingsInvalid`.
    """
    named = file or (Path(os.environ[FILE_VARIABLE]) if os.environ.get(FILE_VARIABLE) else None)
    if named is not None and not named.is_file():
        raise SettingsInvalid(hub_settings.SETTINGS_FILE_MISSING(file=str(named)))
    reader = Settings if named is None else _reading(named)
    try:
        return reader(**overrides)
    except ValidationError as error:
        lines = tuple(
            hub_settings.SETTING_WRONG(variable=_name(wrong["loc"]), reason=told_of(wrong)) for wrong in error.errors()
        )
        raise SettingsInvalid(hub_settings.SETTINGS_UNUSABLE(lines=lines)) from None
    except (tomllib.TOMLDecodeError, SettingsError, UnicodeDecodeError) as error:
        raise SettingsInvalid(hub_settings.SETTINGS_UNREADABLE(fault=str(error))) from None


def _reading(file: Path) -> type[Settings]:
    """Settings that read ``file`` below the environment."""
    config = SettingsConfigDict(toml_file=file) if file.suffix == ".toml" else SettingsConfigDict(env_file=file)
    return type("FileSettings", (Settings,), {"model_config": config, "__module__": __name__})


def _name(location: tuple[int | str, ...]) -> str:
    """The variable of a setting: ``("limits", "page")`` -> ``HUTONG_LIMITS__PAGE``."""
    return PREFIX + "__".join(map(str, location)).upper() if location else "HUTONG_*"
