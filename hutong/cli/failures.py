"""What a command says when it cannot do its work: one or a few plain sentences on standard error, status 1."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer


class Explained(Exception):
    """A command's own refusal; the message says what is wrong and what to do."""


@contextmanager
def explained() -> Iterator[None]:
    """End the command with status 1 and the message of an expected failure; anything else is a defect and passes."""
    try:
        yield
    except Exception as error:
        if not isinstance(error, _expected()):
            raise
        typer.echo(f"{error}", err=True)
        raise typer.Exit(1) from None


def _expected() -> tuple[type[Exception], ...]:
    from authz.policy_files import PolicyInvalid
    from connectors.manifest import ManifestInvalid
    from hutong.lifecycle import StartRefused
    from hutong.serving import PortTaken
    from hutong.settings import SettingsInvalid
    from schema.errors import CatalogInvalid

    return (Explained, SettingsInvalid, CatalogInvalid, ManifestInvalid, PolicyInvalid, StartRefused, PortTaken)
