import base64
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authz.person_key import PersonKeys
from schema.identity import check_character

MASTER = b"a master key of the tests, no other use"
KEYS = PersonKeys(MASTER, "portal", ("s1", "s3"))
PERSON = "430790198001010016"

numbers = st.tuples(
    st.integers(100_000, 999_999), st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.integers(0, 999)
).map(lambda parts: f"{parts[0]}{parts[1]:%Y%m%d}{parts[2]:03}")
identities = st.one_of(
    numbers.map(lambda first17: first17 + check_character(first17)),
    st.tuples(st.sampled_from(("s1", "s3")), st.from_regex(r"[!-~]{1,13}", fullmatch=True)).map(
        lambda parts: f"~{parts[0]}:{parts[1]}"
    ),
)


@given(identities)
def test_opening_gives_back_what_was_sealed(identity: str) -> None:
    key = KEYS.seal(identity)
    assert len(key) == 26
    assert KEYS.open(key) == identity


def test_key_is_stable_and_shows_nothing_of_the_identity() -> None:
    assert KEYS.seal(PERSON) == PersonKeys(MASTER, "portal", ("s1",)).seal(PERSON)
    assert KEYS.seal(PERSON) != KEYS.seal("430791199202290123")


def test_keys_of_two_consumers_cannot_be_joined() -> None:
    other = PersonKeys(MASTER, "kiosk", ("s1", "s3"))
    assert KEYS.seal(PERSON) != other.seal(PERSON)
    with pytest.raises(ValueError):
        other.open(KEYS.seal(PERSON))


@given(st.binary(min_size=16, max_size=16))
def test_made_up_key_is_refused(block: bytes) -> None:
    with pytest.raises(ValueError):
        KEYS.open(base64.b32encode(block)[:26].decode())


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("", id="empty"),
        pytest.param(PERSON, id="an ID number"),
        pytest.param(KEYS.seal(PERSON).lower(), id="lower case"),
        pytest.param(KEYS.seal(PERSON) + "======", id="with padding"),
        pytest.param(KEYS.seal(PERSON) + "\n", id="with a line break"),
        pytest.param(KEYS.seal(PERSON)[:-1], id="cut short"),
        pytest.param("1" * 26, id="not base32"),
    ],
)
def test_text_of_another_shape_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="personKey"):
        KEYS.open(key)


def test_only_one_spelling_of_a_key_opens() -> None:
    key = KEYS.seal(PERSON)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    sibling = key[:-1] + alphabet[alphabet.index(key[-1]) ^ 1]  # differs in a bit that base32 does not use
    with pytest.raises(ValueError):
        KEYS.open(sibling)


@pytest.mark.parametrize(
    "identity",
    [
        pytest.param("430790198001010017", id="wrong check character"),
        pytest.param("11010519491231002x", id="lower-case x"),
        pytest.param("430790800101001", id="15 digits"),
        pytest.param("", id="empty"),
        pytest.param("~s9:1", id="unknown connector"),
        pytest.param("~s1:", id="no local key"),
        pytest.param("~s1:12345678901234", id="local key too long"),
        pytest.param("~s1:张", id="local key beyond ASCII"),
        pytest.param("~s1:a b", id="local key with a blank"),
    ],
)
def test_what_is_no_identity_is_not_sealed(identity: str) -> None:
    with pytest.raises(ValueError):
        KEYS.seal(identity)


@pytest.mark.parametrize(
    "local_key", ["12345678901234", "张", "a b", ""], ids=["long", "beyond ASCII", "a blank", "empty"]
)
def test_a_row_whose_local_key_does_not_fit_has_no_key(local_key: str) -> None:
    assert KEYS.key_of(f"~s1:{local_key}") is None


@given(identities)
def test_every_other_row_has_the_key_that_opens(identity: str) -> None:
    assert KEYS.key_of(identity) == KEYS.seal(identity)


def test_short_master_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        PersonKeys(b"short", "portal", ())
