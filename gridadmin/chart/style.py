"""How charts look in print: colours and widths; widths are for A0 and shrink with the lettering.

Boundary signs are those of Chinese maps: community thick dash-dot, grid solid, micro-grid thin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gridadmin.chart.facts import EXEMPT_LINE, FRAME_LINE
from gridadmin.chart.surface import LEAST_LINE_MM, Pen

INK = "#16202B"
QUIET = "#55616E"
RULE = "#C6CFD8"
HEAD_FILL = "#E4EDF7"
GROUP_FILL = "#F1F4F8"
ZEBRA = "#F8FAFC"
ALARM = "#B3121D"
ACCENT = "#1C4F8F"
HALO = "#FFFFFF"

GROUND = "#F3F0E9"
FILLS = (
    "#FBE3C9",
    "#D3EBD0",
    "#E4D9F3",
    "#F7F3C6",
    "#D5E6F8",
    "#FADCE2",
    "#CDEBEA",
    "#E6F3CE",
)
"""Pale, so that roads, houses and names stand out; neighbours never share one."""
VEIL = "#9CFFFFFF"
"""Laid over what lies outside: it stays readable, and the eye stays inside."""
GLOW = "#F2C9D3"

WATER = "#A9D3F0"
WATER_LINE = "#5A9CCB"
BUILDING = "#DCD4C8"
BUILDING_LINE = "#A89C8C"
COMPOUND_LINE = "#9A7A2C"
COMPOUND_INK = "#B89A55"
EXEMPT_FILL = "#DFE4E8"
EXEMPT_INK = "#9AA4AE"
CHANGED_INK = "#C0101C"
GRID_LINE = "#7C93A8"
FACILITY = "#B0227A"


@dataclass(frozen=True, slots=True)
class Sign:
    """The sign of a boundary: colour, width and strokes in mm; ``under`` is a faint solid line."""

    colour: str
    width_mm: float
    dash_mm: tuple[float, ...] = ()
    under: str = ""


_LONG = (9.0, 2.0, 1.4, 2.0, 1.4, 2.0)
_SHORT = (8.0, 2.0, 1.4, 2.0)
SIGNS: Mapping[str, Sign] = {
    FRAME_LINE: Sign("#6B1450", 1.5, _LONG, "#D9BCCF"),
    "city": Sign("#6B1450", 1.5, _LONG, "#D9BCCF"),
    "district": Sign("#6B1450", 1.5, _LONG, "#D9BCCF"),
    "street": Sign("#8A1F55", 1.3, _SHORT, "#E5C3D2"),
    "community": Sign("#8B1A1A", 1.1, _SHORT, "#E3C1BC"),
    "grid": Sign("#1C4F8F", 0.62),
    "micro_grid": Sign("#4672AE", 0.24),
    EXEMPT_LINE: Sign("#8A949E", 0.3),
}


def pen_of(sign: Sign, unit: float, strength: float = 1.0) -> Pen:
    """Return the pen of a sign on a sheet whose lettering is *unit* times that of A0."""
    width = max(sign.width_mm * unit * strength, LEAST_LINE_MM + 0.02)
    grown = max(unit, 0.4)
    return Pen(sign.colour, width, tuple(length * grown for length in sign.dash_mm))


@dataclass(frozen=True, slots=True)
class Road:
    """A class of roads: width on the ground in metres, least and most width in print in mm."""

    width_m: float
    least_mm: float
    most_mm: float
    fill: str
    casing: str


ROADS: Mapping[str, Road] = {
    "path": Road(2.0, 0.15, 0.5, "#FFFFFF", ""),
    "lane": Road(4.0, 0.25, 1.6, "#FFFFFF", "#CFC9BE"),
    "side": Road(9.0, 0.5, 3.2, "#FFFFFF", "#BFB9AE"),
    "main": Road(18.0, 0.8, 5.0, "#FFF3CC", "#C9AE6E"),
    "trunk": Road(26.0, 1.0, 6.5, "#FBDF9C", "#B98A3A"),
}
"""From the lowest up, the order in which they are drawn."""

# Beyond these scales what is so small is left out.
LANES_TO = 12_000
SIDES_TO = 40_000
PATHS_TO = 4_000
BUILDINGS_TO = 12_000
COMPOUNDS_TO = 8_000
COMPOUND_PATTERNS_TO = 5_000
