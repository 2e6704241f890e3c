"""Reference pages generated from the code: the settings table and the commands' help.

``python -m hutong.reference FOLDER`` writes them; ``make schema`` into ``docs/reference``, where they are committed and
compared with a fresh copy by ``make check``.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import typer
from typer.testing import CliRunner

from hutong.cli import app
from hutong.settings import PREFIX, Settings

WIDTH: Final = 100


def settings_page() -> str:
    """Every setting: its variable, default and meaning."""
    schema = Settings.model_json_schema()
    lines = [
        "# Settings",
        "",
        "Read from the environment and, below it, from a settings file: TOML, or lines of `NAME=value`. The file is",
        "the one given with `--settings`, else the one that `HUTONG_SETTINGS` names. In TOML a setting is spelt",
        "without its prefix and in lower case (`port = 8000`); limits stand in a table `[limits]`.",
        "",
        "| variable | default | meaning |",
        "| --- | --- | --- |",
    ]
    lines += [f"| `{name}` | {default} | {meaning} |" for name, default, meaning in _settings(schema, PREFIX, schema)]
    return "\n".join(lines) + "\n"


def _settings(model: Mapping[str, Any], prefix: str, root: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, member in model["properties"].items():
        nested = root["$defs"].get(member.get("$ref", "").rpartition("/")[2], {})
        variable = f"{prefix}{name.upper()}"
        if "properties" in nested:
            yield from _settings(nested, f"{variable}__", root)
        else:
            default = member.get("default")
            yield variable, "" if default is None else f"`{default}`", member["description"].replace("``", "`")


def commands_page() -> str:
    """``--help`` of every command."""
    lines = ["# Commands", "", "Exit status 0: done; 1: refused or found wrong; 2: called wrongly.", ""]
    for path in ((), *_paths(app)):
        help_text = CliRunner().invoke(app, [*path, "--help"], prog_name="hutong", terminal_width=WIDTH).output
        lines += [f"## {' '.join(('hutong', *path))}", "", "```text", help_text.strip(), "```", ""]
    return "\n".join(lines[:-1]) + "\n"


def _paths(group: typer.Typer) -> Iterator[tuple[str, ...]]:
    """The words of every command below ``group``, in the order of the help."""
    for command in group.registered_commands:
        yield (str(command.name),)
    for nested in group.registered_groups:
        yield from ((str(nested.name), *path) for path in _paths(nested.typer_instance or typer.Typer()))


PAGES: Final = {"settings.md": settings_page, "commands.md": commands_page}

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for page, render in PAGES.items():
        (folder / page).write_text(render(), encoding="utf-8")
