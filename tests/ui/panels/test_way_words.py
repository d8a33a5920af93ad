"""What a way to settle an issue would do, in words."""

from __future__ import annotations

from gridadmin.app.repairs import proposal_of
from gridadmin.edit.assign_commands import Anchor, Assign
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.people_records import PutRecord
from gridadmin.repair.ways import Way
from tests.helpers.projects import document_on, named, small_town
from ui.panels.way_words import figures_of


def test_a_way_tells_the_people_whose_post_loses_its_area() -> None:
    document = document_on(small_town())
    document.execute(PutRecord("person", {"name": "甲（虚构）", "staff_number": "1"}))
    one, other = (named(document.snapshot, key) for key in ("A1", "A2"))
    for post in ("grid_chief", "grid_member"):
        document.execute(Assign("1", Anchor(area=other.uid), post, {}))

    figures = figures_of(proposal_of(document, Way("keep", 1, Merge([one.uid, other.uid]))))

    assert "2 个岗位（1 人）需要重新安排" in figures
