"""The demo's folder: keys, secrets and settings of a hub over the running sources.

Neighbours: :mod:`demo.sources.runtime` keeps its data in the same folder; ``hutong`` reads ``settings.toml`` from it.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from demo.city.edition import TODAY
from demo.sources.runtime import S1_DATABASE
from hutong.tokens import JWKS_FILE, create_demo_keys

DEMO = Path(__file__).parent
ISSUER = "https://identity.demo.invalid"


def prepare_state(state_dir: Path, port: int, connections: Mapping[str, Mapping[str, object]]) -> Path:
    """Write the settings of a hub on ``port`` over ``connections``; the path of the settings file.

    Keys are made once and kept, so that ids, cursors and tokens outlive a restart. Files with secrets are readable by
    their owner only.
    """
    private = state_dir / "secrets"
    private.mkdir(mode=0o700, parents=True, exist_ok=True)
    master_key = private / "master.key"
    if not master_key.exists():
        _write_private(master_key, secrets.token_hex(32))
    keys = private / "tokens"
    if not keys.exists():
        create_demo_keys(keys)
    variables = private / "connections.env"
    _write_private(variables, "".join(f"{name}='{value}'\n" for name, value in _variables(state_dir, connections)))
    settings = {
        "environment": "demo",
        "manifests_dir": DEMO / "manifests",
        "policies_dir": DEMO / "policies",
        "connections_file": variables,
        "state_dir": state_dir / "audit",
        "sources_dir": state_dir,
        "secrets_dir": private,
        "master_key_file": master_key,
        "jwks_file": keys / JWKS_FILE,
        "issuer": ISSUER,
        "port": port,
        "clock_starts_at": f"{TODAY.isoformat()}T10:00:00+08:00",
    }
    file = state_dir / "settings.toml"
    file.write_text("".join(f"{name} = {_toml(value)}\n" for name, value in settings.items()), encoding="utf-8")
    return file


def s1_database(state_dir: Path) -> str:
    """The name of S1's database on a MariaDB server: one for each state folder, for several may share the server."""
    return f"{S1_DATABASE}_{hashlib.sha256(str(state_dir.resolve()).encode()).hexdigest()[:8]}"


def _variables(state_dir: Path, connections: Mapping[str, Mapping[str, object]]) -> list[tuple[str, object]]:
    """What the manifests' ``env:`` references see; paths from the state folder."""
    found: dict[str, object] = {"HUTONG_HUB_PATH": "reference/divisions.csv"}
    for source, settings in connections.items():
        found[f"HUTONG_{source.upper()}_PASSWORD"] = "none"
        for name, value in settings.items():
            shown = Path(str(value)).relative_to(state_dir) if name in ("path", "mirror") else value
            found[f"HUTONG_{source.upper()}_{name.upper()}"] = shown
    return list(found.items())


def _toml(value: object) -> str:
    """A TOML value; TOML's basic strings are JSON's."""
    return str(value) if isinstance(value, int) else json.dumps(str(value), ensure_ascii=False)


def _write_private(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(text)
