"""Charts as a user asks for them: which sheets, from which state, into which files.

Whoever can paint is brought along as a :class:`ChartPainter`; the core knows no Qt.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from gridadmin import __version__
from gridadmin.app.area_facts import plane_crs
from gridadmin.app.chart_files import check_png, refuse_full_disk
from gridadmin.app.export_log import note_export, refuse_unlogged
from gridadmin.app.exporting import last_change
from gridadmin.app.file_names import good_name
from gridadmin.app.painted_sheets import PaintedSheet, keep_sheet, kept_sheet
from gridadmin.app.session import Session, author, today
from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.chart.base_map import BaseMap
from gridadmin.chart.choice import ChartChoice
from gridadmin.chart.compose import RasterMaker
from gridadmin.chart.finishing import PageEnd, check_pdf, finish_pdf
from gridadmin.chart.gathering import ChartSource
from gridadmin.chart.page import ChartPage, Note
from gridadmin.chart.plan_facts import PlanFacts
from gridadmin.chart.series import SheetOrder, orders_of
from gridadmin.chart.series_pages import SheetSeries
from gridadmin.chart.sheet import Frame
from gridadmin.chart.surface import Metrics, Target
from gridadmin.chart.template import Maps, Template
from gridadmin.chart.tile_pages import tiled_pages
from gridadmin.chart.tiling import Tiles
from gridadmin.domain.export_note import Exported
from gridadmin.edit.command import find_area
from gridadmin.exchange.whole_file import part_beside, switch
from gridadmin.publish.own_folders import config_folder
from gridadmin.tiles.local import LocalTiles
from gridadmin.tiles.source import Datum

SUFFIXES = (".pdf", ".png", ".svg")
_SHEETS = ".sheets"
"""The folder of a series that is being made."""


class ChartPainter(Protocol):
    """What paints pages into files, and knows the letters of this computer."""

    @property
    def metrics(self) -> Metrics:
        """The letters."""

    @property
    def fonts(self) -> str:
        """Which fonts are used: another computer's sheets may be laid out differently."""

    def paint_pdf(
        self, pages: Sequence[ChartPage], out: Path, title: str, progress: Progress
    ) -> list[list[tuple[Frame, Target]]]:
        """Paint pages into a PDF; return the links of each page."""

    def paint_png(self, page: ChartPage, out: Path, dpi: float, progress: Progress) -> None:
        """Paint a page into a PNG file."""

    def paint_svg(self, page: ChartPage, out: Path, progress: Progress) -> None:
        """Paint a page into an SVG file."""


@dataclass(frozen=True)
class ChartOrder:
    """What is wanted: the template, the area (a code or uid, the whole project without), a series.

    ``dpi`` is for pictures alone. Where *out* is a folder each sheet becomes a file of its own.
    With ``tiles`` each page of a PDF is cut into pages of a small printer, without an index.
    """

    template: Template
    choice: ChartChoice
    area: str | None = None
    series: str = ""
    dpi: float = 150.0
    tiles: Tiles | None = None


@dataclass
class ChartsMade:
    """What was made: files, sheets and pages, those taken over from an earlier run, the notes."""

    files: list[Path] = field(default_factory=list)
    sheets: int = 0
    pages: int = 0
    kept: int = 0
    notes: list[tuple[str, Note]] = field(default_factory=list)
    """Key of the page and what its maker should know."""


def user_templates() -> Path:
    """Return the folder in which a user keeps templates; it may not be there."""
    return config_folder() / "charts"


def chart_source(
    session: Session,
    choice: ChartChoice,
    template: Template,
    progress: Progress = SILENT,
) -> ChartSource:
    """Return what the charts of a project are made of.

    A sheet of before and after needs an open plan. Raises: InputError ``chart.no_plan``, Cancelled.
    """
    plan: PlanFacts | None = None
    if template.maps is Maps.BEFORE_AFTER:
        from gridadmin.app.plan_sheet import plan_facts

        plan = plan_facts(session, choice.lang, progress)
    return ChartSource(
        session.snapshot,
        choice,
        day=today(),
        data_date=last_change(session)[:10],
        plane=plane_crs(session.snapshot),
        plan=plan,
        progress=progress,
    )


