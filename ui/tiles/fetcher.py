"""Fetches tiles: few at once, the most wanted first, and what left the view is broken off.

Lives on the GUI thread; Qt's own thread does the work with sockets. What arrives is handed on as
bytes, and nobody here looks into them.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from enum import StrEnum

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtNetwork import QNetworkReply, QNetworkRequest, QSslConfiguration, QSslError

from ui.tiles.network import Reach, plain_request
from ui.tiles.orders import Order, Orders

_log = logging.getLogger("gridadmin.network")

PATIENCE_MS = 15_000
"""A server that says nothing for so long doesn't answer."""
LARGEST_BYTES = 8 * 2**20
"""No tile is as large as this."""
_LONGEST_ASKED_S = 3600.0
_LOOK_MS = 50
"""So often it is looked whether requests of others to a host have ended."""
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers after which the same request may go well a little later."""
_WHOLE_HOST = frozenset({429, 503})
"""Those of them that tell something of the host, not of the tile."""


class Fault(StrEnum):
    """Why there is no answer at all."""

    NO_HOST = "no_host"
    NO_CONNECTION = "no_connection"
    TIMEOUT = "timeout"
    CERTIFICATE = "certificate"
    PROXY = "proxy"
    PROXY_LOGIN = "proxy_login"
    REDIRECT = "redirect"
    TOO_LARGE = "too_large"
    CUT_OFF = "cut_off"


_FAULTS = {
    QNetworkReply.NetworkError.HostNotFoundError: Fault.NO_HOST,
    QNetworkReply.NetworkError.ConnectionRefusedError: Fault.NO_CONNECTION,
    QNetworkReply.NetworkError.RemoteHostClosedError: Fault.CUT_OFF,
    QNetworkReply.NetworkError.TimeoutError: Fault.TIMEOUT,
    QNetworkReply.NetworkError.OperationCanceledError: Fault.TIMEOUT,
    QNetworkReply.NetworkError.SslHandshakeFailedError: Fault.CERTIFICATE,
    QNetworkReply.NetworkError.ProxyConnectionRefusedError: Fault.PROXY,
    QNetworkReply.NetworkError.ProxyConnectionClosedError: Fault.PROXY,
    QNetworkReply.NetworkError.ProxyNotFoundError: Fault.PROXY,
    QNetworkReply.NetworkError.ProxyTimeoutError: Fault.PROXY,
    QNetworkReply.NetworkError.ProxyAuthenticationRequiredError: Fault.PROXY_LOGIN,
    QNetworkReply.NetworkError.UnknownProxyError: Fault.PROXY,
    QNetworkReply.NetworkError.InsecureRedirectError: Fault.REDIRECT,
    QNetworkReply.NetworkError.TooManyRedirectsError: Fault.REDIRECT,
}
_FINAL = frozenset({Fault.CERTIFICATE, Fault.REDIRECT, Fault.TOO_LARGE, Fault.PROXY_LOGIN})
"""Faults that don't go away by themselves; a wrong password sent again would lock the user out."""


@dataclass(frozen=True)
class Answer:
    """What came of an order: ``status`` 0 and a ``fault`` when the server didn't answer.

    ``is_last`` is False when the order waits and is tried again. ``detail`` is what the system
    says of the fault; ``headers`` have their names in small letters.
    """

    order: Order
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    fault: Fault | None = None
    detail: str = ""
    is_last: bool = True


class Fetcher(QObject):
    """Fetches what is wanted; *may_send* returns whether an order may go out, and counts it."""

    answered = Signal(object)
    """An :class:`Answer`."""
    _trust_known = Signal(int, object)

    def __init__(
        self,
        reach: Reach,
        parent: QObject | None = None,
        *,
        may_send: Callable[[Order], bool] = lambda _: True,
        first_wait_s: float = 1.0,
        patience_ms: int = PATIENCE_MS,
    ) -> None:
        super().__init__(parent)
        self._orders = Orders(first_wait_s)
        self._may_send = may_send
        self._patience_ms = patience_ms
        self._flights: dict[Hashable, _Flight] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._send)
        self._manager = reach.manager(self)
        self._reach = reach
        self._trust: QSslConfiguration | None = None
        self._ways = 0
        self._is_loading = False
        self._is_secure = False
        self._trust_known.connect(self._take_trust)

    def go_by(self, reach: Reach) -> None:
        """Reach the network in another way from now on, and try again what failed."""
        self._break_off(list(self._flights))
        self._manager.deleteLater()
        self._manager = reach.manager(self)
        self._reach = reach
        self._trust = None
        self._ways += 1
        self._is_loading = False
        self.try_again()

    def want(self, orders: Iterable[Order]) -> None:
        """Fetch these from now on, the first first, and nothing else."""
        wanted = list(orders)
        self._is_secure = any(order.url.startswith("https:") for order in wanted)
        self._break_off(self._orders.want(wanted))
        self._send()

    def try_again(self) -> None:
        """Try at once what waits."""
        self._orders.try_again()
        self._send()

    def close(self) -> None:
        """Give everything up."""
        self.want(())
        self._timer.stop()

    def _break_off(self, names: Iterable[Hashable]) -> None:
        for name in names:
            self._orders.gave_up(name)
            self._flights.pop(name).break_off()

    def _load_trust(self) -> None:
        """Load whom to trust beside the window: all the system's authorities take a while."""
        if self._is_loading:
            return
        self._is_loading = True
        reach, number, known = self._reach, self._ways, self._trust_known

        def load() -> None:
            trust = reach.trust()
            # Nobody may be there any more.
            with contextlib.suppress(RuntimeError):
                known.emit(number, trust)

        threading.Thread(target=load, name="trusted authorities", daemon=True).start()

    def _take_trust(self, number: int, trust: QSslConfiguration) -> None:
        if number == self._ways:
            self._trust = trust
            self._send()

    def _send(self) -> None:
        if self._is_secure and self._trust is None:
            self._load_trust()
            return
        now_s = time.monotonic()
        while (order := self._orders.next(now_s)) is not None:
            if not self._may_send(order):
                self._orders.refuse(order.name)
                continue
            request = QNetworkRequest(QUrl(order.url))
            plain_request(request, self._patience_ms, has_login=self._reach.has_login)
            if self._trust is not None:
                request.setSslConfiguration(self._trust)
            for name, value in order.headers.items():
                request.setRawHeader(name.encode("ascii"), value.encode("latin-1", "replace"))
            self._flights[order.name] = _Flight(self, order, self._manager.get(request))
        due_s = self._orders.due_s()
        if self._orders.is_kept_back(now_s):
            self._timer.start(_LOOK_MS)
        elif due_s is None or due_s <= now_s:
            # What may go but finds its host busy goes when an answer comes.
            self._timer.stop()
        else:
            self._timer.start(max(int((due_s - now_s) * 1000) + 1, 1))

    def landed(self, flight: _Flight) -> None:
        """Take an answer from the one who waited for it."""
        answer = flight.answer()
        name = answer.order.name
        if self._flights.pop(name, None) is None:
            return
        now_s = time.monotonic()
        if answer.is_last:
            self._orders.done(name)
        else:
            is_hosts = answer.fault is not None or answer.status in _WHOLE_HOST
            asked_s = _asked_wait_s(answer.headers)
            self._orders.failed(name, now_s, is_hosts=is_hosts, asked_s=asked_s)
            _log.info("%s: %s %s", answer.order.host, answer.status, answer.fault or "")
        self.answered.emit(answer)
        self._send()


