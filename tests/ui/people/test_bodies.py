"""Clusters, teams, agreements, facilities, streets and compounds, by mouse and keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import shapely
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTreeWidgetItem,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gridadmin.domain.model import Area
from gridadmin.edit.people_records import PutRecord
from gridadmin.staffing.seats import SeatState
from tests.ui.conftest import OpenWindow
from tests.ui.hands import tap
from tests.ui.mapping import click
from tests.ui.panels.conftest import said
from tests.ui.people.acting import LEFT, dialog_of, drop, key, row_where
from tests.ui.people.conftest import known, seats
from tests.ui.test_accessible_names import nameless
from ui.main_window import MainWindow
from ui.people.bodies_page import BodiesPage
from ui.people.body_forms import AgreementForm, FacilityForm, StreetForm
from ui.people.body_page import BodyPage
from ui.people.compound_form import CompoundForm
from ui.people.group_form import GroupingForm, TeamForm
from ui.people.member_list import MemberList
from ui.people.page import SeatRow
from ui.people.pick_field import PickDialog, PickField
from ui.people.pick_person import PickPersonDialog
from ui.people.pick_seat import PickSeatDialog
from ui.people.record_forms import EndRecordForm, PairForm
from ui.people.staff import today


def bodies(window: MainWindow, table: str) -> BodiesPage:
    """Show the list of a table by its button."""
    window.actions_table.action("people.bodies").trigger()
    QApplication.processEvents()
    page = window.people.panel.widget_of("bodies")
    assert isinstance(page, BodiesPage)
    press(page, f"bodies-{table}")
    return page


def shown(page: BodiesPage, column: int) -> list[str]:
    """Return what a column of the list says."""
    return [page.model.text_at(row, column) for row in range(page.model.rowCount())]


def press(widget: QWidget, name: str) -> None:
    """Press a button by the mouse."""
    button = widget.findChild(QPushButton, name)
    assert button is not None, name
    tap(button)
    QApplication.processEvents()


def type_into(field: QWidget, text: str) -> None:
    """Type into a field; what no key stands for comes as from an input method."""
    if text.isascii():
        QTest.keyClicks(field, text)
    else:
        assert isinstance(field, QLineEdit)
        field.insert(text)
    QApplication.processEvents()


def write(widget: QWidget, name: str, text: str) -> None:
    """Type into the field of a name."""
    field = widget.findChild(QWidget, name)
    assert field is not None, name
    if isinstance(field, QSpinBox):
        field.selectAll()
    type_into(field, text)


def pick(window: MainWindow, field: PickField, typed: str) -> None:
    """Choose from the list behind a field by keys alone."""
    field.button.setFocus()
    QTest.keyClick(field.button, Qt.Key.Key_Space)
    take(window, typed)


def take(window: MainWindow, typed: str) -> str:
    """Type into the open list and take the first row; return its name."""
    dialog = dialog_of(window, PickDialog)
    type_into(dialog.list.field, typed)
    key(dialog.list.field, Qt.Key.Key_Return)
    return typed


def rows(window: MainWindow, table: str) -> list[Any]:
    """Return the rows of a table."""
    return list(window.context.bridge.snapshot.rows(table).values())


def communities(window: MainWindow) -> list[Area]:
    """Return the communities by code."""
    areas = window.context.bridge.snapshot.areas()
    return sorted((a for a in areas if a.level == "community"), key=lambda a: a.code or "")


def middle(window: MainWindow, area: Area) -> tuple[float, float]:
    """Return a place that is surely in an area, local metres."""
    from shapely import Point

    from gridadmin.base.ids import oid_of
    from gridadmin.partition.walk import land_parts, to_polygon

    snapshot = window.context.bridge.snapshot
    shape = to_polygon(land_parts(snapshot.partition, oid_of(area.uid)), snapshot.place)
    point = shape.representative_point()
    assert isinstance(point, Point)
    return window.context.bridge.to_local((point.x, point.y))


def neighbour(window: MainWindow, area: Area) -> Area:
    """Return a community that shares a border with another."""
    from gridadmin.checks.groups import pieces_of

    snapshot = window.context.bridge.snapshot
    found = (a for a in communities(window) if a.uid != area.uid)
    return next(other for other in found if pieces_of(snapshot, [area, other]) == 1)


def apart(window: MainWindow, area: Area) -> Area:
    """Return a community that doesn't."""
    from gridadmin.checks.groups import pieces_of

    snapshot = window.context.bridge.snapshot
    found = (a for a in communities(window) if a.uid != area.uid)
    return next(other for other in found if pieces_of(snapshot, [area, other]) == 2)


