"""Random edits on crowded maps: lines through nodes, tiny loops, close parallels, moves, gifts.

Every generator takes its choices from a ``random.Random``, so a seed (or hypothesis) decides them
all.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np

from gridadmin.base.errors import EditError
from gridadmin.base.ids import NOBODY, OUTSIDE
from gridadmin.partition.cuts import insert_line
from gridadmin.partition.faces import face_at
from gridadmin.partition.moves import add_vertex, borders_at, delete_vertex, move_vertex
from gridadmin.partition.planar import Partition, points_of
from gridadmin.partition.rewire import BorderChange, BorderIds, relabelled
from gridadmin.partition.walk import OnBorder, locate

Point = tuple[int, int]
Line = list[Point]


class RandomEdits:
    """Edits by chance on a map within ``(0, 0, reach_mm, reach_mm)``."""

    def __init__(self, chance: random.Random, reach_mm: int, mark: str = "") -> None:
        self.chance = chance
        self.reach_mm = reach_mm
        self._mark = mark
        self._count = 0
        self.what: object = None
        """The edit tried last, to be told when it fails."""

    def next(self, partition: Partition) -> list[BorderChange]:
        """Return the changes of one more edit. Raises: EditError when it is refused."""
        self._count += 1
        edits: list[Callable[[Partition, BorderIds], list[BorderChange]]] = [
            self._move,
            self._move,
            self._add_vertex,
            self._delete_vertex,
            self._give,
            self._line,
            self._line,
            self._line,
        ]
        ids = BorderIds(f"{self._mark}{self._count}")
        return self.chance.choice(edits)(partition, ids)

    def _move(self, partition: Partition, ids: BorderIds) -> list[BorderChange]:
        old = self._vertex(partition)
        far = self.chance.choice([1, 3, 12, 40])
        new = self._beside(old, far) if self.chance.random() < 0.8 else self._vertex(partition)
        self.what = "move", old, new
        if any(OUTSIDE in (border.left, border.right) for border in borders_at(partition, old)):
            raise EditError("edit.locked")
        return move_vertex(partition, old, new)

    def _add_vertex(self, partition: Partition, ids: BorderIds) -> list[BorderChange]:
        border = self.chance.choice(list(partition))
        xy = points_of(border)
        segment = self.chance.randrange(len(xy) - 1)
        x, y = ((xy[segment] + xy[segment + 1]) // 2).tolist()
        new = self._beside((int(x), int(y)), self.chance.choice([0, 1, 3, 12, 40]))
        self.what = "add vertex", border.id, segment, new
        if OUTSIDE in (border.left, border.right):
            raise EditError("edit.locked")
        return add_vertex(partition, border, segment, new)

    def _delete_vertex(self, partition: Partition, ids: BorderIds) -> list[BorderChange]:
        old = self._vertex(partition)
        self.what = "delete vertex", old
        if any(OUTSIDE in (border.left, border.right) for border in borders_at(partition, old)):
            raise EditError("edit.locked")
        return delete_vertex(partition, old)

    def _give(self, partition: Partition, ids: BorderIds) -> list[BorderChange]:
        x, y = self._anywhere()
        self.what = "give", x, y
        found = locate(partition, x, y)
        if found is None or isinstance(found, OnBorder):
            raise EditError("edit.on_border")
        face = face_at(partition, found)
        if face is None:
            raise EditError("edit.on_border")
        neighbours = sorted(owner for owner in face.neighbours() if owner != OUTSIDE)
        to = self.chance.choice([*neighbours, NOBODY])
        self.what = "give", x, y, to
        return relabelled(partition, {half.key: to for half in face.halves()}, ids)

    def _line(self, partition: Partition, ids: BorderIds) -> list[BorderChange]:
        drawn = self.chance.choice(
            [
                self._straight,
                self._straight,
                self._wild,
                self._loop,
                self._loop,
                self._parallel,
                self._parallel,
                self._through_nodes,
                self._through_nodes,
                self._dense,
                self._around,
            ]
        )(partition)
        fresh = 10_000 + self._count
        left, right = self.chance.choice(
            [(fresh, None), (fresh, None), (None, fresh), (fresh, fresh + 5000), (NOBODY, None)]
        )
        spare = self.chance.random() < 0.95
        self.what = "line", drawn, left, right, spare

        def decide(owner: int, side: str) -> int:
            chosen = left if side == "left" else right
            if owner == OUTSIDE:
                return OUTSIDE
            return owner if chosen is None else chosen

        return insert_line(
            partition, np.array(drawn, dtype=np.int64), decide, ids, spare_outside=spare
        )

    def _anywhere(self) -> Point:
        return (
            self.chance.randint(-20, self.reach_mm + 20),
            self.chance.randint(-20, self.reach_mm + 20),
        )

    def _vertex(self, partition: Partition) -> Point:
        xy = points_of(self.chance.choice(list(partition)))
        x, y = xy[self.chance.randrange(len(xy))].tolist()
        return int(x), int(y)

    def _beside(self, point: Point, far: int) -> Point:
        return (
            point[0] + self.chance.randint(-far, far),
            point[1] + self.chance.randint(-far, far),
        )

    def _straight(self, partition: Partition) -> Line:
        return [self._anywhere(), self._anywhere()]

    def _wild(self, partition: Partition) -> Line:
        line = [self._anywhere()]
        for _ in range(self.chance.randint(2, 7)):
            line.append(self._beside(line[-1], 60))
        return line

    def _loop(self, partition: Partition) -> Line:
        far = self.chance.randint(1, 6)
        begin = self.chance.choice([self._vertex(partition), self._anywhere()])
        line = [begin]
        for _ in range(self.chance.randint(2, 5)):
            line.append(self._beside(line[-1], far))
        return [*line, begin]

    def _parallel(self, partition: Partition) -> Line:
        xy = points_of(self.chance.choice(list(partition)))
        dx, dy = self.chance.choice([(0, 1), (1, 0), (1, 1), (-1, 0), (0, 0), (2, 0)])
        return [(x + dx, y + dy) for x, y in xy.tolist()]

    def _through_nodes(self, partition: Partition) -> Line:
        return [self._vertex(partition) for _ in range(self.chance.randint(2, 5))]

    def _dense(self, partition: Partition) -> Line:
        """Return a line of many steps of a few millimetres."""
        line = [self._anywhere()]
        dx, dy = self.chance.randint(-4, 4), self.chance.randint(-4, 4)
        for _ in range(self.chance.randint(20, 120)):
            x, y = self._beside(line[-1], 3)
            line.append((x + dx, y + dy))
        return line

    def _around(self, partition: Partition) -> Line:
        """Return a closed box around whatever lies there."""
        (x, y), w, h = self._anywhere(), self.chance.randint(5, 90), self.chance.randint(5, 90)
        return [(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)]
