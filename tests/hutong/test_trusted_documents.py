"""Trusted documents: what a manifest may say, and which identifiers lead to which text."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from hutong.lifecycle import StartRefused
from hutong.request_reader import Parameters, Refused
from hutong.trusted_documents import (
    PersistedQueryIdRequired,
    PersistedQueryNotFound,
    PersistedQueryNotSupported,
    TrustedDocuments,
    load_trusted_documents,
    sha256_of,
)

TEXT = "query ($id: ID!) {\n  user(id: $id) {\n    name\n  }\n}"
IDENTIFIER = "sha256:7dba4bd717b41f10434822356a93c32b1fb4907b983e854300ad839f84cdcd6e"
"""The example of GraphQL over HTTP's appendix on persisted documents."""
HEX = IDENTIFIER.removeprefix("sha256:")
MD5 = hashlib.md5(TEXT.encode(), usedforsecurity=False).hexdigest()


def apollo(digest: object, version: object = 1) -> dict[str, Any]:
    return {"persistedQuery": {"version": version, "sha256Hash": digest}}


def written(folder: Path, manifest: object) -> Path:
    file = folder / "documents.json"
    file.write_text(manifest if isinstance(manifest, str) else json.dumps(manifest))
    return file


def test_the_identifier_is_that_of_the_specification() -> None:
    assert sha256_of(TEXT) == IDENTIFIER


@pytest.mark.parametrize(
    ("manifest", "own"),
    [
        pytest.param({MD5: TEXT}, MD5, id="Relay"),
        pytest.param({HEX: TEXT}, HEX, id="graphql-codegen"),
        pytest.param({IDENTIFIER: TEXT}, IDENTIFIER, id="with the prefix"),
        pytest.param({"users.v1": TEXT}, "users.v1", id="a name"),
        pytest.param(
            {
                "format": "apollo-persisted-query-manifest",
                "version": 1,
                "operations": [{"id": HEX, "name": "U", "type": "query", "body": TEXT}],
            },
            HEX,
            id="Apollo",
        ),
    ],
)
def test_a_manifests_document_is_found_by_its_own_identifier_and_by_its_digest(
    tmp_path: Path, manifest: object, own: str
) -> None:
    documents = load_trusted_documents(written(tmp_path, manifest), only=True)
    assert len(documents) == 1
    for parameters in (
        Parameters(query=None, document_id=own),
        Parameters(query=None, document_id=IDENTIFIER),
        Parameters(query=None, extensions=apollo(HEX)),
        Parameters(query=None, document_id=IDENTIFIER, extensions=apollo(HEX)),
        Parameters(query=TEXT, extensions=apollo(HEX)),
        Parameters(query=TEXT),
    ):
        assert documents.text_of(parameters) == TEXT


def test_a_folder_of_documents_is_read_byte_by_byte(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "user.graphql").write_text(TEXT)
    (tmp_path / "other.graphql").write_text("{ a }\n")
    (tmp_path / "notes.txt").write_text("not a document")
    documents = load_trusted_documents(tmp_path, only=False)
    assert len(documents) == 2
    assert documents.text_of(Parameters(query=None, document_id=IDENTIFIER)) == TEXT
    assert documents.text_of(Parameters(query=None, document_id=sha256_of("{ a }\n"))) == "{ a }\n"


@pytest.mark.parametrize(
    ("manifest", "complaint"),
    [
        pytest.param("{", "not JSON", id="no JSON"),
        pytest.param([TEXT], "not an object", id="an array"),
        pytest.param({}, "no trusted documents", id="empty"),
        pytest.param({HEX: TEXT + " "}, "another digest", id="a changed text under its SHA-256"),
        pytest.param({MD5: TEXT + " "}, "another digest", id="a changed text under its MD5"),
        pytest.param({IDENTIFIER: TEXT + " "}, "another digest", id="a changed text under the prefixed SHA-256"),
        pytest.param({"sha256:abc": TEXT}, "not a SHA-256", id="a short digest"),
        pytest.param({"a b": TEXT}, "cannot be an identifier", id="a blank in the identifier"),
        pytest.param({"md5:abc": TEXT}, "cannot be an identifier", id="a reserved prefix"),
        pytest.param({"a": {"text": TEXT}}, "not a text", id="an object in place of a text"),
        pytest.param({"a": "query {"}, "does not parse", id="a document that does not parse"),
        pytest.param({"a": "{ a }" + "#" * 17_000}, "longer than", id="a long document"),
        pytest.param({"format": "apollo-persisted-query-manifest", "version": 2}, "version 1", id="Apollo's next"),
    ],
)
def test_a_manifest_that_cannot_be_trusted_stops_the_start(tmp_path: Path, manifest: object, complaint: str) -> None:
    with pytest.raises(StartRefused, match=complaint):
        load_trusted_documents(written(tmp_path, manifest), only=False)


