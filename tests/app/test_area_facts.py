"""Facts of one area and of several together."""

from __future__ import annotations

import dataclasses
import json

import pytest
from pyproj import CRS

from gridadmin.app.area_facts import (
    AreaFacts,
    Fit,
    children_by_level,
    facts_of_area,
    fit_of,
    lands_m2,
    totals_of,
)
from gridadmin.domain.model import HouseholdsState, Setting
from gridadmin.domain.scheme import Band
from gridadmin.exchange.import_source import Plane
from gridadmin.partition.snapshot import Snapshot
from tests.helpers.projects import named, small_town


@pytest.fixture
def town() -> Snapshot:
    """The small town, laid at 120° E on the equator, where the plane is nearly true."""
    store = small_town()
    plane = Plane(CRS.from_proj4("+proj=tmerc +lon_0=120 +ellps=GRS80 +units=m"))
    store.rows["setting"]["plane"] = Setting("plane", plane.as_setting())
    return store.snapshot()


def told_of(town: Snapshot, name: str) -> AreaFacts:
    area = named(town, name)
    return facts_of_area(town, area, lands_m2(town, [area]).get(area.uid))


def test_facts_of_a_grid_with_micro_grids(town: Snapshot) -> None:
    facts = told_of(town, "A1")

    assert facts.parent == named(town, "A")
    assert facts.land_m2 == pytest.approx(400.0, abs=0.5)
    # Cells hold 0 + 1 + 1 + 2 households, the tower 30 and a house on a border 9.
    assert (facts.households, facts.state) == (43, HouseholdsState.COUNTED)
    assert facts.buildings == 6
    assert facts.band == Band(300, 500)
    assert facts.fit is Fit.BELOW
    assert not facts.is_typed
    assert facts.children == (("cell", 1), ("micro_grid", 5))


def test_a_stacked_area_has_no_outline_and_counts_its_entrances(town: Snapshot) -> None:
    facts = told_of(town, "A1-5")

    assert facts.land_m2 is None
    assert facts.households == 15


def test_a_typed_figure_is_told_to_come_from_a_person() -> None:
    store = small_town()
    for building in list(store.rows["building"]):
        del store.rows["building"][building]
    town = store.snapshot()

    facts = told_of(town, "B3")

    assert (facts.households, facts.state) == (400, HouseholdsState.TYPED)
    assert facts.is_typed
    assert facts.fit is Fit.WITHIN


@pytest.mark.parametrize(
    ("households", "fit"),
    [(None, Fit.OPEN), (29, Fit.BELOW), (30, Fit.WITHIN), (70, Fit.WITHIN), (71, Fit.ABOVE)],
)
def test_both_ends_belong_to_a_band(households: int | None, fit: Fit) -> None:
    assert fit_of(households, Band(30, 70)) is fit
    assert fit_of(households, None) is Fit.OPEN


def test_children_are_counted_from_the_top_level_down(town: Snapshot) -> None:
    assert children_by_level(town, town.root.uid) == (("community", 2),)
    assert children_by_level(town, named(town, "B1").uid) == ()


def test_land_is_unknown_before_there_is_a_plane() -> None:
    town = small_town().snapshot()

    assert lands_m2(town, [named(town, "A1")]) == {}


def test_totals_of_siblings(town: Snapshot) -> None:
    totals = totals_of(town, [named(town, key).uid for key in ("A1", "A2")])

    assert totals.count == 2
    assert totals.counted_twice == 0
    assert totals.land_m2 == pytest.approx(800.0, abs=1.0)
    assert totals.parent == named(town, "A")
    assert totals.level == "grid"
    assert totals.households == 43 + 2 + 3 + 3 + 4
    assert totals.buildings == 10


def test_what_lies_in_another_selected_area_counts_once(town: Snapshot) -> None:
    alone = totals_of(town, [named(town, "A1").uid])

    both = totals_of(town, [named(town, "A1").uid, named(town, "A1-2").uid])

    assert (both.count, both.counted_twice) == (2, 1)
    assert (
        dataclasses.replace(both, count=1, counted_twice=0, parent=alone.parent, level="grid")
        == alone
    )
    assert (both.parent, both.level) == (None, None)


def test_areas_without_a_figure_are_counted_apart() -> None:
    store = small_town()
    for building in list(store.rows["building"]):
        del store.rows["building"][building]
    town = store.snapshot()

    totals = totals_of(town, [named(town, "A").uid, named(town, "B3").uid])

    assert (totals.households, totals.without_households) == (400, 1)


def test_retired_and_unknown_areas_are_left_out(town: Snapshot) -> None:
    assert totals_of(town, ["nobody", named(town, "B1").uid]).count == 1


def test_the_plane_is_read_as_it_was_stored(town: Snapshot) -> None:
    assert json.loads(town.rows("setting")["plane"].value)["epsg"] is None
    assert lands_m2(town, [named(town, "B3")])[named(town, "B3").uid] == pytest.approx(400, abs=0.5)
