"""New project: the scheme of a place, what it covers, its name, and where the file goes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from gridadmin.app.creation import new_project
from gridadmin.app.file_names import good_name
from gridadmin.base.errors import GridAdminError, StoreError
from ui.context import Context
from ui.dialogs.place_field import PlaceField, usual_folder
from ui.dialogs.root_chooser import RootChooser
from ui.dialogs.scheme_chooser import SchemeChooser
from ui.dialogs.task_dialog import Page, TaskDialog
from ui.dialogs.words import Sentence, label
from ui.jobs import JobProgress
from ui.texts import explain, tr

_SUFFIX = ".gpkg"


class NewProjectDialog(TaskDialog):
    """Makes a project file; ``path`` is it once the dialog is accepted."""

    created = Signal(object)
    """The path of the new project."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("新建项目"), parent)
        self.path: Path | None = None
        self._is_named = False
        self.schemes = SchemeChooser()
        self.root = RootChooser()
        self.name = QLineEdit()
        self.name.setObjectName("project_name")
        self.name.setAccessibleName(tr("项目名称"))
        self.name_fault = Sentence()
        self.place = PlaceField(usual_folder(context.settings), _SUFFIX)
        self._page = _page(self.schemes, self.root, self.name, self.name_fault, self.place)
        self.pages.addWidget(self._page)
        self.main_button.setText(tr("新建"))
        self.close_button.setText(tr("取消"))
        self.main_button.clicked.connect(self._create)
        self.schemes.changed.connect(self._scheme_changed)
        self.root.changed.connect(self._root_changed)
        self.name.textEdited.connect(self._name_edited)
        self.name.textChanged.connect(self._name_changed)
        self.place.changed.connect(self._judge)
        self._scheme_changed()

    def _scheme_changed(self) -> None:
        if self.schemes.scheme is not None:
            self.root.take_scheme(self.schemes.scheme)
        self._judge()

    def _root_changed(self) -> None:
        choice = self.root.choice
        if not self._is_named:
            self.name.setText("" if choice is None else choice.name)
        self._judge()

    def _name_edited(self) -> None:
        self._is_named = bool(self.name.text().strip())

    def _name_changed(self) -> None:
        self.place.propose(good_name(self.name.text(), tr("新项目")))
        self._judge()

    def _judge(self) -> None:
        """Say below each field what is wrong with it, and at the button what is missing."""
        self.banner.say("")
        self.name_fault.say("")
        wrong = short = self.place.why_not()
        if not wrong and self.place.path.exists():
            short = tr("同名的文件已在，请换个名称。")
            wrong = explain(StoreError("store.exists", path=str(self.place.path)))
        self.place.fault.say(wrong)
        missing = "" if self.name.text().strip() else tr("请填写项目名称。")
        self.allow(self.root.why_not() or missing or short)

    def _create(self) -> None:
        choice, path = self.root.choice, self.place.path
        scheme, name = self.schemes.key, self.name.text().strip()
        root = None if choice is None else choice.code
        with_units = self.root.with_units.isChecked()

        def work(_: JobProgress) -> Path:
            new_project(path, scheme, root=root, name=name, with_units=with_units)
            return path

        self.main_button.setEnabled(False)
        self.follow(
            self._context.jobs.start(
                tr("新建项目"),
                work,
                on_done=self._made,
                on_failed=self._failed,
                can_cancel=False,
            )
        )

    def _made(self, path: Path) -> None:
        self.path = path
        self._context.settings.set_value("last_folder", str(path.parent))
        self.created.emit(path)
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self._judge()
        if not isinstance(error, GridAdminError):
            raise error
        self.banner.say(explain(error))


class _NewProjectPage(Page):
    def __init__(self, first: QWidget) -> None:
        super().__init__()
        self._first = first

    def first_field(self) -> QWidget:
        return self._first


def _page(
    schemes: SchemeChooser, root: RootChooser, name: QLineEdit, fault: Sentence, place: PlaceField
) -> Page:
    page = _NewProjectPage(schemes.list)
    body = page.body
    body.addWidget(label(tr("按哪里的办法管理"), "heading", schemes.list))
    body.addWidget(schemes)
    body.addWidget(label(tr("项目管哪一片"), "heading", root.search))
    body.addWidget(root)
    body.addWidget(label(tr("项目名称"), "heading", name))
    body.addWidget(name)
    body.addWidget(fault)
    body.addWidget(label(tr("保存在"), "heading"))
    body.addWidget(place)
    body.addStretch()
    return page
