"""The hub as uvicorn runs it in the benchmark; its settings come from the environment."""

from starlette.types import ASGIApp

from hutong.composition import create_app as compose
from hutong.settings import load_settings


def create_app() -> ASGIApp:
    """The hub's application, for uvicorn's ``--factory``."""
    return compose(load_settings())
