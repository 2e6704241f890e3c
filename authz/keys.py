"""Keys derived from the hub's one master key, each for one purpose and one consumer (HKDF, RFC 5869).

The master key comes from the settings; nothing here ever makes one up. Losing it turns every personKey and node id ever
given out into noise; giving it away reveals every identity behind them (D10).
"""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MASTER_KEY_BYTES = 32


def derive_key(master_key: bytes, purpose: str, consumer: str, length: int = 32) -> bytes:
    """A key of ``length`` bytes. Raises ``ValueError`` for a master key shorter than `MASTER_KEY_BYTES`."""
    if len(master_key) < MASTER_KEY_BYTES:
        raise ValueError(f"the master key needs at least {MASTER_KEY_BYTES} bytes")
    info = f"hutong/1/{purpose}/{consumer}".encode()
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(master_key)
