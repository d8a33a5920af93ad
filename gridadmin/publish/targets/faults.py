"""What a target says when it can't or won't: in words, and whether it may pass by itself."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from gridadmin.base.errors import GridAdminError

RECHECK = "target.changed"
"""The code of an unfulfilled condition: what is there isn't what was expected to be there."""


class TargetError(GridAdminError):
    """A publishing target refused, broke off or couldn't be reached.

    ``is_passing`` faults may be gone at the next attempt; ``wait_s`` is how long the server asked
    to wait before it.
    """

    def __init__(
        self,
        code: str,
        /,
        *,
        is_passing: bool = False,
        wait_s: float | None = None,
        **params: object,
    ) -> None:
        super().__init__(code, **params)
        self.is_passing = is_passing
        self.wait_s = wait_s


def status_error(
    status: int, *, host: str, name: str, retry_after: str | None = None
) -> TargetError:
    """Return the error for an HTTP status that is no success, explained in words.

    429 and 5xx pass by themselves, but for 501, 505 and 507.
    """
    if status in _REFUSALS:
        return TargetError(_REFUSALS[status], host=host, name=name, status=status)
    wait_s = seconds_to_wait(retry_after)
    if status in (429, 503):
        return TargetError("target.busy", is_passing=True, wait_s=wait_s, host=host, status=status)
    if status == 408 or (status >= 500 and status not in (501, 505)):
        return TargetError(
            "target.server_fault", is_passing=True, wait_s=wait_s, host=host, status=status
        )
    return TargetError("target.unexpected", host=host, status=status, name=name)


_REFUSALS = {
    401: "target.denied",
    403: "target.forbidden",
    404: "target.missing",
    405: "target.no_method",
    409: "target.conflict",
    412: RECHECK,
    413: "target.too_large",
    423: "target.locked",
    501: "target.no_method",
    507: "target.full",
}


def seconds_to_wait(said: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for, None where it says nothing usable."""
    if said is None:
        return None
    text = said.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    with suppress(ValueError, TypeError, OverflowError):
        until = parsedate_to_datetime(said)
        return max(0.0, (until - datetime.now(UTC)).total_seconds())
    return None