class _Flight(QObject):
    """One request under way."""

    def __init__(self, fetcher: Fetcher, order: Order, reply: QNetworkReply) -> None:
        super().__init__(fetcher)
        self._fetcher, self._order, self._reply = fetcher, order, reply
        self._fault: Fault | None = None
        self._detail = ""
        self._at = reply.url()
        reply.setParent(self)
        reply.finished.connect(self._finish)
        reply.redirected.connect(self._redirect)
        reply.sslErrors.connect(self._distrust)
        reply.metaDataChanged.connect(self._measure)
        reply.readyRead.connect(self._measure)

    def break_off(self) -> None:
        """End the request; nobody waits for it."""
        self._reply.finished.disconnect(self._finish)
        self._reply.abort()
        self.deleteLater()

    def answer(self) -> Answer:
        """Return what came."""
        reply, order = self._reply, self._order
        status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
        fault = self._fault or self._said_fault()
        if fault is not None or not isinstance(status, int):
            fault = fault or Fault.NO_CONNECTION
            detail = self._detail or _without_address(reply.errorString(), order)
            return Answer(order, fault=fault, detail=detail, is_last=fault in _FINAL)
        headers = {
            bytes(name.data()).decode("latin-1").lower(): bytes(value.data()).decode("latin-1")
            for name, value in reply.rawHeaderPairs()
        }
        body = bytes(reply.readAll().data())
        return Answer(order, status, headers, body, is_last=status not in _AGAIN)

    def _said_fault(self) -> Fault | None:
        error = self._reply.error()
        status = self._reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
        if error in _FAULTS:
            return _FAULTS[error]
        # Every status from 400 is an "error" for Qt; for a tile it is an answer like others.
        is_answer = error == QNetworkReply.NetworkError.NoError or isinstance(status, int)
        return None if is_answer else Fault.NO_CONNECTION

    def _finish(self) -> None:
        self._fetcher.landed(self)
        self.deleteLater()

    def _redirect(self, to: QUrl) -> None:
        came_from, self._at = self._at, to
        is_elsewhere = (to.host(), to.port()) != (came_from.host(), came_from.port())
        is_less_safe = came_from.scheme() == "https" and to.scheme() != "https"
        is_web = to.scheme() in ("http", "https") and not to.userInfo()
        if is_less_safe or not is_web or (is_elsewhere and self._order.is_secret):
            self._end(Fault.REDIRECT)
            return
        self._reply.redirectAllowed.emit()

    def _distrust(self, errors: list[QSslError]) -> None:
        """Keep why the certificate is not trusted; the request ends by itself."""
        self._fault = Fault.CERTIFICATE
        self._detail = "; ".join(dict.fromkeys(error.errorString() for error in errors))

    def _measure(self) -> None:
        said = self._reply.header(QNetworkRequest.KnownHeaders.ContentLengthHeader)
        length = said if isinstance(said, int) else 0
        if max(length, self._reply.bytesAvailable()) > LARGEST_BYTES:
            self._end(Fault.TOO_LARGE)

    def _end(self, fault: Fault) -> None:
        if self._fault is None:
            self._fault = fault
            self._reply.abort()


def _asked_wait_s(headers: Mapping[str, str]) -> float | None:
    """Return how long the server asks to wait, an hour at most; None where it says nothing."""
    said = headers.get("retry-after", "").strip()
    if said.isdecimal():
        return min(float(said), _LONGEST_ASKED_S)
    try:
        until_s = parsedate_to_datetime(said).timestamp()
    except (TypeError, ValueError):
        return None
    return min(max(until_s - time.time(), 0.0), _LONGEST_ASKED_S)


def _without_address(words: str, order: Order) -> str:
    """Return what Qt says of a fault without the address, which may hold a key."""
    return words.replace(order.url, order.host)
