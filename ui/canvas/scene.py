"""What the map picture is painted from: a snapshot, cut up for painting and kept up with edits.

A :class:`MapScene` is made for each state of the project and is cheap to make from the one before.
All scenes of a project share one store of prepared land, which only the painter touches: under a
lock, in its own thread, when it paints. Knows no Qt.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from gridadmin.base.ids import oid_of
from gridadmin.base.progress import SILENT, Progress
from gridadmin.domain.model import CELL_LEVEL, Area, BorderRow
from gridadmin.domain.scheme import LEVELS
from gridadmin.edit.document import Done
from gridadmin.partition.level_ground import LevelGround, rank_of, region_at
from gridadmin.partition.snapshot import Snapshot
from ui.canvas.level_map import LevelMap
from ui.canvas.special import SpecialMap
from ui.canvas.style import FRAME, PLAIN, MapStyle
from ui.canvas.viewport import Box, Viewport

FILL_PX = 90.0
"""Areas are filled and named at the deepest level where they are about so wide or wider."""
LEAST_FILL_PX = 24.0
"""The level below the root is filled as soon as its areas are so wide."""
DRAWN_PX = 8.0
"""Borders of levels whose areas are narrower aren't drawn."""

_MANY_BORDERS = 2000
"""From so many changed borders on it is quicker to prepare everything anew."""
_FEW_EDITS = 64
"""After so many edits, and more on a large map, everything is prepared anew."""
_FEW_BUILDINGS = 1000
"""So many buildings are counted by the painter itself when nobody counted them yet."""

_MOST_POINTS = 1_000_000
"""Drawings of so many points are kept, with what was made of them about 200 MB."""
_AFTER_TIDYING = 0.8

BANDS = "bands"
"""What painters keep under a key that begins with this depends on households."""


