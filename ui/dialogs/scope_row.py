"""Where and on which level something is done: two choosers in one row."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout

from gridadmin.domain.model import Area
from ui.context import Context
from ui.dialogs.words import label
from ui.panels import words
from ui.texts import tr


class ScopeRow(QHBoxLayout):
    """The area that is selected, or what lies above it, and a level."""

    changed = Signal()

    def __init__(self, context: Context, name: str, place_words: str) -> None:
        super().__init__()
        self._context = context
        self.place, self.level = QComboBox(), QComboBox()
        for box, key, said in (
            (self.place, "place", place_words),
            (self.level, "level", tr("级别")),
        ):
            box.setObjectName(f"{name}-{key}")
            box.setAccessibleName(said)
            # A long name must not make the dialog wider than the screen.
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(8)
        self.setSpacing(8)
        self.addWidget(label(place_words, buddy=self.place))
        self.addWidget(self.place, 2)
        self.addWidget(label(tr("级别"), buddy=self.level))
        self.addWidget(self.level, 1)
        self._offer_places()
        self.place.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.level.currentIndexChanged.connect(lambda _: self.changed.emit())

    def _offer_places(self) -> None:
        """Offer the area that is selected and what lies above it, where areas lie below."""
        snapshot = self._context.bridge.snapshot
        rows = snapshot.rows("area")
        selected = [uid for uid in self._context.selection.areas if uid in rows]
        chain: list[Area] = []
        if selected and rows[selected[0]].valid_to is None:
            first = rows[selected[0]]
            chain = [first, *snapshot.ancestors(first.uid)]
        chain = [area for area in chain or [snapshot.root] if snapshot.child_uids(area.uid)]
        for area in chain or [snapshot.root]:
            level = words.level(snapshot, area.level)
            self.place.addItem(
                tr("{name}（{level}）", name=words.name_of(area), level=level), area.uid
            )