def make_charts(
    session: Session,
    order: ChartOrder,
    out: Path,
    painter: ChartPainter,
    rasters: RasterMaker | None = None,
    progress: Progress = SILENT,
) -> ChartsMade:
    """Make charts of a project and note it in its log of exports.

    What a run that was cancelled had made of a series is taken over where nothing changed since.

    Raises: InputError ``chart.…``, ``export.…``, EditError ``edit.unknown_area``, StoreError of the
    disk, Cancelled. A file that stood there before is untouched then.
    """
    _refuse_target(out)
    if order.tiles is not None and out.suffix.lower() in SUFFIXES[1:]:
        raise InputError("chart.tiles_need_pdf", file=str(out))
    if order.choice.has_staff:
        refuse_unlogged(session.store)
    source = chart_source(session, order.choice, order.template, progress)
    area = None if order.area is None else find_area(source.snapshot, order.area)
    about = source.about(None if area is None else area.uid)
    orders = orders_of(source, order.template, about, order.series)
    if order.tiles is not None:
        # Links lead nowhere on paper, and an index in tiles would be one more sheet to glue.
        orders = [one for one in orders if not one.is_index]
    has_pages = out.suffix.lower() in SUFFIXES
    series = SheetSeries(source, order.template, orders, has_pages)
    maker = _Maker(session, series, order, painter, rasters, progress)
    if out.suffix.lower() == ".pdf":
        made = maker.into_one_pdf(out)
    elif out.suffix.lower() in SUFFIXES:
        made = maker.into_pictures(out)
    else:
        made = maker.into_folder(out)
    return made


def sheets_waiting(out: Path) -> tuple[Path, int]:
    """Return where the sheets of a series wait whose making was cancelled, and how many do."""
    folder = out / _SHEETS if out.is_dir() else _sheets_beside(out)
    return folder, len(list(folder.glob("*.json"))) if folder.is_dir() else 0


def _sheets_beside(out: Path) -> Path:
    return out.with_name(f"{out.name[:60]}{_SHEETS}")


def note_print(session: Session, template: Template, choice: ChartChoice, printer: str) -> None:
    """Note in the project's log of exports that a sheet is printed, before it is.

    Raises: InputError ``export.cannot_log`` where people can't be noted, StoreError of the disk.
    """
    if choice.has_staff:
        refuse_unlogged(session.store)
    note_export(
        session.store,
        author(),
        Exported.CHART,
        choice.profile,
        file=printer,
        count=1,
        fields=template.key,
    )


def base_map_of(
    session: Session, tiles: LocalTiles, datum: Datum | None = None, whose: str = ""
) -> RasterMaker | None:
    """Return a base map for charts of a project, None before the first land came.

    *datum* is on what the map was drawn where its file says otherwise, *whose* tells whose map it
    is where the file doesn't.
    """
    plane = plane_crs(session.snapshot)
    if plane is None:
        return None
    x, y = session.snapshot.origin_mm
    return BaseMap(tiles, plane, (x / 1000, y / 1000), datum, whose)


def _refuse_target(out: Path) -> None:
    if out.is_dir():
        return
    if out.suffix and out.suffix.lower() not in SUFFIXES:
        raise InputError("chart.unknown_format", file=str(out), known=" ".join(SUFFIXES))
    if not out.parent.is_dir():
        raise InputError("export.no_folder", folder=str(out.parent), file=str(out))


