"""A map of a level that followed edits is the map that would be made anew, but for its colours."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from gridadmin.base.errors import EditError
from gridadmin.base.ids import oid_of
from gridadmin.edit.document import Done
from gridadmin.partition.grid import Ints
from gridadmin.partition.level_ground import FRAME_RANK, LevelGround
from gridadmin.partition.region_rings import join_halves
from gridadmin.partition.snapshot import Snapshot
from tests.helpers.projects import document_on, named, small_town
from tests.helpers.promises import RandomCommands
from ui.canvas.level_map import LevelMap
from ui.canvas.scene import Prepared
from ui.canvas.special import SpecialMap
from ui.canvas.style import SpecialKind

Segment = tuple[tuple[int, int], tuple[int, int]]

RANKS = {"district": 1, "community": 3, "grid": 4, "micro_grid": 5}


def segments_of(points: Ints) -> Iterator[Segment]:
    places = [tuple(point) for point in points.tolist()]
    yield from pairwise(places)


def outlines(level_map: LevelMap) -> dict[int, set[Segment]]:
    """The segments around each region, with the region on their left."""
    found: dict[int, set[Segment]] = {}
    for number in range(len(level_map)):
        chunk = level_map.chunk(number)
        rings = chunk.rings
        xy, offsets = join_halves(chunk.lines.xy, chunk.lines.offsets, rings.halves, rings.offsets)
        for row, region in enumerate(rings.region.tolist()):
            ring = xy[offsets[row] : offsets[row + 1]]
            found.setdefault(region, set()).update(segments_of(ring))
    return found


def drawn(level_map: LevelMap) -> Counter[tuple[Segment, int]]:
    """How often each segment is drawn, with its rank."""
    found: Counter[tuple[Segment, int]] = Counter()
    for number in range(len(level_map)):
        chunk = level_map.chunk(number)
        lines = chunk.lines
        for row in np.nonzero(chunk.draws)[0].tolist():
            points = lines.xy[lines.offsets[row] : lines.offsets[row + 1]]
            for start, end in segments_of(points):
                found[(min(start, end), max(start, end)), int(chunk.ranks[row])] += 1
    return found


def neighbours(level_map: LevelMap) -> set[tuple[int, int]]:
    found = set()
    for number in range(len(level_map)):
        lines = level_map.chunk(number).lines
        pairs = zip(lines.left.tolist(), lines.right.tolist(), strict=True)
        found |= {pair for pair in pairs if set(pair) <= level_map.colours.keys()}
    return found


def check_like_new(level_map: LevelMap, snapshot: Snapshot) -> None:
    fresh = LevelMap(LevelGround.of(snapshot), level_map.rank)
    assert outlines(level_map) == outlines(fresh)
    assert drawn(level_map) == drawn(fresh)
    assert set(drawn(level_map).values()) <= {1}
    assert level_map.colours.keys() == fresh.colours.keys()
    clashes = [
        (a, b) for a, b in neighbours(level_map) if level_map.colours[a] == level_map.colours[b]
    ]
    assert clashes == []


def rings_by_kind(special: SpecialMap) -> dict[SpecialKind, set[Segment]]:
    found: dict[SpecialKind, set[Segment]] = {}
    for owner, (xy, offsets) in special._rings.items():
        segments = found.setdefault(special._kinds[owner], set())
        for begin, end in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True):
            segments.update(segments_of(xy[begin:end]))
    return found


class Followed:
    """A project under random edits, with all that is prepared for painting kept up."""

    def __init__(self, seed: int) -> None:
        self.document = document_on(small_town())
        self.prepared = Prepared(self.document.snapshot, {})
        self.document.on_change(self._follow)
        self._commands = RandomCommands(random.Random(seed))

    def _follow(self, done: Done) -> None:
        assert self.prepared.follow(done)

    def edit(self) -> None:
        while True:
            try:
                self.document.execute(self._commands.next(self.document.snapshot))
            except EditError:
                continue
            return

    def check(self) -> None:
        for rank in RANKS.values():
            check_like_new(self.prepared.level_map(rank), self.document.snapshot)
        special = SpecialMap(self.document.snapshot, LevelGround.of(self.document.snapshot))
        assert rings_by_kind(self.prepared.special()) == rings_by_kind(special)


@pytest.mark.parametrize("seed", range(4))
def test_what_follows_random_edits_is_like_what_is_made_anew(seed: int) -> None:
    followed = Followed(seed)
    followed.check()

    for _ in range(30):
        followed.edit()
        followed.check()
    while followed.document.can_undo:
        followed.document.undo()
    followed.check()


def test_a_level_first_looked_at_after_edits_is_like_one_made_anew() -> None:
    followed = Followed(11)
    followed.prepared.ground()

    for _ in range(25):
        followed.edit()

    followed.check()


def test_an_edit_recolours_none_but_those_whose_neighbours_changed() -> None:
    followed = Followed(5)
    level_map = followed.prepared.level_map(RANKS["micro_grid"])
    before = dict(level_map.colours)
    near: set[int] = set()

    def note(done: Done) -> None:
        near.update(done.touched)
        for oid in done.touched:
            for border in done.after.partition.outline(oid):
                near.update((border.left, border.right))

    followed.document.on_change(note)

    for _ in range(20):
        followed.edit()

    recoloured = {
        oid for oid, colour in before.items() if level_map.colours.get(oid, colour) != colour
    }
    assert recoloured <= near
    assert len(recoloured) <= 3


def test_each_border_is_drawn_by_the_highest_level_that_it_parts() -> None:
    snapshot = small_town().snapshot()
    ground = LevelGround.of(snapshot)

    def length_m(rank: int, drawn_at: int) -> float:
        found = 0
        for ((start, end), its_rank), times in drawn(LevelMap(ground, drawn_at)).items():
            if its_rank == rank:
                found += times * (abs(end[0] - start[0]) + abs(end[1] - start[1]))
        return found / 1000

    # A town of 80 x 40 m: the frame is 240 m long, the border of A and B 40 m. Of the grids' inner
    # borders A has 80 m; B has 80 m less 40 m along disputed, exempt and nobody's land.
    assert length_m(FRAME_RANK, RANKS["district"]) == 240
    assert length_m(RANKS["community"], RANKS["community"]) == 40
    assert length_m(RANKS["grid"], RANKS["grid"]) == 120
    # Four grids of A with 40 m inside each, those of B aren't divided.
    assert length_m(RANKS["micro_grid"], RANKS["micro_grid"]) == 160


def test_land_of_a_parent_is_a_region_where_children_have_none() -> None:
    snapshot = small_town().snapshot()
    level_map = LevelMap(LevelGround.of(snapshot), RANKS["micro_grid"])

    kept = oid_of(named(snapshot, "A4").uid)
    undivided = oid_of(named(snapshot, "B3").uid)

    chunk = level_map.chunk(0)
    assert chunk.land_m2[kept] == 100
    assert chunk.land_m2[undivided] == 400
    assert oid_of(named(snapshot, "A").uid) not in chunk.land_m2


def test_special_land_is_known_by_kind() -> None:
    snapshot = small_town().snapshot()
    drawing = SpecialMap(snapshot, LevelGround.of(snapshot)).drawing(0)

    places = {kind: tuple(drawing.boxes[row].tolist()) for row, kind in enumerate(drawing.kinds)}

    assert places == {
        SpecialKind.GAP: (70, 20, 80, 30),
        SpecialKind.DISPUTE: (50, 0, 60, 10),
        SpecialKind.EXEMPT: (60, 20, 70, 30),
        SpecialKind.REMAINDER: (30, 30, 40, 40),
    }
