"""A server on this machine that speaks HTTP/2 and nothing else, for tests."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ConnectionTerminated, RequestReceived

_CHUNK_BYTES = 65_536


class Http2Server:
    """Answers every path with *said*; ``paths`` holds what was asked, ``connections`` how many."""

    def __init__(self, tls: tuple[Path, Path], said: Callable[[str], bytes]) -> None:
        self._said = said
        self.paths: list[str] = []
        self.connections = 0
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(*tls)
        self._context.set_alpn_protocols(["h2"])
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, name="http/2 server")]
        self._threads[0].start()

    @property
    def root(self) -> str:
        """Its address."""
        return f"https://127.0.0.1:{self._listening.getsockname()[1]}"

    def close(self) -> None:
        """Stop serving."""
        for one in (self._listening, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                plain, _ = self._listening.accept()
                self._open.append(plain)
                thread = threading.Thread(target=self._serve, args=(plain,), name="http/2")
                self._threads.append(thread)
                thread.start()

    def _serve(self, plain: socket.socket) -> None:
        with contextlib.suppress(OSError):
            secure = self._context.wrap_socket(plain, server_side=True)
            self._open.append(secure)
            self.connections += 1
            speech = H2Connection(H2Configuration(client_side=False))
            speech.initiate_connection()
            secure.sendall(speech.data_to_send())
            while received := secure.recv(_CHUNK_BYTES):
                for event in speech.receive_data(received):
                    if isinstance(event, ConnectionTerminated):
                        return
                    if isinstance(event, RequestReceived):
                        self._answer(speech, event)
                secure.sendall(speech.data_to_send())

    def _answer(self, speech: H2Connection, asked: RequestReceived) -> None:
        headers = {_text(name): _text(value) for name, value in asked.headers or ()}
        path, stream = headers[":path"], asked.stream_id
        self.paths.append(path)
        assert stream is not None
        body = self._said(path)
        assert len(body) <= speech.max_outbound_frame_size
        fields = [(":status", "200"), ("content-type", "image/png")]
        speech.send_headers(stream, [*fields, ("content-length", str(len(body)))])
        speech.send_data(stream, body, end_stream=True)


def _text(raw: bytes | str) -> str:
    return raw if isinstance(raw, str) else raw.decode("ascii")
