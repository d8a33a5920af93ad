"""Land between a new line and a stretch of border goes over to whoever lies on the other side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from gridadmin.base.errors import EditError
from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.edit.command import label
from gridadmin.edit.draft import Desk
from gridadmin.edit.guards import locked
from gridadmin.edit.land_commands import without_pockets
from gridadmin.partition.cuts import insert_line
from gridadmin.partition.faces import Face, faces_of
from gridadmin.partition.grid import Ints
from gridadmin.partition.land_alone import land_alone
from gridadmin.partition.planar import Partition
from gridadmin.partition.rewire import BorderChange, BorderIds, composed, relabelled
from gridadmin.partition.shared_border import Stretch
from gridadmin.partition.snapshot import Snapshot


def handed_over(snapshot: Snapshot, desk: Desk, stretch: Stretch, line: Ints) -> list[BorderChange]:
    """Return the border changes that put *line* ``(n, 2)`` in mm in the place of a stretch.

    The land of either side beyond the line goes to the other side, at every level; where areas lie
    below, to the one that it borders most. The line runs over land of the two sides alone.
    Raises: EditError ``edit.cuts_nothing``, ``edit.third_area``, ``edit.third_land``,
    ``edit.swallows``, ``edit.ambiguous_side``, ``edit.locked``.
    """
    if OUTSIDE in (stretch.left.owner, stretch.right.owner) and snapshot.has_frame:
        raise locked("frame")
    handing = _Handing(snapshot, desk, stretch)
    changes = handing.changes(line)
    if _has_areas_below(snapshot, stretch):
        handing.check_all_cut(line)
    return without_pockets(snapshot, changes, desk)


def _has_areas_below(snapshot: Snapshot, stretch: Stretch) -> bool:
    """Return whether more than two owners may have land beside a stretch."""
    for side in (stretch.left, stretch.right):
        area = snapshot.owning_area(side.owner)
        if area is not None and not side.is_own and snapshot.child_uids(area.uid):
            return True
    return False


@dataclass
class _Handing:
    """Land between a line and a stretch that goes over to the other side."""

    snapshot: Snapshot
    desk: Desk
    stretch: Stretch
    _held: dict[int, int] = field(default_factory=dict)
    """Who had the land that is cut off, by a number that holds it until it is given out."""
    _handed_twice: int = 0

    def changes(self, line: Ints) -> list[BorderChange]:
        """Return the border changes. Raises: EditError."""
        partition = self.snapshot.partition
        drawn = insert_line(partition, line, self._decide, self.desk.ids, spare_outside=False)
        cut = partition.applied(drawn, partition.parents)
        faces = [face for number in self._held for face in faces_of(cut, number)]
        self._handed_twice = sum(face.twice_area() for face in faces)
        heirs = self._heirs(cut, faces)
        owner_of = {
            half.key: heirs[place] for place, face in enumerate(faces) for half in face.halves()
        }
        return composed(drawn, relabelled(cut, owner_of, self.desk.ids))

    def check_all_cut(self, line: Ints) -> None:
        """Refuse when areas lie wholly between the line and the stretch: they would vanish.

        Raises: EditError ``edit.swallows``.
        """
        partition, stretch = self.snapshot.partition, self.stretch
        regions = {1: stretch.left, 2: stretch.right}

        def region_of(owner: int) -> int:
            holders = (n for n, side in regions.items() if side.holds(partition, owner))
            return next(holders, OUTSIDE)

        near = {
            border.id: border
            for side in regions.values()
            for border in (
                partition.beside(side.owner) if side.is_own else partition.outline(side.owner)
            )
        }
        alone = land_alone(near.values(), region_of)
        taken = {(1, "right"): 3, (2, "left"): 3}
        drawn = insert_line(
            alone,
            line,
            lambda owner, side: taken.get((owner, side), owner),
            BorderIds("alone"),
            spare_outside=True,
        )
        whole = alone.applied(drawn, alone.parents).own_twice_area(3)
        # New nodes bend either line by less than a millimetre.
        if whole - self._handed_twice > 8 * _length_mm(line):
            raise EditError("edit.swallows")

    def _decide(self, owner: int, side: str) -> int:
        partition, stretch = self.snapshot.partition, self.stretch
        is_left = stretch.left.holds(partition, owner)
        if not is_left and not stretch.right.holds(partition, owner):
            raise self._beyond(owner)
        if is_left == (side == "left"):
            return owner
        number = oid_of(f"{self.desk.gesture}/held/{owner}")
        self._held[number] = owner
        return number

    def _beyond(self, owner: int) -> EditError:
        """Return the refusal of a line over the land of a third."""
        if owner == OUTSIDE and self.snapshot.has_frame:
            return locked("frame")
        area = self.snapshot.owning_area(owner)
        if area is None:
            return EditError("edit.third_land")
        return EditError("edit.third_area", area=label(area))

    def _heirs(self, cut: Partition, faces: Sequence[Face]) -> list[int]:
        """Return who gets each face: of the owners on the other side the one it borders most."""
        heirs: list[int | None] = [None] * len(faces)
        face_of = {half.key: place for place, face in enumerate(faces) for half in face.halves()}
        open_places = list(range(len(faces)))
        while open_places:
            left_over = []
            for place in open_places:
                heirs[place] = self._heir(cut, faces[place], heirs, face_of)
                if heirs[place] is None:
                    left_over.append(place)
            if len(left_over) == len(open_places):  # pragma: no cover - a loop off the border
                raise EditError("edit.ambiguous_side")
            open_places = left_over
        return [NOBODY if heir is None else heir for heir in heirs]

    def _heir(
        self,
        cut: Partition,
        face: Face,
        heirs: Sequence[int | None],
        face_of: dict[tuple[int, bool], int],
    ) -> int | None:
        is_from_left = self.stretch.left.holds(self.snapshot.partition, self._held[face.owner])
        to = self.stretch.right if is_from_left else self.stretch.left
        shared: dict[int, float] = {}
        for half in face.halves():
            beside = face_of.get(half.twin().key)
            owner = half.opposite_owner if beside is None else heirs[beside]
            if owner is not None and to.holds(self.snapshot.partition, owner):
                shared[owner] = shared.get(owner, 0.0) + _length_mm(half.points())
        return max(shared, key=lambda owner: (shared[owner], owner), default=None)


def _length_mm(xy: Ints) -> float:
    steps = np.diff(xy, axis=0).astype(np.float64)
    return float(np.hypot(steps[:, 0], steps[:, 1]).sum())
