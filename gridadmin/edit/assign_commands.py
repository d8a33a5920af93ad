"""Put persons on posts and take them off, hand over, pair units with places, switch the mode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gridadmin.base.errors import EditError
from gridadmin.domain.change import Change
from gridadmin.domain.model import AreaKind
from gridadmin.domain.people import (
    ANCHOR_TABLES,
    Assignment,
    ModeSwitch,
    Pairing,
    PostSeat,
    holds_on,
)
from gridadmin.domain.scheme import Post
from gridadmin.edit import people_fields as check
from gridadmin.edit.command import find_area
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.people_fields import find_organization, find_person
from gridadmin.edit.people_records import find_record
from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.anchors import level_of_object, seats_by_hand


@dataclass(frozen=True)
class Anchor:
    """What a post or a pairing stands on: an area by code or uid, or a row of another table."""

    area: str | None = None
    table: str = "area"
    uid: str | None = None

    def found(self, snapshot: Snapshot) -> tuple[str, str]:
        """Return table and uid.

        Raises: EditError ``edit.unknown_area``, ``edit.unknown_record``, ``edit.bad_value``.
        """
        if self.area is not None:
            return "area", find_area(snapshot, self.area).uid
        if self.table not in ANCHOR_TABLES:
            raise EditError("edit.bad_value", field="table", value=self.table)
        return self.table, str(find_record(snapshot, self.table, self.uid).uid)


@dataclass(frozen=True)
class Assign:
    """Put a person on a post of an anchor from a day on (today without one).

    *replace* ends the assignments of whoever holds the post there now.
    """

    person: str
    anchor: Anchor
    post: str
    values: Mapping[str, Any]
    replace: bool = False
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        person = find_person(snapshot, self.person)
        table, anchor = self.anchor.found(snapshot)
        post = post_on(snapshot, table, anchor, self.post)
        values = checked_values(snapshot, self.values, ASSIGNMENT)
        since = values.setdefault("valid_from", desk.today)
        draft = Draft(snapshot)
        there = [
            one
            for one in _on(snapshot, table, anchor)
            if one.post == post.key and (one.valid_to is None or one.valid_to > since)
        ]
        if any(one.person == person.uid for one in there):
            raise EditError("edit.already_assigned", person=person.name, post=post.zh)
        if self.replace:
            for one in there:
                draft.put("assignment", replace(one, valid_to=max(since, one.valid_from or since)))
        elif post.most is not None and len(there) >= max(
            post.most, _seats(snapshot, table, anchor, post)
        ):
            raise EditError("edit.post_full", post=post.zh, most=post.most)
        draft.put(
            "assignment",
            Assignment(desk.new_uid(), person.uid, table, anchor, post.key, **values),
        )
        return draft.change("assign", note=f"{person.name} {post.zh}")


@dataclass(frozen=True)
class Unassign:
    """End one assignment on a day (today without one); one that has not begun is taken out."""

    uid: str
    day: str | None = None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        one: Assignment = find_record(snapshot, "assignment", self.uid)
        day = desk.today if self.day is None else check.day(snapshot, "date", self.day)
        draft = Draft(snapshot)
        if one.valid_from is not None and one.valid_from >= day:
            draft.remove("assignment", one.uid)
        else:
            draft.put("assignment", replace(one, valid_to=day))
        return draft.change("unassign", note=_name_of(snapshot, one.person))


@dataclass(frozen=True)
class Handover:
    """Give all posts that a person holds to another from a day on (today without one)."""

    source: str
    target: str
    day: str | None = None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.nothing_to_hand_over`` and others."""
        source, target = find_person(snapshot, self.source), find_person(snapshot, self.target)
        if source.uid == target.uid:
            raise EditError("edit.nothing_to_hand_over", person=source.name)
        day = desk.today if self.day is None else check.day(snapshot, "date", self.day)
        rows = snapshot.linked("assignment", source.uid)
        held = [one for one in rows if one.person == source.uid and holds_on(one, day)]
        if not held:
            raise EditError("edit.nothing_to_hand_over", person=source.name)
        draft = Draft(snapshot)
        for one in held:
            if one.valid_from == day:
                draft.put("assignment", replace(one, person=target.uid))
                continue
            draft.put("assignment", replace(one, valid_to=day))
            draft.put(
                "assignment",
                replace(one, uid=desk.new_uid(), person=target.uid, valid_from=day),
            )
        return draft.change("handover", note=f"{source.name} → {target.name}")


