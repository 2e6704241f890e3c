"""Streams the whole city, table by table."""

from collections.abc import Iterator
from dataclasses import dataclass

from demo.city import codes
from demo.city.branches import FULL_USERS, Platform, branch_rows, user_rows
from demo.city.defects import Ledger
from demo.city.edition import SEED, TWELVE_MONTHS_UP_TO, check_scale, scaled
from demo.city.members import FULL_ROWS, Members
from demo.city.org_life import OrgLife
from demo.city.organisation_rows import organisation_rows
from demo.city.organisation_tree import organisations
from demo.city.staff import Staff
from demo.city.tables import (
    ACTIVITY_ATTENDANCE,
    APP_USER,
    BRANCH,
    CADRE,
    CODE_TABLES,
    DUES_PAYMENT,
    DY_JBXX,
    DZZ_JBXX,
    ORG_LIFE_ACTIVITY,
    STAFF,
    UNIT,
    UNIT_LINEAGE,
    Table,
)
from demo.city.units import units

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class TableRows:
    """A table and its rows, to be read once and in turn."""

    table: Table
    rows: Iterator[Row]


def city(scale: float, seed: int = SEED, ledger: Ledger | None = None) -> Iterator[TableRows]:
    """Every table of the three sources in the order of :data:`demo.city.tables.TABLES`.

    Rows are tuples of ``None``, ``str``, ``int``, ``float`` and ``date`` in column order. Each table's rows must be
    read to the end before the next table is asked for: later tables speak of earlier ones. ``ledger`` collects the
    defects and is complete when the last row has been read. Raises ``ValueError`` for a scale out of range.
    """
    check_scale(scale)
    ledger = Ledger() if ledger is None else ledger
    all_units = units(seed, scale)
    tree = organisations(seed, scale, all_units)
    for table in CODE_TABLES:
        yield TableRows(table, iter(tuple(codes.CODE_TABLES[table.name].items())))
    members = Members(seed, scale, tree, all_units, ledger)
    yield TableRows(DY_JBXX, members.rows())
    yield TableRows(DZZ_JBXX, organisation_rows(seed, tree, members.membership.secretaries, ledger))
    staff = Staff(seed, scale, all_units, members.membership, ledger)
    yield TableRows(STAFF, staff.people())
    yield TableRows(CADRE, staff.cadres())
    yield TableRows(UNIT, staff.units())
    yield TableRows(UNIT_LINEAGE, staff.lineage())
    platform = Platform()
    yield TableRows(BRANCH, branch_rows(seed, tree, platform, ledger))
    yield TableRows(APP_USER, user_rows(seed, scale, members.membership.enrolled, platform, ledger))
    life = OrgLife(seed, scale, tree, platform, ledger)
    yield TableRows(ORG_LIFE_ACTIVITY, life.activities())
    yield TableRows(ACTIVITY_ATTENDANCE, life.attendance())
    yield TableRows(DUES_PAYMENT, life.dues())


def expected_rows(scale: float) -> int:
    """About how many rows the city has, for progress bars."""
    months = 12 if scale <= TWELVE_MONTHS_UP_TO else 1
    return scaled(FULL_ROWS + 160_000 + FULL_USERS * (1 + months) + 540_000, scale)
