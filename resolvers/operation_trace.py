"""What one operation did, and when: its stages and fetches as data, without a value of the request or of a row.

Every `OperationRequest` carries one. :mod:`resolvers.pipeline` marks stages, :mod:`resolvers.executor` records each
fetch; whoever made the request (logs, metrics, traces, a page that explains an operation) reads it afterwards. Nothing
here knows what becomes of it. Times are `clock` readings, in seconds.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from enum import StrEnum
from random import getrandbits
from typing import Any, Final, NamedTuple

from connectors.errors import ConnectorError
from resolvers.errors import OperationError
from resolvers.fetch_plan import ExecutablePlan, SourceFetch

OK: Final = "ok"
CANCELLED: Final = "CANCELLED"
"""How a fetch ended that nobody waited for any more; every other end is `OK` or a public error code."""

clock: Final = time.perf_counter


def outcome_of(errors: Sequence[Mapping[str, Any]]) -> str:
    """How an operation ended with these errors in response format: `OK`, or the code of the first."""
    return str(errors[0]["extensions"]["code"]) if errors else OK


class Stage(StrEnum):
    """The stages of :mod:`resolvers.pipeline`; each ends where the next one begins."""

    PARSE = "parse"
    PLAN = "plan"
    AUTHORIZE = "authorize"
    PREPARE = "prepare"
    FETCH = "fetch"
    AUDIT = "audit"
    RESPOND = "respond"


class Span(NamedTuple):
    """One stage: when it began and ended."""

    stage: Stage
    began: float
    ended: float


class FetchRecord(NamedTuple):
    """One statement. ``source.connector`` names the source, ``source.step`` the step of the plan in the catalogue's
    words; ``keys`` is the number of parents it was asked for, ``None`` for a root; ``rows`` the number of rows as they
    came, before any is rechecked; ``outcome`` is `OK`, `CANCELLED` or a public error code.
    """

    source: SourceFetch
    began: float
    ended: float
    keys: int | None
    rows: int
    outcome: str

    @property
    def seconds(self) -> float:
        """How long it took, waiting for a connection included."""
        return self.ended - self.began


class OperationTrace:
    """Filled while the operation runs. One event loop's own.

    ``id`` names the operation in the audit trail, in logs and towards its caller. ``document``: hex digest of the
    document, once it is known to be valid. ``plan``: what was executed. ``outcome``: `OK` or the code of the first
    error; ``None`` for an operation that has not ended.
    """

    __slots__ = ("_marks", "began", "document", "fetches", "id", "outcome", "plan")

    def __init__(self) -> None:
        self.id = f"{getrandbits(64):016x}"  # a name, no secret
        self.began = clock()
        self.document: str | None = None
        self.plan: ExecutablePlan | None = None
        self.outcome: str | None = None
        self.fetches: list[FetchRecord] = []
        self._marks: list[tuple[Stage, float]] = []

    def enter(self, stage: Stage) -> None:
        """``stage`` begins now, and the one before ends."""
        self._marks.append((stage, clock()))

    def fetched(
        self, source: SourceFetch, began: float, keys: int | None, rows: int, error: BaseException | None = None
    ) -> None:
        """A statement has ended now, well or with ``error``."""
        outcome = OK if error is None else _outcome_of(error)
        self.fetches.append(FetchRecord(source, began, clock(), keys, rows, outcome))

    @property
    def reached(self) -> bool:
        """Whether the engine has seen the operation at all."""
        return bool(self._marks)

    def stages(self, ended: float | None = None) -> list[Span]:
        """The stages in order, one of each entry; the last ends at ``ended``, by default now."""
        ends = [began for _, began in self._marks[1:]]
        ends.append(clock() if ended is None else ended)
        return [Span(stage, began, end) for (stage, began), end in zip(self._marks, ends, strict=False)]


def _outcome_of(error: BaseException) -> str:
    if isinstance(error, ConnectorError | OperationError):
        return error.code
    return CANCELLED if isinstance(error, asyncio.CancelledError) else OperationError.code
