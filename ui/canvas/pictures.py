"""Pictures of the map, painted by a worker while the window goes on.

The newest wish wins: a picture that nobody waits for any more is given up between two strokes.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from gridadmin.base.errors import Cancelled
from gridadmin.base.giving_way import give_way_by
from gridadmin.edit.document import Done
from gridadmin.partition.snapshot import Snapshot
from ui.canvas.compared import ComparedMap
from ui.canvas.picture import paint_picture
from ui.canvas.scene import MapScene
from ui.canvas.style import MapStyle
from ui.canvas.viewport import Viewport
from ui.memory import give_back
from ui.turns import stand_back

_log = logging.getLogger("gridadmin.canvas")

MANY_ROWS = 2000
"""A change of more rows than this is a new map: an import, not an edit."""


@dataclass(frozen=True)
class Picture:
    """A picture with what it shows: which part of the plane, of which revision."""

    image: QImage
    viewport: Viewport
    revision: int


@dataclass(frozen=True)
class _Wish:
    number: int
    scene: MapScene
    viewport: Viewport
    style: MapStyle
    tiles: Any
    compared: ComparedMap | None
    revision: int


@dataclass(frozen=True)
class _Build:
    number: int
    snapshot: Snapshot
    like: MapScene | None
    """The scene before, whose colours are kept."""


class _Worker(QObject):
    """The thread that paints; a thread of Python's, see :mod:`ui.jobs`."""

    made = Signal(object)
    built = Signal(int, object)
    failed = Signal(object)

    def __init__(self, newest: Callable[[], tuple[int, int]]) -> None:
        super().__init__()
        self._newest = newest
        self._handed: SimpleQueue[_Wish | _Build | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="gridadmin pictures", daemon=True)
        self._thread.start()

    def hand(self, task: _Wish | _Build) -> None:
        """Let the thread do a task, after those that wait."""
        self._handed.put(task)

    def close(self) -> None:
        """Let the thread end and wait for it."""
        self._handed.put(None)
        self._thread.join()

    def _run(self) -> None:
        give_way_by(stand_back)
        task = self._handed.get()
        while task is not None:
            try:
                if isinstance(task, _Build):
                    self._build(task)
                else:
                    self._paint(task)
            except Cancelled:
                pass
            except Exception as fault:  # noqa: BLE001 - told on the GUI thread; the old picture stays
                self.failed.emit(fault)
            task = self._handed.get()

    def _paint(self, wish: _Wish) -> None:
        """Paint the picture of a wish unless a newer one is there."""

        def is_stale() -> bool:
            stand_back()
            return self._newest()[0] != wish.number

        if is_stale():
            return
        image = paint_picture(
            wish.scene,
            wish.viewport,
            wish.style,
            tiles=wish.tiles,
            compared=wish.compared,
            should_stop=is_stale,
        )
        if image is not None:
            self.made.emit(Picture(image, wish.viewport, wish.revision))
            # Nobody waits now: make ready what a closer view will need.
            wish.scene.prepare_all(is_stale)
            give_back()

    def _build(self, task: _Build) -> None:
        """Make the scene of a snapshot unless another project is wanted by now."""
        progress = _Until(lambda: self._newest()[1] != task.number)
        self.built.emit(task.number, MapScene.of(task.snapshot, progress, like=task.like))


class _Until:
    """Progress that nobody watches and that is cancelled once *is_over*."""

    def __init__(self, is_over: Callable[[], bool]) -> None:
        self._is_over = is_over

    def step(self, what: str, done: int, total: int) -> None:
        """Ignore the report."""

    def is_cancelled(self) -> bool:
        """Return whether nobody waits for the work any more."""
        stand_back()
        return self._is_over()


class Pictures(QObject):
    """Makes pictures of one project: give it a snapshot, then changes, then ask for views."""

    made = Signal(object)
    """A :class:`Picture`."""
    ready = Signal()
    """The scene is made: pictures can be asked for."""
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._numbers = (0, 0)
        self._scene: MapScene | None = None
        self._is_building = False
        self._dones: list[Done] = []
        """What came since the scene that is being made was asked for."""
        self._revision = 0
        self._worker = _Worker(self._newest)
        self._worker.made.connect(self.made)
        self._worker.built.connect(self._take)
        self._worker.failed.connect(self.failed)

    @property
    def scene(self) -> MapScene | None:
        """What is painted, None until it is made."""
        return self._scene

    def show_project(self, snapshot: Snapshot | None, like: MapScene | None = None) -> None:
        """Show another project from now on, or none; areas keep the colours they have in *like*."""
        self._scene, self._dones = None, []
        number = self._count(project=True)
        self._is_building = snapshot is not None
        if snapshot is not None:
            self._revision = snapshot.revision
            self._worker.hand(_Build(number, snapshot, like))

    def share(self, scene: MapScene) -> None:
        """Show what another one has prepared; the two paint it in turn."""
        self._count(project=True)
        self._dones, self._is_building = [], False
        self._scene, self._revision = scene, scene.snapshot.revision

    def follow(self, done: Done) -> None:
        """Take a change in."""
        self._revision = done.after.revision
        if len(done.change.rows) > MANY_ROWS:
            # The old picture stays until the new one is there.
            self._dones, self._is_building = [], True
            self._worker.hand(_Build(self._count(project=True), done.after, self._scene))
            return
        if self._is_building:
            self._dones.append(done)
        if self._scene is not None:
            self._scene = self._scene.after(done)

    def ask(
        self,
        viewport: Viewport,
        style: MapStyle,
        tiles: Any,
        compared: ComparedMap | None = None,
    ) -> bool:
        """Ask for a picture; False while there is nothing to paint."""
        if self._scene is None:
            return False
        number = self._count(project=False)
        wish = _Wish(number, self._scene, viewport, style, tiles, compared, self._revision)
        self._worker.hand(wish)
        return True

    def close(self) -> None:
        """Give everything up and wait for the worker."""
        self._count(project=True)
        self._worker.close()
        self._scene = None

    def _newest(self) -> tuple[int, int]:
        with self._lock:
            return self._numbers

    def _count(self, *, project: bool) -> int:
        with self._lock:
            wish, built = self._numbers
            self._numbers = (wish + 1, built + 1 if project else built)
            return self._numbers[1 if project else 0]

    @Slot(int, object)
    def _take(self, number: int, scene: MapScene) -> None:
        if number != self._newest()[1]:
            return
        for done in self._dones:
            scene = scene.after(done)
        self._dones, self._is_building = [], False
        self._scene = scene
        self.ready.emit()
