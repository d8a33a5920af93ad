"""The page of seats: chips of states, a field to search, and the table."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gridadmin.app.seat_search import counts_by_state
from gridadmin.staffing.seats import Seat, SeatState
from ui.panels.flow import FlowBox
from ui.panels.marks import state_pixmap
from ui.panels.parts import label
from ui.people import words
from ui.people.desk import PeopleDesk
from ui.people.seat_model import SeatModel
from ui.people.seat_view import SeatView
from ui.texts import tr
from ui.theme import icon

_PAUSE_MS = 120
_CHIPS = (
    None,
    SeatState.VACANT,
    SeatState.UNASSIGNED,
    SeatState.SURPLUS,
    SeatState.ENDING,
    SeatState.UNPAIRED,
    SeatState.SHARED,
)


class SeatPage(QWidget):
    """All seats of the project, bound to the selection that the window shares."""

    assign_wanted = Signal()
    """Somebody is wanted for the chosen seats, or a seat for the chosen person."""
    dropped = Signal(object, object)
    """Seats (keys) that were dropped on a seat."""

    def __init__(self, desk: PeopleDesk) -> None:
        super().__init__()
        self._desk = desk
        self._staff = desk.staff
        self._is_telling = False
        self.model = SeatModel(desk.staff, self)
        self.view = SeatView(self.model)
        self._chips: dict[SeatState | None, QPushButton] = {}
        self._chip_group = QButtonGroup(self)
        self._chip_row = FlowBox()
        for state in _CHIPS:
            self._chip_row.add(self._made_chip(state))
        self._post_chip = QPushButton()
        self._post_chip.setProperty("role", "chip")
        self._post_chip.setObjectName("seats-post")
        self._post_chip.setCheckable(True)
        self._post_chip.setToolTip(tr("不再只看这类岗位"))
        self._post_chip.clicked.connect(lambda *_: self._show_all_posts())
        self._chip_row.add(self._post_chip)
        self._field = self._made_field()
        self._grouped = QCheckBox(tr("按社区分组"))
        self._grouped.toggled.connect(self._group)
        self._within = QCheckBox(tr("只看所选区域"))
        self._within.toggled.connect(lambda _: self._look_within())
        self._count = label("", "quiet")
        self._said = label("", "quiet", wraps=True)
        self._said.setContentsMargins(14, 10, 14, 10)
        self._lay_out()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._apply_text)
        self.view.chosen_changed.connect(self._take_chosen)
        self.view.entered_row.connect(self.assign_wanted)
        self.view.dropped.connect(self.dropped)
        desk.staff.renewed.connect(self._take_seats)
        desk.staff.spelled.connect(self._find_again)
        desk.context.selection.changed.connect(self._show_selection)
        self._take_seats()

    # Making

    def _made_chip(self, state: SeatState | None) -> QPushButton:
        chip = QPushButton()
        chip.setProperty("role", "chip")
        chip.setCheckable(True)
        chip.setChecked(state is None)
        chip.setObjectName(f"seats-{state or 'all'}")
        chip.clicked.connect(lambda *_: self.show_state(state))
        self._chip_group.addButton(chip)
        self._chips[state] = chip
        return chip

    def _made_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName("seat_field")
        field.setPlaceholderText(tr("按姓名、岗位、区域、单位筛选（支持拼音）"))
        field.setAccessibleName(tr("筛选岗位和人员"))
        field.setClearButtonEnabled(True)
        field.setMinimumWidth(200)
        field.setMaximumWidth(360)
        field.addAction(icon("search", "quiet"), QLineEdit.ActionPosition.LeadingPosition)
        field.textChanged.connect(lambda _: self._pause.start())
        return field

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(10, 6, 10, 4)
        tools.setSpacing(8)
        tools.addWidget(self._chip_row, 3)
        tools.addWidget(self._count)
        tools.addWidget(self._within)
        tools.addWidget(self._grouped)
        tools.addWidget(self._field, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(tools)
        column.addWidget(self._said)
        column.addWidget(self.view, 1)

    # Filter

    def focus_field(self) -> None:
        """Move the keyboard to the field that filters."""
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def show_of(self, post: str) -> None:
        """Show the seats of a post in the selected area and below it, an empty one chosen.

        *post* is a key of the scheme, empty for all posts.
        """
        self._field.clear()
        self._pause.stop()
        self._chips[None].setChecked(True)
        self._within.setChecked(True)
        self.model.set_filter(typed="", state=None, post=post)
        self._look_within()
        self._tell()
        found = self.model.matching()
        if found:
            first = next((seat for seat in found if seat.state is SeatState.VACANT), found[0])
            row = self.model.row_of(first.key)
            self.view.choose_rows([] if row is None else [row])
            self._staff.choose(self.view.chosen())
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_all_of(self, post: str) -> None:
        """Show the seats of a post in the whole project."""
        self._field.clear()
        self._pause.stop()
        self._within.setChecked(False)
        self._chips[None].setChecked(True)
        self.model.set_filter(typed="", state=None, post=post, areas=None)
        self._tell()

    def set_within(self, *, is_within: bool) -> None:
        """Show the seats of the selected areas alone, or of all."""
        self._within.setChecked(is_within)

    def show_state(self, state: SeatState | None) -> None:
        """Show the seats of one state alone, None for all."""
        self._chips[state].setChecked(True)
        self.model.set_filter(state=state)
        self._tell()

    def _show_all_posts(self) -> None:
        self.model.set_filter(post="")
        self._tell()

    def _apply_text(self) -> None:
        self.model.set_filter(typed=self._field.text())
        self._tell()

    def _group(self, is_grouped: bool) -> None:
        self.model.set_grouped(is_grouped=is_grouped)

    def _look_within(self) -> None:
        areas = self._desk.context.selection.areas if self._within.isChecked() else ()
        snapshot = self._desk.bridge.snapshot if self._desk.bridge.is_open else None
        if not areas or snapshot is None:
            wanted = None
        else:
            rows = snapshot.rows("area")
            wanted = frozenset(
                one
                for uid in areas
                if uid in rows
                for one in (uid, *(below.uid for below in snapshot.descendants(uid)))
            )
        if wanted != self.model.filter.areas:
            self.model.set_filter(areas=wanted)
            self._tell()

    # Telling

    def _take_seats(self) -> None:
        self.model.read_anew()
        self._tell()
        self._show_selection()

    def _find_again(self) -> None:
        if self.model.filter.typed:
            self._take_seats()

    def _tell(self) -> None:
        seats = self.model.of_all_states
        counts = counts_by_state(seats)
        ratio = self.devicePixelRatioF()
        size = max(self.fontMetrics().height() - 2, 11)
        for state, chip in self._chips.items():
            count = len(seats) if state is None else counts[state]
            name = tr("全部") if state is None else tr(words.STATES[state])
            chip.setText(f"{name} {count:,}")
            if state is not None:
                chip.setIcon(QIcon(state_pixmap(words.state_mark(state), size, ratio)))
                chip.setVisible(bool(count) or state is self.model.filter.state)
        key = self.model.filter.post
        post = self._staff.book.posts.get(key) if self._staff.book is not None else None
        self._post_chip.setVisible(post is not None)
        self._post_chip.setChecked(True)
        if post is not None:
            self._post_chip.setText(f"{words.term(post)}  ✕")
        self._chip_row.fit()
        is_cut = self.model.seat_count != len(seats)
        self._count.setText(tr("显示 {n} 席", n=f"{self.model.seat_count:,}") if is_cut else "")
        said = self._state_words()
        self._said.setText(said)
        self._said.setVisible(bool(said))

    def _state_words(self) -> str:
        if not self._desk.bridge.is_open:
            return tr("没有打开的项目。")
        roll = self._staff.roll
        if roll is None:
            return tr("正在读取岗位和人员…")
        if not roll.seats:
            return tr("这个项目还没有岗位和人员。可以导入花名册，或者新增人员。")
        return "" if self.model.seat_count else tr("没有符合筛选的岗位。")

    # Choosing

    def _take_chosen(self) -> None:
        seats = self.view.chosen()
        self._staff.choose(seats)
        self._is_telling = True
        try:
            _select(self._desk, seats)
        finally:
            self._is_telling = False

    def _show_selection(self) -> None:
        """Choose the rows of what is selected elsewhere."""
        if self._within.isChecked() and not self._is_telling:
            self._look_within()
        if self._is_telling:
            return
        now = self._desk.context.selection.now
        if {seat.area.uid for seat in self.view.chosen() if seat.area} == {*now.areas}:
            self._staff.choose(self.view.chosen())
            return
        rows = self.model.rows_on(now.areas, now.person)
        self.view.choose_rows(rows)
        self._staff.choose(self.view.chosen())


def _select(desk: PeopleDesk, seats: list[Seat]) -> None:
    """Select what is chosen in the table for the whole window, and let the map show it."""
    context = desk.context
    areas = list(dict.fromkeys(seat.area.uid for seat in seats if seat.area is not None))
    persons = {seat.person.uid for seat in seats if seat.person is not None}
    if len(seats) == 1 and persons:
        context.selection.select_person(persons.pop(), areas)
    else:
        context.selection.select_areas(areas)
    box = context.bridge.box_of_area(areas[0]) if len(areas) == 1 else None
    if box is not None:
        context.navigator.show_place(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))
