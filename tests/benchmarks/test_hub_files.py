"""The benchmark's own catalogue, manifests and policy are usable by the hub."""

from pathlib import Path

import pytest

import benchmarks
from authz.policy_files import load_policy
from connectors.manifest import load_manifest
from schema.catalog import Catalog
from schema.catalog_loader import load_catalog

FOLDER = Path(benchmarks.__path__[0])
ENVIRONMENT = {"BENCH_PORT": "5432", "BENCH_DATABASE_NAME_A": "a", "BENCH_DATABASE_NAME_B": "b"}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(FOLDER / "catalog")


@pytest.mark.parametrize(
    ("connector", "entities"),
    [("a", {"PartyOrganisation", "PartyMember", "PublicUnit"}), ("b", {"StaffPost"})],
)
def test_each_manifest_binds_every_field_of_its_entities(connector: str, entities: set[str], catalog: Catalog) -> None:
    manifest = load_manifest(FOLDER / "manifests" / f"{connector}.yaml", catalog, environment=ENVIRONMENT)

    assert manifest.connector == connector
    assert {name: set(binding.fields) for name, binding in manifest.bindings.items()} == {
        name: {
            field.name for field in catalog.entities[name].fields.values() if not (field.companion_of or field.label_of)
        }
        for name in entities
    }


def test_the_policy_speaks_of_the_catalogue_and_of_the_two_callers(catalog: Catalog) -> None:
    policy = load_policy([FOLDER / "policies" / "benchmark.yaml"], 1, catalog)

    assert policy.roles == {"city_reader", "county_reader"}
