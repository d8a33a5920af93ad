"""A published package that came in: compare it, keep it as reference, or make a project of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QRadioButton

from gridadmin.app.file_names import good_name
from gridadmin.app.receiving import new_project_of, read_package, reference_of
from gridadmin.base.errors import GridAdminError
from gridadmin.base.progress import Progress
from gridadmin.edit.document import Done
from ui.dialogs.place_field import usual_folder
from ui.dialogs.words import HintedChoices
from ui.plans.forms import PlanForm
from ui.publish.desk import PublishDesk
from ui.texts import tr

if TYPE_CHECKING:
    from ui.main_window import MainWindow
    from ui.publish.comparison_page import ComparisonPage

COMPARE, REFERENCE, PROJECT = "compare", "reference", "project"


class ReceiveForm(PlanForm):
    """What is done with a package: three choices, each with a sentence."""

    def __init__(self, desk: PublishDesk, file: Path, window: MainWindow) -> None:
        super().__init__(
            tr("接收发布文件"), tr("对“{name}”做什么？", name=file.name), tr("继续"), window
        )
        choices = HintedChoices()
        group = QButtonGroup(self)
        self.buttons: dict[str, QRadioButton] = {}
        why = desk.bridge.why_not_change()
        for key, text, hint in (
            (COMPARE, tr("与本项目对比"), tr("在地图上和表里看哪里不同，什么都不改。")),
            (REFERENCE, tr("留作依据界线"), tr("边界不动；以后土地与它不同时，检查会指出。")),
            (PROJECT, tr("建成新项目"), tr("标识、编码和边界与文件完全一致。")),
        ):
            button = QRadioButton(text)
            button.setObjectName(f"receive-{key}")
            group.addButton(button)
            choices.add(button, hint)
            self.buttons[key] = button
        self.buttons[COMPARE].setEnabled(desk.bridge.is_open)
        self.buttons[REFERENCE].setEnabled(not why)
        self.buttons[REFERENCE].setToolTip(why)
        self.buttons[COMPARE if desk.bridge.is_open else PROJECT].setChecked(True)
        self.body.addWidget(choices)
        self.judge()

    @property
    def chosen(self) -> str:
        """What is to be done."""
        return next(key for key, button in self.buttons.items() if button.isChecked())


class ReceiveWork(QObject):
    """Binds the action that receives a package; dialogs stand over the window."""

    def __init__(self, desk: PublishDesk, window: MainWindow) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        desk.actions.bind("publish.receive", self.ask)

    def ask(self) -> None:
        """Ask for the file, and what is done with it."""
        folder = str(usual_folder(self._desk.context.settings))
        picked, _ = QFileDialog.getOpenFileName(
            self._window, tr("接收发布文件"), folder, "GeoPackage (*.gpkg)"
        )
        if picked:
            self.receive(Path(picked))

    def receive(self, file: Path) -> None:
        """Ask what is done with a package, and do it."""
        form = ReceiveForm(self._desk, file, self._window)
        acts = {
            COMPARE: self.compare,
            REFERENCE: self.take_reference,
            PROJECT: self._ask_for_project,
        }
        form.agreed.connect(lambda: acts[form.chosen](file))
        form.finished.connect(form.deleteLater)
        form.open()

    def compare(self, file: Path) -> None:
        """Compare a package with the present, on the map and as a table."""
        page = cast("ComparisonPage", self._window.publish.show_page("comparison"))
        page.take_file(file)
        page.compare()

    def take_reference(self, file: Path) -> None:
        """Keep the outlines of a package as references, in a worker."""
        self._desk.bridge.execute_long(
            tr("留作依据界线"),
            lambda snapshot, progress: reference_of(read_package(file, progress), snapshot),
            on_done=self._taken,
            on_failed=self._failed,
        )

    def _taken(self, done: Done) -> None:
        count = int(dict(done.change.told)["areas"])
        said = tr("已把 {n} 个区域的边界留作依据。", n=f"{count:,}")
        self._desk.context.messages.done(said, (tr("撤销"), self._desk.bridge.undo))

    def _ask_for_project(self, file: Path) -> None:
        name = good_name(file.stem, tr("新项目"))
        start = str(usual_folder(self._desk.context.settings) / f"{name}-{tr('新项目')}.gpkg")
        picked, _ = QFileDialog.getSaveFileName(
            self._window, tr("建成新项目"), start, "GeoPackage (*.gpkg)"
        )
        if picked:
            self.make_project(file, Path(picked).with_suffix(".gpkg"))

    def make_project(self, file: Path, out: Path) -> None:
        """Make a project of a package in a worker, and open it."""

        def work(progress: Progress) -> Path:
            new_project_of(out, read_package(file, progress), progress=progress)
            return out

        self._desk.context.settings.set_value("last_folder", str(out.parent))
        self._desk.context.jobs.start(
            tr("建成新项目"), work, on_done=self._window.open_project, on_failed=self._failed
        )

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        self._desk.context.messages.refused(error)
