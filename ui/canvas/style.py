"""How the map looks: colours, line signs and what is shown, as plain data. Knows no Qt.

Boundary signs are those of Chinese maps: the higher the boundary, the stronger and the more broken
the line; grids and micro-grids have solid lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from gridadmin.staffing.area_marks import StaffState
from ui.canvas.looked_at import LookedAt


class FillTheme(StrEnum):
    """What the fill of an area tells."""

    PLAIN = "plain"
    """Only where one area ends and the next begins: neighbours differ."""
    HOUSEHOLDS = "households"
    """Whether the households of an area lie in the band of its level."""
    VACANT = "vacant"
    """Whether all seats of an area and of those below it are held."""
    LOAD = "load"
    """How many households each grid member has."""
    CADRES = "cadres"
    """How many cadres a community has."""
    COMPOUND = "compound"
    """In which type of compound most households of an area live."""
    NET = "net"
    """To which net or cluster an area belongs."""


class BandState(StrEnum):
    """How the households of an area compare with its band."""

    BELOW = "below"
    INSIDE = "inside"
    ABOVE = "above"
    UNKNOWN = "unknown"


class SpecialKind(StrEnum):
    """Land that is no area's own in the usual way."""

    GAP = "gap"
    DISPUTE = "dispute"
    EXEMPT = "exempt"
    REMAINDER = "remainder"


FRAME = "frame"
"""The sign of the outer border; the others are those of levels."""


@dataclass(frozen=True)
class Sign:
    """The sign of a boundary.

    ``dash_px`` are lengths of strokes and gaps in turn, empty = solid; a broken line has a faint
    solid one below it, so that the eye follows it over the gaps.
    """

    colour: str
    width_px: float
    dash_px: tuple[float, ...] = ()


class PatternKind(StrEnum):
    """The patterns of land; each can be told from the others without colour."""

    HATCH = "hatch"
    BACK_HATCH = "back hatch"
    CROSS_HATCH = "cross hatch"
    DOTS = "dots"
    DASHES = "dashes"


@dataclass(frozen=True)
class Pattern:
    """A pattern over a ground; ``step_px`` is the distance of its lines or dots."""

    kind: PatternKind
    colour: str
    width_px: float
    step_px: float
    ground: str = ""


@dataclass(frozen=True)
class Land:
    """How special land looks: its pattern, its outline, and the mark where it is too small."""

    pattern: Pattern
    outline: str
    outline_px: float = 1.0
    mark: Literal["", "ring", "diamond"] = ""


@dataclass(frozen=True)
class Lettering:
    """The colours of names and of the lines below them, and of their halo."""

    name: str
    figure: str
    parent: str
    halo: str


@dataclass(frozen=True)
class BandFill:
    """How areas of one state look in the theme of households."""

    colour: str
    pattern: Pattern | None = None


@dataclass(frozen=True)
class Palette:
    """All colours of one look of the map, as ``#rrggbb`` or ``#aarrggbb``.

    ``dimming`` is how far the base map fades into the ground, 0 to 1, where nobody says otherwise.
    """

    ground: str
    dimming: float
    fills: tuple[str, ...]
    signs: dict[str, Sign]
    lands: dict[SpecialKind, Land]
    bands: dict[BandState, BandFill]
    staff: dict[StaffState, BandFill]
    lettering: Lettering

    def sign(self, level: str) -> Sign:
        """Return the sign of the boundaries of a level; those of a cell are a micro-grid's."""
        return self.signs.get(level, self.signs["micro_grid"])


_DASH_DOT_DOT = (15.0, 3.5, 2.5, 3.5, 2.5, 3.5)
_DASH_DOT = (13.0, 3.5, 2.5, 3.5)

LIGHT = Palette(
    ground="#F4F2EC",
    dimming=0.1,
    fills=(
        "#F3BE86",
        "#9FD09B",
        "#C3A9E2",
        "#EAE184",
        "#A3C6EC",
        "#F2AEBB",
        "#93D0CF",
        "#C4E295",
    ),
    signs={
        FRAME: Sign("#6B1450", 3.4, _DASH_DOT_DOT),
        "city": Sign("#6B1450", 3.4, _DASH_DOT_DOT),
        "district": Sign("#6B1450", 3.4, _DASH_DOT_DOT),
        "street": Sign("#8A1F55", 3.0, _DASH_DOT),
        "community": Sign("#7F1A1A", 2.6, _DASH_DOT),
        "grid": Sign("#1C4F8F", 2.2),
        "micro_grid": Sign("#4672AE", 1.0),
    },
    lands={
        SpecialKind.GAP: Land(
            Pattern(PatternKind.HATCH, "#D1242F", 1.6, 6.0, "#4DE5484D"), "#B3121D", 1.4, "ring"
        ),
        SpecialKind.DISPUTE: Land(
            Pattern(PatternKind.CROSS_HATCH, "#7A2FB8", 1.2, 7.0, "#409A4FD8"),
            "#6A1FA8",
            1.4,
            "diamond",
        ),
        SpecialKind.EXEMPT: Land(
            Pattern(PatternKind.DOTS, "#8A949E", 1.7, 7.0, "#B3DDE1E5"), "#8A949E"
        ),
        SpecialKind.REMAINDER: Land(
            Pattern(PatternKind.BACK_HATCH, "#99735C20", 1.0, 8.0), "#00000000", 0.0
        ),
    },
    bands={
        BandState.BELOW: BandFill("#8FBCE6", Pattern(PatternKind.DASHES, "#803B6EA5", 1.2, 9.0)),
        BandState.INSIDE: BandFill("#A9D8A6"),
        BandState.ABOVE: BandFill("#F3A968", Pattern(PatternKind.HATCH, "#80B45309", 1.2, 8.0)),
        BandState.UNKNOWN: BandFill("#DADDE0", Pattern(PatternKind.DOTS, "#B38A949E", 1.6, 9.0)),
    },
    staff={
        StaffState.FULL: BandFill("#A9D8A6"),
        StaffState.MORE: BandFill("#7CC3B4", Pattern(PatternKind.DOTS, "#802F6E62", 1.6, 9.0)),
        StaffState.FEW: BandFill("#EFE3A0", Pattern(PatternKind.DASHES, "#80A08420", 1.2, 9.0)),
        StaffState.MANY: BandFill("#F3A968", Pattern(PatternKind.HATCH, "#80B45309", 1.2, 8.0)),
        StaffState.BARE: BandFill(
            "#F7CFCB", Pattern(PatternKind.BACK_HATCH, "#D9D1242F", 2.4, 9.0)
        ),
        StaffState.UNKNOWN: BandFill("#DADDE0"),
    },
    lettering=Lettering("#14202E", "#39485A", "#6B2A3A", "#E6FFFFFF"),
)

