"""Does what ``docs/frontend.md`` says: asks its queries of a small city, writes its files, runs its commands.

A ``graphql`` block with a file's name is written; one with a role's is asked as that caller, and the ``json`` after it
is the answer: ``"..."`` stands for any value, at the end of a list for whatever follows.
"""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from resolvers.operation import OperationRequest
from schema.language import Language
from tests.docs.pages import ROOT, blocks, pattern, run
from tests.resolvers.mini_city import MiniCity
from tests.resolvers.questions import CALLERS

PAGE = ROOT / "docs" / "frontend.md"


async def test_the_page_does_what_it_says(tmp_path: Path) -> None:
    city, kept = MiniCity(), {name: value for name, value in os.environ.items() if not name.startswith("HUTONG_")}
    environment = {
        **kept,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HUTONG_POLICIES_DIR": str(ROOT / "demo" / "policies"),
    }
    printed, answers = "", 0
    answer: Any = None
    for block in blocks(PAGE):
        if block.language == "graphql" and block.file.endswith(".graphql"):
            write(tmp_path / block.file, block.text)
        elif block.language == "graphql":
            request = OperationRequest(document=block.text, deadline=1e9, language=Language.EN)
            answer = (await city.engine.execute(CALLERS[block.file], request)).response()
        elif block.language == "json":
            assert matches(json.loads(block.text), answer), json.dumps(answer, ensure_ascii=False, indent=1)
            answers += 1
        elif block.language == "sh":
            printed = run(block.text, tmp_path, environment)
        elif block.language == "text":
            assert re.fullmatch(pattern(block.text), printed.rstrip("\n"), re.DOTALL), printed
    assert answers == 6
    assert "type PartyOrganisation" in (tmp_path / "schema.graphql").read_text(encoding="utf-8")


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def matches(expected: Any, found: Any) -> bool:
    if expected == "...":
        return found is not None
    if isinstance(expected, dict):
        return (
            isinstance(found, dict)
            and expected.keys() == found.keys()
            and all(matches(value, found[name]) for name, value in expected.items())
        )
    if isinstance(expected, list) and expected[-1:] == ["..."]:
        return (
            isinstance(found, list)
            and len(found) >= len(expected)
            and matches(expected[:-1], found[: len(expected) - 1])
        )
    if isinstance(expected, list):
        return (
            isinstance(found, list)
            and len(expected) == len(found)
            and all(matches(one, other) for one, other in zip(expected, found, strict=True))
        )
    return bool(expected == found)
