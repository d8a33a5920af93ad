"""Normal times and emergency in the window: the switch, and a banner while the emergency lasts."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QBoxLayout, QDialog, QFrame, QHBoxLayout, QPushButton

from gridadmin.staffing.book import mode_on
from gridadmin.staffing.modes import last_switch, usual_mode
from ui.panels.parts import ElidedLabel
from ui.panels.words import dotted
from ui.people import words
from ui.people.desk import PeopleDesk
from ui.people.staff import today
from ui.texts import tr


class ModeBanner(QFrame):
    """Says over the map that a project isn't in normal times; hidden when it is."""

    def __init__(self, desk: PeopleDesk) -> None:
        super().__init__()
        self.setObjectName("mode_banner")
        self.setProperty("role", "notice")
        self._desk = desk
        self.said = ElidedLabel("", "strong")
        self.button = QPushButton(tr("切换回来…"))
        self.button.setObjectName("mode_back")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.addWidget(self.said, 1)
        row.addWidget(self.button)
        self.button.clicked.connect(desk.actions.action("people.mode").trigger)
        desk.bridge.opened.connect(self.refresh)
        desk.bridge.changed.connect(lambda _: self.refresh())
        self.hide()

    def refresh(self) -> None:
        """Follow the mode of today."""
        bridge = self._desk.bridge
        snapshot = bridge.snapshot if bridge.is_open else None
        usual = None if snapshot is None else usual_mode(snapshot)
        key = None if snapshot is None else mode_on(snapshot, today())
        if snapshot is None or usual is None or key in (None, usual.key):
            self.hide()
            return
        name = next((words.term(m) for m in snapshot.scheme.modes if m.key == key), str(key))
        switch = last_switch(snapshot, today())
        parts = [tr("现在是{mode}模式", mode=name)]
        if switch is not None:
            parts += [tr("{since} 起", since=switch.since), switch.note or ""]
        self.said.setText(dotted(parts))
        self.button.setEnabled(not bridge.why_not_change())
        self.button.setToolTip(bridge.why_not_change())
        self.show()


class ModeWork(QObject):
    """Binds the switch of the mode."""

    def __init__(self, desk: PeopleDesk, above: QBoxLayout) -> None:
        super().__init__(desk.bridge)
        self._desk = desk
        desk.actions.bind("people.mode", self.switch, self._why_not)
        self.banner = ModeBanner(desk)
        above.insertWidget(1, self.banner)

    def _why_not(self) -> str:
        why = self._desk.bridge.why_not_change()
        if why:
            return why
        modes = self._desk.bridge.snapshot.scheme.modes
        return "" if len(modes) > 1 else tr("方案没有别的模式。")

    def switch(self) -> QDialog:
        """Ask which mode, from which day, and why."""
        from ui.people.mode_form import ModeForm

        dialog = ModeForm(self._desk, self.banner.window())
        dialog.open()
        return dialog
