"""Scenes of what is done with areas beside their borders: figures, numbers, lists, plans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from openpyxl import load_workbook
from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QComboBox, QPushButton

from docs.stage import Stage, beside
from gridadmin.domain.base_units import COLUMNS
from gridadmin.edit.field_commands import SetFields
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.plan_commands import OpenPlan
from gridadmin.edit.split_commands import SplitEqually
from ui.dialogs.changes_dialog import ChangesDialog
from ui.dialogs.codes_dialog import CodesDialog
from ui.plans.watch import PlanWatch


def _attributes(stage: Stage) -> None:
    grids = [stage.area("grid", number).uid for number in (3, 4, 5)]
    stage.show(*grids)
    stage.select(*grids)


def _bounds(stage: Stage) -> None:
    grid = stage.area("grid", 4)
    stage.show(grid.uid)
    stage.select(grid.uid)
    stage.rest()
    stage.find(QPushButton, "write-bounds").click()


def _ledger(stage: Stage) -> None:
    from gridadmin.app.ledger import export_ledger
    from gridadmin.base.progress import SILENT
    from ui.dialogs.ledger_dialog import look_at

    file = stage.folder / stage.words("网格台账.xlsx", "ledger.xlsx")
    export_ledger(stage.snapshot, stage.window.context.bridge.session.store, file, SILENT)
    _edit_some_cells(file)
    look_at(stage.window.context, file, stage.window)
    _wait_for_rows(stage)


def _edit_some_cells(file: Path) -> None:
    book = load_workbook(file)
    sheet = next(one for one in book.worksheets if one.max_row > 20)
    title_row = next(n for n in range(1, 8) if len({c.value for c in sheet[n]} - {None}) > 5)
    titles = [cell.value for cell in sheet[title_row]]
    for name, values in (
        ("填报户数", (430, 415)),
        ("名称", (None, "书香园网格（虚构）")),
        ("备注", ("沿河新增两栋楼（虚构）",)),
    ):
        column = next(n for n, title in enumerate(titles) if name == str(title)) + 1
        for at, value in enumerate(values):
            if value is not None:
                sheet.cell(title_row + 24 + at, column).value = value
    book.save(file)


def _renumber(stage: Stage) -> None:
    community, grid = stage.area("community", 0), stage.area("grid", 1)
    stage.do(SplitEqually([grid.uid], 2, "land", "ns", "whole"))
    stage.show(community.uid, margin_m=20)
    stage.select(community.uid)
    stage.act("edit.renumber")
    stage.choose("renumber-level", "grid")
    stage.rest()


def _codes(stage: Stage) -> None:
    stage.act("file.codes")
    units = [a for a in stage.snapshot.areas() if a.level == "community" and a.code]
    rows = [",".join(COLUMNS)]
    district = stage.snapshot.root
    for number, area in enumerate(sorted(units, key=lambda one: one.code or "")):
        street = stage.snapshot.area(area.parent or "")
        code, name = area.code or "", area.name
        if number == 2:
            code = f"{code[:9]}051"
        elif number == 4:
            name = stage.words("东山社区", "Dongshan")
        if number != 6:
            row = (code, name, street.code, street.name, district.code, district.name)
            rows.append(",".join(str(one) for one in row))
    file = stage.folder / stage.words("新名单.csv", "new-list.csv")
    file.write_text("\n".join(rows), encoding="utf-8")
    stage.window.findChildren(CodesDialog)[0].compare(file)
    _wait_for_rows(stage)


def _move_to(stage: Stage) -> None:
    micro = stage.area("micro_grid", 8)
    stage.show(micro.uid)
    stage.select(micro.uid)
    stage.act("edit.move_to")


def _plan(stage: Stage) -> None:
    stage.do(OpenPlan(stage.words("2026年网格调整（虚构）", "Adjustment 2026 (made up)")))
    _some_edits(stage)
    stage.act("plan.panel")
    watch = PlanWatch.of(stage.window.context)
    stage.wait(lambda: watch.comparison is not None and bool(watch.comparison.handovers))
    stage.act("plan.compare")
    grid = stage.area("grid", 3)
    stage.rest()
    stage.show(grid.uid, stage.neighbour(grid.uid).uid, margin_m=0)


def _history(stage: Stage) -> None:
    _some_edits(stage)
    micro = stage.area("micro_grid", 8)
    stage.do(Merge([micro.uid, stage.neighbour(micro.uid).uid]))
    stage.do(SetFields([stage.area("grid", 2).uid], {"class": "urban"}))
    stage.act("edit.undo")
    stage.window.docks["history"].show()
    stage.window.docks["history"].raise_()
    view = stage.window.history.view
    stage.wait(lambda: view.model().rowCount(QModelIndex()) > 3)
    view.setCurrentIndex(view.model().index(3, 0))
    stage.show(stage.area("grid", 3).uid)


def _some_edits(stage: Stage) -> None:
    """Move a border between two grids by mouse, twice."""
    grid = stage.area("grid", 3)
    line = stage.line_between(grid.uid, stage.neighbour(grid.uid).uid)
    stage.show(grid.uid, margin_m=20)
    stage.act("tool.redraw")
    for metres, share in ((0, 0.2), (60, 0.35), (70, 0.55)):
        stage.click(beside(line, metres, share))
    stage.click(beside(line, 0, 0.8))
    stage.end_line()
    stage.act("tool.select")


def _stack(stage: Stage) -> None:
    counts, rows = stage.snapshot.counts, stage.snapshot.rows("entrance").values()
    per_building = Counter(entrance.building for entrance in rows)
    entrances: Counter[int] = Counter()
    for building, count in per_building.items():
        entrances[counts.owner_of(building)] += count
    oid = max(sorted(entrances), key=lambda one: entrances[one] / counts.buildings_of(one))
    area = stage.snapshot.owning_area(oid)
    if area is None:
        raise LookupError(oid)
    stage.show(area.uid)
    stage.select(area.uid)
    stage.act("edit.stack")
    stage.rest()
    stage.find(QPushButton, "stack_equal").click()
    stage.rest()


def _object(stage: Stage) -> None:
    compound = next(one for one in stage.ground.compounds.objects if one.name == "天地聚居点")
    x, y = compound.rings[0].mean(axis=0).tolist()
    stage.look((x, y), 480)
    stage.window.context.selection.select_thing("compound", compound.uid)
    stage.rest()
    stage.find(QComboBox, "outline-to").setCurrentIndex(1)


def _wait_for_rows(stage: Stage) -> None:
    """Wait until a dialog lists changes."""

    def is_listed() -> bool:
        dialogs = stage.window.findChildren(ChangesDialog)
        return any(one.isVisible() and one.table.model().rowCount() for one in dialogs)

    stage.wait(is_listed)


AREA_SCENES: Mapping[str, Callable[[Stage], None]] = {
    "attributes": _attributes,
    "bounds": _bounds,
    "ledger": _ledger,
    "stack": _stack,
    "object": _object,
    "renumber": _renumber,
    "codes": _codes,
    "move-to": _move_to,
    "plan": _plan,
    "history": _history,
}
