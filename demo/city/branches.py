"""S2's branches and users: the organisation life platform's own view of S1's tree and members.

Most organisations are there under their code; some branches have none, a stale one, or share one. Users are the members
who bound their account; they know their member number, or at least the SM3 digest of their ID number.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from cryptography.hazmat.primitives import hashes

from demo.city.defects import Ledger, spread
from demo.city.divisions import CITY_CODE, COUNTIES
from demo.city.edition import TODAY, scaled, stream
from demo.city.identifiers import mobile
from demo.city.members import FULL_LIVE
from demo.city.membership import Enrolled
from demo.city.organisations import Organisation
from demo.city.personas import PERSONAS

FULL_USERS = 287_000
Row = tuple[object, ...]
_REGISTERED = 0.976
"""Share of live organisations that the platform knows; with second branches 14,900 rows at full scale."""

_OWN_CODES = frozenset(code for persona in PERSONAS for code in (*persona.org_codes, persona.branch) if code)


@dataclass(frozen=True, slots=True)
class PlatformBranch:
    """A branch with members: its id, the organisation's index, and whether it is the second one of that code."""

    id: str
    organisation: int
    second: bool


@dataclass(frozen=True, slots=True)
class User:
    """A bound account."""

    id: str
    member: Enrolled


@dataclass(slots=True)
class Platform:
    """What the streams of branches and users leave behind. ``users`` are live ones by organisation index."""

    branches: list[PlatformBranch] = field(default_factory=list)
    users: dict[int, list[User]] = field(default_factory=dict)


def sm3(text: str) -> str:
    """Lower-case hex SM3 (GB/T 32905), unsalted, as S2 stores it."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(text.encode())
    return digest.finalize().hex()


def uuid(rng: random.Random) -> str:
    """A random UUID (version 4)."""
    digits = f"{rng.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def branch_rows(seed: int, organisations: Sequence[Organisation], platform: Platform, ledger: Ledger) -> Iterator[Row]:
    """Rows of ``branch``, parents before children, second branches of a code last."""
    rng = stream(seed, "branches")
    live = [n for n, o in enumerate(organisations) if not o.deleted]
    leaves = [n for n in live if organisations[n].holds_members and organisations[n].code not in _OWN_CODES]
    absent = set(rng.sample(leaves, len(live) - round(_REGISTERED * len(live))))
    present = [n for n in leaves if n not in absent]
    codes = spread(rng, ("BRANCH_CODE_NULL", "BRANCH_CODE_STALE", "BRANCH_CODE_SHARED"), present, base=len(live))
    gone = [o.code for o in organisations if o.deleted]
    ids: dict[str, str] = {}
    second: list[int] = []
    for n in live:
        if n in absent:
            continue
        o = organisations[n]
        key = ids[o.code] = uuid(rng)
        code: str | None = o.code
        match codes.get(n):
            case "BRANCH_CODE_NULL":
                code = None
                ledger.add("BRANCH_CODE_NULL", key)
            case "BRANCH_CODE_STALE":
                code = rng.choice(gone)
                ledger.add("BRANCH_CODE_STALE", key)
            case "BRANCH_CODE_SHARED":
                second.append(n)
                ledger.add("BRANCH_CODE_SHARED", key)
        if o.holds_members:
            platform.branches.append(PlatformBranch(key, n, second=False))
        yield key, code, o.name, ids.get(o.parent or ""), _county(o), None
    for n in second:
        o = organisations[n]
        key = uuid(rng)
        ledger.add("BRANCH_CODE_SHARED", key)
        platform.branches.append(PlatformBranch(key, n, second=True))
        yield key, o.code, f"{o.name}（新）", ids.get(o.parent or ""), _county(o), None
    for code in gone[: max(10, len(gone) // 4)]:
        yield uuid(rng), code, "已撤销党支部", None, None, "2017-12-20 10:00:00+08"


def _county(organisation: Organisation) -> str:
    return CITY_CODE if organisation.county is None else COUNTIES[organisation.county].code


def user_rows(
    seed: int, scale: float, enrolled: Sequence[Enrolled], platform: Platform, ledger: Ledger
) -> Iterator[Row]:
    """Rows of ``app_user``: the personas' and as many others as the platform has."""
    rng = stream(seed, "users")
    own = sum(persona.member_no is not None for persona in PERSONAS)
    wanted = min(round(FULL_USERS / FULL_LIVE * scaled(FULL_LIVE, scale)), len(enrolled))
    chosen = [*range(own), *sorted(rng.sample(range(own, len(enrolled)), wanted - own))]
    flaws = spread(rng, ("USER_NO_MEMBER_NO", "USER_DELETED"), range(own, wanted))
    for index, number in enumerate(chosen):
        member = enrolled[number]
        user = User(uuid(rng), member)
        flaw = flaws.get(index)
        if flaw is not None:
            ledger.add(flaw, user.id)
        if flaw != "USER_DELETED":
            platform.users.setdefault(member.branch, []).append(user)
        yield (
            user.id,
            None if flaw == "USER_NO_MEMBER_NO" else member.member_no,
            sm3(member.id_number),
            member.name,
            member.mobile if member.mobile and rng.random() < 0.85 else mobile(rng),
            f"{TODAY - timedelta(days=20 + int(rng.random() * 900))} 12:00:00+08",
            "2018-06-30 18:00:00+08" if flaw == "USER_DELETED" else None,
        )
