"""A folder and an environment in which every command works and nobody has to start anything: no source answers."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from demo.city.edition import SEED
from demo.city.reference import write_reference
from hutong.tokens import JWKS_FILE, create_demo_keys

ROOT = Path(__file__).parents[1]
SCALE = 0.005
_SERVERS = ("S1", "S2", "S4", "S5", "HOTLINE")


@pytest.fixture(scope="session")
def reference_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hub's own reference data for a small city, made once."""
    folder = tmp_path_factory.mktemp("reference")
    write_reference(folder, SEED, SCALE)
    return folder


def hub_environment(folder: Path, reference: Path) -> dict[str, str]:
    """Variables of a demo hub in ``folder``, whose keys are made there and which gets a copy of ``reference``.

    Catalogue, manifests and policies are those below ``folder``; ``CHECKOUT`` is this tree.
    """
    keys = folder / "keys"
    create_demo_keys(keys)
    master_key = folder / "master.key"
    master_key.write_text("0b" * 32)
    master_key.chmod(0o600)
    shutil.copytree(reference, folder / "reference")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUTONG_")}
    ports = {f"HUTONG_{source}_PORT": "9" for source in _SERVERS}
    secrets = {f"HUTONG_{source}_{secret}": "none" for source in _SERVERS for secret in ("PASSWORD", "TOKEN")}
    return {
        **kept,
        **ports,
        **secrets,
        "HUTONG_HOTLINE_MIRROR_KEY": "0b" * 32,
        "CHECKOUT": str(ROOT),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HUTONG_ENVIRONMENT": "demo",
        "HUTONG_CATALOG_DIR": "catalog",
        "HUTONG_MANIFESTS_DIR": "manifests",
        "HUTONG_POLICIES_DIR": "policies",
        "HUTONG_SOURCES_DIR": ".",
        "HUTONG_STATE_DIR": "state",
        "HUTONG_MASTER_KEY_FILE": str(master_key),
        "HUTONG_JWKS_FILE": str(keys / JWKS_FILE),
    }
