"""The inspector: facts of whatever is selected, and what one can do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from gridadmin.app.object_facts import TABLES, facts_of_object
from ui.actions import Actions
from ui.context import Context
from ui.panels import words
from ui.panels.area_page import AreaPage
from ui.panels.desk import Desk
from ui.panels.face_page import FacePage, GonePage, IssuePage
from ui.panels.fields import Lines
from ui.panels.lineage import RetiredPage
from ui.panels.object_page import ObjectPage
from ui.panels.other_pages import AreasPage, BorderPage
from ui.panels.page import Page
from ui.panels.parts import Panel, Section
from ui.panels.project_index import ProjectIndex
from ui.panels.project_page import NoProjectPage, ProjectPage
from ui.panels.settle import SettleSection
from ui.selection import Selected
from ui.texts import tr
from ui.turns import take_turn

_PAUSE_MS = 60
_BREATH_MS = 20
"""Time for tree and map to show what was selected, before the page is made."""


PageMaker = Callable[[Selected], Page | None]
"""Makes the page of a selection for another kind of work, or has none."""


class Inspector(Panel):
    """A page for the selection that the window shares; the page follows every change."""

    def __init__(
        self, context: Context, actions: Actions | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("所选内容"), parent)
        self._context = context
        self._desk = Desk(context, actions, ProjectIndex.of(context))
        self._shown: Selected | None = None
        self._other: PageMaker | None = None
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setAccessibleName(tr("所选内容"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._scroll)
        # Selection, change and issues often come together: one new page is enough for them.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.refresh)
        bridge, index = context.bridge, self._desk.index
        for signal in (bridge.opened, context.selection.changed):
            signal.connect(self.refresh_soon)
        bridge.changed.connect(self._refresh_later)
        for signal in (bridge.issues_changed, index.counted, index.history_read):
            signal.connect(self._refresh_unless_typing)
        index.areas_indexed.connect(self._refresh_project)
        self.refresh()

    @property
    def page(self) -> Page:
        """The page that is shown."""
        page = self._scroll.widget()
        if not isinstance(page, Page):
            raise TypeError(page)
        return page

    @property
    def desk(self) -> Desk:
        """What the pages share."""
        return self._desk

    def use_pages(self, make: PageMaker | None) -> None:
        """Ask *make* for a page first; where it has none, and without it, show the usual one."""
        if make is not self._other:
            self._other = make
            self.refresh()

    def refresh(self) -> None:
        """Tell what is so now; the place, and what has the keyboard, stay where they can."""
        take_turn()
        self._soon.stop()
        now = self._context.selection.now
        # Another piece of the same issue is no reason to take the keyboard from its button.
        is_same = self._shown is not None and replace(now, piece=None) == replace(
            self._shown, piece=None
        )
        focused = self._focused_name() if is_same else ""
        written = _written_in(self.focusWidget()) if focused else None
        place = self._scroll.verticalScrollBar().value() if is_same else 0
        if not self._renewed(now):
            old = self._scroll.takeWidget()
            self._scroll.setWidget(self._made(now))
            if old is not None:
                if isinstance(old, Page):
                    old.leave()
                old.deleteLater()
        self._scroll.verticalScrollBar().setValue(place)
        self._shown = now
        if focused and focused != self._focused_name():
            _give_focus(self.page, focused, written)

    def _renewed(self, now: Selected) -> bool:
        """Return whether the page that is there tells what is so now of what is selected now."""
        if self._shown is None or self._other is not None:
            return False
        page = self.page
        if now == self._shown:
            return page.renew()
        if not isinstance(page, AreaPage) or len(now.areas) != 1 or now != Selected(now.areas):
            return False
        area = self._desk.snapshot.rows("area").get(now.areas[0])
        return area is not None and page.turn_to(area)

    def focus_settle(self) -> bool:
        """Move the keyboard to the first way to settle what is shown; return whether it went."""
        if self._soon.isActive():
            self.refresh()
        for section in self.page.findChildren(SettleSection):
            button = section.first_button()
            if button is not None:
                button.setFocus(Qt.FocusReason.ShortcutFocusReason)
                self._scroll.ensureWidgetVisible(button)
                return True
        return False

    def refresh_soon(self) -> None:
        """Make the page anew once tree and map have shown what was selected."""
        self._soon.start(_BREATH_MS)

    def _refresh_later(self) -> None:
        """Let the map go first: the figures of a large area take their time."""
        if not self._soon.isActive():
            self._soon.start(_PAUSE_MS)

    def _refresh_unless_typing(self) -> None:
        """Follow what became known, but never take away what somebody is filling in."""
        # Not all widgets: the inner ones of Qt's own would be kept by Python for good.
        lines, sections = self.page.findChildren(QLineEdit), self.page.findChildren(Section)
        is_typing = any(field.isVisible() and field.isModified() for field in lines) or any(
            field.is_modified for field in self.page.findChildren(Lines)
        )
        is_asked = any(one.property("asks") for one in (*lines, *sections))
        if not is_typing and not is_asked:
            self._refresh_later()

    def _refresh_project(self) -> None:
        if self._context.selection.now.is_empty:
            self._refresh_later()

    def _focused_name(self) -> str:
        focused: QWidget | None = self.focusWidget()
        widget: QWidget | None = self._scroll.widget()
        if focused is None or widget is None or not focused.hasFocus():
            return ""
        return focused.objectName() if widget.isAncestorOf(focused) else ""

    def _made(self, now: Selected) -> Page:
        """Return the page of a selection."""
        other = self._other(now) if self._other is not None and self._desk.bridge.is_open else None
        return self._usual(now) if other is None else other

    def _usual(self, now: Selected) -> Page:
        desk = self._desk
        if now.is_empty or not desk.bridge.is_open:
            return ProjectPage(desk) if desk.bridge.is_open else NoProjectPage(desk)
        if now.border is not None:
            return self._border_page(now.border)
        if now.face is not None:
            return FacePage(desk, desk.bridge.to_plane(now.face))
        if now.thing is not None and now.thing[0] in TABLES:
            return self._thing_page(*now.thing)
        if now.issue is not None:
            return self._issue_page(now.issue)
        return self._area_page(now.areas) if now.areas else ProjectPage(desk)

    def _border_page(self, number: int) -> Page:
        partition = self._desk.snapshot.partition
        if partition.has(number):
            return BorderPage(self._desk, partition.border(number))
        return GonePage(self._desk, tr("这条边界已经不存在"))

    def _thing_page(self, table: str, uid: str) -> Page:
        known = facts_of_object(self._desk.snapshot, table, uid)
        if known is None:
            return GonePage(self._desk, tr("这个地物已经不存在"))
        return ObjectPage(self._desk, known)

    def _go_on(self, number: str) -> None:
        """Take up the next issue; the keyboard goes along when it was here."""
        focused: QWidget | None = QApplication.focusWidget()
        had_keys = focused is not None and self._scroll.isAncestorOf(focused)
        issue = self._desk.bridge.issue(number)
        if issue is None:
            return
        self._desk.take_up(issue)
        if had_keys:
            QTimer.singleShot(_BREATH_MS, self.focus_settle)

    def _issue_page(self, number: str) -> Page:
        issue = self._desk.bridge.issue(number)
        if issue is not None:
            page = IssuePage(self._desk, issue)
            page.went_on.connect(self._go_on)
            return page
        if self._desk.bridge.is_checking:
            return GonePage(self._desk, tr("正在检查…"))
        mark = self._desk.snapshot.rows("issue_mark").get(number)
        said = "" if mark is None else words.dotted((words.kind(mark.kind), mark.since or ""))
        return GonePage(self._desk, tr("这个问题已经解决"), said)

    def _area_page(self, uids: tuple[str, ...]) -> Page:
        rows = self._desk.snapshot.rows("area")
        alive = [uid for uid in uids if uid in rows and rows[uid].valid_to is None]
        retired = [rows[uid] for uid in uids if uid in rows and rows[uid].valid_to is not None]
        if not alive and len(retired) == 1:
            return RetiredPage(self._desk, retired[0])
        if not alive:
            return GonePage(self._desk, tr("所选区域已经不存在"))
        if len(alive) == 1:
            return AreaPage(self._desk, rows[alive[0]])
        return AreasPage(self._desk, alive)


def _written_in(field: QWidget) -> tuple[int, int, int] | None:
    """Return where somebody writes in a field: the cursor, and what is chosen from where."""
    if not isinstance(field, QLineEdit):
        return None
    return field.cursorPosition(), field.selectionStart(), len(field.selectedText())


def _give_focus(page: Page, name: str, written: tuple[int, int, int] | None) -> None:
    found = page.findChild(QWidget, name)
    if found is None:
        # The ways to settle something are worked out one by one.
        for section in page.findChildren(SettleSection):
            section.finish()
        found = page.findChild(QWidget, name)
    if found is None:
        return
    found.setFocus(Qt.FocusReason.OtherFocusReason)
    if isinstance(found, QLineEdit) and written is not None:
        cursor, start, count = written
        found.setCursorPosition(cursor)
        if start >= 0:
            found.setSelection(start, count)
