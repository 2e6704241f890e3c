"""``hutong schema print``, ``catalog check`` and ``manifest check``: for those who write catalogues and manifests."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from connectors.contract import Connector, Manifest
from hutong.cli.failures import Explained, explained
from hutong.cli.options import SettingsFile, tool_settings
from hutong.cli.policy import PolicyFolder, named_callers, policy_and_catalog
from hutong.cli.speech import Lang, spoken
from hutong.settings import Settings
from schema.catalog import Catalog
from schema.errors import Problem
from schema.message import Told
from schema.messages import commands

if TYPE_CHECKING:
    from connectors.manifest_checks import CheckReport

CatalogFolder = Annotated[
    Path | None,
    typer.Option("--catalog", help="Folder of the catalogue; default: the one of the settings.", show_default=False),
]


def print_schema(
    callers: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="ROLE[,ROLE]",
            help="Only what callers in these roles see: A,B is every name that a caller in role A or one in role B "
            "sees; A+B is one caller who holds both.",
            show_default=False,
        ),
    ] = None,
    purpose: Annotated[str | None, typer.Option(help="With --as: the registered purpose the caller states.")] = None,
    catalog: CatalogFolder = None,
    policies: PolicyFolder = None,
    settings: SettingsFile = None,
) -> None:
    """Print the GraphQL schema as SDL: whole, or as callers see it.

    Names that are not to be shared are absent for everybody who may not read them. Give --as the roles of a client
    application's users, separated by commas, and generate its types from the answer: it has every name that one of
    them sees. `hutong operations check` says which of them each operation is for. Roles that one user holds at once are
    joined by +: a rule that denies for one of them then denies for that user. Needs catalogue and policy only.
    """
    from hutong.role_schema import role_schema
    from schema.build import build_schema
    from schema.sdl import print_sdl

    with explained():
        if callers is None and (purpose or policies):
            raise Explained(commands.COMMAND_NEEDS_CALLER())
        if callers is None:
            schema = build_schema(_catalog(catalog, tool_settings(settings)), lambda _info: None)
        else:
            policy, model = policy_and_catalog(policies, settings, catalog)
            profiles = named_callers(policy, callers, purpose)
            schema = role_schema(build_schema(model, lambda _info: None), model, policy, *profiles.values())
        typer.echo(print_sdl(schema), nl=False)


def check_catalog(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of the catalogue; default: the one of the settings.")
    ] = None,
    lang: Lang = None,
    settings: SettingsFile = None,
) -> None:
    """Check the catalogue's YAML files: every mistake by file and line."""
    from schema.build import build_schema

    with explained():
        model = _catalog(folder, tool_settings(settings))
        build_schema(model, lambda _info: None)
    members = sum(len(entity.fields) + len(entity.relations) for entity in model.entities.values())
    _say(commands.CATALOGUE_CORRECT(total=len(model.entities), count=members))


def check_manifests(
    files: Annotated[list[Path], typer.Argument(help="Manifests, one YAML file per source.", exists=True)],
    catalog: CatalogFolder = None,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask the source itself.")] = False,
    sample: Annotated[int, typer.Option(help="Rows of each table to decode.", min=0, max=100_000)] = 1_000,
    lang: Lang = None,
    settings: SettingsFile = None,
) -> None:
    """Check manifests against the catalogue and against the live sources: every mistake by line.

    Problems (missing tables and columns, types that do not fit, keys that are not unique) give status 1. Advice
    (missing indexes, values that cannot be read) does not.
    """
    from connectors.manifest import ManifestInvalid, load_manifest
    from connectors.registry import build_connector
    from hutong.snapshot_files import connection_variables, hub_clock

    wrong = 0
    with explained():
        chosen = tool_settings(settings)
        model = _catalog(catalog, chosen)
        environment = connection_variables(chosen, os.environ)
        clock = hub_clock(chosen.clock_starts_at)
        for file in files:
            try:
                manifest = load_manifest(
                    file,
                    model,
                    environment=environment,
                    secrets_root=chosen.secrets_dir,
                    files_root=chosen.sources_dir,
                )
            except ManifestInvalid as error:
                wrong += _report(file, error.problems)
                continue
            if offline:
                _say(commands.MANIFEST_CORRECT(file=str(file), count=len(manifest.bindings)))
                continue
            report = asyncio.run(
                _check_live(
                    manifest, build_connector(manifest, sqlite_root=chosen.sources_dir, clock=clock), model, sample
                )
            )
            wrong += _report(file, report.problems)
            for item in report.advice:
                _say(commands.ADVICE(place=str(item.place), reason=item.told))
            if not report.problems:
                _say(commands.MANIFEST_AGREES(file=str(file), count=len(manifest.bindings)))
    if wrong:
        raise typer.Exit(1)


async def _check_live(manifest: Manifest, connector: Connector, catalog: Catalog, sample: int) -> "CheckReport":
    """Open the connector, check, close it."""
    from connectors.manifest_checks import check_source

    await connector.open()
    try:
        return await check_source(manifest, connector, catalog, sample=sample)
    finally:
        await connector.close()


def _report(file: Path, problems: Sequence[Problem]) -> int:
    """Print problems; how many there were."""
    for problem in problems:
        _say(commands.PROBLEM(place=str(problem.place), reason=problem.told))
    if len(problems) == 1:
        _say(commands.ONE_PROBLEM(file=str(file)))
    elif problems:
        _say(commands.PROBLEMS(file=str(file), count=len(problems)))
    return len(problems)


def _say(told: Told) -> None:
    typer.echo(told.said(spoken()))


def _catalog(folder: Path | None, chosen: Settings) -> Catalog:
    from schema.catalog_loader import load_catalog

    return load_catalog(folder if folder is not None else chosen.catalog_dir)
