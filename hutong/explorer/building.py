"""The explorer over a hub, if that is the demo's. Neighbour: :mod:`hutong.composition` builds the hub."""

from pathlib import Path
from typing import TYPE_CHECKING

from starlette.types import ASGIApp

from hutong.explorer.content import ExplorerContent
from hutong.explorer.routes import Explorer
from hutong.lifecycle import StartRefused
from hutong.settings import Environment, Settings
from hutong.tokens import PRIVATE_KEY_FILE, TokenMinter
from schema.messages import starting

if TYPE_CHECKING:
    from hutong.composition import Hub


def check_explorer(settings: Settings) -> Path:
    """The folder of the demo's key. Raises `StartRefused` outside a demo, and without that key beside the JWKS."""
    if settings.environment is not Environment.DEMO or settings.jwks_file is None:
        raise StartRefused(starting.EXPLORER_OF_DEMO())
    folder = settings.jwks_file.parent
    if not (folder / PRIVATE_KEY_FILE).is_file():
        raise StartRefused(starting.EXPLORER_WITHOUT_KEY(folder=str(folder)))
    return folder


def build_explorer(hub: "Hub", graphql: ASGIApp, settings: Settings, content: ExplorerContent) -> Explorer:
    """The page over ``hub``, whose ``/graphql`` is ``graphql``. Raises `StartRefused` as `check_explorer` does."""
    minter = TokenMinter(
        check_explorer(settings), issuer=settings.issuer, audience=settings.audience, keyring=hub.keyring
    )
    snapshot = hub.snapshot
    return Explorer(
        content=content,
        engine=hub.engine,
        catalog=snapshot.catalog,
        manifests=snapshot.manifests,
        purposes=snapshot.policy.purposes,
        graphql=graphql,
        authenticate=hub.authenticator.authenticate,
        mint=minter.mint,
    )
