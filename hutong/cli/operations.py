"""``hutong token``, ``query`` and ``plan``: asking as somebody, with exactly that caller's rights (D12).

``--as`` mints a token with the demo's key and verifies it as HTTP would; a hub that is not a demo refuses it.
"""

import asyncio
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from authz.subjects import Subject
from hutong.cli.failures import Answered, Explained, explained
from hutong.cli.input_files import read_text
from hutong.cli.options import SettingsFile, tool_settings
from hutong.cli.speech import Lang, spoken
from hutong.settings import Environment, Settings
from schema.language import Language
from schema.messages import commands

if TYPE_CHECKING:
    from hutong.composition import Hub
    from resolvers.operation import OperationRequest

As = Annotated[
    str | None,
    typer.Option("--as", metavar="ROLE", help="Ask as the demo's person in this role; `hutong token` lists them."),
]
Token = Annotated[
    str | None,
    typer.Option("--token", envvar="HUTONG_TOKEN", help="Ask with this token, as over HTTP; without any: anonymously."),
]
Purpose = Annotated[str | None, typer.Option(help="State this registered purpose for the operation.")]
Document = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="File with the GraphQL document; - is standard input.", allow_dash=True),
]
Variables = Annotated[str, typer.Option(help="Variables as a JSON object, or @FILE.")]
OperationName = Annotated[str | None, typer.Option("--operation", help="Which operation, if the file has several.")]


def token(
    person: Annotated[str | None, typer.Argument(help="Role of a person of the demo.", metavar="[ROLE]")] = None,
    settings: SettingsFile = None,
) -> None:
    """Print a token for a person of the demo.

    It is good for eight hours. Without ROLE: list who there is.

    curl -H "Authorization: Bearer $(hutong token branch_secretary)" ...
    """
    with explained():
        if person is None:
            from demo.callers import CALLERS

            for known in CALLERS:
                typer.echo(f"{known.key:<20}{known.title}")
            return
        typer.echo(_minted(person, tool_settings(settings)))


def query(
    document: Document,
    variables: Variables = "{}",
    operation: OperationName = None,
    person: As = None,
    bearer: Token = None,
    purpose: Purpose = None,
    lang: Lang = None,
    settings: SettingsFile = None,
) -> None:
    """Run a GraphQL query and print the response.

    With the rights of whoever asks. Needs no running hub, only its settings and sources. Status 1 if the response
    holds errors.
    """
    from hutong.composition import build_hub
    from hutong.error_mapping import failed_result, public_result
    from resolvers.operation import OperationResult

    with explained():
        chosen = tool_settings(settings)
        text, values = read_text(document), _variables(variables)
        language = spoken()
        credential = _credential(chosen, person, bearer)
        hub = build_hub(chosen, audit_file=_audit_file())

        async def ask() -> OperationResult:
            async with hub.running():
                subject = _subject(hub, credential, purpose)
                request = _request(text, values, operation, language)
                try:
                    return public_result(await hub.engine.execute(subject, request), language)
                except Exception as error:  # noqa: BLE001 - as the HTTP endpoint does
                    return failed_result(error, language)

        response = asyncio.run(ask()).response()
        typer.echo(_json(response))
    if "errors" in response:
        raise typer.Exit(1)


def plan(
    document: Document,
    variables: Variables = "{}",
    operation: OperationName = None,
    person: As = None,
    bearer: Token = None,
    purpose: Purpose = None,
    lang: Lang = None,
    settings: SettingsFile = None,
) -> None:
    """Print how a query would be answered.

    For whoever asks: decisions, steps, and each source's statement. Asks no source. What the caller may not see is
    not in the statements.
    """
    from hutong.composition import build_hub
    from resolvers.documents import InvalidDocument
    from resolvers.errors import OperationError
    from resolvers.render import render_plan

    with explained():
        chosen = tool_settings(settings)
        text, values = read_text(document), _variables(variables)
        language = spoken()
        credential = _credential(chosen, person, bearer)
        hub = build_hub(chosen, audit_file=_audit_file())

        async def render() -> str:
            try:
                await hub.keys.refresh()
                subject = _subject(hub, credential, purpose)
                return render_plan(hub.engine.plan(subject, _request(text, values, operation, language)), language)
            finally:
                await hub.close()

        try:
            typer.echo(asyncio.run(render()))
        except InvalidDocument as error:
            raise Answered(_json({"errors": error.formatted(language)})) from None
        except OperationError as error:
            raise Answered(_json({"errors": [error.formatted(language)]})) from None


def _audit_file() -> str:
    """An audit trail of this run alone, beside the hub's."""
    return f"audit-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.jsonl"


def _request(text: str, variables: dict[str, Any], operation: str | None, language: Language) -> "OperationRequest":
    from hutong.graphql_endpoint import OPERATION_SECONDS
    from resolvers.operation import OperationRequest

    return OperationRequest(
        document=text,
        deadline=asyncio.get_running_loop().time() + OPERATION_SECONDS,
        operation_name=operation,
        variables=variables,
        language=language,
    )


def _credential(settings: Settings, person: str | None, bearer: str | None) -> str | None:
    """The value of the ``Authorization`` header; ``None``: anonymous. Raises `Explained`."""
    if person is not None and bearer is not None:
        raise Explained(commands.AS_OR_TOKEN())
    token_text = bearer if person is None else _minted(person, settings)
    return None if token_text is None else f"Bearer {token_text}"


def _subject(hub: "Hub", credential: str | None, purpose: str | None) -> Subject:
    """The verified caller. Raises `Explained`."""
    from hutong.authentication import Unauthenticated

    try:
        return replace(hub.authenticator.authenticate(credential), purpose=purpose)
    except Unauthenticated as error:
        raise Explained(commands.CALLER_UNKNOWN(reason=error.told)) from None


def _minted(person: str, settings: Settings) -> str:
    """A token for a person of the demo. Raises `Explained` outside a demo and for an unknown person."""
    if settings.environment is not Environment.DEMO or settings.jwks_file is None:
        raise Explained(commands.DEMO_KEYS_ONLY())
    from authz.consumer_keys import Keyring
    from demo.callers import CALLERS, caller
    from hutong.key_files import read_master_key
    from hutong.tokens import TokenMinter

    try:
        found = caller(person)
    except KeyError:
        known = tuple(known.key for known in CALLERS)
        raise Explained(commands.NOBODY_IN_DEMO(name=person, names=known)) from None
    minter = TokenMinter(
        settings.jwks_file.parent,
        issuer=settings.issuer,
        audience=settings.audience,
        keyring=Keyring(read_master_key(settings.master_key_file), ()),
    )
    return minter.mint(found.subject)


def _variables(given: str) -> dict[str, Any]:
    """``--variables`` read as HTTP bodies are. Raises `Explained`."""
    import orjson

    try:
        values = orjson.loads(Path(given[1:]).read_bytes() if given.startswith("@") else given)
    except (OSError, orjson.JSONDecodeError):
        raise Explained(commands.VARIABLES_UNREADABLE()) from None
    if not isinstance(values, dict):
        raise Explained(commands.VARIABLES_NO_OBJECT())
    return values


def _json(value: object) -> str:
    import orjson

    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
