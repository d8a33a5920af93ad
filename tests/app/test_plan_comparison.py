"""A plan beside its base: literal figures of what came, went, changed, and changed hands."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from gridadmin.app.plan_comparison import Comparison, Difference, Handover, compare_with_base
from gridadmin.app.plan_report import comparison_json
from gridadmin.app.plan_table import write_plan_table
from gridadmin.base.errors import Cancelled
from gridadmin.edit.area_commands import Create, Delete, SetField
from gridadmin.edit.assign_commands import Anchor, Assign
from gridadmin.edit.document import Document
from gridadmin.edit.land_commands import Give
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.people_records import PutRecord
from gridadmin.edit.plan_commands import OpenPlan, open_plan
from gridadmin.edit.reparent_commands import Reparent
from gridadmin.edit.split_commands import Split
from gridadmin.edit.vertex_commands import AddVertex
from tests.helpers.projects import document_on, named, place, small_town


@pytest.fixture
def document() -> Document:
    document = document_on(small_town())
    document.execute(OpenPlan("虚构方案"))
    return document


def compared(document: Document) -> Comparison:
    plan = open_plan(document.snapshot)
    assert plan is not None
    assert plan.base_revision is not None
    return compare_with_base(document.past(plan.base_revision), document.snapshot, plan)


def told(comparison: Comparison) -> dict[str, list[str]]:
    """Return in which ways each area differs, by its name now, else before."""
    return {
        side.name.removeprefix("虚构"): [str(kind) for kind in area.kinds]
        for area in comparison.areas
        for side in (area.after or area.before,)
        if side is not None
    }


def uid(document: Document, key: str) -> str:
    return named(document.snapshot, key).uid


def moved(document: Document, comparison: Comparison) -> list[tuple[str, str, str, float, int]]:
    """Return level, from, to, land in the plane and households of each handover."""
    rows = document.snapshot.rows("area")

    def name(uid: str | None) -> str:
        return "" if uid is None else rows[uid].name.removeprefix("虚构")

    def told_of(handover: Handover) -> tuple[str, str, str, float, int]:
        land = round(handover.polygon.area, 6)
        ends = name(handover.before), name(handover.after)
        return handover.level, *ends, land, handover.households

    return [told_of(handover) for handover in comparison.handovers]


def test_a_plan_that_changed_nothing_has_nothing_to_tell(document: Document) -> None:
    comparison = compared(document)

    assert (comparison.areas, comparison.handovers, comparison.old_lines) == ((), (), {})
    assert (comparison.land_m2, comparison.households, comparison.buildings) == (0.0, 0, 0)
    assert comparison.changed.is_empty
    assert comparison.plan is not None
    assert comparison.plan.name == "虚构方案"


def test_a_new_node_on_a_border_is_no_difference(document: Document) -> None:
    document.execute(AddVertex(place(1, 0.37), place(1, 0.37)))

    comparison = compared(document)

    assert (comparison.areas, comparison.handovers, comparison.old_lines) == ((), (), {})


def test_what_was_done_and_undone_is_no_difference(document: Document) -> None:
    document.execute(Give(place(6.5, 1.5), uid(document, "B1")))
    document.undo()

    assert compared(document).areas == ()


def test_given_land_changes_hands_with_its_households(document: Document) -> None:
    document.execute(Give(place(6.5, 1.5), uid(document, "B1")))

    comparison = compared(document)

    assert told(comparison) == {"B1": ["reshaped"], "B2": ["reshaped"]}
    assert moved(document, comparison) == [("grid", "B2", "B1", 400.0, 28)]
    assert (comparison.land_m2, comparison.households, comparison.buildings) == (400.0, 28, 4)
    assert comparison.changed.area == pytest.approx(400.0)
    assert list(comparison.old_lines) == ["grid"]


def test_land_that_crosses_levels_changes_hands_at_each_of_them(document: Document) -> None:
    document.execute(Reparent(uid(document, "A2-2"), uid(document, "B1")))

    comparison = compared(document)

    assert told(comparison) == {
        "A": ["reshaped"],
        "B": ["reshaped"],
        "A2": ["reshaped"],
        "B1": ["reshaped"],
        "A2-2": ["reparented"],
    }
    assert moved(document, comparison) == [
        ("community", "A", "B", 100.0, 3),
        ("grid", "A2", "B1", 100.0, 3),
    ]
    assert (comparison.land_m2, comparison.households) == (100.0, 3)


def test_a_merge_leaves_one_area_and_names_the_other(document: Document) -> None:
    document.execute(Merge([uid(document, "A2"), uid(document, "A4")]))

    comparison = compared(document)

    assert told(comparison) == {
        "A2": ["reshaped"],
        "A4": ["removed"],
        "A4-1": ["reparented"],
        "A4-2": ["reparented"],
        "A4-3": ["reparented"],
    }
    assert moved(document, comparison) == [("grid", "A4", "A2", 400.0, 20)]
    gone = next(area for area in comparison.areas if area.after is None)
    assert gone.successors == ("虚构A2",)
    assert gone.code == "990101001001004"
    # The line between the two grids parts micro-grids still, and no grids any more.
    assert comparison.old_lines["grid"].length == pytest.approx(20.0, abs=0.01)
    [grids] = [level for level in comparison.levels if level.level == "grid"]
    assert (grids.areas_before, grids.areas_after) == (8, 7)


def test_a_split_makes_one_area_and_says_where_it_comes_from(document: Document) -> None:
    document.execute(Split([uid(document, "B3")], [place(5, 1.5), place(5, 4.5)], "left"))

    comparison = compared(document)

    new = next(area for area in comparison.areas if area.before is None)
    assert new.kinds == (Difference.ADDED,)
    assert new.predecessors == ("虚构B3",)
    assert new.after is not None
    assert (new.after.parent, new.after.households, new.after.buildings) == ("虚构B", 15, 2)
    assert [row[3:] for row in moved(document, comparison)] == [(200.0, 15)]
    assert comparison.old_lines == {}


def test_another_parent_moves_land_at_the_level_above_alone(document: Document) -> None:
    document.execute(Reparent(uid(document, "A2-2"), uid(document, "A1")))

    comparison = compared(document)

    assert told(comparison) == {"A1": ["reshaped"], "A2": ["reshaped"], "A2-2": ["reparented"]}
    assert moved(document, comparison) == [("grid", "A2", "A1", 100.0, 3)]


def test_names_codes_and_listed_areas_are_told_without_land(document: Document) -> None:
    document.execute(SetField(uid(document, "B1"), "name", "改名"))
    document.execute(SetField(uid(document, "B2"), "code", "990101001002009"))
    document.execute(Create("grid", uid(document, "B"), "新网格"))

    comparison = compared(document)

    assert told(comparison) == {"改名": ["renamed"], "B2": ["recoded"], "新网格": ["added"]}
    assert [area.code for area in comparison.areas] == ["990101001002001", "990101001002009", ""]
    assert comparison.handovers == ()


def test_a_comparison_can_be_cancelled(document: Document) -> None:
    class Stopped:
        def step(self, what: str, done: int, total: int) -> None:
            del what, done, total

        def is_cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        compare_with_base(document.past(0), document.snapshot, None, Stopped())


def test_the_json_names_who_gave_and_who_took(document: Document) -> None:
    document.execute(Give(place(6.5, 1.5), uid(document, "B1")))

    result = comparison_json(document.snapshot, compared(document))

    [handover] = result["handovers"]
    assert handover["from"] == {
        "uid": uid(document, "B2"), "code": "990101001002002", "name": "虚构B2",
    }  # fmt: skip
    assert handover["to"]["name"] == "虚构B1"
    assert (handover["land_m2"], handover["buildings"], handover["persons"]) == (400.0, 4, None)
    assert handover["polygon"]["type"] == "MultiPolygon"
    assert result["counts"]["reshaped"] == 2
    assert result["plan"]["state"] == "draft"


def test_the_workbook_keeps_codes_and_hostile_names_as_texts(
    document: Document, chinese_dir: Path
) -> None:
    document.execute(Give(place(6.5, 1.5), uid(document, "B1")))
    document.execute(SetField(uid(document, "B1"), "name", "=1+1"))
    path = chinese_dir / "对照 表.xlsx"

    write_plan_table(path, document.snapshot, compared(document))

    book = load_workbook(path)
    assert book.sheetnames == ["汇总", "区域变化", "划转明细"]
    areas = [[cell.value for cell in row] for row in book["区域变化"].iter_rows()]
    assert areas[1][:5] == ["网格", "990101001002001", "=1+1", "边界调整、更名", "虚构B1"]
    assert book["区域变化"]["C2"].data_type == "s"
    lands = [[cell.value for cell in row] for row in book["划转明细"].iter_rows()]
    assert lands[1] == [
        "网格", "虚构B2", "990101001002002", "=1+1", "990101001002001", 400, 28, 4,
    ]  # fmt: skip
    summary = {row[0].value: row[2].value for row in book["汇总"].iter_rows()}
    assert summary["方案"] == "虚构方案"
    assert summary["状态"] == "草案"
    assert summary["划转户数"] == 28
    assert list(chinese_dir.iterdir()) == [path]


def test_persons_whose_area_belongs_elsewhere_are_counted_once() -> None:
    document = document_on(small_town())
    for number, (key, post) in enumerate(
        (("A2", "grid_member"), ("A2-1", "micro_grid_member"), ("B1", "grid_member"))
    ):
        document.execute(PutRecord("person", {"name": f"{number}（虚构）"}))
        anchor = Anchor(area=uid(document, key))
        document.execute(Assign(f"{number}（虚构）", anchor, post, {}))
    document.execute(OpenPlan("虚构方案"))
    assert compared(document).persons == 0

    document.execute(Merge([uid(document, "A1"), uid(document, "A2")]))

    comparison = compared(document)
    assert comparison.persons == 2
    told_json = comparison_json(document.snapshot, comparison)
    assert told_json["persons"] == 2
    (grid,) = [one for one in told_json["handovers"] if one["level"] == "grid"]
    assert grid["persons"] == 2
    assert grid["to"]["uid"] == uid(document, "A1")


def test_persons_of_an_area_that_was_deleted_belong_to_nobody_there() -> None:
    document = document_on(small_town())
    document.execute(PutRecord("person", {"name": "甲（虚构）"}))
    micro = uid(document, "A2-1")
    document.execute(Assign("甲（虚构）", Anchor(area=micro), "micro_grid_member", {}))
    document.execute(OpenPlan("虚构方案"))

    document.execute(Delete(micro))

    comparison = compared(document)
    assert comparison.persons == 1
    (gone,) = [one for one in comparison.handovers if one.level == "micro_grid"]
    assert (gone.before, gone.after, gone.persons) == (micro, None, 1)
