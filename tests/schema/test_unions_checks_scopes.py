"""Relations to one of several entities, orphans and deleted rows, checks of rows, kinds of scope, lists."""

from pathlib import Path

import pytest

from schema.catalog import CheckTest, QualityCheck, ScopeKind, ScopePath
from schema.catalog_loader import load_catalog
from tests.schema.right_catalog import RIGHT, check, write

VISIT = """\
  Visit:
    title: {zh: 来访, en: Visit}
    key: visitNo
    plural: visits
    rowSources: [s4]
    scopes: {OWN: org.orgCode, SHOP: identity, ACCOUNT: account, OPEN: isOpen}
    checks:
      - {code: TIME_ORDER, test: notAfter, fields: [beganAt, endedAt]}
      - {code: CONFLICT(paid), test: equal, fields: [paid, counted]}
      - {code: ID_BIRTH_MISMATCH, test: idBirth, fields: [idNumber, born]}
      - {code: ID_SEX_MISMATCH, test: idSex, fields: [idNumber, sex]}
    fields:
      visitNo: {type: Int, label: C2Gp, title: {zh: 编号, en: Number}}
      identity: {type: String, label: C4I, title: {zh: 身份, en: Identity}, internal: true}
      account: {type: String, label: C3G, title: {zh: 账号, en: Account}, internal: true}
      orgCode: {type: String, label: C2p, title: {zh: 组织, en: Organisation}, internal: true}
      orgGone: {type: Boolean, label: C2p, title: {zh: 撤销, en: Gone}, internal: true}
      idNumber: {type: String, label: C4I, title: {zh: 号码, en: Number}, mask: idNumber}
      born: {type: Date, label: C3G, title: {zh: 出生, en: Born}}
      sex: {type: Code, codes: sex, label: C2G, title: {zh: 性别, en: Sex}}
      marks: {type: Code, codes: sex, list: true, label: U1, title: {zh: 标记, en: Marks}}
      path: {type: String, list: true, label: C2p, title: {zh: 路径, en: Path}, derived: orgPath(orgCode)}
      dueOn: {type: Date, label: C2, title: {zh: 期限, en: Due}}
      beganAt: {type: DateTime, label: C2, title: {zh: 开始, en: Began}}
      endedAt: {type: DateTime, label: C2, title: {zh: 结束, en: Ended}}
      isOpen: {type: Boolean, label: C2, title: {zh: 未结, en: Open}, derived: within30Days(endedAt), internal: true}
      overdue: {type: Boolean, label: C2, title: {zh: 超期, en: Overdue}, derived: "overdue(dueOn, endedAt)"}
      paid: {type: Fen, label: C2, title: {zh: 已付, en: Paid}}
      counted: {type: Fen, label: C2, title: {zh: 合计, en: Counted}, internal: true}
    relations:
      host:
        toOneOf: [Org, Member]
        union: Host
        join: [orgCode]
        label: C2Gp
        title: {zh: 主人, en: Host}
      org:
        to: Org
        join: [orgCode]
        orphan: ORPHAN_ORG
        retired: orgGone
        label: C2p
        title: {zh: 组织, en: Organisation}
"""
TEXT = RIGHT + VISIT


def line_of(text: str) -> int:
    """The line of the visit that begins with ``text``."""
    first = RIGHT.count("\n") + 1
    return next(number for number, line in enumerate(VISIT.splitlines(), first) if line.strip().startswith(text))


def test_what_is_written_is_read(tmp_path: Path) -> None:
    visit = load_catalog(write(tmp_path, TEXT)).entities["Visit"]
    host, org = visit.relations["host"], visit.relations["org"]
    assert (host.targets, host.union, host.many) == (("Org", "Member"), "Host", False)
    assert (org.targets, org.orphan, org.retired) == (("Org",), "ORPHAN_ORG", "orgGone")
    assert visit.scopes[ScopeKind.OPEN] == ScopePath(relations=(), field="isOpen")
    assert visit.scopes.keys() == {ScopeKind.OWN, ScopeKind.SHOP, ScopeKind.ACCOUNT, ScopeKind.OPEN}
    assert visit.checks[:2] == (
        QualityCheck(code="TIME_ORDER", test=CheckTest.NOT_AFTER, fields=("beganAt", "endedAt")),
        QualityCheck(code="CONFLICT(paid)", test=CheckTest.EQUAL, fields=("paid", "counted")),
    )
    assert visit.fields["marksLabel"].is_list
    assert visit.fields["path"].is_list


