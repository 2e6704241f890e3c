"""The conformance suite's data: a small register with the habits and defects of real sources, and bindings over it.

Four entities: ``Branch`` (a tree of codes, soft-deleted rows), ``Member`` (dirty dates, coded words, a join and
sub-selects), ``Dues`` (matched by number, else by digest) and ``Person`` (one number in several spellings). `MEMBERS`
states by hand what the members' rows mean canonically, so that expectations do not come from the code under test.
"""

from collections.abc import Mapping
from typing import Any

from connectors.codecs import build_codec
from connectors.codecs.only import Only
from connectors.contract import (
    Aggregation,
    Binding,
    BoundField,
    ColumnRef,
    Join,
    RelatedBinding,
    SourceCondition,
    SubSelect,
)
from connectors.testing.engine import ColumnKind, RawTable
from schema.catalog import Place
from schema.predicates import ROW_KEY
from schema.trees import Tree
from schema.values import Canonical

CONNECTOR = "lab"
TEXT, INTEGER = ColumnKind.TEXT, ColumnKind.INTEGER
_PLACE = Place(file="conformance", line=1)

CITY, EAST, WEST, NEIGHBOUR, GONE = (
    "001010000000000",
    "001010001000000",
    "001010002000000",
    "001011000000000",
    "001020000000000",
)
"""A committee, two branches below it, a neighbour with the same first five digits, a deleted one."""

BRANCH_TABLE = RawTable(
    name="branch_raw",
    columns={"code": TEXT, "name": TEXT, "parent": TEXT, "gone": TEXT},
    rows=(
        (CITY, "城关党委", None, "0"),
        (EAST, "东街支部", CITY, "0"),
        (WEST, "　西街支部 ", CITY, None),
        (NEIGHBOUR, "邻县党委", None, "0"),
        (GONE, "撤销支部", CITY, "1"),
    ),
    indexes=("parent",),
)

MEMBER_TABLE = RawTable(
    name="member_raw",
    columns={
        "no": INTEGER, "name": TEXT, "sex": TEXT, "joined": TEXT, "branch": TEXT, "digest": TEXT, "score": INTEGER,
        "gone": TEXT,
    },
    rows=(
        (1, "张三", "男", "19850301", CITY, "d1", 10, "0"),
        (2, "ABC", "女", "19850230", EAST, "d2", 20, "0"),
        (3, "abc", "M", "00000000", EAST, "d3", 20, None),
        (4, "ＡＢＣ　", "不详", "19990101", EAST, "d4", None, "0"),
        (5, "a%c", None, None, WEST, "d5", 5, "0"),
        (6, "a_c", "女", "200107", WEST, "d6", -7, "0"),
        (7, "\ufffd", "男", "20010701", NEIGHBOUR, "d7", 20, "0"),
        (8, "𫖯", "男", "20010701", NEIGHBOUR, "d8", None, "0"),
        (9, "O'Brien\\", "女", "19000229", None, None, 0, "0"),
        (10, None, "男", "99999999", "999", "d10", 3, "0"),
        (11, "已删", "男", "20100101", EAST, "d11", 100, "1"),
    ),
    indexes=("branch", "digest"),
)  # fmt: skip

MEMBERS: Mapping[int, Mapping[str, Canonical]] = {
    no: dict(zip(("name", "sex", "joinedOn", "orgCode", "digest", "score", "orgName"), values, strict=True))
    for no, values in {
        1: ("张三", "1", "1985-03-01", CITY, "d1", 10, "城关党委"),
        2: ("ABC", "2", None, EAST, "d2", 20, "东街支部"),
        3: ("abc", "1", None, EAST, "d3", 20, "东街支部"),
        4: ("ABC", None, "1999-01-01", EAST, "d4", None, "东街支部"),
        5: ("a%c", None, None, WEST, "d5", 5, "西街支部"),
        6: ("a_c", "2", None, WEST, "d6", -7, "西街支部"),
        7: ("\ufffd", "1", "2001-07-01", NEIGHBOUR, "d7", 20, "邻县党委"),
        8: ("𫖯", "1", "2001-07-01", NEIGHBOUR, "d8", None, "邻县党委"),
        9: ("O'Brien\\", "2", None, None, None, 0, None),
        10: (None, "1", None, "999", "d10", 3, None),
    }.items()
}
"""Member number -> canonical values; number 11 is soft-deleted."""

