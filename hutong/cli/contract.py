"""``hutong schema diff`` and ``operations check``: for frontend teams and those who change what they rely on."""

from pathlib import Path
from typing import Annotated, Any

import typer

from hutong.cli.failures import Explained, explained
from hutong.cli.input_files import read_text

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of lines for people.")]


def diff_schemas(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="SDL file; - is standard input.", allow_dash=True)],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="SDL file; - is standard input.", allow_dash=True)],
    changelog: Annotated[
        Path | None,
        typer.Option(help="Allow what this changelog names in backticks under Unreleased, Breaking.", exists=True),
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare two versions of the schema: what breaks operations, what is dangerous, what is safe.

    Status 1 if a breaking change is not named in the changelog; without --changelog, if there is any. A removal says
    whether the old version had deprecated the name. Changes of descriptions are none.
    """
    from hutong.schema_changes import Severity, compare_schemas, named_breaks

    with explained():
        changes = compare_schemas(_schema(old), _schema(new))
        allowed = named_breaks(read_text(changelog)) if changelog is not None else frozenset()
    refused = [c for c in changes if c.severity is Severity.BREAKING and c.coordinate not in allowed]
    if as_json:
        typer.echo(_json([_change(change, named=change.coordinate in allowed) for change in changes]))
    else:
        for change in changes:
            named = " (named in the changelog)" if change.coordinate in allowed else ""
            typer.echo(f"{change.severity.value:<10} {change.description}{named}")
        counts = ", ".join(f"{sum(c.severity is s for c in changes)} {s.value}" for s in Severity)
        typer.echo(f"Changes: {counts}.")
        if refused and changelog is not None:
            names = ", ".join(f"`{coordinate}`" for coordinate in dict.fromkeys(c.coordinate for c in refused))
            typer.echo(f'Not named in {changelog} under "## [Unreleased]", "### Breaking": {names}.', err=True)
    if refused:
        raise typer.Exit(1)


def _schema(file: Path) -> Any:
    """The schema of an SDL file. Raises `Explained`."""
    from graphql import GraphQLError, build_schema

    try:
        schema = build_schema(read_text(file))
    except (GraphQLError, TypeError) as error:
        raise Explained(f"{file} is not the SDL of a schema: {error}") from None
    if schema.query_type is None:
        raise Explained(f"{file} is not the SDL of a schema: it has no type Query")
    return schema


def _change(change: Any, *, named: bool) -> dict[str, Any]:
    return {
        "severity": change.severity.value,
        "kind": change.kind,
        "coordinate": change.coordinate,
        "description": change.description,
        "deprecated": change.deprecated,
        "named": named,
    }


def _json(value: object) -> str:
    import orjson

    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
