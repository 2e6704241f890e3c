"""What the hub tells about itself beside data: who asks and what he may do, and the code tables for drop-downs.

GraphQL types and root fields, resolved the ordinary way by Strawberry from an `Asked`, which the resolvers provide as
the context of every operation. Neighbours: :mod:`schema.build` puts the roots behind those of the entities.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, Any, Final, Optional, Protocol

import strawberry
from strawberry.types.field import StrawberryField

from schema.catalog import MaskKind, ScopeKind
from schema.names import CODE_TABLE, CODE_TABLES, LISTING_EXTENSION, VIEWER


@strawberry.enum(description="可读性 · What a caller reads of a field, a relation or of rows.")
class ReadAccess(StrEnum):
    """What a caller reads of a coordinate."""

    CLEAR = "CLEAR"
    MASKED = "MASKED"
    DENIED = "DENIED"
    DEPENDS_ON_ROW = "DEPENDS_ON_ROW"


@strawberry.enum(description="拒绝代码 · Why something is kept back: the code of the error that a query would get.")
class DenialCode(StrEnum):
    """The code of a denial."""

    FIELD_DENIED = "FIELD_DENIED"
    PURPOSE_REQUIRED = "PURPOSE_REQUIRED"


strawberry.enum(MaskKind, description="脱敏方式 · How a value is masked.")
strawberry.enum(ScopeKind, description="行范围 · Kinds of row scope: which rows a right reaches, seen from the caller.")

ENUM_TEXTS: Final[Mapping[str, Mapping[str, str]]] = {
    "ReadAccess": {
        "CLEAR": "明文 · The value itself, in every row that exists for the caller.",
        "MASKED": "脱敏 · A masked form, in every row.",
        "DENIED": "不可见 · Null, with an error.",
        "DEPENDS_ON_ROW": "视行而定 · Not the same in every row: `scopes` says where what is shown; elsewhere null.",
    },
    "DenialCode": {
        "FIELD_DENIED": "无权 · No rule opens it to the caller's roles; it can be requested.",
        "PURPOSE_REQUIRED": "需要用途 · Open to operations that state one of `purposes`.",
    },
    "MaskKind": {
        "NAME": "姓名 · 张*明, or 张**.",
        "ID_NUMBER": "证件号码 · 4****************6, or six characters in front and four at the end.",
        "MOBILE": "手机号码 · 164****5678.",
        "LANDLINE": "固定电话 · 0736-*****21.",
        "ADDRESS": "地址 · Down to the township or village, then ***.",
        "DATE": "日期 · 1980-**-**.",
        "YEAR": "年份 · 1980.",
        "ACCOUNT": "账号 · **** **** **** 8903.",
        "AMOUNT_BAND": "金额区间 · 3,000-5,000 instead of the amount.",
        "FREE_TEXT": "文本 · Long numbers in the text are hidden, or the whole text.",
        "FULL": "全部 · ****.",
    },
    "ScopeKind": {
        "OWN": "本人 · Rows about the caller himself.",
        "ORGTREE": "党组织树 · Rows of the caller's Party organisation and those below it.",
        "DIVTREE": "区划树 · Rows of the caller's administrative division and those below it.",
        "UNITTREE": "单位树 · Rows of the caller's unit and those below it.",
        "STN": "站点 · Rows of the caller's service station.",
        "SHOP": "网店 · Rows of a shop that the caller owns.",
        "ACCOUNT": "商城账户 · Rows of the caller's own account at the mall.",
        "OPEN": "未办结 · Rows whose matter is not closed yet; narrows another scope.",
    },
}
"""What the values of the enums mean, by the enum's GraphQL name."""


@strawberry.type(description="行范围内的可读性 · What the rows of one scope show.")
class ScopedAccess:
    """What is shown in one scope."""

    rows: list[ScopeKind] = strawberry.field(
        description="行范围 · The scope: rows that lie in all of these kinds; empty for every row."
    )
    read: ReadAccess = strawberry.field(description="可读性 · `CLEAR` or `MASKED`.")
    one_record: bool = strawberry.field(
        description="仅单条 · Only where the operation reaches one record, by its key or `id`."
    )


@strawberry.type(description="权限 · What the caller may do with one field or relation, or with the rows of a type.")
class CoordinateAccess:
    """One line of ``viewer.access``."""

    coordinate: str = strawberry.field(description="坐标 · `PartyMember.joinedOn`; `PartyMember` for its rows.")
    field: str | None = strawberry.field(description="字段 · Name in the type; null for the rows themselves.")
    title: str = strawberry.field(description="名称 · What to call it before people, in the operation's language.")
    read: ReadAccess = strawberry.field(description="可读性 · What lists show.")
    read_one: ReadAccess = strawberry.field(
        description="单条可读性 · What an operation shows that reaches one record, by its key or `id`."
    )
    mask: MaskKind | None = strawberry.field(description="脱敏方式 · Of masked values; null where nothing is masked.")
    lookup: bool = strawberry.field(description="可核验 · A row can be looked up by the full value.")
    filter: bool = strawberry.field(description="可筛选 · Allowed in `where`.")
    sort: bool = strawberry.field(description="可排序 · Allowed in `orderBy`.")
    scopes: list[ScopedAccess] = strawberry.field(description="行范围 · Where what is shown; empty when nothing is.")
    reason: str | None = strawberry.field(
        description="原因 · Why lists show null, or null in some rows; null where they do not."
    )
    code: DenialCode | None = strawberry.field(description="代码 · Of `reason`.")
    purposes: list[str] = strawberry.field(description="用途 · Any of these, once stated, would open it.")
    deprecation_reason: str | None = strawberry.field(description="弃用原因 · Set when a later version drops it.")