DUES_TABLE = RawTable(
    name="dues_raw",
    columns={"id": INTEGER, "no": INTEGER, "digest": TEXT, "month": TEXT, "paid": INTEGER, "void": INTEGER},
    rows=(
        (101, 1, "d1", "201801", 500, 0),
        (102, 1, None, "201802", 500, 0),
        (103, None, "d1", "201803", 700, 0),
        (104, 2, "d1", "201801", 300, 0),
        (105, None, None, "201801", 100, 0),
        (106, 3, "d3", "2018-1", -300, 0),
        (107, 3, "d3", "201802", None, 0),
        (108, 1, "d1", "201804", 900, 1),
    ),
    indexes=("no", "digest"),
)

ID_NUMBER, ID_WITH_X = "430790198001010016", "43079019800101018X"
"""Valid identity numbers of nobody, in their normal form."""

PERSON_TABLE = RawTable(
    name="person_raw",
    columns={"id": INTEGER, "number": TEXT},
    rows=(
        (1, ID_NUMBER),
        (2, "430790800101001"),
        (3, ID_WITH_X.lower()),
        (4, ID_NUMBER[:-1] + "7"),
        (5, None),
        (6, f" {ID_NUMBER}"),
    ),
    indexes=("number",),
)

TABLES = (BRANCH_TABLE, MEMBER_TABLE, DUES_TABLE, PERSON_TABLE)


def bound(name: str, *columns: str, codec: str = "token", **parameters: Any) -> BoundField:
    """A field over ``columns`` (``join.column`` for a join's)."""
    refs = tuple(
        ColumnRef(table=c.partition(".")[0], column=c.partition(".")[2]) if "." in c else ColumnRef(column=c)
        for c in columns
    )
    return BoundField(name=name, columns=refs, codec=build_codec(codec, parameters), place=_PLACE)


def counted(name: str, sub_select: SubSelect) -> BoundField:
    """A field that a sub-select computes."""
    return BoundField(name=name, columns=(), codec=build_codec("integer", {}), place=_PLACE, sub_select=sub_select)


def condition(column: str, *values: str | int, negated: bool = False) -> SourceCondition:
    """``column`` is (not) one of ``values``; without values, is (not) null."""
    return SourceCondition(column=ColumnRef(column=column), values=values, negated=negated)


def binding(entity: str, table: str, row_key: BoundField, *fields: BoundField, **more: Any) -> Binding:
    """A binding of the suite's connector."""
    return Binding(
        connector=CONNECTOR,
        entity=entity,
        table=table,
        row_key=row_key,
        fields={field.name: field for field in fields},
        place=_PLACE,
        **more,
    )


_LIVE = (condition("gone", "1", negated=True),)
_HERE = ColumnRef(column="no")

BRANCH = binding(
    "Branch",
    "branch_raw",
    bound(ROW_KEY, "code"),
    bound("orgCode", "code"),
    bound("name", "name", codec="text"),
    bound("parentCode", "parent"),
    counted(
        "memberCount",
        SubSelect(
            aggregation=Aggregation.COUNT,
            table="member_raw",
            on=((ColumnRef(column="code"), "branch"),),
            conditions=_LIVE,
            tree=Tree.ORG,
        ),
    ),
    conditions=_LIVE,
)