def select_member(members: MemberList, name: str) -> QTreeWidgetItem:
    """Click the row of a member."""
    item = next(
        item
        for number in range(members.rows.topLevelItemCount())
        if (item := members.rows.topLevelItem(number)) is not None and item.text(0) == name
    )
    at = members.rows.visualItemRect(item).center()
    QTest.mouseClick(members.rows.viewport(), LEFT, pos=at)
    QApplication.processEvents()
    return item


def test_a_cluster_is_made_by_clicks_on_the_map_and_taken_back_by_one_undo(
    bodied: MainWindow, qtbot: QtBot
) -> None:
    window = bodied
    first = communities(window)[0]
    second = neighbour(window, first)
    window.map_panel.zoom_all()
    page = bodies(window, "grouping")
    press(page, "body-new")
    form = dialog_of(window, GroupingForm)
    write(form, "name", "一号片区（虚构）")
    press(form, "pick-on-map")
    for area in (first, second):
        click(window, middle(window, area))

    assert [one.name for one in form.list.members] == [first.name, second.name]
    assert form.warning.said == "应有且只有一个中心，现在有 0 个。"
    select_member(form.list, first.name)
    press(form, "role")
    assert form.warning.said == ""
    QTest.keyClick(window.map_panel.view, Qt.Key.Key_Escape)
    assert not form.map_button.isChecked()
    press(form, "main")
    known(qtbot, window)

    (cluster,) = rows(window, "grouping")
    assert {(one.member, one.role) for one in rows(window, "grouping_member")} == {
        (first.uid, "centre"),
        (second.uid, None),
    }
    assert page.uid == cluster.uid
    window.inspector.refresh()
    assert isinstance(window.inspector.page, BodyPage)
    window.actions_table.action("edit.undo").trigger()
    assert rows(window, "grouping") == rows(window, "grouping_member") == []


def test_a_second_click_takes_a_community_out_again_and_esc_gives_the_map_back(
    bodied: MainWindow,
) -> None:
    window = bodied
    area = communities(window)[0]
    window.map_panel.zoom_all()
    page = bodies(window, "grouping")
    press(page, "body-new")
    form = dialog_of(window, GroupingForm)
    press(form, "pick-on-map")
    click(window, middle(window, area))
    click(window, middle(window, area))

    assert form.list.members == ()
    form.reject()
    assert window.map_panel.tool is window.map_panel.tools["tool.select"]
    click(window, middle(window, area))
    assert window.context.selection.areas


def test_the_form_tells_members_that_are_apart_or_in_another_cluster(
    bodied: MainWindow, qtbot: QtBot
) -> None:
    window = bodied
    first = communities(window)[0]
    far = apart(window, first)
    told = ""
    for name in ("一号（虚构）", "二号（虚构）"):
        window.context.selection.select_areas([first.uid, far.uid])
        window.actions_table.action("people.new_grouping").trigger()
        form = dialog_of(window, GroupingForm)
        assert len(form.list.members) == 2
        write(form, "name", name)
        told = form.warning.said
        press(form, "main")
        known(qtbot, window)
        window.context.selection.clear()

    assert "成员应连成一片，现在分成 2 片。" in told
    assert f"{first.name}已在“一号（虚构）”中。" in told


def test_a_member_is_added_from_the_list_by_keys_and_taken_out_by_delete(
    bodied: MainWindow,
) -> None:
    window = bodied
    first = communities(window)[0]
    window.actions_table.action("people.new_grouping").trigger()
    form = dialog_of(window, GroupingForm)
    write(form, "name", "片区（虚构）")
    press(form, "add-area")
    take(window, first.code or "")

    assert [one.uid for one in form.list.members] == [first.uid]
    select_member(form.list, first.name)
    key(form.list.rows, Qt.Key.Key_Delete)
    assert form.list.members == ()
    assert nameless(form) == []
    form.reject()


def test_a_team_gets_its_people_with_roles_and_belongs_to_the_mode_of_the_scheme(
    bodied: MainWindow, qtbot: QtBot
) -> None:
    window = bodied
    community = communities(window)[0]
    person = min(rows(window, "person"), key=lambda one: str(one.uid))
    window.context.selection.select_areas([community.uid])
    page = bodies(window, "team")
    press(page, "body-new")
    form = dialog_of(window, TeamForm)
    form.kind.setCurrentIndex(form.kind.findData("shock_team"))
    write(form, "name", "突击队（虚构）")
    press(form, "add-person")
    take(window, person.staff_number or person.name)
    item = form.list.rows.topLevelItem(0)
    assert item is not None
    key(form.list.rows, Qt.Key.Key_F2)
    editor = form.list.rows.findChild(QLineEdit)
    assert editor is not None
    type_into(editor, "队长")
    key(editor, Qt.Key.Key_Return)
    press(form, "main")
    known(qtbot, window)

    (team,) = rows(window, "team")
    (member,) = rows(window, "team_member")
    assert (team.anchor, team.mode) == (community.uid, "emergency")
    assert (member.person, member.role) == (person.uid, "队长")


