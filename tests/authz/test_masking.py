import re
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authz.masking import HIDDEN, mask
from schema.catalog import MaskKind
from schema.identity import check_character
from schema.values import Canonical

STANDARD, STRICT = False, True


@pytest.mark.parametrize(
    ("kind", "strict", "value", "shown"),
    [
        pytest.param(MaskKind.NAME, STANDARD, "张三", "张*", id="name of 2"),
        pytest.param(MaskKind.NAME, STANDARD, "张小明", "张*明", id="name of 3"),
        pytest.param(MaskKind.NAME, STANDARD, "欧阳小明", "欧阳*明", id="name of 4"),
        pytest.param(MaskKind.NAME, STANDARD, "买买提·吐尔逊", "买买****逊", id="long name"),
        pytest.param(MaskKind.NAME, STRICT, "张小明", "张**", id="name, strict"),
        pytest.param(MaskKind.NAME, STRICT, "欧阳小明", "欧**", id="name of 4, strict"),
        pytest.param(MaskKind.NAME, STANDARD, "张?明", HIDDEN, id="name with a lost character"),
        pytest.param(MaskKind.NAME, STANDARD, "张", HIDDEN, id="name of 1"),
        pytest.param(MaskKind.NAME, STRICT, "13800001111", HIDDEN, id="number in place of a name"),
        pytest.param(MaskKind.ID_NUMBER, STANDARD, "430790198001010016", "430790********0016", id="ID"),
        pytest.param(MaskKind.ID_NUMBER, STRICT, "430790198001010016", "4****************6", id="ID, strict"),
        pytest.param(MaskKind.ID_NUMBER, STRICT, "11010519491231002X", "1****************X", id="ID ending in X"),
        pytest.param(MaskKind.ID_NUMBER, STANDARD, "430790800101001", HIDDEN, id="ID of 15 digits"),
        pytest.param(MaskKind.ID_NUMBER, STANDARD, "430790198001010017", HIDDEN, id="ID with a wrong check"),
        pytest.param(MaskKind.ID_NUMBER, STANDARD, "430790198002300012", HIDDEN, id="ID with an impossible date"),
        pytest.param(MaskKind.ID_NUMBER, STRICT, "430790198001010016 ", HIDDEN, id="ID with a blank"),
        pytest.param(MaskKind.MOBILE, STRICT, "16412345678", "164****5678", id="mobile"),
        pytest.param(MaskKind.MOBILE, STANDARD, "16412345678", "164****5678", id="mobile, standard"),
        pytest.param(MaskKind.MOBILE, STRICT, "1641234567", HIDDEN, id="mobile too short"),
        pytest.param(MaskKind.MOBILE, STRICT, "+8616412345678", HIDDEN, id="mobile with a prefix"),
        pytest.param(MaskKind.LANDLINE, STRICT, "0736-7123421", "0736-*****21", id="landline"),
        pytest.param(MaskKind.LANDLINE, STRICT, "07367123421", "0736*****21", id="landline without a dash"),
        pytest.param(MaskKind.LANDLINE, STRICT, "010-62345678", "010-******78", id="landline of a big city"),
        pytest.param(MaskKind.LANDLINE, STRICT, "7123421", HIDDEN, id="landline without an area code"),
        pytest.param(
            MaskKind.ADDRESS,
            STRICT,
            "湖南省常德市汉寿县洲口镇小河村3组12号",
            "湖南省常德市汉寿县洲口镇小河村***",
            id="address to the village",
        ),
        pytest.param(
            MaskKind.ADDRESS,
            STRICT,
            "常德市武陵区丹阳街道洞庭大道1号",
            "常德市武陵区丹阳街道***",
            id="address to the street office",
        ),
        pytest.param(
            MaskKind.ADDRESS,
            STRICT,
            "湖南省常德市安乡县安障乡仙桃村8号",
            "湖南省常德市安乡县安障乡仙桃村***",
            id="a county named 乡",
        ),
        pytest.param(
            MaskKind.ADDRESS,
            STRICT,
            "湖南省常德市汉寿县洲口镇小河村",
            "湖南省常德市汉寿县洲口镇小河村***",
            id="nothing behind",
        ),
        pytest.param(MaskKind.ADDRESS, STRICT, "洞庭大道1号", HIDDEN, id="address without a township"),
        pytest.param(MaskKind.ADDRESS, STRICT, "12号洲口镇", HIDDEN, id="address with a number in front"),
        pytest.param(MaskKind.DATE, STRICT, "1980-01-01", "1980-**-**", id="date"),
        pytest.param(MaskKind.DATE, STRICT, "2018-03-01T09:12:33+08:00", "2018-**-**", id="date of a time"),
        pytest.param(MaskKind.DATE, STRICT, "1980-01", "1980-**", id="date of a month"),
        pytest.param(MaskKind.DATE, STRICT, "1980-02-30", HIDDEN, id="impossible date"),
        pytest.param(MaskKind.DATE, STRICT, "19800101", HIDDEN, id="date of another spelling"),
        pytest.param(MaskKind.YEAR, STRICT, "1998-07-01", "1998", id="year"),
        pytest.param(MaskKind.YEAR, STRICT, "1998-13", HIDDEN, id="year of an impossible month"),
        pytest.param(MaskKind.ACCOUNT, STANDARD, "6200000012348903", "6200 **** **** 8903", id="account of 16"),
        pytest.param(MaskKind.ACCOUNT, STANDARD, "6200000012345678903", "6200 **** **** *** 8903", id="account of 19"),
        pytest.param(MaskKind.ACCOUNT, STRICT, "6200000012348903", "**** **** **** 8903", id="account, strict"),
        pytest.param(MaskKind.ACCOUNT, STANDARD, "wx_openid_12345678", HIDDEN, id="account that is no number"),
        pytest.param(MaskKind.ACCOUNT, STANDARD, "62001234", HIDDEN, id="account too short to hide anything"),
        pytest.param(MaskKind.AMOUNT_BAND, STRICT, 299_999, "<3,000", id="amount below 3,000"),
        pytest.param(MaskKind.AMOUNT_BAND, STRICT, -5_000, "<3,000", id="reversal"),
        pytest.param(MaskKind.AMOUNT_BAND, STRICT, 300_000, "3,000-5,000", id="amount of 3,000"),
        pytest.param(MaskKind.AMOUNT_BAND, STRICT, 500_000, "3,000-5,000", id="amount of 5,000"),
        pytest.param(MaskKind.AMOUNT_BAND, STRICT, 500_001, "5,000-10,000", id="amount above 5,000"),
        pytest.param(MaskKind.AMOUNT_BAND, STRICT, 1_000_000, "5,000-10,000", id="amount of 10,000"),
        pytest.param(MaskKind.AMOUNT_BAND, STRICT, 1_000_001, ">10,000", id="amount above 10,000"),
        pytest.param(MaskKind.AMOUNT_BAND, STRICT, True, HIDDEN, id="a flag is no amount"),
        pytest.param(MaskKind.AMOUNT_BAND, STRICT, 4000.5, HIDDEN, id="a fraction is no amount in fen"),
        pytest.param(MaskKind.FREE_TEXT, STANDARD, "请联系16412345678。", "请联系164****5678。", id="mobile in a text"),
        pytest.param(MaskKind.FREE_TEXT, STANDARD, "164-1234-5678", "164****5678", id="mobile with dashes"),
        pytest.param(MaskKind.FREE_TEXT, STANDARD, "164.1234.5678", "164****5678", id="mobile with points"),
        pytest.param(MaskKind.FREE_TEXT, STANDARD, "164—1234—5678", "164****5678", id="mobile with long dashes"),
        pytest.param(MaskKind.FREE_TEXT, STANDARD, "164 - 1234 - 5678", "164****5678", id="mobile, spaced dashes"),
        pytest.param(
            MaskKind.FREE_TEXT,
            STANDARD,
            "请拨：１６４１２３４５６７８，",
            "请拨：164****5678，",
            id="full-width mobile",
        ),
        pytest.param(MaskKind.FREE_TEXT, STANDARD, "①⑥④①②③④⑤⑥⑦⑧", "164****5678", id="circled mobile"),
        pytest.param(MaskKind.FREE_TEXT, STANDARD, "430790,19800101,0016", "4****************6", id="ID in parts"),
        pytest.param(
            MaskKind.FREE_TEXT, STANDARD, "110105 19491231 002Ｘ号", "1****************X号", id="full-width X"
        ),
        pytest.param(MaskKind.FREE_TEXT, STANDARD, "٤٣٠٧٩٠٨٠٠١٠١", "*" * 12, id="digits of another script"),
        pytest.param(MaskKind.FREE_TEXT, STANDARD, "编号1234567，xy", "编号*******，xy", id="a word after a number"),
        pytest.param(
            MaskKind.FREE_TEXT, STANDARD, "2018年9月1日；3组，12户", "2018年9月1日；3组，12户", id="words part numbers"
        ),
        pytest.param(
            MaskKind.FREE_TEXT, STANDARD, "证号11010519491231002X,", "证号1****************X,", id="ID in a text"
        ),
        pytest.param(
            MaskKind.FREE_TEXT, STANDARD, "老证430790800101001号", "老证***************号", id="old ID in a text"
        ),
        pytest.param(MaskKind.FREE_TEXT, STANDARD, "共3组12户", "共3组12户", id="short numbers stay"),
        pytest.param(MaskKind.FREE_TEXT, STRICT, "共3组12户", HIDDEN, id="text, strict"),
        pytest.param(MaskKind.FULL, STANDARD, "x", HIDDEN, id="full"),
    ],
)
def test_mask_shows(kind: MaskKind, strict: bool, value: Canonical, shown: str) -> None:
    assert mask(kind, strict)(value) == shown


