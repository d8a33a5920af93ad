"""From facts to pages: where everything stands on a sheet, as drawing calls in millimetres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from gridadmin.base.texts import sentence
from gridadmin.chart import style as look
from gridadmin.chart.blocks import Block
from gridadmin.chart.choice import ChartChoice
from gridadmin.chart.drawing import Drawing
from gridadmin.chart.facts import MapFacts, SheetFacts
from gridadmin.chart.flow import balanced, columns_of, flowed
from gridadmin.chart.going_on import GoingOn
from gridadmin.chart.insets import areas_outside, main_and_far
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
from gridadmin.chart.page import ChartPage, Note, draw_blocks, warn_of_letters
from gridadmin.chart.sheet import Frame
from gridadmin.chart.sheet_layout import Share, SheetLayout, inset_side
from gridadmin.chart.sheet_words import levels_words
from gridadmin.chart.surface import Align, Metrics, Paths, Pen, Raster, Target, TextStyle
from gridadmin.chart.template import Template
from gridadmin.chart.typeset import Typist

LEAST_DPI = 150
"""A base map with fewer true pixels to the inch looks blurred on the wall."""


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
        self._layout = SheetLayout(facts, template, choice, metrics)
        self._going_on = GoingOn(facts, template, choice, metrics)
        self._notes: list[Note] = []
        self._base_map = ""

    def pages(self) -> list[ChartPage]:
        """Return the first page and those that go on."""
        sheet = self._layout.sheet()
        title = self._title()
        page = ChartPage(self._facts.key, title, Drawing(sheet))
        drawing = page.drawing
        drawing.land(Paths.frame(sheet.media), "#FFFFFF")
        items = foot_items(self._facts.margin, self._layout.scale_words(1), self._choice.lang)
        edges = edges_of(sheet, self._sizes, items, self._metrics)
        share = self._layout.share_of_panel(edges)
        map_frames, panel = self._layout.divided(edges, share)
        views = self._layout.views(map_frames)
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
        return [page, *self._going_on.pages(left, sheet, title)]

    # The frames

    def _draw_map(
        self, page: ChartPage, facts: MapFacts, view: MapView, number: int, first: int
    ) -> tuple[Shown, MapNames]:
        drawing, sizes, unit = page.drawing, self._sizes, self._unit
        raster = self._raster(view)
        self._warn_of_edges(facts, view)
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

    def _raster(self, view: MapView) -> Raster | None:
        """Return the base map of a view, and remember what is to be known of it."""
        if self._rasters is None:
            return None
        raster = self._rasters.raster(view)
        if raster is None:
            self._notes.append(Note("base_elsewhere"))
            return None
        dpi = round(raster.effective_dpi)
        if raster.effective_dpi < LEAST_DPI:
            self._notes.append(Note("blurred", (("dpi", dpi), ("least", LEAST_DPI))))
        told = {"dpi": dpi, "name": raster.attribution}
        self._base_map = sentence("chart.base_map", self._choice.lang, told)
        return raster

    def _warn_of_edges(self, facts: MapFacts, view: MapView) -> None:
        """Tell of land that a chosen scale or a moved frame cuts off."""
        missing = areas_outside(facts, view)
        if missing is not None:
            told = (("scale", f"1:{view.scale:,}"), ("count", missing))
            self._notes.append(Note("land_cut", told))

    def _draw_insets(
        self, page: ChartPage, facts: MapFacts, view: MapView, taken: Occupied, first: int
    ) -> list[MapNames]:
        """Draw land far off into boxes of its own in the corners of the map."""
        found: list[MapNames] = []
        _, far = main_and_far(facts.about)
        for number, bounds in enumerate(far, start=1):
            side = inset_side(view.frame)
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

    def _draw_panel(
        self,
        page: ChartPage,
        panel: Frame | None,
        shown: Shown,
        numbers: Sequence[tuple[int, str]],
        share: Share,
    ) -> list[Block]:
        kinds = self._template.panel.blocks
        if panel is None:
            return self._layout.maker(shown, numbers, share.letters, share.air).blocks(kinds)
        share = self._layout.filled_share(panel, share, shown, numbers)
        blocks = self._layout.maker(shown, numbers, share.letters, share.air).blocks(kinds)
        gap = self._layout.gap_mm(share)
        columns = columns_of(panel, share.columns, 9.0 * self._unit)
        placed, left = balanced(blocks, columns, gap)
        if left:
            panel = self._going_on.pointed_room(panel)
            columns = columns_of(panel, share.columns, 9.0 * self._unit)
            placed, left = flowed(blocks, columns, gap)
            self._going_on.point(page, panel, left, 2)
        draw_blocks(page, placed)
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
        scale = self._layout.scale_words(views[0].scale) if views else ""
        items = foot_items(self._facts.margin, scale, lang)
        remark = "　".join(one for one in (self._remark(names), self._base_map) if one)
        draw_foot(drawing, items, remark, edges, sizes, metrics, lang)
        if self._facts.index:
            drawing.link(edges.title, Target(page=self._facts.index))
        draw_title(drawing, title, self._facts.margin.secrecy, edges, sizes, metrics)
        draw_secrecy(drawing, self._facts.margin.secrecy, edges, sizes, metrics)
        draw_edges(drawing, page.sheet, sizes)
        page.blocks += [("title", edges.title), ("foot", edges.foot)]
        warn_of_letters(page, self._metrics)
        page.notes += self._notes

    # Words

    def _title(self) -> str:
        if self._choice.title:
            return self._choice.title
        template = self._template
        text = template.title_zh if self._choice.lang == "zh" else template.title_en
        levels = levels_words(self._facts.maps, self._choice.lang)
        return text.format(place=self._facts.place, plan=self._facts.plan, levels=levels)

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
