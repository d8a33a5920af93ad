"""Paint land, buildings and areas into one area in a single gesture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import shapely

from gridadmin.base.errors import EditError
from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.domain.change import Change
from gridadmin.domain.model import Area, Building
from gridadmin.edit.chain import Chain
from gridadmin.edit.command import Metres, face_of_point, find_area, kernel_point
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.land_commands import without_pockets
from gridadmin.edit.reparent_commands import check_may_hang, hang_below
from gridadmin.partition.base import chain_of
from gridadmin.partition.blocks import block_at, cut_lines
from gridadmin.partition.building_land import land_around
from gridadmin.partition.cuts import insert_lines
from gridadmin.partition.faces import Face, face_at
from gridadmin.partition.land_alone import in_mm
from gridadmin.partition.rewire import BorderChange, relabelled
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import half_left_of

FREE, ANY = "free", "any"
FaceKey = tuple[int, bool]


@dataclass(frozen=True)
class Paint:
    """Give areas and land to one area: faces at *points*, *blocks*, land around *buildings*.

    Where a lower level holds the land, that area is hung below it. Else the face is given; of its
    blocks between roads, rivers and railways the one at each place; or what of it lies nearer to
    the buildings than to all others in the face.
    *source*: ``free`` = only what nobody holds and what the parent keeps itself; names of areas =
    only from those and from below them; ``any`` = from all but exempt land. The rest is skipped.
    """

    to: str
    areas: Sequence[str] = ()
    points: Sequence[Metres] = ()
    source: str | Sequence[str] = ANY
    buildings: Sequence[str] = ()
    blocks: Sequence[Metres] = ()
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        to = find_area(snapshot, self.to)
        brush = Brush(snapshot, to, self.source)
        for name in self.areas:
            brush.take_area(find_area(snapshot, name))
        for point in self.points:
            brush.take_face(face_of_point(snapshot, point))
        for point in self.blocks:
            brush.take_block(face_of_point(snapshot, point), kernel_point(snapshot, point))
        for uid in self.buildings:
            brush.take_building(find_building(snapshot, uid))
        if brush.is_dry:
            raise EditError("edit.nothing_to_take")
        return brush.carried_out(desk)


def find_building(snapshot: Snapshot, uid: str) -> Building:
    """Return the building of that uid. Raises: EditError ``edit.unknown_building``."""
    building = snapshot.rows("building").get(uid)
    if building is None:
        raise EditError("edit.unknown_building", building=uid)
    found: Building = building
    return found


def source_of(
    snapshot: Snapshot, to: Area, source: str | Sequence[str]
) -> Callable[[Sequence[int]], bool]:
    """Return what tells whether land may be taken, by its owner and the areas above that.

    Raises: EditError ``edit.bad_value``.
    """
    if source == ANY:
        return lambda _: True
    if source == FREE:
        free = {NOBODY} if to.parent is None else {NOBODY, oid_of(to.parent)}
        return lambda chain: chain[-1] in free
    if isinstance(source, str):
        raise EditError("edit.bad_value", field="from", value=source)
    named = {oid_of(find_area(snapshot, name).uid) for name in source}
    return lambda chain: not named.isdisjoint(chain)


@dataclass
class _Pieces:
    """A face with the buildings and the blocks (places in mm) in it that are painted."""

    face: Face
    buildings: set[str] = field(default_factory=set)
    blocks: list[tuple[float, float]] = field(default_factory=list)

    def land(self, snapshot: Snapshot) -> shapely.Geometry:
        """Return what of the face is to be given, in mm."""
        parts = [block_at(snapshot, self.face, place) for place in self.blocks]
        if self.buildings:
            parts.append(land_around(snapshot, self.face, self.buildings))
        return shapely.union_all(parts)


class Brush:
    """What is painted so far, each thing once; nothing moves before it is carried out."""

    def __init__(self, snapshot: Snapshot, to: Area, source: str | Sequence[str] = ANY) -> None:
        self.areas: dict[str, Area] = {}
        """Areas to be hung below the painted one, by uid."""
        self.faces: dict[FaceKey, Face] = {}
        """Faces to be given whole."""
        self.pieces: dict[FaceKey, _Pieces] = {}
        """Faces of which a part is to be given."""
        self.skipped = 0
        self._snapshot = snapshot
        self._to = to
        self._may_take = source_of(snapshot, to, source)

    @property
    def is_dry(self) -> bool:
        """Whether nothing would be given."""
        return not (self.areas or self.faces or self.pieces)

    def take_area(self, area: Area) -> None:
        """Take an area to be hung below the painted one."""
        chain = chain_of(oid_of(area.uid), self._snapshot.partition.parents)
        if self._is_ours(chain):
            return
        if not self._may_take(chain):
            self.skipped += 1
            return
        check_may_hang(self._snapshot, area, self._to)
        self.areas[area.uid] = area

    def take_face(self, face: Face) -> None:
        """Take a face, or the area that it is land of."""
        if self._holder_taken(face):
            return
        key = key_of(face)
        self.pieces.pop(key, None)
        self.faces[key] = face

    def take_building(self, building: Building) -> None:
        """Take the area that a building stands in, or else the land around the building."""
        face = face_of_building(self._snapshot, building)
        if face is None:
            self.skipped += 1
            return
        pieces = self._pieces_of(face)
        if pieces is not None:
            pieces.buildings.add(building.uid)

    def take_block(self, face: Face, place: tuple[float, float]) -> None:
        """Take the area at a place (mm), or else the block of a face."""
        pieces = self._pieces_of(face)
        if pieces is not None:
            pieces.blocks.append(place)

    def _pieces_of(self, face: Face) -> _Pieces | None:
        """Return where pieces of a face are kept; None when it goes whole or not at all."""
        key = key_of(face)
        if key in self.faces or self._holder_taken(face):
            return None
        return self.pieces.setdefault(key, _Pieces(face))

    def _holder_taken(self, face: Face) -> bool:
        """Return whether a face is dealt with: it is ours, may not be taken, or goes as an area."""
        snapshot = self._snapshot
        chain = chain_of(face.owner, snapshot.partition.parents)
        if self._is_ours(chain):
            return True
        owner = snapshot.owner(face.owner)
        is_exempt = owner is not None and owner[0] == "exempt"
        if face.owner == OUTSIDE or is_exempt or not self._may_take(chain):
            self.skipped += 1
            return True
        area = snapshot.owning_area(face.owner)
        rank = snapshot.level_rank
        if area is None or rank(area.level) <= rank(self._to.level):
            return False
        self.take_area(self._below_that_level(area))
        return True

    def _is_ours(self, chain: Sequence[int]) -> bool:
        """Return whether land is, or will be, below the painted area."""
        taken = {oid_of(uid) for uid in self.areas}
        return oid_of(self._to.uid) in chain or not taken.isdisjoint(chain)

    def _below_that_level(self, area: Area) -> Area:
        """Return the area or the uppermost one above it that can hang below the painted one."""
        rank = self._snapshot.level_rank
        for above in self._snapshot.ancestors(area.uid):  # pragma: no branch - the root is above
            if rank(above.level) <= rank(self._to.level):
                break
            area = above
        return area

    def carried_out(self, desk: Desk) -> Change:
        """Return the change that gives all that was taken."""
        snapshot, to = self._snapshot, oid_of(self._to.uid)
        draft = Draft(snapshot)
        for area in self.areas.values():
            hang_below(snapshot, draft, area, self._to)
        keys = {half.key: to for face in self.faces.values() for half in face.halves()}
        if keys:
            changes = relabelled(snapshot.partition, keys, desk.ids)
            draft.borders(without_pockets(snapshot, changes, desk))
        chain = Chain(snapshot)
        chain.take(draft.change("paint"))
        for pieces in self.pieces.values():
            self._give_pieces(chain, desk, pieces)
        given = len(self.faces) + len(self.pieces)
        return chain.change("paint", moved=list(self.areas), given=given, skipped=self.skipped)

    def _give_pieces(self, chain: Chain, desk: Desk, pieces: _Pieces) -> None:
        """Cut some of a face off and give it."""
        snapshot, to, face = chain.snapshot, oid_of(self._to.uid), pieces.face
        land = pieces.land(self._snapshot)
        shapely.prepare(land)

        def owner_of(part: Face) -> int:
            return to if shapely.contains_xy(land, *part.inner_point()) else part.owner

        changes: list[BorderChange] = []
        lines = cut_lines(in_mm(face.parts()), land)
        if lines:
            changes = insert_lines(snapshot.partition, lines, {face.owner}, owner_of, desk.ids)
        if not changes:
            changes = relabelled(snapshot.partition, _given(snapshot, face, to), desk.ids)
        draft = Draft(snapshot)
        draft.borders(without_pockets(snapshot, changes, desk))
        chain.take(draft.change("paint"))


def _given(snapshot: Snapshot, face: Face, to: int) -> dict[FaceKey, int]:
    """Return the owner of each half of a face that goes whole, as it is bounded now."""
    x, y = face.inner_point()
    half = half_left_of(snapshot.partition, round(x), round(y))
    now = None if half is None else face_at(snapshot.partition, half)
    return {} if now is None else {half.key: to for half in now.halves()}


def key_of(face: Face) -> FaceKey:
    """Return what tells a face from all others of one partition."""
    return min(half.key for half in face.halves())


def face_of_building(snapshot: Snapshot, building: Building) -> Face | None:
    """Return the face that a building stands in, as households are counted; None = outside."""
    x, y = snapshot.origin_mm
    half = half_left_of(snapshot.partition, building.x_mm - x, building.y_mm - y)
    return None if half is None else face_at(snapshot.partition, half)
