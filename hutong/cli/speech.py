"""The language in which a command speaks to whoever called it.

That of ``--lang``, before the command or after it; else that of the settings, once they are read; else English.
Neighbours: :mod:`hutong.cli.options` reads settings, :mod:`hutong.cli.failures` tells what went wrong.
"""

from contextvars import ContextVar
from typing import Annotated, Final

import typer

from schema.language import Language

_named: Final = ContextVar[Language | None]("named", default=None)
_set: Final = ContextVar[Language | None]("set", default=None)


def _name(language: Language | None) -> Language | None:
    if language is not None:
        _named.set(language)
    return language


Lang = Annotated[
    Language | None,
    typer.Option(
        "--lang",
        help="Labels and messages in this language. Default: the one of the settings.",
        show_default=False,
        callback=_name,
    ),
]


def begin(language: Language | None) -> None:
    """A command line begins; ``language`` is what it names before the command."""
    _named.set(language)
    _set.set(None)


def speak_as_set(language: Language) -> None:
    """The settings are read: their ``language`` holds from here on, unless the command line names one."""
    _set.set(language)


def spoken() -> Language:
    """The language of the running command."""
    return _named.get() or _set.get() or Language.EN
