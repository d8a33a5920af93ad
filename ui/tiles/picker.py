"""The base map picker on the map: which base map, what lies over it, and how strong both are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFormLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gridadmin.tiles.source import Kind, Role, Source
from ui.actions import Actions
from ui.canvas.style import DARK as DARK_MAP
from ui.canvas.style import LIGHT as LIGHT_MAP
from ui.dialogs.words import Sentence, label
from ui.texts import mark, tr
from ui.theme import DARK, colours, icon
from ui.tiles.basemaps import BaseMaps, title
from ui.tiles.choice import BESIDE, NONE
from ui.tiles.previews import SIZE, Previews, preview_icon, sign_icon
from ui.tips import plain_tip

_ID = Qt.ItemDataRole.UserRole
_GAP_PX = 8
_WIDTH_EM = 22
_MOST_ROWS, _LEAST_ROWS = 11, 3
_NOTES = (
    mark("个人密钥每天约一万块瓦片，不得批量下载。"),
    mark("由志愿者维护，须注明来源，不得批量下载；用量大时会被拒绝。"),
)
"""What the program's own sources say of their terms; here because it is translated."""
LOCAL, TIANDITU, SERVERS = mark("文件"), mark("天地图"), mark("网址")
ACTS = ("map.basemap_add", "map.basemaps", "map.basemap_pack", "map.basemap_cache")
"""What else can be done about base maps."""


def group_of(source: Source) -> str:
    """Return under which heading a source stands."""
    if source.kind.is_local:
        return LOCAL
    return TIANDITU if source.kind is Kind.TIANDITU else SERVERS


