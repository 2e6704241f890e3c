"""``pull`` and ``maintenance`` of manifests: what is read, what follows from labels, and what is told of mistakes."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connectors.codecs.dates import BEIJING
from connectors.contract import Manifest
from connectors.maintenance_window import MaintenanceWindow
from connectors.manifest import ManifestInvalid, load_manifest
from connectors.rest.pull import Paging, Window
from schema.catalog_loader import load_catalog

ROOT = Path(__file__).parents[2]
CATALOG = load_catalog(ROOT / "schema/catalog")
ENVIRONMENT = {"HOTLINE_TOKEN": "t0ken", "HOTLINE_KEY": "5e" * 32}
TEXT = """
connector: hotline
title: {zh: 热线, en: Hotline}
department: ZWFW
engine: rest
settings:
  host: hotline.example
  token: {secret: "env:HOTLINE_TOKEN"}
  mirror: mirrors/hotline.db
  mirrorKey: {secret: "env:HOTLINE_KEY"}
freshness: {kind: snapshot, maxAge: 10min}
maintenance: {from: "02:00", to: "02:40", zone: Asia/Shanghai}
pull:
  path: /gongdan
  table: gongdan
  key: gongdanBianhao
  rows: data.list
  total: data.total
  ok: {code: "0"}
  window: {from: updateBegin, to: updateEnd, column: updateTime, format: "%Y-%m-%d %H:%M:%S",
           start: "2018-01-01 00:00:00", overlap: 10min}
  page: {number: pageNum, size: pageSize, rows: 200}
  rate: 10
  every: 5min
bindings:
  HotlineTicket:
    table: gongdan
    rowKey: gongdanBianhao
    fields:
      ticketNo: {column: gongdanBianhao, dense: true}
      type: suqiuLeixing
      receivedAt: laidianShijian
      callerName: xingming
      callerPhone: laidianHaoma
      content: suqiuNeirong
      divCode: quhuaCode
      unitRaw: chengbanDanwei
      unitNo: {column: unitNo, codec: token}
      state: zhuangtai
      isOpen: {column: zhuangtai, true: ["1", "2"], false: ["3", "4"]}
      satisfaction: {column: manyidu, codec: integer}
