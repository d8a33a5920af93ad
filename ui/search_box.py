"""One field that finds everything: areas, buildings, and what the program can do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QEvent,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
)
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidgetItem,
    QWidget,
)

from gridadmin.app.search import AREA, BUILDING, RETIRED, Found, Phrases, SearchIndex
from gridadmin.base.errors import GridAdminError
from gridadmin.base.progress import Progress
from gridadmin.edit.document import Done
from gridadmin.partition.snapshot import Snapshot
from ui.actions import Actions
from ui.context import Context
from ui.panels import words
from ui.search_list import ROW, Row, SearchPopup
from ui.texts import tr
from ui.theme import icon

_AREAS, _BUILDINGS, _COMMANDS = 9, 5, 7
"""So many of each are listed at most."""
_PAUSE_MS = 60
_LEVEL_ICONS = {
    "city": "district",
    "district": "district",
    "street": "street",
    "community": "community",
    "grid": "grid",
    "micro_grid": "micro-grid",
    "cell": "stack",
}


Finder = Callable[[str], list[Row]]
"""Returns further rows, under headings of their own, for what somebody typed."""


class SearchBox(QLineEdit):
    """Type, go down and up, press Enter. Esc goes back to where one was."""

    left_for_map = Signal()
    """Something on the map was chosen: whoever has the map gives it the keys."""

    def __init__(self, context: Context, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.finders: list[Finder] = []
        """Those who find what isn't land: people, say."""
        self._context = context
        self._actions = actions
        self._index: SearchIndex | None = None
        self._phrases: Phrases | None = None
        self._is_making = False
        self._gave_up = False
        self._project = 0
        self._dones: list[Done] = []
        self._before: QWidget | None = None
        self.setObjectName("search_box")
        keys = actions.action("edit.search").shortcut()
        self._hint = keys.toString(QKeySequence.SequenceFormat.NativeText)
        self.setPlaceholderText(tr("查找区域、地址、命令（可用拼音）"))
        self.setAccessibleName(tr("查找"))
        self.setAccessibleDescription(tr("输入名称、代码、地址或命令，用上下键选择，回车确认"))
        self.setToolTip(f"{tr('查找')} ({self._hint})")
        self.setMinimumWidth(200)
        self.setMaximumWidth(420)
        self.addAction(icon("search", "quiet"), QLineEdit.ActionPosition.LeadingPosition)
        self.popup = SearchPopup(self)
        self.popup.list.itemClicked.connect(self._take)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.search)
        self.textEdited.connect(lambda _: self._pause.start())
        context.bridge.opened.connect(self._forget)
        context.bridge.changed.connect(self._follow)
        context.jobs.idle.connect(self._prepare)
        actions.refreshed.connect(self.show_again)

    def focus_search(self) -> None:
        """Begin to search: what was typed before is marked."""
        now = self.window().focusWidget()
        self._before = now if now is not self else self._before
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        self._gave_up = False
        self._prepare()

    @property
    def is_ready(self) -> bool:
        """Whether the areas of the open project can be found already."""
        return self._index is not None

    # The index

    def _forget(self) -> None:
        self._index = None
        self._gave_up = False
        self._project += 1
        self._dones = []
        self.clear()
        self.popup.hide()

    def _prepare(self) -> None:
        """Make the index in a worker, unless it is there or in the making."""
        bridge = self._context.bridge
        needs_index = bridge.is_open and self._index is None
        if self._is_making or self._gave_up or not self.isEnabled():
            return
        if not needs_index and self._phrases is not None:
            return
        snapshot = bridge.snapshot if needs_index else None
        titles = [spec.words for spec in self._actions.table]
        spoken = [f"{tr(title)} {title}" for title in titles]
        self._is_making = True
        self._dones = []
        project = self._project
        self._context.jobs.start(
            tr("准备查找"),
            lambda progress: _made(snapshot, spoken, progress),
            on_done=lambda made: self._take_index(project, *made),
            on_failed=self._index_failed,
            on_cancelled=self._stop_making,
            is_quiet=True,
        )

    def _take_index(self, project: int, index: SearchIndex | None, phrases: Phrases) -> None:
        self._is_making = False
        self._phrases = phrases
        dones, self._dones = self._dones, []
        if index is not None and project == self._project:
            for done in dones:
                index = index.after(done)
            self._index = index
        self.show_again()

    def _index_failed(self, error: BaseException) -> None:
        self._stop_making()
        if not isinstance(error, GridAdminError):
            raise error

    def _stop_making(self) -> None:
        # The queue is idle next and would have it made again: wait until somebody searches.
        self._is_making, self._gave_up = False, True

    def _follow(self, done: Done) -> None:
        if self._is_making:
            self._dones.append(done)
        if self._index is not None:
            self._index = self._index.after(done)
            if self._index.is_worn:
                self._index = None
                self._prepare()

    # What is listed

    def search(self) -> None:
        """List what fits the text."""
        self._pause.stop()
        text = self.text().strip()
        if not text:
            self.popup.hide()
            return
        self._prepare()
        rows = self._rows(text)
        self.popup.show_rows(rows)
        self._announce(rows)

    def _rows(self, text: str) -> list[Row]:
        found = self._index.find(text, 60) if self._index is not None else []
        areas = [one for one in found if one.kind in (AREA, RETIRED)][:_AREAS]
        buildings = [one for one in found if one.kind == BUILDING][:_BUILDINGS]
        rows: list[Row] = []
        if areas:
            rows += [Row(tr("区域"), is_heading=True), *(self._area_row(one) for one in areas)]
        if buildings:
            rows += [Row(tr("楼栋和地址"), is_heading=True), *map(_building_row, buildings)]
        for find in self.finders:
            rows += find(text)
        commands = self._commands(text)
        if commands:
            rows += [Row(tr("命令"), is_heading=True), *commands]
        if self._context.bridge.is_open and self._index is None:
            rows.append(Row(tr("正在准备查找区域…"), is_heading=True))
        elif not rows:
            rows.append(Row(tr("没有找到“{text}”", text=text), is_heading=True))
        return rows

    def _area_row(self, found: Found) -> Row:
        level = words.level(self._context.bridge.snapshot, found.level)
        path = " › ".join(found.path)
        if found.kind == RETIRED:
            heirs = tr("、").join(found.path)
            path = tr("已撤销，由{names}承接", names=heirs) if heirs else tr("已撤销")
        quiet = " · ".join(part for part in (level, path) if part)
        sign = _LEVEL_ICONS.get(found.level, "boundaries")
        return Row(found.name or found.code, quiet, found.code, sign, found)

    def _commands(self, text: str) -> list[Row]:
        table = self._actions.table
        if self._phrases is not None:
            lines = self._phrases.find(text)
        else:
            wanted = text.lower()
            lines = [line for line, spec in enumerate(table) if wanted in tr(spec.words).lower()]
        rows = []
        for spec in (table[line] for line in lines):
            action = self._actions.action(spec.key)
            if spec.key == "edit.search":
                continue
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            rows.append(
                Row(
                    tr(spec.words),
                    "" if action.isEnabled() else action.statusTip(),
                    keys,
                    spec.icon or "chevron-right",
                    command=spec.key,
                    is_off=not action.isEnabled(),
                )
            )
        return rows[:_COMMANDS]

    def show_again(self) -> None:
        """List anew what fits the text, while the list is open."""
        if self.popup.isVisible():
            self.search()

    def _announce(self, rows: Sequence[Row]) -> None:
        count = sum(1 for row in rows if not row.is_heading)
        event = QAccessibleAnnouncementEvent(self, tr("{n} 条结果", n=count))
        QAccessible.updateAccessibility(event)

    # What is chosen

    def _take(self, item: QListWidgetItem) -> None:
        row: Row = item.data(ROW)
        if row.is_heading or row.is_off:
            return
        self._leave(is_chosen=row.found is not None)
        if row.act is not None:
            row.act()
        elif row.command:
            self._actions.action(row.command).trigger()
        elif row.found is not None:
            self._go(row.found)

    def _go(self, found: Found) -> None:
        bridge = self._context.bridge
        if found.kind in (AREA, RETIRED):
            # What was found may have gone with a change that came meanwhile.
            if bridge.is_open and found.uid in bridge.snapshot.rows("area"):
                self._context.select_and_show(found.uid)
        elif found.place is not None:
            self._context.navigator.show_place(found.place)

    def _leave(self, *, is_chosen: bool = False) -> None:
        """Give the keys back to where one was; to the map, when something on it was chosen."""
        self.clear()
        self.popup.hide()
        if is_chosen:
            self.left_for_map.emit()
        elif self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.clearFocus()

    def event(self, event: QEvent) -> bool:
        """Keep the keys of the list from being shortcuts of the window."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (*_MOVES, Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go through the list, choose, or leave."""
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self._leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._pause.isActive():
                self.search()
            item = self.popup.list.currentItem() if self.popup.isVisible() else None
            if item is not None:
                self._take(item)
        elif key in _MOVES and self.popup.isVisible():
            self.popup.move_by(_MOVES[key])
        elif key == Qt.Key.Key_Down:
            self.search()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Close the list when the user turns to something else."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.popup.hide()

    def changeEvent(self, event: QEvent) -> None:
        """Draw the lens in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.actions():
            self.actions()[0].setIcon(icon("search", "quiet"))


_MOVES: dict[int, int] = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: 6,
    Qt.Key.Key_PageUp: -6,
}


def _made(
    snapshot: Snapshot | None, titles: Sequence[str], progress: Progress
) -> tuple[SearchIndex | None, Phrases]:
    index = None if snapshot is None else SearchIndex.of(snapshot, progress)
    return index, Phrases(titles)


def _building_row(found: Found) -> Row:
    return Row(found.name, " ".join(found.path), "", "pin", found)
