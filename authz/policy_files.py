"""Policy files: YAML a security officer writes -> one `PolicyVersion`, or every mistake by file and line.

All or nothing: a version is made only from files without a single mistake and with at least one line. Format::

    purposes:
      party_discipline: {zh: 纪律审查, en: review of discipline}
    roles:
      branch_secretary:
        title: {zh: 支部书记, en: branch secretary}
        rationale: Runs a branch and answers for its members.
        inherits: [resident_public]
        rules:
          - allow: read                     # or a list; deny: "*" for every action
            name: open-data                 # unique within the role
            coordinates: "*"                # or a list of Entity.field, Entity, Entity.*
            level: 2                        # at most; required for wildcards unless it is a deny
            sharing: [U, C]                 # wildcards: U and C unless said otherwise
            personal: [none, G, I, S]
            tags: [party]                   # must all be present
            without: [trade]                # must not be present
            scope: ORGTREE                  # a conjunction is ORGTREE&DIVTREE; ALL unless said otherwise
            single: true                    # one record at a time
            mask: standard                  # strict unless said otherwise
            purpose: [party_discipline]
            expires: 2026-12-31
            rationale: Why this is so.

Neighbours: :mod:`schema.yaml_source` (reading), :mod:`authz.policy` (what is made).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from authz.decisions import ALL, Scope
from authz.matching import parse_scope
from authz.policy import IDENTIFIER, Action, Effect, PolicyLine, PolicyVersion
from schema.catalog import Catalog, Place
from schema.coordinates import Coordinate, entity_of, member_of
from schema.errors import FilesInvalid
from schema.labels import PARTY, TRADE, PersonalInformation, Sharing
from schema.message import Unusable
from schema.messages import manifest_files, policy_files, yaml_files
from schema.yaml_nodes import ListNode, MappingNode, Node, Problems, did_you_mean
from schema.yaml_source import read_yaml

_EVERY_ACTION = "*"
_PERSONAL = {"none": PersonalInformation.NONE, **{p.value: p for p in PersonalInformation if p.value}}
_TAGS = {PARTY: PARTY, TRADE: TRADE}
T = TypeVar("T")


class _Variant(StrEnum):
    STRICT = "strict"
    STANDARD = "standard"


class PolicyInvalid(FilesInvalid):
    """The policy, or documents with cases for it, cannot be used."""

    code = "POLICY_INVALID"


def load_policy(paths: Iterable[Path], version: int, catalog: Catalog | None = None) -> PolicyVersion:
    """Read policy files (in the given order) as one version. With ``catalog``, coordinates must exist in it.

    Raises `PolicyInvalid`.
    """
    reader = _Reader(catalog)
    for path in paths:
        if (root := read_yaml(path, reader.problems)) is not None:
            reader.read(root)
    reader.check_references()
    if not reader.problems:
        if reader.lines:
            try:
                return PolicyVersion(
                    version=version,
                    lines=tuple(reader.lines),
                    inheritance=reader.inheritance,
                    purposes=reader.purposes,
                )
            except Unusable as error:
                reader.problems.report(reader.start, error.told)
        else:
            reader.problems.report(reader.start, policy_files.POLICY_EMPTY())
    raise PolicyInvalid(reader.problems.sorted())


class _Reader:
    """Collects roles, lines and mistakes over all files of one version."""

    def __init__(self, catalog: Catalog | None) -> None:
        self.problems = Problems()
        self.start = Place(file="policy", line=1)
        self.lines: list[PolicyLine] = []
        self.inheritance: dict[str, tuple[str, ...]] = {}
        self.purposes: dict[str, str] = {}
        self._catalog = catalog
        self._named_roles: list[tuple[Place, str]] = []
        self._named_purposes: list[tuple[Place, str]] = []

    def read(self, root: MappingNode) -> None:
        """One file."""
        self.start = root.place
        if (purposes := root.find_mapping("purposes")) is not None:
            for code, node in purposes.entries():
                title = node.as_mapping(policy_files.PURPOSE_QUOTED(name=code))
                if title is not None:
                    self.purposes[code] = _title(title)
        if (roles := root.find_mapping("roles")) is not None:
            for role, node in roles.entries():
                if (body := node.as_mapping(policy_files.ROLE_QUOTED(name=role))) is not None:
                    self._role(role, body)
        root.unknown_keys()

    def check_references(self) -> None:
        """Roles and purposes are known once every file has been read."""
        for place, name in self._named_roles:
            if name not in self.inheritance:
                hint = did_you_mean(name, self.inheritance)
                self.problems.report(place, policy_files.ROLE_UNDECLARED(name=name, hint=hint))
        for place, name in self._named_purposes:
            if name not in self.purposes:
                hint = did_you_mean(name, self.purposes)
                self.problems.report(place, policy_files.PURPOSE_UNDECLARED(name=name, hint=hint))

    def _role(self, role: str, node: MappingNode) -> None:
        if not IDENTIFIER.match(role):
            self.problems.report(node.place, policy_files.ROLE_NAME())
        if role in self.inheritance:
            self.problems.report(node.place, policy_files.ROLE_TWICE(name=role))
        if (title := node.take_mapping("title")) is not None:
            _title(title)
        node.take_str("rationale")
        parents = node.find_strs("inherits")
        self.inheritance[role] = parents
        self._named_roles.extend((node.place_of("inherits"), parent) for parent in parents)
        names: dict[str, Place] = {}
        for item in node.find_list("rules"):
            if (rule := item.as_mapping(policy_files.A_RULE())) is not None:
                self._rule(role, rule, names)
        node.unknown_keys()

    def _rule(self, role: str, node: MappingNode, names: dict[str, Place]) -> None:
        name = node.take_str("name") or ""
        if name in names:
            self.problems.report(node.place_of("name"), policy_files.RULE_TWICE(name=name, line=names[name].line))
        names[name] = node.place_of("name")
        place = node.place
        effect, actions = self._actions(node)
        selectors = self._texts(node, "coordinates") or ("*",)
        self._check_coordinates(node.place_of("coordinates"), selectors)
        wild = any(selector.endswith("*") for selector in selectors)
        levelled = node.find("level") is not None
        if wild and effect is Effect.ALLOW and not levelled:
            self.problems.report(place, policy_files.WILDCARD_WITHOUT_LEVEL())
        personal = self._words(node, "personal", _PERSONAL)
        sharing = self._words(node, "sharing", {kind.value: kind for kind in Sharing})
        by_default = (Sharing.UNCONDITIONAL, Sharing.CONDITIONAL) if wild and effect is Effect.ALLOW else tuple(Sharing)
        purposes = node.find_strs("purpose")
        self._named_purposes.extend((node.place_of("purpose"), purpose) for purpose in purposes)
        variant = node.find_enum("mask", _Variant)
        if variant is not None and Action.MASK not in actions:
            self.problems.report(node.place_of("mask"), policy_files.MASK_WITHOUT_ACTION())
        level, scope, single = node.find_int("level"), self._scope(node), node.find_flag("single")
        required = frozenset(self._words(node, "tags", _TAGS))
        forbidden = frozenset(self._words(node, "without", _TAGS))
        expires = self._expires(node)
        rationale = node.take_str("rationale") or ""
        node.unknown_keys()
        for action in actions:
            for selector in selectors:
                try:
                    line = PolicyLine(
                        rule=str(place),
                        name=f"{role}/{name}",
                        role=role,
                        effect=effect,
                        action=action,
                        selector=selector,
                        max_level=4 if level is None else level,
                        sharing=frozenset(sharing or by_default),
                        personal=frozenset(personal or PersonalInformation),
                        required_tags=required,
                        forbidden_tags=forbidden,
                        scope=scope,
                        single=single,
                        strict=variant is not _Variant.STANDARD,
                        purposes=frozenset(purposes),
                        expires=expires,
                        rationale=rationale,
                    )
                except Unusable as error:
                    self.problems.report(place, error.told)
                else:
                    self.lines.append(line)

    def _actions(self, node: MappingNode) -> tuple[Effect, tuple[Action | None, ...]]:
        written = {effect: self._texts(node, effect.value) for effect in Effect}
        effects = [effect for effect, actions in written.items() if actions]
        if len(effects) != 1:
            self.problems.report(node.place, policy_files.ALLOW_OR_DENY())
            return Effect.DENY, ()
        known: dict[str, Action | None] = {action.value: action for action in Action}
        if effects[0] is Effect.DENY:
            known[_EVERY_ACTION] = None
        return effects[0], self._known(node.place_of(effects[0].value), effects[0].value, written[effects[0]], known)

    def _scope(self, node: MappingNode) -> Scope:
        text = node.find_str("scope")
        try:
            return ALL if text is None else parse_scope(text)
        except ValueError:
            self.problems.report(node.place_of("scope"), policy_files.SCOPE_FORM(written=text or ""))
            return ALL

    def _expires(self, node: MappingNode) -> date | None:
        text = node.find_str("expires")
        try:
            return None if text is None else date.fromisoformat(text)
        except ValueError:
            self.problems.report(node.place_of("expires"), policy_files.EXPIRES_FORM(written=text or ""))
            return None

    def _texts(self, node: MappingNode, key: str) -> tuple[str, ...]:
        """A text, or a list of texts."""
        found: Node | None = node.find(key)
        if found is None:
            return ()
        if isinstance(found, ListNode):
            return found.as_strs(yaml_files.KEY(key=key)) or ()
        text = found.as_str(yaml_files.KEY(key=key))
        return () if text is None else (text,)

    def _words(self, node: MappingNode, key: str, known: dict[str, T]) -> tuple[T, ...]:
        return self._known(node.place_of(key), key, self._texts(node, key), known)

    def _known(self, place: Place, key: str, words: Sequence[str], known: dict[str, T]) -> tuple[T, ...]:
        for word in words:
            if word not in known:
                hint = did_you_mean(word, known) or (policy_files.WORDS_HERE(names=tuple(known)),)
                self.problems.report(place, policy_files.WORD_UNKNOWN(key=key, written=word, hint=hint))
        return tuple(known[word] for word in words if word in known)

    def _check_coordinates(self, place: Place, selectors: Sequence[str]) -> None:
        if self._catalog is None:
            return
        for selector in selectors:
            name = entity_of(Coordinate(selector))
            if name == "*":
                continue
            entity = self._catalog.entities.get(name)
            if entity is None:
                hint = did_you_mean(name, self._catalog.entities)
                self.problems.report(place, manifest_files.ENTITY_UNKNOWN(name=name, hint=hint))
                continue
            member = member_of(Coordinate(selector))
            members = (*entity.fields, *entity.relations)
            if member not in (None, "*", *members):
                hint = did_you_mean(member or "", members)
                self.problems.report(place, policy_files.MEMBER_UNKNOWN(name=name, other=member or "", hint=hint))


def _title(node: MappingNode) -> str:
    """Both languages are required; the English one is returned."""
    node.take_str("zh")
    english = node.take_str("en") or ""
    node.unknown_keys()
    return english