@strawberry.type(description="行范围 · A kind of row scope that the caller has a place in.")
class ViewerScope:
    """One scope of the caller."""

    kind: ScopeKind = strawberry.field(description="种类 · The kind of scope.")
    value: str | None = strawberry.field(
        description="取值 · Code of the organisation, division, unit or station. Null where the person is the scope."
    )


class Asked(Protocol):
    """What the roots of this module are answered from: one operation of one caller."""

    def viewer(self) -> "Viewer":
        """The caller."""

    def access(self, entity: str) -> list[CoordinateAccess] | None:
        """What the caller may do with a type; ``None`` when it does not exist for him."""

    def code_tables(self) -> "Mapping[str, CodeTable]":
        """The code tables that exist for the caller, by name."""


class AskedContext(Protocol):
    """The context that resolvers of this module are given."""

    @property
    def asked(self) -> Asked:
        """Answers them."""


def _access(
    info: strawberry.Info[AskedContext, None],
    type: Annotated[str, strawberry.argument(description="Name of an entity's type: `PartyMember`.")],
) -> Optional[list[CoordinateAccess]]:  # noqa: UP045
    return info.context.asked.access(type)


@strawberry.type(description="本人 · Who asks, and what he may do.")
class Viewer:
    """The caller."""

    id: strawberry.ID = strawberry.field(
        description="标识 · As the identity provider calls the caller; `anonymous` without a token."
    )
    roles: list[str] = strawberry.field(description="角色 · Roles of the caller that the policy knows.")
    scopes: list[ViewerScope] = strawberry.field(description="行范围 · Where the caller stands.")
    consumer: str = strawberry.field(description="应用 · The client application; ids and cursors are made for it.")
    purpose: str | None = strawberry.field(description="用途 · The registered purpose of this operation.")

    access: list[CoordinateAccess] | None = strawberry.field(
        resolver=_access,
        description="权限 · What the caller may do with a type: first its rows, then its fields and relations in the "
        "catalogue's order. Null when there is no such type for the caller.",
        metadata={LISTING_EXTENSION: 1},
    )


@strawberry.type(description="代码 · One code of a table.")
class CodeTableEntry:
    """A code with its title."""

    code: str = strawberry.field(description="代码 · As fields of type `Code` hold it.")
    label: str = strawberry.field(description="名称 · In the operation's language.")
    deprecation_reason: str | None = strawberry.field(
        description="弃用原因 · Set when the code is only met in old rows: show it, do not offer it."
    )


@strawberry.type(description="代码表 · The codes that a coded field may hold, in the standard's order.")
class CodeTable:
    """A code table."""

    name: str = strawberry.field(description="名称 · The table's name in the catalogue.")
    title: str = strawberry.field(description="标题 · In the operation's language.")
    standard: str | None = strawberry.field(description="标准 · The standard it is taken from, if any.")
    codes: list[CodeTableEntry] = strawberry.field(description="代码 · All codes.")


def _viewer(info: strawberry.Info[AskedContext, None]) -> Viewer:
    return info.context.asked.viewer()


def _code_table(
    info: strawberry.Info[AskedContext, None],
    name: Annotated[str, strawberry.argument(description="Name of the table: `sex`.")],
) -> Optional[CodeTable]:  # noqa: UP045
    return info.context.asked.code_tables().get(name)


def _code_tables(info: strawberry.Info[AskedContext, None]) -> list[CodeTable]:
    return list(info.context.asked.code_tables().values())


def ordinary_roots() -> tuple[StrawberryField, ...]:
    """The root fields of this module, made anew."""
    return (
        _root(VIEWER, _viewer, "本人 · Who asks, and what he may do: ask it before a page is drawn.", listings=0),
        _root(
            CODE_TABLE,
            _code_table,
            "代码表 · One code table by name. Null when there is none for the caller.",
            listings=1,
        ),
        _root(CODE_TABLES, _code_tables, "代码表 · Every code table of a field that the caller can name.", listings=6),
    )


def _root(name: str, resolver: Callable[..., Any], description: str, *, listings: int) -> StrawberryField:
    field: StrawberryField = strawberry.field(
        resolver=resolver, name=name, description=description, metadata={LISTING_EXTENSION: listings}
    )
    field.python_name = name
    return field