def test_a_missing_manifest_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(StartRefused, match="cannot be read"):
        load_trusted_documents(tmp_path / "none.json", only=False)


def test_trusted_documents_only_needs_some() -> None:
    with pytest.raises(StartRefused, match="HUTONG_TRUSTED_DOCUMENTS names none"):
        load_trusted_documents(None, only=True)


@pytest.mark.parametrize(
    "parameters",
    [
        Parameters(query=None, document_id="sha256:" + "0" * 64),
        Parameters(query=None, document_id="users"),
        Parameters(query=None, extensions=apollo("0" * 64)),
    ],
    ids=["a digest", "a name", "as Apollo sends it"],
)
def test_an_unknown_identifier_stays_unknown(parameters: Parameters) -> None:
    with pytest.raises(PersistedQueryNotFound):
        TrustedDocuments({"a": TEXT}, only=False).text_of(parameters)
    with pytest.raises(PersistedQueryNotSupported):
        TrustedDocuments({}, only=False).text_of(parameters)


def test_nothing_is_registered_at_run_time() -> None:
    documents = TrustedDocuments({"a": TEXT}, only=False)
    other = "{ other }"
    digest = sha256_of(other).removeprefix("sha256:")
    assert documents.text_of(Parameters(query=other, extensions=apollo(digest))) == other
    with pytest.raises(PersistedQueryNotFound):
        documents.text_of(Parameters(query=None, extensions=apollo(digest)))


def test_only_trusted_documents_are_served_when_told_so() -> None:
    documents = TrustedDocuments({"a": TEXT}, only=True)
    for query in ("{ __schema { types { name } } }", TEXT + " "):
        with pytest.raises(PersistedQueryIdRequired):
            documents.text_of(Parameters(query=query))


@pytest.mark.parametrize(
    "parameters",
    [
        pytest.param(Parameters(query=TEXT + " ", extensions=apollo(HEX)), id="another text under the digest"),
        pytest.param(Parameters(query=None, document_id="a", extensions=apollo(HEX)), id="two identifiers"),
        pytest.param(Parameters(query=None, document_id="sha256:" + HEX.upper()), id="upper case"),
        pytest.param(Parameters(query=None, document_id="sha256:" + HEX[:-1]), id="63 digits"),
        pytest.param(Parameters(query=None, document_id="md5:abc"), id="a reserved prefix"),
        pytest.param(Parameters(query=None, document_id=""), id="nothing"),
        pytest.param(Parameters(query=None, document_id="../secrets"), id="a path"),
        pytest.param(Parameters(query=None, document_id=HEX + "\n"), id="a line end"),
        pytest.param(Parameters(query=None, extensions=apollo(HEX, 2)), id="another version"),
        pytest.param(Parameters(query=None, extensions=apollo(HEX, True)), id="a boolean version"),
        pytest.param(Parameters(query=None, extensions=apollo(7)), id="a number"),
        pytest.param(Parameters(query=None, extensions={"persistedQuery": HEX}), id="no object"),
    ],
)
def test_identifiers_that_make_no_sense_are_refused(parameters: Parameters) -> None:
    with pytest.raises(Refused) as refused:
        TrustedDocuments({"a": TEXT}, only=False).text_of(parameters)
    assert (refused.value.status, refused.value.extensions) == (400, {"code": "BAD_INPUT"})
