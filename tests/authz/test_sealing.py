import pytest
from hypothesis import given
from hypothesis import strategies as st

from authz.consumer_keys import Keyring
from authz.sealing import MAX_LENGTH, RowAddress, SealBroken, Sealer, cursor_context

MASTER = b"a master key of the tests, no other use"
SEALER = Sealer(MASTER, "portal")
CONTEXT = cursor_context("PartyMember", "joinedOn DESC", "d1", "subject-1")

canonical = st.one_of(
    st.none(), st.text(), st.integers(-(2**62), 2**62), st.floats(allow_nan=False, allow_infinity=False), st.booleans()
)


def test_node_id_finds_its_row_and_is_stable() -> None:
    node_id = SEALER.seal_id("PartyMember", "s1", 4711)
    assert node_id == Sealer(MASTER, "portal").seal_id("PartyMember", "s1", 4711)
    assert SEALER.open_id(node_id) == RowAddress(entity="PartyMember", connector="s1", row_key=4711)


def test_ids_of_keys_of_like_length_have_one_length() -> None:
    assert len({len(SEALER.seal_id("Person", "s1", 10**digits)) for digits in range(8)}) == 1


def test_node_id_of_another_consumer_does_not_open() -> None:
    with pytest.raises(SealBroken):
        Sealer(MASTER, "kiosk").open_id(SEALER.seal_id("Person", "s1", 1))


@given(st.lists(canonical, max_size=5))
def test_cursor_gives_back_its_values(values: list[str | int | float | bool | None]) -> None:
    assert SEALER.open_cursor(SEALER.seal_cursor(values, CONTEXT), CONTEXT) == tuple(values)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(("PartyOrganisation", "joinedOn DESC", "d1", "subject-1"), id="entity"),
        pytest.param(("PartyMember", "joinedOn ASC", "d1", "subject-1"), id="order"),
        pytest.param(("PartyMember", "joinedOn DESC", "d2", "subject-1"), id="filter"),
        pytest.param(("PartyMember", "joinedOn DESC", "d1", "subject-2"), id="subject"),
    ],
)
def test_cursor_opens_only_in_its_context(other: tuple[str, str, str, str]) -> None:
    with pytest.raises(SealBroken):
        SEALER.open_cursor(SEALER.seal_cursor(["1998-07-01", 1], CONTEXT), cursor_context(*other))


def test_cursor_hides_the_length_of_short_values() -> None:
    assert len(SEALER.seal_cursor(["张"], CONTEXT)) == len(SEALER.seal_cursor(["欧阳小明", 12345678], CONTEXT))


def test_cursor_is_no_node_id() -> None:
    with pytest.raises(SealBroken):
        SEALER.open_id(SEALER.seal_cursor(["Person", "s1", 1], b""))


@pytest.mark.parametrize("position", [0, 20, -1])
def test_changed_text_does_not_open(position: int) -> None:
    letters = list(SEALER.seal_id("Person", "s1", 1))
    letters[position] = "A" if letters[position] != "A" else "B"
    with pytest.raises(SealBroken):
        SEALER.open_id("".join(letters))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("UGVyc29uOjE", id="a plain global id"),
        pytest.param(SEALER.seal_id("Person", "s1", 1) + "\n", id="line break"),
        pytest.param(SEALER.seal_id("Person", "s1", 1) + "=", id="padding"),
        pytest.param("张" * 20, id="not ASCII"),
        pytest.param("\ud800", id="lone surrogate"),
        pytest.param("A" * (MAX_LENGTH + 4), id="too long"),
    ],
)
def test_text_of_another_origin_does_not_open(text: str) -> None:
    with pytest.raises(SealBroken, match="given out by the hub"):
        SEALER.open_id(text)


def test_keyring_keeps_and_forgets_without_changing_keys() -> None:
    keyring = Keyring(MASTER, ("s1",), capacity=2)
    first = keyring.of("portal")
    assert keyring.of("portal") is first
    keyring.of("a")
    keyring.of("b")
    again = keyring.of("portal")
    assert again is not first
    assert again.sealer.open_id(first.sealer.seal_id("Person", "s1", 1)).row_key == 1


def test_keyring_refuses_a_short_master_key_at_once() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Keyring(b"short", ())
