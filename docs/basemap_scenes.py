"""Scenes of base maps: choosing one, adding one, taking one along."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QLineEdit, QPushButton

from docs.stage import Stage
from gridadmin.tiles.grid import web_grid
from gridadmin.tiles.local import BASEMAP_NAME
from gridadmin.tiles.source import Kind, Source, Terms
from ui.tiles.basemaps import BaseMaps
from ui.tiles.source_dialog import SourceDialog


def _declare_office(stage: Stage) -> BaseMaps:
    """Declare the map of a made-up office, which nobody is asked for."""
    maps = BaseMaps.of(stage.window.context)
    maps.declare(
        Source(
            "office",
            "区政务电子地图（虚构）",
            Kind.XYZ,
            "http://map.district.example/{z}/{x}/{y}.png",
            name_en="District office map (made up)",
            grid=web_grid(18),
            terms=Terms(pack=True),
        )
    )
    return maps


def _choose(stage: Stage) -> None:
    _declare_office(stage)
    stage.act("map.basemap")


def _add(stage: Stage) -> None:
    stage.act("map.basemap_add")
    dialog = stage.window.findChildren(SourceDialog)[0]
    dialog.page.show_source(
        Source("", "", Kind.MBTILES, str(stage.window.context.bridge.path.with_name(BASEMAP_NAME))),
        "",
    )
    stage.find(QPushButton, "test_source").click()
    stage.wait(lambda: not dialog.picture.pixmap().isNull())
    stage.find(QLineEdit, "source_path").setText(
        stage.words("D:/底图/单位.mbtiles", "D:/maps/office.mbtiles")
    )
    # After the path, whose name is offered.
    dialog.name.setText(stage.words("单位底图（虚构）", "Office map (made up)"))


def _pack(stage: Stage) -> None:
    _declare_office(stage)
    stage.act("map.basemap_pack")
    dialog = stage.window.basemap_work.pack()
    dialog.source.setCurrentIndex(dialog.source.findData("office"))


BASEMAP_SCENES: Mapping[str, Callable[[Stage], None]] = {
    "basemap": _choose,
    "basemap-add": _add,
    "basemap-pack": _pack,
}
