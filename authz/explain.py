"""Why a coordinate is decided as it is: every line of the policy, whether it matched, and if not, what kept it out.

For ``hutong policy explain``. Whether a line matched is Casbin's own answer about this line alone; the first condition
that fails is told by the functions that Casbin calls. Neighbours: :mod:`authz.compilation` (the decision explained).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from authz.compilation import Target, compile_access, targets, today_in_shanghai
from authz.decisions import Access, scope_name
from authz.enforcer import Enforcer, Request
from authz.matching import selects
from authz.policy import Action, Effect, PolicyLine, PolicyVersion
from authz.subjects import Profile
from schema.catalog import Catalog
from schema.coordinates import Coordinate
from schema.labels import Label
from schema.language import Language
from schema.message import Told
from schema.messages import explanations, reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line. ``ignored``: why it does not count here, or ``None`` when it matched. ``decisive``: it decided."""

    line: PolicyLine
    ignored: Told | None
    decisive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The decision about one coordinate and everything that bore on it, in the policy's order."""

    profile: Profile
    coordinate: Coordinate
    label: Label
    access: Access
    findings: tuple[Finding, ...]


def explain(
    policy: PolicyVersion, catalog: Catalog, profile: Profile, coordinate: Coordinate, *, today: date | None = None
) -> Explanation:
    """Explain one coordinate for one profile. Raises ``KeyError`` for a coordinate the catalogue does not have."""
    target = next((it for it in targets(catalog) if it.coordinate == coordinate and not it.row_class), None)
    if target is None:
        raise KeyError(coordinate)
    day = today or today_in_shanghai()
    access = compile_access(policy, catalog, profile, today=day)[coordinate]
    granted = {it.rule for it in (*access.clear, *access.lookup)} | {it.rule for it in access.masked}
    deciding = granted | {access.denied_by}
    judged = [(line, _ignored(line, target, profile, day)) for line in policy.lines]
    return Explanation(
        profile=profile,
        coordinate=coordinate,
        label=target.label,
        access=access,
        findings=tuple(
            Finding(line=line, ignored=reason, decisive=reason is None and line.rule in deciding)
            for line, reason in judged
        ),
    )


def _ignored(line: PolicyLine, target: Target, profile: Profile, day: date) -> Told | None:
    if line.role not in profile.roles:
        return explanations.ROLE_NOT_HELD(role=line.role)
    if not line.in_force(day):
        return explanations.LINE_EXPIRED(time=str(line.expires))
    if not line.serves(profile.purpose):
        return explanations.NEEDS_PURPOSE(purposes=", ".join(sorted(line.purposes)))
    request = Request(
        subject=line.role,
        coordinate=target.asked,
        label=target.label,
        action=line.action or Action.READ,
        form="limited",
        scope=line.scope,
    )
    if Enforcer([line], ()).decide(request).rule is not None:
        return explanations.ONLY_FIELDS_ARE_MASKED() if line.action is Action.MASK and target.mask is None else None
    if not selects(line.selector, target.asked):
        return explanations.SPEAKS_OF(selector=line.selector)
    return explanations.LABEL_UNMET(label=str(target.label), reasons=_unmet(line, target.label))


def _unmet(line: PolicyLine, label: Label) -> tuple[Told, ...]:
    """The label conditions that fail."""
    checks = (
        (label.level <= line.max_level, explanations.LEVEL_ABOVE(level=line.max_level)),
        (label.sharing in line.sharing, explanations.SHARING_NOT_OPENED(label=label.sharing.value)),
        (label.personal in line.personal, explanations.CLASS_NOT_OPENED(label=label.personal.value or "none")),
        (line.required_tags <= label.tags, explanations.TAGS_MISSING(tags=", ".join(sorted(line.required_tags)))),
        (not line.forbidden_tags & label.tags, explanations.TAGS_EXCLUDED(tags=", ".join(sorted(line.forbidden_tags)))),
    )
    return tuple(told for holds, told in checks if not holds)


def render(explanation: Explanation, language: Language) -> str:
    """As text: the decision, then the lines of the roles held; those of other roles are only counted."""
    return "\n".join(
        f"  {line.said(language)}" if isinstance(line, Told) else f"  {_line(line, language)}"
        for line in _lines(explanation)
    ).lstrip()


def _lines(explanation: Explanation) -> Iterator[Told | Finding]:
    access, profile = explanation.access, explanation.profile
    coordinate, label = str(explanation.coordinate), str(explanation.label)
    if profile.roles:
        yield explanations.DECISION_OF(coordinate=coordinate, label=label, roles=", ".join(sorted(profile.roles)))
    else:
        yield explanations.DECISION_OF_NOBODY(coordinate=coordinate, label=label)
    for allowed in access.clear:
        scope = scope_name(allowed.scope)
        if allowed.single:
            yield explanations.CLEAR_SINGLY_IN(scope=scope, rule=allowed.rule)
        else:
            yield explanations.CLEAR_IN(scope=scope, rule=allowed.rule)
    for masked in access.masked:
        scope, mask = scope_name(masked.scope), masked.mask.value
        if masked.strict:
            yield explanations.MASKED_STRICTLY_IN(mask=mask, scope=scope, rule=masked.rule)
        else:
            yield explanations.MASKED_IN(mask=mask, scope=scope, rule=masked.rule)
    for allowed in access.lookup:
        yield explanations.LOOKUP_IN(scope=scope_name(allowed.scope), rule=allowed.rule)
    if access.denied:
        yield explanations.DENIED_FOR(reason=access.reason or reasons.NOT_NAMED())
        if access.purposes:
            yield explanations.WOULD_OPEN_FOR(purposes=", ".join(sorted(access.purposes)))
    held = [finding for finding in explanation.findings if finding.line.role in profile.roles]
    yield from held
    if others := len(explanation.findings) - len(held):
        yield explanations.LINES_OF_OTHERS(count=others)


def _line(finding: Finding, language: Language) -> str:
    """A line of the policy in the policy's own words, and why it does not count, if it does not."""
    line = finding.line
    mark = "=>" if finding.decisive else " -" if finding.ignored else " +"
    action = line.action.value if line.action else "*"
    verb = "deny" if line.effect is Effect.DENY else "allow"
    said = f": {finding.ignored.said(language)}" if finding.ignored else ""
    return f"{mark} {line.rule} {line.name}: {verb} {action} {line.selector} in {scope_name(line.scope)}{said}"
