"""Operations that schemathesis makes of each caller's own schema: no 5xx, no undocumented code, nothing of the inside.

``FUZZ_CASES`` says how many operations in all (``make fuzz`` asks for 4,000; the ordinary run for a sample).
"""

import asyncio
import os
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import schemathesis
from graphql import introspection_from_schema
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.graphql import nodes

from authz.subjects import Subject
from hutong.error_mapping import PUBLIC_CODES
from tests.endpoints import endpoint_of
from tests.resolvers.mini_city import CITY, CLERK, MEMBER, PUBLIC, MiniCity, subject

CASES = int(os.environ.get("FUZZ_CASES", "320"))
CALLERS = (PUBLIC, MEMBER, CLERK, CITY, subject("coop_analyst", divCode="430726"))
INSIDE = re.compile(r"Traceback|sqlalchemy|DY_JBXX|\.py\b|Error\(")
VALUES: dict[str, tuple[Any, ...]] = {
    "Date": ("2018-03-01", "2018-02-30", "0001-01-01", ""),
    "Month": ("2018-03", "2018-13"),
    "DateTime": ("2018-03-01T09:12:33+08:00", "2018-03-01T01:12:33Z", "9999-12-31T23:59:59-12:00", "now"),
    "Code": ("1", "631", "\u3000", "01"),
    "DivCode": ("430726", "430726105", "43072610500", "430726105221"),
    "Uscc": ("11430700XX00000199", "91430725XX0000035X", "O" * 18),
    "PersonKey": ("A" * 26, "2" * 26, ""),
}
"""Values of our scalars, good ones and bad ones."""


@pytest.fixture(scope="module", autouse=True)
def _scalars() -> None:
    texts = st.text(max_size=8)
    for name, values in VALUES.items():
        schemathesis.graphql.scalar(name, st.one_of(st.sampled_from(values), texts).map(nodes.String))
    schemathesis.graphql.scalar("Fen", st.one_of(st.integers(-1, 10**6), st.just(2**53)).map(nodes.Int))


@pytest.mark.parametrize("caller", CALLERS, ids=lambda caller: next(iter(caller.roles)))
def test_every_generated_operation_is_answered_by_the_contract(
    caller: Subject, record_property: Callable[[str, object], None]
) -> None:
    city = MiniCity()
    answers: Counter[str] = Counter()
    with asyncio.Runner() as runner:
        endpoint = endpoint_of(city.engine.execute, lambda _header: caller)
        client = httpx.AsyncClient(transport=httpx.ASGITransport(endpoint), base_url="http://hub")

        def judge(document: str) -> None:
            response = runner.run(client.post("/graphql", json={"query": document}))
            assert response.status_code < 500, response.text
            assert not INSIDE.search(response.text)
            errors = response.json().get("errors", [])
            codes = {error["extensions"]["code"] for error in errors}
            assert codes <= PUBLIC_CODES
            answers.update(codes or {"ok"})

        schema = schemathesis.graphql.from_dict(introspection_from_schema(city.engine.visible(caller).graphql))
        operations = [found.ok() for found in schema.get_all_operations()]
        for number, operation in enumerate(operations):
            ask(operation, judge, cases=-(-CASES // (len(CALLERS) * len(operations))), number=number)
        runner.run(client.aclose())
    record_property("answers", dict(answers))
    assert answers["ok"], "no generated operation was ever valid"
    assert answers["BAD_INPUT"], "no generated operation was ever invalid"


def ask(operation: Any, judge: Callable[[str], None], *, cases: int, number: int) -> None:
    """Judge ``cases`` operations of one root; the same ones in every run."""

    @seed(number)
    @settings(
        max_examples=cases,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def judged(case: schemathesis.Case) -> None:
        assert isinstance(case.body, str)
        judge(case.body)

    judged()
