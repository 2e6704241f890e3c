"""Trusted documents: those a client was built with, kept here and asked for by an identifier.

Neighbours: :mod:`hutong.composition` reads them once at start; :mod:`hutong.graphql_endpoint` turns each request into a
document's text here. They run under the caller's own rights like any other. Nothing is registered at run time: an
identifier that is not known stays unknown, whatever text comes with it.

Identifiers: ``sha256:`` and the SHA-256 of the text (GraphQL over HTTP, appendix on persisted documents), the same
digest as Apollo's clients send it, or the one a client's own build wrote (Relay's MD5, a name).
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

import orjson
from graphql import GraphQLSyntaxError

from hutong.lifecycle import StartRefused
from hutong.request_extensions import SHA256_HEX, persisted_query_of
from hutong.request_reader import DOCUMENT_CHARACTERS, Parameters, Refused
from resolvers.errors import OperationError
from schema.message import Told
from schema.messages import requests, starting
from schema.validation import parse_document

SHA256_PREFIX: Final = "sha256:"
APOLLO_FORMAT: Final = "apollo-persisted-query-manifest"
_IDENTIFIER: Final = re.compile(r"(x-[A-Za-z0-9._~-]{1,60}:)?[A-Za-z0-9._~-]{1,128}\Z")
_DIGESTS: Final = {32: "md5", 40: "sha1", 64: "sha256"}
_HEXADECIMAL: Final = re.compile(r"[0-9a-f]+\Z")


class PersistedQueryNotFound(OperationError):
    """No trusted document has this identifier."""

    code = "PERSISTED_QUERY_NOT_FOUND"


class PersistedQueryNotSupported(OperationError):
    """This replica keeps no trusted documents; Apollo's clients then send the text instead."""

    code = "PERSISTED_QUERY_NOT_SUPPORTED"


class PersistedQueryIdRequired(OperationError):
    """This replica serves trusted documents only."""

    code = "PERSISTED_QUERY_ID_REQUIRED"


class TrustedDocuments:
    """Documents by identifier. ``only``: nothing else is served."""

    def __init__(self, documents: Mapping[str, str], *, only: bool) -> None:
        """``documents``: identifier -> text; each is also known by its SHA-256."""
        self._texts = {**documents, **{sha256_of(text): text for text in documents.values()}}
        self._only = only

    def __len__(self) -> int:
        """Documents known, each once."""
        return len(set(self._texts.values()))

    def text_of(self, parameters: Parameters) -> str:
        """The document a request asks for.

        Raises `Refused` (400) for identifiers that are malformed, disagree with each other or with the text beside
        them, `PersistedQueryNotFound`, `PersistedQueryNotSupported` or `PersistedQueryIdRequired`.
        """
        digest = persisted_query_of(parameters.extensions)
        identifier = None if digest is None else SHA256_PREFIX + digest
        if parameters.document_id is not None:
            if identifier not in (None, parameters.document_id):
                raise Refused(400, requests.DOCUMENT_IDS_DIFFER())
            identifier = _checked(parameters.document_id)
        if parameters.query is None:
            return self._kept(str(identifier))
        if identifier is not None and identifier != sha256_of(parameters.query):
            raise Refused(400, requests.DOCUMENT_ID_OF_ANOTHER())
        if self._only and sha256_of(parameters.query) not in self._texts:
            raise PersistedQueryIdRequired(requests.ONLY_TRUSTED_DOCUMENTS())
        return parameters.query

    def _kept(self, identifier: str) -> str:
        found = self._texts.get(identifier)
        if found is not None:
            return found
        if not self._texts:
            raise PersistedQueryNotSupported(requests.NO_TRUSTED_DOCUMENTS())
        raise PersistedQueryNotFound(requests.DOCUMENT_UNKNOWN())


def sha256_of(text: str) -> str:
    """The identifier of a document by its text: ``sha256:`` and 64 hexadecimal digits."""
    return SHA256_PREFIX + hashlib.sha256(text.encode()).hexdigest()


