"""S4, the government services database: its rows in canonical form. Its timestamps are Beijing time, without a zone."""

from datetime import date

from demo.oracle.codes import same
from demo.oracle.identity import held_birth, held_sex, id_number, identity_of, of_number
from demo.oracle.raw import RawRow, Tables
from demo.oracle.reading import code, credit_code, day, decimal, flag, moment, overdue, text, token, whole
from demo.oracle.rows import Builder, Row, late, row

_LETTERS = "XK CF QZ ZS JF JC QR JL CJ QT"
_ITEM_TYPES = same("itemType") | {letters: f"{n:02}" for n, letters in enumerate(_LETTERS.split(), 1)}
"""The older systems' letters stand for 01 to 10."""


def builders(tables: Tables, today: date) -> dict[str, Builder]:
    """How the rows of each entity are made."""

    def applicants() -> list[Row]:
        verified = (one for one in tables.get("banjian", []) if (one["sqr_leixing"], one["shiming"]) == ("1", "1"))
        return [person_row(one, today) for one in verified]

    return {
        "ServiceItem": lambda: [item_row(one) for one in tables.get("shixiang", [])],
        "ServiceStation": lambda: [station_row(one) for one in tables.get("wangdian", [])],
        "ServiceCase": lambda: [case_row(one, today) for one in tables.get("banjian", [])],
        "CaseStep": lambda: [step_row(one) for one in tables.get("banjian_guocheng", [])],
        "Person": applicants,
    }


def item_row(raw: RawRow) -> Row:
    """A row of shixiang."""
    return row(
        "ServiceItem",
        "s4",
        raw["shishibianma"],
        {
            "implCode": token(raw["shishibianma"]),
            "baseCode": text(raw["jibenbianma"]),
            "name": text(raw["mingcheng"]),
            "itemType": code(raw["leixing"], _ITEM_TYPES),
            "handling": code(raw["banjianleixing"], same("itemHandling")),
            "exerciseLevel": code(raw["cengji"], same("exerciseLevel")),
            "ownerUscc": credit_code(raw["zhuguan_xydm"]),
            "promisedWorkdays": whole(raw["chengnuo_gzr"]),
            "deliveredDown": flag(raw["xiachen"]),
            "status": code(raw["zhuangtai"], same("itemStatus")),
        },
    )


def station_row(raw: RawRow) -> Row:
    """A row of wangdian."""
    return row(
        "ServiceStation",
        "s4",
        raw["wangdian_bm"],
        {
            "stationCode": token(raw["wangdian_bm"]),
            "name": text(raw["mingcheng"]),
            "level": code(raw["cengji"], same("stationLevel")),
            "divCode": token(raw["quhua"]),
            "lng": decimal(raw["jingdu"]),
            "lat": decimal(raw["weidu"]),
            "manager": text(raw["fuzeren"]),
            "phone": text(raw["lianxidianhua"]),
            "openHours": text(raw["kaifang_sj"]),
            "openedOn": day(raw["kaiban_riqi"]),
            "status": code(raw["zhuangtai"], same("stationStatus")),
        },
    )


def case_row(raw: RawRow, today: date) -> Row:
    """A row of banjian. Who applied is known by the ID number, where it is a valid one."""
    due, finished = day(raw["chengnuo_rq"]), moment(raw["banjie_sj"])
    read = {
        "caseNo": token(raw["banjian_bh"]),
        "itemCode": token(raw["shishibianma"]),
        "stationCode": token(raw["wangdian_bm"]),
        "applicantType": code(raw["sqr_leixing"], same("applicantType")),
        "applicantIdentity": (identity_of(raw["zhengjian_hm"], "s4", raw["banjian_bh"], today), None),
        "applicantName": text(raw["sqr_mingcheng"]),
        "contactMobile": text(raw["lianxi_shouji"]),
        "address": text(raw["dizhi"]),
        "acceptedAt": moment(raw["shouli_sj"]),
        "dueOn": due,
        "finishedAt": finished,
        "state": code(raw["zhuangtai"], same("caseState")),
        "result": text(raw["jieguo"]),
        "overdue": overdue(due, finished, today),
        "rating": whole(raw["haoping"]),
    }
    failed = late(read, "acceptedAt", "finishedAt")
    return row("ServiceCase", "s4", raw["banjian_bh"], read, moment(raw["genxin_sj"])[0], failed)


def step_row(raw: RawRow) -> Row:
    """A row of banjian_guocheng."""
    return row(
        "CaseStep",
        "s4",
        raw["id"],
        {
            "stepId": (raw["id"], None),
            "caseNo": token(raw["banjian_bh"]),
            "name": text(raw["huanjie"]),
            "handler": text(raw["chuliren"]),
            "startedAt": moment(raw["kaishi"]),
            "endedAt": moment(raw["jieshu"]),
        },
    )


def person_row(raw: RawRow, today: date) -> Row:
    """A row of banjian as what S4 knows of an applicant whose identity was checked."""
    return row(
        "Person",
        "s4",
        raw["banjian_bh"],
        {
            "identity": (identity_of(raw["zhengjian_hm"], "s4", raw["banjian_bh"], today), None),
            "idNumber": id_number(raw["zhengjian_hm"], today),
            "name": text(raw["sqr_mingcheng"]),
            "sex": of_number(raw["zhengjian_hm"], held_sex, today),
            "birthDate": of_number(raw["zhengjian_hm"], held_birth, today),
            "mobile": text(raw["lianxi_shouji"]),
            "homeAddress": text(raw["dizhi"]),
            "realNameVerified": flag(raw["shiming"]),
        },
        moment(raw["genxin_sj"])[0],
    )
