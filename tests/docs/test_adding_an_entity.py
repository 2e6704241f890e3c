"""Does what ``docs/adding-an-entity.md`` says: writes its files, makes its additions, runs its commands in order.

A block's info string says what it is for: ``yaml manifests/s6.yaml tables`` is added below the key ``tables`` of that
file, ``csv sources/x.csv`` is a new file, ``sh`` is run, and ``text`` or ``json`` is what the command before it prints;
``...`` in a text stands for anything within a line, or for the lines that follow.
"""

import json
import os
import re
import sys
from pathlib import Path

import pytest

from demo.city.edition import SEED
from demo.city.reference import write_reference
from hutong.tokens import JWKS_FILE, create_demo_keys
from tests.docs.pages import ROOT, blocks, pattern, run

SCALE = 0.005
PAGE = ROOT / "docs" / "adding-an-entity.md"


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """The environment of a hub in ``tmp_path`` that nobody has to start anything for."""
    keys = tmp_path / "keys"
    create_demo_keys(keys)
    master_key = tmp_path / "master.key"
    master_key.write_text("0b" * 32)
    master_key.chmod(0o600)
    write_reference(tmp_path / "reference", SEED, SCALE)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUTONG_")}
    servers = ("S1", "S2", "S4", "S5", "HOTLINE")
    ports = {f"HUTONG_{source}_PORT": "9" for source in servers}
    secrets = {f"HUTONG_{source}_{secret}": "none" for source in servers for secret in ("PASSWORD", "TOKEN")}
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


def test_the_page_does_what_it_says(tmp_path: Path, surroundings: dict[str, str]) -> None:
    printed = ""
    for block in blocks(PAGE):
        if block.key:
            add(tmp_path / block.file, block.key, block.text)
        elif block.file:
            (tmp_path / block.file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
        elif block.language == "sh":
            printed = run(block.text, tmp_path, surroundings)
        elif block.language == "text":
            assert re.match(pattern(block.text), printed, re.DOTALL), printed
        else:
            assert json.loads(printed[printed.index("{") :]) == json.loads(block.text)


def add(file: Path, key: str, text: str) -> None:
    """Put ``text`` below the line ``key:`` of a file."""
    written = file.read_text(encoding="utf-8")
    assert written.count(f"\n{key}:\n") == 1
    file.write_text(written.replace(f"\n{key}:\n", f"\n{key}:\n{text}"), encoding="utf-8")
