"""What a server's answer means: a picture, nothing there, try again later, or a sentence."""

from __future__ import annotations

import email.utils
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from gridadmin.base.errors import GridAdminError, InputError
from gridadmin.tiles.picture import PictureHead, require_picture
from gridadmin.tiles.source import KeyType, Kind, Source

MOST_WAIT_S = 3600.0
_SAID_CHARS = 160
_TAGS = re.compile(r"<[^>]*>")
_LONG_WORDS = re.compile(r"[0-9A-Za-z]{24,}")
"""A server may repeat the key that it was given."""
_OK, _NO_CONTENT, _UNCHANGED = 200, 204, 304
_MISSING = (404, 410)
_LATER = (408, 425, 429, 500, 502, 503, 504, 509)
_UNAUTHORIZED, _FORBIDDEN, _TEAPOT, _PROXY_AUTH = 401, 403, 418, 407
_TOO_MANY = 429


class Outcome(Enum):
    """What to do with an answer."""

    PICTURE = "picture"
    """Show and keep it."""
    UNCHANGED = "unchanged"
    """What is kept is still right (304)."""
    EMPTY = "empty"
    """The server has no tile there; a coarser one is shown, and this one not asked again today."""
    LATER = "later"
    """Ask again, after a while."""
    REFUSED = "refused"
    """Asking again is of no use before the user has changed something."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer, judged. ``code`` and ``params`` are the sentence of what went wrong.

    ``after_s`` is how long the server wants to be left alone, None when it didn't say.
    """

    outcome: Outcome
    head: PictureHead | None = None
    code: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    after_s: float | None = None

    @property
    def error(self) -> GridAdminError | None:
        """What went wrong, as an error with its sentence; None when nothing did."""
        return InputError(self.code, **self.params) if self.code else None


def verdict(
    source: Source,
    status: int,
    headers: Mapping[str, str],
    content: bytes,
    *,
    now: float | None = None,
) -> Verdict:
    """Return what an answer means; *headers* may have names in any case.

    What comes instead of a picture (a page to log in, a report of a fault) is never taken for one,
    whatever the server calls it.
    """
    names = {name.lower(): value for name, value in headers.items()}
    if status == _UNCHANGED:
        return Verdict(Outcome.UNCHANGED)
    if status == _NO_CONTENT or status in _MISSING:
        return Verdict(Outcome.EMPTY)
    if status in _LATER:
        code = "answer.too_many" if status == _TOO_MANY else "answer.server_fault"
        wait_s = _wait_s(names.get("retry-after", ""), time.time() if now is None else now)
        return _told(Outcome.LATER, code, source, after_s=wait_s, status=status)
    if status != _OK:
        return _refusal(source, status)
    return _picture(source, names.get("content-type", ""), content)


def _picture(source: Source, content_type: str, content: bytes) -> Verdict:
    if not content:
        return Verdict(Outcome.EMPTY)
    try:
        head = require_picture(content)
    except InputError as fault:
        if fault.code == "picture.damaged":
            return _told(Outcome.LATER, "answer.damaged", source)
        if fault.code == "picture.none":
            said = _words(content, content_type)
            code = "answer.page" if said else "answer.no_picture"
            return _told(Outcome.REFUSED, code, source, said=said, type=content_type[:60])
        return Verdict(Outcome.REFUSED, code=fault.code, params=fault.params)
    return Verdict(Outcome.PICTURE, head)


def _refusal(source: Source, status: int) -> Verdict:
    """Return why a server refused, as far as its number tells."""
    is_tianditu = source.kind is Kind.TIANDITU
    if is_tianditu and status == _TEAPOT:
        return _told(Outcome.REFUSED, "answer.tianditu_key", source)
    if is_tianditu and status == _FORBIDDEN:
        is_browser = source.key_type is KeyType.BROWSER
        code = "answer.tianditu_browser_key" if is_browser else "answer.tianditu_server_key"
        return _told(Outcome.REFUSED, code, source)
    if status in (_UNAUTHORIZED, _FORBIDDEN, _TEAPOT):
        code = "answer.key_refused" if source.needs_key else "answer.forbidden"
        return _told(Outcome.REFUSED, code, source, status=status)
    if status == _PROXY_AUTH:
        return _told(Outcome.REFUSED, "answer.proxy", source)
    return _told(Outcome.REFUSED, "answer.status", source, status=status)


def _told(
    outcome: Outcome, code: str, source: Source, *, after_s: float | None = None, **params: object
) -> Verdict:
    return Verdict(outcome, code=code, params={"name": source.name, **params}, after_s=after_s)


def _wait_s(text: str, now: float) -> float | None:
    """Return what ``Retry-After`` asks for: seconds or a date."""
    text = text.strip()
    if text.isdigit():
        return min(float(text), MOST_WAIT_S)
    try:
        until = email.utils.parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(until - now, 0.0), MOST_WAIT_S)


def _words(content: bytes, content_type: str) -> str:
    """Return the beginning of a page or a report in one line, empty for what is no text."""
    is_text = any(word in content_type.lower() for word in ("text", "html", "xml", "json"))
    if not is_text and content.lstrip()[:1] not in (b"<", b"{"):
        return ""
    text = _TAGS.sub(" ", content[:8000].decode("utf-8", "replace"))
    return _LONG_WORDS.sub("***", " ".join(text.split()))[:_SAID_CHARS]
