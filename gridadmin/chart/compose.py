"""From facts to pages: where everything stands on a sheet, as drawing calls in millimetres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from gridadmin.base.texts import sentence
from gridadmin.chart import style as look
from gridadmin.chart.blocks import Block
from gridadmin.chart.choice import ChartChoice
from gridadmin.chart.drawing import Drawing
from gridadmin.chart.facts import EXEMPT_LINE, MapFacts, SheetFacts
from gridadmin.chart.flow import PlacedBlock, columns_of, flowed
from gridadmin.chart.insets import main_and_far
from gridadmin.chart.map_drawing import Shown, draw_land
from gridadmin.chart.map_furniture import (
    draw_cadres,
    draw_furniture,
    draw_grid,
    draw_points,
    free_corner,
)
from gridadmin.chart.map_labels import MapNames, draw_names, joined
from gridadmin.chart.map_view import MapView, fitted_view
from gridadmin.chart.margin import (
    Edges,
    draw_edges,
    draw_foot,
    draw_secrecy,
    draw_title,
    edges_of,
    foot_items,
)
from gridadmin.chart.occupied import Occupied
from gridadmin.chart.panel_blocks import PanelMaker
from gridadmin.chart.sheet import Frame, Sheet
from gridadmin.chart.surface import Align, Metrics, Paths, Pen, Raster, Target, TextStyle
from gridadmin.chart.template import Maps, Side, Template
from gridadmin.chart.typeset import Typist

LEAST_DPI = 150
_LEAST_MAP_MM = 60.0
_LETTERS = (1.0, 1.1, 1.2, 1.3, 1.45, 0.92, 0.84)
"""Smaller ones are for what would not fit otherwise."""
_ONE_STEP = 1.7
_LONG_ROWS = 400
"""Tables longer than this go on on further pages anyway."""
"""A base map with fewer true pixels to the inch looks blurred on the wall."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a page that its maker should know; the sentence is ``chart.<code>``."""

    code: str
    params: tuple[tuple[str, object], ...] = ()


@dataclass
class ChartPage:
    """A page: its calls, what stands where on it, what its maker should know.

    ``key`` is what links lead to; the pages that go on after the first of a sheet have ``/2`` and
    so on behind the key.
    """

    key: str
    title: str
    drawing: Drawing
    view: MapView | None = None
    blocks: list[tuple[str, Frame]] = field(default_factory=list)
    labels: dict[str, Frame] = field(default_factory=dict)
    """Where the name of each area stands, by uid."""
    notes: list[Note] = field(default_factory=list)

    @property
    def sheet(self) -> Sheet:
        """The sheet of the page."""
        return self.drawing.sheet


def compose(
    facts: SheetFacts,
    template: Template,
    choice: ChartChoice,
    metrics: Metrics,
    rasters: RasterMaker | None = None,
    origin_m: tuple[float, float] = (0.0, 0.0),
) -> list[ChartPage]:
    """Return the pages of one sheet: the sheet itself, and more where its tables go on.

    *rasters* makes the base map of a view. *origin_m* is the project's origin in the plane, for
    lines of coordinates.
    """
    return _Composer(facts, template, choice, metrics, rasters, origin_m).pages()


class RasterMaker(Protocol):
    """What makes the base map of a map."""

    def raster(self, view: MapView) -> Raster | None:
        """Return the base map of a view, or None."""


@dataclass(frozen=True, slots=True)
class _Share:
    """The room of the panel: its size in mm across, its columns."""

    size_mm: float
    columns: int
    letters: float = 1.0
    """How much larger its letters are than the template says, where there is room to spare."""


