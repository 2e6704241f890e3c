"""The canonical model: entities, fields, relations, code tables and their labels.

Read from ``schema/catalog/*.yaml`` by :mod:`schema.catalog_loader`; frozen afterwards. Everything that is decided about
a name is decided from here, never from a source's columns.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from schema.labels import Label
from schema.language import Language
from schema.predicates import Predicate
from schema.trees import Tree
from schema.values import Canonical, ScalarType


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A name for people, in both languages."""

    zh: str
    en: str

    def said(self, language: Language) -> str:
        """The name in ``language``."""
        return self.en if language is Language.EN else self.zh


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something was written, for error messages: ``party.yaml:12``."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class MaskKind(StrEnum):
    """The masks of the catalogue; what each does is :mod:`authz.masking`."""

    NAME = "name"
    ID_NUMBER = "idNumber"
    MOBILE = "mobile"
    LANDLINE = "landline"
    ADDRESS = "address"
    DATE = "date"
    YEAR = "year"
    ACCOUNT = "account"
    AMOUNT_BAND = "amountBand"
    FREE_TEXT = "freeText"
    FULL = "full"


class DerivedFunction(StrEnum):
    """Expressions of derived fields (D21). Inputs are canonical values of the same row; null in, null out."""

    YEARS_SINCE = "yearsSince"
    """Whole years from a Date to today (Asia/Shanghai)."""
    RATIO = "ratio"
    """First input / second input as Float; null when the second is 0."""
    YOUNGER_THAN_14 = "youngerThan14"
    """Boolean from a Date; a missing date is true (D2)."""
    SM3 = "sm3"
    """Lower-case hex SM3 of a valid ID number; null for local identities."""
    PERSON_KEY = "personKey"
    """The consumer's pseudonym of a person identity (D10)."""
    ORG_LEVEL = "orgLevel"
    """Depth of a Party organisation code: its number of groups of three digits that are not trailing zeros."""
    ORG_PATH = "orgPath"
    """List of String: the codes from the root of the tree to a Party organisation's own, each with 15 digits."""
    OVERDUE = "overdue"
    """Boolean from a due Date and the DateTime of the end: it ended after that day, or has not ended and the day is
    past; null without a due date."""
    WITHIN_30_DAYS = "within30Days"
    """Boolean from a DateTime: it is missing, or at most 30 days back (calendar days, Asia/Shanghai)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """How a derived field is computed from other fields of its entity."""

    function: DerivedFunction
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deprecation:
    """A name that a later version drops: since which version, why, and what to ``use`` instead, if anything."""

    since: str
    reason: str
    use: str | None = None

    def __str__(self) -> str:
        instead = f" Use `{self.use}`." if self.use else ""
        return f"Since {self.since}: {self.reason.rstrip('.')}.{instead}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A canonical field.

    ``internal`` fields (join keys, digests) are bound and planned with but never reach GraphQL. ``text_companion``
    names the String field that carries the mask of a masked non-string value (D9), ``companion_of`` leads back.
    ``label_of`` marks the ``xLabel`` companion of a coded field. A companion has its base field's coordinate label.
    """

    name: str
    type: ScalarType
    title: Title
    label: Label
    place: Place
    description: str = ""
    is_list: bool = False
    internal: bool = False
    code_table: str | None = None
    derived: Derivation | None = None
    declassified: str | None = None
    mask: MaskKind = MaskKind.FULL
    text_companion: str | None = None
    companion_of: str | None = None
    label_of: str | None = None
    filterable: bool = True
    sortable: bool = True
    deprecated: Deprecation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinKey:
    """``local`` field of this entity equals (or is the tree prefix of) ``remote`` field of the target."""

    local: str
    remote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A step from one entity to another; a coordinate of its own.

    ``join``: alternatives in order; a later one applies to rows whose earlier local keys are null. ``tree`` set: the
    target rows are those whose remote code lies in the subtree of the local code. ``inverse`` names the target's
    relation that leads back: scopes reached through it are proved by the parent (D19).

    ``union`` set: the relation leads to one row of ``target`` or of the first of ``others`` that has one (D20), and
    ``union`` is the GraphQL name of the union of all of them. ``orphan``: the quality code of a row whose key names no
    row; ``retired``: the internal Boolean field that tells, in the same source, that the key names a row which the
    source has deleted (``SOFT_DELETED_REF``).
    """

    name: str
    target: str
    many: bool
    join: tuple[JoinKey, ...]
    title: Title
    label: Label
    place: Place
    description: str = ""
    tree: Tree | None = None
    inverse: str | None = None
    internal: bool = False
    others: tuple[str, ...] = ()
    union: str | None = None
    orphan: str | None = None
    retired: str | None = None
    deprecated: Deprecation | None = None

    @property
    def targets(self) -> tuple[str, ...]:
        """Every entity the relation may lead to, in order."""
        return (self.target, *self.others)


class ScopeKind(StrEnum):
    """Row scopes. ``ALL`` is the absence of a restriction and never part of a conjunction."""

    OWN = "OWN"
    ORGTREE = "ORGTREE"
    DIVTREE = "DIVTREE"
    UNITTREE = "UNITTREE"
    STN = "STN"
    SHOP = "SHOP"
    """Rows of a shop that the caller owns, by identity."""
    ACCOUNT = "ACCOUNT"
    """Rows of the caller's own account at the mall, which the identity provider vouches for."""
    OPEN = "OPEN"
    """Rows whose matter is not closed yet, by a Boolean of the row; only ever narrows another scope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopePath:
    """How rows of an entity lie in a scope: over to-one ``relations`` to ``field`` of the last entity (D19)."""

    relations: tuple[str, ...]
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowClass:
    """Rows for which ``when`` holds carry ``label`` instead of the entity's row label (D2).

    ``when`` reads ``constants`` by parameter slot.
    """

    when: Predicate
    constants: tuple[Canonical, ...]
    label: Label


class CheckTest(StrEnum):
    """What a row is checked for."""

    NOT_AFTER = "notAfter"
    """The first date or time is not after the second."""
    EQUAL = "equal"
    """Both values are equal."""
    ID_BIRTH = "idBirth"
    """The ID number (first) holds the date of birth (second); of a date known by the month, the month."""
    ID_SEX = "idSex"
    """The ID number (first) holds the sex (second)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityCheck:
    """``code`` is told of a row whose two ``fields``, both given and both shown to the caller, fail ``test``.

    Each source of a merged row is checked by itself. A null, or an invalid ID number, fails nothing.
    """

    code: str
    test: CheckTest
    fields: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A canonical entity. ``key`` and ``alternate_keys`` are field names; ``plural`` is the list root's name.

    ``root_list`` False: no unfiltered list (D18).

    ``row_label`` decides which rows exist for a caller (D1). ``row_sources`` names the connectors whose bindings make
    up the row set (others only enrich); for a single binding it is that connector. ``authority`` orders connectors per
    field (``"*"`` is the default order): the first non-null value wins. ``lookups`` are fields that may be asked by
    exact full value under the ``lookup`` action (D7).
    """

    name: str
    plural: str
    domain: str
    owner: str
    title: Title
    key: str
    fields: Mapping[str, Field]
    relations: Mapping[str, Relation]
    row_label: Label
    row_sources: tuple[str, ...]
    place: Place
    description: str = ""
    alternate_keys: tuple[str, ...] = ()
    lookups: tuple[str, ...] = ()
    root_list: bool = True
    authority: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scopes: Mapping[ScopeKind, ScopePath] = field(default_factory=dict)
    row_classes: tuple[RowClass, ...] = ()
    checks: tuple[QualityCheck, ...] = ()

    @property
    def singular_root(self) -> str:
        """Root field that finds one row by key: ``PartyMember`` -> ``partyMember``."""
        return self.name[0].lower() + self.name[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTable:
    """A standard or local code set: code -> title, in the standard's order. ``deprecated``: only old rows hold it."""

    name: str
    title: Title
    codes: Mapping[str, Title]
    standard: str = ""
    deprecated: Mapping[str, Deprecation] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """The whole canonical model. ``digest`` is a hex SHA-256 over the source files, for cache keys."""

    entities: Mapping[str, Entity]
    code_tables: Mapping[str, CodeTable]
    digest: str