MEMBER = binding(
    "Member",
    "member_raw",
    bound(ROW_KEY, "no", codec="integer"),
    bound("memberNo", "no", codec="integer"),
    bound("name", "name", codec="text"),
    bound("sex", "sex", codec="code", map={"男": "1", "M": "1", "女": "2"}),
    bound("joinedOn", "joined", codec="date_digits"),
    bound("orgCode", "branch"),
    bound("digest", "digest"),
    bound("score", "score", codec="integer"),
    bound("orgName", "org.name", codec="text"),
    counted(
        "payments",
        SubSelect(
            aggregation=Aggregation.COUNT, table="dues_raw", on=((_HERE, "no"),), conditions=(condition("void", 0),)
        ),
    ),
    counted(
        "paid",
        SubSelect(
            aggregation=Aggregation.SUM,
            table="dues_raw",
            on=((_HERE, "no"),),
            conditions=(condition("void", 0),),
            columns=("paid",),
        ),
    ),
    counted(
        "weighed",
        SubSelect(
            aggregation=Aggregation.SUM,
            table="dues_raw",
            on=((_HERE, "no"),),
            conditions=(condition("void", 0),),
            columns=("paid", "id"),
        ),
    ),
    BoundField(
        name="onlyPaid",
        columns=(),
        codec=Only(inner=build_codec("integer", {})),
        place=_PLACE,
        sub_select=SubSelect(
            aggregation=Aggregation.UNIQUE,
            table="dues_raw",
            on=((_HERE, "no"),),
            conditions=(condition("void", 0),),
            columns=("paid",),
        ),
    ),
    joins={
        "org": Join(
            name="org",
            table="branch_raw",
            on=((ColumnRef(column="branch"), "code"),),
            conditions=_LIVE,
        )
    },
    conditions=_LIVE,
)

DUES = binding(
    "Dues",
    "dues_raw",
    bound(ROW_KEY, "id", codec="integer"),
    bound("duesId", "id", codec="integer"),
    bound("memberNo", "no", codec="integer"),
    bound("digest", "digest"),
    bound("month", "month", codec="month_digits"),
    bound("paid", "paid", codec="integer"),
    bound("memberName", "member.name", codec="text"),
    joins={"member": Join(name="member", table="member_raw", on=((ColumnRef(column="no"), "no"),))},
    conditions=(condition("void", 0),),
)

PERSON = binding(
    "Person",
    "person_raw",
    bound(ROW_KEY, "id", codec="integer"),
    bound("identity", "number", "id", codec="identity", connector=CONNECTOR, local="integer"),
    bound("idNumber", "number", codec="id_number"),
)

BINDINGS = {"Branch": BRANCH, "Member": MEMBER, "Dues": DUES, "Person": PERSON}

RELATED = {
    "org": RelatedBinding(binding=BRANCH, local="orgCode", remote="orgCode"),
    "dues": RelatedBinding(binding=DUES, local="memberNo", remote="memberNo"),
    "members": RelatedBinding(binding=MEMBER, local="orgCode", remote="orgCode"),
    "membersInTree": RelatedBinding(binding=MEMBER, local="orgCode", remote="orgCode", tree=Tree.ORG),
}
"""Relations of all three entities, for ``Exists``."""

GRIND_ROWS = 12_000
"""Enough rows that comparing each with each takes any database seconds."""

GRIND_TABLE = RawTable(
    name="grind_raw",
    columns={"id": INTEGER, "code": TEXT, "other": TEXT},
    rows=tuple((n, f"{n % 999 + 1:03d}{n:012d}", f"x{n}") for n in range(GRIND_ROWS)),
)
GRIND = binding(
    "Grind", "grind_raw", bound(ROW_KEY, "id", codec="integer"), bound("code", "code"), bound("other", "other")
)
GRIND_RELATED = {"below": RelatedBinding(binding=GRIND, local="code", remote="other", tree=Tree.ORG)}
"""No row's ``other`` lies in any subtree: each row has to be compared with each to know that."""
