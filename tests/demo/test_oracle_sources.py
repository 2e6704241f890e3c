"""What the oracle reads from running sources is what the generator made, whatever the driver gives."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from demo.city.edition import SEED, TODAY
from demo.city.reference import write_reference
from demo.oracle.canonical import City
from demo.oracle.raw import RawCity
from demo.sources.runtime import RunningSources
from tests.demo.small_city import SMALL, SmallCity

ENTITIES = tuple(City(RawCity()).rows)


@pytest.fixture(scope="module")
def read(sqlite_sources: RunningSources) -> City:
    return City(RawCity.load(sqlite_sources.raw_connection, sqlite_sources.divisions), TODAY)


@pytest.fixture(scope="module")
def made(small: SmallCity, tmp_path_factory: pytest.TempPathFactory) -> City:
    reference: Path = tmp_path_factory.mktemp("reference")
    write_reference(reference, SEED, SMALL)
    return City(small.raw(reference), TODAY)


@pytest.mark.parametrize("entity", ENTITIES)
def test_rows_are_those_of_the_generator(entity: str, read: City, made: City) -> None:
    found, wanted = _by_key(read, entity), _by_key(made, entity)
    assert len(found) == len(read.rows[entity]) == len(wanted)
    assert {key: value for key, value in found.items() if wanted[key] != value} == {}


def _by_key(city: City, entity: str) -> Mapping[str, Any]:
    return {str(row.key): (dict(row.values), dict(row.flaws), row.changed, row.failed) for row in city.rows[entity]}


def test_everybody_is_known_who_was_made(read: City, made: City) -> None:
    assert set(read.identities()) == set(made.identities())