def test_a_facility_gets_its_place_by_a_click_and_its_community_with_it(
    bodied: MainWindow, qtbot: QtBot
) -> None:
    window = bodied
    community = communities(window)[0]
    window.map_panel.zoom_all()
    page = bodies(window, "point_object")
    press(page, "body-new")
    form = dialog_of(window, FacilityForm)
    form.kind.setCurrentIndex(form.kind.findData("agency_point"))
    write(form, "name", "代办点（虚构）")
    press(form, "pick-on-map")
    assert not form.isVisible()
    place = middle(window, community)
    click(window, place)
    assert form.isVisible()
    press(form, "main")
    known(qtbot, window)

    (made,) = [one for one in rows(window, "point_object") if one.name == "代办点（虚构）"]
    metres = window.map_panel.view.view.metres_per_px
    x, y = window.context.bridge.to_local((made.x_mm / 1000, made.y_mm / 1000))
    assert (made.kind, made.area) == ("agency_point", community.uid)
    assert max(abs(x - place[0]), abs(y - place[1])) <= metres


def test_a_shop_gets_its_chief_from_its_own_page(bodied: MainWindow, qtbot: QtBot) -> None:
    window = bodied
    page = bodies(window, "point_object")
    press(page, "body-new")
    form = dialog_of(window, FacilityForm)
    write(form, "name", "小店（虚构）")
    form.kind.setCurrentIndex(form.kind.findData("shop"))
    press(form, "main")
    known(qtbot, window)
    window.inspector.refresh()
    (shop,) = [one for one in rows(window, "point_object") if one.kind == "shop"]

    press(window.inspector, f"act-{shop.uid} shop_chief 0")
    chosen = dialog_of(window, PickPersonDialog)
    assert chosen.candidate is not None
    name = chosen.candidate.person.name
    key(chosen.list.field, Qt.Key.Key_Return)
    known(qtbot, window)
    window.inspector.refresh()

    held = [one for one in rows(window, "assignment") if one.anchor_kind == "point_object"]
    assert [(one.anchor, one.post) for one in held] == [(shop.uid, "shop_chief")]
    assert name in said(window.inspector)
    assert dict(zip(shown(page, 0), shown(page, 4), strict=True))["小店（虚构）"] == name


def test_a_road_of_the_map_gets_a_street_chief_where_it_is_selected(
    bodied: MainWindow, qtbot: QtBot
) -> None:
    window = bodied
    road = min(
        (
            one
            for one in rows(window, "line_object")
            if one.kind == "road" and one.road_class not in ("lane", "path") and one.name
        ),
        key=lambda one: str(one.uid),
    )
    window.context.selection.select_thing("line_object", road.uid)
    window.inspector.refresh()
    assert isinstance(window.inspector.page, BodyPage)
    press(window.inspector, "more-street_chief")
    key(dialog_of(window, PickPersonDialog).list.field, Qt.Key.Key_Return)
    known(qtbot, window)

    held = [one for one in rows(window, "assignment") if one.anchor_kind == "line_object"]
    assert [(one.anchor, one.post) for one in held] == [(road.uid, "street_chief")]
    page = bodies(window, "line_object")
    assert shown(page, 0) == [road.name]
    key(page.view, Qt.Key.Key_Down)
    assert page.end_button.toolTip() == "它来自导入的图层，在这里只能指派人员。"


def test_an_agreement_names_two_units_and_is_found_on_their_cards(
    bodied: MainWindow, qtbot: QtBot
) -> None:
    window = bodied
    one, other = sorted(rows(window, "organization"), key=lambda row: row.name)[:2]
    page = bodies(window, "agreement")
    press(page, "body-new")
    form = dialog_of(window, AgreementForm)
    assert form.act_button.toolTip() == "请选择社会组织和单位。"
    pick(window, form.community, one.name)
    pick(window, form.unit, other.name)
    write(form, "items", "11")
    press(form, "main")
    known(qtbot, window)

    (made,) = rows(window, "agreement")
    assert (made.community_organization, made.unit, made.items) == (one.uid, other.uid, 11)
    window.people.show_unit(other.uid)
    window.inspector.refresh()
    assert one.name in said(window.inspector)
    assert "11 项" in said(window.inspector)


