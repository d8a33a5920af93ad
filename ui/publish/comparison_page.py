"""The page that compares two states: releases, the present, a package file; shown on the map."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gridadmin.app.plan_comparison import AreaDifference, Comparison
from gridadmin.app.release_comparison import PRESENT, Side, compared_sides
from gridadmin.base.errors import GridAdminError
from ui.canvas.compared import ComparedMap
from ui.dialogs.place_field import usual_folder
from ui.panels.parts import ElidedLabel, label
from ui.plans import words as plan_words
from ui.plans.panel import ComparisonTable
from ui.plans.table import ComparisonModel
from ui.publish import words
from ui.publish.desk import PublishDesk
from ui.texts import explain, tr


class ComparisonPage(QWidget):
    """Two sides to choose, and how they differ: counts, table, map and Excel."""

    shown_on_map = Signal(object)
    """A :class:`ComparedMap` for the map, None for none."""
    picture_wanted = Signal(object)
    """The map as it is shown is to be written to this :class:`Path`."""
    area_wanted = Signal(object)
    """An :class:`AreaDifference` is to be shown."""

    def __init__(self, desk: PublishDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._files: list[Path] = []
        self.comparison: Comparison | None = None
        self.before, self.after = QComboBox(), QComboBox()
        for box, name, said in (
            (self.before, "compare-before", tr("对比的起点")),
            (self.after, "compare-after", tr("对比的终点")),
        ):
            box.setObjectName(name)
            box.setAccessibleName(said)
            box.setMinimumContentsLength(14)
            box.activated.connect(lambda _, box=box: self._picked(box))
        self.act_button = self._button("compare-act", tr("对比"), self.compare)
        self.table_button = self._button("compare-table", tr("导出 Excel…"), self.ask_for_table)
        self.picture_button = self._button("compare-picture", tr("另存地图…"), self.ask_for_picture)
        self.map_switch = QCheckBox(tr("在地图上显示"))
        self.map_switch.setObjectName("compare-map")
        self.map_switch.setChecked(True)
        self.map_switch.toggled.connect(lambda _: self._show_on_map())
        self.counts = label("", wraps=True)
        self.key = ElidedLabel(tr("橙色斜线：划转的土地；橙色虚线：原边界。"), "quiet")
        self.model = ComparisonModel(self)
        self.view = ComparisonTable()
        self.view.setModel(self.model)
        self.view.clicked.connect(self._show_area)
        self.view.entered_row.connect(self._show_area)
        self._lay_out()
        desk.records.changed.connect(self._offer)
        desk.bridge.opened.connect(self._forget)
        self._offer()
        self._show(None)

    def _button(self, name: str, text: str, act: object) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(12, 6, 12, 4)
        row.setSpacing(8)
        row.addWidget(label(tr("从")))
        row.addWidget(self.before)
        row.addWidget(label(tr("到")))
        row.addWidget(self.after)
        row.addWidget(self.act_button)
        row.addWidget(self.map_switch)
        row.addStretch(1)
        row.addWidget(self.picture_button)
        row.addWidget(self.table_button)
        told = QVBoxLayout()
        told.setContentsMargins(12, 0, 12, 4)
        told.addWidget(self.counts)
        told.addWidget(self.key)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addLayout(told)
        column.addWidget(self.view, 1)

    # The two sides

    def _offer(self) -> None:
        """Offer all releases, the present, files chosen before, and another file."""
        for box, standard in ((self.before, None), (self.after, PRESENT)):
            chosen = box.currentData() if box.count() else standard
            with QSignalBlocker(box):
                box.clear()
                box.addItem(tr("现状"), PRESENT)
                for release in self._desk.records.releases:
                    said = f"{words.number(release.number)}　{release.date}"
                    box.addItem(said, Side(release=release))
                for file in self._files:
                    box.addItem(file.name, Side(file=file))
                box.addItem(tr("发布文件…"), None)
                self._choose(box, chosen)
        self._judge()

    def _choose(self, box: QComboBox, side: Side | None) -> None:
        wanted = side
        if wanted is None and self._desk.records.releases:
            wanted = Side(release=self._desk.records.releases[0])
        for place in range(box.count()):
            if box.itemData(place) == wanted:
                box.setCurrentIndex(place)
                return
        box.setCurrentIndex(0)

    def _picked(self, box: QComboBox) -> None:
        if box.currentData() is None:
            folder = str(usual_folder(self._desk.context.settings))
            picked, _ = QFileDialog.getOpenFileName(
                self, tr("选择发布文件"), folder, "GeoPackage (*.gpkg)"
            )
            if picked:
                self.take_file(Path(picked), box)
            else:
                box.setCurrentIndex(0)
        self._judge()

    def take_file(self, file: Path, box: QComboBox | None = None) -> None:
        """Offer a package file, and choose it on one side."""
        if file not in self._files:
            self._files.append(file)
        self._offer()
        self._choose(box or self.before, Side(file=file))
        self._judge()

    def choose_release(self, number: int) -> None:
        """Compare a release with the present."""
        for release in self._desk.records.releases:
            if release.number == number:
                self._choose(self.before, Side(release=release))
        self._choose(self.after, PRESENT)
        self._judge()

    def _judge(self) -> None:
        one, other = self.before.currentData(), self.after.currentData()
        is_same = one is None or other is None or one == other
        self.act_button.setEnabled(not is_same)
        self.act_button.setToolTip(tr("请选两个不同的状态。") if is_same else "")

    # Comparing

    def compare(self) -> None:
        """Compare the two sides, in a worker."""
        one, other = self.before.currentData(), self.after.currentData()
        bridge = self._desk.bridge
        if one is None or other is None or not bridge.is_open:
            return
        document = bridge.document
        self.counts.setText(tr("正在对比…"))
        self._desk.context.jobs.start(
            tr("对比发布版本"),
            lambda progress: compared_sides(document, one, other, progress),
            on_done=self._compared,
            on_failed=self._failed,
            on_cancelled=self._cancelled,
        )

    def _compared(self, comparison: Comparison) -> None:
        if self._desk.bridge.is_open:
            self._show(comparison)

    def _failed(self, error: BaseException) -> None:
        self._show(None)
        if not isinstance(error, GridAdminError):
            raise error
        self.counts.setText(explain(error))

    def _cancelled(self) -> None:
        self._show(None)

    def _forget(self) -> None:
        self._files = []
        self._show(None)
        self._offer()

    def _show(self, comparison: Comparison | None) -> None:
        self.comparison = comparison
        bridge = self._desk.bridge
        snapshot = bridge.snapshot if bridge.is_open else None
        self.model.show_comparison(snapshot, comparison)
        self.view.setVisible(self.model.rowCount() > 0)
        self.key.setVisible(comparison is not None and not comparison.changed.is_empty)
        for button in (self.table_button, self.picture_button):
            button.setEnabled(comparison is not None)
            button.setToolTip("" if comparison is not None else tr("请先对比。"))
        if comparison is None:
            self.counts.setText(tr("选两个状态：发布版本、现状，或收到的发布文件，看看哪里不同。"))
        elif not comparison.areas and not comparison.handovers:
            self.counts.setText(tr("两个状态没有区别。"))
        else:
            self.counts.setText(plan_words.counts(comparison))
        self._show_on_map()

    def _show_on_map(self) -> None:
        comparison = self.comparison
        if comparison is None or not self.map_switch.isChecked():
            self.shown_on_map.emit(None)
            return
        x, y = self._desk.bridge.snapshot.origin_mm
        self.shown_on_map.emit(ComparedMap(comparison, (x / 1000, y / 1000)))

    def _show_area(self, index: QModelIndex) -> None:
        area: AreaDifference | None = self.model.area_of(index)
        if area is not None:
            self.area_wanted.emit(area)

    # Picture and Excel

    def ask_for_picture(self) -> None:
        """Ask for a file and let the map be written there."""
        folder = usual_folder(self._desk.context.settings)
        picked, _ = QFileDialog.getSaveFileName(
            self, tr("另存地图"), str(folder / f"{tr('版本对照图')}.png"), tr("图片 (*.png)")
        )
        if picked:
            self.picture_wanted.emit(Path(picked).with_suffix(".png"))

    def ask_for_table(self) -> None:
        """Ask for a file and write the comparison as an Excel workbook."""
        folder = usual_folder(self._desk.context.settings)
        picked, _ = QFileDialog.getSaveFileName(
            self,
            tr("导出对照表"),
            str(folder / f"{tr('版本对照表')}.xlsx"),
            tr("Excel 工作簿 (*.xlsx)"),
        )
        if picked:
            self.write_table(Path(picked).with_suffix(".xlsx"))

    def write_table(self, path: Path) -> None:
        """Write the comparison as an Excel workbook, in a worker."""
        comparison, context = self.comparison, self._desk.context
        if comparison is None:
            return
        snapshot = self._desk.bridge.snapshot
        context.settings.set_value("last_folder", str(path.parent))

        def write(_: object) -> None:
            from gridadmin.app.plan_table import write_plan_table

            write_plan_table(path, snapshot, comparison)

        context.jobs.start(
            tr("导出对照表"),
            write,
            on_done=lambda _: context.messages.done(tr("已导出 {name}。", name=path.name)),
            on_failed=self._table_failed,
        )

    def _table_failed(self, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        self._desk.context.messages.refused(error)
