"""Decisions ahead of time: (policy version, catalogue, profile) -> `AccessMap` (D4).

Stage: authorize. Casbin decides every single one: an enforcer that holds only the lines of the profile's roles is asked
once per class of coordinates that no line can tell apart (equal label, named by the same selectors), action and scope
that some line grants. The effect (some allow and no deny) does not depend on order, so the slice decides as the whole
policy would. Neighbours: :mod:`authz.enforcer` (Casbin), :mod:`resolvers.authorize` (applies the map).
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from authz.decisions import Access, AccessMap, Allowed, Masked, Scope, covers, scope_name
from authz.enforcer import Enforcer, Request
from authz.matching import Form, selects
from authz.policy import Action, Effect, PolicyLine, PolicyVersion
from authz.subjects import Profile
from schema.catalog import Catalog, CheckTest, Entity, Field, MaskKind, ScopeKind
from schema.coordinates import Coordinate, field_coordinate, row_coordinate
from schema.identity import SHANGHAI
from schema.labels import Label, PersonalInformation
from schema.message import Told
from schema.messages import reasons

_PROFILE = "subject:profile"
"""Name of the profile in an enforcer. No role can be called so: a role's name holds no colon."""
BIRTH_DATE = "birthDate"


def today_in_shanghai() -> date:
    """The day that decides about expiry."""
    return datetime.now(SHANGHAI).date()


