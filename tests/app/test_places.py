"""The worked examples of five places come to the totals that were published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from openpyxl import load_workbook

from gridadmin.app.places.writing import PLACES, made_place
from gridadmin.app.session import Session
from gridadmin.app.staffing import report_json, staffing_json
from gridadmin.domain.model import CELL_LEVEL, Land
from gridadmin.domain.people import PEOPLE
from gridadmin.edit.assign_commands import Anchor, Assign, Unassign
from gridadmin.edit.document import Document
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.figures import in_printed_order
from gridadmin.staffing.report import report_of
from tests.cli.boundaries import boundary_file, box
from tests.cli.runner import run
from tests.helpers.projects import MemoryStore, document_on, settings_rows

DAY = "2026-03-01"
Open = Callable[[str], Session]


@pytest.fixture(scope="session")
def open_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """Opens a place's example, written once, for reading."""
    with ExitStack() as stack:
        known: dict[str, Session] = {}

        def opened(place: str) -> Session:
            if place not in known:
                folder = tmp_path_factory.mktemp(f"{place} 样例")
                ran = run("demo", folder, "--place", place)
                assert ran.code == 0, ran.err
                session = Session.open(folder / "demo.gpkg", write=False)
                known[place] = stack.enter_context(session)
            return known[place]

        yield opened


def report(session: Session, mode: str | None = None) -> dict[str, Any]:
    return staffing_json(session, "zh", DAY, mode)


def kinds(result: dict[str, Any]) -> dict[str, int]:
    return dict(Counter(issue["kind"] for issue in result["issues"]))


def filled(result: dict[str, Any], post: str) -> tuple[int, int]:
    line = next(one for one in result["posts"] if one["post"] == post)
    return line["required"], line["filled"]


@pytest.mark.parametrize("place", PLACES)
def test_a_place_writes_a_project_that_checks_clean_and_a_roster(
    open_place: Open, place: str
) -> None:
    session = open_place(place)
    folder = session.store.path.parent

    assert sorted(path.name for path in folder.iterdir()) == ["demo.gpkg", "roster.xlsx"]
    assert run("check", folder / "demo.gpkg").code == 0
    assert run("staffing", "report", folder / "demo.gpkg", "--day", DAY).code == 0


@pytest.mark.parametrize("place", PLACES)
def test_every_person_is_marked_as_made_up_and_nobody_can_be_dialled(
    open_place: Open, place: str
) -> None:
    persons = open_place(place).snapshot.rows("person").values()

    assert persons
    assert all(person.name.endswith("（虚构）") for person in persons)
    assert all(person.own_phone.startswith("100-") for person in persons)
    assert len({person.name for person in persons}) == len(persons)


@pytest.mark.parametrize("place", PLACES)
def test_whoever_holds_an_office_of_the_party_or_comes_as_a_member_is_one(
    open_place: Open, place: str
) -> None:
    snapshot = open_place(place).snapshot
    persons = snapshot.rows("person")
    offices = ("community_secretary", "total_grid_chief", "branch_secretary", "first_secretary")
    holders = {
        *(one.person for one in snapshot.rows("assignment").values() if one.post in offices),
        *(node.secretary for node in snapshot.rows("party_node").values() if node.secretary),
        *(one.uid for one in persons.values() if one.recruited_from == "党员"),
    }

    assert len(holders) >= 50
    assert {persons[uid].political_status for uid in holders} == {"中共党员"}


def test_xindu_has_184_base_units_10161_micro_grids_and_12518_people_in_them(
    open_place: Open,
) -> None:
    result = report(open_place("xindu"))

    assert (result["base_units"], result["covered"], result["micro_grids"]) == (184, 184, 10_161)
    assert (result["figures"]["communities"], result["figures"]["villages"]) == (105, 79)
    assert filled(result, "micro_grid_member") == (10_161, 12_518)
    assert filled(result, "total_grid_chief") == (184, 184)
    assert filled(result, "grid_member")[0] == filled(result, "grid_member")[1]
    assert len(result["figures"]["compounds"]) == 7


