"""What takes long to work out from the open project: done in jobs, then kept up edit by edit.

Households by land, areas by name, the areas that the last gestures touched. All panels of one
window share one index.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal

from gridadmin.app.area_facts import lands_m2
from gridadmin.app.area_search import AreaIndex
from gridadmin.app.history_facts import LARGE_KINDS, Gist, TouchLog, gist_of, touched_areas
from gridadmin.base.errors import GridAdminError
from gridadmin.base.ids import oid_of
from gridadmin.domain.change import LogEntry
from gridadmin.domain.issue import Issue
from gridadmin.domain.model import Area
from gridadmin.edit.document import Done
from ui.context import Context
from ui.jobs import JobProgress
from ui.texts import tr

_RECENT = 200


class ProjectIndex(QObject):
    """The shared index of one window. Ask :meth:`of` for it."""

    counted = Signal()
    """Households and buildings are known now."""
    areas_indexed = Signal()
    """Areas can be found by name now, or how many there are of a level changed."""
    history_read = Signal()
    """What the last gestures touched is known now."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.bridge)
        self._context = context
        self._bridge = context.bridge
        self._areas: AreaIndex | None = None
        self._touches: TouchLog | None = None
        self._reads_history = False
        self._is_counting = False
        self._generation = 0
        self._meanwhile: list[Done] = []
        self._lands: dict[str, tuple[object, float | None]] = {}
        self._gists: dict[int, Gist] = {}
        self._bridge.opened.connect(self._begin)
        self._bridge.changed.connect(self._follow)
        self._begin()

    @classmethod
    def of(cls, context: Context) -> ProjectIndex:
        """Return the index that the panels of a window share."""
        for child in context.bridge.children():
            if isinstance(child, cls):
                return child
        return cls(context)

    # Households

    @property
    def is_counted(self) -> bool:
        """Whether households and buildings can be asked for without waiting."""
        return self._bridge.is_open and self._bridge.snapshot.knows_counts

    def _count(self) -> None:
        if self._is_counting or self.is_counted or not self._bridge.is_open:
            return
        self._is_counting = True
        snapshot = self._bridge.snapshot
        self._start(tr("统计户数"), lambda _: snapshot.counts, lambda _: self._take_counts())

    def _take_counts(self) -> None:
        self._is_counting = False
        if self.is_counted:
            self.counted.emit()
        else:
            # The project went on meanwhile.
            self._count()

    # Land

    def land_m2(self, area: Area) -> float | None:
        """Return the land of an area on the ellipsoid; worked out anew when it changed."""
        snapshot = self._bridge.snapshot
        state = (
            snapshot.partition.land_twice_area(oid_of(area.uid)),
            snapshot.rows("setting").get("plane"),
        )
        known = self._lands.get(area.uid)
        if known is None or known[0] != state:
            known = self._lands[area.uid] = state, lands_m2(snapshot, [area]).get(area.uid)
        return known[1]

    def land_of_issue(self, issue: Issue) -> float | None:
        """Return how large an issue is; where it is about an area's land as a whole, that land."""
        area = self._bridge.snapshot.rows("area").get(issue.areas[0]) if issue.areas else None
        if issue.kind != "undivided" or area is None:
            return issue.area_m2
        return self.land_m2(area) or issue.area_m2

    # Areas by name

    @property
    def areas(self) -> AreaIndex | None:
        """The areas by what one types for them, None while that is being worked out."""
        return self._areas

    @property
    def level_counts(self) -> Mapping[str, int]:
        """How many areas there are of each level; empty while that is being worked out."""
        return {} if self._areas is None else self._areas.counts

    def _index_areas(self) -> None:
        snapshot = self._bridge.snapshot
        self._meanwhile = []
        self._start(
            tr("整理区域名称"), lambda progress: AreaIndex.of(snapshot, progress), self._take_areas
        )

    def _take_areas(self, index: AreaIndex) -> None:
        for done in self._meanwhile:
            index.follow(done.change.of("area"))
        self._meanwhile = []
        self._areas = index
        self.areas_indexed.emit()

    # History

    def history_of(self, uid: str) -> list[LogEntry] | None:
        """Return the last gestures that touched an area, newest first; None while not known.

        The first question starts reading the log; ``history_read`` tells when it is done.
        """
        if self._touches is None:
            self._read_history()
            return None
        return self._touches.of_area(uid)

    def gist_of(self, entry: LogEntry) -> Gist | None:
        """Return what a gesture changed; None where that isn't told, or the store is at work."""
        if entry.kind in LARGE_KINDS or entry.undid is not None or entry.redid is not None:
            return None
        known = self._gists.get(entry.revision)
        if known is None and self._bridge.is_open and not self._bridge.document.is_busy:
            try:
                change = self._bridge.session.store.change_at(entry.revision)
            except GridAdminError:
                return None
            known = self._gists[entry.revision] = gist_of(self._bridge.snapshot, change)
        return known

    def _read_history(self) -> None:
        if self._reads_history or not self._bridge.is_open:
            return
        self._reads_history = True
        store, snapshot = self._bridge.session.store, self._bridge.snapshot

        def read(progress: JobProgress) -> TouchLog:
            return TouchLog.read(store.log(_RECENT), store.change_at, snapshot, progress)

        self._start(tr("读取变更记录"), read, self._take_history)

    def _take_history(self, touches: TouchLog) -> None:
        self._reads_history = False
        self._touches = touches
        self.history_read.emit()

    # Keeping up

    def _begin(self) -> None:
        self._generation += 1
        self._areas = self._touches = None
        self._reads_history = self._is_counting = False
        self._meanwhile = []
        self._lands = {}
        self._gists = {}
        if self._bridge.is_open:
            self._count()
            self._index_areas()

    def _follow(self, done: Done) -> None:
        rows = done.change.of("area")
        if done.change.kind not in LARGE_KINDS:
            self._gists[done.revision] = gist_of(done.after, done.change)
        if self._areas is None:
            self._meanwhile.append(done)
        elif rows:
            self._areas.follow(rows)
            self.areas_indexed.emit()
        if self._touches is not None:
            self._take_touches(self._touches, done)
        self._count()

    def _take_touches(self, touches: TouchLog, done: Done) -> None:
        newest = self._bridge.newest_entry()
        if newest is not None:
            areas = touched_areas(done.before, done.change) | touched_areas(done.after, done.change)
            touches.add(newest, areas)

    def _start(
        self,
        title: str,
        work: Callable[[JobProgress], object],
        take: Callable[..., None],
    ) -> None:
        """Start quiet work on the project that is open now; what comes too late is dropped."""
        generation = self._generation

        def take_in_time(result: object) -> None:
            if generation == self._generation:
                take(result)

        def fail_in_time(error: BaseException) -> None:
            if generation == self._generation:
                self._fail(error)

        self._context.jobs.start(
            title, work, on_done=take_in_time, on_failed=fail_in_time, is_quiet=True
        )

    def _fail(self, error: BaseException) -> None:
        """Do without what couldn't be worked out: the next change tries again."""
        self._reads_history = self._is_counting = False
        if not isinstance(error, GridAdminError):
            raise error
