"""Add a base map, or change one: where it comes from, how it is placed, and whether it works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gridadmin.base.errors import GridAdminError
from gridadmin.tiles.source import Datum, Kind, Role, Source
from gridadmin.tiles.wmts import capabilities_address, read_capabilities
from ui.context import Context
from ui.dialogs.words import Sentence, label
from ui.people.form import Fields
from ui.texts import explain, mark, tr
from ui.tiles.basemaps import BaseMaps, title
from ui.tiles.probe import Probe, Probed
from ui.tiles.source_pages import AddressPage, FilePage, Page, TiandituPage, WmtsPage
from ui.tiles.test_card import TestCard

_KINDS: Mapping[str, str] = {
    "file": mark("文件或文件夹"),
    "address": mark("瓦片网址（XYZ）"),
    "wmts": mark("WMTS 服务"),
    "tianditu": mark("天地图"),
}
_DATUMS = {
    Datum.CGCS2000: mark("CGCS2000 / WGS 84（不用移动）"),
    Datum.GCJ02: mark("GCJ-02（高德、腾讯等）"),
    Datum.BD09: mark("BD-09（百度）"),
}
_ROLES = {Role.BASE: mark("底图"), Role.OVERLAY: mark("叠加在底图上")}
_LACKS_CRS = ("input.image_no_crs", "input.image_which_crs")
_MOST_OFFSET_M = 5000.0


class SourceDialog(QDialog):
    """Adds a base map, or changes *source*; a test shows one tile or says why there is none."""

    def __init__(
        self, context: Context, source: Source | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("source_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._maps = BaseMaps.of(context)
        self._before = source
        self.setWindowTitle(tr("添加底图") if source is None else tr("编辑底图"))
        self._probe = Probe(context, self)
        self._probe.done.connect(self._show_probed)
        self._probe.went_on.connect(self._tell_progress)
        self._is_name_typed = source is not None
        self._tested: object = None
        """What is being tested, or was last."""
        self._unproved: object = None
        """What was tested last, where that brought no picture."""
        self._is_asked = False
        self.kind = self._combo("source_kind", tr("类型"), _KINDS)
        self.pages: dict[str, Page] = {
            "file": FilePage(),
            "address": AddressPage(),
            "wmts": WmtsPage(),
            "tianditu": TiandituPage(self._tianditu_maps()),
        }
        self.stack = QStackedWidget()
        for page in self.pages.values():
            page.changed.connect(self._page_changed)
            page.fields.setRowStretch(page.fields.rowCount(), 1)
            self.stack.addWidget(page)
        self._make_common()
        self.card = TestCard()
        self.card.test.clicked.connect(self._test)
        self.picture, self.said = self.card.picture, self.card.said
        self._lay_out()
        self.kind.currentIndexChanged.connect(self._kind_changed)
        wmts = self.pages["wmts"]
        if isinstance(wmts, WmtsPage):
            wmts.capabilities_wanted.connect(self._read_capabilities)
        if source is not None:
            self._maps.keys.changed.connect(self._key_found)
            self._show(source)
        self._kind_changed()
        if source is not None and source.needs_key and not self.page.key():
            self.page.focus_key()

    # Making it

    def _combo(self, name: str, words: str, choices: Mapping[Any, str]) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setAccessibleName(words)
        for value, said in choices.items():
            box.addItem(tr(said), value)
        return box

    def _make_common(self) -> None:
        self.name = QLineEdit()
        self.name.textEdited.connect(self._name_edited)
        self.role = self._combo("source_role", tr("用作"), _ROLES)
        self.datum = self._combo("source_datum", tr("坐标"), _DATUMS)
        self.east, self.north = self._metres("offset_east"), self._metres("offset_north")
        self.east.setAccessibleName(tr("向东移动（米）"))
        self.north.setAccessibleName(tr("向北移动（米）"))
        self.attribution = QLineEdit()
        self.pack = QCheckBox(tr("来源方允许制作离线包"))
        self.pack.setObjectName("source_pack")
        offset = QWidget()
        row = QHBoxLayout(offset)
        row.setContentsMargins(0, 0, 0, 0)
        for words, box in ((tr("东"), self.east), (tr("北"), self.north)):
            row.addWidget(QLabel(words))
            row.addWidget(box)
        row.addStretch(1)
        self.common = Fields()
        self.common.put("source_name", tr("名称"), self.name)
        self.common.put("source_role", tr("用作"), self.role)
        self.common.put("source_datum", tr("坐标"), self.datum)
        self.common.put("source_offset", tr("移动（米）"), offset)
        self.common.put("source_attribution", tr("来源说明"), self.attribution)
        self.attribution.setPlaceholderText(tr("显示在地图右下角"))

    def _metres(self, name: str) -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        box.setObjectName(name)
        box.setRange(-_MOST_OFFSET_M, _MOST_OFFSET_M)
        box.setDecimals(2)
        box.lineEdit().setTextMargins(6, 0, 0, 0)
        return box

    def _lay_out(self) -> None:
        top = Fields()
        top.put("source_kind", tr("类型"), self.kind)
        self.fault = Sentence("error")
        self.fault.setObjectName("fault")
        self.keep = QPushButton()
        self.keep.setObjectName("main")
        self.keep.setProperty("role", "primary")
        self.keep.setDefault(True)
        self.keep.clicked.connect(self._agree)
        cancel = QPushButton(tr("取消"))
        cancel.setObjectName("cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        column.addWidget(label(self.windowTitle(), "heading"))
        column.addLayout(top)
        column.addWidget(self.stack)
        column.addLayout(self.common)
        column.addWidget(self.pack)
        column.addWidget(self.card)
        column.addWidget(self.fault)
        column.addStretch(1)
        column.addLayout(foot)
        self.setMinimumWidth(38 * self.fontMetrics().height())
        # All fields stand in one line.
        grids = [top, self.common, *(page.fields for page in self.pages.values())]
        widest = max(_words_px(grid) for grid in grids)
        for grid in grids:
            grid.setColumnMinimumWidth(0, widest)

    def _tianditu_maps(self) -> dict[str, str]:
        found = [one for one in self._maps.all_sources() if one.kind is Kind.TIANDITU]
        return {one.id: title(one) for one in found if one.role is Role.BASE or one == self._before}

    # What it shows

    @property
    def page(self) -> Page:
        """The fields of the kind that is chosen."""
        return self.pages[self.kind.currentData()]

    def _show(self, source: Source) -> None:
        kind = "file" if source.kind.is_local else "address"
        if source.kind is Kind.TIANDITU:
            kind = "tianditu"
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self.kind.setEnabled(False)
        key = self._maps.keys.key(source.key_name) if source.needs_key else ""
        self.page.show_source(source, key or "")
        self.name.setText(source.name)
        self.role.setCurrentIndex(self.role.findData(source.role))
        datum = Datum.CGCS2000 if source.datum is Datum.WGS84 else source.datum
        self.datum.setCurrentIndex(self.datum.findData(datum))
        self.east.setValue(source.offset_m[0])
        self.north.setValue(source.offset_m[1])
        self.attribution.setText(source.attribution)
        self.pack.setChecked(source.terms.pack)

    def _kind_changed(self) -> None:
        self._unproved = None
        self.stack.setCurrentWidget(self.page)
        self.card.say(tr("点“测试”，在项目所在的地方取一块图看看。"))
        kind = self.kind.currentData()
        self.pack.setVisible(kind in ("address", "wmts"))
        is_known = kind == "tianditu"
        for field in (self.name, self.role, self.datum, self.attribution):
            field.setEnabled(not is_known)
        self._page_changed()
        self._fit()

    def _fit(self) -> None:
        """Be as high as the fields of this kind need, no higher, and squeeze none."""
        self.stack.setFixedHeight(self.page.sizeHint().height())
        self.adjustSize()
        self.resize(self.width(), max(self.height(), self.sizeHint().height()))

    def _page_changed(self) -> None:
        self.fault.say("")
        self._ask_all_the_same(is_asked=False)
        if not self._is_name_typed:
            suggested = self.page.suggested_name()
            if self.kind.currentData() == "tianditu":
                source = self._tianditu()
                suggested = "" if source is None else title(source)
            self.name.setText(suggested)

    def _name_edited(self) -> None:
        self._is_name_typed = True

    def _tianditu(self) -> Source | None:
        page = self.pages["tianditu"]
        return self._maps.source(page.map.currentData()) if isinstance(page, TiandituPage) else None

    # What is done

    def _draft(self) -> Source:
        """Return the source that the fields describe. Raises: InputError of family ``basemap``."""
        offset_m = (self.east.value(), self.north.value())
        if self.kind.currentData() == "tianditu":
            before = self._tianditu()
            made = self.page.source("" if before is None else before.id, before)
            return replace(made, offset_m=offset_m)
        name = self.name.text().strip() or self.page.suggested_name() or tr("底图")
        id_ = self._maps.book.free_id(name) if self._before is None else self._before.id
        made = self.page.source(id_, self._before)
        return replace(
            made,
            name=name,
            role=Role(self.role.currentData()),
            datum=Datum(self.datum.currentData()),
            offset_m=offset_m,
            attribution=self.attribution.text().strip(),
            terms=replace(made.terms, pack=self.pack.isChecked()),
            is_on=True,
        )

    def _test(self) -> None:
        # A file that is being read to be kept is not read on.
        self.keep.setEnabled(True)
        try:
            source = self._draft()
        except GridAdminError as refusal:
            self._tested = None
            self._show_probed(Probed(None, explain(refusal)))
            return
        self._tested = self._essence(source)
        self._unproved = None
        self.card.say(tr("正在取图块…"))
        self._probe.try_source(source, self.page.key())

    def _essence(self, source: Source) -> object:
        """Return what a test of a source depends on."""
        return source.address, source.layer, source.grid, source.crs, self.page.key()

    def _ask_all_the_same(self, *, is_asked: bool) -> None:
        """Let the button say that it adds what gave no picture, or what it usually does."""
        self._is_asked = is_asked
        is_new = self._before is None
        usual = tr("添加") if is_new else tr("保存")
        all_the_same = tr("仍然添加") if is_new else tr("仍然保存")
        self.keep.setText(all_the_same if is_asked else usual)

    def _show_probed(self, found: Probed) -> None:
        self.card.show_probed(found)
        self._unproved = self._tested if found.picture is None else None
        if found.picture is not None:
            self._ask_all_the_same(is_asked=False)
            self.fault.say("")

    def _tell_progress(self, percent: int) -> None:
        """Say how far a large file is read; *Cancel* stops it."""
        self.card.say(tr("正在读取文件：{percent} %", percent=percent))

    def _read_capabilities(self, url: str) -> None:
        page = self.pages["wmts"]
        if not isinstance(page, WmtsPage):
            return
        self.keep.setEnabled(True)
        wmts, asked = page, capabilities_address(url)
        self._tested = None

        def take(content: bytes) -> None:
            try:
                found = read_capabilities(content, asked)
            except GridAdminError as refusal:
                self._show_probed(Probed(None, explain(refusal)))
                return
            wmts.show_capabilities(found)
            self.said.setText(tr("服务器有 {count} 个图层可用。", count=len(found.layers)))

        self.card.say(tr("正在读取图层…"))
        self._probe.fetch(asked, take)

    def _agree(self) -> None:
        """Keep what the fields describe, unless nobody could ever see it."""
        try:
            source = self._draft()
        except GridAdminError as refusal:
            self.fault.say(explain(refusal))
            return
        is_known = self._before is not None and self._before.address == source.address
        if source.kind.is_local and not is_known:
            self.keep.setEnabled(False)
            self._probe.open(source, lambda: self._declare_or_ask(source), self._refuse_file)
        else:
            self._declare_or_ask(source)

    def _declare_or_ask(self, source: Source) -> None:
        """Keep a source; one whose test brought nothing only when that is wanted all the same."""
        self.keep.setEnabled(True)
        if self._unproved == self._essence(source) and not self._is_asked:
            self.fault.say(tr("测试没有取到图块，原因见上。现在取不到、以后能用的，才值得保留。"))
            self._ask_all_the_same(is_asked=True)
        else:
            self._declare(source)

    def _refuse_file(self, refusal: GridAdminError) -> None:
        """Say why a file can't be a base map, and go where it can be helped."""
        self.keep.setEnabled(True)
        self.fault.say(explain(refusal))
        page = self.pages["file"]
        if isinstance(page, FilePage):
            (page.crs if refusal.code in _LACKS_CRS else page.path).setFocus()

    def _declare(self, source: Source) -> None:
        try:
            self._maps.declare(source)
            self._declare_others_of_key(source)
        except GridAdminError as refusal:
            self.fault.say(explain(refusal))
            return
        if source.needs_key:
            self._keep_key(source.key_name, self.page.key())
        tiles = self._probe.hand_over(source)
        if tiles is not None:
            self._maps.adopt_file(source.id, tiles)
        if source.role is Role.OVERLAY:
            self._maps.choose_overlay(source.id)
        else:
            self._maps.choose_base(source.id)
        self.accept()

    def _keep_key(self, name: str, key: str) -> None:
        """Keep what was typed; one that is still being looked up is not emptied."""
        known = self._maps.keys.key(name)
        if key != (known or ""):
            self._maps.keys.keep(name, key)

    def _key_found(self, name: str) -> None:
        if self._before is not None and self._before.key_name == name:
            self.page.show_key(self._maps.keys.key(name) or "")

    def _declare_others_of_key(self, source: Source) -> None:
        """Use the key in the same way for all that share it: the labels of a base map."""
        for other in self._maps.all_sources():
            is_same = source.needs_key and other.key_name == source.key_name
            if is_same and other.key_type is not source.key_type:
                self._maps.declare(replace(other, key_type=source.key_type))

    def done(self, result: int) -> None:
        """Wait for no answer any more."""
        self._probe.stop()
        super().done(result)


def _words_px(grid: Fields) -> int:
    """Return how wide the widest words before a field are."""
    items = [grid.itemAtPosition(row, 0) for row in range(grid.rowCount())]
    widgets = [item.widget() for item in items if item is not None]
    lengths = [
        one.fontMetrics().horizontalAdvance(one.text())
        for one in widgets
        if isinstance(one, QLabel)
    ]
    return max(lengths, default=0) + 4
