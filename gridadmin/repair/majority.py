"""To whom the buildings say that a piece of land belongs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import shapely

from gridadmin.partition.faces import Face
from gridadmin.partition.ground import Ground, GroundBuilding
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import half_left_of
from gridadmin.repair.takers import Taker

_NEAR_M = 50.0


class Votes:
    """What the buildings on and around a face say.

    A building on the face speaks for who holds most corners of its footprint, else for who holds
    most of the other buildings of its compound nearby, else for who holds the nearest building;
    its households weigh. When none stands there those within 50 m of the face speak.
    """

    def __init__(self, snapshot: Snapshot, face: Face, takers: Sequence[Taker]) -> None:
        self._snapshot = snapshot
        self._takers = takers
        part = face.part()
        self._land = shapely.Polygon(part.shell / 1000, [hole / 1000 for hole in part.holes])
        x0, y0, x1, y1 = self._land.bounds
        box = (x0 - _NEAR_M, y0 - _NEAR_M, x1 + _NEAR_M, y1 + _NEAR_M)
        near = Ground.of(snapshot).buildings_in(box)
        self.on_land = [one for one in near if shapely.contains_xy(self._land, *one.point)]
        self._around = [
            (one, oid) for one in near if (oid := self._taker_at(one.point)) is not None
        ]

    def winner(self) -> Taker | None:
        """Return for whom most speak, None when nobody does or two are equal."""
        votes: Counter[int] = Counter()
        for building in self.on_land:
            oid = self._spoken_for(building)
            if oid is not None:
                votes[oid] += max(building.households, 1)
        if not self.on_land:
            votes.update(
                oid
                for one, oid in self._around
                if shapely.distance(self._land, shapely.Point(one.point)) <= _NEAR_M
            )
        first = votes.most_common(2)
        if not first or (len(first) == 2 and first[0][1] == first[1][1]):
            return None
        return next(taker for taker in self._takers if taker.oid == first[0][0])

    def _spoken_for(self, building: GroundBuilding) -> int | None:
        corners: Counter[int] = Counter()
        if building.footprint is not None:
            found = (self._taker_at((x, y)) for x, y in building.footprint[:-1].tolist())
            corners.update(oid for oid in found if oid is not None)
        if corners:
            return corners.most_common(1)[0][0]
        if building.compound is not None:
            mates = Counter(oid for one, oid in self._around if one.compound == building.compound)
            if mates:
                return mates.most_common(1)[0][0]
        if not self._around:
            return None
        places = np.array([one.point for one, _ in self._around])
        far = np.hypot(*(places - np.array(building.point)).T)
        return self._around[int(far.argmin())][1]

    def _taker_at(self, point: tuple[float, float]) -> int | None:
        """Return which taker holds the land at a place in local metres."""
        half = half_left_of(self._snapshot.partition, *(round(value * 1000) for value in point))
        area = None if half is None else self._snapshot.owning_area(half.owner)
        if area is None:
            return None
        line = {area.uid, *(one.uid for one in self._snapshot.ancestors(area.uid))}
        for taker in self._takers:
            if taker.area.uid in line or taker.claim in line:
                return taker.oid
        return None
