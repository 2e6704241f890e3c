from datetime import date

import pytest

from benchmarks.dataset import LEAST_MEMBERS, SCOPE_ORG, Dataset, build_dataset, check_character


@pytest.fixture(scope="module")
def rows() -> Dataset:
    return build_dataset(LEAST_MEMBERS)


@pytest.mark.parametrize(
    "number",
    [
        "430790198001010016",
        "430791199202290123",
        "430795195511034534",
        "430798196307080203",
        pytest.param("11010519491231002X", id="published example of the standard, with X"),
    ],
)
def test_check_character_follows_the_standard(number: str) -> None:
    assert check_character(number[:17]) == number[17]


def test_the_same_size_gives_the_same_rows(rows: Dataset) -> None:
    assert build_dataset(LEAST_MEMBERS) == rows


def test_too_few_members_are_refused() -> None:
    with pytest.raises(ValueError, match="at least"):
        build_dataset(LEAST_MEMBERS - 1)


def test_every_id_number_is_synthetic_distinct_and_valid(rows: Dataset) -> None:
    numbers = [row[4] for row in rows.a["party_member"]]

    assert len(set(numbers)) == LEAST_MEMBERS
    for row in rows.a["party_member"]:
        number = row[4]
        assert number[:5] == "43079"
        assert date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}") == row[3]
        assert (int(number[16]) % 2 == 1) == (row[2] == "1")
        assert check_character(number[:17]) == number[17]


def test_members_are_numbered_in_organisation_order(rows: Dataset) -> None:
    codes = [row[6] for row in rows.a["party_member"]]

    assert codes == sorted(codes)
    assert [row[0] for row in rows.a["party_member"]] == list(range(100_001, 100_001 + LEAST_MEMBERS))


def test_every_parent_organisation_exists_and_only_the_root_has_none(rows: Dataset) -> None:
    parents = {row[0]: row[2] for row in rows.a["party_org"]}

    assert [code for code, parent in parents.items() if parent is None] == ["001000000000000"]
    assert {parent for parent in parents.values() if parent} <= parents.keys()
    assert SCOPE_ORG in parents


def test_members_of_occupation_public_have_exactly_the_posts_in_the_other_database(rows: Dataset) -> None:
    posts = {row[0] for row in rows.b["staff"]}
    with_post = {row[4] for row in rows.a["party_member"] if row[4] in posts}

    assert with_post == {row[4] for row in rows.a["party_member"] if row[9] == "public"}
    assert {row[3] for row in rows.b["staff"]} <= {row[0] for row in rows.a["public_unit"]}
