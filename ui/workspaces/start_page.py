"""The page before any project is open: open one, make one, look at the demo city."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.actions import Actions
from ui.context import Context
from ui.texts import tr
from ui.theme import colours, icon
from ui.tips import plain_tip
from ui.workspaces.recent import Recent, forget, recent

_ENTRY = Qt.ItemDataRole.UserRole
_IS_MISSING = Qt.ItemDataRole.UserRole + 1
_WIDEST_PX, _HIGHEST_PX = 940, 460


class StartPage(QScrollArea):
    """What to begin with. The window does what the signals ask for."""

    open_wanted = Signal(Path)
    new_wanted = Signal()
    demo_wanted = Signal()
    tour_wanted = Signal()
    _looked = Signal(object)

    def __init__(self, context: Context, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._actions = actions
        self._missing: frozenset[str] = frozenset()
        self.setObjectName("start_page")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAcceptDrops(True)
        self.viewport().setObjectName("start_ground")
        self._looked.connect(self._take_missing)
        page = QWidget()
        page.setProperty("role", "page")
        outer = QHBoxLayout(page)
        outer.setContentsMargins(24, 24, 24, 24)
        outer.addStretch(1)
        outer.addWidget(self._made(), 100)
        outer.addStretch(1)
        self.setWidget(page)
        self.refresh()
        context.settings.changed.connect(self._follow)

    # Parts

    def _made(self) -> QWidget:
        middle = QWidget()
        middle.setMaximumWidth(_WIDEST_PX)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addStretch(1)
        title = QLabel(tr("网格管理"))
        title.setProperty("role", "title")
        column.addWidget(title)
        lead = QLabel(tr("在地图上调整网格和微网格的边界：拖动一条边界，两侧一起变化，不留空隙。"))
        lead.setProperty("role", "quiet")
        lead.setWordWrap(True)
        column.addWidget(lead)
        column.addSpacing(14)
        row = QHBoxLayout()
        row.setSpacing(20)
        for card, stretch in ((self._ways(), 4), (self._recent(), 6)):
            card.setMaximumHeight(_HIGHEST_PX)
            row.addWidget(card, stretch)
        column.addLayout(row, 10)
        column.addStretch(1)
        return middle

    def _ways(self) -> QWidget:
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 14, 12, 14)
        column.setSpacing(4)
        column.addWidget(_heading(tr("开始")))
        open_action = self._actions.action("file.open")
        ways = (
            ("start_open", "open", tr("打开项目…"), tr("继续已有的项目文件"), open_action.trigger),
            ("start_new", "new", tr("新建项目…"), tr("按本地的网格方案"), self.new_wanted.emit),
            (
                "start_demo",
                "demo",
                tr("打开样例城市"),
                tr("虚构的城市，不用联网，可以随意试"),
                self.demo_wanted.emit,
            ),
            (
                "start_tour",
                "help",
                tr("两分钟导览"),
                tr("在样例城市上认识各个部分"),
                self.tour_wanted.emit,
            ),
        )
        self._way_buttons: list[_Way] = []
        for name, sign, words, hint, act in ways:
            way = _Way(sign, words, hint)
            way.setObjectName(name)
            way.clicked.connect(act)
            self._way_buttons.append(way)
            column.addWidget(way)
        column.addStretch(1)
        advice = QLabel(
            tr(
                "已有 Shapefile、GeoPackage、GeoJSON 等边界文件？先新建项目，再导入。"
                "项目文件（.gpkg）也可以直接拖到这里打开。"
            )
        )
        advice.setProperty("role", "quiet")
        advice.setWordWrap(True)
        advice.setContentsMargins(9, 10, 9, 0)
        column.addWidget(advice)
        return card

    def _recent(self) -> QWidget:
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 14, 12, 10)
        column.setSpacing(8)
        column.addWidget(_heading(tr("最近的项目")))
        self.list = _RecentList()
        self.list.setObjectName("recent_projects")
        self.list.setAccessibleName(tr("最近的项目"))
        self.list.itemActivated.connect(self._open_item)
        self.list.itemClicked.connect(self._open_item)
        self.list.forget_wanted.connect(self._forget)
        self.list.currentItemChanged.connect(lambda *_: self._show_forget())
        self._nothing = QLabel(tr("还没有打开过项目。"))
        self._nothing.setProperty("role", "quiet")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setMinimumHeight(180)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self.list)
        column.addWidget(self._stack, 1)
        self.forget_button = QPushButton(tr("从列表中移除"))
        self.forget_button.setObjectName("forget_recent")
        self.forget_button.setProperty("role", "link")
        self.forget_button.setToolTip(tr("只从列表中移除，不删除文件。"))
        self.forget_button.clicked.connect(self._forget_current)
        column.addWidget(self.forget_button, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    # State

    def refresh(self) -> None:
        """Show the projects that the settings know, and look which files are still there."""
        entries = recent(self._context.settings)
        row = max(self.list.currentRow(), 0)
        self.list.clear()
        for entry in entries:
            self.list.addItem(self._item(entry))
        self.list.setCurrentRow(min(row, len(entries) - 1))
        self._stack.setCurrentWidget(self.list if entries else self._nothing)
        for way in self._way_buttons:
            way.renew()
        self._show_forget()
        self._look([entry.path for entry in entries])

    def _item(self, entry: Recent) -> QListWidgetItem:
        is_missing = str(entry.path) in self._missing
        when = _when(entry.time)
        state = tr("找不到文件") if is_missing else when
        item = QListWidgetItem(entry.name)
        item.setData(_ENTRY, entry)
        item.setData(_IS_MISSING, is_missing)
        item.setToolTip(plain_tip(str(entry.path)))
        spoken = ", ".join(part for part in (entry.name, state, str(entry.path)) if part)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
        return item

    def _follow(self, key: str) -> None:
        if key == "recent":
            self.refresh()

    def _look(self, paths: Sequence[Path]) -> None:
        """Look for the files beside the window: a share that is off keeps one waiting."""

        def look() -> None:
            missing = frozenset(str(path) for path in paths if not _is_there(path))
            # The window may be gone when a share answers at last.
            with suppress(RuntimeError):
                self._looked.emit(missing)

        if paths:
            threading.Thread(target=look, name="recent projects", daemon=True).start()

    def _take_missing(self, missing: frozenset[str]) -> None:
        self._missing = missing
        for row in range(self.list.count()):
            item = self.list.item(row)
            entry: Recent = item.data(_ENTRY)
            fresh = self._item(entry)
            for role in (_IS_MISSING, Qt.ItemDataRole.AccessibleTextRole):
                item.setData(role, fresh.data(role))

    def _show_forget(self) -> None:
        self.forget_button.setVisible(self.list.count() > 0)
        self.forget_button.setEnabled(self.list.currentRow() >= 0)

    # What the user does

    def _open_item(self, item: QListWidgetItem) -> None:
        entry: Recent = item.data(_ENTRY)
        if item.data(_IS_MISSING):
            self._context.messages.refuse(
                tr("找不到“{path}”。文件可能已移动、改名，或所在的磁盘没有连接。", path=entry.path)
            )
            return
        self.open_wanted.emit(entry.path)

    def _forget_current(self) -> None:
        if self.list.currentRow() >= 0:
            self._forget(self.list.currentItem())

    def _forget(self, item: QListWidgetItem) -> None:
        entry: Recent = item.data(_ENTRY)
        forget(self._context.settings, entry.path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one project file."""
        if _project_of(event) is not None:
            event.acceptProposedAction()
            self._mark_drop(is_on=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Take the mark back."""
        self._mark_drop(is_on=False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the project file that was dropped."""
        self._mark_drop(is_on=False)
        path = _project_of(event)
        if path is not None:
            event.acceptProposedAction()
            self.open_wanted.emit(path)

    def _mark_drop(self, *, is_on: bool) -> None:
        self.viewport().setStyleSheet(
            f"QWidget#start_ground {{ border: 2px solid {colours().accent}; }}" if is_on else ""
        )

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icons in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_way_buttons"):
            for way in self._way_buttons:
                way.renew()


class _Way(QPushButton):
    """A wide button: an icon, words, and a quieter line below."""

    def __init__(self, sign: str, words: str, hint: str) -> None:
        super().__init__()
        self._sign = sign
        self.setProperty("role", "row")
        self.setAccessibleName(words)
        self.setAccessibleDescription(hint)
        self.setAutoDefault(True)
        self._picture = QLabel()
        self._picture.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        title, quiet = QLabel(words), QLabel(hint)
        quiet.setProperty("role", "quiet")
        quiet.setWordWrap(True)
        text = QVBoxLayout()
        text.setSpacing(1)
        for label in (title, quiet):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            text.addWidget(label)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(10, 8, 10, 8)
        row.setSpacing(12)
        row.addWidget(self._picture)
        row.addLayout(text, 1)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.renew()

    def renew(self) -> None:
        """Draw the icon in the colours of the theme."""
        self._picture.setPixmap(icon(self._sign, "accent").pixmap(QSize(24, 24)))

    def sizeHint(self) -> QSize:
        """Be as large as what stands inside."""
        return self._row.sizeHint()

    def heightForWidth(self, width: int) -> int:
        """Be as high as the words need at that width."""
        return self._row.totalHeightForWidth(width)

    def hasHeightForWidth(self) -> bool:
        """Words wrap."""
        return True

    def minimumSizeHint(self) -> QSize:
        """Be no smaller than the layout allows."""
        return self._row.totalMinimumSize()


class _RecentList(QListWidget):
    """A list with two lines to each entry; Enter opens, Delete takes off the list."""

    forget_wanted = Signal(QListWidgetItem)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bare")
        self.setItemDelegate(_RecentDelegate(self))
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter and take off the list with Delete."""
        is_on_entry = self.currentRow() >= 0
        if is_on_entry and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.itemActivated.emit(self.currentItem())
        elif is_on_entry and event.key() == Qt.Key.Key_Delete:
            self.forget_wanted.emit(self.currentItem())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to open the entry or to take it off the list."""
        item = self.itemAt(event.pos()) or self.currentItem()
        if item is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("打开"), lambda: self.itemActivated.emit(item))
        menu.addAction(tr("从列表中移除"), lambda: self.forget_wanted.emit(item))
        menu.popup(event.globalPos())


