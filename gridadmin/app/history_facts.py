"""What the change log says: which gestures stand, which areas each touched and where."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from gridadmin.base.ids import oid_of
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.domain.change import Change, LogEntry, RowChange
from gridadmin.domain.model import Area, BorderLock, BorderRow
from gridadmin.exchange.reference_kinds import LEVELS as REFERENCE_LEVELS
from gridadmin.partition.border import box_of, points_of
from gridadmin.partition.grid import Ints
from gridadmin.partition.snapshot import Snapshot

Box = tuple[float, float, float, float]

LARGE_KINDS = (
    *("import", "import_frame", "import_exempt", "import_context"),
    *(f"import_{level}" for level in REFERENCE_LEVELS),
)
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
    standing: list[int] = []
    gesture_of: dict[int, int] = {}
    for entry in reversed(entries):
        named = entry.redid if entry.undid is None else entry.undid
        if named is None:
            standing.append(entry.revision)
            continue
        gesture = gesture_of.get(named, named)
        gesture_of[entry.revision] = gesture
        if entry.undid is not None:
            # With it goes what lay on it; gestures stand in the order in which they were made.
            at = bisect_left(standing, gesture)
            undone.update((gesture, *standing[at:]))
            del standing[at:]
        else:
            undone.discard(gesture)
            insort(standing, gesture)
    return Standing(frozenset(undone), gesture_of)


def touched_areas(snapshot: Snapshot, change: Change) -> frozenset[str]:
    """Return the uids of the areas that a change touches: their rows, or borders beside them.

    Who takes over from another, and who loses or gets an area below, is touched too.
    """
    found = {str(row.key) for row in change.of("area")}
    for row in change.of("area"):
        parents = {area.parent for area in (row.before, row.after) if area is not None}
        if row.before is not None and len(parents) == 2:
            found |= {uid for uid in parents if uid is not None}
    for line in (one for row in change.of("lineage") for one in (row.before, row.after)):
        if line is not None:
            found |= {line.predecessor, line.successor}
    oids = {
        oid
        for row in change.of("border")
        for border in (row.before, row.after)
        if border is not None
        for oid in (border.left, border.right)
    }
    for lock in (lock for row in change.of("border_lock") for lock in (row.before, row.after)):
        if lock is not None:
            oids |= _sides_of_lock(snapshot, lock)
    for oid in oids:
        area = snapshot.owning_area(oid)
        if area is not None:
            found.add(area.uid)
    return frozenset(found)


def _sides_of_lock(snapshot: Snapshot, lock: BorderLock) -> set[int]:
    """Return whose border a lock is on, as far as that border is still there."""
    if lock.scope == "area":
        return {oid_of(lock.target)}
    number, partition = int(lock.target), snapshot.partition
    return _sides(partition.border(number)) if partition.has(number) else set()


@dataclass(frozen=True)
class Gist:
    """What a gesture changed, in short.

    ``before`` and ``after`` are the row of the one area whose facts changed; ``names`` are of the
    areas whose borders or rows it touched, ``receiver`` is who got land.
    """

    before: Area | None = None
    after: Area | None = None
    names: tuple[str, ...] = ()
    receiver: str = ""


def gist_of(snapshot: Snapshot, change: Change) -> Gist:
    """Return what a change comes to; names are those that areas bear in *snapshot*."""
    rows = [row for row in change.of("area") if _is_told(row.before, row.after)]
    borders = change.of("border")
    if not borders and len(rows) == 1:
        return Gist(before=rows[0].before, after=rows[0].after)
    if rows:
        found = sorted((row.after or row.before for row in rows), key=lambda a: (a.name, a.uid))
        return Gist(names=tuple(area.name for area in found))
    oids = {oid for row in borders for oid in _sides(row.before) | _sides(row.after)}
    areas = [area for area in map(snapshot.owning_area, sorted(oids)) if area is not None]
    return Gist(
        names=tuple(area.name for area in sorted(areas, key=lambda a: (a.code or "", a.name))),
        receiver=_receiver(snapshot, borders),
    )


def _is_told(before: Area | None, after: Area | None) -> bool:
    """Return whether something changed that somebody set, not what follows from moved borders."""
    if before is None or after is None:
        return True
    followed = replace(
        before,
        revision=0,
        is_stale=after.is_stale,
        is_bounds_stale=after.is_bounds_stale,
        land=after.land,
    )
    is_confirmed = before.is_stale and not after.is_stale
    has_bounds_confirmed = before.is_bounds_stale and not after.is_bounds_stale
    return followed != replace(after, revision=0) or is_confirmed or has_bounds_confirmed


def _sides(border: BorderRow | None) -> set[int]:
    return set() if border is None else {border.left, border.right}


def _receiver(snapshot: Snapshot, borders: Sequence[RowChange]) -> str:
    """Return the name of the one area that got land; empty for none or several."""
    signed = [(row.before, -1) for row in borders] + [(row.after, 1) for row in borders]
    moved = [(border, sign) for border, sign in signed if border is not None]
    gained: Counter[int] = Counter()
    for border, sign in moved:
        # Counted from a place near by, the numbers stay small.
        swept = sign * _swept(points_of(border) - points_of(moved[0][0])[0])
        gained[border.left] += swept
        gained[border.right] -= swept
    got = [snapshot.owning_area(oid) for oid, twice in gained.items() if twice > 0]
    return got[0].name if len(got) == 1 and got[0] is not None else ""


def _swept(xy: Ints) -> int:
    """Return twice the land between a line and the origin; that of closed lines is their land."""
    return int((xy[:-1, 0] * xy[1:, 1] - xy[1:, 0] * xy[:-1, 1]).sum())


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