"""

Load = Callable[[str], Manifest]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def load_text(text: str) -> Manifest:
        path = tmp_path / "hotline.yaml"
        path.write_text(text, encoding="utf-8")
        return load_manifest(path, CATALOG, environment=ENVIRONMENT)

    return load_text


def test_pull_is_read_whole(load: Load) -> None:
    (pull,) = load(TEXT).pulls
    assert (pull.path, pull.table, pull.key) == ("/gongdan", "gongdan", "gongdanBianhao")
    assert (pull.rows, pull.total, pull.ok) == (("data", "list"), ("data", "total"), {("code",): "0"})
    assert (pull.rate, pull.every) == (10, 300)
    assert pull.page == Paging(number="pageNum", size="pageSize", rows=200)
    assert pull.window == Window(
        begin="updateBegin", end="updateEnd", format="%Y-%m-%d %H:%M:%S", column="updateTime",
        start=datetime(2018, 1, 1, tzinfo=BEIJING), overlap=timedelta(minutes=10),
    )  # fmt: skip


def test_mapped_columns_alone_are_mirrored(load: Load) -> None:
    (pull,) = load(TEXT).pulls
    assert pull.columns[0] == "gongdanBianhao"
    assert set(pull.columns) == {
        "gongdanBianhao", "suqiuLeixing", "laidianShijian", "xingming", "laidianHaoma", "suqiuNeirong", "quhuaCode",
        "chengbanDanwei", "unitNo", "zhuangtai", "manyidu",
    }  # fmt: skip


def test_columns_of_high_levels_are_protected(load: Load) -> None:
    assert load(TEXT).pulls[0].protected == {"xingming", "laidianHaoma", "suqiuNeirong"}


def test_a_column_of_a_high_level_is_protected_where_a_sub_select_shows_it_and_cannot_be_read_so(load: Load) -> None:
    unique = "{unique: {table: gongdan, column: laidianHaoma, on: {gongdanBianhao: gongdanBianhao}}, codec: text}"
    text = TEXT.replace("callerPhone: laidianHaoma", f"callerPhone: {unique}")
    with pytest.raises(ManifestInvalid) as caught:
        load(text)
    assert [problem.message for problem in caught.value.problems] == [
        "column laidianHaoma is encrypted (a field of level 3 or 4 reads it) and cannot be compared here"
    ]


def test_columns_that_rows_are_found_by_are_indexed(load: Load) -> None:
    indexed = load(TEXT).pulls[0].indexed
    assert {"quhuaCode", "unitNo"} <= set(indexed)
    assert not {"gongdanBianhao", "xingming"} & set(indexed)


def test_transport_is_verified_unless_the_manifest_says_otherwise(load: Load) -> None:
    assert load(TEXT).settings["tls"] == "verify"
    assert load(TEXT).settings["port"] == 443


def test_maintenance_is_read(load: Load) -> None:
    window = MaintenanceWindow(begin=time(2), end=time(2, 40), zone=ZoneInfo("Asia/Shanghai"))
    assert load(TEXT).maintenance == window


def test_several_pulls_are_a_list(load: Load) -> None:
    body = TEXT[TEXT.index("  path:") : TEXT.index("bindings:")]
    other = body.replace("gongdan\n", "huifang\n")
    listed = "".join(f"  -{part[1:].replace(chr(10), chr(10) + '  ').rstrip(' ')}" for part in (body, other))
    text = TEXT.replace(body, listed)
    assert [pull.table for pull in load(text).pulls] == ["gongdan", "huifang"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("path: /gongdan", 'path: "https://evil.example/gongdan"', '"path" must be a path'),
        ("path: /gongdan", 'path: "/gongdan?x=1"', '"path" must be a path'),
        ("  key: gongdanBianhao\n", "", '"key" is missing'),
        ("key: gongdanBianhao", "key: laidianHaoma", "choose another key"),
        ("table: gongdan\n  key", "table: tickets\n  key", 'no pull fills the table "gongdan"'),
        ("table: gongdan\n  key", 'table: "~pulls"\n  key', '"table" must be a plain word'),
        ("rate: 10", "rate: 0", '"rate" must be from 1 to 1000'),
        ("every: 5min", "every: often", '"every" must be a number with s, min, h or d'),
        ("rows: 200", "rows: 0", '"rows" must be from 1'),
        ("%H:%M:%S", "%H:%M", '"start" must be a time as "format" writes it'),
        ("2018-01-01 00:00:00", "long ago", '"start" must be a time as "format" writes it'),
        ("overlap: 10min", "overlap: 10min, lag: 1s", 'unknown key "lag"'),
        ("rowKey: gongdanBianhao", "rowKey: laidianHaoma", "column laidianHaoma is encrypted"),
        ("    fields:", "    conditions: [{column: xingming, isNull: false}]\n    fields:", "xingming is encrypted"),
        ('  mirrorKey: {secret: "env:HOTLINE_KEY"}\n', "", '"mirrorKey" is missing'),
        ("env:HOTLINE_KEY", "env:HOTLINE_TOKEN", '"mirrorKey" must be 64 hexadecimal digits'),
        ("env:HOTLINE_KEY", "env:NOT_SET", "the environment variable NOT_SET is not set"),
        ("engine: rest", "engine: sqlite", 'unknown key "pull"'),
        ('from: "02:00", to', 'from: "2 am", to', '"from" must be a time of day'),
        ('to: "02:40"', 'to: "02:00"', '"to" must not be the time of "from"'),
        ("Asia/Shanghai", "Asia/Changde", '"zone" must name a time zone'),
        ("Asia/Shanghai", '"../../etc/passwd"', '"zone" must name a time zone'),
    ],
)
def test_mistake_is_told_by_its_line(load: Load, old: str, new: str, message: str) -> None:
    assert old in TEXT
    with pytest.raises(ManifestInvalid) as caught:
        load(TEXT.replace(old, new))
    told = [str(problem) for problem in caught.value.problems]
    assert any(message in line for line in told), told
    assert all(line.startswith("hotline.yaml:") for line in told)
    assert not any("t0ken" in line or "5e5e" in line for line in told)
