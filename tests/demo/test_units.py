"""S3's units: how many, under whom, with which codes."""

import pytest

from demo.city import personas
from demo.city.units import units

SEED = 430700


@pytest.mark.parametrize("scale", [0.005, 0.02, 1.0])
def test_units_hang_from_existing_superiors_of_the_same_field(scale: float) -> None:
    found = units(SEED, scale)
    for unit in found.values():
        if unit.parent_no is None:
            assert unit.tier == "bureau"
            assert unit.county_code == "430700"
        elif unit.tier != "town":
            assert found[unit.parent_no].bureau == unit.bureau


@pytest.mark.parametrize("scale", [0.005, 0.02, 1.0])
def test_the_economy_commission_has_county_bureaus_and_sub_units(scale: float) -> None:
    below = [unit for unit in units(SEED, scale).values() if unit.parent_no == personas.ECONOMY_COMMISSION]
    assert sum(unit.tier == "bureau" for unit in below) == 14
    assert sum(unit.tier == "sub" for unit in below) >= 3
    assert not any(unit.merged for unit in below)


def test_whole_city_has_the_stated_units_and_staff() -> None:
    found = units(SEED, 1.0)
    assert len(found) == 3_960
    assert sum(unit.staff for unit in found.values()) == 104_300
    assert len({unit.uscc for unit in found.values()}) == 3_960
