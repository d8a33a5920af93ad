"""The thumbnails of the list of issues: drawn by a worker when they come into sight, and kept."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QObject, QSize, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap
from shiboken6 import isValid

from gridadmin.domain.issue import Issue
from gridadmin.domain.model import BorderRow
from gridadmin.edit.document import Done
from gridadmin.partition.border import box_of
from gridadmin.partition.snapshot import Snapshot
from ui.canvas.place_picture import lands_of_issue, paint_place
from ui.canvas.viewport import Box
from ui.context import Context
from ui.jobs import JobProgress
from ui.texts import tr
from ui.theme import colours

_WAIT_MS = 60
_AT_A_TIME = 16
_MOST_WAITING = 48
_MOST_KEPT = 600

Key = tuple[str, str, int, int, float]
_Wish = tuple[Key, Issue, Box]


class IssueThumbs(QObject):
    """Hands out pictures of issues; those not drawn yet are drawn, the last asked for first."""

    drawn = Signal()
    """Some came."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._kept: OrderedDict[Key, tuple[Issue, QPixmap]] = OrderedDict()
        self._wanted: OrderedDict[Key, Issue] = OrderedDict()
        self._is_drawing = False
        self._round = 0
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_WAIT_MS)
        self._soon.timeout.connect(self._draw)
        context.bridge.opened.connect(self.forget)
        context.bridge.changed.connect(self._follow)

    def picture(self, issue: Issue, size: QSize, ratio: float) -> QPixmap | None:
        """Return the picture of an issue; None while there is none, it comes later then."""
        key = (issue.id, colours().name, size.width(), size.height(), ratio)
        kept = self._kept.get(key)
        if kept is not None and kept[0] == issue:
            self._kept.move_to_end(key)
            return kept[1]
        self._wanted[key] = issue
        self._wanted.move_to_end(key)
        while len(self._wanted) > _MOST_WAITING:
            self._wanted.popitem(last=False)
        if not self._is_drawing:
            self._soon.start()
        return None if kept is None else kept[1]

    def forget(self) -> None:
        """Drop all pictures: another project."""
        self._round += 1
        self._kept.clear()
        self._wanted.clear()

    def _follow(self, done: Done) -> None:
        """Drop the pictures of what lies where borders changed."""
        borders = [b for row in done.change.of("border") for b in (row.before, row.after)]
        boxes = [_box_m(border) for border in borders if border is not None]
        if not boxes:
            return
        self._round += 1
        for key, (issue, _) in list(self._kept.items()):
            place = self._context.bridge.box_of_issue(issue)
            if place is None or any(_meet(_around(place), box) for box in boxes):
                del self._kept[key]

    def _draw(self) -> None:
        if self._is_drawing or not self._context.bridge.is_open:
            return
        batch = self._next_batch()
        if not batch:
            return
        snapshot, number = self._context.bridge.snapshot, self._round
        self._is_drawing = True
        job = self._context.jobs.start(
            tr("绘制问题缩略图"),
            lambda progress: _painted(batch, snapshot, progress),
            on_done=lambda found: self._take(found, number),
            is_quiet=True,
        )
        job.ended.connect(self._go_on)

    def _next_batch(self) -> list[_Wish]:
        """Return what is drawn next, the last asked for first."""
        batch: list[_Wish] = []
        while self._wanted and len(batch) < _AT_A_TIME:
            key, issue = self._wanted.popitem()
            box = self._context.bridge.box_of_issue(issue)
            if box is not None:
                batch.append((key, issue, box))
        return batch

    def _take(self, found: list[tuple[Key, Issue, QImage]], number: int) -> None:
        if not isValid(self):
            return
        if number == self._round:
            for key, issue, image in found:
                self._kept[key] = issue, QPixmap.fromImage(image)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        self.drawn.emit()

    def _go_on(self) -> None:
        if isValid(self):
            self._is_drawing = False
            if self._wanted:
                self._soon.start()


def _painted(
    batch: list[_Wish], snapshot: Snapshot, progress: JobProgress
) -> list[tuple[Key, Issue, QImage]]:
    found = []
    for key, issue, box in batch:
        progress.check()
        _, theme, width, height, ratio = key
        lands = lands_of_issue(snapshot, issue)
        image = paint_place(snapshot, box, lands, QSize(width, height), ratio, theme)
        found.append((key, issue, image))
    return found


def _box_m(border: BorderRow) -> Box:
    x0, y0, x1, y1 = box_of(border)
    return x0 / 1000, y0 / 1000, x1 / 1000, y1 / 1000


def _around(box: Box) -> Box:
    """Return a box as wide as a picture of it may show."""
    x0, y0, x1, y1 = box
    reach = 3 * max(x1 - x0, y1 - y0, 20.0)
    return x0 - reach, y0 - reach, x1 + reach, y1 + reach


def _meet(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]
