"""Take a work package in: what both sides changed is shown side by side, to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from gridadmin.app.clash_shapes import ClashShapes, shapes_of
from gridadmin.app.work_package import read_returned
from gridadmin.base.errors import EditError, GridAdminError
from gridadmin.base.progress import Progress
from gridadmin.edit.document import Done
from gridadmin.edit.take_in_command import (
    OURS,
    THEIRS,
    Clashes,
    FieldClash,
    Returned,
    TakeIn,
    clashes_of,
)
from gridadmin.edit.three_ways import LandClash
from gridadmin.partition.snapshot import Snapshot
from ui.context import Context
from ui.dialogs.task_dialog import Page, TaskDialog
from ui.dialogs.words import Banner, card, discard, label
from ui.publish.border_picture import BorderPicture
from ui.texts import explain, tr

_MOST_SHOWN = 60
"""More than these are chosen all at once."""
Looked = tuple[Returned, Clashes, list[ClashShapes]]


class TakeInDialog(TaskDialog):
    """Reads a package that came back, lets the user choose, and takes it in."""

    taken = Signal()

    def __init__(self, context: Context, file: Path, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("收回“{name}”", name=file.name), parent)
        self._file = file
        self._package: Returned | None = None
        self._looked_at = -1
        self.page = _ClashPage(context)
        self.pages.addWidget(self.page)
        self.main_button.setText(tr("收回"))
        self.close_button.setText(tr("取消"))
        self.main_button.clicked.connect(self._act)
        self.page.changed.connect(self._judge)
        context.bridge.opened.connect(self._project_gone)
        self._judge()
        self.look()

    def look(self) -> None:
        """Read the package and compare it with the project, in a worker."""
        snapshot, file = self._context.bridge.snapshot, self._file

        def work(progress: Progress) -> Looked:
            package = read_returned(file, snapshot, progress)
            clashes = clashes_of(snapshot, package)
            return package, clashes, shapes_of(clashes.borders[:_MOST_SHOWN], snapshot, package)

        self._looked_at = snapshot.revision
        self.follow(
            self._context.jobs.start(
                tr("读取工作包"), work, on_done=self._looked, on_failed=self._failed
            )
        )

    def _looked(self, found: Looked) -> None:
        self._package, clashes, shapes = found
        if self._context.bridge.is_open:
            self.page.show_clashes(self._context.bridge.snapshot, self._file, clashes, shapes)
            self._judge()

    def _judge(self) -> None:
        why = self._context.bridge.why_not_change()
        if not why and self._package is None:
            why = tr("正在读取，请稍候。")
        self.allow(why or self.page.why_not())

    def _act(self) -> None:
        package, choices = self._package, self.page.choices()
        if package is None:
            return
        if self._context.bridge.snapshot.revision != self._looked_at:
            self.banner.say(tr("项目刚刚有改动，已重新对比，请再看一遍。"), "warning")
            self.look()
            return
        self.follow(
            self._context.bridge.execute_long(
                tr("收回“{name}”", name=self._file.name),
                lambda _snapshot, _progress: TakeIn(package, choices),
                on_done=self._done,
                on_failed=self._failed,
            )
        )

    def _done(self, done: Done) -> None:
        del done
        bridge = self._context.bridge
        said = tr("已收回工作包“{name}”。", name=self._file.name)
        self._context.messages.done(said, (tr("撤销"), bridge.undo))
        self.taken.emit()
        self.accept()

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        if isinstance(error, EditError) and error.code == "edit.nothing_changes":
            self.banner.say(tr("工作包里没有新的改动。"), "warning")
            return
        self.banner.say(explain(error), "error")

    def _project_gone(self) -> None:
        self.done(QDialog.DialogCode.Rejected)

    def rested(self) -> None:
        """Take up again what waited for the job."""
        self._judge()


class _ClashPage(Page):
    """Everything that both sides changed, each with two sides to choose from."""

    changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.said = Banner()
        self.said.setObjectName("take_in_said")
        self._chosen: dict[str, str | None] = {}
        self._groups: list[QButtonGroup] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(10)
        self._all = QWidget()
        row = QHBoxLayout(self._all)
        row.setContentsMargins(0, 0, 0, 0)
        for name, text, side in (
            ("all_ours", tr("全部保留本项目"), OURS),
            ("all_theirs", tr("全部采用工作包"), THEIRS),
        ):
            button = QPushButton(text)
            button.setObjectName(name)
            button.setAutoDefault(False)
            button.clicked.connect(partial(self._choose_all, side))
            row.addWidget(button)
        row.addStretch(1)
        self._all.hide()
        self.body.addWidget(self.said)
        self.body.addWidget(self._all)
        self.body.addLayout(self._rows)
        self.body.addStretch()

    def show_clashes(
        self, snapshot: Snapshot, file: Path, clashes: Clashes, shapes: Sequence[ClashShapes]
    ) -> None:
        """Show what has to be chosen."""
        self._clear()
        self._chosen = dict.fromkeys(clashes.keys)
        count = len(clashes.keys)
        if count:
            self.said.say(
                tr(
                    "“{name}”与本项目有 {n} 处两边都改过，请逐处选择。其余改动都会收进来。",
                    name=file.name,
                    n=f"{count:,}",
                ),
                "warning",
            )
        else:
            self.said.say(tr("“{name}”与本项目没有冲突，可以收回。", name=file.name), "good")
        self._all.setVisible(count > 1)
        known = {one.key: one for one in shapes}
        for clash in clashes.borders[:_MOST_SHOWN]:
            self._rows.addWidget(self._border_card(clash, known[clash.key]))
        for field in clashes.fields[:_MOST_SHOWN]:
            self._rows.addWidget(self._field_card(snapshot, field))
        self.changed.emit()

    def _clear(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                discard(widget)
        for group in self._groups:
            group.deleteLater()
        self._groups = []

    def _border_card(self, clash: LandClash, shapes: ClashShapes) -> QFrame:
        names = tr("、").join(shapes.names)
        box, inner = card(label(tr("边界：{names}", names=names), "heading"))
        sides = QHBoxLayout()
        sides.setSpacing(12)
        for side, outlines, moved, text, m2 in (
            (OURS, shapes.ours, shapes.ours_moved, tr("保留本项目"), clash.ours_m2),
            (THEIRS, shapes.theirs, shapes.theirs_moved, tr("采用工作包"), clash.theirs_m2),
        ):
            column = QVBoxLayout()
            said = tr("{side}（移动 {m2} m²）", side=text, m2=f"{m2:,.2f}")
            column.addWidget(BorderPicture(outlines, shapes.base, moved, shapes.box, said))
            column.addWidget(self._radio(clash.key, side, said, names))
            sides.addLayout(column)
        inner.addLayout(sides)
        look = QPushButton(tr("在地图上看"))
        look.setAutoDefault(False)
        look.setAccessibleName(tr("在地图上看 {names}", names=names))
        look.clicked.connect(partial(self._show_on_map, shapes.box))
        row = QHBoxLayout()
        row.addWidget(look)
        row.addStretch(1)
        inner.addLayout(row)
        self._pair(box)
        return box

    def _field_card(self, snapshot: Snapshot, clash: FieldClash) -> QFrame:
        building = snapshot.rows("building").get(clash.area)
        named = clash.area if building is None else (building.name or clash.area)
        field = _field_words().get(clash.field, clash.field)
        box, inner = card(label(tr("{area}：{field}", area=named, field=field), "heading"))
        inner.addWidget(label(tr("原来：{value}", value=clash.base or "—"), "quiet"))
        for side, text, value in (
            (OURS, tr("保留本项目"), clash.ours),
            (THEIRS, tr("采用工作包"), clash.theirs),
        ):
            said = tr("{side}：{value}", side=text, value=value or "—")
            inner.addWidget(self._radio(clash.key, side, said, named))
        self._pair(box)
        return box

    def _radio(self, key: str, side: str, said: str, about: str) -> QRadioButton:
        button = QRadioButton(said)
        button.setObjectName(f"{side}-{key}")
        button.setAccessibleName(f"{about}：{said}")
        button.toggled.connect(partial(self._choose, key, side))
        return button

    def _pair(self, box: QFrame) -> None:
        group = QButtonGroup(self)
        for button in box.findChildren(QRadioButton):
            group.addButton(button)
        self._groups.append(group)

    def _choose(self, key: str, side: str, is_on: bool) -> None:
        if is_on:
            self._chosen[key] = side
            self.changed.emit()

    def _choose_all(self, side: str) -> None:
        self._chosen = dict.fromkeys(self._chosen, side)
        for group in self._groups:
            for button in group.buttons():
                if button.objectName().startswith(f"{side}-"):
                    button.setChecked(True)
        self.changed.emit()

    def _show_on_map(self, box: tuple[float, float, float, float]) -> None:
        bridge = self._context.bridge
        low, high = bridge.to_local(box[:2]), bridge.to_local(box[2:])
        self._context.navigator.show_box((*low, *high))

    def why_not(self) -> str:
        """Return what is left to choose, in words; empty when nothing is."""
        left = sum(side is None for side in self._chosen.values())
        return tr("还有 {n} 处没有选择。", n=f"{left:,}") if left else ""

    def choices(self) -> dict[str, str]:
        """Return what was chosen."""
        return {key: side for key, side in self._chosen.items() if side is not None}

    def first_field(self) -> QWidget | None:
        """Return the first choice."""
        return self._groups[0].buttons()[0] if self._groups else None


def _field_words() -> dict[str, str]:
    return {
        "name": tr("名称"),
        "code": tr("编码"),
        "kind": tr("类别"),
        "households_typed": tr("户数"),
        "note": tr("备注"),
        "building": tr("楼栋户数"),
    }
