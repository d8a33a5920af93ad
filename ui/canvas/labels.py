"""Names and figures of areas: never on top of each other, and calm while the map moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF

from gridadmin.domain.model import Area, HouseholdsState
from gridadmin.partition.figures import households_of
from gridadmin.partition.level_ground import LevelGround
from gridadmin.partition.snapshot import Snapshot
from ui.canvas.label_candidates import Candidate, Occupied, candidates
from ui.canvas.lettering import Letterer, Lettering
from ui.canvas.level_map import LevelMap
from ui.canvas.scene import Prepared
from ui.canvas.sheet import Sheet
from ui.canvas.staff_marks import THEMES, marks, told
from ui.canvas.viewport import Box
from ui.texts import tr

_FIGURE_SHARE = 0.9
_OVERHANG = 1.02
"""A name may be so much wider than the land along its line."""
_SIZES = (1.0, 0.92, 0.84)
"""Where a name doesn't fit it is tried smaller."""
_USUAL_PX = 110.0
"""Where areas are this wide letters have the size of the style; they grow with the areas."""
_GROWTH = (0.92, 1.9)
_GAP_PX = 5.0
"""Free room between labels, so that names of neighbours don't read as one."""
_LINE_SHARE = 0.92
"""Distance from the name to the line below it, in heights of the letters' line."""
_TWO_LINES = 4.2
"""Land as high as so many letters has room for two lines."""
_PARENT_SIZE = 1.3
_PARENT_SPACING = 0.3
_PARENT_SHARE = 0.9
_PARENT_GAP_PX = 12.0


@dataclass(frozen=True)
class Label:
    """What was written of an area, and the box of it in pixels, without halo."""

    uid: str
    lines: tuple[str, ...]
    box_px: Box


def paint_labels(
    sheet: Sheet, prepared: Prepared, level_map: LevelMap, parents: LevelMap | None, pen: Letterer
) -> list[Label]:
    """Write the names of the regions that are seen, and those of their parents between them."""
    below = _lines_below(sheet, prepared)
    writer = _Writer(sheet, pen, prepared.ground().size_m[level_map.rank])
    for candidate in candidates(sheet, prepared, level_map):
        sheet.pause()
        if not candidate.is_remainder:
            writer.write(candidate, below(candidate.area))
    if parents is not None:
        for candidate in candidates(sheet, prepared, parents):
            sheet.pause()
            writer.write_parent(candidate)
    return writer.labels


def _lines_below(sheet: Sheet, prepared: Prepared) -> Callable[[Area], str]:
    """Return what gives the line below a name: households, or what a theme tells of people."""
    snapshot, fills = prepared.snapshot, sheet.style.fills
    has_figures = prepared.households_known()
    if fills not in THEMES:
        return lambda area: figure(snapshot, area) if has_figures else ""
    found = marks(snapshot, fills, has_households=has_figures)
    return lambda area: told(fills, found.get(area.uid))


def figure(snapshot: Snapshot, area: Area) -> str:
    """Return the line below a name: households, with a star when the figure is stale."""
    households, state = households_of(snapshot, area)
    if households is None:
        return ""
    star = "*" if state is HouseholdsState.STALE else ""
    return tr("{n} 户", n=f"{households:,}") + star


def parent_rank(ground: LevelGround, rank: int) -> int | None:
    """Return the rank above a level, None at the top."""
    above = [other for other in ground.ranks if other < rank]
    return above[-1] if above else None


class _Writer:
    """Writes on one picture where it is still free."""

    def __init__(self, sheet: Sheet, pen: Letterer, size_m: float) -> None:
        view = sheet.viewport
        self._sheet = sheet
        self._pen = pen
        self._occupied = Occupied(view.width_px, view.height_px, view.px_of((0.0, 0.0)))
        least, most = _GROWTH
        grown = (max(sheet.size_px(size_m), 1.0) / _USUAL_PX) ** 0.3
        # One size for all areas of a level: different ones would look as if they meant something.
        self._size_px = sheet.style.font_px * min(max(grown, least), most)
        self.labels: list[Label] = []

    def write(self, candidate: Candidate, below: str) -> None:
        """Write a name, and the figure below it where there is room for both."""
        room_px = candidate.rooms_px[0]
        for share in _SIZES:
            lines = self._lines(candidate.area.name, below, self._size_px * share)
            if self._pen.width_px(lines[0]) <= room_px * _OVERHANG:
                break
        else:
            return
        is_low = candidate.height_px < _TWO_LINES * lines[0].size_px
        if is_low or self._pen.width_px(lines[-1]) > room_px:
            del lines[1:]
        x, y = candidate.places_px[0].tolist()
        while lines and not self._put(candidate.area, x, y, lines, _GAP_PX):
            lines.pop()

    def write_parent(self, candidate: Candidate) -> None:
        """Write the name of a parent in the colour of its borders where its children leave room."""
        style, palette = self._sheet.style, self._sheet.palette
        size_px = self._size_px * _PARENT_SIZE
        letters = Lettering(
            candidate.area.name,
            round(size_px),
            False,
            palette.sign(candidate.area.level).colour,
            palette.lettering.halo,
            style.families,
            spacing_px=round(size_px * _PARENT_SPACING),
        )
        width = self._pen.width_px(letters)
        for (x, y), room in zip(candidate.places_px.tolist(), candidate.rooms_px, strict=True):
            if width > room * _PARENT_SHARE:
                continue
            if self._put(candidate.area, x, y, [letters], _PARENT_GAP_PX):
                return

    def _lines(self, name: str, below: str, size_px: float) -> list[Lettering]:
        families, ink = self._sheet.style.families, self._sheet.palette.lettering
        lines = [Lettering(name, round(size_px), True, ink.name, ink.halo, families)]
        if below:
            smaller = round(size_px * _FIGURE_SHARE)
            lines.append(Lettering(below, smaller, False, ink.figure, ink.halo, families))
        return lines

    def _put(
        self, area: Area, x: float, y: float, lines: Sequence[Lettering], gap_px: float
    ) -> bool:
        """Write lines around a place if that is free."""
        ratio = self._sheet.viewport.ratio
        words = [self._pen.word(letters, ratio) for letters in lines]
        width = max(word.width_px for word in words)
        height = sum(word.height_px for word in words) * _LINE_SHARE
        box = x - width / 2, y - height / 2, x + width / 2, y + height / 2
        if not self._occupied.take(_widened(box, gap_px)):
            return False
        top = box[1]
        for word in words:
            left = x - word.width_px / 2
            # On whole device pixels, so that letters stay sharp.
            place = QPointF(
                round((left - word.margin_px) * ratio) / ratio,
                round((top - word.margin_px) * ratio) / ratio,
            )
            self._sheet.painter.drawImage(place, word.image)
            top += word.height_px * _LINE_SHARE
        self.labels.append(Label(area.uid, tuple(letters.text for letters in lines), box))
        return True


def _widened(box: Box, gap_px: float) -> Box:
    x0, y0, x1, y1 = box
    return x0 - gap_px, y0 - gap_px / 2, x1 + gap_px, y1 + gap_px / 2
