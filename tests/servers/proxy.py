"""A proxy that does to connections what networks do, as a plan says and not by chance."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "cut_up",  # the upload ends after so many bytes
    "cut_down",  # the answer ends after so many bytes
    "reset",  # the same, with a reset instead of an end
    "slow",  # a pause after so many bytes
    "lost_reply",  # the request arrives, its answer doesn't
    "server_fault",  # 503 instead of the server
    "wrong_length",  # the answer announces one byte more than it has
    "stale_tag",  # the answer bears a tag that is no more true
    "kill",  # the client is killed after so many bytes
]
HTTP_KINDS: tuple[Kind, ...] = ("server_fault", "wrong_length", "stale_tag")
"""Kinds that need to understand what passes by: HTTP without TLS."""
PIECE = 16 * 1024
_PAUSE_S = 0.15
_BUSY = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass
class Fault:
    """What happens once: to the first connection that gets beyond *after* bytes one way."""

    kind: Kind
    after: int = 0
    killer: Callable[[], object] = field(default=lambda: None)


class _Broken(Exception):  # noqa: N818 (a signal inside this module)
    def __init__(self, *, with_reset: bool = False) -> None:
        super().__init__()
        self.with_reset = with_reset


class Proxy:
    """Carries bytes between a port of its own and a server's; :attr:`faults` happen in turn."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self.faults: list[Fault] = []
        self.happened: list[str] = []
        self.port = 0
        self._open: set[asyncio.Future[None]] = set()

    async def serve(self, ready: threading.Event, ended: asyncio.Event) -> None:
        """Serve until *ended*."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await ended.wait()
        server.close()
        while self._open:
            tasks = list(self._open)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.sleep(0)

    def _accept(self, up: asyncio.StreamReader, down: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._connection(up, down))
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        # A task that is cancelled before it began closes nothing itself.
        task.add_done_callback(lambda _: down.close())

    async def _connection(self, up: asyncio.StreamReader, down: asyncio.StreamWriter) -> None:
        try:
            there, there_out = await asyncio.open_connection("127.0.0.1", self._server_port)
        except BaseException:
            down.close()
            raise
        ways = [
            asyncio.ensure_future(self._carry(up, there_out, down, is_up=True)),
            asyncio.ensure_future(self._carry(there, down, down, is_up=False)),
        ]
        is_reset = False
        try:
            done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_EXCEPTION)
            broken = [way.exception() for way in done]
            is_reset = any(isinstance(one, _Broken) and one.with_reset for one in broken)
        finally:
            for writer in (down, there_out):
                if is_reset:
                    writer.transport.abort()
            for way in ways:
                way.cancel()
            # Both are closed before anything is waited for: a cancel may come at each wait.
            there_out.close()
            down.close()
            await asyncio.gather(*ways, return_exceptions=True)
            for writer in (down, there_out):
                with suppress(OSError):
                    await writer.wait_closed()

    async def _carry(
        self,
        source: asyncio.StreamReader,
        goal: asyncio.StreamWriter,
        client: asyncio.StreamWriter,
        *,
        is_up: bool,
    ) -> None:
        done = 0
        while piece := await source.read(PIECE):
            told = piece
            if self.faults:
                told = await self._befall(piece, done, goal, client, is_up=is_up)
            done += len(piece)
            goal.write(told)
            await goal.drain()
        with suppress(OSError):
            goal.write_eof()

    async def _befall(
        self,
        piece: bytes,
        done: int,
        goal: asyncio.StreamWriter,
        client: asyncio.StreamWriter,
        *,
        is_up: bool,
    ) -> bytes:
        """Return what of *piece* goes on, or raise when nothing more does."""
        fault = self.faults[0]
        is_due = done + len(piece) > fault.after
        if is_due and fault.kind == "slow":
            self._happen(fault)
            await asyncio.sleep(_PAUSE_S)
        elif is_due and is_up and fault.kind in ("cut_up", "reset", "kill", "server_fault"):
            self._happen(fault)
            if fault.kind == "server_fault":
                client.write(_BUSY)
                await client.drain()
                raise _Broken
            goal.write(piece[: max(0, fault.after - done)])
            await goal.drain()
            fault.killer()
            raise _Broken(with_reset=fault.kind == "reset")
        elif is_due and not is_up and fault.kind in ("cut_down", "lost_reply"):
            self._happen(fault)
            if fault.kind == "cut_down":
                goal.write(piece[: max(0, fault.after - done)])
                await goal.drain()
            raise _Broken
        elif not is_up and piece.startswith(b"HTTP/1.1 2"):
            return self._told_otherwise(piece, fault)
        return piece

    def _told_otherwise(self, piece: bytes, fault: Fault) -> bytes:
        head, blank, body = piece.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        for place, line in enumerate(lines):
            name, _, value = line.partition(b": ")
            if fault.kind == "wrong_length" and name.lower() == b"content-length" and value != b"0":
                self._happen(fault)
                lines[place] = name + b": " + str(int(value) + 1).encode()
            if fault.kind == "stale_tag" and name.lower() == b"etag":
                self._happen(fault)
                lines[place] = name + b': "stale-tag"'
        return b"\r\n".join(lines) + blank + body

    def _happen(self, fault: Fault) -> None:
        if fault in self.faults:
            self.faults.remove(fault)
            self.happened.append(f"{fault.kind}@{fault.after}")


@contextmanager
def proxied(server_port: int) -> Iterator[Proxy]:
    """Run a proxy in front of a server of this computer."""
    proxy = Proxy(server_port)
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    ended = asyncio.Event()

    def work() -> None:
        asyncio.set_event_loop(loop)
        loop.set_exception_handler(lambda _loop, _context: None)
        loop.run_until_complete(proxy.serve(ready, ended))
        loop.close()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert ready.wait(60)
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(60)