def test_xindu_pairs_61_units_with_184_base_units_in_both_modes(open_place: Open) -> None:
    for mode in ("normal", "emergency"):
        result = report(open_place("xindu"), mode)

        assert (result["mode"], result["pairings"]) == (mode, 184)
        figures = result["figures"]
        assert (figures["paired_units"], figures["paired_base_units"]) == (61, 184)


def test_xindu_keeps_3241_person_times_apart_from_1081_persons(open_place: Open) -> None:
    result = report(open_place("xindu"))

    assert (result["cadres"], result["figures"]["person_times"]) == (1_081, 3_241)


def test_180_temporary_organizations_leave_four_of_184_base_units_without(
    open_place: Open,
) -> None:
    session = open_place("xindu")
    result = report(session, "emergency")

    found = [one for one in result["issues"] if one["kind"] == "emergency_organizations"]
    last = sorted(area.code or "" for area in session.snapshot.areas() if area.level == "community")
    assert [one["area"] for one in found] == last[-4:]
    assert {one["severity"] for one in found} == {"info"}
    bodies = result["figures"]["bodies"]
    assert bodies["temporary_party_organization"] == 180
    assert (bodies["shock_team"], bodies["service_team"]) == (92, 256)
    assert filled(result, "emergency_responder") == (0, 400)
    assert kinds(report(session, "normal")) == {}


def test_xindu_has_105_community_organizations_with_633_units_and_over_1100_items(
    open_place: Open,
) -> None:
    result = report(open_place("xindu"))

    figures = result["figures"]
    assert figures["bodies"]["community_organization"] == 105
    assert (figures["agreement_units"], figures["agreement_items"]) == (633, 1_106)


def test_dalian_covers_1671_base_units_with_525_2486_and_403_cadres(open_place: Open) -> None:
    result = report(open_place("dalian"))

    assert (result["base_units"], result["covered"], result["cadres"]) == (1_671, 1_671, 3_414)
    assert result["figures"]["cadres_by_batch"] == {
        "当年选派到村": 525,
        "当年选派到社区": 2_486,
        "上年选派第一书记": 403,
    }
    assert result["figures"]["cadres_by_base_unit"] == {"village": 928, "community": 2_486}
    assert (result["figures"]["villages"], result["figures"]["communities"]) == (928, 743)


@pytest.fixture
def dalian() -> Document:
    """The example of 大连 in memory, to be changed."""
    return document_on(
        MemoryStore([*made_place("dalian").all_records(), *settings_rows(scheme="dalian")])
    )


def report_after(document: Document) -> dict[str, Any]:
    book = StaffBook(document.snapshot, DAY)
    return report_json(book, report_of(book), "zh")


def test_without_one_first_secretary_exactly_one_village_of_dalian_is_uncovered(
    dalian: Document,
) -> None:
    before = dalian.snapshot
    secretary = min(
        (one for one in before.rows("assignment").values() if one.post == "first_secretary"),
        key=lambda one: str(one.uid),
    )

    dalian.execute(Unassign(secretary.uid, DAY))

    result = report_after(dalian)
    assert result["uncovered"] == [before.area(secretary.anchor).code]
    assert before.area(secretary.anchor).name.endswith("村")
    assert (result["covered"], result["cadres"]) == (1_670, 3_413)


def test_a_cadre_sent_to_a_place_that_the_unit_is_not_paired_with_is_told(
    dalian: Document,
) -> None:
    before = dalian.snapshot
    cadre = next(one for one in before.rows("person").values() if one.organization is not None)
    own = {one.anchor for one in before.linked("assignment", cadre.uid)}
    other = next(
        pair.anchor
        for pair in before.rows("pairing").values()
        if pair.organization != cadre.organization and pair.anchor not in own
    )

    dalian.execute(Assign(cadre.uid, Anchor(area=other), "cadre", {}))

    result = report_after(dalian)
    (found,) = [one for one in result["issues"] if one["kind"] == "cadre_unpaired"]
    assert (found["area"], found["person"]) == (before.area(other).code, cadre.uid)


