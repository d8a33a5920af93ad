"""Colours by groups: the type of compound in which most live, clusters and nets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from gridadmin.app.demo import write_demo
from gridadmin.app.session import Session
from gridadmin.base.ids import oid_of
from tests.edit.test_people_places import Written
from tests.helpers.projects import named
from tests.ui.conftest import OpenWindow
from tests.ui.mapping import area_named, inner_place
from ui.canvas.group_fills import (
    NONE,
    SEVERAL,
    fill_of,
    groups_of,
    keys_of_areas,
    net_kinds,
)
from ui.canvas.picture import paint_picture
from ui.canvas.render import Wanted, render_project
from ui.canvas.scene import MapScene
from ui.canvas.style import PALETTES, FillTheme, MapStyle
from ui.canvas.viewport import Viewport
from ui.main_window import MainWindow

COMPOUND, NET = MapStyle(fills=FillTheme.COMPOUND), MapStyle(fills=FillTheme.NET)


def test_an_area_has_the_type_in_which_most_of_its_households_live(window: MainWindow) -> None:
    snapshot = window.context.bridge.snapshot
    grid = area_named(snapshot, "第一网格", "甲子社区")
    homes: dict[str, int] = {}
    compounds = snapshot.rows("compound")
    below = {grid.uid, *(area.uid for area in snapshot.descendants(grid.uid))}
    for building in snapshot.rows("building").values():
        holder = snapshot.owning_area(snapshot.counts.owner_of(building.uid))
        if building.compound and holder is not None and holder.uid in below:
            kind = compounds[building.compound].compound_type or ""
            homes[kind] = homes.get(kind, 0) + building.households
    assert homes

    keys = keys_of_areas(snapshot, COMPOUND)

    assert keys[oid_of(grid.uid)] == max(homes, key=lambda kind: homes[kind])
    assert set(keys.values()) <= {group.key for group in groups_of(snapshot, COMPOUND)}


def test_a_cluster_colours_its_members_what_is_below_and_what_is_wholly_of_it() -> None:
    town = Written("longgang")
    one = town.line(
        do="grouping", kind="cluster", name="虚构一片区", members=[{"area": town.code("A")}]
    )
    town.line(do="grouping", kind="cluster", name="虚构二片区", members=[{"area": town.code("B1")}])
    snapshot = town.document.snapshot

    keys = keys_of_areas(snapshot, NET)

    a, a1 = (keys[oid_of(named(snapshot, key).uid)] for key in ("A", "A1"))
    assert a == a1 == one.uid
    b, b1 = (keys[oid_of(named(snapshot, key).uid)] for key in ("B", "B1"))
    assert b == b1 != one.uid
    assert keys[oid_of(snapshot.root.uid)] == SEVERAL
    assert [kind.key for kind in net_kinds(snapshot)] == ["cluster"]
    assert [group.name for group in groups_of(snapshot, NET)][:2] == ["虚构一片区", "虚构二片区"]


def test_neither_two_neighbours_in_the_legend_nor_sixteen_groups_look_alike() -> None:
    town = Written("longgang")
    groups = groups_of(town.document.snapshot, COMPOUND)
    looks = {
        (fill.colour, fill.pattern)
        for number in range(16)
        for fill in [fill_of(number, groups[0], PALETTES["light"], "light")]
    }

    assert len(looks) == 16
    patterns = [fill_of(n, groups[0], PALETTES["light"], "light").pattern for n in range(7)]
    assert len(set(patterns)) == 7
    assert groups[-1].key == NONE


def test_members_of_a_cluster_are_painted_in_its_colour() -> None:
    town = Written("longgang")
    town.line(do="grouping", kind="cluster", name="虚构片区", members=[{"area": town.code("A")}])
    snapshot = town.document.snapshot
    scene = MapScene.of(snapshot)
    bounds = scene.bounds()
    assert bounds is not None
    style = replace(NET, has_labels=False, has_borders=False, has_marks=False, fill_opacity=1.0)
    view = Viewport(width_px=400, height_px=300).fitted(bounds)
    image = paint_picture(scene, view, style)
    assert image is not None

    def colour_in(key: str) -> str:
        x, y = view.px_of(inner_place(snapshot, named(snapshot, key)))
        return image.pixelColor(round(x), round(y)).name()

    assert colour_in("A1") == PALETTES["light"].fills[0].lower()
    assert colour_in("B1") not in (colour_in("A1"), PALETTES["light"].ground.lower())


def test_compound_types_are_named_in_the_legend_and_nets_say_why_not(window: MainWindow) -> None:
    net = window.actions_table.action("view.net")
    assert not net.isEnabled()
    assert "还没有区域归入片区" in net.toolTip()

    window.actions_table.action("view.compound").trigger()

    legend = window.map_panel.legend
    assert legend.isVisible()
    assert legend.words[:2] == ["商品房小区", "老旧小区"]
    assert legend.words[-1] == "没有小区住户"


def test_clusters_of_a_place_are_named_in_the_legend(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    write_demo(tmp_path, place="longgang")
    window = open_window()
    window.open_project(tmp_path / "demo.gpkg")
    qtbot.waitUntil(lambda: window.context.bridge.is_open, timeout=60_000)

    window.actions_table.action("view.net").trigger()

    words = window.map_panel.legend.words
    assert len(words) == 14
    assert words[-3:] == ["另有 15 个", "分属几个", "不在其中"]


def test_themes_of_groups_are_rendered_without_a_window(tmp_path: Path) -> None:
    write_demo(tmp_path)
    project = tmp_path / "demo.gpkg"
    with Session.open(project, write=False) as session:
        assert session.snapshot.rows("compound")
    pictures = []
    for theme in ("plain", "compound", "net:cluster-dark"):
        out = tmp_path / "out.png"
        render_project(project, out, Wanted("300x200", theme=theme))
        pictures.append(out.read_bytes())

    assert len(set(pictures)) == 3
