"""Say that two exclusive areas of two communities are one campus, or that they aren't any more."""

from __future__ import annotations

from dataclasses import dataclass

from gridadmin.base.errors import EditError
from gridadmin.domain.change import Change
from gridadmin.domain.model import Area, Grouping, GroupingMember
from gridadmin.edit.command import find_area, label
from gridadmin.edit.draft import Desk, Draft
from gridadmin.partition.campus import CAMPUS, campus_of, community_of, is_part, stem_of
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class JoinCampus:
    """Let two exclusive areas in two communities name each other as one campus."""

    area: str
    twin: str
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError and those of :func:`check_twins`."""
        area, twin = find_area(snapshot, self.area), find_area(snapshot, self.twin)
        check_twins(snapshot, area, twin)
        draft = Draft(snapshot)
        name = stem_of(area.name) or area.name
        campus = Grouping(desk.new_uid(), CAMPUS, name)
        draft.put("grouping", campus)
        for one in (area, twin):
            draft.put(
                "grouping_member", GroupingMember(desk.new_uid(), campus.uid, "area", one.uid)
            )
        draft.tell(created=[{"uid": campus.uid, "code": None}])
        return draft.change("join_campus", note=name)


@dataclass(frozen=True)
class LeaveCampus:
    """Take away that an area is a part of a campus, for all its parts."""

    area: str
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, _: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.no_campus``."""
        area = find_area(snapshot, self.area)
        campus = campus_of(snapshot, area.uid)
        if campus is None:
            raise EditError("edit.no_campus", area=label(area))
        draft = Draft(snapshot)
        draft.remove("grouping", campus.uid)
        for row in snapshot.linked("grouping_member", campus.uid):
            if row.grouping == campus.uid:
                draft.remove("grouping_member", row.uid)
        return draft.change("leave_campus", note=campus.name)


def check_twins(snapshot: Snapshot, area: Area, twin: Area) -> None:
    """Refuse two areas that can't be one campus.

    Raises: EditError ``edit.campus_kind``, ``edit.campus_taken``, ``edit.campus_community``.
    """
    for one in (area, twin):
        if not is_part(one):
            raise EditError("edit.campus_kind", area=label(one))
    for one in (area, twin):
        campus = campus_of(snapshot, one.uid)
        if campus is not None:
            raise EditError("edit.campus_taken", area=label(one), campus=campus.name)
    ours, theirs = community_of(snapshot, area), community_of(snapshot, twin)
    if ours is None or theirs is None or ours.uid == theirs.uid:
        raise EditError("edit.campus_community", area=label(area), twin=label(twin))