DARK = Palette(
    ground="#20242A",
    dimming=0.62,
    fills=(
        "#A5713C",
        "#4E8A5F",
        "#7A63AE",
        "#8F8540",
        "#4676AB",
        "#A2566B",
        "#3C8588",
        "#70934A",
    ),
    signs={
        FRAME: Sign("#E58AC4", 3.4, _DASH_DOT_DOT),
        "city": Sign("#E58AC4", 3.4, _DASH_DOT_DOT),
        "district": Sign("#E58AC4", 3.4, _DASH_DOT_DOT),
        "street": Sign("#EE86AA", 3.0, _DASH_DOT),
        "community": Sign("#F08A80", 2.6, _DASH_DOT),
        "grid": Sign("#7FB2EE", 2.0),
        "micro_grid": Sign("#6C93C4", 1.0),
    },
    lands={
        SpecialKind.GAP: Land(
            Pattern(PatternKind.HATCH, "#FF7B78", 1.6, 6.0, "#59E5484D"), "#FF8E8A", 1.4, "ring"
        ),
        SpecialKind.DISPUTE: Land(
            Pattern(PatternKind.CROSS_HATCH, "#C79BF2", 1.2, 7.0, "#4D9A4FD8"),
            "#CFA6F7",
            1.4,
            "diamond",
        ),
        SpecialKind.EXEMPT: Land(
            Pattern(PatternKind.DOTS, "#77828D", 1.7, 7.0, "#B32E343B"), "#77828D"
        ),
        SpecialKind.REMAINDER: Land(
            Pattern(PatternKind.BACK_HATCH, "#80E3B9C0", 1.0, 8.0), "#00000000", 0.0
        ),
    },
    bands={
        BandState.BELOW: BandFill("#3F74AC", Pattern(PatternKind.DASHES, "#809CC8F5", 1.2, 9.0)),
        BandState.INSIDE: BandFill("#427A4E"),
        BandState.ABOVE: BandFill("#B0703A", Pattern(PatternKind.HATCH, "#80FFD0A0", 1.2, 8.0)),
        BandState.UNKNOWN: BandFill("#454C54", Pattern(PatternKind.DOTS, "#B38A949E", 1.6, 9.0)),
    },
    staff={
        StaffState.FULL: BandFill("#427A4E"),
        StaffState.MORE: BandFill("#2F7F78", Pattern(PatternKind.DOTS, "#809FE0D4", 1.6, 9.0)),
        StaffState.FEW: BandFill("#857A3A", Pattern(PatternKind.DASHES, "#80F0E2A0", 1.2, 9.0)),
        StaffState.MANY: BandFill("#B0703A", Pattern(PatternKind.HATCH, "#80FFD0A0", 1.2, 8.0)),
        StaffState.BARE: BandFill(
            "#6E3436", Pattern(PatternKind.BACK_HATCH, "#D9FF7B78", 2.4, 9.0)
        ),
        StaffState.UNKNOWN: BandFill("#454C54"),
    },
    lettering=Lettering("#F2F5F8", "#C9D2DB", "#F0B9B4", "#D916191D"),
)

PALETTES = {"light": LIGHT, "dark": DARK}


@dataclass(frozen=True)
class MapStyle:
    """What of the map is shown, and how.

    ``levels``: the levels whose borders, fills and names are shown, None = all. ``dimming`` is how
    far the base map fades into the ground, 0 to 1, None = as the palette has it. ``objects`` are
    the layers of reference objects that are shown (``object_style.LAYERS``). ``families`` are fonts
    by preference, empty = the program's own. ``net`` is the kind of nets or groupings that the
    theme of that name shows, empty = the first that there is. ``looked_at`` are files that lie
    over the areas and are only looked at, the lowest first.
    """

    theme: Literal["light", "dark"] = "light"
    fills: FillTheme = FillTheme.PLAIN
    net: str = ""
    fill_opacity: float = 0.5
    dimming: float | None = None
    levels: frozenset[str] | None = None
    has_fills: bool = True
    has_borders: bool = True
    has_labels: bool = True
    has_marks: bool = True
    objects: frozenset[str] = frozenset()
    families: tuple[str, ...] = ()
    font_px: float = 13.0
    looked_at: tuple[LookedAt, ...] = ()

    @property
    def palette(self) -> Palette:
        """The colours of the theme."""
        return PALETTES[self.theme]

    def shows(self, level: str) -> bool:
        """Return whether a level is shown."""
        return self.levels is None or level in self.levels


PLAIN = MapStyle()
"""The style where nobody says otherwise."""
