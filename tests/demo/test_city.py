"""The generated rows: determinism, counts, statistics, synthetic ranges, and how the sources hang together."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

import pytest

from demo.city import codes, personas
from demo.city.branches import sm3
from demo.city.edition import TODAY
from demo.city.generator import city
from demo.city.tables import TABLES, Table
from tests.demo.small_city import SMALL, SmallCity, generate

_ID18 = re.compile(r"4307(9\d)(\d{8})(\d{3})([\dXx])\Z")


def _check(number: str) -> str:
    """GB 11643 in its base-13 form: (1 - 2 * the first 17 digits read in base 13) mod 11."""
    value = 0
    for digit in number[:17]:
        value = value * 13 + int(digit)
    return "0123456789X"[(1 - 2 * value) % 11]


def test_same_seed_and_scale_give_the_same_city(small: SmallCity) -> None:
    again = generate(SMALL, 430700)
    assert again.rows == small.rows
    assert list(again.ledger) == list(small.ledger)


def test_another_seed_gives_another_city_with_the_same_personas(small: SmallCity) -> None:
    other = generate(SMALL, 1)
    assert other.rows["DY_JBXX"] != small.rows["DY_JBXX"]
    for persona in personas.PERSONAS:
        if persona.member_no is not None:
            assert other.keyed("DY_JBXX")[str(persona.member_no)]["SFZH"] == persona.id_number


def test_secretaries_of_branches_are_found_and_those_of_committees_are_members_below(small: SmallCity) -> None:
    """By organisation, duty and name (D20); what is left of the branches has a defect in the member's row."""
    secretaries = Counter(
        (m["DZZDM"], m["XM"]) for m in small.records("DY_JBXX") if m["SCBZ"] == "0" and m["DNZW"] == "书记"
    )
    found: dict[bool, list[int]] = {True: [], False: []}
    for org in small.records("DZZ_JBXX"):
        if org["SCBZ"] == "0" and org["DZZSJ"]:
            found[org["DZZLB"] in ("631", "632", "931", "932", "2")].append(secretaries[org["DZZDM"], org["DZZSJ"]])
    branches, committees = Counter(found[True]), Counter(found[False])
    assert set(committees) == {0}
    assert set(branches) == {0, 1}
    assert 0 < branches[0] < 0.03 * branches[1]


def test_tables_come_in_the_stated_order() -> None:
    def names() -> Iterator[str]:
        for made in city(0.005):
            list(made.rows)
            yield made.table.name

    assert list(names()) == [table.name for table in TABLES]


@pytest.mark.parametrize("scale", [0.0, 0.004, 1.5])
def test_scale_out_of_range_is_refused(scale: float) -> None:
    with pytest.raises(ValueError, match="scale"):
        next(city(scale))


def test_small_city_has_its_share_of_everything(small: SmallCity) -> None:
    members = small.records("DY_JBXX")
    assert len(members) == 6_720
    assert sum(member["SCBZ"] == "0" for member in members) == 6_460
    assert len(small.rows["人员"]) == 2_086
    assert len(small.rows["app_user"]) == 5_740
    assert 400 <= len(small.rows["DZZ_JBXX"]) <= 500
    assert len(small.rows["干部"]) == pytest.approx(196, abs=40)
    assert len(small.rows["org_life_activity"]) == pytest.approx(667, rel=0.3)
    assert len({row["month"] for row in small.records("dues_payment")}) == 12


def test_a_tenth_of_the_city_has_a_tenth_of_s1() -> None:
    counts = {made.table.name: sum(1 for _ in made.rows) for made in islice(city(0.1), 8)}
    assert counts["DY_JBXX"] == 33_600
    assert counts["DZZ_JBXX"] == pytest.approx(1_564, rel=0.03)


def test_keys_are_unique_and_present(small: SmallCity) -> None:
    for table in TABLES:
        if table.keyed:
            keys = small.column(table.name, table.column_names[0])
            assert None not in keys
            assert len(set(keys)) == len(keys), table.name


@pytest.mark.parametrize(
    ("column", "value", "share"),
    [("XB", "2", 26.7), ("GZGW", "12", 28.5), ("GZGW", "31", 8.4), ("GZGW", "51", 19.6), ("RYLB", "2", 2.8)],
)
def test_members_have_the_bulletins_shares(small: SmallCity, column: str, value: str, share: float) -> None:
    values = Counter(small.column("DY_JBXX", column))
    assert 100 * values[value] / values.total() == pytest.approx(share, abs=2)


def test_members_have_the_bulletins_ages(small: SmallCity) -> None:
    ages = [(TODAY - datetime.strptime(born, "%Y%m%d").date()).days / 365.2425 for born in _birth_dates(small)]
    assert 100 * sum(age >= 61 for age in ages) / len(ages) == pytest.approx(28.1, abs=2.5)
    assert 100 * sum(age < 31 for age in ages) / len(ages) == pytest.approx(14.9, abs=2.5)
    assert min(ages) >= 18


def _birth_dates(small: SmallCity) -> Iterator[str]:
    for member in small.records("DY_JBXX"):
        number = str(member["SFZH"] or "")
        if len(number) == 18:
            yield number[6:14]


def test_every_id_number_lies_in_the_synthetic_range(small: SmallCity) -> None:
    for number in (*small.column("DY_JBXX", "SFZH"), *small.column("人员", "身份证号")):
        assert not number or number[:5] == "43079", number


def test_every_mobile_landline_and_account_is_nobodys(small: SmallCity) -> None:
    for number in (*small.column("DY_JBXX", "SJHM"), *small.column("app_user", "mobile")):
        digits = (number or "").replace(" ", "").removeprefix("+86")
        assert number is None or re.fullmatch(r"164\d{8}", digits), number
    for number in (*small.column("DY_JBXX", "GDDH"), *small.column("DZZ_JBXX", "LXDH")):
        assert number is None or re.fullmatch(r"0736-0\d{6}", number)
    for account in small.column("dues_payment", "pay_account"):
        assert account is None or (account[:6] == "620000" and _luhn_sum(account) % 10 == 0)


