"""Streams the whole city, table by table."""

from collections.abc import Iterator
from dataclasses import dataclass

from demo.city import codes
from demo.city.applicants import Applicants
from demo.city.branches import FULL_USERS, Platform, branch_rows, user_rows
from demo.city.cases import FULL_CASES, Cases
from demo.city.defects import Ledger
from demo.city.edition import SEED, TWELVE_MONTHS_UP_TO, check_scale, flow_rows, scaled, stream
from demo.city.enterprises import FULL_ENTERPRISES
from demo.city.items import item_rows
from demo.city.mall import mall_and_files
from demo.city.mall_orders import FULL_ORDERS
from demo.city.members import FULL_ROWS, Members
from demo.city.org_life import OrgLife
from demo.city.organisation_rows import organisation_rows
from demo.city.organisation_tree import organisations
from demo.city.staff import Staff
from demo.city.stations import station_rows
from demo.city.tables import (
    ACTIVITY_ATTENDANCE,
    APP_USER,
    BANJIAN,
    BANJIAN_GUOCHENG,
    BRANCH,
    CADRE,
    CODE_TABLES,
    DUES_PAYMENT,
    DY_CF,
    DY_JBXX,
    DY_ZZGX,
    DZZ_JBXX,
    GONGDAN,
    ORG_LIFE_ACTIVITY,
    SHIXIANG,
    STAFF,
    UNIT,
    UNIT_LINEAGE,
    VOLUNTEER_RECORD,
    WANGDIAN,
    Table,
)
from demo.city.tickets import FULL_TICKETS, Tickets
from demo.city.transfers import Transfers, discipline_rows
from demo.city.units import units
from demo.city.volunteering import FULL_RECORDS, volunteer_rows

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class TableRows:
    """A table and its rows, to be read once and in turn."""

    table: Table
    rows: Iterator[Row]


def city(scale: float, seed: int = SEED, ledger: Ledger | None = None) -> Iterator[TableRows]:
    """Every table of the sources in the order of :data:`demo.city.tables.TABLES`.

    Rows are tuples of ``None``, ``str``, ``int``, ``bool``, ``float`` and ``date`` in column order. Each table's rows
    must be read to the end before the next table is asked for: later tables speak of earlier ones. ``ledger`` collects
    the defects and is complete when the last row has been read. Raises ``ValueError`` for a scale out of range.
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
    yield TableRows(DY_ZZGX, Transfers(seed, scale, tree, members.membership, ledger).rows())
    yield TableRows(DY_CF, discipline_rows(seed, scale, tree, members.membership))
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
    yield TableRows(VOLUNTEER_RECORD, volunteer_rows(seed, scale, tree, platform))
    yield TableRows(SHIXIANG, item_rows(seed, scale, ledger))
    yield TableRows(WANGDIAN, station_rows(seed, scale))
    applicants = Applicants(stream(seed, "applicants"), seed, tree, members.membership.enrolled, staff)
    cases = Cases(seed, scale, applicants, ledger)
    yield TableRows(BANJIAN, cases.rows())
    yield TableRows(BANJIAN_GUOCHENG, cases.steps())
    yield TableRows(GONGDAN, Tickets(seed, scale, ledger).rows())
    for table, rows in mall_and_files(
        seed,
        scale,
        tree=tree,
        units=all_units,
        enrolled=members.membership.enrolled,
        taken=staff.numbers,
        ledger=ledger,
    ):
        yield TableRows(table, rows)


def expected_rows(scale: float) -> int:
    """About how many rows the city has, for progress bars."""
    months = 12 if scale <= TWELVE_MONTHS_UP_TO else 1
    flows = flow_rows(5 * FULL_CASES + FULL_RECORDS + FULL_TICKETS + 11 * FULL_ORDERS // 2, scale)
    return scaled(FULL_ROWS + 160_000 + FULL_USERS * (1 + months) + 580_000 + FULL_ENTERPRISES, scale) + flows
