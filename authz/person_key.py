"""personKey: a consumer's pseudonym of a person, which the hub alone can turn back (D10).

Not a hash: the identity is packed into one block of 16 bytes and encrypted with SM4 (GB/T 32907), a permutation under a
key of the consumer's own, so that keys of two consumers cannot be joined and no register of identities is needed::

    valid ID number    01 | the 17 digits as a number, 8 bytes | 7 zero bytes      (the check character follows)
    local identity     02 | source number, 2 bytes | local key, up to 13 bytes of ASCII, zero-filled

The zeros make a made-up key fall through before any source is asked. Neighbours: :mod:`schema.identity` (valid
numbers), :mod:`hutong.authentication` opens the key in a token, :mod:`resolvers` seal what they return.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import ECB

from authz.keys import derive_key
from schema.derivations import LOCAL_IDENTITY, LOCAL_KEY
from schema.identity import check_character, is_valid_id

LENGTH = 26
"""Characters of a personKey: 16 bytes in base32 (RFC 4648) without its padding."""

_ID, _LOCAL = b"\x01", b"\x02"
_KEY = re.compile(r"[A-Z2-7]{26}\Z")
_NUMBER = re.compile(r"[0-9]{17}[0-9X]\Z")


class PersonKeys:
    """Seals and opens the person keys of one consumer. For one thread."""

    def __init__(self, master_key: bytes, consumer: str, connectors: Iterable[str]) -> None:
        """``connectors``: the names that local identities may begin with. Raises ``ValueError``."""
        cipher = Cipher(SM4(derive_key(master_key, "personKey", consumer, 16)), ECB())  # noqa: S305 (one block each)
        self._encrypt = cipher.encryptor().update
        self._decrypt = cipher.decryptor().update
        self._number_of = {name: hashlib.sha256(name.encode()).digest()[:2] for name in connectors}
        self._name_of = {number: name for name, number in self._number_of.items()}
        if len(self._name_of) != len(self._number_of):
            raise ValueError("two connectors share a source number; rename one of them")

    def seal(self, identity: str) -> str:
        """The key of an identity: a valid ID number in its normal form, or ``~connector:local key``.

        Raises ``ValueError`` for anything else, and for a local key that is not 1-13 printable ASCII characters.
        """
        key = self.key_of(identity)
        if key is None:
            raise ValueError("a local identity is ~connector:key, with a known connector and up to 13 characters")
        return key

    def key_of(self, identity: str) -> str | None:
        """As `seal`; ``None`` for a local identity of another shape, for sources hold what they hold."""
        block = self._pack_local(identity) if identity.startswith(LOCAL_IDENTITY) else _pack_number(identity)
        return None if block is None else base64.b32encode(self._encrypt(block))[:LENGTH].decode()

    def open(self, key: str) -> str:
        """The identity behind a key. Raises ``ValueError`` for a text that this consumer was never given."""
        if not _KEY.match(key):
            raise ValueError("a personKey has 26 characters, A-Z and 2-7")
        try:
            block = self._decrypt(base64.b32decode(f"{key}======"))
        except binascii.Error as error:
            raise ValueError("this is not a personKey") from error
        identity = self._unpack(block)
        if identity is None or self.key_of(identity) != key:
            raise ValueError("this is not a personKey")
        return identity

    def _pack_local(self, identity: str) -> bytes | None:
        name, _, local_key = identity[1:].partition(":")
        number = self._number_of.get(name)
        if number is None or not LOCAL_KEY.match(local_key):
            return None
        return (_LOCAL + number + local_key.encode("ascii")).ljust(16, b"\0")

    def _unpack(self, block: bytes) -> str | None:
        if block[:1] == _ID and block[9:] == bytes(7):
            first17 = f"{int.from_bytes(block[1:9], 'big'):017}"
            identity = first17 + check_character(first17)
            return identity if is_valid_id(identity) else None
        name = self._name_of.get(block[1:3])
        if block[:1] == _LOCAL and name is not None:
            return f"{LOCAL_IDENTITY}{name}:{block[3:].rstrip(bytes(1)).decode('latin-1')}"
        return None


def _pack_number(identity: str) -> bytes:
    if not _NUMBER.match(identity) or check_character(identity[:17]) != identity[17]:
        raise ValueError("an identity is a valid ID number in its normal form, or ~connector:key")
    return _ID + int(identity[:17]).to_bytes(8, "big") + bytes(7)
