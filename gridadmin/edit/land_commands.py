"""Commands that change who holds which land: give, insert a line, exempt, the frame."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

import numpy as np
import shapely

from gridadmin.base.errors import EditError
from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.domain.change import Change
from gridadmin.domain.codes import next_free
from gridadmin.domain.model import (
    CELL_LEVEL,
    Area,
    AreaKind,
    Exempt,
    Land,
    ReferenceOutline,
    Setting,
)
from gridadmin.edit.command import Metres, face_of_point, find_area, kernel_point
from gridadmin.edit.draft import Desk, Draft
from gridadmin.partition.cuts import insert_line
from gridadmin.partition.faces import Face, face_at
from gridadmin.partition.rewire import BorderChange, composed, relabelled
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import (
    Half,
    parts_of,
    ring_points,
    rings_of_land,
    simple_rings,
    to_polygon,
)


def beyond_frame(snapshot: Snapshot, face: Face) -> bool:
    """Return whether a face lies outside the frame."""
    outline = frame_outline(snapshot)
    if outline is None:
        return False
    x, y = face.inner_point()
    place = snapshot.place(np.array([[x, y]]))[0]
    return not outline.contains(shapely.Point(place))


def frame_outline(snapshot: Snapshot) -> shapely.Geometry | None:
    """Return the frame as a polygon in plane metres, or None without one."""
    if not snapshot.has_frame:
        return None
    outlines = snapshot.linked("reference_outline", snapshot.root.uid)
    return shapely.from_wkb(outlines[-1].outline) if outlines else None


def give_face(snapshot: Snapshot, draft: Draft, desk: Desk, face: Face, owner: int) -> None:
    """Put into the draft that *face* goes to *owner*.

    Raises: EditError ``edit.already_there``.
    """
    if face.owner == owner:
        raise EditError("edit.already_there")
    keys = {half.key: owner for half in face.halves()}
    changes = relabelled(snapshot.partition, keys, desk.ids)
    draft.borders(without_pockets(snapshot, changes, desk))


def without_pockets(
    snapshot: Snapshot, changes: list[BorderChange], desk: Desk
) -> list[BorderChange]:
    """Return *changes* with land that they cut off from the outside as nobody's.

    With a frame the outside is what lies beyond it, whether the rest of the outside is in reach
    or not.
    """
    if snapshot.has_frame:
        return changes
    partition = snapshot.partition.applied(changes, snapshot.partition.parents)
    owner_of: dict[tuple[int, bool], int] = {}
    seen: set[tuple[int, bool]] = set()
    for _, border in changes:
        for half in () if border is None else (Half(border, True), Half(border, False)):
            if half.owner == OUTSIDE and half.key not in seen:
                pocket = face_at(partition, half)
                keys = [half.key] if pocket is None else [h.key for h in pocket.halves()]
                seen.update(keys)
                if pocket is not None:
                    owner_of.update(dict.fromkeys(keys, NOBODY))
    if not owner_of:
        return changes
    return composed(changes, relabelled(partition, owner_of, desk.ids))


@dataclass(frozen=True)
class Give:
    """Give the face at a place to an area, or to nobody.

    ``is_inside``: the place is known to lie inside a face, however narrow that is.
    """

    point: Metres
    to: str | None
    is_inside: bool = False
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        face = face_of_point(snapshot, self.point, is_inside=self.is_inside)
        draft = Draft(snapshot)
        if self.to is None:
            owner = OUTSIDE if beyond_frame(snapshot, face) else NOBODY
        else:
            owner = oid_of(find_area(snapshot, self.to).uid)
        give_face(snapshot, draft, desk, face, owner)
        return draft.change("give")


@dataclass(frozen=True)
class InsertLine:
    """Insert a line; each face it cuts goes left and right to a code, a new area, or stays."""

    line: Sequence[Metres]
    left: str
    right: str
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        points = [kernel_point(snapshot, point) for point in self.line]
        distinct = [point for point, _ in groupby(points)]
        if len(distinct) < 2:
            raise EditError("edit.cuts_nothing")
        draft = Draft(snapshot)
        decision = _Decision(snapshot, draft, desk, {"left": self.left, "right": self.right})
        changes = insert_line(
            snapshot.partition,
            np.array(distinct, dtype=np.int64),
            decision,
            desk.ids,
            spare_outside=snapshot.has_frame,
        )
        draft.borders(without_pockets(snapshot, changes, desk))
        if decision.created:
            draft.tell(created=decision.created)
        return draft.change("insert_line")


@dataclass
class _Decision:
    """Who gets the parts of a cut face."""

    snapshot: Snapshot
    draft: Draft
    desk: Desk
    words: dict[str, str]
    created: list[dict[str, str | None]] = field(default_factory=list)
    _new: dict[str, Area] = field(default_factory=dict)

    def __call__(self, owner: int, side: str) -> int:
        word = self.words[side]
        if word == "keep":
            return owner
        if word != "new":
            return oid_of(find_area(self.snapshot, word).uid)
        cut = self.snapshot.owning_area(owner)
        if cut is None or cut.parent is None:
            raise EditError("edit.no_sibling")
        made = self._new.get(side)
        if made is None:
            made = self._sibling_of(cut)
            self._new[side] = made
        elif made.parent != cut.parent:
            raise EditError("edit.two_parents")
        return oid_of(made.uid)

    def _sibling_of(self, cut: Area) -> Area:
        parent = self.snapshot.area(cut.parent or "")
        area = cut_off(self.snapshot, self.draft, self.desk, cut, parent)
        self.created.append({"uid": area.uid, "code": area.code})
        return area


def cut_off(snapshot: Snapshot, draft: Draft, desk: Desk, cut: Area, parent: Area) -> Area:
    """Put into the draft a new area below *parent* for what is cut off *cut*, and return it."""
    # What is cut off a cell is shared by nobody: it is a micro-grid like any other.
    level = "micro_grid" if cut.level == CELL_LEVEL else cut.level
    code = free_code(snapshot, draft, level, parent, AreaKind(cut.kind))
    area = Area(
        desk.new_uid(),
        code,
        new_name(snapshot, level, code),
        level,
        parent.uid,
        land=Land.DRAWN,
        kind=cut.kind,
        area_class=cut.area_class,
        exclusive_type=cut.exclusive_type,
    )
    draft.add_area(area, desk)
    return area


def new_name(snapshot: Snapshot, level: str, code: str | None) -> str:
    """Return a name for a new area; Chinese like all names of areas."""
    known = snapshot.scheme.level(level)
    return f"新{'区域' if known is None else known.zh}{'' if code is None else code}"


def free_code(
    snapshot: Snapshot, draft: Draft, level: str, parent: Area, kind: AreaKind
) -> str | None:
    """Return the next free code below *parent*, None where the level or the parent has no codes.

    Raises: EditError when the template has run out of numbers.
    """
    template = snapshot.scheme.templates.get(level)
    if template is None or parent.code is None:
        return None
    taken = {*snapshot.code_register.below(parent.code), *draft.new_codes()}
    return next_free(template, parent.code, taken, kind)


def check_date(text: str | None) -> None:
    """Refuse what is no ISO date. Raises: EditError ``edit.bad_date``."""
    if text is None:
        return
    try:
        date.fromisoformat(text)
    except ValueError as fault:
        raise EditError("edit.bad_date", value=text) from fault


@dataclass(frozen=True)
class MakeExempt:
    """Take the face at a place out of what grids must cover, with reason and approver."""

    point: Metres
    reason: str
    approver: str
    until: str | None = None
    name: str | None = None
    is_inside: bool = False
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        if not self.reason.strip() or not self.approver.strip():
            raise EditError("edit.exempt_needs_reason")
        check_date(self.until)
        face = face_of_point(snapshot, self.point, is_inside=self.is_inside)
        draft = Draft(snapshot)
        exempt = Exempt(
            desk.new_uid(), self.reason, self.approver, self.until, self.name, since=desk.today
        )
        draft.put("exempt", exempt)
        give_face(snapshot, draft, desk, face, oid_of(exempt.uid))
        return draft.change("exempt")


@dataclass(frozen=True)
class FrameFromUnion:
    """Take the outer border of all land as the frame."""

    may_move_frame: bool = True

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.no_land``, ``edit.frame_stands``."""
        if snapshot.has_frame:
            raise EditError("edit.frame_stands")
        borders = snapshot.partition.beside(OUTSIDE)
        if not borders:
            raise EditError("edit.no_land")
        # Beyond the outer border lies OUTSIDE: the frame is everything else, holes and all.
        halves = [Half(border, border.left != OUTSIDE) for border in borders]
        rings = [s for ring in rings_of_land(halves) for s in simple_rings(ring_points(ring))]
        outline = to_polygon(parts_of(rings), snapshot.place)
        draft = Draft(snapshot)
        set_frame(draft, snapshot, desk, outline, source="union")
        return draft.change("frame")


def set_frame(
    draft: Draft, snapshot: Snapshot, desk: Desk, outline: shapely.Geometry, source: str
) -> None:
    """Put into the draft that *outline* (plane metres) is the frame."""
    blob = shapely.to_wkb(outline, byte_order=1)
    for known in snapshot.linked("reference_outline", snapshot.root.uid):
        draft.remove("reference_outline", known.uid)
    draft.put(
        "reference_outline",
        ReferenceOutline(
            desk.new_uid(),
            snapshot.root.uid,
            blob,
            source,
            hashlib.sha256(blob).hexdigest(),
            date=desk.today,
        ),
    )
    draft.put("setting", Setting("frame", json.dumps(True)))
