"""The edition of the city: its seed, its fixed current date, its random streams and the version of its generators."""

import hashlib
import random
from datetime import date
from pathlib import Path

SEED = 430700
"""Default seed; the same seed and scale give the same bytes."""

TODAY = date(2018, 9, 30)
"""The current date of the data. Nothing in it happened later; S1 was restored at 02:00, S3 was taken on the 5th."""

MONTH_START = date(2018, 9, 1)
"""First day of the month whose activities and attendance S2 holds."""

SMALLEST_SCALE, LARGEST_SCALE = 0.005, 1.0

TWELVE_MONTHS_UP_TO = 0.05
"""At this scale and below S2 holds twelve months of dues (2017-10 to 2018-09), above it one (2018-09)."""

QUARTER_START = date(2018, 7, 1)
"""First day of the flows of services, mall and parcels at small scale."""


def stream(seed: int, name: str) -> random.Random:
    """An independent random stream; adding draws to one leaves the others as they were."""
    return random.Random(f"{seed}/{name}")


def check_scale(scale: float) -> float:
    """``scale`` itself. Raises ``ValueError`` outside the range the identifiers and trees are made for."""
    if not SMALLEST_SCALE <= scale <= LARGEST_SCALE:
        raise ValueError(f"the scale must lie between {SMALLEST_SCALE} and {LARGEST_SCALE:g}")
    return scale


def scaled(full: int, scale: float, floor: int = 1) -> int:
    """``full`` of the whole city at ``scale``, but at least ``floor``."""
    return max(round(full * scale), floor)


def flow_start(scale: float) -> date:
    """First day of the flows of cases, tickets, volunteering, orders and parcels; they end on ``TODAY``."""
    return QUARTER_START if scale <= TWELVE_MONTHS_UP_TO else MONTH_START


def flow_rows(per_year: int, scale: float) -> int:
    """How many rows a flow of ``per_year`` in the whole city has at ``scale`` between ``flow_start`` and ``TODAY``."""
    return scaled(per_year * (3 if scale <= TWELVE_MONTHS_UP_TO else 1) // 12, scale)


def generator_version() -> str:
    """A digest of the generators' own source, so that changed code never meets data it did not make."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