@pytest.mark.parametrize("strict", [STANDARD, STRICT])
@pytest.mark.parametrize("kind", list(MaskKind))
def test_null_is_hidden_like_an_unreadable_value(kind: MaskKind, strict: bool) -> None:
    assert mask(kind, strict)(None) == HIDDEN


values = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="0123456789Xx-", min_size=1, max_size=20),
    st.text(alphabet="张李小明欧阳省市县镇乡村街道区0123456789", min_size=1, max_size=16),
    st.dates(date(1900, 1, 1), date(2020, 1, 1)).map(str),
    st.integers(0, 10**17 - 1).map(lambda n: f"{n:017}").map(lambda text: text + check_character(text)),
    st.integers(),
    st.floats(allow_nan=False),
    st.booleans(),
)


@given(
    kind=st.sampled_from([kind for kind in MaskKind if kind is not MaskKind.FREE_TEXT]),
    strict=st.booleans(),
    value=values,
)
def test_mask_never_returns_the_value_itself(kind: MaskKind, strict: bool, value: Canonical) -> None:
    shown = mask(kind, strict)(value)
    assert isinstance(shown, str)
    assert shown != value or not str(value).strip("*")


@given(strict=st.booleans(), born=st.dates(date(1900, 1, 1), date(2020, 1, 1)), rest=st.integers(0, 999))
def test_masked_id_number_keeps_its_length(strict: bool, born: date, rest: int) -> None:
    first17 = f"430790{born:%Y%m%d}{rest:03}"
    shown = mask(MaskKind.ID_NUMBER, strict)(first17 + check_character(first17))
    assert len(shown) == 18
    assert shown.count("*") == (16 if strict else 8)


@given(st.from_regex(r"1[0-9]{10}", fullmatch=True))
def test_masked_mobile_keeps_its_length(mobile: str) -> None:
    shown = mask(MaskKind.MOBILE, STRICT)(mobile)
    assert len(shown) == 11
    assert shown.count("*") == 4


@given(strict=st.booleans(), account=st.from_regex(r"[0-9]{15,32}", fullmatch=True))
def test_masked_account_keeps_its_number_of_digits(strict: bool, account: str) -> None:
    assert len(mask(MaskKind.ACCOUNT, strict)(account).replace(" ", "")) == len(account)


@given(st.text(alphabet="0123456789０９①Xx -.,—，_\u200b电话", max_size=60))
def test_no_long_number_survives_in_a_free_text(text: str) -> None:
    shown = mask(MaskKind.FREE_TEXT, STANDARD)(text)
    assert not re.search(r"\d(?:[^\w*]{0,3}\d){6}", unicodedata.normalize("NFKC", shown))
