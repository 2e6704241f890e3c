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


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line. ``ignored``: why it does not count here, or ``None`` when it matched. ``decisive``: it decided."""

    line: PolicyLine
    ignored: str | None
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
    reasons = [(line, _ignored(line, target, profile, day)) for line in policy.lines]
    return Explanation(
        profile=profile,
        coordinate=coordinate,
        label=target.label,
        access=access,
        findings=tuple(
            Finding(line=line, ignored=reason, decisive=reason is None and line.rule in deciding)
            for line, reason in reasons
        ),
    )


def _ignored(line: PolicyLine, target: Target, profile: Profile, day: date) -> str | None:
    if line.role not in profile.roles:
        return f"the role {line.role} is not held"
    if not line.in_force(day):
        return f"expired after {line.expires}"
    if not line.serves(profile.purpose):
        return f"needs the purpose {' or '.join(sorted(line.purposes))}"
    request = Request(
        subject=line.role,
        coordinate=target.asked,
        label=target.label,
        action=line.action or Action.READ,
        form="limited",
        scope=line.scope,
    )
    if Enforcer([line], ()).decide(request).rule is not None:
        return "only fields are masked" if line.action is Action.MASK and target.mask is None else None
    if not selects(line.selector, target.asked):
        return f"speaks of {line.selector}"
    return f"label {target.label}: {_unmet(line, target.label)}"


def _unmet(line: PolicyLine, label: Label) -> str:
    """The label conditions that fail, as a phrase."""
    checks = (
        (label.level <= line.max_level, f"the level is above {line.max_level}"),
        (label.sharing in line.sharing, f"sharing {label.sharing.value} is not opened"),
        (label.personal in line.personal, f"class {label.personal.value or 'none'} is not opened"),
        (line.required_tags <= label.tags, f"the tag {', '.join(sorted(line.required_tags))} is missing"),
        (not line.forbidden_tags & label.tags, f"the tag {', '.join(sorted(line.forbidden_tags))} is excluded"),
    )
    return ", ".join(phrase for holds, phrase in checks if not holds)


def render(explanation: Explanation) -> str:
    """As text: the decision, then the lines of the roles held; those of other roles are only counted."""
    return "\n".join(_rendered(explanation))


def _rendered(explanation: Explanation) -> Iterator[str]:
    access, profile = explanation.access, explanation.profile
    yield f"{explanation.coordinate} [{explanation.label}] for {', '.join(sorted(profile.roles)) or 'no role'}"
    for allowed in access.clear:
        one = ", one record at a time" if allowed.single else ""
        yield f"  clear in {scope_name(allowed.scope)}{one} by {allowed.rule}"
    for masked in access.masked:
        strictly = "strictly " if masked.strict else ""
        yield f"  {strictly}masked ({masked.mask.value}) in {scope_name(masked.scope)} by {masked.rule}"
    for allowed in access.lookup:
        yield f"  lookup in {scope_name(allowed.scope)} by {allowed.rule}"
    if access.denied:
        yield f"  denied: {access.reason}"
        if access.purposes:
            yield f"  would open for the purpose {' or '.join(sorted(access.purposes))}"
    held = [finding for finding in explanation.findings if finding.line.role in profile.roles]
    for finding in held:
        line = finding.line
        mark = "=>" if finding.decisive else " -" if finding.ignored else " +"
        action = line.action.value if line.action else "*"
        verb = "deny" if line.effect is Effect.DENY else "allow"
        said = f": {finding.ignored}" if finding.ignored else ""
        yield f"  {mark} {line.rule} {line.name}: {verb} {action} {line.selector} in {scope_name(line.scope)}{said}"
    if others := len(explanation.findings) - len(held):
        yield f"  {others} lines of roles that are not held"