def test_nothing_is_cut_off_in_the_english_form_of_an_agreement(
    open_window: OpenWindow, staffed_file: Path, qtbot: QtBot
) -> None:
    window = open_window(staffed_file, lang="en")
    window.choose_workspace("people")
    known(qtbot, window)
    window.actions_table.action("people.new_agreement").trigger()
    QApplication.processEvents()
    form = dialog_of(window, AgreementForm)

    fields = [*form.findChildren(QLabel), *form.findChildren(QPushButton)]
    seen = [one for one in fields if one.isVisible()]
    assert "Community organization" in [one.text() for one in seen if isinstance(one, QLabel)]
    for one in seen:
        needed = one.heightForWidth(one.width()) if one.hasHeightForWidth() else 0
        assert one.height() >= max(needed, one.minimumSizeHint().height()), one
    form.close()


def test_streets_and_compounds_are_made_changed_and_taken_out(
    bodied: MainWindow, qtbot: QtBot
) -> None:
    window = bodied
    before = len(rows(window, "compound"))
    page = bodies(window, "line_object")
    press(page, "body-new")
    street = dialog_of(window, StreetForm)
    write(street, "name", "虚构一街")
    press(street, "main")
    known(qtbot, window)
    page = bodies(window, "compound")
    press(page, "body-new")
    compound = dialog_of(window, CompoundForm)
    write(compound, "name", "虚构小区")
    press(compound, "main")
    known(qtbot, window)

    assert [one.name for one in rows(window, "line_object") if one.kind == "street"] == ["虚构一街"]
    assert len(rows(window, "compound")) == before + 1
    key(page.view, Qt.Key.Key_Return)
    change = dialog_of(window, CompoundForm)
    write(change, "name", "虚构小区甲")
    press(change, "main")
    known(qtbot, window)
    assert "虚构小区甲" in {one.name for one in rows(window, "compound")}
    key(page.view, Qt.Key.Key_Delete)
    press(dialog_of(window, EndRecordForm), "main")
    known(qtbot, window)
    assert len(rows(window, "compound")) == before


def test_every_kind_of_body_is_listed_and_narrowed_by_typed_words(
    bodied: MainWindow, qtbot: QtBot
) -> None:
    window = bodied
    for name in ("北店（虚构）", "南店（虚构）"):
        window.people.bodies.new("point_object")
        form = dialog_of(window, FacilityForm)
        write(form, "name", name)
        press(form, "main")
        known(qtbot, window)
    page = bodies(window, "point_object")

    type_into(page.field, "南店")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=5_000)

    assert shown(page, 0) == ["南店（虚构）"]
    assert nameless(page) == []


def test_what_the_scheme_lacks_can_not_be_made_and_the_tip_says_so(staffed: MainWindow) -> None:
    page = bodies(staffed, "grouping")

    assert page.new_button.toolTip() == "方案没有规定片区或分组。"


def test_a_person_dropped_on_the_seat_of_a_street_gets_that_seat_and_no_other(
    bodied: MainWindow, qtbot: QtBot
) -> None:
    window = bodied
    for name in ("虚构一街", "虚构二街"):
        window.people.bodies.new("line_object")
        form = dialog_of(window, StreetForm)
        write(form, "name", name)
        press(form, "main")
        known(qtbot, window)
    window.inspector.refresh()
    table = seats(window)
    row = row_where(table, lambda seat: seat.state is SeatState.UNASSIGNED)
    data = table.model.mimeData([table.model.index(row, 0)])
    (street,) = [one for one in rows(window, "line_object") if one.name == "虚构二街"]
    gap = window.inspector.page.findChild(SeatRow, f"seat-{street.uid} street_chief 0")
    assert gap is not None

    assert drop(gap, QPointF(gap.rect().center()), data)
    dialog = dialog_of(window, PickSeatDialog)
    key(dialog.list.field, Qt.Key.Key_Return)
    known(qtbot, window)

    held = [one for one in rows(window, "assignment") if one.anchor_kind == "line_object"]
    assert [one.anchor for one in held] == [street.uid]


def test_a_seat_on_a_shop_is_found_by_its_name_and_stands_in_its_community(
    bodied: MainWindow, qtbot: QtBot
) -> None:
    window = bodied
    community = communities(window)[0]
    window.context.selection.select_areas([community.uid])
    window.people.bodies.new("point_object", "shop")
    form = dialog_of(window, FacilityForm)
    write(form, "name", "虚构小店")
    press(form, "main")
    known(qtbot, window)
    table = seats(window)
    table.focus_field()
    write(table, "seat_field", "虚构小店")

    qtbot.waitUntil(lambda: len(table.model.matching()) == 1, timeout=5_000)
    (seat,) = table.model.matching()
    assert seat.post is not None
    assert seat.post.key == "shop_chief"
    said_there = [
        table.model.data(table.model.index(0, n)) for n in range(table.model.columnCount())
    ]
    assert community.name in said_there


