"""One table of everything the user can do: menus, shortcuts, buttons and command search use it.

An action is bound to what it does by the window. When it can't be done now, it is disabled and its
tip says why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QDockWidget, QMenu, QMenuBar, QWidget

from ui.menus.spec import MENUS, MNEMONICS, ActionSpec
from ui.menus.table import TABLE
from ui.texts import tr
from ui.theme import icon
from ui.tips import plain_tip

WhyNot = Callable[[], str]
"""Returns why an action can't be done now, in words; empty when it can."""


def with_mnemonic(words: str, letter: str) -> str:
    """Return *words* with the letter that Alt opens them by, marked as Qt wants it."""
    at = words.upper().find(letter)
    return f"{words}(&{letter})" if at < 0 else f"{words[:at]}&{words[at:]}"


class Actions(QObject):
    """The actions of one window, made from the table."""

    refreshed = Signal()

    def __init__(self, window: QWidget, table: Sequence[ActionSpec] = TABLE) -> None:
        super().__init__(window)
        self._table = table
        self._actions: dict[str, QAction] = {}
        self._why_not: dict[str, WhyNot] = {}
        self._told: dict[str, str] = {}
        """Why each can't be done, as it was told last: most of it stays from edit to edit."""
        self._groups: dict[str, QActionGroup] = {}
        for spec in table:
            self._actions[spec.key] = self._made(spec, window)

    @property
    def table(self) -> Sequence[ActionSpec]:
        """The table."""
        return self._table

    def action(self, key: str) -> QAction:
        """Return the action of a row. Raises: KeyError."""
        return self._actions[key]

    def bind(self, key: str, act: Callable[[], object], why_not: WhyNot | None = None) -> None:
        """Say what an action does, and when it can't be done. Raises: KeyError."""
        self._actions[key].triggered.connect(lambda *_: act())
        if why_not is not None:
            self._why_not[key] = why_not

    def bind_switch(
        self, key: str, switch: Callable[[bool], object], why_not: WhyNot | None = None
    ) -> None:
        """Say what a checkable action does when it is switched, and why not. Raises: KeyError."""
        self._actions[key].triggered.connect(switch)
        if why_not is not None:
            self._why_not[key] = why_not

    def bind_dock(self, key: str, dock: QDockWidget) -> None:
        """Let a checkable action show and hide a dock. Raises: KeyError."""
        action = self._actions[key]
        action.toggled.connect(dock.setVisible)
        dock.visibilityChanged.connect(lambda _: action.setChecked(not dock.isHidden()))
        self._why_not[key] = lambda: (
            "" if dock.toggleViewAction().isEnabled() else tr("没有打开的项目。")
        )

    def refresh(self) -> None:
        """Enable and disable everything by the present state."""
        for spec in self._table:
            action = self._actions[spec.key]
            reason = self._why_not[spec.key]() if spec.key in self._why_not else ""
            if self._told.get(spec.key) == reason:
                continue
            self._told[spec.key] = reason
            action.setEnabled(not reason)
            action.setToolTip(self._tip(spec, reason))
            action.setStatusTip(reason)
        self.refreshed.emit()

    def fill(self, bar: QMenuBar) -> dict[str, QMenu]:
        """Fill a menu bar and return its menus by name (the Chinese of the table)."""
        menus = {}
        for name in MENUS:
            menu = bar.addMenu(with_mnemonic(tr(name), MNEMONICS[name]))
            menu.setToolTipsVisible(True)
            section = 0
            for spec in self._table:
                if spec.menu != name:
                    continue
                if spec.section != section:
                    menu.addSeparator()
                    section = spec.section
                menu.addAction(self._actions[spec.key])
            menus[name] = menu
        return menus

    def renew_icons(self) -> None:
        """Draw all icons anew in the colours of the theme in use."""
        for spec in self._table:
            if spec.icon:
                self._actions[spec.key].setIcon(icon(spec.icon))

    def _made(self, spec: ActionSpec, window: QWidget) -> QAction:
        action = QAction(tr(spec.words), window)
        action.setObjectName(spec.key)
        action.setShortcuts([QKeySequence(keys) for keys in spec.shortcuts])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setCheckable(spec.is_checkable)
        # In a menu the tick is what matters, and an icon would take its place.
        action.setIconVisibleInMenu(not spec.is_checkable)
        action.setToolTip(self._tip(spec, ""))
        if spec.icon:
            action.setIcon(icon(spec.icon))
        if spec.group:
            group = self._groups.get(spec.group)
            if group is None:
                group = self._groups[spec.group] = QActionGroup(window)
            group.addAction(action)
        window.addAction(action)
        return action

    def _tip(self, spec: ActionSpec, reason: str) -> str:
        words = tr(spec.words).rstrip("…")
        if spec.shortcuts:
            keys = QKeySequence(spec.shortcuts[0]).toString(QKeySequence.SequenceFormat.NativeText)
            words = f"{words} ({keys})"
        lines = [words, tr(spec.tip) if spec.tip else "", reason]
        return plain_tip("\n".join(line for line in lines if line))
