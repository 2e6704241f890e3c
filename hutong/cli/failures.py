"""What a command says when it cannot do its work: one or a few plain sentences on standard error, status 1."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from hutong.cli.speech import spoken
from schema.language import Language
from schema.message import ToldError

if TYPE_CHECKING:
    from schema.errors import FilesInvalid


class Explained(ToldError):
    """A command's own refusal; ``told`` says what is wrong and what to do."""


class Answered(Exception):
    """The errors of an operation, as the JSON document that its caller gets."""

    def said(self, language: Language) -> str:
        """The document; its messages are in a language already."""
        return str(self)


@contextmanager
def explained() -> Iterator[None]:
    """End the command with status 1 and the message of an expected failure; anything else is a defect and passes."""
    try:
        yield
    except _expected() as error:
        typer.echo(error.said(spoken()), err=True)
        raise typer.Exit(1) from None


def _expected() -> "tuple[type[Answered] | type[ToldError] | type[FilesInvalid], ...]":
    from hutong.lifecycle import StartRefused
    from hutong.serving import PortTaken
    from hutong.settings import SettingsInvalid
    from schema.errors import FilesInvalid

    return (Answered, Explained, SettingsInvalid, FilesInvalid, StartRefused, PortTaken)