def compile_access(
    policy: PolicyVersion, catalog: Catalog, profile: Profile, *, today: date | None = None
) -> AccessMap:
    """Every decision of ``profile`` over the whole catalogue: rows, row classes, fields and relations."""
    day = today or today_in_shanghai()
    held = [line for line in policy.lines if line.role in profile.roles and line.in_force(day)]
    slice_now = _Slice([line for line in held if line.serves(profile.purpose)], profile)
    slices_by_purpose = {
        purpose: _Slice([line for line in held if line.serves(purpose)], profile)
        for purpose in sorted({purpose for line in held for purpose in line.purposes} - {profile.purpose})
    }
    accesses: dict[Coordinate, Access] = {}
    classes: dict[Coordinate, tuple[Access, ...]] = {}
    for target in targets(catalog):
        access = slice_now.access(target)
        if access.denied:
            opening = (purpose for purpose, other in slices_by_purpose.items() if not other.access(target).denied)
            access = replace(access, purposes=frozenset(opening))
        if target.row_class:
            classes[target.coordinate] = (*classes.get(target.coordinate, ()), access)
        else:
            accesses[target.coordinate] = access
    _keep_birth_dates_out_of_masks(catalog, accesses)
    return AccessMap(accesses=accesses, row_classes=classes, digest=_digest(accesses, classes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One thing to decide. ``asked``: the coordinate whose decision it takes (a companion's base field). ``paths``: the
    kinds of scope that the entity has a path for; a right in any other reaches no row, so it is none (D19).
    """

    coordinate: Coordinate
    asked: Coordinate
    label: Label
    paths: frozenset[ScopeKind]
    mask: MaskKind | None = None
    row_class: bool = False


def targets(catalog: Catalog) -> Iterator[Target]:
    """Everything there is to decide, entity by entity."""
    for entity in catalog.entities.values():
        row = row_coordinate(entity.name)
        paths = frozenset(entity.scopes)
        yield Target(coordinate=row, asked=row, label=entity.row_label, paths=paths)
        for row_class in entity.row_classes:
            yield Target(coordinate=row, asked=row, label=row_class.label, paths=paths, row_class=True)
        for field in entity.fields.values():
            base = _base_field(entity, field)
            yield Target(
                coordinate=field_coordinate(entity.name, field.name),
                asked=field_coordinate(entity.name, base.name),
                label=base.label,
                paths=paths,
                mask=base.mask,
            )
        for relation in entity.relations.values():
            coordinate = field_coordinate(entity.name, relation.name)
            yield Target(coordinate=coordinate, asked=coordinate, label=relation.label, paths=paths)


def _base_field(entity: Entity, field: Field) -> Field:
    """The field whose decision ``field`` takes: what it is a companion of, else itself."""
    while (base := field.label_of or field.companion_of) is not None:
        field = entity.fields[base]
    return field


@dataclass(frozen=True, slots=True)
class _Grants:
    """What Casbin said about one class of coordinates; ``denied_by``: the deny that met it, if one did."""

    read: tuple[Allowed, ...]
    mask: tuple[Allowed, ...]
    lookup: tuple[Allowed, ...]
    denied_by: str | None


class _Slice:
    """The lines that count for a profile, asked once per class of coordinates that they cannot tell apart."""

    def __init__(self, lines: list[PolicyLine], profile: Profile) -> None:
        links = ((_PROFILE, role) for role in sorted(profile.roles))
        self._enforcer = Enforcer(lines, links) if lines else None
        self._denies = any(line.effect is Effect.DENY for line in lines)
        self._selectors = sorted({line.selector for line in lines} - {"*"})
        self._granted: dict[Action, dict[Scope, set[Form]]] = {}
        for line in lines:
            if line.effect is Effect.ALLOW and line.action is not None:
                limited = line.single or (line.action is Action.MASK and line.strict)
                forms = self._granted.setdefault(line.action, {}).setdefault(line.scope, set())
                forms.add("limited" if limited else "full")
        self._answers: dict[object, _Grants] = {}

    def access(self, target: Target) -> Access:
        """The decision about one target."""
        grants = self._grants(target)
        read, mask, lookup = (
            tuple(it for it in given if it.scope <= target.paths) for given in (grants.read, grants.mask, grants.lookup)
        )
        clear = tuple(_maximal(read))
        masked: tuple[Masked, ...] = ()
        if target.mask is not None:
            open_scopes = [allowed.scope for allowed in clear if not allowed.single]
            masked = tuple(
                Masked(scope=allowed.scope, mask=target.mask, rule=allowed.rule, strict=allowed.single)
                for allowed in _maximal(mask)
                if not any(covers(scope, allowed.scope) for scope in open_scopes)
            )
        reason: Told | None = None
        if not clear and not masked:
            reason = reasons.RULE_DENIES() if grants.denied_by else reasons.NO_RULE()
            if grants.read or grants.mask:
                reason = reasons.OUTSIDE_EVERY_SCOPE()
        return Access(
            coordinate=target.coordinate,
            clear=clear,
            masked=masked,
            lookup=tuple(_maximal(lookup)),
            reason=reason,
            denied_by=grants.denied_by,
        )

    def _grants(self, target: Target) -> _Grants:
        named = tuple(selector for selector in self._selectors if selects(selector, target.asked))
        key = (target.label, named)
        if (known := self._answers.get(key)) is None:
            known = self._answers[key] = self._ask(target)
        return known

    def _ask(self, target: Target) -> _Grants:
        read = tuple(self._allowed(target, Action.READ))
        sensitive = target.label.personal is PersonalInformation.SENSITIVE
        if sensitive:
            read = tuple(replace(it, single=it.single or ScopeKind.OWN not in it.scope) for it in read)
        denied_by = None
        if not read and self._denies and self._enforcer is not None:
            denied_by = self._enforcer.decide(self._request(target, Action.READ)).rule
        return _Grants(
            read=read,
            mask=tuple(self._allowed(target, Action.MASK)),
            lookup=tuple(self._allowed(target, Action.LOOKUP)),
            denied_by=denied_by,
        )

    def _allowed(self, target: Target, action: Action) -> Iterator[Allowed]:
        """Scopes in which Casbin allows ``action``; ``single`` tells that only its limited form is."""
        if self._enforcer is None:
            return
        for scope, forms in self._granted.get(action, {}).items():
            for form in sorted(forms):
                verdict = self._enforcer.decide(self._request(target, action, form, scope))
                if verdict.allowed and verdict.rule is not None:
                    yield Allowed(scope=scope, rule=verdict.rule, single=form == "limited")
                    break

    @staticmethod
    def _request(target: Target, action: Action, form: Form = "full", scope: Scope = frozenset()) -> Request:
        return Request(
            subject=_PROFILE, coordinate=target.asked, label=target.label, action=action, form=form, scope=scope
        )


def _maximal(allowed: tuple[Allowed, ...]) -> Iterator[Allowed]:
    """Those that no other one makes superfluous: at least as wide, and at least as generous. Widest first."""
    for one in sorted(allowed, key=lambda it: (len(it.scope), scope_name(it.scope), it.single)):
        others = (other for other in allowed if (other.scope, other.single) != (one.scope, one.single))
        if not any(covers(other.scope, one.scope) and other.single <= one.single for other in others):
            yield one


def _keep_birth_dates_out_of_masks(catalog: Catalog, accesses: dict[Coordinate, Access]) -> None:
    """D9: six and four characters of an ID number and the birth date give the whole number back.

    The two may stand in different entities and scopes, a relation or a second operation apart: who reads any birth date
    in clear gets every mask of an ID number strict.
    """
    if not any(accesses[coordinate].clear for coordinate in _birth_dates(catalog)):
        return
    for coordinate, access in accesses.items():
        if any(masked.mask is MaskKind.ID_NUMBER and not masked.strict for masked in access.masked):
            masked = tuple(replace(it, strict=True) for it in access.masked)
            accesses[coordinate] = replace(access, masked=masked)


def _birth_dates(catalog: Catalog) -> Iterator[Coordinate]:
    """Fields called so, and those that a check compares with an ID number."""
    for entity in catalog.entities.values():
        checked = {check.fields[1] for check in entity.checks if check.test is CheckTest.ID_BIRTH}
        for name in sorted(checked | {BIRTH_DATE}):
            if name in entity.fields:
                yield field_coordinate(entity.name, name)


def _digest(accesses: Mapping[Coordinate, Access], classes: Mapping[Coordinate, tuple[Access, ...]]) -> str:
    """Hex SHA-256 over everything decided, in a spelling of its own that does not depend on hashing order."""
    text = hashlib.sha256()
    of_classes = (access for decided in classes.values() for access in decided)
    for access in (*accesses.values(), *of_classes):
        reason = access.reason.key if access.reason else ""
        text.update(f"\n{access.coordinate}|{reason}|{' '.join(sorted(access.purposes))}".encode())
        for kind, group in (("clear", access.clear), ("lookup", access.lookup)):
            for allowed in group:
                text.update(f"|{kind} {scope_name(allowed.scope)} {allowed.single} {allowed.rule}".encode())
        for masked in access.masked:
            text.update(f"|mask {scope_name(masked.scope)} {masked.mask} {masked.strict} {masked.rule}".encode())
    return text.hexdigest()
