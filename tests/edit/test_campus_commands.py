"""A campus in two communities: linked, told by checks, kept up with every edit, and unlinked."""

from __future__ import annotations

import json

import pytest

from gridadmin.base.errors import EditError
from gridadmin.checks.book import IssueBook
from gridadmin.domain.model import Area
from gridadmin.edit.area_commands import Delete, SetField
from gridadmin.edit.campus_commands import JoinCampus, LeaveCampus
from gridadmin.edit.command import Command
from gridadmin.edit.document import Document
from gridadmin.edit.reparent_commands import Reparent
from gridadmin.edit.script import ScriptReader
from gridadmin.partition.campus import campus_of, stem_of, twins_of
from tests.helpers.projects import document_on, named
from tests.helpers.promises import check_book
from tests.helpers.rich_town import rich_town

CAMPUS_KINDS = {"campus_part", "campus_community", "campus_alike"}


class Town:
    """The rich town with the exclusive areas 虚构小学（东区） in A and 虚构小学（西区） in B."""

    def __init__(self) -> None:
        self.document: Document = document_on(rich_town())
        self.east = named(self.document.snapshot, "A4").uid
        self.west = named(self.document.snapshot, "B1").uid
        self.book = IssueBook.of(self.document.snapshot)
        for uid, name in ((self.east, "虚构小学（东区）"), (self.west, "虚构小学（西区）")):
            self.does(SetField(uid, "kind", "exclusive"))
            self.does(SetField(uid, "name", name))

    def does(self, command: Command) -> None:
        """Carry out a command; the issues kept up are those of a full check."""
        done = self.document.execute(command)
        self.book = self.book.after(done.after, done.change, done.touched)
        check_book(self.book, done.after)

    def undoes(self) -> None:
        done = self.document.undo()
        self.book = self.book.after(done.after, done.change, done.touched)
        check_book(self.book, done.after)

    def told(self) -> list[tuple[str, dict[str, object]]]:
        told = ((one.kind, dict(one.params)) for one in self.book.issues())
        # The town has a campus of general areas, too.
        return [one for one in told if one[0] in CAMPUS_KINDS and one[1]["campus"] != "虚构医院"]

    def area(self, uid: str) -> Area:
        return self.document.snapshot.area(uid)


def test_two_exclusive_areas_of_one_name_are_told_until_they_name_each_other() -> None:
    town = Town()
    assert town.told() == [("campus_alike", {"campus": "虚构小学"})]

    town.does(JoinCampus(town.east, town.west))

    assert town.told() == []
    snapshot = town.document.snapshot
    assert [one.uid for one in twins_of(snapshot, town.east)] == [town.west]
    assert [one.uid for one in twins_of(snapshot, town.west)] == [town.east]
    campus = campus_of(snapshot, town.west)
    assert campus is not None
    assert (campus.kind, campus.name) == ("campus", "虚构小学")
    town.undoes()
    assert twins_of(town.document.snapshot, town.east) == []
    assert town.told() == [("campus_alike", {"campus": "虚构小学"})]


def test_a_part_that_is_general_or_gone_or_in_the_same_community_is_told() -> None:
    town = Town()
    town.does(JoinCampus(town.east, town.west))
    lost = ("campus_part", {"campus": "虚构小学", "count": 1})

    town.does(SetField(town.west, "kind", "general"))
    assert town.told() == [lost]
    town.undoes()
    assert town.told() == []
    town.does(Delete(town.west))
    assert town.told() == [lost]
    assert [one.uid for one in twins_of(town.document.snapshot, town.east)] == [town.west]
    town.undoes()
    town.does(Reparent(town.west, named(town.document.snapshot, "A").uid))
    assert town.told() == [("campus_community", {"campus": "虚构小学"})]
    town.undoes()
    town.does(LeaveCampus(town.west))
    assert town.told() == [("campus_alike", {"campus": "虚构小学"})]
    assert campus_of(town.document.snapshot, town.east) is None


def test_a_campus_is_no_cluster() -> None:
    town = Town()
    before = {one.id for one in town.book.issues() if one.kind.startswith("cluster_")}

    town.does(JoinCampus(town.east, town.west))

    assert {one.id for one in town.book.issues() if one.kind.startswith("cluster_")} == before


def test_areas_that_cannot_be_one_campus_are_refused() -> None:
    town = Town()
    general = named(town.document.snapshot, "B2").uid
    beside = named(town.document.snapshot, "A3").uid
    town.does(SetField(beside, "kind", "exclusive"))

    def refused(command: Command) -> str:
        with pytest.raises(EditError) as refusal:
            town.document.execute(command)
        return refusal.value.code

    assert refused(JoinCampus(town.east, general)) == "edit.campus_kind"
    assert refused(JoinCampus(town.east, beside)) == "edit.campus_community"
    assert refused(JoinCampus(town.east, town.east)) == "edit.campus_community"
    assert refused(LeaveCampus(town.east)) == "edit.no_campus"
    town.does(JoinCampus(town.east, town.west))
    assert refused(JoinCampus(beside, town.west)) == "edit.campus_taken"


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ({"area": "X", "with": "Y"}, JoinCampus("X", "Y")),
        ({"area": "X", "with": None}, LeaveCampus("X")),
    ],
)
def test_a_line_is_read_as_its_command(line: dict[str, object], command: Command) -> None:
    assert ScriptReader(lambda _: (0.0, 0.0)).read(json.dumps({"do": "campus", **line})) == command


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("虚构小学（东区）", "虚构小学"),
        ("虚构小学西校区", "虚构小学"),
        ("虚构小学专属网格", "虚构小学"),
        ("虚构小学", "虚构小学"),
        ("第五网格", ""),
        ("12", ""),
    ],
)
def test_the_stem_of_a_name_leaves_out_side_and_level(name: str, stem: str) -> None:
    assert stem_of(name) == stem
