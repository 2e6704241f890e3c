"""What must hold of a catalogue as a whole; each case breaks one rule and expects its sentence and line."""

from pathlib import Path

import pytest

from tests.schema.right_catalog import changed, check

WHOLE = {
    "code table": (
        "codes: sex, label",
        "codes: sexx, label",
        '37: the code table "sexx" does not exist: did you mean "sex"?',
    ),
    "code without table": (
        "sex: {type: Code, codes: sex,",
        "sex: {type: Code,",
        '37: Person.sex: "codes" and type Code go together; name the code table, or change the type',
    ),
    "table without code": (
        "sex: {type: Code,",
        "sex: {type: String,",
        '37: Person.sex: "codes" and type Code go together; name the code table, or change the type',
    ),
    "label companion of another type": (
        "      income:",
        "      sexLabel: {type: Int, label: C2G, title: {zh: 性别, en: Sex}}\n"
        "      sex: {type: Code, codes: sex, label: C2G, title: {zh: 性别, en: Sex}}\n      income:",
        "69: Org.sexLabel: it is the text companion of sex, so its type must be String, not Int",
    ),
    "label companion with another label": (
        "      income:",
        "      sexLabel: {type: String, label: U1, title: {zh: 性别, en: Sex}}\n"
        "      sex: {type: Code, codes: sex, label: C2G, title: {zh: 性别, en: Sex}}\n      income:",
        "69: Org.sexLabel: it is a companion of sex, so its label must be C2G, not U1",
    ),
    "text companion of another type": (
        "companion: bornText}",
        "companion: age}",
        "39: Person.age: it is the text companion of born, so its type must be String, not Int",
    ),
    "companion of a text": (
        "title: {zh: 姓名, en: Name}, mask: name}",
        "title: {zh: 姓名, en: Name}, mask: name, companion: nameText}",
        "36: Person.name: text carries its mask itself; remove companion",
    ),
    "companion without a mask": (
        "mask: date, companion: bornText}",
        "companion: bornText}",
        "38: Person.born: a companion needs a mask to carry; write mask, or remove companion",
    ),
    "mask without a companion": (
        "mask: date, companion: bornText}",
        "mask: date}",
        "38: Person.born: a masked Date is null (D9); name the text that carries its mask as companion",
    ),
    "mask of another type": (
        "income: {type: Fen,",
        "income: {type: Fen, mask: mobile,",
        "69: Org.income: mask mobile is for String, not for Fen",
    ),
    "two fields with one companion": (
        "      income: {type: Fen, label: U1,",
        "      salary: {type: Fen, label: U1, title: {zh: 工资, en: Pay}, mask: amountBand, companion: band}\n"
        "      income: {type: Fen, label: U1, mask: amountBand, companion: band,",
        "69: Org.salary: its companion band carries the mask of income; rename it",
    ),
    "derived label below its inputs": (
        "age: {type: Int, label: C3G",
        "age: {type: Int, label: C2G",
        "39: Person.age: label C2G is below that of its inputs (C3G); raise it to C3G, or give the reason under "
        '"declassified" (D21)',
    ),
    "declassified without need": (
        "derived: yearsSince(born)}",
        "derived: yearsSince(born), declassified: why not}",
        "39: Person.age: its label C3G is not below that of its inputs; remove declassified",
    ),
    "declassified but not derived": (
        "income: {type: Fen,",
        "income: {type: Fen, declassified: why not,",
        "69: Org.income: only a derived field can be declassified; remove declassified",
    ),
    "derived input": (
        "derived: yearsSince(born)",
        "derived: yearsSince(birth)",
        '39: the input of Person.age "birth" does not exist',
    ),
    "derived input is derived": (
        "title: {zh: 未成年, en: Minor}, derived: youngerThan14(born)",
        "title: {zh: 未成年, en: Minor}, derived: youngerThan14(age)",
        "40: Person.isMinor: its input age must be a single value from a source, not derived, a companion or a list",
    ),
    "derived input of another type": (
        "derived: yearsSince(born)",
        "derived: yearsSince(name)",
        "39: Person.age: yearsSince needs Date, but name is String",
    ),
    "derived type": (
        "age: {type: Int",
        "age: {type: Float",
        "39: Person.age: yearsSince gives Int, not Float; change the type",
    ),
    "number of derived inputs": (
        "derived: yearsSince(born)",
        "derived: 'yearsSince(born, name)'",
        "39: Person.age: yearsSince takes not 2 fields but 1",
    ),
    "key": (
        "    key: memberNo",
        "    key: memberNumber",
        '45: the field in "key" "memberNumber" does not exist: did you mean "memberNo"?',
    ),
    "alternate key": (
        "alternateKeys: [uscc]",
        "alternateKeys: [usc]",
        '60: the field in "alternateKeys" "usc" does not exist: did you mean "uscc"?',
    ),
    "lookup": (
        "lookups: [idNumber]",
        "lookups: [idNum]",
        '12: the field in "lookups" "idNum" does not exist: did you mean "idNumber"?',
    ),
    "key is internal": (
        "    lookups: [idNumber]",
        "    lookups: [identity]",
        "12: identity cannot be asked for by value; a key is a single text or number, not internal",
    ),
    "key is a list": (
        "alternateKeys: [uscc]",
        "alternateKeys: [names]",
        "60: names cannot be asked for by value; a key is a single text or number, not internal",
    ),
    "lookup is derived": (
        "lookups: [idNumber]",
        "lookups: [personKey]",
        "12: personKey is derived, so no source can look it up; name a bound field",
    ),
    "row label below the key's": (
        "    key: memberNo\n",
        "    key: memberNo\n    rowLabel: C2\n",
        "46: the row label C2 is below that of the key memberNo (C2p), which tells that a row exists; "
        "raise it to C2p (D1)",
    ),
    "target": (
        "{toMany: Org, join",
        "{toMany: Orgs, join",
        '72: the entity "Orgs" does not exist: did you mean "Org"?',
    ),
    "path from a person to the Party": (
        "inverse: person, label: C2Gp",
        "inverse: person, label: C2G",
        "42: Person.member: label C2G is below the row label C2Gp of Member, which it discloses; "
        "raise it to C2Gp (D11)",
    ),
    "path from an organisation to the Party": (
        "inverse: org, label: C2Gp",
        "inverse: org, label: C2p",
        "71: Org.members: label C2p is below the row label C2Gp of Member, which it discloses; raise it to C2Gp (D11)",
    ),
    "local join key": (
        "{toMany: Org, join: [orgCode]",
        "{toMany: Org, join: [orgCod = orgCode]",
        '72: the field of Org "orgCod" does not exist: did you mean "orgCode"?',
    ),
    "remote join key": (
        "{toMany: Org, join: [orgCode]",
        "{toMany: Org, join: [orgCode = orgCod]",
        '72: the field of Org "orgCod" does not exist: did you mean "orgCode"?',
    ),
    "types of a join": (
        "{toMany: Org, join: [orgCode], tree: org",
        "{toMany: Org, join: [orgCode = uscc]",
        "72: Org.tree: orgCode is String and Org.uscc Uscc; join fields of one type",
    ),
    "type of a tree": (
        "{toMany: Org, join: [orgCode], tree: org",
        "{toMany: Org, join: [orgCode], tree: div",
        "72: Org.tree: a tree of kind div joins DivCode fields, not String",
    ),
    "tree with alternatives": (
        "{toMany: Org, join: [orgCode]",
        "{toMany: Org, join: [orgCode, parentCode]",
        "72: Org.tree: a tree has one join, without alternatives",
    ),
    "join over a list": (
        "{toMany: Org, join: [orgCode], tree: org",
        "{toMany: Org, join: [names]",
        "72: Org.tree: names = names cannot be joined; join single exact values",
    ),
    "join to a derived field": (
        "{toMany: Org, join: [orgCode], tree: org, label: U1",
        "{toMany: Member, join: [parentCode = digest], label: C2Gp",
        "72: Org.tree: Member.digest is derived, so no source can look it up; join a bound field",
    ),
    "scope over a relation that is not there": (
        "ORGTREE: member.orgCode",
        "ORGTREE: mebmer.orgCode",
        '22: scope ORGTREE: the relation of Person "mebmer" does not exist: did you mean "member"?',
    ),
    "scope to a field that is not there": (
        "ORGTREE: member.orgCode",
        "ORGTREE: member.orgCod",
        '22: scope ORGTREE: the field of Member "orgCod" does not exist: did you mean "orgCode"?',
    ),
    "scope over many rows": (
        "    alternateKeys: [uscc]",
        "    alternateKeys: [uscc]\n    scopes: {ORGTREE: members.orgCode}",
        "61: scope ORGTREE: Org.members leads to many rows; a scope path goes over to-one relations",
    ),
    "scope of another type": (
        "DIVTREE: member.org.divCode",
        "DIVTREE: member.org.orgCode",
        "23: scope DIVTREE must end in a bound DivCode field; Org.orgCode is not",
    ),
    "scope to a derived field": (
        "scopes: {ORGTREE: orgCode}",
        "scopes: {ORGTREE: digest}",
        "48: scope ORGTREE must end in a bound String field; Member.digest is not",
    ),
    "no row source": (
        "plural: orgs\n    rowSources: [s1]",
        "plural: orgs\n    rowSources: []",
        '62: "rowSources" must name at least one connector, each once',
    ),
    "row source twice": (
        "plural: orgs\n    rowSources: [s1]",
        "plural: orgs\n    rowSources: [s1, s1]\n    authority: {'*': [s1]}",
        '62: "rowSources" must name at least one connector, each once',
    ),
    "sources without order": (
        "plural: orgs\n    rowSources: [s1]",
        "plural: orgs\n    rowSources: [s1, s2]",
        '57: several row sources need an order: write "*" under "authority"',
        "62: Org is listed, and a list comes from one source; leave s1 or s2 in rowSources and authority, or write "
        "rootList: false and lead no relation toMany to it",
    ),
    "list of several sources": (
        "plural: orgs\n    rowSources: [s1]",
        "plural: orgs\n    rowSources: [s1]\n    authority: {uscc: [s1, s2]}",
        "62: Org is listed, and a list comes from one source; leave s1 or s2 in rowSources and authority, or write "
        "rootList: false and lead no relation toMany to it",
    ),
    "relation to many rows of several sources": (
        "person: {to: Person, join: [identity], inverse: member,",
        "person: {toMany: Person, join: [identity], inverse: member,",
        "16: Person is listed, and a list comes from one source; leave s1 or s3 in rowSources and authority, or write "
        "rootList: false and lead no relation toMany to it",
        "25: isMinor is derived, and no source of a list can test it; test what it is made of, or write "
        "rootList: false and lead no relation toMany to Person",
    ),
    "row class of a list on a derived field": (
        "    scopes: {ORGTREE: orgCode}",
        "    scopes: {ORGTREE: orgCode}\n    rowClasses: [{when: {digest: {eq: a}}, label: N4Gp}]",
        "49: digest is derived, and no source of a list can test it; test what it is made of, or write rootList: false "
        "and lead no relation toMany to Member",
    ),
    "order that leaves out a source": (
        '      "*": [s3, s1]',
        '      "*": [s3]',
        '18: the authority of "*" leaves out s1; name every row source',
    ),
    "authority of nobody": (
        "      name: [s1]",
        "      name: []",
        '19: the authority of "name" must name at least one connector, each once',
    ),
    "authority of a field that is not there": (
        "      name: [s1]",
        "      nmae: [s1]",
        '19: the field of Person "nmae" does not exist: did you mean "name"?',
    ),
    "authority of a derived field": (
        "      name: [s1]",
        "      age: [s1]",
        "19: age is derived; the authority is that of its inputs",
    ),
    "row class that lowers": (
        "        label: N4S",
        "        label: C2",
        "25: the label C2 is below the row label C2G; a row class only raises it, to C2G at least",
    ),
    "field of a row class": (
        "{isMinor: {eq: true}}",
        "{isMinour: {eq: true}}",
        '25: the field of Person "isMinour" does not exist: did you mean "isMinor"?',
    ),
    "constant of a row class": (
        "{isMinor: {eq: true}}",
        "{isMinor: {eq: 1}}",
        "25: isMinor is Boolean; write a constant of that type",
    ),
}

