"""The hub as a contestant: its program, and its two callers."""

from pathlib import Path

from benchmarks.contestants import Contestant, GraphQLContestant, Program
from benchmarks.server_settings import environment


def program(url_a: str, url_b: str, state: Path) -> Program:
    """The hub's server."""
    return Program(name="hutong", factory="benchmarks.hub:create_app", environment=environment(url_a, url_b))


def contestants(state: Path) -> list[Contestant]:
    """A caller who sees everything clear, and one who sees one county's rows with masked fields."""
    return [
        GraphQLContestant(name="hutong", server="hutong", hub=True, token="x"),
        GraphQLContestant(name="hutong_scoped", server="hutong", hub=True, token="y", scoped=True),
    ]
