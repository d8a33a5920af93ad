"""One HTTPS connection to one server: verified, without redirects elsewhere, answers bounded."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import urljoin, urlsplit

import httpx

from gridadmin.publish.targets.address import is_loopback
from gridadmin.publish.targets.credentials import Credentials
from gridadmin.publish.targets.faults import TargetError, status_error
from gridadmin.publish.targets.reasons import why_unreachable, why_untrusted
from gridadmin.publish.targets.target import CHUNK, Sent

ANSWER_LIMIT = 8 * 1024 * 1024
"""Bytes beyond which an answer that isn't a package is refused."""
_TIMEOUT_S = 60.0
_CONNECT_S = 15.0
_MOVED = (301, 302, 303, 307, 308)
_SAFE = ("GET", "HEAD", "PROPFIND", "OPTIONS")
_REDIRECTS = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said, its body whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Upload:
    """A body that is sent piece by piece, its length known before."""

    source: BinaryIO
    size: int
    sent: Sent

    def pieces(self) -> Iterator[bytes]:
        """Yield the body; tells after each piece how far it is."""
        self.source.seek(0)
        done = 0
        while chunk := self.source.read(min(CHUNK, self.size - done)):
            yield chunk
            done += len(chunk)
            self.sent(done)


class Connection:
    """Requests to one origin. Credentials go to it and nowhere else.

    TLS is always verified: against the system's certificates, or against those of ``ca`` alone.
    """

    def __init__(
        self, origin: str, credentials: Credentials, *, timeout_s: float = _TIMEOUT_S
    ) -> None:
        self.origin = origin
        parts = urlsplit(origin)
        self.host = parts.hostname or ""
        is_local = is_loopback(self.host)
        user, secret = credentials.user, credentials.secret
        try:
            self._client = httpx.Client(
                auth=httpx.BasicAuth(user, secret) if user or secret else None,
                verify=_trust(credentials),
                follow_redirects=False,
                # A proxy of the environment serves the way to others, not the one to ourselves.
                trust_env=not is_local,
                timeout=httpx.Timeout(timeout_s, connect=min(_CONNECT_S, timeout_s)),
                headers={"Accept-Encoding": "identity", "User-Agent": "gridadmin"},
            )
        except (httpx.InvalidURL, ImportError, ValueError) as error:
            # httpx tells so of a proxy in the environment: no address, or SOCKS. What it says is
            # not passed on, for proxies may have passwords.
            raise TargetError("target.bad_proxy", host=self.host) from error

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def ask(
        self,
        method: str,
        path: str,
        *,
        name: str = "",
        headers: Mapping[str, str] | None = None,
        body: bytes | Upload | None = None,
        fine: tuple[int, ...] = (200, 201, 204),
        limit: int = ANSWER_LIMIT,
    ) -> Answer:
        """Return the answer, its body at most *limit* bytes.

        Raises: TargetError for every status that isn't in *fine*, explained.
        """
        with self._sent(method, path, headers, body) as response:
            if response.status_code not in fine:
                raise self._refusal(response, name)
            return Answer(
                response.status_code,
                response.headers,
                b"".join(self._pieces(response, name, limit)),
            )

    def read(self, path: str, name: str, limit: int) -> Iterator[bytes]:
        """Yield the body of a GET, at most *limit* bytes.

        Raises: TargetError.
        """
        with self._sent("GET", path, None, None) as response:
            if response.status_code != 200:
                raise self._refusal(response, name)
            yield from self._pieces(response, name, limit)

    @contextmanager
    def _sent(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None,
        body: bytes | Upload | None,
    ) -> Iterator[httpx.Response]:
        url = self.origin + path
        with self._telling():
            for _ in range(_REDIRECTS + 1):
                response = self._client.send(self._request(method, url, headers, body), stream=True)
                try:
                    target = self._redirected(method, url, response)
                    if target is None:
                        yield response
                        return
                    url = target
                finally:
                    response.close()
            raise TargetError("target.redirect", host=self.host, to=self.host)

    def _request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        body: bytes | Upload | None,
    ) -> httpx.Request:
        said = dict(headers or {})
        if isinstance(body, Upload):
            said["Content-Length"] = str(body.size)
            return self._client.build_request(method, url, headers=said, content=body.pieces())
        return self._client.build_request(method, url, headers=said, content=body)

    def _redirected(self, method: str, url: str, response: httpx.Response) -> str | None:
        """Return where to ask instead: on the same server, and for reading alone.

        Raises: TargetError ``target.redirect``.
        """
        if response.status_code not in _MOVED:
            return None
        try:
            goal = str(urljoin(url, response.headers.get("Location", "")))
            if method in _SAFE and _origin_of(goal) == _origin_of(self.origin):
                return goal
            parts = urlsplit(goal)
            to = f"{parts.scheme}://{parts.hostname or '?'}"
        except ValueError:
            to = "?"
        raise TargetError("target.redirect", host=self.host, to=to)

    def _pieces(self, response: httpx.Response, name: str, limit: int) -> Iterator[bytes]:
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise TargetError("target.bad_answer", host=self.host)
        done = 0
        for chunk in response.iter_raw(CHUNK):
            done += len(chunk)
            if done > limit:
                raise TargetError("target.answer_too_large", host=self.host, name=name)
            yield chunk

    def _refusal(self, response: httpx.Response, name: str) -> TargetError:
        return status_error(
            response.status_code,
            host=self.host,
            name=name,
            retry_after=response.headers.get("Retry-After"),
        )

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except httpx.TimeoutException as error:
            raise TargetError("target.timeout", is_passing=True, host=self.host) from error
        except httpx.ConnectError as error:
            raise _connect_error(error, self.host) from error
        except httpx.TransportError as error:
            raise TargetError("target.broken_off", is_passing=True, host=self.host) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise TargetError("target.bad_answer", host=self.host) from error


def _trust(credentials: Credentials) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(credentials.ca) if credentials.ca else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _connect_error(error: httpx.ConnectError, host: str) -> TargetError:
    why = why_untrusted(error)
    if why is not None:
        return TargetError("target.untrusted", host=host, why=why)
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            # A connection that was cut in its greeting looks the same.
            return TargetError("target.no_tls", is_passing=True, host=host)
        cause = cause.__cause__ or cause.__context__
    why = why_unreachable(error)
    return TargetError("target.unreachable", is_passing=True, host=host, why=why)


def _origin_of(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    return parts.scheme, (parts.hostname or "").lower(), port