MISTAKES = {
    "a union of one": ("toOneOf: [Org, Member]", "toOneOf: [Org]", "toOneOf:", '"toOneOf" needs at least two entities'),
    "a union of one twice": ("[Org, Member]", "[Org, Org]", "toOneOf:", '"toOneOf" needs at least two entities'),
    "a union without a name": ("        union: Host\n", "", "toOneOf:", '"union" is missing'),
    "a union's name on one entity": ("orphan: ORPHAN_ORG", "union: Host", "orphan:", '"union" goes with "toOneOf"'),
    "a name of no type": ("union: Host", "union: host", "host:", "a union cannot be called host"),
    "a name that is taken": ("union: Host", "union: Org", "host:", "a union cannot be called Org"),
    "a member that is not there": ("[Org, Member]", "[Org, Mmber]", "host:", 'the entity "Mmber" does not exist'),
    "a member without the field": ("[Org, Member]", "[Org, Person]", "host:", 'the field of Person "orgCode"'),
    "a member of the Party": ("label: C2Gp\n        title: {zh: 主人", "label: C2p\n        title: {zh: 主人", "host:",
                              "below the row label C2Gp of Member"),
    "a union with an inverse": ("union: Host", "union: Host\n        inverse: tree", "host:", "a union has no inverse"),
    "an orphan of many": ("to: Org\n        join: [orgCode]\n        orphan",
                          "toMany: Org\n        join: [orgCode]\n        orphan", "org:", '"orphan" tells of a key'),
    "a deleted row by a field that is not there": ("retired: orgGone", "retired: orgGne", "org:", '"orgGne" does not'),
    "a deleted row by a text": ("retired: orgGone", "retired: account", "org:", "names an internal Boolean field"),
    "a deleted row by a shown field": ("retired: orgGone", "retired: overdue", "org:", "names an internal Boolean"),
    "a check of one field": ("[beganAt, endedAt]", "[beganAt]", "- {code: TIME", "must be two fields, not 1"),
    "a check's code": ("code: TIME_ORDER", "code: time order", "- {code: TIME", '"code" must be capitals and _'),
    "a check's test": ("test: notAfter", "test: notBefore", "- {code: TIME", '"test" must be one of notAfter'),
    "a check of a field that is not there": ("[beganAt, endedAt]", "[beganAt, endAt]", "- {code: TIME", '"endAt" does'),
    "a check of a date and a time": ("[beganAt, endedAt]", "[dueOn, endedAt]", "- {code: TIME",
                                     "two fields of type Date, or two of type DateTime; dueOn is Date and endedAt"),
    "a check of two types": ("[paid, counted]", "[paid, visitNo]", "- {code: CONFLICT", "two single values of one"),
    "a check of lists": ("[paid, counted]", "[path, path]", "- {code: CONFLICT", "path is a list of String"),
    "a birth date of another type": ("[idNumber, born]", "[idNumber, beganAt]", "- {code: ID_BIRTH", "with a Date"),
    "a sex of another type": ("[idNumber, sex]", "[idNumber, born]", "- {code: ID_SEX", "with a Code"),
    "a scope over a union": ("OWN: org.orgCode", "OWN: host.orgCode", "scopes: {OWN", "leads to a union"),
    "openness of another type": ("OPEN: isOpen", "OPEN: account", "scopes: {OWN", "bound or derived Boolean"),
    "an account of another type": ("ACCOUNT: account", "ACCOUNT: visitNo", "scopes: {OWN", "a bound String field"),
    "a shop by a computed text": ("SHOP: identity", "SHOP: path", "scopes: {OWN", "a bound String field"),
    "a path that is no list": ("path: {type: String, list: true", "path: {type: String", "path:", "gives a list"),
    "a list of a single value": ("overdue: {type: Boolean", "overdue: {type: Boolean, list: true", "overdue:",
                                 "gives a single value"),
    "a masked list": ("marks: {type: Code, codes: sex, list: true", "marks: {type: String, list: true, mask: name",
                      "marks:", "a list is shown or withheld as a whole"),
    "a key that is a list": ("key: visitNo", "key: path", "key: visitNo", "path cannot be asked for by value"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "place", "problem"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_by_its_line(old: str, new: str, place: str, problem: str, tmp_path: Path) -> None:
    assert VISIT.count(old) == 1
    told = check(tmp_path, RIGHT + VISIT.replace(old, new))
    assert any(f"test.yaml:{line_of(place)}: " in one and problem in one for one in told), told


def test_a_union_has_the_same_members_everywhere(tmp_path: Path) -> None:
    guest = VISIT + VISIT[VISIT.index("      host:") : VISIT.index("      org:")].replace("host:", "guest:")
    assert check(tmp_path, RIGHT + guest) == []
    (told,) = check(tmp_path, RIGHT + guest.replace("[Org, Member]", "[Member, Org]", 1))
    assert told.endswith("the union Host has other members elsewhere; use another name")
