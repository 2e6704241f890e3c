"""The generated city under the real catalogue, manifests and policy: raw rows as drivers give them, and hubs over them.

Neighbours: the property tests ask a hub whose connectors are all in memory; the differential tests ask hubs over real
engines (:mod:`tests.differential.conftest`).
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from authz.audit import AuditEvent
from authz.consumer_keys import Keyring
from authz.policy_files import load_policy
from authz.quotas import HourlyQuotas, QuotaKind
from authz.subjects import Subject
from connectors.contract import Connector, Manifest
from connectors.csv_files import CsvConnector
from connectors.manifest import load_manifest
from connectors.memory import MemoryConnector
from connectors.memory_rows import BoundRows
from demo.callers import CALLERS as DEMO_CALLERS
from demo.city.edition import SEED, TODAY
from demo.city.generator import city
from demo.city.personas import CITY_COMMITTEE, SHIMEN_COMMITTEE, VILLAGE_BRANCHES
from demo.city.reference import write_reference
from demo.oracle.canonical import City
from demo.oracle.raw import RawCity
from resolvers.limits import Limits
from resolvers.operation import OperationRequest, OperationResult
from resolvers.ordinary import resolve_root
from resolvers.pipeline import Engine
from resolvers.snapshot import Snapshot
from schema.build import CatalogSchema, build_schema
from schema.catalog import Catalog
from schema.catalog_loader import load_catalog
from schema.identity import SHANGHAI
from schema.values import Canonical

ROOT = Path(__file__).parents[2]
SCALE = 0.005
DUES_SINCE = date(2018, 7, 1)
"""Older dues are left out: three months of them show all there is to see, and the rest only takes time."""
MASTER_KEY = bytes(range(32))
SOURCES = ("s1", "s2", "s3", "s4", "s5", "s6", "hotline", "hub")
DIVISIONS = "divisions.csv"
UNBOUNDED = 10**9
NOON = datetime.combine(TODAY, time(12), SHANGHAI)
"""What the clocks of these hubs show: the city's current day."""

_SECRETS = {f"HUTONG_{source}_PASSWORD": "unused" for source in ("S1", "S2", "S4", "S5")} | {
    "HUTONG_HOTLINE_TOKEN": "unused",
    "HUTONG_HOTLINE_MIRROR_KEY": "00" * 32,
}

RawTables = dict[str, dict[str, list[dict[str, Any]]]]
"""Raw rows by source and table."""

BUSINESS_ROLES = (
    "resident_public",
    "resident_self",
    "member_self",
    "branch_secretary",
    "party_liaison",
    "county_org_clerk",
    "city_org_admin",
    "cadre_officer",
    "bianban_officer",
    "window_clerk",
    "service_admin",
    "hotline_agent",
    "coop_analyst",
    "shop_owner",
)
CALLERS: Mapping[str, Subject] = {caller.key: caller.subject for caller in DEMO_CALLERS if caller.key in BUSINESS_ROLES}
"""One persona of the demo per role that sees business data; the public stands for callers without a token."""


def _as(role: str, *, purpose: str | None = None, **attributes: str) -> Subject:
    """The role's persona with other scope values, or with a purpose."""
    known = CALLERS[role]
    return replace(known, attributes={**known.attributes, **attributes}, purpose=purpose)


_MEMBER = CALLERS["member_self"].attributes
_WHOLE_CITY = "430700"
OTHERS: Mapping[str, Subject] = {
    "resident_self": _as("resident_self", identity=_MEMBER["identity"], mallAccount=_MEMBER["mallAccount"]),
    "branch_secretary": _as("branch_secretary", orgCode=VILLAGE_BRANCHES[0]),
    "party_liaison": _as("party_liaison", orgCode=SHIMEN_COMMITTEE, divCode="430726"),
    "county_org_clerk": _as("county_org_clerk", orgCode=CITY_COMMITTEE),
    "city_org_admin": _as("city_org_admin", purpose="party_discipline"),
    "cadre_officer": _as("cadre_officer", purpose="cadre_management"),
    "service_admin": _as("service_admin", divCode=_WHOLE_CITY),
    "hotline_agent": _as("hotline_agent", divCode=_WHOLE_CITY),
    "coop_analyst": _as("coop_analyst", divCode=_WHOLE_CITY),
}
"""Another caller in the same role: with a wider scope, for a purpose, or (a resident) who happens to be a member."""

_AS_DRIVERS_GIVE: Mapping[str, Callable[[Any], Any]] = {
    "uuid": UUID,
    "timestamptz": lambda text: datetime.fromisoformat(text).astimezone(UTC),
    "timestamp": datetime.fromisoformat,
    "timestamp_ms": datetime.fromisoformat,
    "datetime": datetime.fromisoformat,
    "numeric": lambda number: Decimal(str(number)),
}
"""Column type -> the type its driver gives (asyncpg, asyncmy, DuckDB), where it is not the generator's own."""


