"""The choices of what a further map shows."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from gridadmin.tiles.source import Role
from ui.canvas.style import FillTheme
from ui.maps.look import NONE, SAME, Look
from ui.maps.states import MapStates
from ui.texts import mark, tr
from ui.tiles.basemaps import BaseMaps, title
from ui.tiles.source_pages import asked_file
from ui.tips import plain_tip

_FILE = "file"
"""Stands for choosing a file."""
_GAP_PX = 6
_SHORT = 16
_WIDEST = 26
"""Letters of the longest choice that is shown whole."""

FILL_WORDS = {
    FillTheme.PLAIN: mark("按区域着色"),
    FillTheme.HOUSEHOLDS: mark("按户数着色"),
    FillTheme.VACANT: mark("按岗位空缺着色"),
    FillTheme.LOAD: mark("按每名网格员户数着色"),
    FillTheme.CADRES: mark("按下沉干部人数着色"),
    FillTheme.COMPOUND: mark("按小区类型着色"),
    FillTheme.NET: mark("按片区、专网着色"),
}


class LookBar(QWidget):
    """Boxes for state, base map and colouring; ``changed`` brings the new :class:`Look`.

    A short one has no words before the boxes, and none for the colouring.
    """

    changed = Signal(object)

    def __init__(
        self,
        states: MapStates,
        maps: BaseMaps,
        look: Look,
        parent: QWidget | None = None,
        *,
        is_short: bool = False,
    ) -> None:
        super().__init__(parent)
        self._is_short = is_short
        self._states = states
        self._look = look
        self._maps = maps
        self.state = self._box("look_state", tr("显示的状态"))
        self.base_map = self._box("look_base_map", tr("底图"))
        self.fills = self._box("look_fills", tr("着色"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP_PX)
        pairs = [(tr("状态"), self.state), (tr("底图"), self.base_map)]
        pairs += [] if is_short else [(tr("着色"), self.fills)]
        self.fills.setVisible(not is_short)
        self._labels: list[QLabel] = []
        for words, box in pairs:
            if not is_short:
                label = QLabel(words)
                label.setProperty("role", "quiet")
                label.setBuddy(box)
                self._labels.append(label)
                row.addWidget(label)
            row.addWidget(box)
        if not is_short:
            row.addStretch(1)
        states.changed.connect(self._fill_states)
        self._maps.changed.connect(self._fill_base_maps)
        self.show_look(look)

    def _box(self, name: str, words: str) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(name)
        box.setAccessibleName(words)
        box.setToolTip(words)
        if self._is_short:
            box.setMinimumContentsLength(_SHORT)
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
        else:
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.setMaximumWidth(box.fontMetrics().averageCharWidth() * _WIDEST + 40)
        box.activated.connect(self._chosen)
        return box

    @property
    def look(self) -> Look:
        """What is chosen."""
        return self._look

    def show_look(self, look: Look) -> None:
        """Show another choice, without telling of it."""
        self._look = look
        self._fill_states()
        self._fill_base_maps()
        with QSignalBlocker(self.fills):
            self.fills.clear()
            for theme, words in FILL_WORDS.items():
                self.fills.addItem(tr(words), theme)
            self.fills.setCurrentIndex(self.fills.findData(look.fills))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the words before the boxes out where the boxes need their room."""
        super().resizeEvent(event)
        boxes = (self.state, self.base_map, self.fills)
        parts = [min(box.sizeHint().width(), box.maximumWidth()) for box in boxes]
        parts += [label.sizeHint().width() for label in self._labels]
        needed = sum(parts) + _GAP_PX * (len(parts) - 1)
        for label in self._labels:
            label.setVisible(self.width() >= needed)

    def _fill_states(self) -> None:
        with QSignalBlocker(self.state):
            self.state.clear()
            for state in self._states.choices():
                self.state.addItem(state.words, state.key)
            self.state.setCurrentIndex(max(self.state.findData(self._look.state), 0))

    def _fill_base_maps(self) -> None:
        named = self._look.base_map
        with QSignalBlocker(self.base_map):
            self.base_map.clear()
            self.base_map.addItem(tr("与主图相同"), SAME)
            self.base_map.addItem(tr("无底图"), NONE)
            sources = self._maps.sources(Role.BASE)
            for source in sources:
                self.base_map.addItem(title(source), source.id)
            if named not in (SAME, NONE, *(source.id for source in sources)):
                self.base_map.addItem(Path(named).stem, named)
                last = self.base_map.count() - 1
                self.base_map.setItemData(last, plain_tip(named), Qt.ItemDataRole.ToolTipRole)
            self.base_map.addItem(tr("选择文件…"), _FILE)
            self.base_map.setCurrentIndex(self.base_map.findData(named))

    def _chosen(self) -> None:
        base_map = self.base_map.currentData()
        if base_map == _FILE:
            base_map = asked_file(self, "") or self._look.base_map
        look = Look(self.state.currentData(), base_map, FillTheme(self.fills.currentData()))
        is_new = look != self._look
        self._look = look
        self._fill_base_maps()
        if is_new:
            self.changed.emit(look)
