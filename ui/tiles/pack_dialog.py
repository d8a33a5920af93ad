"""Make an offline pack of a base map: area, levels, how large, and the work itself."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gridadmin.base.errors import GridAdminError, InputError
from gridadmin.exchange.import_source import plane_of
from gridadmin.tiles.cache import TileCache
from gridadmin.tiles.pack import Packed, PackPlan, make_pack, may_pack, plan_pack
from gridadmin.tiles.placement import Metres, Placement
from gridadmin.tiles.source import Kind, Source
from ui.canvas.viewport import Box
from ui.context import Context
from ui.dialogs.words import Sentence, label
from ui.jobs import Job, JobProgress, Jobs
from ui.people.form import Fields
from ui.texts import explain, mark, tr
from ui.tiles.basemaps import BaseMaps, cache_file, title
from ui.tiles.pack_fetch import PackFetch
from ui.tiles.source_dialog import SourceDialog

_AREAS = {"project": mark("整个项目"), "selection": mark("所选区域"), "view": mark("地图上看到的")}
_USUAL_LEVELS = (12, 17)
_MARGIN = 0.02
_WIDTH_EM = 38

SeenBox = Callable[[], Box | None]


class PackDialog(QDialog):
    """Fetches the tiles of an area into an MBTiles file; broken off, it goes on another time.

    *seen* and *selected* return what the map shows and the box of what is selected, in local
    metres.
    """

    def __init__(
        self, context: Context, seen: SeenBox, selected: SeenBox, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("pack_dialog")
        self.setWindowTitle(tr("制作离线包"))
        self._context = context
        self._maps = BaseMaps.of(context)
        self._seen, self._selected = seen, selected
        # A worker of its own: edits must not wait for a server.
        self._jobs = Jobs(self)
        self._job: Job | None = None
        self._fetch: PackFetch | None = None
        self._out: Path | None = None
        self._is_leaving = False
        self.source = QComboBox()
        for one in self._maps.all_sources():
            if one.is_on and not one.kind.is_local:
                self.source.addItem(title(one), one.id)
        self.source.setCurrentIndex(max(self.source.findData(self._maps.choice.base), 0))
        self.area = QComboBox()
        for name, words in _AREAS.items():
            self.area.addItem(tr(words), name)
        self.low, self.high = QSpinBox(), QSpinBox()
        self.estimate = label("", "quiet")
        self.estimate.setObjectName("pack_estimate")
        self.why_not = Sentence("warning")
        self.why_not.setObjectName("pack_why_not")
        self.bar = QProgressBar()
        self.bar.setObjectName("pack_progress")
        self.bar.setAccessibleName(tr("进度"))
        self.bar.hide()
        self.said = label("", "quiet")
        self.said.setObjectName("pack_said")
        self.key = QPushButton(tr("填写密钥…"))
        self.key.setObjectName("pack_key")
        self.key.setAutoDefault(False)
        self.key.clicked.connect(self._enter_key)
        self._lay_out()
        self._maps.keys.changed.connect(self._key_known)
        for signal in (
            self.source.currentIndexChanged,
            self.area.currentIndexChanged,
            self.low.valueChanged,
            self.high.valueChanged,
        ):
            signal.connect(self._reckon)
        self.source.currentIndexChanged.connect(self._limit_levels)
        self._limit_levels()
        self._reckon()

    def _lay_out(self) -> None:
        levels = QWidget()
        row = QHBoxLayout(levels)
        row.setContentsMargins(0, 0, 0, 0)
        for box in (self.low, self.high):
            box.lineEdit().setTextMargins(6, 0, 0, 0)
        self.low.setObjectName("pack_low")
        self.high.setObjectName("pack_high")
        self.low.setAccessibleName(tr("最粗级别"))
        self.high.setAccessibleName(tr("最细级别"))
        for part in (self.low, QLabel("–"), self.high):
            row.addWidget(part)
        row.addStretch(1)
        fields = Fields()
        fields.put("pack_source", tr("底图"), self.source)
        fields.put("pack_area", tr("打包范围"), self.area)
        fields.put("pack_levels", tr("图块级别"), levels)
        self.start = QPushButton(tr("开始…"))
        self.start.setObjectName("main")
        self.start.setProperty("role", "primary")
        self.start.setDefault(True)
        self.start.clicked.connect(self._ask_where)
        self.stop = QPushButton(tr("停止"))
        self.stop.setObjectName("stop")
        self.stop.setAutoDefault(False)
        self.stop.clicked.connect(self._stop)
        self.stop.hide()
        close = QPushButton(tr("关闭"))
        close.setObjectName("close")
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.addStretch(1)
        for button in (close, self.stop, self.start):
            foot.addWidget(button)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        column.addWidget(label(tr("制作离线包"), "heading"))
        words = tr("把一片范围的图块存成一个文件，没有网络的地方也能用。只限来源方允许的底图。")
        column.addWidget(label(words, "quiet"))
        column.addLayout(fields)
        column.addWidget(self.estimate)
        column.addWidget(self.why_not)
        column.addWidget(self.key, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.bar)
        column.addWidget(self.said)
        column.addStretch(1)
        column.addLayout(foot)
        self.resize(QSize(_WIDTH_EM * self.fontMetrics().height(), self.sizeHint().height()))

    # What would be made

    def _source(self) -> Source | None:
        return self._maps.source(self.source.currentData() or "")

    def _limit_levels(self) -> None:
        source = self._source()
        if source is not None:
            first, last = source.levels
            for box, usual in ((self.low, _USUAL_LEVELS[0]), (self.high, _USUAL_LEVELS[1])):
                box.setRange(first, last)
                box.setValue(min(max(usual, first), last))

    def _bounds_m(self) -> Metres | None:
        """Return the area in metres of the plane."""
        bridge = self._context.bridge
        if not bridge.is_open:
            return None
        ways = {"project": bridge.extent, "selection": self._selected, "view": self._seen}
        box = ways[self.area.currentData()]()
        if box is None:
            return None
        x, y = (value / 1000 for value in bridge.snapshot.origin_mm)
        dx, dy = (box[2] - box[0]) * _MARGIN, (box[3] - box[1]) * _MARGIN
        return box[0] + x - dx, box[1] + y - dy, box[2] + x + dx, box[3] + y + dy

    def _plan(self) -> PackPlan | str:
        """Return what would be made, or why nothing can be."""
        source, bounds = self._source(), self._bounds_m()
        plane = plane_of(self._context.bridge.snapshot) if self._context.bridge.is_open else None
        if source is None:
            return tr("没有可用的网络底图。请先添加。")
        if plane is None or bounds is None:
            return tr("没有选中有边界的区域。") if plane is not None else tr("这个项目还没有边界。")
        placement = Placement(plane.crs, source.grid, source.datum, source.offset_m)
        low, high = sorted((self.low.value(), self.high.value()))
        try:
            plan = plan_pack(source, placement, bounds, range(low, high + 1))
        except GridAdminError as refusal:
            return explain(refusal)
        if source.needs_key and not (key := self._maps.keys.key(source.key_name)):
            no_key = InputError("basemap.no_key", name=title(source))
            return tr("正在读取密钥…") if key is None else explain(no_key)
        return plan

    def _lacks_key(self) -> bool:
        """Return whether nothing but the key is missing, and none is known."""
        source = self._source()
        is_asked = source is not None and source.needs_key and may_pack(source)
        return is_asked and source is not None and self._maps.keys.key(source.key_name) == ""

    def _enter_key(self) -> None:
        source = self._source()
        if source is not None:
            SourceDialog(self._context, source, self).open()

    def _key_known(self, _: str) -> None:
        self._reckon()

    def _reckon(self) -> None:
        """Say how large it would be, or why it can't be made."""
        plan = self._plan()
        if isinstance(plan, str):
            self.estimate.setText("")
            self.why_not.say(plan)
        else:
            megabytes = plan.estimated_bytes() / 2**20
            self.estimate.setText(
                tr(
                    "{count} 块图块，约 {size} MB",
                    count=f"{plan.total:,}",
                    size=f"{megabytes:,.0f}",
                )
            )
            self.why_not.say("")
        self.start.setEnabled(not isinstance(plan, str) and self._job is None)
        self.key.setVisible(self._lacks_key())
        # What is said may take another line; nothing must be cut off for it.
        needed = self._column.totalHeightForWidth(self.width())
        self.setMinimumHeight(max(needed, self.minimumSizeHint().height()))

    # The work

    def _ask_where(self) -> None:
        plan = self._plan()
        if isinstance(plan, str):
            return
        usual = self._context.bridge.path.with_name(f"{plan.source.name}.mbtiles")
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("保存离线包"), str(usual), tr("离线包 (*.mbtiles)")
        )
        if chosen:
            out = Path(chosen)
            self.make(plan, out if out.suffix else out.with_suffix(".mbtiles"))

    def make(self, plan: PackPlan, out: Path) -> None:
        """Make a pack; what an earlier try fetched of it is not fetched again."""
        source = plan.source
        key = self._maps.keys.key(source.key_name) if source.needs_key else ""
        self._out = out
        self._fetch = fetch = PackFetch(self._maps.reach(), self, is_secret=source.needs_key)

        def work(progress: JobProgress) -> Packed:
            fetch.progress = progress
            with closing(TileCache(cache_file())) as cache:
                return make_pack(plan, out, fetch, secret=key or "", cache=cache, progress=progress)

        self._job = self._jobs.start(
            tr("制作离线包"),
            work,
            on_done=self._made,
            on_failed=self._failed,
            on_cancelled=self._stopped,
        )
        self._job.progressed.connect(self._step)
        self.said.setText("")
        self._show_work()

    def _show_work(self) -> None:
        is_working = self._job is not None
        self.bar.setVisible(is_working)
        self.stop.setVisible(is_working)
        self.start.setVisible(not is_working)
        for field in (self.source, self.area, self.low, self.high):
            field.setEnabled(not is_working)
        self._reckon()

    def _step(self, _: str, done: int, total: int) -> None:
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)
        if total:
            self.said.setText(tr("已取 {done} / {total} 块", done=f"{done:,}", total=f"{total:,}"))

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _made(self, packed: Packed) -> None:
        self._end()
        size = f"{packed.bytes / 2**20:,.1f}"
        self.said.setText(
            tr("已做好，{count} 块，{size} MB。", count=f"{packed.tiles:,}", size=size)
        )
        out = self._out
        is_known = any(one.address == str(out) for one in self._maps.all_sources())
        if out is not None and not is_known:
            self._maps.declare(
                Source(self._maps.book.free_id(out.stem), out.stem, Kind.MBTILES, str(out))
            )
            self._context.messages.done(tr("离线包已做好，并加到底图里：{name}", name=out.stem))

    def _failed(self, fault: BaseException) -> None:
        self._end()
        if not isinstance(fault, GridAdminError):
            raise fault
        self.said.setText("")
        self.why_not.say(explain(fault))

    def _stopped(self) -> None:
        self._end()
        self.said.setText(tr("已停止。再次开始并选同一个文件，会接着取。"))

    def _end(self) -> None:
        self._job = None
        if self._fetch is not None:
            self._fetch.close()
            self._fetch.deleteLater()
            self._fetch = None
        self._show_work()
        if self._is_leaving:
            QTimer.singleShot(0, self, self.close)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop first; what was fetched is kept for another time."""
        if self._job is not None:
            self._is_leaving = True
            self._job.cancel()
            event.ignore()
            return
        self.end_work()
        super().closeEvent(event)
        self.deleteLater()

    def end_work(self) -> None:
        """Stop at once, for good: the window closes."""
        self._jobs.close()
        if self._fetch is not None:
            self._fetch.close()