class _Composer:
    def __init__(
        self,
        facts: SheetFacts,
        template: Template,
        choice: ChartChoice,
        metrics: Metrics,
        rasters: RasterMaker | None,
        origin_m: tuple[float, float],
    ) -> None:
        self._facts = facts
        self._template = template
        self._choice = choice
        self._metrics = metrics
        self._rasters = rasters
        self._origin = origin_m
        self._sizes = template.sizes
        self._unit = template.sizes.label / 7
        self._notes: list[Note] = []
        self._base_map = ""

    def pages(self) -> list[ChartPage]:
        """Return the first page and those that go on."""
        sheet = self._sheet()
        title = self._title()
        page = ChartPage(self._facts.key, title, Drawing(sheet))
        drawing = page.drawing
        drawing.land(Paths.frame(sheet.media), "#FFFFFF")
        items = foot_items(self._facts.margin, self._scale_words(1), self._choice.lang)
        edges = edges_of(sheet, self._sizes, items, self._metrics)
        share = self._share_of_panel(edges)
        map_frames, panel = self._divided(edges, share)
        views = self._views(map_frames)
        page.view = views[-1] if views else None
        shown, names = Shown(), list[MapNames]()
        numbers: list[tuple[int, str]] = []
        for number, (facts, view) in enumerate(zip(self._facts.maps, views, strict=False)):
            one_shown, one_names = self._draw_map(page, facts, view, number, len(numbers) + 1)
            numbers += one_names.numbers
            shown = one_shown if not number else _both(shown, one_shown)
            names.append(one_names)
        left = self._draw_panel(page, panel, shown, numbers, share)
        self._around(page, edges, title, views, names)
        return [page, *self._continued(left, sheet, title)]

    # The frames

    def _sheet(self) -> Sheet:
        sheet = self._template.sheet
        width = self._choice.width_mm or sheet.width_mm
        height = self._choice.height_mm or sheet.height_mm
        bleed = sheet.bleed_mm if self._choice.bleed_mm is None else self._choice.bleed_mm
        sheet = replace(sheet.sized(width, height), bleed_mm=bleed)
        if not self._template.most_height_mm or self._choice.height_mm:
            return sheet
        return self._rolled(sheet)

    def _rolled(self, sheet: Sheet) -> Sheet:
        """Return a sheet off a roll: as long as the map needs at the largest scale that fits."""
        items = foot_items(self._facts.margin, self._scale_words(1), self._choice.lang)
        edges = edges_of(sheet, self._sizes, items, self._metrics)
        frames, _ = self._divided(edges, self._usual_share())
        if not frames or not self._facts.maps:
            return sheet
        frame = frames[0]
        beside = sheet.height_mm - frame.height
        x0, y0, x1, y1 = main_and_far(self._facts.maps[0].about)[0]
        scales = [self._choice.scale] if self._choice.scale else list(self._template.scales)
        for scale in scales:
            wide, high = (x1 - x0) * 1000 / scale / 0.92, (y1 - y0) * 1000 / scale / 0.92
            if wide <= frame.width and high + beside <= self._template.most_height_mm:
                return sheet.sized(sheet.width_mm, max(high + beside, sheet.width_mm * 0.7))
        return sheet

    def _usual_share(self) -> _Share:
        return _Share(self._template.panel.size_mm, self._template.panel.columns)

    def _share_of_panel(self, edges: Edges) -> _Share:
        """Return how much of the sheet the panel gets.

        Where the land needs less than its frame at the scale that fits, the panel gets more, until
        all that it tells has room; where it tells little, it gives way if the scale grows by that.
        """
        usual = self._usual_share()
        panel, maps = self._template.panel, self._template.maps
        is_fixed = self._choice.map_frame is not None or not self._facts.maps
        if maps is Maps.NONE or panel.side is Side.NONE or is_fixed:
            return usual
        made = {
            letters: self._maker(_everything(self._facts), (), letters).blocks(panel.blocks)
            for letters in self._letters()
        }
        trials: list[tuple[int, bool, _Share]] = []
        for share in self._shares(edges):
            blocks = made[share.letters]
            frames, beside = self._divided(edges, share)
            if beside is None or min(min(frame[2:]) for frame in frames) < _LEAST_MAP_MM:
                continue
            columns = columns_of(beside, share.columns, 9.0 * self._unit)
            width = columns[0].width
            is_whole = not any(block.is_tight(width) for block in blocks)
            is_whole = is_whole and not flowed(blocks, columns, self._sizes.heading * 1.15)[1]
            trials.append((self._views(frames)[0].scale, is_whole, share))
        return _best(trials, usual)

    def _shares(self, edges: Edges) -> list[_Share]:
        usual = self._usual_share()
        gap = 9.0 * self._unit
        if self._template.panel.side is Side.BOTTOM:
            most = edges.body.height * 0.6
            sizes = [usual.size_mm * step for step in (1.0, 0.7, 0.85, 1.15, 1.3, 1.5, 1.75, 2.0)]
            return [
                _Share(size, usual.columns, letters)
                for size in sizes
                for letters in self._letters()
                if size <= most
            ]
        each = (usual.size_mm - gap * (usual.columns - 1)) / usual.columns
        counts = range(1, usual.columns + 4)
        return [
            _Share((count * each + (count - 1) * gap) * letters, count, letters)
            for count in counts
            for letters in self._letters()
        ]

    def _letters(self) -> tuple[float, ...]:
        """Return by how much the letters of the panel may be larger."""
        tables = [self._facts.staff, self._facts.changes]
        is_long = sum(len(table.rows) for table in tables if table is not None) > _LONG_ROWS
        return (1.0,) if is_long else _LETTERS

    def _divided(self, edges: Edges, share: _Share) -> tuple[list[Frame], Frame | None]:
        """Return the frames of the maps, and that of the panel."""
        body, panel = edges.body, self._template.panel
        gap = 8.0 * self._unit
        if self._template.maps is Maps.NONE or panel.side is Side.NONE:
            return ([body], None) if self._template.maps is not Maps.NONE else ([], body)
        # A sheet of another size than the template's shares itself out in the same way.
        inner = self._template.sheet.inner
        if panel.side is Side.BOTTOM:
            size = min(share.size_mm, body.height * max(share.size_mm / inner.height, 0.2) * 1.25)
            maps = Frame(body.x, body.y, body.width, body.height - size - gap)
            beside = Frame(body.x, maps.bottom + gap, body.width, size)
        else:
            size = min(share.size_mm, body.width * 0.6)
            left = body.x + (size + gap if panel.side is Side.LEFT else 0.0)
            maps = Frame(left, body.y, body.width - size - gap, body.height)
            at = body.x if panel.side is Side.LEFT else maps.right + gap
            beside = Frame(at, body.y, size, body.height)
        if self._template.maps is Maps.BEFORE_AFTER:
            each = (maps.width - gap) / 2
            head = self._sizes.heading * 1.6
            frames = [
                Frame(maps.x + n * (each + gap), maps.y + head, each, maps.height - head)
                for n in range(2)
            ]
            return frames, beside
        if self._choice.map_frame is not None:
            return [Frame(*self._choice.map_frame)], beside
        return [maps], beside

    def _views(self, frames: Sequence[Frame]) -> list[MapView]:
        choice, views = self._choice, []
        for facts, frame in zip(self._facts.maps, frames, strict=False):
            bounds, far = main_and_far(facts.about)
            # Boxes of land far off stand in the corners at the right.
            side = _inset_side(frame) + 6.0 if far else 0.0
            room = Frame(frame.x, frame.y, frame.width - side, frame.height)
            view = fitted_view(
                bounds, room, self._template.scales, choice.scale, shift_m=choice.map_shift_m
            )
            x, y = view.centre_m
            beside = side / 2 / view.mm_per_m
            views.append(replace(view, frame=frame, centre_m=(x + beside, y)))
        return views

    # What stands in them

    def _draw_map(
        self, page: ChartPage, facts: MapFacts, view: MapView, number: int, first: int
    ) -> tuple[Shown, MapNames]:
        drawing, sizes, unit = page.drawing, self._sizes, self._unit
        raster = None if self._rasters is None else self._rasters.raster(view)
        if raster is not None and raster.effective_dpi < LEAST_DPI:
            dpi = round(raster.effective_dpi)
            self._notes.append(Note("blurred", (("dpi", dpi), ("least", LEAST_DPI))))
        if raster is not None:
            told = {"dpi": round(raster.effective_dpi), "name": raster.attribution}
            self._base_map = sentence("chart.base_map", self._choice.lang, told)
        shown = draw_land(drawing, facts, view, self._choice, unit, raster)
        taken = Occupied(view.frame.inset(1.0))
        lang = self._choice.lang
        draw_furniture(drawing, facts, view, unit, sizes.note, lang, taken, self._metrics)
        if self._choice.has_grid:
            draw_grid(drawing, view, self._origin, sizes.note, self._metrics, taken)
        if "facilities" not in self._choice.hidden:
            shown.facilities = draw_points(drawing, facts, view, unit, taken)
        far = self._draw_insets(page, facts, view, taken, first)
        first += sum(len(one.numbers) for one in far)
        names = draw_names(drawing, facts, view, sizes, self._choice, taken, self._metrics, first)
        for labels in (names.coarser, names.areas):
            shown.cadres |= draw_cadres(drawing, labels)
        shown.vacancies = any(
            words.style.colour == look.ALARM
            for placed in names.areas.placed
            for words in placed.words[1:]
        )
        pen = Pen(look.INK, max(0.4 * unit, 0.2))
        drawing.land(Paths.frame(view.frame), "", pen)
        page.blocks.append((f"map{number + 1}" if number else "map", view.frame))
        for labels in (names.coarser, names.areas, names.finer):
            page.labels |= {placed.uid: placed.frame for placed in labels.placed}
        for uid, key in self._facts.page_of.items():
            if uid in page.labels:
                drawing.link(page.labels[uid], Target(page=key))
        if self._facts.map_titles:
            self._map_title(page, view, self._facts.map_titles[number])
        return shown, joined([*far, names])

    def _draw_insets(
        self, page: ChartPage, facts: MapFacts, view: MapView, taken: Occupied, first: int
    ) -> list[MapNames]:
        """Draw land far off into boxes of its own in the corners of the map."""
        found: list[MapNames] = []
        _, far = main_and_far(facts.about)
        for number, bounds in enumerate(far, start=1):
            side = _inset_side(view.frame)
            frame = free_corner(view, facts, taken, (side, side), ("se", "ne", "sw", "nw"))
            inset = fitted_view(bounds, frame, self._template.scales, padding=0.12)
            inset = replace(inset, scale=max(inset.scale, view.scale // 4))
            draw_land(page.drawing, facts, inset, self._choice, self._unit)
            own = Occupied(frame.inset(0.5))
            scale = sentence("chart.inset", self._choice.lang, {"scale": f"1:{inset.scale:,}"})
            style = TextStyle(self._sizes.note, look.INK)
            width = self._metrics.width_mm(scale, style)
            plate = Frame(frame.x, frame.y, width + style.size_mm, style.size_mm * 1.5)
            page.drawing.land(Paths.frame(plate), "#E6FFFFFF")
            typist = Typist(page.drawing, self._metrics)
            typist.line(scale, frame.x + style.size_mm * 0.5, frame.y + style.size_mm * 0.25, style)
            own.take(plate)
            sizes, choice = self._sizes, self._choice
            found.append(
                draw_names(page.drawing, facts, inset, sizes, choice, own, self._metrics, first)
            )
            first += len(found[-1].numbers)
            edge = Pen(look.INK, max(0.4 * self._unit, 0.2))
            page.drawing.land(Paths.frame(frame), "", edge)
            taken.take(frame)
            page.blocks.append((f"inset{number}", frame))
            for labels in (found[-1].areas, found[-1].finer):
                page.labels |= {placed.uid: placed.frame for placed in labels.placed}
        return found

    def _map_title(self, page: ChartPage, view: MapView, words: str) -> None:
        style = TextStyle(self._sizes.heading, look.INK, is_bold=True)
        typist = Typist(page.drawing, self._metrics)
        x, top = view.frame.middle[0], view.frame.y - self._sizes.heading * 1.35
        typist.line(words, x, top, style, Align.MIDDLE)

    def _maker(
        self, shown: Shown, numbers: Sequence[tuple[int, str]], letters: float
    ) -> PanelMaker:
        sizes = replace(
            self._sizes,
            heading=self._sizes.heading * letters,
            body=self._sizes.body * letters,
            note=self._sizes.note * letters,
        )
        return PanelMaker(self._facts, self._choice, sizes, self._metrics, shown, numbers)

    def _draw_panel(
        self,
        page: ChartPage,
        panel: Frame | None,
        shown: Shown,
        numbers: Sequence[tuple[int, str]],
        share: _Share,
    ) -> list[Block]:
        blocks = self._maker(shown, numbers, share.letters).blocks(self._template.panel.blocks)
        if panel is None:
            return blocks
        columns = columns_of(panel, share.columns, 9.0 * self._unit)
        placed, left = flowed(blocks, columns, self._sizes.heading * 1.15)
        _draw_blocks(page, placed)
        return left

    def _around(
        self,
        page: ChartPage,
        edges: Edges,
        title: str,
        views: Sequence[MapView],
        names: Sequence[MapNames],
    ) -> None:
        drawing, sizes, metrics = page.drawing, self._sizes, self._metrics
        lang = self._choice.lang
        scale = self._scale_words(views[0].scale) if views else ""
        items = foot_items(self._facts.margin, scale, lang)
        remark = "　".join(one for one in (self._remark(names), self._base_map) if one)
        draw_foot(drawing, items, remark, edges, sizes, metrics, lang)
        if self._facts.index:
            drawing.link(edges.title, Target(page=self._facts.index))
        draw_title(drawing, title, self._facts.margin.secrecy, edges, sizes, metrics)
        draw_secrecy(drawing, self._facts.margin.secrecy, edges, sizes, metrics)
        draw_edges(drawing, page.sheet, sizes)
        page.blocks += [("title", edges.title), ("foot", edges.foot)]
        self._warn_of_letters(page)
        page.notes += self._notes

    def _continued(self, left: list[Block], sheet: Sheet, title: str) -> list[ChartPage]:
        """Return the pages on which tables go on that the sheet had no room for."""
        found: list[ChartPage] = []
        while left:
            number = len(found) + 2
            page = ChartPage(f"{self._facts.key}/{number}", title, Drawing(sheet))
            page.drawing.land(Paths.frame(sheet.media), "#FFFFFF")
            items = foot_items(self._facts.margin, "", self._choice.lang)
            edges = edges_of(sheet, self._sizes, items, self._metrics)
            count = self._columns_of_continued(edges.body.width)
            columns = columns_of(edges.body, count, 9.0 * self._unit)
            placed, rest = flowed(left, columns, self._sizes.heading * 1.15)
            if not placed:
                # Higher than a whole page: it is drawn all the same, and told.
                block = left[0]
                column = columns[0]
                placed, rest = [PlacedBlock(block, column)], left[1:]
                page.notes.append(Note("too_high", (("block", block.name),)))
            _draw_blocks(page, placed)
            self._finish(page, edges, title, items, number)
            left = rest
            found.append(page)
        return found

    def _columns_of_continued(self, width: float) -> int:
        panel = self._template.panel
        inner = self._template.sheet.inner
        per = panel.size_mm / panel.columns if panel.side in (Side.LEFT, Side.RIGHT) else 0.0
        if not per:
            per = inner.width / panel.columns
        return max(int((width + 9 * self._unit) // (per + 9 * self._unit)), 1)

    def _finish(
        self, page: ChartPage, edges: Edges, title: str, items: Sequence[str], number: int
    ) -> None:
        drawing, sizes, metrics = page.drawing, self._sizes, self._metrics
        lang = self._choice.lang
        words = sentence("chart.page_of", lang, {"title": title, "number": number})
        remark = ""
        draw_foot(drawing, items, remark, edges, sizes, metrics, lang)
        draw_title(drawing, words, self._facts.margin.secrecy, edges, sizes, metrics)
        draw_secrecy(drawing, self._facts.margin.secrecy, edges, sizes, metrics)
        draw_edges(drawing, page.sheet, sizes)
        page.blocks += [("title", edges.title), ("foot", edges.foot)]
        self._warn_of_letters(page)

    # Words

    def _title(self) -> str:
        if self._choice.title:
            return self._choice.title
        template = self._template
        text = template.title_zh if self._choice.lang == "zh" else template.title_en
        return text.format(place=self._facts.place, plan=self._facts.plan)

    def _scale_words(self, scale: int) -> str:
        if not self._facts.maps:
            return ""
        words = f"1:{scale:,}"
        return sentence("chart.foot_scale", self._choice.lang, {"value": words})

    def _remark(self, names: Sequence[MapNames]) -> str:
        """Return how many names stand where, so that none is missed; and remember it as a note."""
        if not names:
            return ""
        parts = [one.areas for one in names]
        inside = sum(one.inside for one in parts)
        leaders = sum(one.on_leaders for one in parts)
        numbered = sum(one.numbered for one in parts)
        only_listed = sum(one.only_listed for one in parts)
        count = inside + leaders + numbered + only_listed
        told = {
            "count": count,
            "inside": inside,
            "leaders": leaders,
            "numbered": numbered,
            "listed": only_listed,
        }
        self._notes.append(Note("names", tuple(told.items())))
        remark = ""
        if leaders + numbered + only_listed:
            remark = sentence("chart.names", self._choice.lang, told)
        left_out = sum(one.finer_left_out for one in names)
        if left_out:
            self._notes.append(Note("finer_left_out", (("count", left_out),)))
            more = sentence("chart.finer_left_out", self._choice.lang, {"count": f"{left_out:,}"})
            remark = f"{remark}　{more}" if remark else more
        return remark

    def _warn_of_letters(self, page: ChartPage) -> None:
        """Tell of characters that no font has."""
        missing: dict[str, str] = {}
        for words in page.drawing.all_words():
            for letter in self._metrics.missing(words.text):
                missing.setdefault(letter, words.text)
        for letter, text in missing.items():
            page.notes.append(
                Note("no_letter", (("letter", f"U+{ord(letter):04X}"), ("text", text)))
            )


def _inset_side(frame: Frame) -> float:
    """Return how wide and high the boxes of land far off are."""
    return min(frame.width, frame.height) * 0.3


def _draw_blocks(page: ChartPage, placed: Sequence[PlacedBlock]) -> None:
    for one in placed:
        one.block.draw(page.drawing, one.frame)
        page.blocks.append((one.block.name, one.frame))


def _best(trials: Sequence[tuple[int, bool, _Share]], usual: _Share) -> _Share:
    """Return the best of some ways to share a sheet out: scale, whether all fits, the share.

    A sheet that holds everything may cost one step of the scale. Then the scale counts, then large
    letters, then what the template says.
    """
    if not trials:
        return usual
    most = min(scale for scale, _, _ in trials) * _ONE_STEP

    def rank(trial: tuple[int, bool, _Share]) -> tuple[bool, int, float, float]:
        scale, is_whole, share = trial
        letters = -share.letters if is_whole else abs(share.letters - 1.0)
        is_fine = is_whole and scale <= most
        return not is_fine, scale, letters, abs(share.size_mm - usual.size_mm)

    return min(trials, key=rank)[2]


def _everything(facts: SheetFacts) -> Shown:
    """Return what a map may show at most: before it is drawn the legend is taken to be long."""
    levels = [
        level for level in (facts.maps[0].lines if facts.maps else ()) if level != EXEMPT_LINE
    ]
    return Shown(
        levels=levels, roads=True, water=True, buildings=True, exempt=True, cadres=True,
        vacancies=True,
    )  # fmt: skip


def _both(first: Shown, second: Shown) -> Shown:
    """Return what either of two maps shows."""
    return Shown(
        levels=[*first.levels, *(one for one in second.levels if one not in first.levels)],
        roads=first.roads or second.roads,
        water=first.water or second.water,
        railways=first.railways or second.railways,
        buildings=first.buildings or second.buildings,
        patterns=first.patterns | second.patterns,
        exempt=first.exempt or second.exempt,
        facilities=first.facilities or second.facilities,
        cadres=first.cadres or second.cadres,
        vacancies=first.vacancies or second.vacancies,
        changed=first.changed or second.changed,
        neighbours=first.neighbours or second.neighbours,
    )
