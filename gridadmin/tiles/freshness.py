"""How long a tile may be shown without asking again, from the headers of its answer."""

from __future__ import annotations

import email.utils
from collections.abc import Mapping
from dataclasses import dataclass

USUAL_S = 7 * 86_400.0
"""For servers that say nothing."""
EMPTY_S = 86_400.0
"""How long a place without a tile is not asked again."""
_LONGEST_S = 365 * 86_400.0
_HEURISTIC = 0.1
_LONGEST_HEURISTIC_S = 30 * 86_400.0


@dataclass(frozen=True, slots=True)
class Freshness:
    """Until when (seconds since 1970) a tile is good, and by what it is asked for again.

    ``may_keep`` is false where the server forbids storing it.
    """

    expires_s: float
    etag: str = ""
    modified: str = ""
    may_keep: bool = True

    @property
    def conditions(self) -> tuple[tuple[str, str], ...]:
        """The headers by which a server need not send the tile again."""
        found = []
        if self.etag:
            found.append(("If-None-Match", self.etag))
        if self.modified:
            found.append(("If-Modified-Since", self.modified))
        return tuple(found)


def freshness_of(headers: Mapping[str, str], now_s: float) -> Freshness:
    """Return how fresh an answer is; headers may have names in any case.

    Source: RFC 9111, sections 4.2 and 5.2.
    """
    names = {name.lower(): value.strip() for name, value in headers.items()}
    orders = _orders(names.get("cache-control", ""))
    modified = names.get("last-modified", "")
    return Freshness(
        expires_s=now_s + min(max(_lifetime_s(names, orders, modified), 0.0), _LONGEST_S),
        etag=names.get("etag", "")[:200],
        modified=modified[:60],
        may_keep="no-store" not in orders,
    )


def _lifetime_s(names: Mapping[str, str], orders: Mapping[str, str], modified: str) -> float:
    if "no-cache" in orders or ("pragma" in names and not orders and "no-cache" in names["pragma"]):
        return 0.0
    age_s = _seconds(names.get("age", "")) or 0.0
    most_s = _seconds(orders.get("max-age", ""))
    if most_s is not None:
        return most_s - age_s
    sent_s = _date_s(names.get("date", ""))
    if "expires" in names:
        expires_s = _date_s(names["expires"])
        # A date that is none, such as 0, is in the past.
        if expires_s is None:
            return 0.0
        if sent_s is not None:
            return expires_s - sent_s - age_s
    modified_s = _date_s(modified)
    if modified_s is not None and sent_s is not None and sent_s > modified_s:
        return min((sent_s - modified_s) * _HEURISTIC, _LONGEST_HEURISTIC_S)
    return USUAL_S


def _orders(text: str) -> dict[str, str]:
    """Return the directives of ``Cache-Control`` with their values."""
    found = {}
    for part in text.split(","):
        name, _, value = part.partition("=")
        if name.strip():
            found[name.strip().lower()] = value.strip().strip('"')
    return found


def _seconds(text: str) -> float | None:
    return float(min(int(text), 10**10)) if text.isascii() and text.isdigit() else None


def _date_s(text: str) -> float | None:
    try:
        return email.utils.parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
