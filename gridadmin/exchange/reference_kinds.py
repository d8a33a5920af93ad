"""What a road, a water or a railway is, in the words of this program, from those of a file."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

LEVELS = ("roads", "water", "railways", "buildings", "compounds")
"""The levels of an import that bring reference objects."""

WATER_KINDS = ("river", "lake", "canal", "stream", "sea")
"""Kinds of line objects that an import of water brings."""

_ROAD_CLASS: Mapping[str, str] = {
    **dict.fromkeys(("motorway", "trunk", "motorway_link", "trunk_link"), "trunk"),
    **dict.fromkeys(("primary", "secondary", "primary_link", "secondary_link", "main"), "main"),
    **dict.fromkeys(("tertiary", "tertiary_link", "unclassified", "residential", "side"), "side"),
    **dict.fromkeys(("living_street", "service", "alley", "lane", "track", "road"), "lane"),
    **dict.fromkeys(
        ("footway", "path", "steps", "pedestrian", "cycleway", "bridleway", "corridor"), "path"
    ),
    "major_road": "main",
    "minor_road": "side",
    "highway": "trunk",
}
_ROAD_WORDS: Sequence[tuple[str, str]] = (
    ("trunk", r"高速|快速"),
    ("main", r"主干|国道|省道|干线"),
    ("side", r"次干|支路|县道|乡道|城市道路"),
    ("lane", r"巷|里弄|胡同|小路|内部"),
    ("path", r"步行|人行|步道|非机动"),
)
_NO_ROADS = frozenset(
    {
        *("rail", "railway", "subway", "tram", "light_rail", "funicular", "monorail"),
        *("ferry", "aerialway", "aeroway", "pier", "construction", "proposed", "piste"),
    }
)
_RAILS = frozenset({"rail", "railway", "subway", "tram", "light_rail", "narrow_gauge", "monorail"})
_NO_RAILS = frozenset({"platform", "station", "funicular", "construction", "proposed"})

_WATER: Mapping[str, str] = {
    **dict.fromkeys(("river", "riverbank", "河", "江"), "river"),
    **dict.fromkeys(("canal", "渠"), "canal"),
    **dict.fromkeys(("stream", "ditch", "drain", "brook", "溪", "沟"), "stream"),
    **dict.fromkeys(("lake", "pond", "reservoir", "water", "basin", "dock", "湖", "水库"), "lake"),
    **dict.fromkeys(("sea", "ocean", "bay", "coastline", "strait", "海"), "sea"),
}
_NO_WATER = frozenset(
    {"swimming_pool", "fountain", "dam", "weir", "lock_gate", "waterfall", "playa", "spring"}
)
_WATER_NAMES: Sequence[tuple[str, str]] = (
    ("river", r"[河江]$|\briver$"),
    ("canal", r"[渠]$|\bcanal$"),
    ("stream", r"[溪沟浜泾]$|\bcreek$|\bstream$"),
    ("lake", r"[湖塘池]$|水库$|\blake$|\bpond$"),
)


def road_class(text: str | None, kinds: Collection[str]) -> str | None:
    """Return the class of a road from what a file calls it; None when it doesn't tell."""
    for word in (*(() if text is None else (text,)), *sorted(kinds)):
        known = _ROAD_CLASS.get(word.lower())
        if known is not None:
            return known
        for name, pattern in _ROAD_WORDS:
            if re.search(pattern, word):
                return name
    return None


def is_road(kinds: Collection[str]) -> bool:
    """Return whether a row of a file of roads is one; railways and ferries often stand there."""
    return not _NO_ROADS & set(kinds)


def is_railway(kinds: Collection[str], *, is_mixed: bool) -> bool:
    """Return whether a row is a railway; *is_mixed*: its file holds other things as well."""
    if _NO_RAILS & set(kinds):
        return False
    return not is_mixed or bool(_RAILS & set(kinds))


def names_railways(kinds: Collection[str]) -> bool:
    """Return whether these words speak of railways."""
    return bool(_RAILS & set(kinds))


def railway_class(kinds: Collection[str]) -> str | None:
    """Return ``subway`` for what runs below the ground or through streets, else None."""
    return "subway" if {"subway", "light_rail", "tram", "monorail"} & set(kinds) else None


def water_kind(
    text: str | None, kinds: Collection[str], name: str | None, *, is_line: bool
) -> str | None:
    """Return the kind of water; None for what is none (a pool, a fountain)."""
    words = [word.lower() for word in (*(() if text is None else (text,)), *sorted(kinds))]
    if _NO_WATER & set(words):
        return None
    found = [kind for word in words for known, kind in _WATER.items() if word == known]
    found += [kind for word in words for known, kind in _WATER.items() if _holds(word, known)]
    if found and found[0] != "lake":
        return found[0]
    for kind, pattern in _WATER_NAMES:
        if name is not None and re.search(pattern, name, re.IGNORECASE):
            return kind
    return found[0] if found else "river" if is_line else "lake"


def _holds(word: str, known: str) -> bool:
    return not known.isascii() and known in word
