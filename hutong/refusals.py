"""A refusal as a response of its own, for what is not ``/graphql``: status, code, message in the caller's language."""

import orjson
from starlette.responses import Response
from starlette.types import Scope

from hutong.content_language import language_of
from hutong.request_reader import Refused
from schema.language import Language


def language_in(scope: Scope) -> Language:
    """The language that a request asks for; Chinese if none."""
    given = b",".join(value for key, value in scope["headers"] if key == b"accept-language")
    return language_of(given, Language.ZH)


def refusal(scope: Scope, refused: Refused) -> Response:
    """The response."""
    told = {"message": refused.told.said(language_in(scope)), "extensions": refused.extensions}
    return Response(orjson.dumps({"errors": [told]}), status_code=refused.status, media_type="application/json")
