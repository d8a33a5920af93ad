"""Import of a boundary file in steps: look first, show what will happen, only then write.

The dialog isn't modal: the map behind it shows what comes in. The file is read once; the command
that made the preview is the one that is carried out.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from gridadmin.app.import_guess import SourceFile
from gridadmin.app.import_preview import (
    ImportPreview,
    LayerLook,
    look_at_layer,
    preview_import,
    with_progress,
)
from gridadmin.app.import_questions import Answer, Question, question_of
from gridadmin.app.importing import Request, told
from gridadmin.base.errors import GridAdminError, InputError
from gridadmin.edit.document import Done
from gridadmin.exchange.reader import list_layers
from gridadmin.exchange.reference_columns import ROLES as REFERENCE_ROLES
from gridadmin.partition.snapshot import Snapshot
from ui.context import Context
from ui.dialogs.import_columns_page import OBJECT_ROLES, ROLES, ColumnsPage
from ui.dialogs.import_done_page import DonePage
from ui.dialogs.import_file_page import FilePage
from ui.dialogs.import_meaning_page import MeaningPage
from ui.dialogs.import_preview_page import PreviewPage
from ui.dialogs.import_words import crs_words, explain_import, meaning_words
from ui.dialogs.place_field import usual_folder
from ui.dialogs.step_dialog import StepDialog
from ui.dialogs.task_dialog import Page
from ui.dialogs.words import shortened
from ui.texts import tr

_FILTER = (
    "*.gpkg *.shp *.geojson *.json *.geojsonl *.kml *.dxf *.fgb *.tab *.mif *.gml *.gpx"
    " *.csv *.tsv *.txt"
)
_ROLES_OF: Mapping[str, tuple[str, ...]] = {
    "frame": (),
    "exempt": ("name",),
    "context": ("code", "name"),
    **REFERENCE_ROLES,
}


class ImportWizard(StepDialog):
    """Brings a file's areas into the open project."""

    imported = Signal(object)
    """A :class:`Done`, after something came in."""
    preview_changed = Signal(object)
    """The :class:`PreviewShapes` for the map to show, None when there is nothing to show."""
    issues_wanted = Signal()
    """The user wants to see the list of issues."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("导入边界文件"), parent)
        self.setModal(False)
        self._source: SourceFile | None = None
        self._look: LayerLook | None = None
        self._preview: ImportPreview | None = None
        self._is_importing = False
        self._columns_level: str | None = None
        self.file_page = FilePage()
        self.meaning_page = MeaningPage()
        self.columns_page = ColumnsPage()
        self.preview_page = PreviewPage()
        self.done_page = DonePage()
        self.put_steps(
            self.file_page,
            self.meaning_page,
            self.columns_page,
            self.preview_page,
            self.done_page,
        )
        self._connect()
        self.turn_to(self.file_page)

    @property
    def file(self) -> Path | None:
        """The chosen file."""
        return None if self._source is None else self._source.path

    def set_file(self, path: Path) -> None:
        """Look into a file: as if the user had chosen it."""
        if self.strip.is_busy:
            return
        done = self._source.done if self._source is not None and path == self.file else []
        self._source, self._look = SourceFile(path, done=done), None
        self.turn_to(self.file_page)
        self.start(
            tr("查看“{file}”", file=path.name),
            lambda _: SourceFile(path, list_layers(path), done),
            self._take_layers,
            self._file_failed,
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Stand at the right of the window, so that the map stays in view."""
        is_first = not self.testAttribute(Qt.WidgetAttribute.WA_Moved)
        super().showEvent(event)
        window = self.parentWidget()
        if is_first and window is not None:
            frame = window.window().geometry()
            left = max(frame.right() - self.width() - 24, frame.left())
            self.move(QPoint(left, frame.top() + min(96, max(frame.height() - self.height(), 0))))

    def done(self, result: int) -> None:
        """Take the preview off the map, whichever way the dialog closes."""
        self._drop_preview()
        super().done(result)

    # Steps

    def _connect(self) -> None:
        self.file_page.drop.button.clicked.connect(self._ask_for_file)
        self.file_page.drop.dropped.connect(self.set_file)
        self.file_page.chosen.connect(self.judge)
        self.file_page.layers.itemActivated.connect(self._next)
        self.meaning_page.changed.connect(self.judge)
        self.columns_page.changed.connect(self.judge)
        self.done_page.next_button.clicked.connect(self._import_next_layer)
        self.done_page.other_button.clicked.connect(self._import_other_file)
        self.done_page.issues_button.clicked.connect(self._show_issues)
        self._context.bridge.changed.connect(self._project_changed)
        self._context.bridge.opened.connect(self._project_gone)

    def turn_to(self, page: Page) -> None:
        """Show a page; the preview is on the map beside its own page alone."""
        if page is not self.preview_page:
            self._drop_preview()
        super().turn_to(page)

    def main_words(self, page: Page) -> str:
        """Return what the main button says on a page."""
        if page is self.preview_page:
            return tr("更新预览") if self._is_stale() else tr("导入")
        return super().main_words(page)

    def why_not(self, page: Page) -> str:
        """Return what is missing on a page, in words."""
        if page is self.file_page:
            if self._source is None or not self._source.layers:
                return tr("请选择文件。")
            return "" if self.file_page.layer else tr("请选一组数据。")
        if page is self.meaning_page:
            return self.meaning_page.why_not()
        if page is self.columns_page:
            return self.columns_page.why_not()
        if page is self.preview_page:
            return self._why_not_import()
        return ""

    def _why_not_import(self) -> str:
        why = self._context.bridge.why_not_change()
        if why or self._is_stale():
            return why
        if self._preview is not None and self._preview.changes_nothing:
            if not self._preview.told["known"]:
                return tr("没有可以导入的行。")
            return tr("文件里的内容项目里都已经有了，不用导入。")
        return ""

    def go_on(self, page: Page) -> None:
        """Do what the main button of a page stands for."""
        if page is self.file_page:
            self._read()
        elif page is self.meaning_page:
            self._choose_columns()
        elif page is self.columns_page:
            self._work_out()
        elif page is self.preview_page:
            (self._work_out if self._is_stale() else self._import)()
        else:
            self.accept()

    def skips(self, page: Page) -> bool:
        """Return whether the way back passes a page over."""
        return page is self.columns_page and not self._has_columns_page()

    # The file

    def _ask_for_file(self) -> None:
        folder = self.file.parent if self.file else usual_folder(self._context.settings)
        name, _ = QFileDialog.getOpenFileName(
            self,
            tr("选择边界文件"),
            str(folder),
            f"{tr('边界文件')} ({_FILTER});;{tr('所有文件')} (*)",
        )
        if name:
            self.set_file(Path(name))

    def _take_layers(self, source: SourceFile) -> None:
        if not source.layers:
            self._file_failed(InputError("input.no_layers", file=source.path.name))
            return
        self._source = source
        self._context.settings.set_value("last_folder", str(source.path.parent))
        chosen = source.next_layer(self._context.bridge.snapshot)
        self._offer_layers(source, chosen or source.layers[0].name)

    def _offer_layers(self, source: SourceFile, chosen: str) -> None:
        self.file_page.show_layers(source.path, source.layers, chosen, source.done)
        self.turn_to(self.file_page)

    def _file_failed(self, error: BaseException) -> None:
        self.file_page.clear()
        if self.file is not None:
            self.file_page.drop.show_path(self.file)
        self.tell(error)

    def _read(self) -> None:
        path, layer = self.file, self.file_page.layer
        if path is None or layer is None:
            return
        if self._look is not None and self._look.layer == layer:
            self._show_meaning(self._look)
            return
        snapshot = self._context.bridge.snapshot
        self.start(
            tr("读取“{layer}”", layer=layer),
            lambda progress: look_at_layer(snapshot, path, layer, progress),
            self._show_meaning,
            self.tell,
        )

    def _show_meaning(self, look: LayerLook) -> None:
        is_new = look is not self._look
        self._look = look
        if is_new and self._source is not None:
            snapshot = self._context.bridge.snapshot
            guess = self._source.guess(snapshot, look.layer, look.wide or look.table)
            self.meaning_page.show_levels(snapshot, look.table, guess, look.wide)
            self._offer_columns(look)
        self.turn_to(self.meaning_page)

    # Columns and coordinates

    def _offer_columns(self, look: LayerLook) -> None:
        level = self.meaning_page.level
        self._columns_level = level
        self.columns_page.show_table(
            look.table_for(level), _ROLES_OF.get(level or "", ROLES), level
        )
        if look.question is not None:
            self.columns_page.crs.ask(look.question)
        else:
            self.columns_page.crs.tell(_crs_line(look))

    def _has_columns_page(self) -> bool:
        level, look = self.meaning_page.level, self._look
        return look is not None and (
            look.table_for(level).has_land or bool(_ROLES_OF.get(level or "", ROLES))
        )

    def _choose_columns(self) -> None:
        if self._look is not None and self.meaning_page.level != self._columns_level:
            self._offer_columns(self._look)
        if self._has_columns_page():
            self.turn_to(self.columns_page)
        else:
            self._work_out()

    def _request(self, look: LayerLook) -> Request:
        meaning, columns = self.meaning_page, self.columns_page
        level = meaning.level or ""
        answer = columns.crs.answer or Answer("as_declared")
        is_exempt = level == "exempt"
        wanted = _ROLES_OF.get(level, ROLES)
        chosen = {role: columns.column(role) if role in wanted else None for role in ROLES}
        more = {role: columns.column(role) for role in wanted if role in OBJECT_ROLES}
        return Request(
            look.table.path,
            level,
            layer=look.layer,
            code=chosen["code"],
            name=chosen["name"],
            parent=chosen["parent"],
            crs=answer.crs,
            swap_xy=answer.swap_xy,
            replaces=meaning.replaces.isChecked() and not meaning.replaces.isHidden(),
            reason=meaning.exempt.reason.text().strip() if is_exempt else None,
            approver=meaning.exempt.approver.text().strip() if is_exempt else None,
            columns=more,
            until=(meaning.exempt.until.text().strip() or None) if is_exempt else None,
        )

    # Preview

    def _work_out(self) -> None:
        look, document = self._look, self._context.bridge.document
        if look is None:
            return
        request, table = self._request(look), look.table_for(self.meaning_page.level)
        self.start(
            tr("预览导入"),
            lambda progress: preview_import(document, request, progress, table),
            self._show_preview,
            self._preview_failed,
        )

    def _show_preview(self, preview: ImportPreview) -> None:
        self._preview = preview
        has_map = preview.shapes.box is not None
        snapshot = self._context.bridge.snapshot
        self.preview_page.show_preview(snapshot, preview, has_map=has_map)
        self.turn_to(self.preview_page)
        self.preview_changed.emit(preview.shapes if has_map else None)

    def _preview_failed(self, error: BaseException) -> None:
        question = self._question_of(error)
        if question is None:
            self.tell(error)
            return
        self.columns_page.crs.ask(question)
        self.turn_to(self.columns_page)

    def _question_of(self, error: BaseException) -> Question | None:
        if not isinstance(error, GridAdminError) or self._look is None:
            return None
        given = self.columns_page.crs.answer or Answer("as_declared")
        return question_of(error, self._look.table.crs, given)

    def _is_stale(self) -> bool:
        preview = self._preview
        return preview is not None and not preview.is_of(self._context.bridge.snapshot)

    def _drop_preview(self) -> None:
        if self._preview is not None:
            self._preview = None
            self.preview_changed.emit(None)

    def _project_changed(self) -> None:
        if self._is_importing or self.page is not self.preview_page:
            return
        self.judge()
        if self._is_stale():
            self.banner.say(tr("项目刚才有了改动，请更新预览。"), "warning")

    def _project_gone(self) -> None:
        if self.strip.is_busy:
            self.strip.cancel()
        self.done(0)

    # Import

    def _import(self) -> None:
        preview = self._preview
        if preview is None:
            return
        self._is_importing = True
        self.watch(
            self._context.bridge.execute_long(
                tr("导入“{file}”", file=preview.told["file"]),
                lambda _, progress: with_progress(preview.command, progress),
                on_done=self._imported,
                on_failed=self._import_failed,
                on_cancelled=self.cancelled,
            )
        )

    def _imported(self, done: Done) -> None:
        self._is_importing = False
        if self._source is not None and self._look is not None:
            self._source.done.append(self._look.layer)
        self._look = None
        self._drop_preview()
        snapshot = self._context.bridge.snapshot
        result = told(done, done.revision)
        self.done_page.show_done(snapshot, result, self._next_words(snapshot))
        self.turn_to(self.done_page)
        self.imported.emit(done)

    def _next_words(self, snapshot: Snapshot) -> str:
        layer = None if self._source is None else self._source.next_layer(snapshot)
        if self._source is None or layer is None:
            return ""
        guess = self._source.guess(snapshot, layer)
        if guess is None:
            return tr("“{layer}”", layer=shortened(layer))
        meaning = meaning_words(snapshot, guess.level)
        return tr("“{layer}”（{meaning}）", layer=shortened(layer), meaning=meaning)

    def _import_failed(self, error: BaseException) -> None:
        self._is_importing = False
        self.tell(error)

    def _import_next_layer(self) -> None:
        source = self._source
        layer = None if source is None else source.next_layer(self._context.bridge.snapshot)
        if source is not None and layer is not None:
            self._offer_layers(source, layer)
            self._next()

    def _import_other_file(self) -> None:
        self._source, self._look = None, None
        self.file_page.clear()
        self.turn_to(self.file_page)
        self._ask_for_file()

    def _show_issues(self) -> None:
        self.issues_wanted.emit()
        self.accept()

    def cancelled(self) -> None:
        """Say that nothing came of it."""
        self._is_importing = False
        self.banner.say(tr("已取消，项目没有改动。"), "warning")

    def explained(self, error: GridAdminError) -> str:
        """Return a refusal in the words of imports."""
        return explain_import(error)


def _crs_line(look: LayerLook) -> str:
    return tr("文件写明的坐标：{crs}，和数字对得上。", crs=crs_words(look.crs_text))
