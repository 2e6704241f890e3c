"""The page on observability and the alert rules hold to what the hub really tells."""

import re
from pathlib import Path

import pytest
import yaml

from resolvers.operation_trace import Stage
from tests.hutong.observability.observed_city import ObservedCity

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/observability.md").read_text(encoding="utf-8")
ALERTS = yaml.safe_load((ROOT / "deploy/prometheus-alerts.yaml").read_text(encoding="utf-8"))
ROWS = {
    name: (kind, re.sub(r" \([^)]*\)", "", labels))
    for name, kind, labels in re.findall(r"^\| `(hutong_\w+)` \| (\w+) \| ([^|]*?) ?\|", PAGE, re.MULTILINE)
}
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]


async def told() -> dict[str, tuple[str, list[str]]]:
    """Every metric of ours as a scrape names it: its type, and the labels of its samples."""
    families = [family for family in ObservedCity().metrics.registry.collect() if family.name.startswith("hutong_")]
    return {
        family.name + ("_total" if family.type == "counter" else ""): (family.type, list(family._labelnames))
        for family in families
    }


async def test_every_metric_has_a_row_with_its_type_and_labels() -> None:
    assert {name: (kind, ", ".join(labels)) for name, (kind, labels) in (await told()).items()} == ROWS


@pytest.mark.parametrize("event", ["operation", "slow_operation", "trace_export_failed", "spans_lost"])
def test_every_event_has_a_row_and_a_place_in_the_code(event: str) -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "hutong/observability").glob("*.py"))
    assert f"| `{event}` |" in PAGE
    assert re.search(rf'_log\.(info|warning)\(\s*"{event}"', code)


def test_every_stage_is_named() -> None:
    assert all(f"`{stage}`" in PAGE for stage in Stage)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
async def test_alerts_ask_for_metrics_that_are_there(rule: dict[str, object]) -> None:
    known = await told()
    asked = re.findall(r"hutong_\w+", str(rule["expr"]))
    assert asked
    for name in asked:
        family = re.sub(r"_(bucket|count|sum)$", "", name)
        assert family in known
        assert (family != name) == (known[family][0] == "histogram")
    assert rule["annotations"]
    assert rule["labels"] in ({"severity": "page"}, {"severity": "ticket"})
