"""The end of a listening socket without a reset: the kernel makes no more connections, those it has made are taken.

A listening socket that is closed resets every connection that nobody has accepted yet, and between the last look at its
queue and its closing there is always time for one more. So first the handshakes end. Neighbour: :mod:`hutong.serving`.
"""

import ctypes
import socket
import struct
import sys
from contextlib import suppress
from typing import Final

_SO_ATTACH_FILTER: Final = 26
"""Linux, ``asm-generic/socket.h``; Python's ``socket`` has no name for it."""
_DROP_SYN: Final = (
    (0x30, 0, 0, 13),  # the byte with TCP's flags
    (0x54, 0, 0, 0x12),  # of which SYN and ACK
    (0x15, 0, 1, 0x02),  # SYN alone: the first step of a handshake
    (0x06, 0, 0, 0),  # is dropped
    (0x06, 0, 0, 0xFFFF_FFFF),  # all else is taken
)
"""Classic BPF: (code, jump if true, jump if false, operand)."""


def end_handshakes(listener: socket.socket) -> None:
    """From now on nobody new gets a connection to ``listener``; handshakes that have begun still end in its queue.

    A client that tries is not answered and tries again a second later, when the socket has been closed and refuses it,
    or another replica listens. Does nothing where the system is not Linux or does not allow it.
    """
    if sys.platform != "linux":
        return
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *each) for each in _DROP_SYN))
    described = struct.pack("HL", len(_DROP_SYN), ctypes.addressof(program))
    with suppress(OSError):
        listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, described)
