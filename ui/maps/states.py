"""Which states of the project a map can show: the present, and earlier ones worth comparing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from gridadmin.edit.document import Done
from gridadmin.edit.plan_commands import base_revision_of
from gridadmin.publish.releasing import releases_of
from ui.context import Context
from ui.plans.watch import PlanWatch
from ui.texts import tr

NOW, BASE, OPENED = "now", "base", "opened"
RELEASE = "release:"
"""Before the number of a release."""
_MOST_RELEASES = 30


@dataclass(frozen=True)
class MapState:
    """A state by its key, in words; ``revision`` None = the present one, followed by edits."""

    key: str
    words: str
    revision: int | None = None


class MapStates(QObject):
    """The states that can be chosen, kept up with the project."""

    changed = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = context.bridge
        self._watch = PlanWatch.of(context)
        self._opened_at = 0
        self._bridge.opened.connect(self._begin)
        self._bridge.changed.connect(self._follow)
        self._watch.changed.connect(self.changed)
        self._begin()

    def choices(self) -> list[MapState]:
        """Return the states of the open project, the present one first."""
        found = [MapState(NOW, tr("现在"))]
        if not self._bridge.is_open:
            return found
        plan = self._watch.plan
        if plan is not None:
            revision = min(base_revision_of(plan), self._bridge.snapshot.revision)
            found.append(MapState(BASE, tr("“{name}”之前", name=plan.name), revision))
        found += self._releases()
        found.append(MapState(OPENED, tr("本次打开项目时"), self._opened_at))
        return found

    def state(self, key: str) -> MapState:
        """Return the state of a key, the present one where there is none."""
        known = self.choices()
        return next((state for state in known if state.key == key), known[0])

    def _releases(self) -> Iterator[MapState]:
        """Yield the releases of the project, the newest first."""
        for one in releases_of(self._bridge.snapshot)[:_MOST_RELEASES]:
            words = tr("第 {n} 号发布版本（{date}）", n=one.number, date=one.date)
            yield MapState(f"{RELEASE}{one.number}", words, one.at_revision)

    def _follow(self, done: Done) -> None:
        if done.change.of("release"):
            self.changed.emit()

    def _begin(self) -> None:
        self._opened_at = self._bridge.snapshot.revision if self._bridge.is_open else 0
        self.changed.emit()
