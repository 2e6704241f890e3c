"""Deprecations of the catalogue: in the SDL wherever the name stands, in every caller's schema, and checked."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema as build_from_sdl
from graphql import validate_schema

from schema.build import build_schema
from schema.catalog import Catalog, Deprecation
from schema.catalog_loader import load_catalog
from schema.coordinates import Coordinate
from schema.sdl import print_sdl
from schema.visible import visible_schema
from tests.schema.right_catalog import changed, check, write
from tests.schema.sample_catalog import a_catalog, a_field, a_relation, an_entity

OLD = Deprecation(since="1.2", reason="It was never kept up", use="code")
WHY = "Since 1.2: It was never kept up. Use `code`."


def old(member: Any) -> Any:
    return replace(member, deprecated=OLD)


def catalog() -> Catalog:
    members = [a_field("code"), old(a_field("number")), a_field("plain"), old(a_relation("twin", "Thing", many=True))]
    return a_catalog(an_entity("Thing", "things", "code", members, alternate_keys=("number",)))


def test_a_deprecated_name_is_so_wherever_it_stands() -> None:
    graphql = build_schema(catalog(), lambda info: None).graphql
    thing, where, order = (graphql.type_map[name].fields for name in ("Thing", "ThingWhere", "ThingOrder"))
    assert graphql.query_type is not None
    root = graphql.query_type.fields["thing"].args
    for place in (thing, where, order, root):
        assert place["number"].deprecation_reason == WHY
        assert place["code"].deprecation_reason is None
    assert thing["twin"].deprecation_reason == WHY


def test_the_sdl_says_so_and_is_valid() -> None:
    sdl = print_sdl(build_schema(catalog(), lambda info: None))
    assert sdl.count(f'@deprecated(reason: "{WHY}")') == 5
    assert validate_schema(build_from_sdl(sdl)) == []


def test_the_only_key_left_is_required_and_so_not_deprecated() -> None:
    hidden = frozenset({Coordinate("Thing.code")})
    schema = visible_schema(build_schema(catalog(), lambda info: None), catalog(), hidden).graphql
    assert schema.query_type is not None
    argument = schema.query_type.fields["thing"].args["number"]
    assert (str(argument.type), argument.deprecation_reason) == ("ID!", None)
    assert validate_schema(build_from_sdl(print_sdl(build_schema(catalog(), lambda info: None).over(schema)))) == []


READ = {
    "field": ("income: {type: Fen,", "income: {type: Fen, deprecated: DEPRECATED,"),
    "relation": ("tree: {toMany: Org,", "tree: {toMany: Org, deprecated: DEPRECATED,"),
}


@pytest.mark.parametrize("kind", READ)
def test_it_is_read_from_the_catalogue(tmp_path: Path, kind: str) -> None:
    before, after = READ[kind]
    after = after.replace("DEPRECATED", "{since: '1.2', reason: It was never kept up, use: orgCode}")
    write(tmp_path, changed(before, after))
    entity = load_catalog(tmp_path).entities["Org"]
    member = entity.fields["income"] if kind == "field" else entity.relations["tree"]
    assert member.deprecated == replace(OLD, use="orgCode")


def test_companions_are_deprecated_with_their_base(tmp_path: Path) -> None:
    write(tmp_path, changed("sex: {type: Code,", "sex: {type: Code, deprecated: {since: '1.2', reason: r},"))
    fields = load_catalog(tmp_path).entities["Person"].fields
    assert fields["sexLabel"].deprecated == fields["sex"].deprecated == Deprecation(since="1.2", reason="r")


def test_codes_are_deprecated_in_their_table(tmp_path: Path) -> None:
    codes = "1: {zh: 男, en: Male}"
    old_code = "9: {zh: 旧, en: Old, deprecated: {since: '1.2', reason: r, use: '1'}}"
    write(tmp_path, changed(codes, f"{codes}\n      {old_code}"))
    table = load_catalog(tmp_path).code_tables["sex"]
    assert table.deprecated == {"9": Deprecation(since="1.2", reason="r", use="1")}
    assert list(table.codes) == ["1", "9"], "old rows still hold it"


WRONG = {
    "no reason": ("{since: '1.2'}", '"reason" is missing; write it'),
    "no version": ("{reason: r}", '"since" is missing; write it'),
    "an unknown key": ("{since: '1.2', reason: r, instead: x}", 'unknown key "instead"'),
    "a name that is not there": (
        "{since: '1.2', reason: r, use: orgCod}",
        'what to use instead of Org.income "orgCod" does not exist: did you mean "orgCode"?',
    ),
    "itself": ("{since: '1.2', reason: r, use: income}", "is itself internal or deprecated"),
}


@pytest.mark.parametrize("case", WRONG)
def test_mistakes_are_told(tmp_path: Path, case: str) -> None:
    written, message = WRONG[case]
    problems = check(tmp_path, changed("income: {type: Fen,", f"income: {{type: Fen, deprecated: {written},"))
    assert any(message in problem for problem in problems), problems


def test_what_is_not_to_be_shared_is_not_named_in_a_deprecation(tmp_path: Path) -> None:
    text = changed(
        "      income: {type: Fen,",
        "      secret: {type: Int, label: N4, title: {zh: 密, en: Secret}}\n"
        "      income: {type: Fen, deprecated: {since: '1.2', reason: r, use: secret},",
    )
    assert any("its name cannot be told" in problem for problem in check(tmp_path, text))


def test_a_code_is_replaced_by_a_code_in_force(tmp_path: Path) -> None:
    text = changed("1: {zh: 男, en: Male}", "1: {zh: 男, en: Male, deprecated: {since: '1', reason: r, use: '2'}}")
    assert any('deprecated for "2", which is not a code in force' in problem for problem in check(tmp_path, text))