def test_dalian_has_85_grids_with_members_by_ratio_and_one_facility_per_base_unit(
    open_place: Open,
) -> None:
    session = open_place("dalian")
    result = report(session)

    assert result["grids"] == 85
    assert result["shortfalls"] == []
    required, there = filled(result, "grid_member")
    assert required == there == 211
    assert filled(result, "facility_head") == (1_671, 1_671)
    bodies = result["figures"]["bodies"]
    assert (bodies["base_unit_facility"], bodies["volunteer_station"]) == (1_671, 51)
    assert kinds(result) == {"neglected_building": 68 - 29}


def test_longgang_has_102_communities_in_26_clusters_and_465_cadres(open_place: Open) -> None:
    session = open_place("longgang")
    result = report(session)

    assert (result["base_units"], result["cadres"]) == (102, 465)
    figures = result["figures"]
    assert (figures["merged_from"], figures["quota"]) == (199, 465)
    assert (figures["officials_sent"], figures["officials"]) == (465, 664)
    assert figures["bodies"] == {
        "section": 102, "agency_point": 102, "financial_point": 61, "cluster": 26,
    }  # fmt: skip
    assert filled(result, "section_cadre") == (102, 102)
    assert filled(result, "cluster_leader") == (26, 26)
    assert len(figures["roster_kinds"]) == 5
    assert figures["counts"] == {"household_groups": 6_120}
    assert len(result["units"]) == 15
    assert {(one["sent"], one["due"]) for one in result["units"]} == {(31, 31)}
    assert result["units"][0]["organization"] == "虚构市级部门01（虚构）"
    assert result["facilities"][0]["counts"] == {"agency_point": 1, "financial_point": 1}
    assert figures["paired_units"] == 15
    assert not any(area.level == "street" for area in session.snapshot.areas())


def test_each_community_of_longgang_is_in_exactly_one_cluster_with_one_centre(
    open_place: Open,
) -> None:
    snapshot = open_place("longgang").snapshot
    members = list(snapshot.rows("grouping_member").values())

    communities = {area.uid for area in snapshot.areas() if area.level == "community"}
    assert Counter(row.member for row in members) == Counter(communities)
    centres = Counter(row.grouping for row in members if row.role == "centre")
    assert set(centres.values()) == {1}
    assert len(centres) == 26


def test_sanming_has_five_levels_with_listed_buildings_and_floors(open_place: Open) -> None:
    session = open_place("sanming")
    areas = list(session.snapshot.areas())

    levels = Counter(area.level for area in areas)
    assert [levels[level] for level in ("district", "street", "community")] == [2, 28, 327]
    assert (levels["building"], levels["floor"]) == (36, 216)
    assert CELL_LEVEL not in levels
    assert {area.land for area in areas} == {"listed"}
    result = report(session)
    assert result["covered"] == 327
    assert [filled(result, post) for post in (
        "street_chief", "lane_chief", "patch_chief", "building_chief", "shop_chief",
    )] == [(10, 10), (20, 20), (10, 10), (36, 36), (30, 30)]  # fmt: skip
    for post in (
        "judge",
        "prosecutor",
        "police_officer",
        "justice_officer",
        "urban_management_officer",
    ):
        assert filled(result, post)[1] == 327
    assert result["figures"]["cross_posted_areas"] == 10


def test_shinan_has_11_streets_50_communities_and_52_percent_certified(open_place: Open) -> None:
    session = open_place("shinan")
    result = report(session)

    streets = [area for area in session.snapshot.areas() if area.level == "street"]
    assert (len(streets), result["base_units"], result["grids"]) == (11, 50, 200)
    figures = result["figures"]
    assert (figures["social_workers"], figures["certified"]) == (500, 260)
    assert len(result["certificates"]) == 50
    assert min(one["certified"] for one in result["certificates"]) == 5
    assert set(figures["registered"]) == {
        "office_to_grid", "courtyard_surfacing", "resident_unit_joining", "in_service_return",
    }  # fmt: skip
    assert figures["bodies"] == {"work_station": 50, "patch": 100}


