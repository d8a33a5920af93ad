"""Two thumbnails of a way to settle something: the place before, and what would become of it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from gridadmin.app.repairs import Proposal, gains_of
from gridadmin.domain.issue import Issue
from gridadmin.partition.snapshot import Snapshot
from ui.canvas.place_picture import GAIN, Land, lands_of_issue, paint_place
from ui.canvas.viewport import Box
from ui.context import Context
from ui.jobs import JobProgress
from ui.panels.flow import FlowBox
from ui.panels.parts import label
from ui.texts import tr
from ui.theme import colours

_SIZE = QSize(124, 92)

Pictures = tuple[QImage, QImage]


class BeforeAfter(FlowBox):
    """Shows the way that is looked at; hidden while none can be shown."""

    def __init__(self, context: Context, issue: Issue | None) -> None:
        super().__init__()
        self._context = context
        self._issue = issue
        self._shown: Proposal | None = None
        self._kept: dict[int, tuple[Proposal, Pictures]] = {}
        self.setObjectName("before-after")
        self.before, self.after = self._picture(), self._picture()
        for picture, words in ((self.before, tr("处理前")), (self.after, tr("处理后"))):
            picture.setAccessibleName(words)
            under = QWidget()
            column = QVBoxLayout(under)
            column.setContentsMargins(0, 4, 0, 0)
            column.setSpacing(2)
            column.addWidget(picture)
            column.addWidget(label(words, "quiet"), 0, Qt.AlignmentFlag.AlignHCenter)
            self.add(under)
        self.hide()

    @staticmethod
    def _picture() -> QLabel:
        made = QLabel()
        made.setFixedSize(_SIZE)
        made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        made.setProperty("role", "thumbnail")
        return made

    def look_at(self, proposal: Proposal | None) -> None:
        """Show a way; one that can't be shown leaves the pictures as they are."""
        if proposal is None or proposal.done is None:
            return
        self._shown = proposal
        # At once, though empty at first: what stands below must not move under the pointer.
        self.show()
        kept = self._kept.get(id(proposal))
        if kept is not None:
            self._show(kept[1])
            return
        issue, theme, ratio = self._issue, colours().name, self.devicePixelRatioF()

        def work(progress: JobProgress) -> Pictures | None:
            progress.check()
            return _painted(proposal, issue, theme, ratio)

        def take(pictures: Pictures | None) -> None:
            # The page may be another one by now, and this gone with it.
            if pictures is None or not isValid(self):
                return
            self._kept[id(proposal)] = proposal, pictures
            if self._shown is proposal:
                self._show(pictures)

        self._context.jobs.start(tr("绘制处理前后"), work, on_done=take, is_quiet=True)

    def _show(self, pictures: Pictures) -> None:
        for where, image in zip((self.before, self.after), pictures, strict=True):
            where.setPixmap(QPixmap.fromImage(image))


def _painted(proposal: Proposal, issue: Issue | None, theme: str, ratio: float) -> Pictures | None:
    done = proposal.done
    if done is None:
        return None
    gains = [Land(gain.rings, GAIN) for gain in gains_of(done)]
    lands = [] if issue is None else lands_of_issue(done.before, issue)
    if not lands:
        # Without a face of its own, what changes hands is what it is about.
        lands = [Land(gain.rings) for gain in gains]
    box = _box([*lands, *gains])
    if box is None:
        return None
    return (
        _one(done.before, box, lands, ratio, theme),
        _one(done.after, box, gains, ratio, theme),
    )


def _one(snapshot: Snapshot, box: Box, lands: list[Land], ratio: float, theme: str) -> QImage:
    return paint_place(snapshot, box, lands, _SIZE, ratio, theme)


def _box(lands: list[Land]) -> Box | None:
    rings = [ring for land in lands for ring in land.rings]
    if not rings:
        return None
    points = np.concatenate(rings)
    (x0, y0), (x1, y1) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return x0, y0, x1, y1
