from __future__ import annotations

import pytest
import shapely

from gridadmin.app.effects import AreaEffect, Effects, cut_marks, effects_of
from gridadmin.domain.change import Change
from gridadmin.domain.model import Building, HouseholdsState
from gridadmin.edit.area_commands import Delete, SetField
from gridadmin.edit.command import Command
from gridadmin.edit.document import Document
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.land_commands import Give, InsertLine
from gridadmin.edit.vertex_commands import AddVertex, Move
from gridadmin.partition.snapshot import Snapshot
from tests.helpers.projects import (
    ORIGIN_MM,
    MemoryStore,
    box_m,
    document_on,
    named,
    place,
    small_town,
)


@pytest.fixture
def store() -> MemoryStore:
    return small_town()


@pytest.fixture
def document(store: MemoryStore) -> Document:
    return document_on(store)


def effects(document: Document, command: Command) -> Effects:
    return effects_of(document.preview(command))


def of(found: Effects, name: str) -> AreaEffect:
    (effect,) = [effect for effect in found.areas if effect.name == f"虚构{name}"]
    return effect


def names(found: Effects) -> list[str]:
    return [effect.name.removeprefix("虚构") for effect in found.areas]


def test_a_moved_border_tells_every_level_that_it_parts_the_deepest_first(
    document: Document,
) -> None:
    found = effects(document, AddVertex(place(4, 0.5), place(4.8, 0.5)))

    assert names(found) == ["A2-2", "A2", "B1", "A", "B"]


def test_levels_whose_outline_stays_are_not_told(document: Document) -> None:
    found = effects(document, AddVertex(place(1, 0.5), place(1.2, 0.5)))

    assert names(found) == ["A1-1", "A1-2"]


def test_land_is_told_before_and_after_exactly(document: Document) -> None:
    found = effects(document, AddVertex(place(4, 0.5), place(4.8, 0.5)))

    land = {e.name.removeprefix("虚构"): (e.land_before_m2, e.land_after_m2) for e in found.areas}
    assert land == {
        "A2-2": (100.0, 140.0),
        "A2": (400.0, 440.0),
        "B1": (300.0, 260.0),
        "A": (1600.0, 1640.0),
        "B": (1300.0, 1260.0),
    }


def test_buildings_that_change_hands_are_told_with_their_households(document: Document) -> None:
    found = effects(document, AddVertex(place(4, 0.5), place(4.8, 0.5)))

    # The building of four households in the middle of the first cell of B1.
    assert (found.buildings_moved, found.households_moved) == (1, 4)
    b1, a2 = of(found, "B1"), of(found, "A2-2")
    assert (b1.buildings_before, b1.buildings_after) == (3, 2)
    assert (b1.households_before, b1.households_after) == (15, 11)
    assert (a2.households_before, a2.households_after) == (3, 7)


def test_a_border_that_passes_no_building_moves_none(document: Document) -> None:
    found = effects(document, AddVertex(place(4, 0.5), place(4.2, 0.5)))

    assert (found.buildings_moved, found.households_moved) == (0, 0)


def test_typed_households_are_stale_after_the_border_moved(store: MemoryStore) -> None:
    store.rows["building"].clear()
    found = effects(document_on(store), AddVertex(place(4, 0.5), place(4.2, 0.5)))

    b1, a2 = of(found, "B1"), of(found, "A2-2")
    assert (b1.households_before, b1.households_after) == (400, 400)
    assert (b1.state_before, b1.state_after) == (HouseholdsState.TYPED, HouseholdsState.STALE)
    assert (b1.band_before, b1.band_after) == ("in", "in")
    assert (a2.households_after, a2.state_after, a2.band_after) == (
        None,
        HouseholdsState.UNKNOWN,
        None,
    )


def test_bands_say_in_below_or_above(store: MemoryStore) -> None:
    store.rows["building"].clear()
    other = document_on(store)
    area = named(other.snapshot, "B1")

    found = effects(other, SetField(area.uid, "households", 200))
    above = effects(other, SetField(area.uid, "households", 501))

    (effect,) = found.areas
    assert effect.band is not None
    assert (effect.band.low, effect.band.high) == (300, 500)
    assert (effect.band_before, effect.band_after) == ("in", "below")
    assert above.areas[0].band_after == "above"


def test_a_new_area_begins_with_nothing(document: Document) -> None:
    found = effects(document, InsertLine([place(0.6, -1), place(0.6, 2)], "new", "keep"))

    (new,) = [effect for effect in found.areas if effect.is_new]
    assert (new.land_before_m2, new.households_before, new.buildings_before) == (0.0, None, 0)
    assert (new.land_after_m2, new.households_after, new.buildings_after) == (120.0, 1, 2)
    assert not new.is_gone


def test_a_deleted_area_ends_with_nothing(document: Document) -> None:
    found = effects(document, Delete(named(document.snapshot, "A2-1").uid))

    gone = of(found, "A2-1")
    assert (gone.is_gone, gone.land_before_m2, gone.land_after_m2) == (True, 100.0, 0.0)
    assert gone.households_after is None