def test_the_check_of_shinan_says_that_the_size_of_grids_is_left_open(open_place: Open) -> None:
    for place, levels in (("shinan", ["grid", "micro_grid"]), ("xindu", [])):
        path = open_place(place).store.path

        checked = run("check", path, "--json", "-").json

        found = [one for one in checked["issues"] if one["kind"] == "band_open"]
        assert [one["level"] for one in found] == levels
        assert {one["severity"] for one in found} <= {"info"}


def test_a_place_takes_the_land_of_its_streets(open_place: Open, chinese_dir: Path) -> None:
    project = chinese_dir / "市南.gpkg"
    copyfile(open_place("shinan").store.path, project)
    streets = [area for area in open_place("shinan").snapshot.areas() if area.level == "street"]
    rows = [
        (
            {"code": street.code, "name": street.name},
            box(1000 * number, 0, 1000 * number + 1000, 900),
        )
        for number, street in enumerate(sorted(streets, key=lambda one: one.code or ""))
    ]

    ran = run(
        "import", project, boundary_file(chinese_dir / "街道.gpkg", rows), "--level", "street"
    )

    assert ran.code == 0, ran.err
    with Session.open(project, write=False) as session:
        drawn = [area for area in session.snapshot.areas() if area.land == Land.DRAWN]
        assert sorted(area.level for area in drawn) == ["district"] + ["street"] * 11
        assert session.snapshot.origin_mm != (0, 0)


def test_the_roster_has_a_row_for_every_post_on_an_area_with_the_columns_of_districts(
    open_place: Open,
) -> None:
    session = open_place("shinan")
    book = load_workbook(session.store.path.parent / "roster.xlsx", read_only=True)

    note, sheet = book.worksheets
    rows = list(sheet.iter_rows(values_only=True))
    assert str(next(note.iter_rows(values_only=True))[0]).startswith("虚构数据")
    assert rows[0][:5] == ("所属街道", "所属社区", "所属网格", "所属微网格", "姓名")
    assert len(rows) - 1 == len(session.snapshot.rows("assignment"))


@pytest.mark.parametrize("place", ["longgang", "sanming"])
def test_importing_the_roster_of_a_place_would_change_nothing(open_place: Open, place: str) -> None:
    path = open_place(place).store.path

    ran = run(
        "roster", "import", path, path.parent / "roster.xlsx", "--preview-only", "--json", "-"
    )

    told = ran.json
    assert told["problems"] == []
    assert (told["persons"]["new"], told["persons"]["changed"]) == (0, 0)
    assert (told["posts"]["new"], told["posts"]["changed"], told["posts"]["ended"]) == (0, 0, 0)


def test_an_example_is_the_same_each_time() -> None:
    first, second = made_place("shinan"), made_place("shinan")

    assert first.all_records() == second.all_records()
    assert {type(one) for one in first.records} & set(PEOPLE.values())


def test_a_place_that_is_none_is_bad_input_and_leaves_nothing(chinese_dir: Path) -> None:
    ran = run("demo", chinese_dir / "样例", "--place", "atlantis")

    assert ran.code == 2
    assert "atlantis" in ran.err
    assert not (chinese_dir / "样例").exists()


def test_a_mode_that_is_none_is_bad_input(open_place: Open) -> None:
    path = open_place("shinan").store.path

    ran = run("staffing", "report", path, "--mode", "holiday")

    assert ran.code == 2
    assert "holiday" in ran.err


def test_no_two_units_of_an_example_share_a_place_in_printed_lists(open_place: Open) -> None:
    units = open_place("xindu").snapshot.rows("organization").values()
    places = sorted(unit.sort_order for unit in units if unit.sort_order is not None)

    assert places == list(range(1, len(places) + 1))
    first = min(units, key=in_printed_order)
    assert first.name == "虚构区级单位01（虚构）"
