"""SQLAlchemy models of the usual server."""

from datetime import date, datetime

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Registry of the models."""


class PartyOrganisationRow(Base):
    """Table ``party_org`` of database ``a``."""

    __tablename__ = "party_org"
    org_code: Mapped[str] = mapped_column(primary_key=True)
    org_no: Mapped[int]
    parent_code: Mapped[str | None]
    name: Mapped[str]
    type_code: Mapped[str]
    div_code: Mapped[str]
    founded_on: Mapped[date | None]


class PartyMemberRow(Base):
    """Table ``party_member`` of database ``a``."""

    __tablename__ = "party_member"
    member_no: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    sex: Mapped[str]
    birth_date: Mapped[date]
    id_number: Mapped[str]
    mobile: Mapped[str | None]
    org_code: Mapped[str]
    joined_on: Mapped[date]
    category: Mapped[str]
    occupation: Mapped[str]
    education: Mapped[str | None]
    updated_at: Mapped[datetime]


class PublicUnitRow(Base):
    """Table ``public_unit`` of database ``a``."""

    __tablename__ = "public_unit"
    unit_code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    unit_type: Mapped[str]
    div_code: Mapped[str]
    posts: Mapped[int | None]


class StaffRow(Base):
    """Table ``staff`` of database ``b``."""

    __tablename__ = "staff"
    id_number: Mapped[str] = mapped_column(primary_key=True)
    staff_no: Mapped[int]
    name: Mapped[str]
    unit_code: Mapped[str]
    post_name: Mapped[str]
    post_type: Mapped[str]
    entered_on: Mapped[date]
