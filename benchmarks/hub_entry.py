"""The hub as a contestant: its program, and its two callers.

Authentication and decisions are on. The keys that callers' tokens are signed with, the hub's master key and its state
are made once and lie beside the benchmark's data.
"""

import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from authz.consumer_keys import Keyring
from authz.subjects import Subject
from benchmarks.asking import Case, graphql_contestant
from benchmarks.contestants import Contestant, Program
from benchmarks.dataset import SCOPE_ORG
from benchmarks.questions import Dialect
from hutong.tokens import JWKS_FILE, PRIVATE_KEY_FILE, TokenMinter, create_demo_keys

ISSUER, AUDIENCE = "https://identity.example", "hutong"
CONNECTORS = ("a", "b")
CALLERS = {
    "hutong": Subject(id="bench-city", roles=frozenset({"city_reader"})),
    "hutong_scoped": Subject(id="bench-county", roles=frozenset({"county_reader"}), attributes={"orgCode": SCOPE_ORG}),
}
"""By contestant's name: one sees every row and field in clear, the other one county's rows with masked fields."""


def hub_environment(url_a: str, url_b: str, state: Path) -> dict[str, str]:
    """The hub's settings and what its manifests ask for; makes the keys when they are missing."""
    folder = state / "hub"
    folder.mkdir(parents=True, exist_ok=True)
    files = Path(__file__).resolve().parent
    _ensure_master_key(folder / "master.key")
    if not (folder / PRIVATE_KEY_FILE).exists():
        create_demo_keys(folder)
    at_a, at_b = urlsplit(url_a), urlsplit(url_b)
    return {
        "BENCH_PORT": str(at_a.port),
        "BENCH_DATABASE_NAME_A": at_a.path[1:],
        "BENCH_DATABASE_NAME_B": at_b.path[1:],
        "HUTONG_ENVIRONMENT": "demo",
        "HUTONG_CATALOG_DIR": str(files / "catalog"),
        "HUTONG_MANIFESTS_DIR": str(files / "manifests"),
        "HUTONG_POLICIES_DIR": str(files / "policies"),
        "HUTONG_STATE_DIR": str(folder / "state"),
        "HUTONG_SOURCES_DIR": str(folder),
        "HUTONG_SECRETS_DIR": str(folder),
        "HUTONG_MASTER_KEY_FILE": str(folder / "master.key"),
        "HUTONG_JWKS_FILE": str(folder / JWKS_FILE),
        "HUTONG_ISSUER": ISSUER,
        "HUTONG_AUDIENCE": AUDIENCE,
    }


def hub_program(url_a: str, url_b: str, state: Path) -> Program:
    """The hub's server."""
    return served("hutong", hub_environment(url_a, url_b, state))


def served(name: str, environment: Mapping[str, str]) -> Program:
    """A hub as ``hutong serve`` runs it. Whoever is behind waits for a place, for a refusal would end the run."""
    settings = {**environment, "HUTONG_ADMISSION__WAIT_MILLISECONDS": "5000"}
    return Program(name=name, command=(sys.executable, "-m", "hutong", "serve"), environment=settings)


def hub_contestants(state: Path, cases: Sequence[Case]) -> list[Contestant]:
    """The two callers, with tokens. Call it after `hub_environment`, which makes the keys."""
    return [
        graphql_contestant(
            name, "hutong", Dialect.HUB, cases, token=hub_token(state, name), scoped="orgCode" in subject.attributes
        )
        for name, subject in CALLERS.items()
    ]


def hub_token(state: Path, name: str = "hutong") -> str:
    """A token of the caller ``name``."""
    folder = state / "hub"
    keyring = Keyring(bytes.fromhex((folder / "master.key").read_text()), CONNECTORS)
    return TokenMinter(folder, issuer=ISSUER, audience=AUDIENCE, keyring=keyring).mint(CALLERS[name])


def _ensure_master_key(path: Path) -> None:
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32) + "\n")
