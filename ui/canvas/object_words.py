"""Households on buildings, names and types on compounds, where the names of areas leave room."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from PySide6.QtCore import QPointF

from gridadmin.domain.scheme import Scheme
from gridadmin.partition.ground import Ground, GroundCompound
from gridadmin.partition.snapshot import Snapshot
from ui.canvas.label_candidates import Occupied
from ui.canvas.lettering import Letterer, Lettering
from ui.canvas.object_style import COMPOUND_WORDS_TO, HOUSEHOLDS_TO, OBJECTS, ObjectLook
from ui.canvas.objects import seen
from ui.canvas.sheet import Sheet
from ui.texts import language, tr

_COMPOUND_PX = 12.0
_HOUSEHOLDS_PX = 11.0
_GAP_PX = 3.0


def paint_object_words(
    sheet: Sheet, snapshot: Snapshot, occupied: Occupied, pen: Letterer
) -> list[str]:
    """Write what there is room for and return it; *occupied* is where names stand already."""
    shown, metres = sheet.style.objects, sheet.viewport.metres_per_px
    words: list[str] = []
    wants_compounds = "compounds" in shown and metres <= COMPOUND_WORDS_TO
    wants_households = "buildings" in shown and metres <= HOUSEHOLDS_TO
    if not (wants_compounds or wants_households):
        return words
    ground, look = Ground.of(snapshot), OBJECTS[sheet.style.theme]
    writer = _Writer(sheet, occupied, pen, look)
    if wants_compounds:
        for number in seen(sheet, ground.compounds):
            sheet.pause()
            compound = ground.compounds.objects[number]
            lines = _compound_lines(compound, snapshot.scheme)
            words += writer.write(ground.compounds.shapes[number], lines, _COMPOUND_PX)
    if wants_households:
        for number in seen(sheet, ground.buildings):
            building = ground.buildings.objects[number]
            if building.households:
                sheet.pause()
                shape = ground.buildings.shapes[number]
                words += writer.write(
                    shape, [tr("{n} 户", n=f"{building.households:,}")], _HOUSEHOLDS_PX
                )
    return words


def compound_type_words(scheme: Scheme, kind: str | None) -> str:
    """Return what the place calls a type of compounds; empty when it isn't known."""
    if kind is None:
        return ""
    term = next((term for term in scheme.compound_types if term.key == kind), None)
    if term is None:
        return kind
    return term.zh if language() == "zh" else term.en


def _compound_lines(compound: GroundCompound, scheme: Scheme) -> list[str]:
    name = compound.name or tr("未命名小区")
    kind = compound_type_words(scheme, compound.type)
    return [name, kind] if kind else [name]


class _Writer:
    """Puts words into shapes that are wide enough for them."""

    def __init__(self, sheet: Sheet, occupied: Occupied, pen: Letterer, look: ObjectLook) -> None:
        self._sheet, self._occupied, self._pen, self._look = sheet, occupied, pen, look

    def write(self, shape: shapely.Geometry, lines: Sequence[str], size_px: float) -> list[str]:
        """Write lines into the middle of a shape; the later ones only where there is room."""
        view = self._sheet.viewport
        x0, y0, x1, y1 = shapely.bounds(shape).tolist()
        room = (x1 - x0) / view.metres_per_px, (y1 - y0) / view.metres_per_px
        is_point = x0 == x1 and y0 == y1
        left, bottom, right, top = view.bounds()
        whole = left <= x0 and right >= x1 and bottom <= y0 and top >= y1
        at = shape if whole else shapely.clip_by_rect(shape, left, bottom, right, top)
        if at.is_empty:
            return []
        place = shapely.get_coordinates(shapely.point_on_surface(at))[0]
        ratio = view.ratio
        for count in range(len(lines), 0, -1):
            words = [self._pen.word(self._letters(text, size_px), ratio) for text in lines[:count]]
            width = max(word.width_px for word in words)
            height = sum(word.height_px for word in words)
            if not is_point and (width > room[0] or height > room[1]):
                continue
            x, y = view.to_px(np.array([place]))[0].tolist()
            box = x - width / 2, y - height / 2, x + width / 2, y + height / 2
            wide = box[0] - _GAP_PX, box[1], box[2] + _GAP_PX, box[3]
            if not self._occupied.take(wide):
                continue
            line_top = box[1]
            for word in words:
                corner = QPointF(
                    round((x - word.width_px / 2 - word.margin_px) * ratio) / ratio,
                    round((line_top - word.margin_px) * ratio) / ratio,
                )
                self._sheet.painter.drawImage(corner, word.image)
                line_top += word.height_px
            return list(lines[:count])
        return []

    def _letters(self, text: str, size_px: float) -> Lettering:
        look = self._look
        families = self._sheet.style.families
        return Lettering(text, size_px, False, look.word, look.word_halo, families)
