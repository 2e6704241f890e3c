"""Fixtures every test may use: database servers, made when first asked for."""

from tests.engines import mariadb_server, postgresql_server

__all__ = ["mariadb_server", "postgresql_server"]
