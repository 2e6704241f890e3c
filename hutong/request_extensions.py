"""The members of a request's ``extensions`` that the hub understands: ``purpose`` and ``persistedQuery``.

Neighbours: :mod:`hutong.request_reader` has checked that ``extensions`` is an object; :mod:`hutong.graphql_endpoint`
asks here. Members the hub does not know are ignored, as GraphQL over HTTP allows.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from hutong.request_reader import Refused
from schema.messages import requests

PURPOSE_HEADER: Final = "hutong-purpose"
"""States the purpose of the operation, a code that the policy registers. ``extensions.purpose`` says the same."""
SHA256_HEX: Final = re.compile(r"[0-9a-f]{64}\Z")
_PURPOSE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}\Z")


def purpose_of(header: str | None, extensions: Mapping[str, Any]) -> str | None:
    """The purpose of the operation, stated in the header, in ``extensions`` or in both alike; ``None``: in neither.

    Raises `Refused` (400) for what cannot be a purpose code and for two different ones. Whether the code is registered
    is the policy's matter.
    """
    given = extensions.get("purpose")
    if header is not None and not _PURPOSE.match(header):
        raise Refused(400, requests.PURPOSE_NOT_A_CODE(header=PURPOSE_HEADER))
    if given is not None and not (isinstance(given, str) and _PURPOSE.match(given)):
        raise Refused(400, requests.PURPOSE_EXTENSION_NOT_A_CODE())
    if header is not None and given is not None and header != given:
        raise Refused(400, requests.PURPOSES_DIFFER(header=PURPOSE_HEADER))
    return header if given is None else given


def persisted_query_of(extensions: Mapping[str, Any]) -> str | None:
    """The SHA-256 of a document, in lower-case hexadecimal, as Apollo's clients send it; ``None``: none is sent.

    Raises `Refused` (400) for another version or shape.
    """
    given = extensions.get("persistedQuery")
    if given is None:
        return None
    digest = given.get("sha256Hash") if isinstance(given, dict) else None
    version = given.get("version") if isinstance(given, dict) else None
    if version != 1 or isinstance(version, bool) or not isinstance(digest, str) or not SHA256_HEX.match(digest):
        raise Refused(400, requests.PERSISTED_QUERY_MALFORMED())
    return digest
