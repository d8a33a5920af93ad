"""What the sheet of before and after tells of a plan: what lies in it, and no more."""

from __future__ import annotations

import shapely

from gridadmin.chart.facts import Table, TableColumn, TableRow
from gridadmin.chart.plan_facts import PlanFacts
from gridadmin.edit.merge_commands import Merge
from gridadmin.partition.snapshot import Snapshot
from tests.helpers.projects import document_on, named, small_town

MOVED = (("划转土地", "0.0004 km²"),)
TOTALS = (("网格", "8 → 6"),)


def plan_of_both() -> tuple[PlanFacts, Snapshot]:
    """A plan that merges grids 1 and 2 of A, and 3 and 4 of B; the state after it."""
    document = document_on(small_town())
    before = document.snapshot
    pairs = [[named(before, key).uid for key in keys] for keys in (("A2", "A1"), ("B4", "B3"))]
    for pair in pairs:
        document.execute(Merge(pair))
    gone = [uid for pair in pairs for uid in pair]
    rows = tuple(TableRow((before.area(uid).name,)) for uid in gone)
    facts = PlanFacts(
        name="虚构方案",
        before=before,
        changes=Table("区域变化", (TableColumn("名称"),), rows),
        changed_uids=tuple(gone),
        totals=TOTALS,
        moved=MOVED,
        changed=shapely.MultiPolygon(),
        signatures=(),
    )
    return facts, document.snapshot


def test_the_sheet_of_a_community_lists_only_what_changes_in_it() -> None:
    plan, after = plan_of_both()

    changes = plan.changes_in(after, named(after, "A"))

    assert [row.cells[0] for row in changes.rows] == ["虚构A2", "虚构A1"]
    assert changes.title == "区域变化"


def test_it_counts_its_own_areas_and_tells_nothing_of_what_is_moved_elsewhere() -> None:
    plan, after = plan_of_both()

    assert plan.totals_in(after, named(after, "A"), "zh") == (("网格", "4 → 3"), ("微网格", "16"))
    assert plan.totals_in(after, named(after, "B"), "en") == (("Grid", "4 → 3"),)


def test_the_sheet_of_the_whole_tells_all_of_the_plan() -> None:
    plan, after = plan_of_both()

    assert len(plan.changes_in(after, after.root).rows) == 4
    assert plan.totals_in(after, after.root, "zh") == (*TOTALS, *MOVED)
