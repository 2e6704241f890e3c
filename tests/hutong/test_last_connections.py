"""A listening socket that ends: who has connected is served, who comes then is not reset."""

import socket
import sys

import pytest

from hutong.last_connections import end_handshakes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's filter is Linux's")


def test_who_has_connected_is_taken_and_nobody_new_connects() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with socket.create_connection(listener.getsockname()) as before:
            end_handshakes(listener)
            with pytest.raises(TimeoutError):
                socket.create_connection(listener.getsockname(), timeout=0.2)
            accepted, _ = listener.accept()
            with accepted:
                before.sendall(b"GET")
                accepted.settimeout(1)
                assert accepted.recv(3) == b"GET"
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()
