"""What a change does to posts, told while somebody drags, and listed before a merge."""

from __future__ import annotations

import json

import pytest

from gridadmin.app.effects import effects_of
from gridadmin.app.hanging import hanging_on
from gridadmin.app.posts_affected import PostsAffected
from gridadmin.domain.model import Setting
from gridadmin.edit.area_commands import Delete
from gridadmin.edit.assign_commands import Anchor, Assign, Unassign
from gridadmin.edit.command import Command
from gridadmin.edit.document import Document
from gridadmin.edit.land_commands import InsertLine
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.people_records import PutRecord
from gridadmin.edit.vertex_commands import AddVertex
from tests.helpers.projects import document_on, named, place, settings_rows, small_town


@pytest.fixture
def dalian() -> Document:
    """The small town with a member by 200 households; one person is on two posts of A2."""
    store = small_town()
    store.rows["setting"].update({row.uid: row for row in settings_rows(scheme="dalian")})
    ratio = {"member_ratio": {"on": True, "params": {"households_per_member": 10}}}
    store.rows["setting"]["checks"] = Setting("checks", json.dumps(ratio))
    document = document_on(store)
    document.execute(PutRecord("person", {"name": "甲（虚构）", "staff_number": "1"}))
    for post in ("grid_chief", "grid_member"):
        document.execute(Assign("1", Anchor(area=named(document.snapshot, "A2").uid), post, {}))
    return document


def posts(document: Document, command: Command) -> PostsAffected:
    return effects_of(document.preview(command)).posts


def test_a_merge_tells_the_posts_of_the_area_that_vanishes(dalian: Document) -> None:
    uids = [named(dalian.snapshot, key).uid for key in ("A1", "A2")]

    found = posts(dalian, Merge(uids))

    assert (found.posts_gone, found.persons_gone) == (2, 1)
    assert found.seats_after < found.seats_before


def test_posts_that_are_over_are_not_told(dalian: Document) -> None:
    for one in list(dalian.snapshot.rows("assignment").values()):
        dalian.execute(Unassign(one.uid, "2026-01-06"))
    uids = [named(dalian.snapshot, key).uid for key in ("A1", "A2")]

    assert posts(dalian, Merge(uids)).posts_gone == 0


def test_a_new_area_asks_for_seats_of_its_own(dalian: Document) -> None:
    line = InsertLine([place(2.5, 0), place(2.5, 1)], "new", "keep")

    found = posts(dalian, line)

    assert found.posts_gone == 0
    assert found.seats_after == found.seats_before + 1


def test_households_that_move_change_the_seats_by_ratio(dalian: Document) -> None:
    code = named(dalian.snapshot, "A1-2").code or ""

    found = posts(dalian, InsertLine([place(2.8, 0), place(2.8, 1)], code, "keep"))

    assert found.posts_gone == 0
    assert (found.seats_before, found.seats_after) == (13, 12)


def test_without_people_nothing_is_told() -> None:
    document = document_on(small_town())

    assert posts(document, AddVertex(place(4, 0.5), place(4.8, 0.5))) == PostsAffected()


def test_what_hangs_on_an_area_lists_its_people_for_a_decision(dalian: Document) -> None:
    area = named(dalian.snapshot, "A2")
    dalian.execute(PutRecord("organization", {"name": "虚构单位"}))
    dalian.execute(
        PutRecord("party_node", {"name": "虚构支部", "kind": "branch", "area": area.uid})
    )

    hanging = hanging_on(dalian.snapshot, [area.uid])

    found = {one.kind: (one.count, list(one.names)) for one in hanging}

    assert found["posts"] == (2, ["甲（虚构） 网格员", "甲（虚构） 网格长"])
    assert found["bodies"] == (1, ["虚构支部"])
    assert "pairings" not in found


def test_posts_of_a_deleted_area_are_told_too(dalian: Document) -> None:
    micro = named(dalian.snapshot, "A2-1")
    dalian.execute(PutRecord("person", {"name": "乙（虚构）", "staff_number": "2"}))
    dalian.execute(Assign("2", Anchor(area=micro.uid), "micro_grid_member", {}))

    assert posts(dalian, Delete(micro.uid)).posts_gone == 1
