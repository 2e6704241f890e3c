"""What an ID number says of its holder, for registers that keep nothing else."""

import pytest

from connectors.codecs import NotEnumerable, build_codec


@pytest.mark.parametrize(
    ("raw", "birth", "sex"),
    [
        ("430790198001010016", "1980-01-01", "1"),
        ("430791199202290123", "1992-02-29", "2"),
        ("430790800101001", "1980-01-01", "1"),
        ("430790198001010017", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_birth_and_sex(raw: str | None, birth: str | None, sex: str | None) -> None:
    assert build_codec("id_birth", {}).decode(raw) == birth
    assert build_codec("id_sex", {}).decode(raw) == sex
    assert build_codec("id_sex", {}).quality(raw) is None


def test_their_spellings_cannot_be_listed() -> None:
    with pytest.raises(NotEnumerable):
        build_codec("id_birth", {}).encode("1980-01-01")
