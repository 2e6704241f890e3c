"""Errors come in the order of the response, whichever source answers first."""

import asyncio
from collections.abc import Sequence

import pytest

from connectors.contract import FetchArguments, Prepared, Row
from tests.resolvers.mini_city import PUBLIC, MiniCity
from tests.resolvers.questions import Wrapped

DOCUMENT = """
{
  list: publicUnits(first: 2) { nodes { authorisedPosts } }
  one: publicUnit(unitNo: "1001") { actualStaff authorisedPosts }
}
"""


class Late(Wrapped):
    """Answers lists (``slow_lists``) or look-ups by key later than the others."""

    slow_lists = True

    async def fetch(self, prepared: Prepared, arguments: FetchArguments) -> Sequence[Row]:
        if (arguments.keys is None) is self.slow_lists:
            await asyncio.sleep(0.01)
        return await super().fetch(prepared, arguments)


@pytest.mark.parametrize("slow_lists", [True, False], ids=["lists are slow", "keys are slow"])
async def test_errors_stand_in_the_order_of_the_response(*, slow_lists: bool) -> None:
    late = Late(MiniCity().connectors["s3"])
    late.slow_lists = slow_lists
    result = await MiniCity(s3=late).execute(PUBLIC, DOCUMENT)
    assert [(error["extensions"]["coordinate"], error["path"]) for error in result.errors] == [
        ("PublicUnit.authorisedPosts", ["list", "nodes", 0, "authorisedPosts"]),
        ("PublicUnit.actualStaff", ["one", "actualStaff"]),
    ]
