"""One tile of a source, to see whether it works: the picture, or the sentence why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from pyproj import CRS, Transformer
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from shiboken6 import isValid

from gridadmin.base.errors import Cancelled, GridAdminError, InputError
from gridadmin.exchange.import_source import plane_of
from gridadmin.partition.planes import WGS84, plane_for
from gridadmin.tiles.answer import Outcome, verdict
from gridadmin.tiles.grid import TileKey
from gridadmin.tiles.local import LocalTiles
from gridadmin.tiles.opening import datum_of, open_source
from gridadmin.tiles.placement import Placement
from gridadmin.tiles.request import request_of, require_address
from gridadmin.tiles.source import Source
from ui.context import Context
from ui.jobs import Job, JobProgress, Work
from ui.texts import explain, tr
from ui.tiles.basemaps import BaseMaps
from ui.tiles.decoding import decoded
from ui.tiles.fetcher import Answer, Fault, Fetcher
from ui.tiles.network import Reach
from ui.tiles.orders import Order

_PATIENCE_MS = 12_000
_TEST_M_PER_PX = 5.0
_BEIJING = (116.391, 39.907)
_OK, _SERVER_FAULT = 200, 500


@dataclass(frozen=True)
class Probed:
    """What came: a picture, or words why there is none."""

    picture: QImage | None
    words: str


class Probe(QObject):
    """Fetches or reads one tile in the middle of the open project."""

    done = Signal(object)
    """A :class:`Probed`."""
    went_on = Signal(int)
    """How many percent of a file have been read."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._fetcher: Fetcher | None = None
        self._source: Source | None = None
        self._take_document: Callable[[bytes], None] | None = None
        self._job: Job | None = None
        self._reading: tuple[str, str] | None = None
        """The file that a job reads."""
        self._awaits: tuple[Callable[[], None], Callable[[GridAdminError], None]] | None = None
        """Who waits for that file to be open: what to call when it is, or can't be."""
        self._opened: tuple[tuple[str, str], LocalTiles] | None = None
        """A file that was opened, by path and CRS: a large one takes its time, once."""

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
        self._fetcher = Fetcher(self._reach(), self, patience_ms=_PATIENCE_MS)
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
        self._fetcher = Fetcher(self._reach(), self, patience_ms=_PATIENCE_MS)
        # Bound methods only: a function that drops the fetcher while it tells of something would
        # be destroyed while it runs.
        self._take_document = take
        self._fetcher.answered.connect(self._document_came)
        self._fetcher.want([Order("document", url, host, is_secret=True)])

    def _document_came(self, answer: Answer) -> None:
        take = self._take_document
        self.stop()
        if answer.fault is None and answer.status == _OK and answer.body and take is not None:
            take(answer.body)
        else:
            self.done.emit(Probed(None, explain(_why_no_document(answer))))

    def open(
        self,
        source: Source,
        take: Callable[[], None],
        refuse: Callable[[GridAdminError], None],
    ) -> None:
        """Open the file of a source: *take* is called when it can be used, else *refuse*."""

        def failed(fault: BaseException) -> None:
            if not isinstance(fault, GridAdminError) or isinstance(fault, Cancelled):
                raise fault
            if isValid(self):
                self._reading = None
                refuse(fault)

        def done(tiles: LocalTiles) -> None:
            if isValid(self):
                self._reading = None
                self._opened = _essence(source), tiles
                take()

        if self._reading == _essence(source):
            # A test reads it already.
            self._awaits = take, refuse
            return
        self.stop()
        known = self._known(source)
        if known is not None:
            take()
        else:

            def opened(progress: JobProgress) -> LocalTiles:
                tiles = open_source(source, progress)
                progress.check()
                return tiles

            self._begin(source, opened, done, failed)

    def _begin(
        self,
        source: Source,
        work: Work,
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        maps = BaseMaps.of(self._context)
        self._reading = _essence(source)
        stopped = partial(self._stopped, source, failed)
        self._job = maps.open_beside(tr("打开底图"), work, done, failed, stopped)
        self._job.progressed.connect(self._tell)

    def _stopped(self, source: Source, failed: Callable[[BaseException], None]) -> None:
        """Say that somebody else stopped the reading."""
        if isValid(self) and self._job is not None and self._job.progress.is_cancelled():
            failed(InputError("basemap.opening_stopped", name=source.name))

    def _tell(self, _: str, done: int, total: int) -> None:
        if total and self.sender() is self._job:
            self.went_on.emit(done * 100 // total)

    def _known(self, source: Source) -> LocalTiles | None:
        if self._opened is None or self._opened[0] != _essence(source):
            return None
        return self._opened[1]

    def hand_over(self, source: Source) -> LocalTiles | None:
        """Return the file of a source where it was opened here; whoever takes it closes it."""
        known = self._known(source)
        if known is not None:
            self._opened = None
        return known

    def stop(self) -> None:
        """Wait for nothing any more."""
        self._take_document = None
        self._reading = self._awaits = None
        if self._job is not None:
            self._job.cancel()
            self._job = None
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
            self.done.emit(Probed(None, explain(_why_no_answer(answer))))
            return
        said = verdict(source, answer.status, answer.headers, answer.body)
        picture = decoded(answer.body) if said.outcome is Outcome.PICTURE else None
        if picture is not None:
            self.done.emit(Probed(picture, tr("能取到图块。")))
        elif said.outcome is Outcome.EMPTY:
            self.done.emit(Probed(None, tr("服务器有回应，但项目所在的地方没有图块。")))
        else:
            error = _here(said.error, answer)
            self.done.emit(Probed(None, "" if error is None else explain(error)))

    def _read(self, source: Source) -> None:
        crs, middle = self._middle()

        known = self._known(source)

        def read(progress: JobProgress) -> tuple[LocalTiles, Probed]:
            tiles = open_source(source, progress) if known is None else known
            key = _key_there(Placement(crs, tiles.grid, datum_of(source, tiles)), middle)
            stored = None if key is None else tiles.tile(key)
            picture = None if stored is None else decoded(stored)
            progress.check()
            if picture is not None:
                return tiles, Probed(picture, tr("文件可用。"))
            return tiles, Probed(None, tr("文件可用，但项目所在的地方没有图块。"))

        def done(found: tuple[LocalTiles, Probed]) -> None:
            if isValid(self):
                self._reading = None
                self._opened = _essence(source), found[0]
                awaits, self._awaits = self._awaits, None
                self.done.emit(found[1])
                if awaits is not None:
                    awaits[0]()

        self._begin(source, read, done, self._failed)

    def _reach(self) -> Reach:
        return BaseMaps.of(self._context).reach()

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
        if isValid(self):
            self._reading = None
            awaits, self._awaits = self._awaits, None
            self.done.emit(Probed(None, explain(fault)))
            if awaits is not None:
                awaits[1](fault)


def _essence(source: Source) -> tuple[str, str]:
    """Return what opening the file of a source depends on."""
    return source.address, source.crs


def _why_no_answer(answer: Answer) -> GridAdminError:
    """Return why a server was not to be had: nothing is shown, and nobody asks again here."""
    fault = answer.fault or Fault.NO_CONNECTION
    return InputError(f"probe.{fault.value}", host=answer.order.host, detail=answer.detail)


def _why_no_document(answer: Answer) -> GridAdminError:
    """Return why a server gave no document."""
    if answer.fault is not None:
        return _why_no_answer(answer)
    codes = {401: "denied", 403: "denied", 404: "missing", 407: "proxy_login", 410: "missing",
             418: "denied", 429: "busy", 200: "empty", 204: "empty"}  # fmt: skip
    usual = "server_fault" if answer.status >= _SERVER_FAULT else "status"
    code = codes.get(answer.status, usual)
    return InputError(f"probe.{code}", host=answer.order.host, status=answer.status)


def _here(error: GridAdminError | None, answer: Answer) -> GridAdminError | None:
    """Return what a verdict says as it is true here, where nobody asks again by himself."""
    codes = {
        "answer.too_many": "probe.busy",
        "answer.server_fault": "probe.server_fault",
        "answer.damaged": "probe.damaged",
    }
    code = None if error is None else codes.get(error.code)
    if code is None:
        return error
    return InputError(code, host=answer.order.host, status=answer.status)


def _key_at(placement: Placement, middle: tuple[float, float]) -> TileKey:
    """Return a tile at a place of the plane, of a level where streets can be told apart."""
    there = _key_there(placement, middle)
    return TileKey(placement.grid.levels[0], 0, 0) if there is None else there


def _key_there(placement: Placement, middle: tuple[float, float]) -> TileKey | None:
    """Return the same; None where the grid doesn't reach so far."""
    x, y = middle
    cover = placement.cover((x - 1, y - 1, x + 1, y + 1), _TEST_M_PER_PX)
    return None if cover is None else next(iter(cover.tiles()), None)