class Prepared:
    """Land cut up for painting, of one state of the project; see :meth:`MapScene.prepared`."""

    def __init__(self, snapshot: Snapshot, like: Mapping[int, Mapping[int, int]]) -> None:
        self.snapshot = snapshot
        self._like = like
        self._ground: LevelGround | None = None
        self._maps: dict[int, LevelMap] = {}
        self._special: SpecialMap | None = None
        self._trail: list[Done] = []

    def ground(self, progress: Progress = SILENT) -> LevelGround:
        """Return the ground of the state from which the trail of edits begins."""
        if self._ground is None:
            self._ground = LevelGround.of(self.snapshot, progress)
        return self._ground

    @property
    def known_ground(self) -> LevelGround | None:
        """The ground, if it is at hand."""
        return self._ground

    def level_map(self, rank: int) -> LevelMap:
        """Return the map of one level."""
        known = self._maps.get(rank)
        if known is None:
            known = LevelMap(self.ground(), rank, self._like.get(rank))
            dirty = {region for done in self._trail for region in _dirty(done, rank)}
            if dirty:
                known.renew(self.snapshot, dirty)
            self._maps[rank] = known
        return known

    def special(self) -> SpecialMap:
        """Return the special land."""
        if self._special is None:
            self._special = SpecialMap(self.snapshot, self.ground())
            owners = {owner for done in self._trail for owner in _owners(done)}
            if owners:
                self._special.renew(self.snapshot, owners)
        return self._special

    def households_known(self) -> bool:
        """Return whether figures of households are at hand or quickly made."""
        snapshot = self.snapshot
        return snapshot.knows_counts or len(snapshot.rows("building")) <= _FEW_BUILDINGS

    def follow(self, done: Done) -> bool:
        """Follow an edit; return False when everything has to be prepared anew."""
        if self._ground is None:
            self.snapshot = done.after
            return True
        limit = max(_FEW_EDITS, len(self._ground.borders) // 1000)
        is_large = len(done.change.of("border")) > _MANY_BORDERS
        if is_large or len(self._trail) >= limit or self._has_new_level(done):
            return False
        self.snapshot = done.after
        self._trail.append(done)
        for rank, level_map in self._maps.items():
            dirty = _dirty(done, rank)
            if dirty:
                level_map.renew(done.after, dirty)
        owners = _owners(done)
        if self._special is not None and owners:
            self._special.renew(done.after, owners)
        self._forget_figures(done)
        return True

    def tidy(self) -> None:
        """Drop the drawings not asked for the longest while, where they are too many to keep."""
        kept = [
            (drawing.asked, len(drawing.xy), octave, chunk)
            for level_map in self._maps.values()
            for chunk in level_map.made()
            for octave, drawing in chunk.drawings()
        ]
        points = sum(one[1] for one in kept)
        if points <= _MOST_POINTS:
            return
        for _, count, octave, chunk in sorted(kept, key=lambda one: one[0]):
            chunk.drop(octave)
            points -= count
            if points <= _MOST_POINTS * _AFTER_TIDYING:
                return

    def colours(self) -> Mapping[int, Mapping[int, int]]:
        """Return the colours that areas have so far, by rank of the map, to be kept."""
        known = dict(self._like)
        known.update({rank: level_map.known_colours for rank, level_map in self._maps.items()})
        return known

    def _has_new_level(self, done: Done) -> bool:
        ranks = set(self.ground().ranks)
        return any(
            rank_of(row.after.level) not in ranks and done.after.partition.has_land(oid_of(uid))
            for row in done.change.of("area")
            if row.after is not None
            for uid in (row.after.uid,)
        )

    def _forget_figures(self, done: Done) -> None:
        """Drop what depends on households, for the areas whose figures may be others now."""
        change = done.change
        if any(change.of(table) for table in ("building", "entrance", "setting", "stacked_part")):
            for level_map in self._maps.values():
                for chunk in level_map.made():
                    chunk.forget(BANDS)
            return
        touched = {oid_of(str(row.key)) for row in change.of("area")} | done.touched
        for level_map in self._maps.values():
            numbers = {level_map.chunk_of(oid) for oid in touched} - {None}
            for number in numbers:
                if number is not None:
                    level_map.chunk(number).forget(BANDS)


class _Store:
    """The prepared land that all scenes of a project share."""

    def __init__(self, prepared: Prepared) -> None:
        self.lock = threading.RLock()
        self.prepared = prepared
        self._earlier = prepared.known_ground

    def known_ground(self) -> LevelGround | None:
        """Return the ground, or that of an earlier state while it is prepared; never waits."""
        return self.prepared.known_ground or self._earlier

    def brought_to(self, scene: MapScene) -> Prepared:
        """Return the land at the state of *scene*, or at a later one; call it under the lock."""
        try:
            self._follow(scene)
        except BaseException:
            # What was followed half way shows neither the old nor the new state.
            self.prepared = Prepared(scene.snapshot, self.prepared.colours())
            raise
        return self.prepared

    def _follow(self, scene: MapScene) -> None:
        for done in scene.trail:
            present = self.prepared.snapshot.revision
            if done.revision > present and (
                done.before.revision != present or not self.prepared.follow(done)
            ):
                break
        if self.prepared.snapshot.revision < scene.snapshot.revision:
            self._earlier = self.known_ground()
            self.prepared = Prepared(scene.snapshot, self.prepared.colours())


@dataclass(frozen=True)
class MapScene:
    """One state of a project as something to paint. Make the first with :meth:`of`.

    ``trail`` holds the edits that the shared store may not have followed yet.
    """

    snapshot: Snapshot
    trail: tuple[Done, ...] = field(default=(), repr=False)
    _store: _Store = field(default=None, repr=False, compare=False)  # type: ignore[assignment]

    @classmethod
    def of(
        cls, snapshot: Snapshot, progress: Progress = SILENT, *, like: MapScene | None = None
    ) -> MapScene:
        """Return the scene of a snapshot, prepared; for a worker, as it takes a while.

        Areas keep the colours that they have in *like*. Raises: Cancelled.
        """
        colours: Mapping[int, Mapping[int, int]] = {}
        if like is not None:
            with like.prepared() as earlier:
                colours = earlier.colours()
        prepared = Prepared(snapshot, colours)
        ground = prepared.ground(progress)
        for rank in ground.ranks[:-1]:
            prepared.level_map(rank)
        prepared.special()
        return cls(snapshot, (), _Store(prepared))

    def after(self, done: Done) -> MapScene:
        """Return the scene after an edit; quick, for the painter does the work when it paints."""
        reached = self._store.prepared.snapshot.revision
        trail = tuple(past for past in self.trail if past.revision > reached)
        return MapScene(done.after, (*trail, done)[-_LONG_TRAIL:], self._store)

    @contextmanager
    def prepared(self) -> Iterator[Prepared]:
        """Give the prepared land to the one who paints, for as long as it paints."""
        with self._store.lock:
            yield self._store.brought_to(self)

    def prepare_all(self, should_stop: Callable[[], bool]) -> None:
        """Prepare what closer views need, so that they come quickly; for an idle worker."""
        with self.prepared() as prepared:
            for rank in prepared.ground().ranks:
                if should_stop():
                    return
                _ = prepared.level_map(rank).colours
            prepared.tidy()

    def bounds(self) -> Box | None:
        """Return ``(x0, y0, x1, y1)`` of all land in local metres, None without land."""
        extent = self.snapshot.partition.extent()
        return None if extent is None else tuple(value / 1000 for value in extent)  # type: ignore[return-value]

    def fill_level(self, viewport: Viewport, style: MapStyle = PLAIN) -> str:
        """Return the level that is filled and named at the scale of *viewport*, "" without land.

        Doesn't wait for the painter.
        """
        ground = self._store.known_ground()
        rank = None if ground is None else fill_rank(ground, viewport.metres_per_px, style)
        return "" if rank is None else LEVELS[rank]

    def drawn_borders(self, viewport: Viewport, style: MapStyle = PLAIN) -> frozenset[str]:
        """Return the levels whose borders are drawn at the scale of *viewport*, with ``frame``.

        Doesn't wait for the painter.
        """
        ground = self._store.known_ground()
        if ground is None:
            return frozenset()
        levels = {LEVELS[r] for r in drawn_ranks(ground, viewport.metres_per_px, style)}
        # Cells stand with micro-grids, and their borders are drawn with these.
        return frozenset(levels | {FRAME} | ({CELL_LEVEL} if "micro_grid" in levels else set()))


_LONG_TRAIL = 200
"""So many edits are followed one by one; who paints after more of them prepares everything anew."""


def fill_rank(ground: LevelGround, metres_per_px: float, style: MapStyle) -> int | None:
    """Return the rank of the level that is filled and named at a scale."""
    ranks = [rank for rank in ground.ranks if style.shows(LEVELS[rank])]
    for rank in reversed(ranks):
        if ground.size_m[rank] / metres_per_px >= FILL_PX and rank != ground.ranks[0]:
            return rank
    # One colour for the whole project says nothing: what lies below the root says more.
    for rank in ranks[1:2]:
        if ground.size_m[rank] / metres_per_px >= LEAST_FILL_PX:
            return rank
    return ranks[0] if ranks else None


def drawn_ranks(ground: LevelGround, metres_per_px: float, style: MapStyle) -> list[int]:
    """Return the ranks of the levels whose borders are drawn at a scale, from the top down."""
    filled = fill_rank(ground, metres_per_px, style)
    return [
        rank
        for rank in ground.ranks
        if style.shows(LEVELS[rank])
        and (
            ground.size_m[rank] / metres_per_px >= DRAWN_PX
            or (filled is not None and rank <= filled)
        )
    ]


def _sides(done: Done) -> Iterator[tuple[Snapshot, BorderRow]]:
    """Yield each border that an edit changed, or that now parts other levels, with its state."""
    for row in done.change.of("border"):
        if row.before is not None:
            yield done.before, row.before
        if row.after is not None:
            yield done.after, row.after
    for row in done.change.of("area"):
        if isinstance(row.before, Area) and isinstance(row.after, Area):
            if row.before.parent == row.after.parent:
                continue
            for snapshot in (done.before, done.after):
                for border in snapshot.partition.outline(oid_of(row.after.uid)):
                    yield snapshot, border


def _dirty(done: Done, rank: int) -> set[int]:
    """Return the regions at a level whose outline or neighbours an edit changed."""
    dirty: set[int] = set()
    for snapshot, border in _sides(done):
        left = region_at(snapshot, border.left, rank)
        right = region_at(snapshot, border.right, rank)
        if left != right:
            dirty.update((left, right))
    return dirty


def _owners(done: Done) -> set[int]:
    """Return the owners whose own land, or what it means, an edit may have changed."""
    owners = {side for _, border in _sides(done) for side in (border.left, border.right)}
    for row in done.change.of("area"):
        for area in (row.before, row.after):
            if isinstance(area, Area) and area.parent is not None:
                owners.add(oid_of(area.parent))
    return owners
