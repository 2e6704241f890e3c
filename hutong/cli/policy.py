"""``hutong policy explain`` and ``policy test``: for those who write the policy."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hutong.cli.failures import Explained, explained
from hutong.cli.options import SettingsFile, tool_settings
from hutong.cli.speech import Lang, spoken
from hutong.settings import Settings
from schema.messages import commands

if TYPE_CHECKING:
    from authz.policy import PolicyVersion
    from authz.subjects import Profile
    from schema.catalog import Catalog

PolicyFolder = Annotated[
    Path | None,
    typer.Option("--policies", help="Folder of the policy; default: the one of the settings.", show_default=False),
]


def explain(
    coordinate: Annotated[str, typer.Argument(help="A field, relation or entity: Person.mobile, PartyMember.")],
    role: Annotated[list[str], typer.Option(help="A role of the caller; may be given several times.")],
    purpose: Annotated[str | None, typer.Option(help="The registered purpose the caller states.")] = None,
    policies: PolicyFolder = None,
    lang: Lang = None,
    settings: SettingsFile = None,
) -> None:
    """Say what a caller with these roles may do with one coordinate, and which line of the policy decides it.

    hutong policy explain Person.mobile --role branch_secretary
    """
    from authz.explain import explain as explain_coordinate
    from authz.explain import render
    from schema.coordinates import Coordinate

    with explained():
        chosen = tool_settings(settings)
        policy, catalog = _loaded(policies, chosen)
        profile = named_profile(policy, role, purpose)
        try:
            explanation = explain_coordinate(policy, catalog, profile, Coordinate(coordinate))
        except KeyError:
            raise Explained(commands.NO_COORDINATE(name=coordinate)) from None
        typer.echo(render(explanation, spoken()))


def check_cases(
    files: Annotated[list[Path], typer.Argument(help="Documents with cases: YAML files, or folders of them.")],
    policies: PolicyFolder = None,
    lang: Lang = None,
    settings: SettingsFile = None,
) -> None:
    """Check the policy against documents that say who may see what, and by which rule.

    Status 1 if any case is decided otherwise.
    """
    from authz.policy_tests import read_policy_cases, run_policy_cases

    with explained():
        policy, catalog = policy_and_catalog(policies, settings)
        found = [path for file in files for path in (sorted(file.glob("*.yaml")) if file.is_dir() else (file,))]
        for path in found:
            if not path.is_file():
                raise Explained(commands.NO_FILE(file=str(path)))
        results = run_policy_cases(read_policy_cases(found, policy, catalog), policy, catalog)
    failed = [result for result in results if not result.passed]
    for result in failed:
        typer.echo(commands.CASE_FAILED(reason=result.told).said(spoken()))
    typer.echo(commands.CASES_HOLD(count=len(results) - len(failed), total=len(results)).said(spoken()))
    if failed or not results:
        raise typer.Exit(1)


def named_profile(policy: "PolicyVersion", roles: Sequence[str], purpose: str | None) -> "Profile":
    """The profile of somebody with these roles. Raises `Explained` for names that the policy does not have."""
    from authz.policy import profile_of
    from authz.subjects import Subject
    from schema.yaml_nodes import did_you_mean

    for name in roles:
        if name not in policy.roles:
            raise Explained(commands.NO_ROLE(name=name, hint=did_you_mean(name, policy.roles)))
    if purpose is not None and purpose not in policy.purposes:
        raise Explained(commands.NO_PURPOSE(name=purpose, hint=did_you_mean(purpose, policy.purposes)))
    return profile_of(Subject(id="named", roles=frozenset(roles), purpose=purpose), policy)


def named_callers(policy: "PolicyVersion", callers: str, purpose: str | None) -> "dict[str, Profile]":
    """Profiles by what was written: ``A,B`` are two callers, ``A+B`` is one with both roles. Raises `Explained`."""
    written = [caller.strip() for caller in callers.split(",")]
    return {caller: named_profile(policy, [role.strip() for role in caller.split("+")], purpose) for caller in written}


def policy_and_catalog(
    policies: Path | None, settings: Path | None, catalog_folder: Path | None = None
) -> "tuple[PolicyVersion, Catalog]":
    """Those in the given folders, else in those of the settings. Raises `Explained` and what loading them raises."""
    return _loaded(policies, tool_settings(settings), catalog_folder)


def _loaded(
    policies: Path | None, chosen: Settings, catalog_folder: Path | None = None
) -> "tuple[PolicyVersion, Catalog]":
    from authz.policy_files import load_policy
    from schema.catalog_loader import load_catalog

    folder = policies or chosen.policies_dir
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise Explained(commands.NO_POLICIES(folder=str(folder)))
    catalog = load_catalog(catalog_folder or chosen.catalog_dir)
    return load_policy(files, chosen.policy_version, catalog), catalog
