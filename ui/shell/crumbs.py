"""Where one is: the project, and the areas above what is selected, each a button."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QWidget

from gridadmin.domain.model import Area
from gridadmin.domain.scheme import LEVELS
from ui.context import Context
from ui.texts import tr
from ui.theme import icon

_SHOWN = LEVELS[: LEVELS.index("grid")]
"""Levels that stand in the crumbs: what lies below is in the tree."""
_MOST_IN_MENU = 200
_NAME_PX = 180


class Crumbs(QWidget):
    """Project › district › street › community; a name selects, the arrow beside it lists others."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._shown: tuple[object, ...] = ()
        self.setObjectName("crumbs")
        self.setAccessibleName(tr("当前位置"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        context.bridge.opened.connect(self.refresh)
        context.bridge.changed.connect(self.refresh)
        context.selection.changed.connect(self.refresh)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Show where the selection lies; the root when nothing is selected."""
        chain = self._chain()
        shown = (self._context.bridge.name, *((area.uid, area.name) for area in chain))
        if shown == self._shown:
            return
        self._shown = shown
        self._clear()
        if chain:
            self._fill(chain)
        self._row.addStretch(1)
        self._fit()

    def _chain(self) -> list[Area]:
        bridge = self._context.bridge
        if not bridge.is_open:
            return []
        snapshot = bridge.snapshot
        lines = []
        for uid in self._context.selection.areas:
            if uid in snapshot.rows("area"):
                above = [snapshot.area(uid), *snapshot.ancestors(uid)]
                lines.append([area for area in reversed(above) if area.level in _SHOWN])
        if not lines or not lines[0]:
            return [snapshot.root]
        # Of several areas the crumbs name what all of them lie in.
        common = [area for area in lines[0] if all(area in line for line in lines)]
        return common or [snapshot.root]

    def _clear(self) -> None:
        while self._row.count():
            item = self._row.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._groups: list[QWidget] = []

    def _fill(self, chain: list[Area]) -> None:
        project = self._context.bridge.name
        if project and project != chain[0].name:
            name = QLabel(_cut(project, self))
            name.setObjectName("crumb_project")
            name.setToolTip(project)
            font = name.font()
            font.setBold(True)
            name.setFont(font)
            name.setContentsMargins(0, 0, 8, 0)
            self._add_group(name)
        for number, area in enumerate(chain):
            self._add_group(self._crumb(number, area, is_first=number == 0))
        last = chain[-1]
        if any(child.level in _SHOWN for child in self._context.bridge.snapshot.children(last.uid)):
            self._add_group(self._below(last))

    def _add_group(self, widget: QWidget) -> None:
        self._groups.append(widget)
        self._row.addWidget(widget)

    def _crumb(self, number: int, area: Area, *, is_first: bool) -> QWidget:
        group = QWidget()
        row = QHBoxLayout(group)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        if not is_first:
            arrow = QLabel("›")
            arrow.setProperty("role", "quiet")
            arrow.setContentsMargins(2, 0, 2, 0)
            row.addWidget(arrow)
        name = area.name or area.code or "—"
        button = QPushButton(_cut(name, self))
        button.setObjectName(f"crumb_{number}")
        button.setProperty("role", "crumb")
        button.setAccessibleName(tr("选择{name}", name=name))
        button.setToolTip(name)
        button.clicked.connect(lambda: self._context.select_and_show(area.uid))
        row.addWidget(button)
        if area.parent is not None:
            row.addWidget(
                self._arrow(
                    f"crumb_others_{number}",
                    "chevron-down",
                    tr("与{name}同级的区域", name=name),
                    area.parent,
                    area.uid,
                )
            )
        return group

    def _below(self, area: Area) -> QWidget:
        name = area.name or area.code or "—"
        words = tr("{name}以下的区域", name=name)
        return self._arrow("crumb_below", "chevron-right", words, area.uid, None)

    def _arrow(
        self, name: str, sign: str, words: str, parent: str, current: str | None
    ) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setProperty("role", "arrow")
        button.setIcon(icon(sign, "quiet"))
        button.setIconSize(QSize(12, 12))
        button.setAccessibleName(words)
        button.setToolTip(words)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.aboutToShow.connect(lambda: self._list(menu, parent, current))
        button.setMenu(menu)
        return button

    def _list(self, menu: QMenu, parent: str, current: str | None) -> None:
        """Fill a menu with the children of an area when it is opened, not before."""
        menu.clear()
        bridge = self._context.bridge
        if not bridge.is_open or parent not in bridge.snapshot.rows("area"):
            return
        children = bridge.snapshot.children(parent)
        for area in children[:_MOST_IN_MENU]:
            action = menu.addAction((area.name or area.code or "—").replace("&", "&&"))
            action.setCheckable(current is not None)
            action.setChecked(area.uid == current)
            action.triggered.connect(self._chooser(area.uid))
        if len(children) > _MOST_IN_MENU:
            more = menu.addAction(
                tr("还有 {n} 个，请用查找（Ctrl+K）", n=len(children) - _MOST_IN_MENU)
            )
            more.setEnabled(False)

    def _chooser(self, uid: str) -> Callable[..., None]:
        return lambda *_: self._context.select_and_show(uid)

    # Room

    def minimumSizeHint(self) -> QSize:
        """Ask for room for the last name only: the others go when there is no room."""
        last = self._groups[-2:] if self._groups else []
        return QSize(sum(group.sizeHint().width() for group in last), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the upper names when there is no room for all."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width()
        widths = [group.sizeHint().width() for group in self._groups]
        first = 0
        while first < len(widths) - 2 and sum(widths[first:]) > room:
            first += 1
        for number, group in enumerate(self._groups):
            group.setVisible(number >= first)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the arrows in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._shown:
            self._shown = ()
            self.refresh()


def _cut(name: str, on: QWidget) -> str:
    cut = on.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, _NAME_PX)
    return cut.replace("&", "&&")