def test_land_given_to_nobody_opens_a_gap(document: Document) -> None:
    found = effects(document, Give(place(3.5, 3.5), None))

    assert found.gaps_opened_m2 == 100.0
    assert (found.buildings_moved, found.households_moved) == (1, 6)


def test_land_that_a_divided_parent_keeps_is_a_gap_too(document: Document) -> None:
    parent = named(document.snapshot, "A2").uid
    document.execute(SetField(parent, "divided", True))

    found = effects(document, Give(place(3.5, 3.5), parent))
    assert found.gaps_opened_m2 == 100.0

    marked = effects(document, SetField(named(document.snapshot, "A4").uid, "divided", True))
    assert marked.gaps_opened_m2 == 100.0


def test_a_gap_that_is_filled_opens_none(document: Document) -> None:
    found = effects(document, Give(place(7.5, 2.5), named(document.snapshot, "B4").uid))

    assert found.gaps_opened_m2 == 0.0
    assert of(found, "B4").land_after_m2 == 300.0


def test_moved_borders_open_no_gap(document: Document) -> None:
    assert effects(document, Move(place(4, 1), place(4.2, 1))).gaps_opened_m2 == 0.0


def test_a_renaming_has_no_effect_on_figures(document: Document) -> None:
    found = effects(document, SetField(named(document.snapshot, "B1").uid, "name", "甲"))

    assert found == Effects((), 0, 0, 0.0)


class Build:
    """A command of the kind that later parts of the program bring."""

    may_move_frame = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        draft = Draft(snapshot)
        x, y = place(3.5, 0.5)
        draft.put("building", Building(desk.new_uid(), round(x * 1000), round(y * 1000), 20))
        return draft.change("build")


def test_a_new_building_counts_at_every_level(document: Document) -> None:
    found = effects(document, Build())

    assert names(found) == ["A2-2", "A2", "A", "root"]
    assert {(e.buildings_after or 0) - (e.buildings_before or 0) for e in found.areas} == {1}
    assert {(e.households_after or 0) - (e.households_before or 0) for e in found.areas} == {20}
    assert found.buildings_moved == 0


def test_effects_of_undo_are_those_of_the_edit_the_other_way_round(document: Document) -> None:
    done = document.execute(AddVertex(place(4, 0.5), place(4.8, 0.5)))
    there, back = effects_of(done), effects_of(document.undo())

    assert names(there) == names(back)
    assert [(e.land_before_m2, e.households_before) for e in there.areas] == [
        (e.land_after_m2, e.households_after) for e in back.areas
    ]
    assert (back.buildings_moved, back.households_moved) == (1, 4)


def test_figures_kept_up_from_step_to_step_are_those_counted_anew(
    store: MemoryStore, document: Document
) -> None:
    for x in (4.1, 4.3, 4.6):
        effects(document, AddVertex(place(4, 0.5), place(x, 0.5)))
    document.execute(AddVertex(place(4, 0.5), place(4.6, 0.5)))

    kept = effects_of(document.preview(Move(place(4.6, 0.5), place(4.8, 0.5))))
    anew = effects_of(document_on(store).preview(Move(place(4.6, 0.5), place(4.8, 0.5))))

    assert kept == anew


def test_without_waiting_households_are_unknown_until_they_were_counted(
    document: Document,
) -> None:
    done = document.preview(AddVertex(place(4, 0.5), place(4.2, 0.5)))
    uncounted = effects_of(done, waits=False)
    _ = done.before.counts, done.after.counts

    assert {effect.households_after for effect in uncounted.areas} == {None}
    assert names(uncounted) == names(effects_of(done))
    assert [effect.land_after_m2 for effect in uncounted.areas] == [
        effect.land_after_m2 for effect in effects_of(done).areas
    ]
    assert effects_of(done, waits=False) == effects_of(done)


def test_buildings_that_a_new_border_cuts_are_told_with_their_shape() -> None:
    store = small_town()
    shape = box_m(4.6, 2.4, 0.7, 0.3)
    house = Building(
        "h-cut",
        round(shape.centroid.x * 1000),
        round(shape.centroid.y * 1000),
        7,
        name="虚构楼",
        footprint=shapely.to_wkb(shape, byte_order=1),
    )
    store.rows["building"][house.uid] = house
    line = (place(3.9, 2.5), place(6.1, 2.5))
    done = document_on(store).preview(InsertLine(line, "new", "keep"))

    found = effects_of(done)

    (cut,) = found.cuts
    assert (cut.table, cut.uid, cut.name) == ("building", "h-cut", "虚构楼")
    assert (found.cut("building"), found.cut("compound")) == (1, 0)
    assert cut.point[1] == pytest.approx(25)
    assert cut.rings[0].min(axis=0).tolist() == pytest.approx([46, 24])


def test_without_waiting_nothing_is_cut_before_the_ground_is_known() -> None:
    store = small_town()
    store.rows["building"]["h"] = Building("h", *ORIGIN_MM)
    line = (place(3.9, 2.5), place(6.1, 2.5))
    done = document_on(store).preview(InsertLine(line, "new", "keep"))

    assert cut_marks(done, waits=False) == ()