@dataclass(frozen=True)
class Pair:
    """Pair a unit with an area, a cluster or a compound; *kind* is one of the scheme's."""

    organization: str
    anchor: Anchor
    kind: str
    values: Mapping[str, Any]
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.already_paired`` and others."""
        unit = find_organization(snapshot, self.organization)
        table, anchor = self.anchor.found(snapshot)
        kinds = {entry.key: entry for entry in snapshot.scheme.pairings}
        if self.kind not in kinds:
            raise EditError("edit.bad_value", field="kind", value=self.kind)
        values = checked_values(snapshot, self.values, _PAIRING)
        values.setdefault("valid_from", desk.today)
        modes = kinds[self.kind].modes
        values.setdefault("mode", modes[0] if len(modes) == 1 else None)
        for one in snapshot.linked("pairing", anchor):
            same = (one.organization, one.anchor, one.kind) == (unit.uid, anchor, self.kind)
            if same and one.valid_to is None:
                raise EditError("edit.already_paired", organization=unit.name)
        draft = Draft(snapshot)
        draft.put("pairing", Pairing(desk.new_uid(), unit.uid, table, anchor, self.kind, **values))
        return draft.change("pair", note=unit.name)


@dataclass(frozen=True)
class SetSeats:
    """Say how many seats a post has on one anchor; None goes back to what the scheme says."""

    anchor: Anchor
    post: str
    seats: int | None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        table, anchor = self.anchor.found(snapshot)
        post = post_on(snapshot, table, anchor, self.post)
        draft = Draft(snapshot)
        known = [
            row
            for row in snapshot.linked("post_seat", anchor)
            if (row.anchor_kind, row.post) == (table, post.key)
        ]
        for row in known:
            draft.remove("post_seat", row.uid)
        if self.seats is not None:
            seats = check.whole(snapshot, "seats", self.seats)
            uid = known[0].uid if known else desk.new_uid()
            draft.put("post_seat", PostSeat(uid, table, anchor, post.key, seats))
        return draft.change("seats", note=post.zh)


@dataclass(frozen=True)
class SwitchMode:
    """Switch the project to another mode from a day on (today without one)."""

    mode: str
    day: str | None = None
    note: str | None = None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        mode = check.mode(snapshot, "mode", self.mode)
        day = desk.today if self.day is None else check.day(snapshot, "date", self.day)
        note = None if self.note is None else check.text(snapshot, "note", self.note)
        draft = Draft(snapshot)
        draft.put("mode_switch", ModeSwitch(desk.new_uid(), mode, day, desk.author, note))
        return draft.change("mode", note=mode)


def post_on(snapshot: Snapshot, table: str, anchor: str, key: str) -> Post:
    """Return a post that the scheme has on an object. Raises: EditError ``edit.post_not_here``."""
    row = snapshot.rows(table)[anchor]
    level = level_of_object(table, row)
    kind = row.kind if table == "area" else AreaKind.GENERAL
    for post in snapshot.scheme.posts_on(level, kind):
        if post.key == key:
            return post
    raise EditError("edit.post_not_here", post=key, level=level)


ASSIGNMENT: Mapping[str, check.FieldCheck] = {
    "mode": check.mode,
    "role": check.text,
    "batch": check.text,
    "sending_organization": check.organization,
    "is_locked": check.flag,
    "document": check.text,
    "valid_from": check.day,
    "valid_to": check.day,
}
"""What may be said of an assignment, and how it is checked."""

_PAIRING: Mapping[str, check.FieldCheck] = {
    "mode": check.mode,
    "document": check.text,
    "valid_from": check.day,
    "valid_to": check.day,
}


def checked_values(
    snapshot: Snapshot, values: Mapping[str, Any], checks: Mapping[str, check.FieldCheck]
) -> dict[str, Any]:
    """Return values as they are stored, without those that are None. Raises: EditError."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name not in checks:
            raise EditError("edit.unknown_field", field=name, fields=", ".join(checks))
        if value is not None:
            found[name] = checks[name](snapshot, name, value)
    return found


def _on(snapshot: Snapshot, table: str, anchor: str) -> list[Assignment]:
    return [one for one in snapshot.linked("assignment", anchor) if one.anchor_kind == table]


def _seats(snapshot: Snapshot, table: str, anchor: str, post: Post) -> int:
    said = seats_by_hand(snapshot, table, anchor, post.key)
    return post.seats if said is None else said


def _name_of(snapshot: Snapshot, person: str) -> str:
    row = snapshot.rows("person").get(person)
    return "" if row is None else str(row.name)
