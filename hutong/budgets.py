"""What one caller may ask for in a minute: so many requests, and so much work.

Neighbours: :mod:`hutong.graphql_endpoint` takes a request from the caller's budget before it reads the body; the engine
takes the operation's cost before it asks a source. Both are kept in memory, for one replica.

A budget is a bucket that holds a minute's worth and fills evenly: a caller that was quiet may spend it in a burst and
then goes on at the even pace. All that is stored of a caller is the moment at which its bucket will be full again (the
virtual scheduling form of the leaky bucket, ITU-T I.371: GCRA), so a take costs about a microsecond.
"""

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from authz.subjects import ANONYMOUS, Subject
from resolvers.errors import LimitExceeded
from schema.message import Unusable
from schema.messages import hub_settings, requests

WINDOW_SECONDS: Final = 60.0
PRODUCTION_REQUESTS: Final = 6_000
PRODUCTION_COST: Final = 3_000_000
_IPV6_SITE: Final = 64
"""Bits of an IPv6 address that tell customers apart; the rest is theirs to choose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """Per caller and minute; ``None``: the environment's own (see `budgets_for`), 0: no budget. Not negative."""

    requests_per_minute: int | None = None
    """Requests of one caller a minute; 0: as many as come. By default 6000 in production and no budget in the demo."""
    cost_per_minute: int | None = None
    """Units of work of one caller a minute: fields and conditions, plus rows asked for at most, as `limits` measures
    them; 0: no budget. By default 3000000 in production and no budget in the demo."""

    def __post_init__(self) -> None:
        if min(self.requests_per_minute or 0, self.cost_per_minute or 0) < 0:
            raise Unusable(hub_settings.BUDGET_NEGATIVE())


def budgets_for(given: Budgets, *, production: bool) -> Budgets:
    """``given`` with the environment's numbers where it says nothing."""
    requests, cost = (PRODUCTION_REQUESTS, PRODUCTION_COST) if production else (0, 0)
    return Budgets(
        requests_per_minute=requests if given.requests_per_minute is None else given.requests_per_minute,
        cost_per_minute=cost if given.cost_per_minute is None else given.cost_per_minute,
    )


class Budget:
    """One kind of budget of all callers: ``maximum`` units a minute each; 0: no end of them.

    ``capacity`` accounts are remembered; beyond that the one that took nothing for the longest time is forgotten, which
    gives it a full bucket. ``clock``: seconds, never going back.
    """

    def __init__(
        self,
        limit: str,
        maximum: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        capacity: int = 100_000,
    ) -> None:
        self._limit = limit
        self._maximum = maximum
        self._seconds_per_unit = WINDOW_SECONDS / maximum if maximum else 0.0
        self._clock = clock
        self._capacity = capacity
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, account: str, units: int = 1) -> None:
        """Take ``units`` from the bucket of ``account``.

        Raises `LimitExceeded` (``limit``, ``maximum``, ``retryAfter`` in whole seconds) and takes nothing when they are
        not in it. More than a bucket holds is asked of a full one.
        """
        if not self._maximum:
            return
        now = self._clock()
        full_at = max(self._full_at.get(account, now), now) + min(units, self._maximum) * self._seconds_per_unit
        if full_at - now > WINDOW_SECONDS + 1e-6:
            wait = int(full_at - now - WINDOW_SECONDS) + 1
            raise LimitExceeded(
                requests.BUDGET_USED_UP(maximum=self._maximum, seconds=wait),
                limit=self._limit,
                maximum=self._maximum,
                retryAfter=wait,
            )
        self._full_at[account] = full_at
        self._full_at.move_to_end(account)
        self._forget(now)

    def _forget(self, now: float) -> None:
        """Drop what is full again, from the longest untouched on, and what is beyond the capacity."""
        while True:
            account, full_at = next(iter(self._full_at.items()))
            if full_at > now and len(self._full_at) <= self._capacity:
                return
            del self._full_at[account]


def account_of(subject: Subject, client: Any) -> str:
    """Whose budget an operation is paid from: the verified subject's, or the network address of an anonymous caller.

    ``client``: ASGI's pair of address and port, or ``None``. Nothing that the caller writes into a request counts.
    """
    if subject.id != ANONYMOUS.id:
        return f"subject:{subject.id}"
    address = str(client[0]) if client else ""
    if ":" in address:
        try:
            address = str(ipaddress.ip_network((address.partition("%")[0], _IPV6_SITE), strict=False))
        except ValueError:
            address = "unknown"
    return f"address:{address}"
