"""The explorer's page and endpoints: ``/``, ``/explorer/*``.

``POST /explorer/token/{person}`` gives a token, as ``hutong token`` does. The others take it as ``Authorization:
Bearer``, like ``/graphql``: ``POST /explorer/run`` executes an operation and tells its plan and what was fetched,
``POST /explorer/schema`` gives the caller's own SDL. ``GET /explorer/content`` is what there is to choose from.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import orjson
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message

from authz.subjects import Subject
from connectors.contract import Manifest
from hutong.authentication import Unauthenticated
from hutong.explorer.content import ExplorerContent
from hutong.explorer.guard import OwnPageOnly
from hutong.explorer.page_files import EDITOR, PAGE, PageFile, page_files
from hutong.explorer.telling import told_fetches, told_plan, told_seconds, told_title
from hutong.graphql_endpoint import Authenticate
from hutong.operation_scope import put_trace, trace_of
from hutong.refusals import language_in, refusal
from hutong.request_reader import Refused, check_json_type
from resolvers.operation_trace import OperationTrace
from resolvers.pipeline import Engine
from schema.catalog import Catalog
from schema.messages import explorer
from schema.sdl import print_sdl

PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
"""The page's Content-Security-Policy: its own files, nothing inline, nothing from elsewhere, no text made into code."""


class _Answer:
    """What another ASGI application sends: its status (499 until there is one) and body."""

    def __init__(self) -> None:
        self.status = 499
        self.body = b""

    async def send(self, message: Message) -> None:
        """ASGI."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.body += message.get("body", b"")


class Explorer:
    """The page over one hub. ``graphql`` is the hub's ``/graphql``; ``mint``: a token for one of the people of
    ``content``.
    """

    def __init__(
        self,
        *,
        content: ExplorerContent,
        engine: Engine,
        catalog: Catalog,
        manifests: Mapping[str, Manifest],
        purposes: Mapping[str, str],
        graphql: ASGIApp,
        authenticate: Authenticate,
        mint: Callable[[Subject], str],
        files: Mapping[str, PageFile] | None = None,
    ) -> None:
        self._engine = engine
        self._catalog = catalog
        self._graphql = graphql
        self._authenticate = authenticate
        self._mint = mint
        self._files = page_files() if files is None else files
        self._people = {person.key: person for person in content.persons}
        self._content = orjson.dumps(_told_content(content, manifests, purposes) | {"editor": EDITOR in self._files})

    def routes(self) -> list[Route]:
        """Routes for the application; each refuses whoever is not the page itself."""
        opened, called = Middleware(OwnPageOnly, navigable=True), Middleware(OwnPageOnly)
        return [
            Route("/", self._page, methods=["GET"], middleware=[opened]),
            Route("/explorer/content", self._choices, methods=["GET"], middleware=[called]),
            Route("/explorer/token/{person}", self._token, methods=["POST"], middleware=[called]),
            Route("/explorer/schema", self._schema, methods=["POST"], middleware=[called]),
            Route("/explorer/run", self._run, methods=["POST"], middleware=[called]),
            Route("/explorer/static/{file}", self._file, methods=["GET"], middleware=[called]),
        ]

    async def _page(self, _request: Request) -> Response:
        return self._sent(PAGE)

    async def _file(self, request: Request) -> Response:
        name = request.path_params["file"]
        if name == PAGE or name not in self._files:
            return refusal(request.scope, Refused(404, explorer.NO_SUCH_FILE()))
        return self._sent(name)

    def _sent(self, name: str) -> Response:
        file = self._files[name]
        policy = {"content-security-policy": PAGE_POLICY}
        return Response(file.content, media_type=file.media_type, headers=policy)

    async def _choices(self, _request: Request) -> Response:
        return Response(self._content, media_type="application/json")

    async def _token(self, request: Request) -> Response:
        try:
            check_json_type(request.scope)
            if (person := self._people.get(request.path_params["person"])) is None:
                raise Refused(404, explorer.NO_SUCH_PERSON())
        except Refused as refused:
            return refusal(request.scope, refused)
        return _json({"token": self._mint(person.subject)})

    async def _schema(self, request: Request) -> Response:
        try:
            check_json_type(request.scope)
            subject = self._subject(request)
        except Refused as refused:
            return refusal(request.scope, refused)
        return Response(print_sdl(self._engine.visible(subject)), media_type="text/plain; charset=utf-8")

    async def _run(self, request: Request) -> Response:
        """Let ``/graphql`` answer, and tell beside its answer what its trace holds."""
        scope = request.scope
        put_trace(scope, OperationTrace())
        answer = _Answer()
        await self._graphql(scope, request.receive, answer.send)
        if answer.status != 200:
            return Response(answer.body, status_code=answer.status, media_type="application/json")
        trace = trace_of(scope)
        return _json(
            {
                "response": orjson.Fragment(answer.body),
                "plan": told_plan(trace, self._catalog, language_in(scope)),
                "fetches": told_fetches(trace),
                "seconds": told_seconds(trace),
            }
        )

    def _subject(self, request: Request) -> Subject:
        """Who asks. Raises `Refused` (401)."""
        try:
            subject = self._authenticate(request.headers.get("authorization"))
        except Unauthenticated as error:
            raise Refused(401, error.told, code=error.code) from None
        return replace(subject, purpose=request.headers.get("hutong-purpose"))


def _told_content(
    content: ExplorerContent, manifests: Mapping[str, Manifest], purposes: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "persons": [
            {
                "key": person.key,
                "name": person.name,
                "duty": told_title(person.duty),
                "sees": told_title(person.sees),
                "roles": sorted(person.subject.roles),
                "scope": {name: value for name, value in person.subject.attributes.items() if name != "identity"},
            }
            for person in content.persons
        ],
        "questions": [
            {
                "name": question.name,
                "title": told_title(question.title),
                "document": question.document,
                "asks": [
                    {
                        "person": ask.person,
                        "variables": ask.variables,
                        "purpose": ask.purpose,
                        "expect": ask.expect,
                    }
                    for ask in question.asks
                ],
            }
            for question in content.questions
        ],
        "first": content.first,
        "pair": content.pair,
        "purposes": [{"code": code, "title": title} for code, title in purposes.items()],
        "sources": [
            {"name": name, "title": told_title(manifest.title), "engine": manifest.engine}
            for name, manifest in manifests.items()
        ],
    }


def _json(value: object) -> Response:
    return Response(orjson.dumps(value), media_type="application/json")
