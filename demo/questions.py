"""The questions of the city's frontend teams: documents in ``demo/queries``, beside who asks them and what to expect.

Neighbours: :mod:`demo.check` asks them, :mod:`demo.callers` says who the callers are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from authz.subjects import Subject
from demo.callers import Caller, caller

QUERIES = Path(__file__).parent / "queries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """``caller`` asks with ``variables`` and a ``purpose`` if he states one; ``codes`` are the error codes of the
    answer, ``expect`` says it in words.
    """

    caller: Caller
    variables: Mapping[str, Any]
    codes: frozenset[str]
    expect: str
    purpose: str | None = None

    @property
    def subject(self) -> Subject:
        """Who asks, with the purpose."""
        return replace(self.caller.subject, purpose=self.purpose)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """``number`` is the question's in the domain reference; ``None`` for those that show a rule of the hub."""

    name: str
    number: int | None
    title_zh: str
    title_en: str
    document: str
    asks: tuple[Ask, ...]


def questions() -> tuple[Question, ...]:
    """Every question of ``demo/queries``, by name. Raises ``KeyError`` for a caller or member that is not there."""
    return tuple(_question(file) for file in sorted(QUERIES.glob("*.yaml")))


def _question(file: Path) -> Question:
    described = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Question(
        name=file.stem,
        number=described.get("question"),
        title_zh=described["title"]["zh"],
        title_en=described["title"]["en"],
        document=file.with_suffix(".graphql").read_text(encoding="utf-8"),
        asks=tuple(
            Ask(
                caller=caller(ask["as"]),
                variables=ask["variables"],
                codes=frozenset(ask["codes"]),
                expect=ask["expect"],
                purpose=ask.get("purpose"),
            )
            for ask in described["asks"]
        ),
    )
