"""The sheets of the workspace: composed and painted beside the window, the newest wish first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from gridadmin.base.errors import GridAdminError, InputError
from gridadmin.chart.compose import RasterMaker
from gridadmin.chart.gathering import ChartSource
from gridadmin.chart.page import ChartPage
from gridadmin.chart.series import INDEX, SheetOrder, orders_of
from gridadmin.chart.series_pages import SheetSeries
from gridadmin.chart.template import Template
from gridadmin.chart.template_reading import AvailableTemplate, available_templates
from ui.charts.base import ChartBase
from ui.charts.wish import Wish, keep_wish, wish_of
from ui.context import Context
from ui.jobs import Job, JobProgress, Jobs
from ui.texts import explain

_REST_MS = 150
"""So long nothing has to be typed before a sheet is made anew."""


class Sheets(QObject):
    """What is wished for, the sheets it makes, and the pages of the one that is looked at."""

    wish_changed = Signal()
    listed = Signal()
    """There are other sheets."""
    composed = Signal()
    """The pages of the sheet that is looked at are there, or ``fault`` says why not."""
    painted = Signal(QImage, object)
    """A picture of the page that is looked at, and the place it was wanted for."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._own_jobs: Jobs | None = None
        self._is_wanted = False
        self._compose_job: Job | None = None
        self._paint_job: Job | None = None
        self._made: tuple[object, SheetSeries] | None = None
        self.base = ChartBase(context, self)
        self._counts: dict[str, int] = {}
        """How many pages the sheets have that were looked at, by key."""
        self._turn = 0
        """Which wish is the newest: what others bring is nobody's any more."""
        self.wish = Wish()
        self.templates: Sequence[AvailableTemplate] = ()
        self.orders: Sequence[SheetOrder] = ()
        self.number = self.page_number = 0
        self.pages: Sequence[ChartPage] = ()
        self.fault = ""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._begin)
        self.base.changed.connect(self._base_changed)
        context.bridge.opened.connect(self._project_opened)
        context.bridge.changed.connect(self._data_changed)

    @property
    def is_busy(self) -> bool:
        """Whether a sheet is being made or painted."""
        return self._rest.isActive() or (self._own_jobs is not None and self._own_jobs.is_busy)

    @property
    def _jobs(self) -> Jobs:
        """A worker of its own, from the first sheet on: most windows never make one."""
        if self._own_jobs is None:
            self._own_jobs = Jobs(self)
        return self._own_jobs

    @property
    def key(self) -> str:
        """The key of the sheet that is looked at."""
        return self.pages[0].key if self.pages else ""

    @property
    def page(self) -> ChartPage | None:
        """The page that is looked at."""
        return self.pages[self.page_number] if self.pages else None

    @property
    def template(self) -> Template | None:
        """The template in use, None where its file can't be used."""
        found = [one for one in self.templates if one.key == self.wish.template]
        return found[0].template if found else None

    # What is wanted

    def enter(self, *, is_in_use: bool) -> None:
        """Make sheets from now on, or let it be: nobody looks."""
        self._is_wanted = is_in_use
        if not is_in_use:
            self._rest.stop()
            self._cancel_all()
            return
        self.base.begin()
        self.templates = available_templates(self._context.settings.folder / "charts")
        self._soon()

    def wish_for(self, wish: Wish) -> None:
        """Wish for something else; it is kept for the project."""
        if wish == self.wish:
            return
        if (wish.template, wish.area, wish.series) != (
            self.wish.template,
            self.wish.area,
            self.wish.series,
        ):
            self.number = self.page_number = 0
        self.wish = wish
        if self._context.bridge.is_open:
            keep_wish(self._context.settings, self._context.bridge.path, wish)
        self.wish_changed.emit()
        self._soon()

    def look_at(self, number: int, page: int = 0) -> None:
        """Look at another sheet, or another page of it."""
        if number == self.number and page < len(self.pages):
            self.page_number = page
            self.composed.emit()
            return
        self.number, self.page_number = number, page
        self._soon()

    def step(self, by: int) -> None:
        """Go on by pages, over the sheets of a series."""
        page = self.page_number + by
        if 0 <= page < len(self.pages):
            self.look_at(self.number, page)
        elif 0 <= self.number + by < len(self.orders):
            self.look_at(self.number + by)

    def _project_opened(self) -> None:
        bridge = self._context.bridge
        self._turn += 1
        self._cancel_all()
        self._made, self.pages, self.orders, self.fault = None, (), (), ""
        self.number = self.page_number = 0
        self.wish = wish_of(self._context.settings, bridge.path) if bridge.is_open else Wish()
        self.wish_changed.emit()
        self.listed.emit()
        self.composed.emit()
        self._soon()

    def _data_changed(self) -> None:
        self._soon()

    def _soon(self) -> None:
        if self._is_wanted and self._context.bridge.is_open:
            self._rest.start()

    # Making

    def _begin(self) -> None:
        if not self._context.bridge.is_open:
            return
        self._turn += 1
        turn = self._turn
        if self._compose_job is not None:
            self._compose_job.cancel()
        template = self.template
        if template is None:
            self._fail(self._why_no_template())
            return
        session, wish, number = self._context.bridge.session, self.wish, self.number
        rasters = self.rasters()
        choice = wish.choice
        key = (
            session.snapshot.revision,
            template,
            wish.area,
            wish.series,
            choice.profile,
            choice.lang,
            choice.day,
            choice.has_staff,
        )
        known = self._made[1] if self._made is not None and self._made[0] == key else None
        if known is None:
            self._counts = {}
        seen = dict(self._counts)

        def work(progress: JobProgress) -> tuple[SheetSeries, list[ChartPage]]:
            from gridadmin.app.charting import chart_source
            from ui.chart_fonts import FONTS

            if known is None:
                source = chart_source(session, choice, template, progress)
                about = source.about(_alive(source, wish.area))
                orders = orders_of(source, template, about, wish.series)
                series = SheetSeries(source, template, orders)
            else:
                series = known.with_choice(choice)
            progress.check()
            order = series.orders[min(number, len(series.orders) - 1)]
            counts = [seen.get(one.key, 1) for one in series.orders if not one.is_index]
            return series, series.pages(order, FONTS, rasters, counts)

        self._compose_job = self._jobs.start(
            "",
            work,
            on_done=lambda found: self._take(turn, key, *found),
            on_failed=lambda error: self._failed(turn, error),
            is_quiet=True,
        )

    def _take(self, turn: int, key: object, series: SheetSeries, pages: list[ChartPage]) -> None:
        if turn != self._turn:
            return
        self._made = key, series
        is_other = [one.key for one in series.orders] != [one.key for one in self.orders]
        self.orders, self.pages, self.fault = series.orders, pages, ""
        self.number = min(self.number, len(self.orders) - 1)
        self.page_number = min(self.page_number, len(pages) - 1)
        self._counts[self.key] = len(pages)
        if is_other:
            self.listed.emit()
        self.composed.emit()

    def _failed(self, turn: int, error: BaseException) -> None:
        if turn != self._turn:
            return
        if not isinstance(error, GridAdminError):
            self._fail("")
            raise error
        self._fail(explain(error))

    def _fail(self, why: str) -> None:
        self.pages, self.orders, self.fault, self._made = (), (), why, None
        self.listed.emit()
        self.composed.emit()

    def _why_no_template(self) -> str:
        found = [one for one in self.templates if one.key == self.wish.template]
        if found and found[0].fault is not None:
            return explain(found[0].fault)
        known = ", ".join(one.key for one in self.templates)
        return explain(InputError("chart.no_template", name=self.wish.template, known=known))

    def rasters(self) -> RasterMaker | None:
        """Return the base map for sheets, None where none is wanted or there is none."""
        return self.base.rasters() if self.wish.has_base else None

    @property
    def why_no_base(self) -> str:
        """Why there is no base map on the sheet although one is wanted; empty otherwise."""
        return self.base.why_none() if self.wish.has_base else ""

    @property
    def old_approval(self) -> str:
        """The map approval number on the sheet, where the borders moved since; empty otherwise."""
        if self._made is None or self.wish.choice.approval:
            return ""
        approval = self._made[1].source.approval
        return "" if approval is None or approval.is_current else approval.number

    def _base_changed(self) -> None:
        if self.wish.has_base:
            self._soon()

    def paint(self, place: object, make: Callable[[JobProgress], QImage]) -> None:
        """Let a picture be painted beside the window; ``painted`` brings it with its place."""
        if self._paint_job is not None:
            self._paint_job.cancel()
        self._paint_job = self._jobs.start(
            "", make, on_done=lambda image: self.painted.emit(image, place), is_quiet=True
        )

    def close(self) -> None:
        """Stop everything."""
        self._rest.stop()
        if self._own_jobs is not None:
            self._own_jobs.close()

    def _cancel_all(self) -> None:
        if self._own_jobs is not None:
            self._own_jobs.cancel_all()


def _alive(source: ChartSource, uid: str) -> str | None:
    """Return an area that is still there; None, which stands for the whole project, else."""
    row = source.snapshot.rows("area").get(uid)
    return uid if row is not None and row.valid_to is None else None


def is_index(order: SheetOrder) -> bool:
    """Return whether a sheet is the index of the others."""
    return order.key == INDEX
