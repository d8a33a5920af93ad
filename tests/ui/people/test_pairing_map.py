"""Pairings as lines over the map."""

from __future__ import annotations

from gridadmin.staffing.pairing_lines import PairingStar
from ui.canvas.overlay import Outline
from ui.main_window import MainWindow


def lines(window: MainWindow) -> int:
    """Return how many lines of pairings are over the map."""
    things = window.map_panel.view.overlay.things("r pairings")
    return sum(len(thing.lines) for thing in things if isinstance(thing, Outline))


def most_paired(window: MainWindow) -> PairingStar:
    """Return the unit with the most places."""
    window.actions_table.action("view.pairings").trigger()
    found = max(window.people.pairings.shown, key=lambda star: len(star.places))
    window.actions_table.action("view.pairings").trigger()
    return found


def test_the_lines_of_a_selected_unit_are_shown_without_a_switch(staffed: MainWindow) -> None:
    star = most_paired(staffed)
    assert lines(staffed) == 0

    staffed.context.selection.select_organization(star.organization.uid)

    assert [one.organization for one in staffed.people.pairings.shown] == [star.organization]
    staffed.context.selection.clear()
    assert staffed.people.pairings.shown == []


def test_all_lines_are_switched_on_and_off(staffed: MainWindow) -> None:
    book = staffed.people.staff.book
    assert book is not None
    units = {one.organization for one in book.pairings() if one.anchor_kind == "area"}

    staffed.actions_table.action("view.pairings").trigger()
    shown = {star.organization.uid for star in staffed.people.pairings.shown}
    staffed.actions_table.action("view.pairings").trigger()

    assert shown == units
    assert staffed.people.pairings.shown == []


def test_a_selected_community_shows_the_units_it_is_paired_with(staffed: MainWindow) -> None:
    book = staffed.people.staff.book
    assert book is not None
    unit = next(area for area in book.base_units() if book.pairings_on(area.uid))
    staffed.actions_table.action("view.pairings").trigger()

    staffed.context.selection.select_areas([unit.uid])

    shown = {star.organization.uid for star in staffed.people.pairings.shown}
    assert shown == {one.organization for one in book.pairings_on(unit.uid)}


def test_other_workspaces_have_no_lines_of_their_own(staffed: MainWindow) -> None:
    star = most_paired(staffed)
    staffed.context.selection.select_organization(star.organization.uid)

    staffed.choose_workspace("boundaries")

    assert staffed.people.pairings.shown == []
