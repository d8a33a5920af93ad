"""Scenes of the checks: the list, ways to settle an issue, many at once, settings, acceptance."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QPushButton

from docs.stage import Stage
from gridadmin.app.creation import new_project
from gridadmin.app.importing import Request, import_file
from gridadmin.domain.issue import Issue
from ui.dialogs.accept_dialog import AcceptDialog
from ui.dialogs.check_settings import CheckSettings
from ui.panels.settle import SettleSection
from ui.panels.way_button import WayButton

_LEVELS = ("street", "community", "grid", "micro_grid")


def _list(stage: Stage) -> None:
    _open_dirty(stage)
    _take(stage, "overlap")


def _settle(stage: Stage) -> None:
    _open_dirty(stage)
    _take(stage, "gap", share=0.05)
    stage.window.docks["tree"].hide()
    section = stage.find(SettleSection, "settle")
    section.finish()
    section.findChildren(WayButton)[0].looked_at.emit(True)


def _batch(stage: Stage) -> None:
    _open_dirty(stage)
    stage.act("issue.batch")


def _settings(stage: Stage) -> None:
    _open_dirty(stage)
    stage.act("issue.settings")
    dialog = stage.find(CheckSettings, "check_settings")
    dialog.resize(660, 560)
    dialog.move(stage.window.pos() + QPoint(230, 110))


def _accept(stage: Stage) -> None:
    _open_dirty(stage)
    _take(stage, "multipart")
    stage.find(QPushButton, "accept-here").click()
    dialog = stage.find(AcceptDialog, "accept_dialog")
    dialog.reason.setText(
        stage.words("历史上就分两块，经街道同意（虚构）", "always lay in two (made up)")
    )
    dialog.name.setText(stage.words("示例甲", "Jia (made up)"))


def _open_dirty(stage: Stage) -> None:
    """Open a project of the city's polygons with planted faults, and the workspace of checks."""
    path = stage.folder / "dirty.gpkg"
    if not path.exists():
        new_project(path, "default", name=stage.words("虚构市样例区", "Sample District (made up)"))
        for level in _LEVELS:
            import_file(path, Request(stage.folder / "demo-dirty.gpkg", level, layer=level))
    fresh = stage.folder / "checked.gpkg"
    fresh.write_bytes(path.read_bytes())
    stage.window.open_project(fresh)
    stage.rest()
    stage.act("view.checks")
    stage.rest()


def _take(stage: Stage, kind: str, share: float = 0.5) -> Issue:
    """Select an issue and show it, as a click in the list does."""
    bridge = stage.window.context.bridge
    issue = next(one for one in bridge.issues() if one.kind == kind)
    stage.window.context.selection.select_issue(issue.id)
    box = bridge.box_of_issue(issue) or (0.0, 0.0, 0.0, 0.0)
    far = max((box[2] - box[0]) * share, (box[3] - box[1]) * share, 40.0)
    stage.window.map_panel.show_box((box[0] - far, box[1] - far, box[2] + far, box[3] + far))
    stage.settle()
    return issue


CHECK_SCENES: Mapping[str, Callable[[Stage], None]] = {
    "check-list": _list,
    "check-settle": _settle,
    "check-batch": _batch,
    "check-settings": _settings,
    "check-accept": _accept,
}
