"""What can go wrong at a source. Each leaf has one stable public code; messages come from the table of
:mod:`schema.messages.sources` and never carry values, SQL or a DSN.
"""

from typing import Any, ClassVar

from schema.message import Told
from schema.messages import sources


class ConnectorError(Exception):
    """Base of all source errors. ``connector`` is the source's name, ``code`` the public error code."""

    code: ClassVar[str] = "SOURCE_UNAVAILABLE"

    def __init__(self, connector: str, told: Told) -> None:
        super().__init__(told)
        self.connector = connector
        self.told = told

    @property
    def extensions(self) -> dict[str, Any]:
        """What the caller is told beside the message and the code."""
        return {"connector": self.connector}


class SourceUnavailable(ConnectorError):
    """The source does not answer, refuses the connection, or broke it off."""


class SourceUnderMaintenance(SourceUnavailable):
    """The source is closed at this time of every day; ``back_at``: until when (RFC 3339)."""

    def __init__(self, connector: str, *, back_at: str) -> None:
        super().__init__(connector, sources.SOURCE_UNDER_MAINTENANCE(connector=connector, time=back_at))
        self.back_at = back_at

    @property
    def extensions(self) -> dict[str, Any]:
        """As the base's, with ``backAt``."""
        return {"connector": self.connector, "backAt": self.back_at}


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
    """The binding cannot answer this fetch at all (for example a join key it does not hold).

    ``detail`` is for whoever mends the manifest and is ``str()`` of the error; callers are not told it.
    """

    code = "INTERNAL"

    def __init__(self, connector: str, detail: str) -> None:
        super().__init__(connector, sources.FETCH_UNSUPPORTED(connector=connector))
        self.detail = detail

    def __str__(self) -> str:
        return self.detail
