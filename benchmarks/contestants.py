"""Who takes part: server programs, and the callers that ask them.

One server process can have several contestants: the hub is measured once for a caller who sees everything clear and
once for one whose rows are scoped and whose fields are masked. Neighbours: :mod:`benchmarks.server_process` starts
servers, :mod:`benchmarks.rounds` measures contestants.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson

from benchmarks.questions import Question, Variables


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A server program: the ``module:factory`` uvicorn runs, and what it needs in its environment."""

    name: str
    factory: str
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorContestant:
    """Asks the hand-written endpoints of `Program` ``server``."""

    name: str
    server: str
    scoped: bool = False

    def request(self, question: Question, variables: Variables) -> bytes:
        """The whole HTTP request."""
        path = {"Q3": "/organisations", "Q4": "/posts", "Q5": "/member"}.get(question.name, f"/members/{question.size}")
        return _http("GET", f"{path}?{urlencode(variables)}", {}, b"")

    def result(self, body: bytes) -> Any:
        """The answer in a response's body. Raises ``ValueError`` when it is no JSON."""
        return orjson.loads(body)


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphQLContestant:
    """Asks the GraphQL endpoint of `Program` ``server``, in the hub's words (``hub``) or the usual server's.

    ``scoped``: the row-scoped caller's answers are the right ones.
    """

    name: str
    server: str
    hub: bool
    token: str = ""
    scoped: bool = False
    path: str = "/graphql"

    def request(self, question: Question, variables: Variables) -> bytes:
        """The whole HTTP request."""
        document = question.hub_document if self.hub else question.naive_document
        body = orjson.dumps({"query": document, "variables": variables, "operationName": question.name})
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return _http("POST", self.path, headers | {"Content-Type": "application/json"}, body)

    def result(self, body: bytes) -> Any:
        """The answer in a response's body. Raises ``ValueError`` when it is no JSON or holds errors."""
        answer = orjson.loads(body)
        if "errors" in answer:
            raise ValueError(f"errors: {answer['errors'][:2]}")
        return answer["data"]["result"]


Contestant = FloorContestant | GraphQLContestant
"""One caller of one server."""


def _http(method: str, target: str, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = {"Host": "127.0.0.1", "Accept": "application/json", **headers}
    if body:
        lines["Content-Length"] = str(len(body))
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode() + body
