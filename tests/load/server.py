"""The small city in memory as a real server: ``python -m tests.load.server``; prints its port.

Everything of the hub but tokens: every caller is the county's clerk. Takes settings of the admission as arguments.
"""

import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from hutong import serving
from hutong.admission import Admission, AdmissionLimits
from hutong.health import Health
from hutong.jwks import KeySet, VerificationKey
from hutong.lifecycle import Lifecycle
from hutong.quick_refusal import QuickRefusal
from hutong.response_headers import ResponseHeaders
from schema.language import Language
from tests.endpoints import endpoint_of
from tests.resolvers.mini_city import CLERK, MiniCity


class _SomeKeys:
    """Keys that nobody's token is verified with."""

    def __init__(self) -> None:
        key = VerificationKey(algorithm="EdDSA", key=Ed25519PrivateKey.generate().public_key())
        self.keys: KeySet = {"nobody": key}

    async def refresh(self) -> None:
        """There are no others."""


def main() -> None:
    city, lifecycle = MiniCity(), Lifecycle()
    health = Health(snapshot=city.engine._snapshot, lifecycle=lifecycle, keys=_SomeKeys())
    admission = Admission(AdmissionLimits(**{name: int(value) for name, value in _given()}))
    endpoint = endpoint_of(city.engine.execute, lambda _: CLERK, admission=admission)
    routes = [Route("/graphql", endpoint), Route("/healthz", health.live), Route("/readyz", health.ready)]
    app = Starlette(routes=routes, middleware=[Middleware(ResponseHeaders, lifecycle=lifecycle)])
    listener = serving.listen("127.0.0.1", 0)
    print(listener.getsockname()[1], flush=True)
    refusal = QuickRefusal(admission, lifecycle, path="/graphql", language=Language.ZH)
    serving.serve(app, lifecycle=lifecycle, listener=listener, refusal=refusal)


def _given() -> list[list[str]]:
    return [argument.split("=") for argument in sys.argv[1:]]


if __name__ == "__main__":
    main()
