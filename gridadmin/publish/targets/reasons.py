"""Why a server can't be reached or trusted, in words where the system only has English ones."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator

from gridadmin.base.texts import Reason

_EXPIRED, _NOT_YET = 10, 9
_SELF_SIGNED = (18, 19)
_UNKNOWN_ISSUER = (2, 20, 21)
_OTHER_HOST = (62, 64)
_NO_ROUTE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN}


def why_untrusted(error: BaseException) -> Reason | str | None:
    """Return what is wrong with a certificate, None where *error* tells of none.

    Source: the numbers of OpenSSL's ``X509_V_ERR`` (x509_vfy.h).
    """
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _certificate_fault(cause)
        # urllib3 compares numeric addresses itself and has an error of its own for it.
        if type(cause).__name__ == "CertificateError":
            return Reason("certificate_fault.other_host")
    return None


def why_unreachable(error: BaseException) -> Reason | str:
    """Return why no connection came about."""
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return Reason("connect_fault.no_host")
        if isinstance(cause, ConnectionRefusedError):
            return Reason("connect_fault.refused")
        if isinstance(cause, OSError) and cause.errno in _NO_ROUTE:
            return Reason("connect_fault.no_route")
    return getattr(error, "strerror", None) or str(error).rpartition("] ")[2] or "-"


def _certificate_fault(error: ssl.SSLCertVerificationError) -> Reason | str:
    number = error.verify_code
    if number == _EXPIRED:
        return Reason("certificate_fault.expired")
    if number == _NOT_YET:
        return Reason("certificate_fault.not_yet")
    if number in _SELF_SIGNED:
        return Reason("certificate_fault.self_signed")
    if number in _UNKNOWN_ISSUER:
        return Reason("certificate_fault.unknown_issuer")
    if number in _OTHER_HOST:
        return Reason("certificate_fault.other_host")
    return str(error.verify_message)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield *error* and all that led to it, however libraries pass that on."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        passed_on = getattr(one, "kwargs", {}).get("error")
        waiting += [one.__cause__, one.__context__, passed_on, *one.args]
