"""A street works in its own file; what comes back is taken in, and both sides' word is kept."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from gridadmin.app.reports import verify_json
from gridadmin.app.session import Session
from gridadmin.app.work_package import hand_out, packages_of, read_returned
from gridadmin.base.errors import EditError, GridAdminError, InputError
from gridadmin.base.ids import oid_of
from gridadmin.edit.area_commands import SetField
from gridadmin.edit.command import Command
from gridadmin.edit.land_commands import InsertLine
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.release_content import borders_sha256
from gridadmin.edit.split_commands import SplitEqually
from gridadmin.edit.take_in_command import TakeIn, clashes_of
from gridadmin.edit.vertex_commands import Move
from gridadmin.partition.border import points_of
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import land_parts, to_polygon


def of_level(snapshot: Snapshot, level: str) -> list[Any]:
    return sorted((a for a in snapshot.areas() if a.level == level), key=lambda a: a.code or "")


def handed_out(session: Session, folder: Path) -> tuple[Path, Any]:
    street = of_level(session.snapshot, "street")[0]
    out = hand_out(session, street.uid, folder / "街道 工作包.gpkg")
    session.document.execute(out.note)
    return out.file, street


def working_on(path: Path, act: Callable[[Session], object]) -> None:
    with Session.open(path, write=True) as session:
        act(session)
        assert verify_json(session)["problems"] == []


def taken_in(session: Session, path: Path, **choices: str) -> Any:
    return session.document.execute(TakeIn(read_returned(path, session.snapshot), choices))


def inner_vertex(snapshot: Snapshot, uids: set[str]) -> tuple[tuple[float, float], set[str]]:
    """Return a vertex between two areas, with both: the same in copies whose borders have other
    numbers.
    """
    oids = {oid_of(uid): uid for uid in uids}
    for border in sorted(snapshot.partition, key=lambda one: sorted((one.left, one.right))):
        points = points_of(border)
        points = points if tuple(points[0]) < tuple(points[-1]) else points[::-1]
        if border.left in oids and border.right in oids and len(points) > 2:
            x, y = (points[len(points) // 2] + snapshot.origin_mm).tolist()
            return (x / 1000, y / 1000), {oids[border.left], oids[border.right]}
    raise LookupError


def move(session: Session, uids: set[str], dx: float, dy: float) -> set[str]:
    (x, y), pair = inner_vertex(session.snapshot, uids)
    session.document.execute(Move((x, y), (x + dx, y + dy)))
    return pair


def test_a_package_is_a_sound_project_with_a_locked_frame_and_a_rim(
    session: Session, tmp_path: Path
) -> None:
    path, street = handed_out(session, tmp_path)

    with Session.open(path, write=True) as package:
        assert verify_json(package)["problems"] == []
        state = package.snapshot
        assert state.root.uid == street.uid
        below = {one.uid for one in session.snapshot.descendants(street.uid)}
        assert {a.uid for a in state.areas()} == below | {street.uid}
        assert state.rows("context")
        assert not state.rows("person")
        frame = next(b for b in state.partition if -1 in (b.left, b.right))
        x, y = ((points_of(frame)[1] + state.origin_mm) / 1000).tolist()
        with pytest.raises(EditError) as refusal:
            package.document.execute(Move((x, y), (x + 3, y)))
        assert refusal.value.code == "edit.locked"
    assert [one["area"] for one in packages_of(session.snapshot)] == [street.uid]


def test_what_the_street_changed_comes_in_and_undo_takes_it_back(
    session: Session, tmp_path: Path
) -> None:
    path, street = handed_out(session, tmp_path)
    before = borders_sha256(session.snapshot)

    def work(package: Session) -> None:
        micros = of_level(package.snapshot, "micro_grid")
        package.document.execute(SplitEqually(micros[0].uid, 2, "land"))
        package.document.execute(SetField(micros[1].uid, "name", "街道改名"))
        grid = package.snapshot.area(micros[4].parent)
        siblings = package.snapshot.children(grid.uid)
        package.document.execute(Merge((siblings[1].uid, siblings[2].uid), siblings[1].uid))

    working_on(path, work)
    done = taken_in(session, path)

    assert verify_json(session)["problems"] == []
    with Session.open(path, write=False) as package:
        theirs = {a.uid: a.name for a in package.snapshot.areas()}
    ours = {
        a.uid: a.name
        for a in (session.snapshot.area(street.uid), *session.snapshot.descendants(street.uid))
    }
    assert ours == theirs
    assert dict(done.change.told)["areas"] > 0
    [noted] = packages_of(session.snapshot)
    assert noted["taken_in"]
    session.document.undo()
    assert borders_sha256(session.snapshot) == before
    session.document.redo()
    with pytest.raises(EditError) as again:
        taken_in(session, path)
    assert again.value.code == "edit.nothing_changes"


def test_different_borders_both_come_out_changed(session: Session, tmp_path: Path) -> None:
    path, street = handed_out(session, tmp_path)
    below = {a.uid for a in session.snapshot.descendants(street.uid)}
    micros = {a.uid for a in of_level(session.snapshot, "micro_grid")}
    move(session, micros - below, 1.5, 1.0)
    working_on(path, lambda package: move(package, micros & below, 1.0, 1.5))
    before = borders_sha256(session.snapshot)

    taken_in(session, path)

    assert borders_sha256(session.snapshot) != before
    assert verify_json(session)["problems"] == []


@pytest.mark.parametrize("choice", ["ours", "theirs"])
def test_the_same_border_has_to_be_chosen(session: Session, tmp_path: Path, choice: str) -> None:
    path, _ = handed_out(session, tmp_path)
    grid = of_level(session.snapshot, "grid")[0]
    uids = {a.uid for a in session.snapshot.descendants(grid.uid)}
    pair = move(session, uids, 2.0, 1.0)
    working_on(path, lambda package: move(package, uids, -1.0, -2.0))
    mine = borders_sha256(session.snapshot)
    package = read_returned(path, session.snapshot)
    with pytest.raises(EditError) as refusal:
        session.document.execute(TakeIn(package))
    assert refusal.value.code == "edit.take_in_clashes"

    [clash] = clashes_of(session.snapshot, package).borders
    assert pair <= set(clash.areas)
    if choice == "ours":
        with pytest.raises(EditError) as nothing:
            session.document.execute(TakeIn(package, {clash.key: choice}))
        assert nothing.value.code == "edit.nothing_changes"
        assert borders_sha256(session.snapshot) == mine
        return
    session.document.execute(TakeIn(package, {clash.key: choice}))
    assert verify_json(session)["problems"] == []
    land = {uid: land_of(session.snapshot, uid) for uid in uids}
    assert land == {uid: land_of(package.now, uid) for uid in uids}


def land_of(snapshot: Snapshot, uid: str) -> float:
    parts = land_parts(snapshot.partition, oid_of(uid))
    return round(float(to_polygon(parts, snapshot.place).area), 3)


def test_what_a_new_area_gained_beyond_the_package_follows_its_land(
    session: Session, tmp_path: Path
) -> None:
    path, street = handed_out(session, tmp_path)
    micro, new, (x, y) = split_at_the_edge(session, street.uid)
    working_on(path, lambda package: package.document.execute(SplitEqually(micro, 2, "land")))
    before = land_of(session.snapshot, new)
    for dx, dy in itertools.product((-2.0, 2.0), (-2.0, 2.0)):
        session.document.execute(Move((x, y), (x + dx, y + dy)))
        if land_of(session.snapshot, new) > before:
            break
        session.document.undo()
    whole = session.snapshot.root.uid
    land = land_of(session.snapshot, whole)
    package = read_returned(path, session.snapshot)
    choices = dict.fromkeys(clashes_of(session.snapshot, package).keys, "theirs")
    assert choices

    session.document.execute(TakeIn(package, choices))

    assert session.snapshot.rows("area")[new].valid_to is not None
    assert verify_json(session)["problems"] == []
    assert abs(land_of(session.snapshot, whole) - land) < 0.01


def split_at_the_edge(session: Session, street: str) -> tuple[str, str, tuple[float, float]]:
    """Split a micro-grid so that a new one lies at the edge of the street.

    Return both, and a corner that the new one shares with what lies beyond.
    """
    for micro in of_level(session.snapshot, "micro_grid"):
        before = {area.uid for area in session.snapshot.descendants(street)}
        if micro.uid not in before or not session.snapshot.partition.has_land(oid_of(micro.uid)):
            continue
        session.document.execute(SplitEqually(micro.uid, 3, "land"))
        snapshot = session.snapshot
        inside = {area.uid for area in snapshot.descendants(street)}
        for new in sorted(inside - before):
            for border in snapshot.partition.outline(oid_of(new)):
                sides = [snapshot.owning_area(oid) for oid in (border.left, border.right)]
                points = (points_of(border) + snapshot.origin_mm) / 1000
                if len(points) > 2 and any(one and one.uid not in inside for one in sides):
                    x, y = points[len(points) // 2].tolist()
                    return micro.uid, new, (x, y)
        session.document.undo()
    raise LookupError


def test_a_name_that_both_changed_has_to_be_chosen(session: Session, tmp_path: Path) -> None:
    path, _ = handed_out(session, tmp_path)
    uid = of_level(session.snapshot, "micro_grid")[0].uid
    session.document.execute(SetField(uid, "name", "区里的名字"))
    working_on(path, lambda package: package.document.execute(SetField(uid, "name", "街道的名字")))
    package = read_returned(path, session.snapshot)
    [clash] = clashes_of(session.snapshot, package).fields
    assert (clash.ours, clash.theirs) == ("区里的名字", "街道的名字")

    session.document.execute(TakeIn(package, {clash.key: "theirs"}))

    assert session.snapshot.area(uid).name == "街道的名字"


def test_new_areas_of_both_sides_get_codes_of_their_own(session: Session, tmp_path: Path) -> None:
    path, _ = handed_out(session, tmp_path)
    first, second = of_level(session.snapshot, "micro_grid")[:2]
    session.document.execute(SplitEqually(first.uid, 2, "land"))
    working_on(path, lambda package: package.document.execute(SplitEqually(second.uid, 2, "land")))
    taken_in(session, path)

    codes = [a.code for a in session.snapshot.areas() if a.code]
    assert len(codes) == len(set(codes))
    assert verify_json(session)["problems"] == []


def test_other_files_are_refused(session: Session, demo: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError) as plain:
        read_returned(demo, session.snapshot)
    assert plain.value.code == "work_package.not_one"
    street = of_level(session.snapshot, "street")[0]
    stranger = hand_out(session, street.uid, tmp_path / "b.gpkg").file
    with pytest.raises(InputError) as unknown:
        read_returned(stranger, session.snapshot)
    assert unknown.value.code == "work_package.not_ours"


@contextmanager
def suppress_unchanged() -> Iterator[None]:
    """Let pass that nothing of the package is left to take in, and nothing else."""
    try:
        yield
    except EditError as refusal:
        if refusal.code != "edit.nothing_changes":
            raise


def by_chance(session: Session, chance: random.Random, uids: list[str], steps: int) -> None:
    """Edit areas by chance: splits, merges, moves, lines, names."""
    document = session.document
    for _ in range(steps):
        snapshot = session.snapshot
        alive = [uid for uid in uids if snapshot.area(uid).valid_to is None]
        if not alive:
            return
        one = chance.choice(alive)
        others = [a.uid for a in snapshot.children(snapshot.area(one).parent) if a.uid != one]
        box = session.snapshot.partition.outline(oid_of(one))
        points = [points_of(b) for b in box]
        (ax, ay), (bx, by) = (
            ((chance.choice(points)[0] + snapshot.origin_mm) / 1000).tolist() for _ in range(2)
        )
        commands: list[Command] = [
            SplitEqually(one, 2, "land"),
            SetField(one, "name", f"名{chance.randrange(9)}"),
            Move((ax, ay), (ax + chance.uniform(-3, 3), ay + chance.uniform(-3, 3))),
            InsertLine(((ax, ay), (bx, by)), "keep", "new"),
        ]
        if others:
            commands.append(Merge((one, chance.choice(others)), one))
        with suppress(GridAdminError):
            document.execute(chance.choice(commands))


@pytest.mark.parametrize("seed", range(8))
def test_random_edits_on_both_sides_leave_a_sound_project(
    session: Session, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    path, street = handed_out(session, tmp_path)
    grid = chance.choice(
        [
            a
            for a in session.snapshot.descendants(street.uid)
            if len(session.snapshot.children(a.uid)) > 3 and a.level == "grid"
        ]
    )
    uids = [a.uid for a in session.snapshot.descendants(grid.uid)]
    working_on(path, lambda package: by_chance(package, chance, uids, 8))
    by_chance(session, chance, uids, 8)
    whole = session.snapshot.root.uid
    land = land_of(session.snapshot, whole)
    package = read_returned(path, session.snapshot)
    clashes = clashes_of(session.snapshot, package)
    choices = {key: chance.choice(("ours", "theirs")) for key in clashes.keys}
    with suppress_unchanged():
        session.document.execute(TakeIn(package, choices))

    assert verify_json(session)["problems"] == [], seed
    assert abs(land_of(session.snapshot, whole) - land) < 0.01