class _RecentDelegate(QStyledItemDelegate):
    """Name and day in one line, the path below, cut in its middle."""

    _PAD_PX = 9

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Be two lines high."""
        return QSize(200, option.fontMetrics.height() * 2 + 2 * self._PAD_PX)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the ground by the style and the words by hand."""
        ground = QStyleOptionViewItem(option)
        self.initStyleOption(ground, index)
        ground.text = ""
        ground.widget.style().drawControl(
            QStyle.ControlElement.CE_ItemViewItem, ground, painter, ground.widget
        )
        entry: Recent = index.data(_ENTRY)
        is_missing = bool(index.data(_IS_MISSING))
        box = option.rect.adjusted(12, self._PAD_PX - 1, -10, -self._PAD_PX)
        line = option.fontMetrics.height()
        painter.save()
        painter.setFont(option.font)
        state = tr("找不到文件") if is_missing else _when(entry.time)
        painter.setPen(colours().error_text if is_missing else colours().quiet)
        upper = QRect(box.left(), box.top(), box.width(), line)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(upper, right, state)
        room = box.width() - option.fontMetrics.horizontalAdvance(state) - 12
        bold = QFont(option.font)
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(colours().quiet if is_missing else colours().text)
        name = QFontMetrics(bold).elidedText(entry.name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(upper, left, name)
        painter.setFont(option.font)
        painter.setPen(colours().quiet)
        lower = QRect(box.left(), box.bottom() - line + 1, box.width(), line)
        path = option.fontMetrics.elidedText(
            str(entry.path), Qt.TextElideMode.ElideMiddle, box.width()
        )
        painter.drawText(lower, left, path)
        painter.restore()


def _heading(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("role", "heading")
    label.setContentsMargins(9, 0, 9, 4)
    return label


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def _when(time: datetime | None) -> str:
    """Return when that was, as one says it: the clock for today, else the day."""
    if time is None:
        return ""
    today = date.today()  # noqa: DTZ011 - the day on the user's wall
    if time.date() == today:
        return tr("今天 {time}", time=f"{time:%H:%M}")
    if time.year == today.year:
        return tr("{month} 月 {day} 日", month=time.month, day=time.day)
    return f"{time:%Y-%m-%d}"


def _project_of(event: QDropEvent) -> Path | None:
    """Return the one project file that is dragged, or None."""
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.suffix.lower() == ".gpkg" else None
