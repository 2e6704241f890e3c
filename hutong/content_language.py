"""Which of the hub's languages a caller reads: ``Accept-Language`` of RFC 9110 over the look-up of RFC 4647.

Neighbours: :mod:`hutong.graphql_endpoint` asks for every request. A range stands for the language of its primary
subtag: ``zh-CN`` and ``zh-Hans-CN`` are Chinese. What is malformed is passed over; a header that names none of the
hub's languages, or none at all, means the default.
"""

import re
from functools import lru_cache
from typing import Final

from schema.language import Language

MOST_BYTES: Final = 512
"""What of the header is looked at."""
REFUSED: Final = -1.0
"""The rank of what has the quality 0; what is not named at all ranks 0."""
_RANGE: Final = re.compile(
    r"\s*(\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*[qQ]\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*)?\Z"
)


def language_of(header: bytes, default: Language) -> Language:
    """The language of the highest quality; of equal ones that which the header names first, ``*`` meaning any.

    ``header``: the values of all ``Accept-Language`` headers, joined by commas; empty without one.
    """
    if len(header) > MOST_BYTES:
        header = header[:MOST_BYTES].rpartition(b",")[0]
    return _negotiated(header, default) if header else default


@lru_cache(maxsize=256)
def _negotiated(header: bytes, default: Language) -> Language:
    ranked: dict[str, float] = {}
    for part in header.decode("latin-1").split(","):
        if (found := _RANGE.match(part)) is None:
            continue
        quality = 1.0 if found[2] is None else float(found[2])
        tag, _, narrower = found[1].lower().partition("-")
        if quality:
            ranked[tag] = max(quality, ranked.get(tag, REFUSED))
        elif not narrower:  # that one region is not wanted says nothing of the language
            ranked.setdefault(tag, REFUSED)
    others = ranked.get("*", 0.0)
    named = [language for tag, rank in ranked.items() for language in Language if language == tag and rank > 0]
    candidates: tuple[Language, ...] = (*named, default, *Language)
    return max(candidates, key=lambda language: ranked.get(language, others))
