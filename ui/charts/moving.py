"""What the hand moves on a sheet, each sheet by itself: names, the map's frame, its land."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gridadmin.chart.choice import Moves
from gridadmin.chart.sheet import Frame
from ui.charts.sheets import Sheets


class Moving:
    """Moves things on the sheet that is looked at, and on no other of a series."""

    def __init__(self, sheets: Sheets) -> None:
        self._sheets = sheets

    @property
    def moves(self) -> Moves:
        """What was moved on the sheet that is looked at."""
        return self._sheets.wish.choice.for_sheet(self._sheets.key).moves

    def put_all_back(self) -> None:
        """Let everything on the sheet stand where it stood by itself."""
        sheets = self._sheets
        choice = sheets.wish.choice.unmoved(sheets.key)
        sheets.wish_for(replace(sheets.wish, choice=choice))

    def move_name(self, uid: str, dx_mm: float, dy_mm: float) -> None:
        """Move a name further."""
        nudges = dict(self.moves.nudges_mm)
        x, y = nudges.get(uid, (0.0, 0.0))
        nudges[uid] = round(x + dx_mm, 2), round(y + dy_mm, 2)
        self._move(nudges_mm=nudges)

    def put_name_back(self, uid: str) -> None:
        """Let a name stand where it stood by itself."""
        nudges = dict(self.moves.nudges_mm)
        if nudges.pop(uid, None) is not None:
            self._move(nudges_mm=nudges)

    def move_frame(self, frame: object) -> None:
        """Put the map elsewhere on the sheet."""
        if isinstance(frame, Frame):
            self._move(map_frame=tuple(round(value, 2) for value in frame))

    def move_land(self, dx_mm: float, dy_mm: float) -> None:
        """Show other land in the frame: what lies there is moved by so much."""
        page = self._sheets.page
        if page is None or page.view is None:
            return
        x, y = self.moves.map_shift_m
        scale = page.view.scale / 1000
        self._move(map_shift_m=(round(x - dx_mm * scale, 2), round(y + dy_mm * scale, 2)))

    def _move(self, **changes: Any) -> None:
        sheets = self._sheets
        choice = sheets.wish.choice.moved(sheets.key, **changes)
        sheets.wish_for(replace(sheets.wish, choice=choice))