INVERSE = {
    "inverse that is not there": (
        "inverse: members, label",
        "inverse: membres, label",
        '56: the inverse of Member.org "membres" does not exist: did you mean "members"?',
    ),
    "inverse on one side": (
        "join: [orgCode], inverse: org, label",
        "join: [orgCode], label",
        "56: Org.members does not name Member.org as its inverse; write it on both sides or on neither",
    ),
    "inverse of a tree": (
        "join: [orgCode], inverse: org, label",
        "join: [orgCode], tree: org, inverse: org, label",
        "56: Member.org and Org.members: a tree has no inverse; remove it",
    ),
    "inverse of many": (
        "org: {to: Org",
        "org: {toMany: Org",
        "56: Member.org and Org.members both lead to many rows; an inverse pair needs a to-one side",
    ),
    "inverse by other fields": (
        "members: {toMany: Member, join: [orgCode]",
        "members: {toMany: Member, join: [parentCode = orgCode]",
        "56: Member.org and Org.members join different fields; one side's joins must all be the other's, turned round",
    ),
}

NAMES = {
    "entity takes a generated name": (changed("  Org:\n", "  MemberWhere:\n"), 57, "MemberWhere"),
    "entity takes a scalar's name": (changed("  Org:\n", "  Date:\n"), 57, "Date"),
    "plural equals another root": (changed("plural: orgs", "plural: members"), 57, "members"),
    "field takes GraphQL's id": (changed("income:", "id:"), 69, "id"),
    "field takes a connective of where": (changed("income:", "not:"), 69, "not"),
    "relation takes a companion's name": (changed("member: {to: Member,", "sexLabel: {to: Member,"), 42, "sexLabel"),
}


@pytest.mark.parametrize("mistake", WHOLE.values(), ids=WHOLE)
def test_a_broken_rule_is_told_by_its_line(mistake: tuple[str, ...], tmp_path: Path) -> None:
    old, new, *problems = mistake
    assert check(tmp_path, changed(old, new)) == [f"test.yaml:{problem}" for problem in problems]


@pytest.mark.parametrize(("old", "new", "problem"), INVERSE.values(), ids=INVERSE)
def test_an_inverse_that_does_not_lead_back_is_told(old: str, new: str, problem: str, tmp_path: Path) -> None:
    assert f"test.yaml:{problem}" in check(tmp_path, changed(old, new))


@pytest.mark.parametrize(("text", "line", "name"), NAMES.values(), ids=NAMES)
def test_a_name_that_graphql_needs_is_refused(text: str, line: int, name: str, tmp_path: Path) -> None:
    told = [problem for problem in check(tmp_path, text) if problem.startswith(f"test.yaml:{line}: ")]
    assert any(name in problem for problem in told)
