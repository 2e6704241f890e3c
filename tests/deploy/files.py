"""The files of ``deploy/`` as these tests read them."""

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
CONTAINERFILE = DEPLOY / "Containerfile"
UNIT = DEPLOY / "hutong.service"
COMPOSE = DEPLOY / "compose.yaml"
KUBERNETES = DEPLOY / "kubernetes.yaml"
SETTINGS = DEPLOY / "hub.toml"


def instructions(name: str) -> list[str]:
    """What follows each instruction ``name`` of the Containerfile, continued lines joined."""
    text = CONTAINERFILE.read_text(encoding="utf-8").replace("\\\n", " ")
    return [line.partition(" ")[2].strip() for line in text.splitlines() if line.startswith(f"{name} ")]


def image_variables() -> dict[str, str]:
    """What the image sets."""
    return dict(pair.split("=", 1) for line in instructions("ENV") for pair in line.split())


def unit_values(name: str) -> list[str]:
    """Values of a key of the unit, in order."""
    return re.findall(rf"^{name}=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)


def objects() -> list[dict[str, Any]]:
    """The Kubernetes objects."""
    return list(yaml.safe_load_all(KUBERNETES.read_text(encoding="utf-8")))


def the(kind: str, name: str = "hutong") -> dict[str, Any]:
    """The one object of a kind and name."""
    (found,) = [o for o in objects() if o["kind"] == kind and o["metadata"]["name"] == name]
    return found


def pod() -> dict[str, Any]:
    """The specification of a replica's pod."""
    return the("StatefulSet")["spec"]["template"]["spec"]


def container() -> dict[str, Any]:
    """The hub in it."""
    (found,) = pod()["containers"]
    return found


def compose() -> dict[str, Any]:
    """The compose file."""
    return yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
