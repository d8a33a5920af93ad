"""How reference objects look, and from which scale on, as plain data. Knows no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gridadmin.exchange.reference_kinds import WATER_KINDS
from ui.canvas.style import Pattern, PatternKind

LAYERS = ("roads", "water", "railways", "buildings", "compounds")
"""The layers of reference objects that can be shown, each by itself."""

# Metres per pixel up to which something is drawn.
ROADS_TO: Mapping[str, float] = {
    "trunk": 60.0,
    "main": 30.0,
    "side": 5.0,
    "lane": 1.8,
    "path": 1.2,
}
WATER_TO = 120.0
LINES_TO = 20.0
RAILWAYS_TO = 30.0
COMPOUNDS_TO = 3.0
COMPOUND_PATTERNS_TO = 1.0
BUILDINGS_TO = 1.4
COMPOUND_WORDS_TO = 1.0
HOUSEHOLDS_TO = 0.42


@dataclass(frozen=True)
class RoadLook:
    """A class of roads: colours, width at close zoom, and the least width."""

    colour: str
    casing: str
    width_px: float
    least_px: float
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class ObjectLook:
    """All colours of reference objects in one look of the map."""

    roads: Mapping[str, RoadLook]
    water_fill: str
    water_line: str
    railway: str
    railway_gap: str
    building_fill: str
    building_line: str
    compound_line: str
    compound_patterns: tuple[Pattern, ...]
    word: str
    word_halo: str
    waters: tuple[str, ...] = WATER_KINDS


def _patterns(ink: str) -> tuple[Pattern, ...]:
    """Return patterns that differ in kind and in step; none is as strong as that of a fault."""
    kinds = (PatternKind.DOTS, PatternKind.HATCH, PatternKind.DASHES, PatternKind.BACK_HATCH)
    return (
        *(Pattern(kind, ink, 1.0, 9.0) for kind in kinds),
        *(Pattern(kind, ink, 1.4, 15.0) for kind in kinds),
    )


OBJECTS: Mapping[str, ObjectLook] = {
    "light": ObjectLook(
        roads={
            "trunk": RoadLook("#F6C667", "#B9852B", 9.0, 1.6),
            "main": RoadLook("#FBE7A6", "#B59A55", 7.0, 1.2),
            "side": RoadLook("#FFFFFF", "#A9AFB6", 5.0, 1.0),
            "lane": RoadLook("#FFFFFF", "#B9BEC4", 3.0, 0.8),
            "path": RoadLook("#8D8377", "", 1.2, 0.8, (3.0, 3.0)),
        },
        water_fill="#B08FC3E8",
        water_line="#4E93C4",
        railway="#4A4F55",
        railway_gap="#F4F2EC",
        building_fill="#A6B9AFA4",
        building_line="#7D7064",
        compound_line="#8C6D1F",
        compound_patterns=_patterns("#808C6D1F"),
        word="#5A4A12",
        word_halo="#E6FFFFFF",
    ),
    "dark": ObjectLook(
        roads={
            "trunk": RoadLook("#8A6A2A", "#D2A24A", 9.0, 1.6),
            "main": RoadLook("#6F6136", "#B39D5C", 7.0, 1.2),
            "side": RoadLook("#4B525A", "#79828C", 5.0, 1.0),
            "lane": RoadLook("#454B53", "#68707A", 3.0, 0.8),
            "path": RoadLook("#948A7C", "", 1.2, 0.8, (3.0, 3.0)),
        },
        water_fill="#B02B5878",
        water_line="#6AAEDC",
        railway="#AEB5BD",
        railway_gap="#20242A",
        building_fill="#A6605850",
        building_line="#A89A8B",
        compound_line="#D9BA6A",
        compound_patterns=_patterns("#80D9BA6A"),
        word="#EAD59A",
        word_halo="#D916191D",
    ),
}
