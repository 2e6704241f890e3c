"""Which language an ``Accept-Language`` header asks for."""

import pytest

from hutong.content_language import MOST_BYTES, language_of
from schema.language import Language

ZH, EN = Language.ZH, Language.EN


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("zh", ZH),
        ("en", EN),
        ("EN-us", EN),
        ("zh-CN", ZH),
        ("zh-Hans-CN", ZH),
        ("en-GB, zh-CN;q=0.9", EN),
        ("en-GB;q=0.8, zh-CN;q=0.9", ZH),
        ("en;q=0.801, zh;q=0.8", EN),
        ("de, fr;q=0.9, en;q=0.1", EN),
        ("en, zh", EN),
        ("zh, en", ZH),
        ("zh;q=0.5, en;q=0.5", ZH),
        ("en;q=0.3, zh-TW;q=0.2, zh;q=0.9", ZH),
        (" en ; q=1.0 ,\tzh ; Q=0.5", EN),
    ],
)
def test_the_language_of_the_highest_quality_is_chosen(header: str, expected: Language) -> None:
    assert language_of(header.encode(), ZH) is language_of(header.encode(), EN) is expected


@pytest.mark.parametrize("default", Language)
@pytest.mark.parametrize("header", ["", "*", "de", "fr-CA, de;q=0.5", "english", "*;q=0.5", "zh;q=0, en;q=0"])
def test_a_header_that_prefers_neither_means_the_default(header: str, default: Language) -> None:
    chosen = language_of(header.encode(), default)
    assert chosen is default


@pytest.mark.parametrize(
    ("header", "expected"),
    [("*, en;q=0.5", ZH), ("en, *;q=0.5", EN), ("zh;q=0, *", EN), ("zh;q=0", EN), ("de, zh-HK;q=0", ZH)],
    ids=["any before", "any after", "any but one", "not one", "not one region"],
)
def test_wildcards_and_exclusions_count(header: str, expected: Language) -> None:
    assert language_of(header.encode(), ZH) is expected


@pytest.mark.parametrize(
    "header",
    [
        b"\xff\xfe\x00",
        b";;;,,,;q",
        b"en;q=2",
        b"en;q=-1",
        b"en;q=0.9999",
        b"en;q=NaN",
        b"en;level=1",
        b"en_US",
        b"e" * 9,
        b"," * 10_000,
        b"en-" + b"a" * 9,
        b"en-Latin-US-" * 10_000,
    ],
    ids=lambda header: repr(header[:12]),
)
def test_what_is_malformed_is_passed_over(header: bytes) -> None:
    assert language_of(header, ZH) is ZH
    assert language_of(header, EN) is EN
    assert language_of(header[:99] + b",zh;q=0.1", EN) is ZH


def test_only_the_beginning_of_a_long_header_is_read() -> None:
    assert language_of(b"de," * MOST_BYTES + b"en", ZH) is ZH
