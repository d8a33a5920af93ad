"""One tile of a source, to see whether it works: the picture, or the sentence why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pyproj import CRS, Transformer
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from gridadmin.base.errors import Cancelled, GridAdminError, InputError
from gridadmin.exchange.import_source import plane_of
from gridadmin.partition.planes import WGS84, plane_for
from gridadmin.tiles.answer import Outcome, verdict
from gridadmin.tiles.grid import TileKey
from gridadmin.tiles.opening import datum_of, open_source
from gridadmin.tiles.placement import Placement
from gridadmin.tiles.request import request_of, require_address
from gridadmin.tiles.source import Source
from ui.context import Context
from ui.jobs import JobProgress
from ui.texts import explain, tr
from ui.tiles.decoding import decoded
from ui.tiles.fetcher import Answer, Fetcher
from ui.tiles.network import Reach
from ui.tiles.orders import Order
from ui.tiles.supply import fault_error

_PATIENCE_MS = 12_000
_TEST_M_PER_PX = 5.0
_BEIJING = (116.391, 39.907)


@dataclass(frozen=True)
class Probed:
    """What came: a picture, or words why there is none."""

    picture: QImage | None
    words: str


class Probe(QObject):
    """Fetches or reads one tile in the middle of the open project."""

    done = Signal(object)
    """A :class:`Probed`."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._fetcher: Fetcher | None = None
        self._source: Source | None = None

    def try_source(self, source: Source, key: str) -> None:
        """Ask for one tile; :attr:`done` brings it."""
        self.stop()
        self._source = source
        if source.kind.is_local:
            self._read(source)
            return
        try:
            asked = request_of(source, self._tile(source), key)
        except GridAdminError as refusal:
            self.done.emit(Probed(None, explain(refusal)))
            return
        order = Order(
            "probe",
            asked.url,
            asked.host,
            dict(asked.headers),
            is_secret=source.needs_key or bool(source.headers),
        )
        self._fetcher = Fetcher(Reach.of(self._context.settings), self, patience_ms=_PATIENCE_MS)
        self._fetcher.answered.connect(self._take)
        self._fetcher.want([order])

    def fetch(self, url: str, take: Callable[[bytes], None]) -> None:
        """Fetch a document; where that fails :attr:`done` tells why."""
        self.stop()
        self._source = None
        try:
            host = require_address(url)
        except GridAdminError as refusal:
            self.done.emit(Probed(None, explain(refusal)))
            return
        self._fetcher = Fetcher(Reach.of(self._context.settings), self, patience_ms=_PATIENCE_MS)

        def took(answer: Answer) -> None:
            self.stop()
            if answer.fault is None and answer.status == 200 and answer.body:
                take(answer.body)
            elif answer.fault is not None:
                self.done.emit(Probed(None, explain(fault_error(answer.order.host, answer))))
            else:
                code = InputError("answer.status", name=answer.order.host, status=answer.status)
                self.done.emit(Probed(None, explain(code)))

        self._fetcher.answered.connect(took)
        self._fetcher.want([Order("document", url, host, is_secret=True)])

    def stop(self) -> None:
        """Wait for nothing any more."""
        if self._fetcher is not None:
            self._fetcher.close()
            self._fetcher.deleteLater()
            self._fetcher = None

    def _take(self, answer: Answer) -> None:
        source = self._source
        self.stop()
        if source is None:
            return
        if answer.fault is not None:
            self.done.emit(Probed(None, explain(fault_error(source.name, answer))))
            return
        said = verdict(source, answer.status, answer.headers, answer.body)
        picture = decoded(answer.body) if said.outcome is Outcome.PICTURE else None
        if picture is not None:
            self.done.emit(Probed(picture, tr("能取到图块。")))
        elif said.outcome is Outcome.EMPTY:
            self.done.emit(Probed(None, tr("服务器有回应，但项目所在的地方没有图块。")))
        else:
            self.done.emit(Probed(None, "" if said.error is None else explain(said.error)))

    def _read(self, source: Source) -> None:
        crs, middle = self._middle()

        def read(_: JobProgress) -> Probed:
            with open_source(source) as tiles:
                key = _key_at(Placement(crs, tiles.grid, datum_of(source, tiles)), middle)
                stored = tiles.tile(key)
                picture = None if stored is None else decoded(stored)
            if picture is not None:
                return Probed(picture, tr("文件可用。"))
            return Probed(None, tr("文件可用，但项目所在的地方没有图块。"))

        self._context.jobs.start(
            tr("打开底图"), read, on_done=self.done.emit, on_failed=self._failed, is_quiet=True
        )

    def _tile(self, source: Source) -> TileKey:
        crs, middle = self._middle()
        return _key_at(Placement(crs, source.grid, source.datum), middle)

    def _middle(self) -> tuple[CRS, tuple[float, float]]:
        """Return the plane and the middle of the project's land; without land, of Beijing."""
        bridge = self._context.bridge
        plane = plane_of(bridge.snapshot) if bridge.is_open else None
        extent = bridge.extent() if bridge.is_open else None
        if plane is None or extent is None:
            crs = plane_for(*_BEIJING)
            x, y = Transformer.from_crs(WGS84, crs, always_xy=True).transform(*_BEIJING)
            return crs, (x, y)
        dx, dy = bridge.snapshot.origin_mm
        x0, y0, x1, y1 = extent
        return plane.crs, ((x0 + x1) / 2 + dx / 1000, (y0 + y1) / 2 + dy / 1000)

    def _failed(self, fault: BaseException) -> None:
        if not isinstance(fault, GridAdminError) or isinstance(fault, Cancelled):
            raise fault
        self.done.emit(Probed(None, explain(fault)))


def _key_at(placement: Placement, middle: tuple[float, float]) -> TileKey:
    """Return a tile at a place of the plane, of a level where streets can be told apart."""
    x, y = middle
    cover = placement.cover((x - 1, y - 1, x + 1, y + 1), _TEST_M_PER_PX)
    if cover is not None:
        return next(cover.tiles())
    return TileKey(placement.grid.levels[0], 0, 0)
