"""The command line: ``hutong COMMAND``. Exit status 0: done; 1: refused or found wrong; 2: called wrongly.

Commands import what they need when they run, so that ``--help`` answers at once. Neighbours: each command calls the
same functions as the HTTP application; none has rights of its own (D12).
"""

import logging

import typer

from hutong.cli import audit, checks, contract, operations, policy, servers
from hutong.cli.speech import Lang, begin

app = typer.Typer(
    name="hutong",
    help="Hutong 互通: one GraphQL schema over departmental databases, with field-level confidentiality.\n\n"
    "New here? `hutong demo` starts a synthetic city to try it on.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@app.callback()
def _start(lang: Lang = None) -> None:
    """Before every command: standard output is the command's own, so warnings go to standard error."""
    from hutong import telemetry

    begin(lang)
    telemetry.configure_logging(logging.WARNING)


app.command("demo")(servers.demo)
app.command("serve")(servers.serve)
app.command("token")(operations.token)
app.command("query")(operations.query)
app.command("plan")(operations.plan)


def _group(name: str, help_text: str) -> typer.Typer:
    group = typer.Typer(help=help_text, no_args_is_help=True)
    app.add_typer(group, name=name)
    return group


_schema = _group("schema", "The GraphQL schema.")
_schema.command("print")(checks.print_schema)
_schema.command("diff")(contract.diff_schemas)
_group("operations", "Operations of client applications.").command("check")(contract.check_operations)
_group("catalog", "The catalogue of entities, fields and labels.").command("check")(checks.check_catalog)
_group("manifest", "The departments' manifests.").command("check")(checks.check_manifests)
_policy = _group("policy", "The confidentiality policy.")
_policy.command("explain")(policy.explain)
_policy.command("test")(policy.check_cases)
_group("audit", "The audit trail.").command("verify")(audit.verify)


def main() -> None:
    """Entry point of the command ``hutong``."""
    app()
