"""The panel of the area tree: counts, filter, tree, and what one can do with an area there."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from gridadmin.domain.model import Area
from gridadmin.domain.scheme import LEVELS
from gridadmin.edit.area_commands import SetField
from gridadmin.edit.document import Done
from ui.actions import Actions
from ui.context import Context
from ui.panels import words
from ui.panels.area_model import AreaModel
from ui.panels.area_view import AreaView
from ui.panels.hanging import hang, why_not_hang
from ui.panels.parts import Panel, label
from ui.panels.project_index import ProjectIndex
from ui.texts import tr
from ui.theme import icon
from ui.tips import plain_tip

_MOST_MATCHES = 200
_PAUSE_MS = 120


class AreaTree(Panel):
    """All areas of the project as a tree, bound to the selection that the window shares."""

    move_wanted = Signal()
    """The selected areas are to hang below another one, which is still to be asked for."""

    def __init__(
        self, context: Context, actions: Actions | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("网格体系"), parent)
        self._context = context
        self._bridge = context.bridge
        self._index = ProjectIndex.of(context)
        self._expanded: set[str] = set()
        self._matches: list[str] = []
        self._is_syncing = False
        self._counts = self.aside
        self._field = self._made_field()
        self._notice = label("", "quiet")
        self._notice.hide()
        self._refusal = label("", "warning", wraps=True)
        self._refusal.setContentsMargins(12, 0, 12, 4)
        self._refusal.hide()
        self.model = AreaModel(self._bridge, self._index, self)
        self.view = self._made_view()
        self._lay_out()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._apply_filter)
        # The rows that a change touched are painted at once; signs of others can wait a moment.
        self._repaint = QTimer(self)
        self._repaint.setSingleShot(True)
        self._repaint.setInterval(_PAUSE_MS)
        self._repaint.timeout.connect(self.view.paint_news)
        self._connect()
        self._begin()

    # Making

    def _made_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(tr("筛选：名称、编码、拼音"))
        field.setAccessibleName(tr("筛选区域"))
        field.setToolTip(tr("输入名称、编码、拼音或拼音首字母。向下键进入列表，Esc 清除。"))
        field.setClearButtonEnabled(True)
        field.addAction(icon("search", "quiet"), QLineEdit.ActionPosition.LeadingPosition)
        field.installEventFilter(self)
        return field

    def _made_view(self) -> AreaView:
        view = AreaView()
        view.setModel(self.model)
        view.setAccessibleName(tr("网格体系"))
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(
            lambda at: self.menu_of(view.indexAt(at)).popup(view.viewport().mapToGlobal(at))
        )
        view.show_wanted.connect(self._show)
        view.copy_wanted.connect(self.copy_code)
        view.why_not_hang = lambda uids, to: why_not_hang(self._bridge, uids, to)
        view.hang_refused.connect(self._tell_refusal)
        view.hang_wanted.connect(lambda uids, to: hang(self._context, uids, to))
        view.expanded.connect(lambda index: self._remember(index, is_open=True))
        view.collapsed.connect(lambda index: self._remember(index, is_open=False))
        view.selectionModel().selectionChanged.connect(self._take_selection)
        return view

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 12, 0)
        head.addWidget(self.heading)
        head.addWidget(self._counts, 1)
        search = QHBoxLayout()
        search.setContentsMargins(10, 4, 10, 4)
        search.addWidget(self._field)
        self._notice.setContentsMargins(12, 0, 12, 4)
        self._notice.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addLayout(search)
        column.addWidget(self._notice)
        column.addWidget(self._refusal)
        column.addWidget(self.view, 1)

    def _connect(self) -> None:
        self._field.textChanged.connect(lambda _: self._pause.start())
        self._field.returnPressed.connect(self._show_first)
        self._bridge.opened.connect(self._begin)
        self._bridge.changed.connect(self._follow)
        self._bridge.issues_changed.connect(self._repaint.start)
        self._index.counted.connect(self._repaint.start)
        self._index.areas_indexed.connect(self._take_index)
        self._context.selection.changed.connect(self._show_selection)

    # Following the project

    def _begin(self) -> None:
        self._expanded.clear()
        self._field.clear()
        self._matches = []
        self._notice.hide()
        self.model.show_only(None)
        self.model.read_anew()
        if self._bridge.is_open:
            self._expanded.add(self._bridge.snapshot.root.uid)
        self._restore()
        self._tell_counts()

    def _follow(self, done: Done) -> None:
        was_syncing, self._is_syncing = self._is_syncing, True
        try:
            is_new = self.model.follow(done)
        finally:
            self._is_syncing = was_syncing
        if is_new:
            self._restore()
        else:
            self._show_selection()
        self._repaint.start()

    def _take_index(self) -> None:
        self._tell_counts()
        if self._field.text().strip() and not self._matches:
            self._apply_filter()

    def _tell_counts(self) -> None:
        counts = self._index.level_counts
        levels = [level for level in LEVELS if counts.get(level, 0)]
        if not self._bridge.is_open or not levels:
            self._counts.setText("")
            return
        snapshot = self._bridge.snapshot
        told = [words.tally(snapshot, level, counts[level]) for level in levels]
        self._counts.setText(words.dotted(told[-2:]))
        self._counts.setToolTip("\n".join(told))

    # Filter

    def _apply_filter(self) -> None:
        typed = self._field.text().strip()
        if not typed:
            self._matches = []
            self._notice.hide()
            self.model.show_only(None)
            self._restore()
            return
        if self._index.areas is None or not self._bridge.is_open:
            # The index tells when it is there.
            return
        self._matches, count = self._index.areas.find(typed, _MOST_MATCHES)
        shown = set(self._matches)
        for uid in self._matches:
            shown.update(area.uid for area in self._bridge.snapshot.ancestors(uid))
        self.model.show_only(shown)
        self._restore()
        self._tell_matches(count)

    def _tell_matches(self, count: int) -> None:
        if not count:
            self._notice.setText(tr("没有符合的区域。"))
        elif count > _MOST_MATCHES:
            self._notice.setText(
                tr("共 {n} 个，只列出 {most} 个。", n=f"{count:,}", most=_MOST_MATCHES)
            )
        else:
            self._notice.setText(tr("共 {n} 个。", n=count))
        self._notice.show()

    def _tell_refusal(self, why: str) -> None:
        """Say above the tree why a dragged area can't hang where it is held."""
        self._refusal.setText(why)
        self._refusal.setVisible(bool(why))

    def _show_first(self) -> None:
        self._pause.stop()
        self._apply_filter()
        if self._matches:
            self._context.select_and_show(self._matches[0])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the filter field lead into the tree with Down, and be emptied with Esc."""
        if watched is self._field and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down:
                self._enter_tree()
                return True
            if event.key() == Qt.Key.Key_Escape and self._field.text():
                if event.type() == QEvent.Type.KeyPress:
                    self._field.clear()
                event.accept()
                return True
        return super().eventFilter(watched, event)

    def _enter_tree(self) -> None:
        if self._pause.isActive():
            self._pause.stop()
            self._apply_filter()
        first = self.model.index_of(self._matches[0]) if self._matches else QModelIndex()
        if not first.isValid():
            first = self.model.index(0, 0)
        self.view.setFocus(Qt.FocusReason.TabFocusReason)
        self.view.setCurrentIndex(first)

    # Open branches and selection

    def _remember(self, index: QModelIndex, *, is_open: bool) -> None:
        uid = self.model.uid_of(index)
        if uid is None or self.model.is_filtered:
            return
        if is_open:
            self._expanded.add(uid)
        else:
            self._expanded.discard(uid)

    def _restore(self) -> None:
        """Open what was open before the rows were read anew, and choose what is chosen."""
        is_all = self.model.is_filtered
        waiting = [self.model.index(row, 0) for row in range(self.model.rowCount())]
        while waiting:
            index = waiting.pop()
            if not (is_all or self.model.uid_of(index) in self._expanded):
                continue
            if not self.model.hasChildren(index):
                continue
            self.model.fetchMore(index)
            self.view.setExpanded(index, True)
            waiting += [
                self.model.index(row, 0, index) for row in range(self.model.rowCount(index))
            ]
        self._show_selection()

    def _take_selection(self) -> None:
        if self._is_syncing:
            return
        chosen = {
            self.model.uid_of(index) for index in self.view.selectionModel().selectedIndexes()
        }
        chosen.discard(None)
        selection = self._context.selection
        ordered = [uid for uid in selection.areas if uid in chosen]
        ordered += sorted(uid for uid in chosen if uid is not None and uid not in ordered)
        self._is_syncing = True
        try:
            if ordered:
                selection.select_areas(ordered)
            elif selection.areas:
                selection.clear()
        finally:
            self._is_syncing = False

    def _show_selection(self) -> None:
        """Choose the rows of the areas that are selected elsewhere, and bring them into view."""
        if self._is_syncing or not self._bridge.is_open:
            return
        model = self.view.selectionModel()
        areas = self._context.selection.areas
        chosen = {self.model.uid_of(index) for index in model.selectedIndexes()}
        if chosen == set(areas):
            return
        self._is_syncing = True
        try:
            self._choose(model, areas)
        finally:
            self._is_syncing = False

    def _choose(self, model: QItemSelectionModel, areas: Iterable[str]) -> None:
        picked = QItemSelection()
        last = QModelIndex()
        for uid in areas:
            index = self.model.index_of(uid)
            if index.isValid():
                picked.select(index, index)
                last = index
        model.select(picked, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if last.isValid():
            model.setCurrentIndex(last, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.view.scrollTo(last)

    def _show(self, index: QModelIndex) -> None:
        uid = self.model.uid_of(index)
        if uid is not None:
            self._context.select_and_show(uid)

    # What one can do with an area

    def menu_of(self, index: QModelIndex) -> QMenu:
        """Return the menu of a row."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        area = self.model.area_of(index)
        if area is None:
            return menu
        show = menu.addAction(icon("zoom-selection"), tr("在地图上显示"))
        show.triggered.connect(lambda: self._context.select_and_show(area.uid))
        why = self._bridge.why_not_change()
        rename = menu.addAction(icon("pencil"), tr("重命名…"))
        rename.setShortcut(Qt.Key.Key_F2)
        rename.triggered.connect(lambda: self.view.edit(self.model.index_of(area.uid)))
        _forbid(rename, why)
        move = menu.addAction(tr("移到…"))
        move.triggered.connect(lambda *_: self.move_wanted.emit())
        _forbid(move, why or ("" if area.parent else tr("最上级的区域不能移动。")))
        self._add_divided(menu, area, why)
        menu.addSeparator()
        copy = menu.addAction(icon("copy"), tr("复制编码"))
        copy.triggered.connect(self.copy_code)
        _forbid(copy, "" if area.code else tr("这个区域没有编码。"))
        return menu

    def _add_divided(self, menu: QMenu, area: Area, why: str) -> None:
        divided = menu.addAction(tr("下级已划分完"))
        divided.setCheckable(True)
        divided.setChecked(area.is_divided)
        divided.setToolTip(tr("划分完以后，没有划给下级的地块逐块列为缝隙。"))
        divided.triggered.connect(
            lambda is_on: self._bridge.execute(SetField(area.uid, "divided", is_on))
        )
        if not why and not self._bridge.snapshot.child_uids(area.uid):
            why = tr("这个区域没有下级。")
        _forbid(divided, why)

    def copy_code(self) -> None:
        """Put the codes of the selected areas into the clipboard, one a line."""
        rows = self._bridge.snapshot.rows("area")
        codes = [rows[uid].code for uid in self._context.selection.areas if uid in rows]
        text = "\n".join(code for code in codes if code)
        if text:
            QGuiApplication.clipboard().setText(text)

    def focus_filter(self) -> None:
        """Put the cursor into the filter field."""
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()


def _forbid(action: QAction, why: str) -> None:
    if why:
        action.setEnabled(False)
        action.setToolTip(plain_tip(why))
