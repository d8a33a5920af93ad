"""Who is named on a sheet: in the table, above it, and in charge of what the sheet is about."""

from __future__ import annotations

import pytest

from gridadmin.chart.choice import ChartChoice
from gridadmin.chart.facts import SheetFacts
from gridadmin.chart.template_reading import load_template
from gridadmin.domain.export_note import Profile
from gridadmin.domain.model import Area
from tests.helpers.charts import demo_snapshot, pages_of, source_of, texts_of

COMMUNITY, GRID = "990001001001", "990001001001001"


def area_of(code: str) -> Area:
    (found,) = [area for area in demo_snapshot().areas() if area.code == code]
    return found


def facts_of(code: str, template: str, **choice: object) -> SheetFacts:
    chosen = ChartChoice(**choice)  # type: ignore[arg-type]
    return source_of(demo_snapshot(), chosen).facts(area_of(code), load_template(template))


@pytest.mark.parametrize(
    ("profile", "phone"), [(Profile.PUBLIC, "100****9001"), (Profile.INTERNAL, "100-09001")]
)
def test_the_sheet_of_a_community_names_its_secretary_and_counts_its_cadres(
    profile: Profile, phone: str
) -> None:
    facts = facts_of(COMMUNITY, "community-a3", profile=profile)

    assert facts.team == (
        ("社区（村）党组织书记", f"金真淮（虚构） {phone}"),
        ("下沉干部", "严水天、冯收藏、冯阳天、华暑荒等 12 人"),
    )


def test_a_grid_card_names_the_grids_own_people_and_has_a_legend() -> None:
    (page,) = pages_of(demo_snapshot(), load_template("grid-card"), area_of(GRID))

    told = texts_of(page)
    assert "网格长：郑秋云" in told
    assert "网格员：吴寒宿" in told
    assert {"team", "legend"} <= {name for name, _ in page.blocks}


def test_a_roster_names_who_is_in_charge_of_each_community_or_that_nobody_is() -> None:
    (root,) = [area for area in demo_snapshot().areas() if area.parent is None]
    facts = source_of(demo_snapshot()).facts(root, load_template("roster-poster"))

    assert facts.staff is not None
    groups = [row.cells[0] for row in facts.staff.rows if row.is_group]
    assert groups[0] == (
        "甲子社区  2,543 户 · 社区（村）党组织书记：金真淮（虚构） 100****9001"
        " · 下沉干部：严水天等 12 人"
    )
    assert "社区（村）党组织书记：空缺" in groups[-1]


def test_without_people_nobody_is_named() -> None:
    assert facts_of(COMMUNITY, "community-a3", has_staff=False).team == ()


def test_the_totals_do_not_count_who_is_named_already() -> None:
    facts = facts_of(GRID, "grid-card")

    assert facts.totals == (
        ("微网格", "8"),
        ("户数", "439"),
        ("面积", "0.7817 km²"),
        ("微网格员", "8 / 8"),
    )
    assert [what for what, _ in facts_of(COMMUNITY, "community-a3").totals] == [
        "网格", "微网格", "户数", "面积", "网格长", "网格员", "微网格员",
        "专属网格长", "专属网格员", "下沉干部",
    ]  # fmt: skip


def test_short_items_of_a_card_are_not_broken_into_lines() -> None:
    (page,) = pages_of(demo_snapshot(), load_template("grid-card"), area_of("990001003003004"))

    assert "面积：0.0380 km²" in texts_of(page)
    assert "微网格员：8 / 8" in texts_of(page)
