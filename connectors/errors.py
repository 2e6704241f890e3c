"""What can go wrong at a source. Each leaf has one stable public code; messages never carry values, SQL or a DSN."""

from typing import ClassVar


class ConnectorError(Exception):
    """Base of all source errors. ``connector`` is the source's name, ``code`` the public error code."""

    code: ClassVar[str] = "SOURCE_UNAVAILABLE"

    def __init__(self, connector: str, message: str) -> None:
        super().__init__(message)
        self.connector = connector


class SourceUnavailable(ConnectorError):
    """The source does not answer, refuses the connection, or broke it off."""


class SourceTimeout(ConnectorError):
    """The source did not answer within the statement's deadline, or no pooled connection came free in time."""

    code = "SOURCE_TIMEOUT"


class SourceDrifted(ConnectorError):
    """The source no longer has a table or column that the manifest binds, or its type changed."""

    code = "SOURCE_DRIFTED"


class SourceAuthFailed(ConnectorError):
    """The source rejected the hub's credentials."""

    code = "SOURCE_AUTH"


class BadParameter(ConnectorError):
    """A caller's value the source cannot take at all (a NUL in text for PostgreSQL, an integer out of range)."""

    code = "BAD_INPUT"


class UnsupportedFetch(ConnectorError):
    """The binding cannot answer this fetch at all (for example a join key it does not hold)."""

    code = "INTERNAL"
