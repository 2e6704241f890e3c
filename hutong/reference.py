"""Reference pages generated from the code: settings, commands, messages, the catalogue, codecs, engines and masks.

``python -m hutong.reference FOLDER`` writes them; ``make schema`` into ``docs/reference``, where they are committed and
compared with a fresh copy by ``make check``.
"""

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import typer
import typer.main

from hutong.cli import app
from hutong.reference_catalogue import catalogue_page, codes_page
from hutong.reference_codecs import codecs_page
from hutong.reference_engines import engines_page
from hutong.reference_masks import masks_page
from hutong.settings import PREFIX, Settings
from schema import messages
from schema.message import Message

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
            yield (
                variable,
                "" if default is None else f"`{default}`",
                " ".join(member["description"].replace("``", "`").split()),
            )


def messages_page() -> str:
    """Every message, in both languages, by the part of the hub that tells it."""
    lines = [
        "# Messages",
        "",
        "What callers are told, and those who write files and start the hub, by key. The language is that of",
        "`Accept-Language` (on the command line `--lang`), else that of `HUTONG_LANGUAGE`. Programs go by",
        "`extensions.code`: messages may change, codes do not ([error codes](../errors.md)).",
    ]
    for found in pkgutil.iter_modules(messages.__path__):
        table = importlib.import_module(f"{messages.__name__}.{found.name}")
        lines += [
            "",
            f"## {found.name.replace('_', ' ').capitalize()}",
            "",
            "| key | 中文 | English |",
            "| --- | --- | --- |",
        ]
        told = (value for value in vars(table).values() if isinstance(value, Message))
        lines += [f"| `{message.key}` | {_cell(message.zh)} | {_cell(message.en)} |" for message in told]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """Text as a cell of a table shows it: on one line, nothing read as a mark."""
    return re.sub(r"([|*<_])", r"\\\1", " ".join(text.split()))


def commands_page() -> str:
    """``--help`` of every command."""
    lines = ["# Commands", "", "Exit status 0: done; 1: refused or found wrong; 2: called wrongly.", ""]
    for path in ((), *_paths(app)):
        help_text = _help(path)
        lines += [f"## {' '.join(('hutong', *path))}", "", "```text", help_text.strip(), "```", ""]
    return "\n".join(lines[:-1]) + "\n"


def _help(path: Sequence[str]) -> str:
    """``--help`` of one command. Nothing is run, not even what the command line does before every command."""
    command: Any = typer.main.get_command(app)
    context = command.context_class(command, info_name="hutong", terminal_width=WIDTH, **command.context_settings)
    for word in path:
        command = command.commands[word]
        context = command.context_class(command, info_name=word, parent=context)
    return str(command.get_help(context))


def _paths(group: typer.Typer) -> Iterator[tuple[str, ...]]:
    """The words of every command below ``group``, in the order of the help."""
    for command in group.registered_commands:
        yield (str(command.name),)
    for nested in group.registered_groups:
        yield from ((str(nested.name), *path) for path in _paths(nested.typer_instance or typer.Typer()))


PAGES: Final = {
    "settings.md": settings_page,
    "commands.md": commands_page,
    "messages.md": messages_page,
    "catalogue.md": catalogue_page,
    "codes.md": codes_page,
    "codecs.md": codecs_page,
    "engines.md": engines_page,
    "masks.md": masks_page,
}

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for page, render in PAGES.items():
        (folder / page).write_text(render(), encoding="utf-8")
