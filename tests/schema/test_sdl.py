import difflib

import pytest
from graphql import build_schema as build_from_sdl
from graphql import validate_schema

from schema.build import build_schema
from schema.sdl import SNAPSHOT, full_sdl, print_sdl
from tests.schema.sample_catalog import SAMPLE


def test_the_committed_snapshot_is_the_sdl_of_the_catalogue() -> None:
    committed, current = SNAPSHOT.read_text(encoding="utf-8"), full_sdl()
    if committed != current:
        changes = difflib.unified_diff(committed.splitlines(), current.splitlines(), "committed", "current", n=1)
        pytest.fail(
            "schema/schema.graphql is not what the catalogue gives. Read the changes as a client would; if they are "
            "meant, run `make schema` and commit the file.\n" + "\n".join(list(changes)[:80]),
            pytrace=False,
        )


def test_printing_is_stable_over_builds() -> None:
    assert print_sdl(build_schema(SAMPLE, lambda info: None)) == print_sdl(build_schema(SAMPLE, lambda info: 1))


def test_the_sdl_parses_to_a_valid_schema_of_the_same_types() -> None:
    schema = build_schema(SAMPLE, lambda info: None)
    parsed = build_from_sdl(print_sdl(schema))
    assert validate_schema(parsed) == []
    assert parsed.type_map.keys() == schema.graphql.type_map.keys()


def test_the_query_comes_first_then_every_entity_with_its_own_types_then_shared_ones() -> None:
    sdl = print_sdl(build_schema(SAMPLE, lambda info: None))
    keywords = ("type ", "input ", "interface ", "enum ", "scalar ", "union ")
    names = [line.split()[1] for line in sdl.splitlines() if line.startswith(keywords)]
    member = ["PartyMember", "PartyMemberConnection", "PartyMemberEdge", "PartyMemberWhere", "PartyMemberOrder"]
    organisation = [name.replace("PartyMember", "PartyOrganisation") for name in member]
    assert names[:12] == ["Query", "Person", *member, *organisation]
    own = ["CodeTable", "CodeTableEntry", "CoordinateAccess", "PageInfo", "RowMeta", "ScopedAccess", "SourceMeta"]
    assert names[12:23] == ["Node", "Contact", *own, "Viewer", "ViewerScope"]
    assert names[-1] == "Uscc"
    assert sdl.rstrip().endswith("seconds: Int!\n) on QUERY")