def test_a_compound_is_paired_with_a_unit_and_parted_again_on_its_page(
    bodied: MainWindow, qtbot: QtBot
) -> None:
    window = bodied
    compound = min(rows(window, "compound"), key=lambda one: str(one.uid))
    window.context.selection.select_thing("compound", compound.uid)
    window.inspector.refresh()
    press(window.inspector, "pair")
    form = dialog_of(window, PairForm)
    key(form.list.field, Qt.Key.Key_Return)
    known(qtbot, window)
    window.inspector.refresh()

    (made,) = [one for one in rows(window, "pairing") if one.anchor == compound.uid]
    assert made.anchor_kind == "compound"
    press(window.inspector, f"unpair-{made.uid}")
    press(dialog_of(window, EndRecordForm), "main")
    known(qtbot, window)
    (made,) = [one for one in rows(window, "pairing") if one.anchor == compound.uid]
    assert made.valid_to == today()


def test_a_body_that_is_undone_leaves_no_page_of_something_else(
    bodied: MainWindow, qtbot: QtBot
) -> None:
    window = bodied
    window.context.selection.clear()
    window.people.bodies.new("line_object")
    form = dialog_of(window, StreetForm)
    write(form, "name", "虚构一街")
    press(form, "main")
    known(qtbot, window)
    window.inspector.refresh()
    assert "虚构一街" in said(window.inspector)
    window.actions_table.action("edit.undo").trigger()
    known(qtbot, window)
    window.inspector.refresh()

    assert "虚构一街" not in said(window.inspector)
    window.choose_workspace("boundaries")
    assert "虚构一街" not in said(window.inspector)


def test_the_list_opens_on_the_first_kind_of_which_there_are_some(
    bodied: MainWindow, qtbot: QtBot
) -> None:
    assert rows(bodied, "grouping") == []
    assert rows(bodied, "point_object") != []
    bodied.actions_table.action("people.bodies").trigger()
    QApplication.processEvents()
    page = bodied.people.panel.widget_of("bodies")
    assert isinstance(page, BodiesPage)
    assert page.table == "point_object"
    assert shown(page, 0) != []

    press(page, "bodies-team")
    bodied.context.bridge.execute(PutRecord("street", {"kind": "street_line", "name": "某街"}))
    known(qtbot, bodied)
    assert page.table == "team"


def test_a_compound_gets_its_outline_by_clicks_on_the_map(bodied: MainWindow, qtbot: QtBot) -> None:
    window = bodied
    window.map_panel.zoom_all()
    page = bodies(window, "compound")
    press(page, "body-new")
    form = dialog_of(window, CompoundForm)
    write(form, "name", "Yard")
    press(form, "pick-on-map")
    assert not form.isVisible()
    x, y = middle(window, communities(window)[0])
    corners = [(x, y), (x + 200, y), (x + 200, y + 150), (x, y + 150)]
    for corner in corners:
        click(window, corner)
    QTest.keyClick(window.map_panel.view, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert form.isVisible()
    press(form, "main")
    known(qtbot, window)

    (made,) = [one for one in rows(window, "compound") if one.name == "Yard"]
    land = shapely.from_wkb(made.outline)
    px = window.map_panel.view.view.metres_per_px
    assert abs(land.area - 200 * 150) < 500 * 2 * px
    inside = [one for one in rows(window, "building") if one.compound == made.uid]
    assert all(land.contains(shapely.Point(one.x_mm / 1000, one.y_mm / 1000)) for one in inside)
    assert inside != []
    window.context.bridge.undo()
    assert all(one.name != "Yard" for one in rows(window, "compound"))
    assert all(one.compound != made.uid for one in rows(window, "building"))


def test_escape_gives_the_outline_up_and_the_form_comes_back(bodied: MainWindow) -> None:
    window = bodied
    window.map_panel.zoom_all()
    page = bodies(window, "compound")
    press(page, "body-new")
    form = dialog_of(window, CompoundForm)
    press(form, "pick-on-map")
    click(window, middle(window, communities(window)[0]))
    QTest.keyClick(window.map_panel.view, Qt.Key.Key_Escape)
    assert not form.isVisible()
    QTest.keyClick(window.map_panel.view, Qt.Key.Key_Escape)
    QApplication.processEvents()

    assert form.isVisible()
    assert form.values() == {}
    form.reject()