def load_trusted_documents(place: Path | None, *, only: bool) -> TrustedDocuments:
    """Documents of a manifest (``*.json``) or of the ``*.graphql`` files of a folder; ``None``: there are none.

    A manifest is an object of identifier and text, as `@graphql-codegen` and Relay's compiler write it, or Apollo's
    persisted query manifest. Raises `StartRefused` for what cannot be read, a document that does not parse, an
    identifier that is not the digest it looks like, and for ``only`` without documents.
    """
    if place is None:
        if only:
            raise StartRefused(starting.TRUSTED_ONLY_WITHOUT_ANY())
        return TrustedDocuments({}, only=False)
    try:
        documents = _folder(place) if place.is_dir() else _manifest(place)
    except (OSError, UnicodeDecodeError):
        raise StartRefused(starting.TRUSTED_UNREADABLE(file=str(place))) from None
    if not documents:
        raise StartRefused(starting.TRUSTED_NONE(file=str(place)))
    for identifier, text in documents.items():
        _check(place, identifier, text)
    return TrustedDocuments(documents, only=only)


def _folder(place: Path) -> dict[str, str]:
    texts = (file.read_text(encoding="utf-8") for file in sorted(place.rglob("*.graphql")))
    return {sha256_of(text): text for text in texts}


def _manifest(place: Path) -> dict[str, str]:
    try:
        given = orjson.loads(place.read_bytes())
    except orjson.JSONDecodeError:
        _refuse(place, starting.TRUSTED_NOT_JSON())
    if not isinstance(given, dict):
        _refuse(place, starting.TRUSTED_NOT_OBJECT())
    return dict(_apollo(place, given) if given.get("format") == APOLLO_FORMAT else given)


def _apollo(place: Path, given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    operations = given.get("operations")
    if given.get("version") != 1 or not isinstance(operations, list):
        _refuse(place, starting.TRUSTED_VERSION(name=APOLLO_FORMAT))
    for operation in operations:
        if not isinstance(operation, dict) or not isinstance(operation.get("id"), str):
            _refuse(place, starting.TRUSTED_WITHOUT_ID())
        yield operation["id"], operation.get("body", "")


def _check(place: Path, identifier: str, text: object) -> None:
    """One document of a manifest: its identifier, its digest, its syntax and its length."""
    if not isinstance(text, str):
        _refuse(place, starting.TRUSTED_NOT_TEXT(name=identifier[:80]))
    if not identifier.startswith(SHA256_PREFIX) and not _IDENTIFIER.match(identifier):
        _refuse(place, starting.TRUSTED_NO_IDENTIFIER(name=identifier[:80]))
    digest = identifier.removeprefix(SHA256_PREFIX)
    algorithm = _DIGESTS.get(len(digest)) if _HEXADECIMAL.match(digest) else None
    if identifier.startswith(SHA256_PREFIX) and algorithm != "sha256":
        _refuse(place, starting.TRUSTED_NOT_SHA256(name=identifier[:80]))
    if algorithm and hashlib.new(algorithm, text.encode(), usedforsecurity=False).hexdigest() != digest:
        _refuse(place, starting.TRUSTED_CHANGED(name=identifier))
    if len(text) > DOCUMENT_CHARACTERS:
        _refuse(place, starting.TRUSTED_TOO_LONG(name=identifier, maximum=DOCUMENT_CHARACTERS))
    try:
        parse_document(text)
    except GraphQLSyntaxError as error:
        _refuse(place, starting.TRUSTED_UNPARSED(name=identifier, fault=error.message))


def _checked(identifier: str) -> str:
    """A document identifier of the appendix's syntax. Raises `Refused`."""
    prefix, colon, payload = identifier.partition(":")
    if prefix == "sha256" and colon:
        if not SHA256_HEX.match(payload):
            raise Refused(400, requests.DOCUMENT_ID_MALFORMED())
    elif not _IDENTIFIER.match(identifier):
        raise Refused(400, requests.DOCUMENT_ID_MALFORMED())
    return identifier


def _refuse(place: Path, reason: Told) -> NoReturn:
    raise StartRefused(starting.TRUSTED_REFUSED(file=str(place), reason=reason))
