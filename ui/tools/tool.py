"""What every tool is: a small state machine that the map hands its events to."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from gridadmin.edit.document import Done
from gridadmin.partition.ground import Ground, is_kept
from gridadmin.partition.snapshot import Snapshot
from ui.canvas.overlay import SnapSign
from ui.canvas.snapping import Snap, Surroundings, snap
from ui.canvas.view import MapEvent, MapView
from ui.canvas.viewport import Place
from ui.context import Context
from ui.tools.snap_words import snap_words
from ui.tools.strip import ToolStrip

_SNAP_SET = "zy snap"


@dataclass(frozen=True)
class Hint:
    """What the next click does, and which keys help: ``(key, what it does)``."""

    text: str
    keys: Sequence[tuple[str, str]] = ()
    is_refusal: bool = False


class Tool(QObject):
    """A tool at rest: it takes no drag and uses no key. Others add what they do."""

    hinted = Signal(object)
    """Another :class:`Hint` holds."""
    snapped = Signal(str)
    """What the pointer was snapped to, in words; empty for nothing."""

    key_name = ""
    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, context: Context, map_view: MapView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.map = map_view

    # What the map and the window call

    def enter(self) -> None:
        """Begin: the tool has been chosen."""
        self.map.viewport().setCursor(self.cursor)
        self.hinted.emit(self.hint())

    def leave(self) -> None:
        """End: another tool has been chosen; nothing half done stays."""
        self.cancel()
        self.map.overlay.put(self.key_name, [])
        self.map.viewport().unsetCursor()
        self.show_snap(None)

    def cancel(self) -> bool:
        """Give up what is half done; return whether there was anything."""
        return False

    def hint(self) -> Hint:
        """Return what to say while nothing is begun."""
        return Hint("")

    def press(self, event: MapEvent) -> bool:
        """Return whether a drag that begins here is the tool's."""
        return False

    def drag(self, event: MapEvent) -> None:
        """Go on with a drag."""

    def release(self, event: MapEvent) -> None:
        """End a drag."""

    def click(self, event: MapEvent) -> None:
        """Take a click."""

    def double_click(self, event: MapEvent) -> None:
        """Take a double click."""

    def hover(self, event: MapEvent | None) -> None:
        """Take note of where the pointer is."""

    def key(self, event: QKeyEvent, pointer: MapEvent | None) -> bool:
        """Return whether the key was used."""
        return event.key() == Qt.Key.Key_Escape and self.cancel()

    def key_up(self, event: QKeyEvent) -> None:
        """Take note of a key that went up."""

    def keys_lost(self) -> None:
        """Take note that the keyboard went elsewhere."""

    def wants(self, event: QKeyEvent) -> bool:
        """Return whether a key that is a shortcut of the window is the tool's over the map."""
        return False

    def menu_keys(self, event: MapEvent) -> Sequence[str]:
        """Return the actions that a menu called up here offers first."""
        return ()

    def follow(self, done: Done) -> None:
        """The project changed: what was shown may be another thing now."""

    def selection_changed(self) -> None:
        """Something else is selected."""

    def strip(self) -> ToolStrip | None:
        """Return the box of choices to be shown while the tool is in hand."""
        return None

    # What tools need

    @property
    def snapshot(self) -> Snapshot:
        """The present state."""
        return self.context.bridge.snapshot

    @property
    def is_usable(self) -> bool:
        """Whether a project is open."""
        return self.context.bridge.is_open

    def snap_at(
        self,
        event: MapEvent,
        drawn: Sequence[Place] = (),
        way: Place | None = None,
        spared: Container[int] = (),
    ) -> Snap | None:
        """Return what the pointer snaps to, nothing while Alt is held; see :func:`snap`."""
        if event.is_alt or not self.is_usable:
            return None
        return snap(self.surroundings(spared), event.place, self.reach_m(), drawn, way)

    def surroundings(self, spared: Container[int] = ()) -> Surroundings:
        """Return what there is to snap to; the borders *spared* don't count."""
        snapshot = self.snapshot
        # Its first index takes a while, and is not made while the pointer waits.
        ground = Ground.of(snapshot) if is_kept(snapshot) else None
        return Surroundings(snapshot, ground, self.map.shown_borders, spared)

    def show_snap(self, snapped: Snap | None) -> None:
        """Show and say what was snapped to."""
        signs = [] if snapped is None else [SnapSign(snapped.place, snapped.kind)]
        self.map.overlay.put(_SNAP_SET, signs)
        self.snapped.emit(snap_words(snapped))

    def reach_m(self, factor: float = 1.0) -> float:
        """Return how near the pointer has to come to something, in metres on the ground."""
        snap_px: int = self.context.settings.value("snap_px")
        return snap_px * factor * self.map.view.metres_per_px
