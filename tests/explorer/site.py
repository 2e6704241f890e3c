"""The explorer over the generated city in memory: the demo's own people and questions, no database, real HTTP."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from demo.explorer import explorer_content
from hutong.admission import Admission, AdmissionLimits
from hutong.authentication import Authenticator
from hutong.budgets import Budget
from hutong.explorer.page_files import EDITOR, page_files
from hutong.explorer.routes import Explorer
from hutong.graphql_endpoint import GraphQLEndpoint
from hutong.jwks import JwksFile
from hutong.lifecycle import Lifecycle
from hutong.response_headers import ResponseHeaders
from hutong.tokens import JWKS_FILE, TokenMinter, create_demo_keys
from hutong.trusted_documents import load_trusted_documents
from hutong.unknown_paths import handlers
from schema.language import Language
from tests.properties.generated_city import Hub, catalog, manifests, memory_connectors

ISSUER, AUDIENCE = "https://identity.demo.invalid", "hutong"


def explorer_app(folder: Path, *, editor: bool = True) -> Starlette:
    """The application, with new keys in ``folder``. ``editor`` False: as where no bundle was built."""
    create_demo_keys(folder)
    hub = Hub(memory_connectors())
    authenticator = Authenticator(
        keys=JwksFile(folder / JWKS_FILE), issuer=ISSUER, audience=AUDIENCE, keyring=hub.keyring
    )
    graphql = GraphQLEndpoint(
        execute=hub.engine.execute,
        authenticate=authenticator.authenticate,
        admission=Admission(AdmissionLimits()),
        requests=Budget("requests", 0),
        documents=load_trusted_documents(None, only=False),
        language=Language.ZH,
    )
    files = page_files()
    explorer = Explorer(
        content=explorer_content(),
        engine=hub.engine,
        catalog=catalog(),
        manifests=manifests({}),
        purposes={"cadre_management": "干部考察任免"},
        graphql=graphql,
        authenticate=authenticator.authenticate,
        mint=TokenMinter(folder, issuer=ISSUER, audience=AUDIENCE, keyring=hub.keyring).mint,
        files=files if editor else {name: file for name, file in files.items() if name != EDITOR},
    )
    return Starlette(
        routes=[Route("/graphql", graphql), *explorer.routes()],
        middleware=[Middleware(ResponseHeaders, lifecycle=Lifecycle())],
        exception_handlers=handlers(Language.ZH),
    )


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """Its URL while it runs in a thread."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, lifespan="off", ws="none", log_config=None, access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started:
            assert time.monotonic() < deadline, "the server does not start"
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)
