"""A small right catalogue; tests of mistakes change one thing in it."""

from pathlib import Path

from schema.catalog_loader import check_catalog

RIGHT = """\
domain: test
owner: ORG
codeTables:
  sex:
    title: {zh: 性别, en: Sex}
    codes:
      1: {zh: 男, en: Male}
entities:
  Person:
    title: {zh: 人, en: Person}
    key: personKey
    lookups: [idNumber]
    plural: persons
    rootList: false
    rowLabel: C2G
    rowSources: [s1, s3]
    authority:
      "*": [s3, s1]
      name: [s1]
    scopes:
      OWN: identity
      ORGTREE: member.orgCode
      DIVTREE: member.org.divCode
    rowClasses:
      - when: {isMinor: {eq: true}}
        label: N4S
    fields:
      personKey:
        type: PersonKey
        label: C2
        title: {zh: 键, en: Key}
        derived: personKey(identity)
        declassified: keyed
      identity: {type: String, label: C4I, title: {zh: 身份, en: Identity}, internal: true}
      idNumber: {type: String, label: C4I, title: {zh: 号码, en: Number}, mask: idNumber}
      name: {type: String, label: C2G, title: {zh: 姓名, en: Name}, mask: name}
      sex: {type: Code, codes: sex, label: C2G, title: {zh: 性别, en: Sex}}
      born: {type: Date, label: C3G, title: {zh: 出生, en: Born}, mask: date, companion: bornText}
      age: {type: Int, label: C3G, title: {zh: 年龄, en: Age}, derived: yearsSince(born)}
      isMinor: {type: Boolean, label: N4S, title: {zh: 未成年, en: Minor}, derived: youngerThan14(born)}
    relations:
      member: {to: Member, join: [identity], inverse: person, label: C2Gp, title: {zh: 党员, en: Member}}
  Member:
    title: {zh: 党员, en: Member}
    key: memberNo
    plural: members
    rowSources: [s1]
    scopes: {ORGTREE: orgCode}
    fields:
      memberNo: {type: Int, label: C2p, title: {zh: 编号, en: Number}}
      identity: {type: String, label: C4I, title: {zh: 身份, en: Identity}, internal: true}
      digest: {type: String, label: C4I, title: {zh: 摘要, en: Digest}, internal: true, derived: sm3(identity)}
      orgCode: {type: String, label: C2p, title: {zh: 组织, en: Organisation}}
    relations:
      person: {to: Person, join: [identity], inverse: member, label: C2G, title: {zh: 人, en: Person}}
      org: {to: Org, join: [orgCode], inverse: members, label: C2p, title: {zh: 组织, en: Organisation}}
  Org:
    title: {zh: 组织, en: Organisation}
    key: orgCode
    alternateKeys: [uscc]
    plural: orgs
    rowSources: [s1]
    fields:
      orgCode: {type: String, label: U1, title: {zh: 代码, en: Code}}
      uscc: {type: Uscc, label: U1, title: {zh: 信用代码, en: Credit code}}
      parentCode: {type: String, label: U1, title: {zh: 上级, en: Superior}}
      divCode: {type: DivCode, label: U1, title: {zh: 区划, en: Division}}
      names: {type: String, list: true, label: U1, title: {zh: 别名, en: Names}}
      income: {type: Fen, label: U1, title: {zh: 收入, en: Income}}
    relations:
      members: {toMany: Member, join: [orgCode], inverse: org, label: C2Gp, title: {zh: 党员, en: Members}}
      tree: {toMany: Org, join: [orgCode], tree: org, label: U1, title: {zh: 下级, en: Tree}}
"""


def write(folder: Path, text: str, name: str = "test.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def changed(old: str, new: str) -> str:
    assert RIGHT.count(old) == 1, f"{old!r} must stand once in the catalogue"
    return RIGHT.replace(old, new)


def check(folder: Path, text: str) -> list[str]:
    return [str(problem) for problem in check_catalog(write(folder, text))]
