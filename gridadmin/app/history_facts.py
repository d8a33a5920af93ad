"""What the change log says: which gestures stand, which areas each touched and where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.domain.change import Change, LogEntry
from gridadmin.partition.border import box_of
from gridadmin.partition.snapshot import Snapshot

Box = tuple[float, float, float, float]

LARGE_KINDS = ("import", "import_frame", "import_exempt", "import_context", "import_buildings")
"""Gestures that touch a whole map: what single areas they touched isn't remembered."""


@dataclass(frozen=True)
class Standing:
    """How gestures stand: ``undone`` by the revision that made them.

    ``gesture_of`` is, for every undo and redo, the revision whose gesture it took back or repeated.
    """

    undone: frozenset[int]
    gesture_of: Mapping[int, int]


def standing_of(entries: Sequence[LogEntry]) -> Standing:
    """Return how the gestures of *entries* stand, which are the newest of a log, newest first."""
    undone: set[int] = set()
    gesture_of: dict[int, int] = {}
    for entry in reversed(entries):
        named = entry.redid if entry.undid is None else entry.undid
        if named is None:
            continue
        gesture = gesture_of.get(named, named)
        gesture_of[entry.revision] = gesture
        if entry.undid is not None:
            undone.add(gesture)
        else:
            undone.discard(gesture)
    return Standing(frozenset(undone), gesture_of)


def touched_areas(snapshot: Snapshot, change: Change) -> frozenset[str]:
    """Return the uids of the areas that a change touches: their rows, or borders beside them."""
    found = {str(row.key) for row in change.of("area")}
    oids = {
        oid
        for row in change.of("border")
        for border in (row.before, row.after)
        if border is not None
        for oid in (border.left, border.right)
    }
    for oid in oids:
        area = snapshot.owning_area(oid)
        if area is not None:
            found.add(area.uid)
    return frozenset(found)


def box_of_change(change: Change) -> Box | None:
    """Return where a change moved borders, in local metres; None when it moved none."""
    boxes = [
        box_of(border)
        for row in change.of("border")
        for border in (row.before, row.after)
        if border is not None
    ]
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west) / 1000, min(south) / 1000, max(east) / 1000, max(north) / 1000


class TouchLog:
    """The last gestures with the areas that each touched, newest first."""

    def __init__(self, limit: int = 200) -> None:
        self._limit = limit
        self._entries: list[tuple[LogEntry, frozenset[str]]] = []

    @classmethod
    def read(
        cls,
        entries: Iterable[LogEntry],
        change_at: Callable[[int], Change],
        snapshot: Snapshot,
        progress: Progress = SILENT,
    ) -> TouchLog:
        """Return the log of *entries*, newest first. Raises: StoreError, Cancelled."""
        found = cls()
        listed = list(entries)
        for number, entry in enumerate(listed):
            checkpoint(progress, "progress.reading", number, len(listed))
            if entry.kind not in LARGE_KINDS:
                areas = touched_areas(snapshot, change_at(entry.revision))
                found._entries.append((entry, areas))
        return found

    def add(self, entry: LogEntry, areas: Iterable[str]) -> None:
        """Take in a new gesture; what is in already stays as it is."""
        if not self._entries or self._entries[0][0].revision < entry.revision:
            self._entries.insert(0, (entry, frozenset(areas)))
            del self._entries[self._limit :]

    def of_area(self, uid: str, limit: int = 5) -> list[LogEntry]:
        """Return the last entries that touched an area, newest first."""
        return [entry for entry, areas in self._entries if uid in areas][:limit]
