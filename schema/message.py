"""Messages for people: a template in each language under one key, and what is told of it in one case.

A message is made from the table in :mod:`schema.messages` and named parameters, never from free text, and becomes text
where it leaves the hub, in the caller's language. Logs carry its key. What may stand in a slot is said in `SLOTS`: no
slot is for a value of a row, and a parameter that has not its slot's shape is left out of the text. Those who write
files and start the hub read their own text in `FILE_SLOTS`; no message to callers has one (held by a test).
"""

import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from string import Formatter
from typing import Final, Union

from schema.language import Language

Parameter = Union[str, int, "Told", tuple["Told", ...], tuple[str, ...]]

_NAMES: Final = re.compile(r"[A-Za-z_@][A-Za-z0-9_@.$\- ]{0,127}(?:, [A-Za-z_][A-Za-z0-9_.\- ]{0,127}){0,31}\Z")
_POLICY: Final = re.compile(r"[A-Za-z*][A-Za-z0-9_.*&:/\-]{0,255}\Z")
_COLUMNS: Final = re.compile(r"[^\x00-\x1f\x7f]{1,500}\Z")
_TIME: Final = re.compile(r"[0-9:TZ.+\-]{4,40}\Z")
_TEXT: Final = re.compile(r"(?s).{0,4000}\Z")
_WRITTEN: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]{0,1000}\Z")
OMITTED: Final = "…"
"""Stands in the text for a parameter of another shape than its slot's."""

Shape = re.Pattern[str] | type[int] | None

FILE_SLOTS: Final[Mapping[str, Shape]] = {
    # text of files that people write: names and keys, what stands under them, paths, places such as party.yaml:12
    "code": _WRITTEN,
    "expected": _WRITTEN,
    "file": _WRITTEN,
    "folder": _WRITTEN,
    "key": _WRITTEN,
    "name": _WRITTEN,
    "other": _WRITTEN,
    "place": _WRITTEN,
    "share": _WRITTEN,
    "type": _WRITTEN,
    "variable": _WRITTEN,
    "written": _WRITTEN,
    # several such texts
    "alternatives": _WRITTEN,
    "names": _WRITTEN,
    "together": _WRITTEN,
    # words of the operating system, of YAML's and TOML's parsers and of the settings' types
    "fault": _TEXT,
}
"""Slots for the operators' own text. None is for a secret or for a setting's value out of the environment."""
SLOTS: Final[Mapping[str, Shape]] = {
    **FILE_SLOTS,
    # numbers: limits of the hub, places in a document, counts of lines
    "column": int,
    "count": int,
    "kibibytes": int,
    "level": int,
    "line": int,
    "maximum": int,
    "mebibytes": int,
    "minimum": int,
    "seconds": int,
    "total": int,
    # names of the schema, the policy, HTTP and the operation itself
    "argument": _NAMES,
    "arguments": _NAMES,
    "coordinate": _NAMES,
    "field": _NAMES,
    "fragment": _NAMES,
    "header": _NAMES,
    "label": _NAMES,
    "member": _NAMES,
    "operator": _NAMES,
    "purposes": _NAMES,
    "role": _NAMES,
    "roles": _NAMES,
    "tags": _NAMES,
    # words and places of the policy
    "mask": _POLICY,
    "rule": _POLICY,
    "scope": _POLICY,
    "selector": _POLICY,
    # names of sources, as their manifests give them
    "connector": _NAMES,
    "columns": _COLUMNS,
    "table": _COLUMNS,
    # moments that the hub or a manifest states
    "time": _TIME,
    # another message, or several
    "found": None,
    "hint": None,
    "lines": None,
    "part": None,
    "reason": None,
    "reasons": None,
    "unit": None,
    "violations": None,
    "wanted": None,
    "what": None,
    # graphql-core's own words about the caller's document and variables
    "detail": _TEXT,
}
"""What each slot holds: a number, text of this shape, or (``None``) other messages."""
_AND: Final = {Language.ZH: "，", Language.EN: ", "}
_BETWEEN: Final[Mapping[str, Mapping[Language, str]]] = {
    "alternatives": {Language.ZH: " 或 ", Language.EN: " or "},
    "lines": {Language.ZH: "\n  ", Language.EN: "\n  "},
    "names": {Language.ZH: "、", Language.EN: ", "},
    "together": {Language.ZH: " 和 ", Language.EN: " and "},
    "violations": {Language.ZH: "；", Language.EN: "; "},
}
"""What stands between several parameters of one slot, where that is not a comma."""


@dataclass(frozen=True, slots=True)
class Message:
    """One line of the table. ``key``: the name of the constant that holds it. Slots are written ``{slot}``."""

    key: str
    _: KW_ONLY
    zh: str
    en: str

    def __call__(self, **parameters: Parameter) -> "Told":
        """The message with ``parameters``, one for each slot (held by a test for every call in the source)."""
        return Told(message=self, parameters=parameters)

    def template(self, language: Language) -> str:
        """The text with its slots."""
        return self.en if language is Language.EN else self.zh

    def slots(self, language: Language) -> frozenset[str]:
        """The names of the slots in one language's template."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.template(language)) if name is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message in one case. ``str()`` is its English, for tracebacks and logs of the hub's own people."""

    message: Message
    parameters: Mapping[str, Parameter] = field(hash=False)
    _said: dict[Language, str] = field(default_factory=dict, init=False, repr=False, compare=False)
    """The texts made so far: a denial stays in its cached plan and is told again and again."""

    @property
    def key(self) -> str:
        """The key of the message, for logs and for what is compared."""
        return self.message.key

    def said(self, language: Language) -> str:
        """The text in ``language``."""
        text = self._said.get(language)
        if text is None:
            template = self.message.template(language)
            shown = {name: _shown(name, value, language) for name, value in self.parameters.items()}
            text = self._said[language] = template.format_map(shown)
        return text

    def __str__(self) -> str:
        return self.said(Language.EN)


class ToldError(Exception):
    """An error that is a message of the table: ``told``. ``str()`` is its English."""

    def __init__(self, told: Told) -> None:
        super().__init__(str(told))
        self.told = told

    def said(self, language: Language) -> str:
        """The text in ``language``."""
        return self.told.said(language)


class Unusable(ToldError, ValueError):
    """Something written that cannot be used; ``told`` says why."""


def _shown(slot: str, value: Parameter, language: Language) -> str | int:
    shape = SLOTS[slot]
    if isinstance(value, tuple):
        return _BETWEEN.get(slot, _AND)[language].join(str(_shown(slot, item, language)) for item in value)
    if isinstance(value, Told):
        return value.said(language) if shape is None else OMITTED
    if isinstance(value, int):
        return value if shape is int else OMITTED
    return value if isinstance(shape, re.Pattern) and shape.match(value) else OMITTED