def _luhn_sum(number: str) -> int:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total


def test_every_credit_code_has_a_body_of_nobody(small: SmallCity) -> None:
    for code in (*small.column("DZZ_JBXX", "DWDM"), *small.column("单位", "统一社会信用代码")):
        assert code is None or re.fullmatch(r"..\d{6}XX\d{6}..", code.upper()), code


def test_check_characters_are_right_except_the_ledgers(small: SmallCity) -> None:
    wrong = set(small.ledger.keys("MEMBER_ID_CHECKSUM"))
    for key, member in small.keyed("DY_JBXX").items():
        if _ID18.match(member["SFZH"] or ""):
            assert (_check(member["SFZH"]) != member["SFZH"][-1].upper()) == (key in wrong), key
    for number in small.column("人员", "身份证号"):
        assert _check(number) == number[-1]


def test_everything_s1_stores_fits_gbk_and_its_columns(small: SmallCity) -> None:
    for table in TABLES[:8]:
        limits = [_length(declared) for _, declared in table.columns]
        for row in small.rows[table.name]:
            for value, limit in zip(row, limits, strict=True):
                if isinstance(value, str) and limit:
                    assert len(value) <= limit
                    value.encode("gbk")


def _length(declared: str) -> int:
    found = re.search(r"char\((\d+)\)", declared)
    return int(found[1]) if found else 0


def test_codes_are_in_the_code_tables_except_the_ledgers(small: SmallCity) -> None:
    unmapped = set(small.ledger.keys("MEMBER_EDUCATION_UNMAPPED"))
    for key, member in small.keyed("DY_JBXX").items():
        assert member["XB"] in codes.SEX
        assert member["MZ"] in codes.ETHNICITY
        assert member["ZZMM"] in codes.POLITICAL_STATUS
        assert member["GZGW"] in codes.POST
        assert member["DJZT"] in codes.MEMBERSHIP_STATE
        assert (member["XL"] in codes.EDUCATION) == (key not in unmapped)


def test_a_tenth_of_the_staff_are_members_with_the_same_id_number(small: SmallCity) -> None:
    members = {member["SFZH"] for member in small.records("DY_JBXX") if member["SCBZ"] == "0"}
    staff = small.column("人员", "身份证号")
    assert 0.08 <= sum(number in members for number in staff) / len(staff) <= 0.12
    assert len(set(staff)) == len(staff)


def test_users_reach_their_member_by_number_or_digest(small: SmallCity) -> None:
    members = small.keyed("DY_JBXX")
    digests = {sm3(member["SFZH"].upper()): key for key, member in members.items() if len(member["SFZH"] or "") == 18}
    missing = 0
    for user in small.records("app_user"):
        if user["member_no"] is not None:
            assert members[str(user["member_no"])]["SCBZ"] == "0"
        elif user["id_no_sm3"] not in digests:
            missing += 1
    assert missing < 10


def test_sm3_is_the_standards(small: SmallCity) -> None:
    assert sm3("abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_personas_are_where_they_say(small: SmallCity) -> None:
    members, staff, tree = small.keyed("DY_JBXX"), small.keyed("人员"), small.keyed("DZZ_JBXX")
    users = {user["member_no"] for user in small.records("app_user")}
    for persona in personas.PERSONAS:
        if persona.member_no is not None:
            member = members[str(persona.member_no)]
            assert (member["XM"], member["SFZH"]) == (persona.name, persona.id_number)
            assert member["DZZDM"] == persona.branch
            assert persona.member_no in users
        if persona.staff_no is not None:
            assert staff[persona.staff_no]["身份证号"] == persona.id_number
            assert staff[persona.staff_no]["单位编码"] == persona.home_unit
        for code in persona.secretary_of:
            assert tree[code]["DZZSJ"] == persona.name


def test_head_counts_are_the_registers_except_the_ledgers(small: SmallCity) -> None:
    counts = Counter(small.column("人员", "单位编码"))
    wrong = set(small.ledger.keys("UNIT_HEADCOUNT"))
    for key, unit in small.keyed("单位").items():
        assert (unit["实有人数"] != counts[key]) == (key in wrong), key


def test_nothing_happened_after_the_current_date(small: SmallCity) -> None:
    assert max(small.column("DY_JBXX", "GXSJ")) < f"{TODAY} 02:00:00"
    assert max(small.column("DZZ_JBXX", "GXSJ")) < f"{TODAY} 02:00:00"
    assert max(small.column("org_life_activity", "updated_at")) < f"{TODAY} 23:59:59"
    assert max(at for at in small.column("dues_payment", "paid_at") if at) < f"{TODAY} 23:59:59"


def test_dues_follow_the_rule(small: SmallCity) -> None:
    for row in small.records("dues_payment"):
        if row["rate_bp"] is not None and row["reversed_of"] is None:
            assert row["due_fen"] == row["base_fen"] * row["rate_bp"] // 10_000
            assert 0 <= row["paid_fen"] <= row["due_fen"]


def test_source_columns_are_the_departments() -> None:
    by_name: dict[str, Table] = {table.name: table for table in TABLES}
    assert by_name["DZZ_JBXX"].columns[1] == ("DZZMC", "varchar(120)")
    assert by_name["DY_JBXX"].column_names[-2:] == ("SCBZ", "GXSJ")
    assert len(by_name["DY_JBXX"].columns) == 27
    assert by_name["dues_payment"].columns[2] == ("month", "date")
