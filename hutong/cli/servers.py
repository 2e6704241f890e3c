"""``hutong serve`` and ``hutong demo``: the commands that run until they are stopped."""

import importlib.util
from pathlib import Path
from typing import Annotated

import typer

from hutong.cli.failures import Explained, explained
from hutong.cli.options import SettingsFile, hub_settings
from hutong.cli.speech import Lang
from schema.messages import commands


def serve(
    settings: SettingsFile = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; default: the settings'.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; default: the settings'.")] = None,
    lang: Lang = None,
) -> None:
    """Serve /graphql, /healthz and /readyz until SIGTERM or Ctrl-C.

    Settings come from HUTONG_* variables and, below them, from a settings file. Logs are JSON lines on standard error.
    """
    from hutong import serving
    from hutong.composition import create_app
    from hutong.telemetry import configure_logging

    configure_logging()
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    with explained():
        chosen = hub_settings(settings, **given)
        app = create_app(chosen)
        listener = serving.listen(chosen.host, chosen.port)
        serving.serve(
            app,
            lifecycle=app.state.lifecycle,
            listener=listener,
            trusted_proxies=chosen.trusted_proxies,
            refusal=app.state.refusal,
        )


def demo(
    port: Annotated[int, typer.Option(help="Port of the hub on loopback; 0 takes a free one.")] = 8000,
    scale: Annotated[
        float, typer.Option(help="Size of the city: 1 is 300,000 Party members, 0.02 is enough to look around.")
    ] = 0.02,
    state: Annotated[Path, typer.Option(help="Folder for the demo's keys, tokens and data.")] = Path(".demo"),
) -> None:
    """Start a synthetic city and a hub over it.

    Prints tokens and queries to try. Everything is made up, runs on this machine only, and ends with Ctrl-C.
    """
    with explained():
        if importlib.util.find_spec("demo") is None or importlib.util.find_spec("demo.serve") is None:
            raise Explained(commands.DEMO_NOT_PACKAGED())
        from demo.serve import run

        run(state_dir=state, port=port, scale=scale)
