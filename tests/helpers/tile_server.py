"""A tile server on this machine for tests: real HTTP, slow or faulty as a test wants it."""

from __future__ import annotations

import re
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from gridadmin.tiles.grid import TileKey
from gridadmin.tiles.mbtiles import MBTiles

Key = tuple[int, int, int]
"""Zoom, column, row from the north."""

_PATH = re.compile(r"/(\d+)/(\d+)/(\d+)(?:\.\w+)?")
_PATIENCE_S = 120.0


@dataclass(frozen=True)
class Answer:
    """What the server says; with *cut_at* it hangs up after so many bytes of the body."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut_at: int | None = None


@dataclass(frozen=True)
class Request:
    """What somebody asked for; ``key`` is None when it was no tile."""

    path: str
    headers: Mapping[str, str]
    key: Key | None


Script = Callable[[Request], Answer | None]
"""Returns what is said to a request instead of the tile, None for the tile."""


class TileServer:
    """Serves the tiles of an MBTiles file, or of a function, as ``/z/x/y.png`` and as WMTS.

    ``requests`` holds what was asked for, in its order; ``most_at_once`` how many requests were
    in the works together. With *tls* ``(certificate, key)`` it speaks HTTPS.
    """

    def __init__(
        self,
        tiles: Path | Callable[[Key], bytes | None],
        *,
        tls: tuple[Path, Path] | None = None,
        has_etag: bool = True,
    ) -> None:
        self._file = MBTiles(tiles) if isinstance(tiles, Path) else None
        self._made = tiles if callable(tiles) else None
        self.requests: list[Request] = []
        self.cut_off = 0
        """How many requests ended before they were answered: the asker went away."""
        self.most_at_once = 0
        self.connections = 0
        self.script: Script | None = None
        self.files: dict[str, Answer] = {}
        """What stands beside the tiles, by path without query: a WMTS's capabilities."""
        self.headers: dict[str, str] = {}
        """Headers of every tile."""
        self._has_etag = has_etag
        self._at_once = 0
        self._lock = threading.Lock()
        self._free = threading.Event()
        self._free.set()
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.tiles = self
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self._http.socket = context.wrap_socket(
                self._http.socket, server_side=True, do_handshake_on_connect=False
            )
        self._scheme = "http" if tls is None else "https"
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, name="tile server"
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """The port it listens at."""
        return int(self._http.server_address[1])

    @property
    def root(self) -> str:
        """Its address."""
        return f"{self._scheme}://127.0.0.1:{self.port}"

    @property
    def template(self) -> str:
        """The address of a tile with places for zoom, column and row."""
        return self.root + "/{z}/{x}/{y}.png"

    @property
    def counts(self) -> Counter[Key]:
        """How often each tile was asked for."""
        with self._lock:
            return Counter(request.key for request in self.requests if request.key is not None)

    def hold(self) -> None:
        """Let requests wait until :meth:`let_go`: a slow server, without a clock."""
        self._free.clear()

    def let_go(self) -> None:
        """Answer what waits, and what comes."""
        self._free.set()

    def close(self) -> None:
        """Stop serving."""
        self.let_go()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
        if self._file is not None:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def answer(self, request: Request) -> Answer:
        """Return what is said to a request."""
        with self._lock:
            self.requests.append(request)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            self._free.wait(_PATIENCE_S)
            return self._answered(request)
        finally:
            with self._lock:
                self._at_once -= 1

    def _answered(self, request: Request) -> Answer:
        if self.script is not None and (said := self.script(request)) is not None:
            return said
        if request.key is None:
            return self.files.get(urlsplit(request.path).path, Answer(404))
        tile = self._tile(request.key)
        if tile is None:
            return Answer(404)
        headers = {"Content-Type": "image/png", **self.headers}
        if self._has_etag:
            headers["ETag"] = f'"{sha256(tile).hexdigest()[:16]}"'
            if request.headers.get("if-none-match") == headers["ETag"]:
                return Answer(304, headers=headers)
        return Answer(200, tile, headers)

    def _tile(self, key: Key) -> bytes | None:
        if self._made is not None:
            return self._made(key)
        assert self._file is not None
        return self._file.tile(TileKey(*key))


def key_of(path: str) -> Key | None:
    """Return the tile of an address: by its path, or by the query of a WMTS."""
    found = urlsplit(path)
    match = _PATH.fullmatch(found.path)
    if match is not None:
        return int(match[1]), int(match[2]), int(match[3])
    said = {name.lower(): values[0] for name, values in parse_qs(found.query).items()}
    try:
        return int(said["tilematrix"]), int(said["tilecol"]), int(said["tilerow"])
    except (KeyError, ValueError):
        return None


class _Server(ThreadingHTTPServer):
    tiles: TileServer
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """An asker that went away is no fault of the server."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    wbufsize = -1
    timeout = _PATIENCE_S

    def setup(self) -> None:
        super().setup()
        with self.server.tiles._lock:
            self.server.tiles.connections += 1

    def do_GET(self) -> None:
        tiles = self.server.tiles
        # A proxy is asked by the whole address.
        path = self.path if self.path.startswith("/") else _path_of(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        said = tiles.answer(Request(self.path, headers, key_of(path)))
        try:
            self._say(said)
        except OSError:
            with tiles._lock:
                tiles.cut_off += 1
            self.close_connection = True

    def _say(self, said: Answer) -> None:
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        if "Content-Length" not in said.headers:
            self.send_header("Content-Length", str(len(said.body)))
        self.end_headers()
        body = said.body if said.cut_at is None else said.body[: said.cut_at]
        if said.status not in (204, 304):
            self.wfile.write(body)
        self.wfile.flush()
        if said.cut_at is not None:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Stay quiet."""


def _path_of(address: str) -> str:
    found = urlsplit(address)
    return f"{found.path}?{found.query}" if found.query else found.path
