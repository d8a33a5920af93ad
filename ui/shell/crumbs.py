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
from ui.tips import plain_tip

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
        self._project = self._made_project()
        self._crumbs: list[_Crumb] = []
        self._below = _Arrow(context, "crumb_below", "chevron-right")
        self._groups: list[QWidget] = []
        self._row.addWidget(self._below)
        self._row.addStretch(1)
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
        for widget in self._groups:
            widget.hide()
        self._groups = self._told(chain) if chain else []
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

    def _made_project(self) -> QLabel:
        name = QLabel()
        name.setTextFormat(Qt.TextFormat.PlainText)
        name.setObjectName("crumb_project")
        font = name.font()
        font.setBold(True)
        name.setFont(font)
        name.setContentsMargins(0, 0, 8, 0)
        name.hide()
        self._row.addWidget(name)
        return name

    def _told(self, chain: list[Area]) -> list[QWidget]:
        """Tell *chain* in the widgets that are there, and return those that are needed for it."""
        groups: list[QWidget] = []
        project = self._context.bridge.name
        if project and project != chain[0].name:
            self._project.setText(_cut(project, self))
            self._project.setToolTip(plain_tip(project))
            groups.append(self._project)
        while len(self._crumbs) < len(chain):
            crumb = _Crumb(self._context, len(self._crumbs))
            self._row.insertWidget(self._row.count() - 2, crumb)
            self._crumbs.append(crumb)
        for crumb, area in zip(self._crumbs, chain, strict=False):
            crumb.tell(area)
            groups.append(crumb)
        last = chain[-1]
        self._below.tell(tr("{name}以下的区域", name=_name_of(last)), last.uid, None)
        if any(child.level in _SHOWN for child in self._context.bridge.snapshot.children(last.uid)):
            groups.append(self._below)
        return groups

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
            for arrow in self.findChildren(_Arrow):
                arrow.draw()


class _Crumb(QWidget):
    """The name of an area, and an arrow that lists those beside it."""

    def __init__(self, context: Context, number: int) -> None:
        super().__init__()
        self._context = context
        self._uid = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        if number:
            arrow = QLabel("›")
            arrow.setProperty("role", "quiet")
            arrow.setContentsMargins(2, 0, 2, 0)
            row.addWidget(arrow)
        self._button = QPushButton()
        self._button.setObjectName(f"crumb_{number}")
        self._button.setProperty("role", "crumb")
        self._button.clicked.connect(self._select)
        row.addWidget(self._button)
        self._others = _Arrow(context, f"crumb_others_{number}", "chevron-down")
        row.addWidget(self._others)

    def tell(self, area: Area) -> None:
        """Stand for an area."""
        self._uid, name = area.uid, _name_of(area)
        self._button.setText(_cut(name, self))
        self._button.setAccessibleName(tr("选择{name}", name=name))
        self._button.setToolTip(plain_tip(name))
        self._others.setVisible(area.parent is not None)
        self._others.tell(tr("与{name}同级的区域", name=name), area.parent or "", area.uid)

    def _select(self) -> None:
        self._context.select_and_show(self._uid)


class _Arrow(QToolButton):
    """Lists the areas below *parent* when it is opened, the current one marked."""

    def __init__(self, context: Context, name: str, sign: str) -> None:
        super().__init__()
        self._context = context
        self._sign = sign
        self._parent = ""
        self._current: str | None = None
        self.setObjectName(name)
        self.setProperty("role", "arrow")
        self.setIconSize(QSize(12, 12))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.draw()
        menu = QMenu(self)
        menu.aboutToShow.connect(self._list)
        self.setMenu(menu)
        self.hide()

    def draw(self) -> None:
        """Draw the arrow in the colours of the theme."""
        self.setIcon(icon(self._sign, "quiet"))

    def tell(self, words: str, parent: str, current: str | None) -> None:
        """List the children of *parent* from now on."""
        self._parent, self._current = parent, current
        self.setAccessibleName(words)
        self.setToolTip(plain_tip(words))

    def _list(self) -> None:
        """Fill the menu when it is opened, not before."""
        menu, bridge = self.menu(), self._context.bridge
        menu.clear()
        if not bridge.is_open or self._parent not in bridge.snapshot.rows("area"):
            return
        children = bridge.snapshot.children(self._parent)
        for area in children[:_MOST_IN_MENU]:
            action = menu.addAction(_name_of(area).replace("&", "&&"))
            action.setCheckable(self._current is not None)
            action.setChecked(area.uid == self._current)
            action.triggered.connect(self._chooser(area.uid))
        if len(children) > _MOST_IN_MENU:
            more = menu.addAction(
                tr("还有 {n} 个，请用查找（Ctrl+K）", n=len(children) - _MOST_IN_MENU)
            )
            more.setEnabled(False)

    def _chooser(self, uid: str) -> Callable[..., None]:
        return lambda *_: self._context.select_and_show(uid)


def _name_of(area: Area) -> str:
    return area.name or area.code or "—"


def _cut(name: str, on: QWidget) -> str:
    cut = on.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, _NAME_PX)
    return cut.replace("&", "&&")
