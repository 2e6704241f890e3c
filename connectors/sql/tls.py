"""How server connections are secured: TLS by the manifest's word, the password out of its secret."""

import ssl
from collections.abc import Mapping
from typing import Any, assert_never

from connectors.manifest_settings import Tls
from connectors.secrets import Secret


def tls_context(mode: Tls | str | None) -> ssl.SSLContext | None:
    """The context for a TLS mode; ``None``: no TLS."""
    tls = Tls(mode or Tls.OFF)
    match tls:
        case Tls.OFF:
            return None
        case Tls.REQUIRE:
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            return context
        case Tls.VERIFY:
            return ssl.create_default_context()
        case _:
            assert_never(tls)


def password_of(settings: Mapping[str, Any]) -> str:
    """The password, empty when none is configured: drivers then look for none elsewhere."""
    secret = settings.get("password")
    return secret.reveal() if isinstance(secret, Secret) else str(secret or "")
