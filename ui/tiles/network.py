"""How the window reaches the network: its proxy, whom it trusts, and what it never does.

A fault of a server's certificate always ends the request: there is no way to go on all the same.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtNetwork import (
    QAuthenticator,
    QNetworkAccessManager,
    QNetworkProxy,
    QNetworkProxyFactory,
    QNetworkRequest,
    QSsl,
    QSslCertificate,
    QSslConfiguration,
)

from ui.settings import Settings

_log = logging.getLogger("gridadmin.network")

_LARGEST_PORT = 65_535


@dataclass(frozen=True)
class Reach:
    """How the network is reached.

    ``proxy`` is ``system``, ``none`` or ``own``; ``address`` is ``host:port`` of an own one.
    ``user`` and ``password`` are for a proxy that asks who comes. ``authorities`` is a PEM file of
    authorities that are trusted beside the system's.
    """

    proxy: str = "system"
    address: str = ""
    authorities: str = ""
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, settings: Settings, password: str = "") -> Reach:
        """Return what the user has set; the password of the proxy stands in no setting."""
        return cls(
            settings.value("proxy"),
            settings.value("proxy_address"),
            settings.value("ca_file"),
            settings.value("proxy_user"),
            password,
        )

    def manager(self, parent: QObject | None = None) -> QNetworkAccessManager:
        """Return what asks servers by this way."""
        manager = QNetworkAccessManager(parent)
        manager.setAutoDeleteReplies(False)
        if self.proxy == "none":
            manager.setProxy(QNetworkProxy(QNetworkProxy.ProxyType.NoProxy))
        elif self.proxy == "own":
            manager.setProxy(proxy_of(self.address))
        else:
            QNetworkProxyFactory.setUseSystemConfiguration(True)
        if self.has_login:
            manager.proxyAuthenticationRequired.connect(self._log_in)
        return manager

    @property
    def has_login(self) -> bool:
        """Whether there is something to tell a proxy that asks who comes."""
        return bool(self.user) and self.proxy != "none"

    def _log_in(self, _: QNetworkProxy, asked: QAuthenticator) -> None:
        """Tell a proxy who comes, once: what it has refused is not said again."""
        if (asked.user(), asked.password()) != (self.user, self.password):
            asked.setUser(self.user)
            asked.setPassword(self.password)

    def trust(self) -> QSslConfiguration:
        """Return whom to trust: the system's authorities and those of the file; for a worker."""
        trust = QSslConfiguration.defaultConfiguration()
        trust.setProtocol(QSsl.SslProtocol.TlsV1_2OrLater)
        own = authorities_of(self.authorities)
        if own:
            trust.setCaCertificates([*_system_authorities(), *own])
        return trust


def proxy_of(address: str) -> QNetworkProxy:
    """Return the proxy at ``host:port``, also with ``http://`` before it."""
    host, _, port = address.strip().removeprefix("http://").rstrip("/").rpartition(":")
    number = int(port) if port.isdecimal() and len(port) <= len(str(_LARGEST_PORT)) else 0
    return QNetworkProxy(QNetworkProxy.ProxyType.HttpProxy, host, min(number, _LARGEST_PORT))


def authorities_of(file: str) -> list[QSslCertificate]:
    """Return the authorities of a PEM file; none where there is no such file."""
    if not file:
        return []
    try:
        found = QSslCertificate.fromData(Path(file).read_bytes(), QSsl.EncodingFormat.Pem)
    except OSError as fault:
        _log.warning("the file of trusted authorities can't be read: %s", fault.strerror)
        return []
    if not found:
        _log.warning("the file of trusted authorities holds no certificate")
    return found


def _system_authorities() -> list[QSslCertificate]:
    known = QSslConfiguration.defaultConfiguration().caCertificates()
    return known or QSslConfiguration.systemCaCertificates()


def plain_request(request: QNetworkRequest, patience_ms: int, *, has_login: bool = False) -> None:
    """Let a request go its way without cookies, questions or a cache of Qt's own.

    *has_login* lets it tell a proxy who comes; servers are told nothing all the same.
    """
    attribute, manual = QNetworkRequest.Attribute, QNetworkRequest.LoadControl.Manual
    request.setAttribute(attribute.Http2AllowedAttribute, True)
    request.setAttribute(
        attribute.CacheLoadControlAttribute, QNetworkRequest.CacheLoadControl.AlwaysNetwork
    )
    request.setAttribute(attribute.CacheSaveControlAttribute, False)
    controls = [attribute.CookieLoadControlAttribute, attribute.CookieSaveControlAttribute]
    controls += [] if has_login else [attribute.AuthenticationReuseAttribute]
    for control in controls:
        request.setAttribute(control, manual)
    request.setAttribute(
        attribute.RedirectPolicyAttribute,
        QNetworkRequest.RedirectPolicy.UserVerifiedRedirectPolicy,
    )
    request.setMaximumRedirectsAllowed(4)
    request.setTransferTimeout(patience_ms)
