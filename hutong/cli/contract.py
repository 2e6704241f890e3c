"""``hutong schema diff`` and ``operations check``: for frontend teams and those who change what they rely on."""

from pathlib import Path
from typing import Annotated, Any

import typer

from hutong.cli.checks import CatalogFolder
from hutong.cli.failures import Explained, explained
from hutong.cli.input_files import read_text
from hutong.cli.operations_report import as_json_text, report_json, report_text
from hutong.cli.options import SettingsFile, tool_settings
from hutong.cli.policy import PolicyFolder, named_callers, policy_and_catalog
from hutong.cli.speech import Lang, spoken
from schema.messages import commands

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
        typer.echo(as_json_text([_change(change, named=change.coordinate in allowed) for change in changes]))
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


def check_operations(
    files: Annotated[
        list[str], typer.Argument(help="Files, folders, or patterns in quotes: 'src/**/*.graphql'.", metavar="FILE...")
    ],
    callers: Annotated[
        str,
        typer.Option(
            "--as", metavar="ROLE[,ROLE]", help="Who will ask: A,B are two callers, A+B is one with both roles."
        ),
    ],
    purpose: Annotated[str | None, typer.Option(help="The registered purpose that the callers state.")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Status 1 also when something is null for a caller.")
    ] = False,
    as_json: Json = False,
    lang: Lang = None,
    catalog: CatalogFolder = None,
    policies: PolicyFolder = None,
    settings: SettingsFile = None,
) -> None:
    """Say for each operation and caller what it will give: whole, masked, depends, null or invalid; and its cost.

    All files together are one namespace of fragments, as for client tools. null: something is null in every row, with
    an error; depends: it is so, or masked, in some of the rows that the caller can see. Cost is in the units of the
    hub's limits; a page size that is a variable without a default counts as the largest page. Where a whole filter is a
    variable, what it filters by is not judged. Warns of deprecated names and unused fragments. Needs catalogue and
    policy only.

    Status 1 if an operation is invalid or over a limit for a caller, or a file cannot be read.
    """
    from hutong.client_documents import find_files, read_documents
    from hutong.operations_check import OperationsCheck, Outcome
    from schema.build import build_schema

    with explained():
        chosen = tool_settings(settings)
        found = find_files(files)
        if not found:
            raise Explained(commands.NO_FILE_FOR(names=tuple(files)))
        documents = read_documents({str(file): read_text(file) for file in found})
        policy, model = policy_and_catalog(policies, settings, catalog)
        profiles = named_callers(policy, callers, purpose)
        language = spoken()
        check = OperationsCheck(build_schema(model, lambda _info: None), model, policy, chosen.limits, language)
        judged = [
            (op, {who: check.judge(op, profile) for who, profile in profiles.items()}) for op in documents.operations
        ]
    typer.echo((report_json if as_json else report_text)(documents, judged, language))
    judgements = [judgement for _, by_caller in judged for judgement in by_caller.values()]
    refused = (Outcome.INVALID, Outcome.NULL) if strict else (Outcome.INVALID,)
    if documents.mistakes or not judged or any(j.over or j.outcome in refused for j in judgements):
        raise typer.Exit(1)


def _schema(file: Path) -> Any:
    """The schema of an SDL file. Raises `Explained`."""
    from graphql import GraphQLError, build_schema

    try:
        schema = build_schema(read_text(file))
    except (GraphQLError, TypeError) as error:
        raise Explained(commands.NOT_SDL(file=str(file), fault=str(error))) from None
    if schema.query_type is None:
        raise Explained(commands.SDL_WITHOUT_QUERY(file=str(file)))
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