@dataclass(frozen=True)
class _Maker:
    session: Session
    series: SheetSeries
    order: ChartOrder
    painter: ChartPainter
    rasters: RasterMaker | None
    progress: Progress

    @property
    def orders(self) -> Sequence[SheetOrder]:
        """The sheets in their order."""
        return self.series.orders

    def pages_of(self, one: SheetOrder, counts: Sequence[int] = ()) -> list[ChartPage]:
        """Return the pages of one sheet; *counts* are how many pages each of the others has."""
        return self.series.pages(one, self.painter.metrics, self.rasters, counts)

    def into_one_pdf(self, out: Path) -> ChartsMade:
        """Make all sheets into one PDF; a series sheet by sheet in a folder beside it first."""
        made = self._begun()
        folder = _sheets_beside(out)
        is_series = len(self.orders) > 1
        with part_beside(out) as part:
            work = folder if is_series else part.with_name(f"{part.name}.sheets")
            work.mkdir(exist_ok=True)
            try:
                sheets = list(self._sheets(work, made))
                ends = [end for sheet in sheets for end in sheet.ends]
                finish_pdf([sheet.path for sheet in sheets], ends, part, self._title(ends))
                check_pdf(part, ends)
                self._note(out)
                switch(part, out)
                shutil.rmtree(work, ignore_errors=True)
            finally:
                if not is_series:
                    shutil.rmtree(work, ignore_errors=True)
        made.files.append(out)
        return made

    def into_folder(self, out: Path) -> ChartsMade:
        """Make each sheet into a PDF of its own in a folder, named by code and name."""
        made = self._begun()
        out.mkdir(exist_ok=True)
        work = out / _SHEETS
        work.mkdir(exist_ok=True)
        sheets = list(self._sheets(work, made))
        self._note(out)
        for sheet in sheets:
            name = good_name(f"{sheet.order.key} {sheet.order.area.name}", sheet.order.area.uid)
            target = out / f"{name}.pdf"
            with part_beside(target) as part:
                finish_pdf([sheet.path], sheet.ends, part, sheet.ends[0].title)
                check_pdf(part, sheet.ends)
                switch(part, target)
            made.files.append(target)
        shutil.rmtree(work, ignore_errors=True)
        return made

    def into_pictures(self, out: Path) -> ChartsMade:
        """Make pictures: of several pages each has its number behind the name."""
        made = self._begun()
        number = 0
        for one in self.orders:
            pages = self.pages_of(one)
            made.sheets += 1
            for page in pages:
                number += 1
                target = out if number == 1 else out.with_name(f"{out.stem}-{number}{out.suffix}")
                refuse_full_disk(target, [page], self.order.dpi)
                with part_beside(target) as part:
                    if out.suffix.lower() == ".png":
                        self.painter.paint_png(page, part, self.order.dpi, self.progress)
                        check_png(part, page.sheet)
                    else:
                        self.painter.paint_svg(page, part, self.progress)
                    if number == 1:
                        self._note(out)
                    switch(part, target)
                made.pages += 1
                made.files.append(target)
                made.notes += [(page.key, note) for note in page.notes]
        return made

    def _note(self, out: Path) -> None:
        """Note the export, before its file stands where it is wanted."""
        note_export(
            self.session.store,
            author(),
            Exported.CHART,
            self.order.choice.profile,
            file=out,
            count=len(self.orders),
            fields=self.order.template.key,
        )

    def _begun(self) -> ChartsMade:
        """Return what was made so far: nothing, with what is to be known of all sheets."""
        approval = self.series.source.approval
        is_old = approval is not None and not approval.is_current
        if is_old and not self.order.choice.approval:
            number = "" if approval is None else approval.number
            return ChartsMade(notes=[("", Note("approval_old", (("number", number),)))])
        return ChartsMade()

    def _title(self, ends: Sequence[PageEnd]) -> str:
        return ends[0].title

    def _sheets(self, work: Path, made: ChartsMade) -> Iterator[PaintedSheet]:
        """Yield the painted sheets one after the other; those of an earlier run as they are."""
        state = self._state()
        found: dict[str, PaintedSheet] = {}
        # The index comes last: it tells on which page each sheet begins.
        for number, one in enumerate(sorted(self.orders, key=lambda one: one.is_index)):
            checkpoint(self.progress, "progress.chart_sheets", number, len(self.orders))
            counts = [len(sheet.ends) for sheet in found.values()] if one.is_index else []
            path = work / f"{self.orders.index(one) + 1:04}.pdf"
            choice = json.dumps(self.order.choice.for_sheet(one.key).to_json(), sort_keys=True)
            stamp = hashlib.sha256(f"{state} {choice} {one.key} {counts}".encode()).hexdigest()
            known = kept_sheet(path, stamp, one)
            if known is None:
                known = self._painted(path, stamp, one, counts)
            else:
                made.kept += 1
            made.sheets += 1
            made.pages += len(known.ends)
            made.notes += known.notes
            found[one.key] = known
        for one in self.orders:
            yield found[one.key]

    def _painted(
        self, path: Path, stamp: str, one: SheetOrder, counts: Sequence[int]
    ) -> PaintedSheet:
        pages = self.pages_of(one, counts)
        notes = [(page.key, note) for page in pages for note in page.notes]
        tiles, lang = self.order.tiles, self.order.choice.lang
        if tiles is not None:
            metrics = self.painter.metrics
            pages = [part for page in pages for part in tiled_pages(page, tiles, metrics, lang)]
        refuse_full_disk(path, pages, 0.0)
        part = path.with_suffix(".part")
        links = self.painter.paint_pdf(pages, part, pages[0].title, self.progress)
        ends = [
            PageEnd(page.key, page.title, page.sheet, tuple(mine))
            for page, mine in zip(pages, links, strict=True)
        ]
        part.replace(path)
        sheet = PaintedSheet(one, path, ends, notes)
        keep_sheet(sheet, stamp)
        return sheet

    def _state(self) -> str:
        """Return what makes all sheets others: data, template, letters, program."""
        # Not the session's: somebody may have edited since.
        snapshot = self.series.source.snapshot
        parts = {
            "project": self.session.store.path.name,
            "revision": snapshot.revision,
            "changed": last_change(self.session),
            "template": repr(self.order.template),
            "series": [one.key for one in self.orders],
            "fonts": self.painter.fonts,
            "day": today(),
            "tiles": repr(self.order.tiles),
            "has_pages": self.series.has_pages,
            "basemap": None if self.rasters is None else repr(self.rasters),
            "version": __version__,
        }
        return json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
