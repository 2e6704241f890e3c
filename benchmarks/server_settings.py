"""What the harness tells a server process, through its environment."""

import os

POOL_SIZE = 8
"""Database connections per server and database: as many as the load has connections."""


def environment(url_a: str, url_b: str) -> dict[str, str]:
    """The variables that `databases` reads."""
    return {"BENCH_DATABASE_A": url_a, "BENCH_DATABASE_B": url_b}


def databases() -> tuple[str, str]:
    """URLs of the two databases."""
    return os.environ["BENCH_DATABASE_A"], os.environ["BENCH_DATABASE_B"]
