"""The releases and deliveries of the open project, as the pages show them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from gridadmin.domain.delivery import Delivery
from gridadmin.domain.release import Release
from gridadmin.edit.document import Done
from gridadmin.publish.releasing import releases_of
from ui.context import Context
from ui.texts import tr


class Records(QObject):
    """Releases, deliveries, and which release is chosen. Deliveries are read beside the window."""

    changed = Signal()
    """Releases or deliveries are others now."""
    chosen_changed = Signal()
    """Another release is chosen, or none."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._releases: list[Release] = []
        self._deliveries: list[Delivery] = []
        self._chosen: int | None = None
        self._is_reading = False
        context.bridge.opened.connect(self._opened)
        context.bridge.changed.connect(self._follow)

    @property
    def releases(self) -> list[Release]:
        """All releases, the newest first."""
        return self._releases

    @property
    def deliveries(self) -> list[Delivery]:
        """All deliveries, the newest first, as last read."""
        return self._deliveries

    @property
    def chosen(self) -> Release | None:
        """The release that is chosen."""
        return next((one for one in self._releases if one.number == self._chosen), None)

    def choose(self, number: int | None) -> None:
        """Choose a release by its number."""
        if number != self._chosen:
            self._chosen = number
            self.chosen_changed.emit()

    def read(self) -> None:
        """Read the deliveries anew, beside the window."""
        bridge = self._context.bridge
        if not bridge.is_open or self._is_reading:
            return
        session = bridge.session
        store = session.store

        def take(found: list[Delivery]) -> None:
            self._is_reading = False
            if bridge.is_open and bridge.session is session:
                self._deliveries = found
                self.changed.emit()

        def end(_: object = None) -> None:
            self._is_reading = False

        self._is_reading = True
        self._context.jobs.start(
            tr("读取发送记录"),
            lambda _: store.deliveries(),
            on_done=take,
            on_failed=end,
            on_cancelled=end,
            is_quiet=True,
        )

    def _opened(self) -> None:
        bridge = self._context.bridge
        self._deliveries = []
        self._releases = releases_of(bridge.snapshot) if bridge.is_open else []
        self._chosen = self._releases[0].number if self._releases else None
        self.changed.emit()
        self.chosen_changed.emit()
        self.read()

    def _follow(self, done: Done) -> None:
        if not done.change.of("release"):
            return
        self._releases = releases_of(done.after)
        self.changed.emit()
        self.choose(self._releases[0].number if self._releases else None)