class BaseMapButton(QFrame):
    """Opens the picker; stands at the lower right of the map, beside the layers."""

    def __init__(self, parent: QWidget, maps: BaseMaps, actions: Actions) -> None:
        super().__init__(parent)
        self.setObjectName("basemap_box")
        self.setProperty("role", "float")
        self.setProperty("edge", "corner")
        self._maps = maps
        self.button = button = QToolButton(self)
        button.setObjectName("basemap_button")
        button.setText(tr("底图"))
        button.setAccessibleName(tr("底图"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(QSize(18, 18))
        button.setAutoRaise(True)
        button.clicked.connect(self.open)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.addWidget(button)
        self.picker = BaseMapPicker(maps, actions, parent, self)
        maps.changed.connect(self.renew)
        maps.state_changed.connect(self.renew)
        self.renew()

    def renew(self) -> None:
        """Show whether the base map can be had, in the colours of the theme."""
        troubles = [words for one in self._maps.chosen() if (words := self._maps.trouble(one))]
        base = self._maps.base
        self.button.setIcon(icon("warning", "warning_text") if troubles else icon("basemap"))
        words = tr("底图：{name}", name=tr("无") if base is None else title(base))
        told = "\n".join([words, *troubles])
        self.button.setToolTip(plain_tip(told))
        self.button.setAccessibleDescription(told)

    def open(self) -> None:
        """Open the picker above the button, or close it."""
        if self.picker.isVisible():
            self.picker.close_picker()
        else:
            self.picker.open()

    def place(self, right_of_it: QWidget) -> None:
        """Stand left of another button, at its height."""
        self.adjustSize()
        beside = right_of_it.geometry()
        self.move(beside.left() - self.width() - _GAP_PX, beside.top())
        self.picker.place()


class BaseMapPicker(QFrame):
    """A list of base maps; the one that is marked is shown at once.

    A part of the map, above its button; it closes when the keyboard goes elsewhere.
    """

    edit_wanted = Signal(object)
    """A :class:`Source` that the user wants to put right."""

    def __init__(self, maps: BaseMaps, actions: Actions, parent: QWidget, button: QWidget) -> None:
        super().__init__(parent)
        self._maps = maps
        self.hide()
        self._around = parent
        self._button_box = button
        self.setObjectName("basemap_picker")
        self.setAccessibleName(tr("选择底图"))
        self.setProperty("role", "float")
        self._previews: Previews | None = None
        self._pictures: Mapping[str, QImage] = {}
        self.list = QListWidget()
        self.list.setObjectName("basemap_list")
        self.list.setAccessibleName(tr("底图"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setIconSize(SIZE)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.currentItemChanged.connect(self._choose)
        self.overlay = QComboBox()
        self.overlay.setObjectName("basemap_overlay")
        self.overlay.setAccessibleName(tr("叠加"))
        self.overlay.activated.connect(
            lambda _: self._maps.choose_overlay(self.overlay.currentData())
        )
        self.opacity = _Percent("basemap_opacity", tr("底图不透明度"), 10, 100)
        self.over_opacity = _Percent("overlay_opacity", tr("叠加不透明度"), 10, 100)
        self.dimming = _Percent("basemap_dimming", tr("底图淡化"), 0, 90)
        self.opacity.changed.connect(lambda n: maps.set_opacity(maps.choice.base, n))
        self.over_opacity.changed.connect(lambda n: maps.set_opacity(maps.choice.overlay, n))
        self.dimming.changed.connect(maps.set_dimming)
        self.trouble = Sentence("warning")
        self.trouble.setObjectName("basemap_trouble")
        self.again = QPushButton(tr("重试"))
        self.again.setObjectName("basemap_again")
        self.again.setAutoDefault(False)
        self.again.clicked.connect(self._try_again)
        self.edit = QPushButton(tr("编辑…"))
        self.edit.setObjectName("basemap_edit")
        self.edit.setAutoDefault(False)
        self.edit.clicked.connect(self._edit)
        self.note = label("", "quiet")
        self.note.setObjectName("basemap_note")
        self._lay_out(actions)
        _application().focusChanged.connect(self._focus_changed)
        maps.changed.connect(self._fill_if_seen)
        maps.state_changed.connect(self._fill_if_seen)

    def _lay_out(self, actions: Actions) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(6)
        for words, field in (
            (tr("叠加"), self.overlay),
            (tr("底图不透明度"), self.opacity),
            (tr("叠加不透明度"), self.over_opacity),
            (tr("底图淡化"), self.dimming),
        ):
            form.addRow(words, field)
        buttons = QGridLayout()
        buttons.setSpacing(6)
        for at, key in enumerate(ACTS):
            buttons.addWidget(self._button(actions, key), at // 2, at % 2)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addWidget(label(tr("底图"), "heading"))
        column.addWidget(self.list)
        column.addWidget(self.trouble)
        ways = QHBoxLayout()
        ways.setSpacing(8)
        ways.addWidget(self.again)
        ways.addWidget(self.edit)
        ways.addStretch(1)
        column.addLayout(ways)
        column.addWidget(self.note)
        column.addLayout(form)
        column.addLayout(buttons)

    def _button(self, actions: Actions, key: str) -> QPushButton:
        action = actions.action(key)
        button = QPushButton()
        button.setObjectName(f"picker_{key}")
        button.setText(action.iconText())
        button.setAccessibleName(action.text())
        button.setToolTip(action.toolTip())
        button.setAutoDefault(False)

        def act() -> None:
            self.close_picker()
            action.trigger()

        button.clicked.connect(act)
        return button

    def use_previews(self, previews: Previews) -> None:
        """Show a small picture beside each base map."""
        self._previews = previews
        previews.made.connect(self._take_pictures)

    def _take_pictures(self, pictures: Mapping[str, QImage]) -> None:
        self._pictures = pictures
        for row in range(self.list.count()):
            item = self.list.item(row)
            source = self._maps.source(item.data(_ID) or "")
            if source is not None and not self._maps.trouble(source):
                item.setIcon(preview_icon(pictures.get(source.id)))

    def open(self) -> None:
        """Open with the keyboard in the list."""
        self._fill()
        if self._previews is not None:
            self._previews.look(self._maps.sources(Role.BASE))
        self.show()
        self.raise_()
        # Which rows are seen is known only now.
        self.list.scrollToItem(self.list.currentItem())
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_picker(self) -> None:
        """Close, and give the keyboard back to the map's button where it was in here."""
        holder = QApplication.focusWidget()
        had_focus = holder is not None and self.isAncestorOf(holder)
        self.hide()
        if had_focus:
            self._button_box.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self) -> None:
        """Stand above the button, as high as what is said needs, within the map."""
        if self.isHidden():
            return
        around, box = self._around.width(), self._button_box.geometry()
        wanted = max(_WIDTH_EM * self.fontMetrics().height(), self.minimumSizeHint().width())
        width = min(wanted, around - 2 * _GAP_PX)
        self._size_list(width)
        self.resize(width, self._column.totalHeightForWidth(width))
        top = max(box.top() - self.height() - _GAP_PX, _GAP_PX)
        self.move(max(min(box.left(), around - width - _GAP_PX), _GAP_PX), top)

    def showEvent(self, event: QShowEvent) -> None:
        """Stand in its place."""
        super().showEvent(event)
        self._maps.tell_in_list(is_listed=True)
        self.place()

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave it to the window to say what is wrong."""
        super().hideEvent(event)
        self._maps.tell_in_list(is_listed=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc; nothing goes on to the map."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_picker()
        event.accept()

    def _focus_changed(self, _: QWidget | None, now: QWidget | None) -> None:
        holder = now
        while holder is not None and holder is not self:
            holder = holder.parentWidget()
        if self.isVisible() and now is not None and holder is None:
            self.hide()

    # What it shows

    def _fill_if_seen(self) -> None:
        if self.isVisible():
            self._fill()

    def _fill(self) -> None:
        maps, choice = self._maps, self._maps.choice
        with QSignalBlocker(self.list):
            self.list.clear()
            for item in self._items():
                self.list.addItem(item)
                if item.data(_ID) == choice.base:
                    self.list.setCurrentItem(item)
        with QSignalBlocker(self.overlay):
            self.overlay.clear()
            self.overlay.addItem(tr("无"), NONE)
            for source in maps.sources(Role.OVERLAY):
                self.overlay.addItem(title(source), source.id)
            self.overlay.setCurrentIndex(max(self.overlay.findData(choice.overlay), 0))
        self.opacity.show_value(round(choice.opacity_of(choice.base) * 100))
        self.opacity.setEnabled(maps.base is not None)
        self.over_opacity.show_value(round(choice.opacity_of(choice.overlay) * 100))
        self.over_opacity.setEnabled(maps.overlay is not None)
        usual = DARK_MAP.dimming if colours() is DARK else LIGHT_MAP.dimming
        self.dimming.show_value(round(usual * 100) if choice.dimming is None else choice.dimming)
        self.dimming.setEnabled(bool(maps.chosen()))
        self._explain()

    def _size_list(self, width: int) -> None:
        """Show as many rows as there are and as the map has room for."""
        edges = 2 * self.list.frameWidth() + 4
        heights = [self.list.sizeHintForRow(row) for row in range(self.list.count())]
        self.list.setFixedHeight(0)
        rest = self._column.totalHeightForWidth(width)
        room = self._button_box.y() - rest - 3 * _GAP_PX - edges
        while len(heights) > _LEAST_ROWS and (len(heights) > _MOST_ROWS or sum(heights) > room):
            heights.pop()
        self.list.setFixedHeight(sum(heights) + edges)

    def _items(self) -> Iterator[QListWidgetItem]:
        none = QListWidgetItem(tr("无底图"))
        none.setData(_ID, NONE)
        none.setIcon(preview_icon(None))
        yield none
        sources = self._maps.sources(Role.BASE)
        for group in (LOCAL, SERVERS, TIANDITU):
            of_group = [source for source in sources if group_of(source) == group]
            if of_group:
                heading = QListWidgetItem(tr(group))
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
                yield heading
            for source in of_group:
                yield self._item(source)

    def _item(self, source: Source) -> QListWidgetItem:
        words = title(source)
        item = QListWidgetItem(words)
        trouble = self._maps.trouble(source)
        picture = preview_icon(self._pictures.get(source.id))
        item.setIcon(sign_icon(icon("warning", "warning_text")) if trouble else picture)
        told = filter(None, [words, trouble, tr(source.terms.note)])
        item.setToolTip(plain_tip("\n".join(told)))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
        item.setData(_ID, source.id)
        return item

    def _explain(self) -> None:
        chosen = self._maps.chosen()
        troubles = [words for one in chosen if (words := self._maps.trouble(one))]
        self.trouble.say(troubles[0] if troubles else "")
        self.again.setVisible(bool(troubles))
        self.edit.setVisible(bool(troubles) and self._maps.choice.base != BESIDE)
        base = self._maps.base
        notes = [] if base is None else [tr(base.terms.note)]
        self.note.setText("\n".join(filter(None, notes)))
        self.note.setVisible(any(notes))
        self.place()

    # What is done with it

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(_ID) is not None:
            self._maps.choose_base(item.data(_ID))

    def _edit(self) -> None:
        base = self._maps.base
        if base is not None:
            self.close_picker()
            self.edit_wanted.emit(base)

    def _try_again(self) -> None:
        for source in self._maps.chosen():
            self._maps.try_again(source)


def _application() -> QApplication:
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        raise TypeError(application)
    return application


class _Percent(QWidget):
    """A slider with its percentage beside it."""

    changed = Signal(int)

    def __init__(self, name: str, words: str, low: int, high: int) -> None:
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName(name)
        self.slider.setAccessibleName(words)
        self.slider.setRange(low, high)
        self.slider.setPageStep(10)
        self.slider.valueChanged.connect(self._moved)
        self._words = QLabel()
        self._words.setMinimumWidth(self.fontMetrics().horizontalAdvance("100 %"))
        self._words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.slider, 1)
        row.addWidget(self._words)

    def show_value(self, value: int) -> None:
        """Show a value without telling of it."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(value)
        self._words.setText(f"{value} %")

    def _moved(self, value: int) -> None:
        self._words.setText(f"{value} %")
        self.changed.emit(value)