@cache
def raw_tables() -> RawTables:
    """The city's rows in the drivers' types. Not to be changed."""
    found: RawTables = {source: {} for source in SOURCES if source != "hub"}
    for made in city(SCALE):
        names = made.table.column_names
        given = [_AS_DRIVERS_GIVE.get(kind) for _, kind in made.table.columns]
        found[made.table.source][made.table.name] = [
            {
                name: value if as_given is None or value is None else as_given(value)
                for name, value, as_given in zip(names, row, given, strict=True)
            }
            for row in made.rows
        ]
    lineage = found["s3"]["单位沿革"]
    found["s3"]["单位沿革"] = [{"rowid": number, **row} for number, row in enumerate(lineage, start=1)]
    dues = found["s2"]["dues_payment"]
    found["s2"]["dues_payment"] = [row for row in dues if row["month"] >= DUES_SINCE]
    return found


def manifests(
    environment: Mapping[str, str], secrets_root: Path | None = None, files_root: Path | None = None
) -> dict[str, Manifest]:
    """The demo's manifests. ``environment`` is what their ``env:`` references see, ``files_root`` the folder that has
    the reference files in ``reference``, by default those of this city.
    """
    given = {**_SECRETS, **environment}
    return {
        name: load_manifest(
            ROOT / f"demo/manifests/{name}.yaml",
            catalog(),
            environment=given,
            secrets_root=secrets_root,
            files_root=files_root or reference().parent,
        )
        for name in SOURCES
    }


@cache
def _reference() -> TemporaryDirectory[str]:
    made = TemporaryDirectory(prefix="state-")
    write_reference(Path(made.name) / "reference", SEED, SCALE)
    return made


def reference() -> Path:
    """The folder of the hub's reference files, for as long as the process runs."""
    return Path(_reference().name) / "reference"


def oracle_city() -> City:
    """The raw rows as the oracle reads them; no database is there to ask."""
    return City(replace(RawCity.load(_nowhere, reference() / DIVISIONS), **raw_tables()), TODAY)


def _nowhere(source: str) -> Any:
    raise AssertionError(f"{source} was asked")


@cache
def catalog() -> Catalog:
    """The real catalogue."""
    return load_catalog()


@cache
def full_schema() -> CatalogSchema:
    """The schema of everything, before any name is hidden from a caller."""
    return build_schema(catalog(), resolve_root)


def memory_connectors(tables: RawTables | None = None) -> dict[str, Connector]:
    """The city, or these tables of it, in memory."""
    described = manifests({"HUTONG_HUB_PATH": DIVISIONS})
    held: dict[str, Connector] = {
        source: MemoryConnector(described[source], of_source) for source, of_source in (tables or raw_tables()).items()
    }
    return {**held, "hub": CsvConnector(described["hub"], reference())}


def canonical_values(limit: int = 200) -> dict[tuple[str, str], list[Canonical]]:
    """Some values of every field by (entity, field), as the rows have them, whoever may see them."""
    found: dict[tuple[str, str], list[Canonical]] = {}
    tables = raw_tables()
    for source, manifest in manifests({}).items():
        for entity, binding in manifest.bindings.items() if source in tables else ():
            rows = BoundRows(binding, tables[source])
            for name in binding.fields:
                single = (value for value in rows.canonical(name) if value is not None and not isinstance(value, list))
                values = dict.fromkeys(single)
                step = max(1, len(values) // limit)
                found.setdefault((entity, name), []).extend(list(values)[::step])
    return found


class NoAudit:
    """An audit log that keeps nothing."""

    async def append(self, event: AuditEvent, *, durable: bool = False) -> None:
        """Forget it."""

    async def close(self) -> None:
        """Nothing to close."""


class Hub:
    """An engine over ``connectors``. Quotas and costs are out of the way: they are tested elsewhere."""

    def __init__(self, connectors: Mapping[str, Connector], described: Mapping[str, Manifest] | None = None) -> None:
        self.connectors = connectors
        self.manifests = described or manifests({})
        self.keyring = Keyring(MASTER_KEY, SOURCES)
        self.engine = Engine(
            snapshot=Snapshot(
                catalog=catalog(),
                manifests=self.manifests,
                connectors=connectors,
                schema=full_schema(),
                policy=load_policy(sorted((ROOT / "demo/policies").glob("*.yaml")), version=1),
                digest="generated",
            ),
            keyring=self.keyring,
            quotas=HourlyQuotas({QuotaKind.LOOKUP: UNBOUNDED, QuotaKind.SINGLE_RECORD: UNBOUNDED}, lambda: 0.0),
            audit=NoAudit(),
            limits=Limits(depth=UNBOUNDED, fields=UNBOUNDED, aliases=UNBOUNDED, page=UNBOUNDED, rows=UNBOUNDED),
            clock=lambda: NOON,
        )

    async def ask(self, subject: Subject, document: str, variables: Mapping[str, Any] | None = None) -> OperationResult:
        """Ask as ``subject``, with plenty of time."""
        deadline = asyncio.get_running_loop().time() + 60
        request = OperationRequest(document=document, deadline=deadline, variables=variables or {})
        return await self.engine.execute(subject, request)
