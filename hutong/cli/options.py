"""Options that several commands share, and the settings they lead to."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from hutong.cli.speech import speak_as_set
from hutong.settings import FILE_VARIABLE, Settings, load_settings

DEMO_SETTINGS = Path(".demo/settings.toml")
"""Where the demo leaves its settings for the other commands."""

SettingsFile = Annotated[
    Path | None,
    typer.Option(
        "--settings",
        help=f"Settings file (TOML or NAME=value lines). Default: the one that {FILE_VARIABLE} names, "
        "else the demo's if there is one, else only the environment.",
        show_default=False,
    ),
]


def tool_settings(file: Path | None, **overrides: Any) -> Settings:
    """Settings of a command that works beside a hub: those given, else those of the demo in this folder."""
    if file is None and not os.environ.get(FILE_VARIABLE) and DEMO_SETTINGS.is_file():
        typer.echo(f"(with the demo's settings, {DEMO_SETTINGS})", err=True)
        file = DEMO_SETTINGS
    return hub_settings(file, **overrides)


def hub_settings(file: Path | None, **overrides: Any) -> Settings:
    """Settings of the hub itself. The command speaks their language from here on, unless it was told another."""
    chosen = load_settings(file, **overrides)
    speak_as_set(chosen.language)
    return chosen
