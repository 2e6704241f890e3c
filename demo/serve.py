"""``hutong demo``: the synthetic city's sources and a hub over them, until Ctrl-C.

Neighbours: :mod:`demo.sources.runtime` (the databases), :mod:`demo.state` (keys and settings),
:mod:`hutong.composition` (the hub, built as everywhere else).
"""

import json
import logging
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from authz.consumer_keys import Keyring
from demo.callers import CALLERS
from demo.examples import EXAMPLES
from demo.explorer import explorer_content
from demo.sources.progress import Bar
from demo.sources.runtime import start_sources
from demo.state import prepare_state, s1_database
from hutong import serving
from hutong.cli.failures import Explained
from hutong.composition import create_app
from hutong.key_files import read_master_key
from hutong.settings import Settings, load_settings
from hutong.telemetry import configure_logging
from hutong.tokens import TokenMinter
from schema.messages import commands

HOST = "127.0.0.1"
_BRANCH = json.dumps(EXAMPLES[1].variables)


def run(*, state_dir: Path, port: int, scale: float) -> None:
    """Start everything, print how to use it, serve until a signal, stop everything.

    Raises ``PortTaken``, and `Explained` for a scale out of range or a state folder in other use.
    """
    configure_logging(logging.WARNING)
    signal.signal(signal.SIGTERM, _interrupt)
    state_dir = state_dir.resolve()
    with serving.listen(HOST, port) as listener:
        port = listener.getsockname()[1]
        print("Starting the city's departments (the first start makes their data) ...", flush=True)
        try:
            sources = start_sources(state_dir, scale, Bar(), s1_database=s1_database(state_dir))
        except (ValueError, RuntimeError) as error:
            raise Explained(commands.DEMO_SOURCES(fault=str(error))) from None
        except KeyboardInterrupt:
            raise Explained(commands.DEMO_STOPPED()) from None
        with sources:
            settings = load_settings(prepare_state(state_dir, port, sources.connections))
            app = create_app(settings, explorer=explorer_content())
            print(welcome(settings, sources.connections), flush=True)
            serving.serve(app, lifecycle=app.state.lifecycle, listener=listener, refusal=app.state.refusal)
            print("Stopping the departments ...", flush=True)
    print("Stopped.", flush=True)


def token_minter(settings: Settings) -> TokenMinter:
    """Signs as the demo's identity provider. Raises ``ValueError`` for settings that are not the demo's."""
    if settings.jwks_file is None:
        raise ValueError("the demo's settings name its JWKS file")
    keyring = Keyring(read_master_key(settings.master_key_file), ("s1", "s2", "s3", "hub"))
    return TokenMinter(settings.jwks_file.parent, issuer=settings.issuer, audience=settings.audience, keyring=keyring)


def tokens(settings: Settings) -> dict[str, str]:
    """A fresh token per role."""
    minter = token_minter(settings)
    return {caller.key: minter.mint(caller.subject) for caller in CALLERS}


def welcome(settings: Settings, connections: Mapping[str, Mapping[str, object]]) -> str:
    """What a newcomer needs: where the hub is, who may ask, three queries to paste, where to look next."""
    minted = tokens(settings)
    url = f"http://{settings.host}:{settings.port}"
    folder = settings.sources_dir / "tokens"
    folder.mkdir(mode=0o700, exist_ok=True)
    for role, token in minted.items():
        (folder / role).write_text(token, encoding="ascii")
    shown, hutong = _from_here(folder), _from_here(Path(sys.executable).with_name("hutong"))
    lines = [
        "",
        f"Look around in a browser: {url}/ (one question, two people, two answers).",
        f"The hub answers at {url}/graphql (health: {url}/readyz).",
        "Behind it: " + ", ".join(f"{name} on {c['engine']}" for name, c in connections.items()) + ".",
        "",
        f"Tokens, good for eight hours, one file per role in {shown}/ (anew: {hutong} token ROLE):",
        *(f"  {caller.key:<18} {caller.title}" for caller in CALLERS),
        "",
        "Try, in another terminal:",
    ]
    for number, example in enumerate(EXAMPLES, start=1):
        body = json.dumps({"query": example.text, "variables": example.variables}, ensure_ascii=False)
        lines += [f"\n  {number}. {example.title}\n     -> {example.expect}\n", f"curl -s {url}/graphql \\"]
        if example.role is not None:
            lines.append(f'  -H "Authorization: Bearer $(cat {shown}/{example.role})" \\')
        lines.append(f"  -H 'Content-Type: application/json' \\\n  -d '{body}'")
    lines += [
        "",
        "Next: what goes to which database for the second query, and why she may see what she sees",
        "",
        f"{hutong} plan demo/queries/branch.graphql --as branch_secretary --variables '{_BRANCH}'",
        f"{hutong} policy explain Person.mobile --role branch_secretary",
        "",
        "Ctrl-C stops the hub and the databases.",
    ]
    return "\n".join(lines)


def _from_here(path: Path) -> Path:
    """As short as it can be typed in the working directory."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
