"""A TCP proxy on loopback that does to connections what networks and servers do on bad days."""

import asyncio
import contextlib
from enum import Enum, auto
from types import TracebackType


class Fault(Enum):
    """What happens to what passes through."""

    NONE = auto()
    CUT = auto()
    """New connections and the present ones end at once."""
    HANG = auto()
    """Nothing passes any more, in either direction; connections stay."""
    KILL = auto()
    """A request goes through, and the connection dies at the first byte of its answer."""


class Proxy:
    """Forwards a free port of loopback to ``host:port``; set ``fault`` at any time."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._server: asyncio.Server | None = None
        self._fault = Fault.NONE
        self._changed = asyncio.Event()
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    @property
    def fault(self) -> Fault:
        """What happens now."""
        return self._fault

    @fault.setter
    def fault(self, fault: Fault) -> None:
        self._fault = fault
        self._changed.set()
        self._changed = asyncio.Event()
        if fault is Fault.CUT:
            self._drop_all()

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self._drop_all()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _drop_all(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._fault is Fault.CUT:
            writer.transport.abort()
            return
        try:
            there_reader, there_writer = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            return
        pair = (writer, there_writer)
        self._open.update(pair)
        up = asyncio.create_task(self._pump(reader, there_writer, pair, answers=False))
        down = asyncio.create_task(self._pump(there_reader, writer, pair, answers=True))
        self._tasks.update((up, down))
        await asyncio.wait((up, down))
        self._tasks.difference_update((up, down))
        self._open.difference_update(pair)

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        pair: tuple[asyncio.StreamWriter, asyncio.StreamWriter],
        *,
        answers: bool,
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                while self._fault is Fault.HANG:
                    await self._changed.wait()
                if self._fault is Fault.KILL and answers:
                    break
                writer.write(data)
                await writer.drain()
        for end in pair:
            end.transport.abort()
