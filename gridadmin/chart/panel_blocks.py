"""The blocks of the panel made from facts: totals, legend, locator, QR code, lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from gridadmin.base.texts import sentence
from gridadmin.chart import style as look
from gridadmin.chart.blocks import Block, Solid, TextBlock
from gridadmin.chart.choice import ChartChoice
from gridadmin.chart.facts import FRAME_LINE, MapFacts, SheetFacts, Table
from gridadmin.chart.hatching import rings_of
from gridadmin.chart.legend_samples import (
    Sample,
    changed_sample,
    exempt_sample,
    facility_sample,
    fill_sample,
    line_sample,
    pattern_sample,
    railway_sample,
    road_sample,
    star_sample,
)
from gridadmin.chart.map_drawing import Shown
from gridadmin.chart.map_view import fitted_view
from gridadmin.chart.qr import draw_qr, qr_code, side_of
from gridadmin.chart.sheet import Frame
from gridadmin.chart.surface import (
    LEAST_LINE_MM,
    Align,
    Metrics,
    Paths,
    Pen,
    Surface,
    Target,
    TextStyle,
)
from gridadmin.chart.table_block import TableBlock
from gridadmin.chart.template import SCALES, BlockKind, TextSizes
from gridadmin.chart.typeset import LEADING, Typist, fitted, wrapped


@dataclass(frozen=True, eq=False)
class PanelMaker:
    """Makes the blocks of one sheet; ``numbers`` are the names that have a number on the map.

    Rows of one line are ``air`` times as high as they need; others get as much room more.
    """

    facts: SheetFacts
    choice: ChartChoice
    sizes: TextSizes
    metrics: Metrics
    shown: Shown
    numbers: Sequence[tuple[int, str]] = ()
    air: float = 1.0

    def say(self, code: str, **params: object) -> str:
        """Return a sentence of the charts in their language."""
        return sentence(f"chart.{code}", self.choice.lang, params)

    def blocks(self, kinds: Sequence[BlockKind]) -> list[Block]:
        """Return the blocks of these kinds that have something to tell, in their order."""
        made = [self._makers()[kind]() for kind in kinds]
        return [block for block in made if block is not None]

    def _makers(self) -> dict[BlockKind, Callable[[], Block | None]]:
        return {
            BlockKind.STAFF: self._staff,
            BlockKind.TEAM: self._team,
            BlockKind.TOTALS: self._totals,
            BlockKind.LEGEND: self._legend,
            BlockKind.LOCATOR: self._locator,
            BlockKind.QR: self._qr,
            BlockKind.NUMBERS: self._numbers,
            BlockKind.BOUNDS: self._bounds,
            BlockKind.STACKS: self._stacks,
            BlockKind.FACILITIES: self._facilities,
            BlockKind.CHANGES: self._changes,
            BlockKind.SIGNATURES: self._signatures,
        }

    def _table(self, name: str, table: Table | None) -> Block | None:
        if table is None:
            return None
        if not table.rows:
            return self._text(name, table.title, (self.say("nothing"),))
        continued = self.say("continued")
        return TableBlock.of(name, table, self.sizes, self.metrics, continued, self.air)

    def _staff(self) -> Block | None:
        return self._table("staff", self.facts.staff)

    def _changes(self) -> Block | None:
        return self._table("changes", self.facts.changes)

    def _text(
        self, name: str, title: str, items: Sequence[str], columns: int = 1
    ) -> TextBlock | None:
        if not items:
            return None
        continued = self.say("continued")
        return TextBlock(name, title, tuple(items), self.sizes, self.metrics, continued, columns)

    def _team(self) -> Block | None:
        items = [self.say("total", what=post, value=who) for post, who in self.facts.team]
        return self._text("team", self.say("team_title"), items)

    def _totals(self) -> Block | None:
        items = [self.say("total", what=what, value=value) for what, value in self.facts.totals]
        return self._text("totals", self.say("totals_title"), items, 2)

    def _numbers(self) -> Block | None:
        items = [f"{number}  {name}" for number, name in self.numbers]
        found = self._text("numbers", self.say("numbers_title"), items, 2)
        # The map can't be read without them.
        return None if found is None else replace(found, is_rigid=True)

    def _bounds(self) -> Block | None:
        text = self.facts.bounds
        return self._text("bounds", self.say("bounds_title"), (text,) if text else ())

    def _stacks(self) -> Block | None:
        items = []
        for cell in self.facts.stacks:
            items.append(self.say("stack_cell", name=cell.name))
            items += [
                self.say("total", what=f"{code}  {name}", value=what)
                for code, name, what in cell.parts
            ]
        return self._text("stacks", self.say("stacks_title"), items)

    def _facilities(self) -> Block | None:
        items = [self.say("total", what=what, value=value) for what, value in self.facts.facilities]
        return self._text("facilities", self.say("facilities_title"), items, 2)

    def _solid(
        self,
        name: str,
        title: str,
        measure: Callable[[float], float],
        paint: Callable[[Surface, Frame], None],
    ) -> Solid:
        return Solid(name, title, self.sizes, self.metrics, measure, paint)

    # Legend

    def _legend(self) -> Block | None:
        entries = self._entries()
        if not entries:
            return None
        body = self.sizes.body
        row = body * 1.75

        def columns(width: float) -> int:
            return 2 if width > body * 22 else 1

        def measure(width: float) -> float:
            return -(-len(entries) // columns(width)) * row

        def paint(surface: Surface, frame: Frame) -> None:
            typist = Typist(surface, self.metrics)
            count = columns(frame.width)
            rows = -(-len(entries) // count)
            each = frame.width / count
            sample = body * 3.6
            style = TextStyle(body, look.INK)
            for place, (words, draw) in enumerate(entries):
                x = frame.x + place // rows * each
                y = frame.y + place % rows * row
                draw(surface, Frame(x, y + row * 0.14, sample, row * 0.62))
                room = each - sample - body * 1.2
                narrow = fitted(words, style, room, self.metrics)
                typist.line(words, x + sample + body * 0.8, y + row * 0.16, narrow)

        return self._solid("legend", self.say("legend_title"), measure, paint)

    def _entries(self) -> list[tuple[str, Sample]]:
        """Return what the map shows with a sample of each: borders, land, things, marks."""
        return [*self._border_entries(), *self._land_entries(), *self._mark_entries()]

    def _border_entries(self) -> list[tuple[str, Sample]]:
        names, unit = self.facts.level_names or {}, self.sizes.label / 7
        found: list[tuple[str, Sample]] = []
        for level in self.shown.levels:
            is_frame = level == FRAME_LINE
            border = self.say("legend_border", level=names.get(level, level))
            words = self.say("legend_frame") if is_frame else border
            found.append((words, line_sample(level, unit)))
        return found

    def _land_entries(self) -> list[tuple[str, Sample]]:
        shown, unit = self.shown, self.sizes.label / 7
        shore = Pen(look.WATER_LINE, max(0.25 * unit, 0.12))
        wall = Pen(look.BUILDING_LINE, LEAST_LINE_MM)
        wanted: list[tuple[bool, str, Sample]] = [
            (shown.exempt, "legend_exempt", exempt_sample(unit)),
            (shown.changed, "legend_changed", changed_sample(unit)),
            (shown.water, "legend_water", fill_sample(look.WATER, shore)),
            (shown.roads, "legend_road", road_sample()),
            (shown.railways, "legend_railway", railway_sample(unit)),
            (shown.buildings, "legend_building", fill_sample(look.BUILDING, wall)),
        ]
        return [(self.say(code), sample) for is_shown, code, sample in wanted if is_shown]

    def _mark_entries(self) -> list[tuple[str, Sample]]:
        shown = self.shown
        types = dict(self.facts.maps[0].compound_types) if self.facts.maps else {}
        unit = self.sizes.label / 7
        found: list[tuple[str, Sample]] = [
            (types.get(key, key), pattern_sample(place, unit))
            for key, place in shown.patterns.items()
        ]
        marks: list[tuple[bool, str, Sample]] = [
            (shown.facilities, "legend_facility", facility_sample),
            (shown.cadres, "legend_cadre", star_sample),
            (shown.vacancies, "legend_vacancy", self._vacancy_sample),
        ]
        return found + [(self.say(code), sample) for is_shown, code, sample in marks if is_shown]

    def _vacancy_sample(self, surface: Surface, frame: Frame) -> None:
        typist = Typist(surface, self.metrics)
        words = self.say("seats", filled=0, required=1)
        style = TextStyle(frame.height * 0.9, look.ALARM)
        style = fitted(words, style, frame.width, self.metrics)
        typist.line(words, frame.x, frame.y, style)

    # Locator, QR code, signatures

    def _locator(self) -> Block | None:
        if not self.facts.maps:
            return None
        facts = self.facts.maps[0]
        if facts.whole is None or facts.about.area >= 0.98 * facts.whole.area:
            return None
        return self._solid(
            "locator",
            self.say("locator_title"),
            lambda width: min(width * 0.62, self.sizes.body * 17),
            lambda surface, frame: _draw_locator(surface, facts, frame, self.sizes.label / 7),
        )

    def _qr(self) -> Block | None:
        address = self.choice.qr_address.strip()
        if not address:
            return None
        code = qr_code(address)
        side = side_of(code, self.sizes.body)
        words = self.choice.qr_words or self.say("qr_words")

        def paint(surface: Surface, frame: Frame) -> None:
            box = Frame(frame.x, frame.y, side, side)
            draw_qr(surface, code, box)
            surface.link(box, Target(address=address))
            typist = Typist(surface, self.metrics)
            style = TextStyle(self.sizes.note, look.QUIET)
            room = max(frame.width - side - self.sizes.body, self.sizes.note * 4)
            lines = wrapped(words, style, room, self.metrics)
            top = frame.y + side / 2 - len(lines) * style.size_mm * LEADING / 2
            typist.paragraph(lines, frame.x + side + self.sizes.body * 0.6, top, style)

        return self._solid("qr", self.say("qr_title"), lambda _: side, paint)

    def _signatures(self) -> Block | None:
        lines = self.facts.signatures
        if not lines:
            return None
        body = self.sizes.body
        row = body * 3.0

        def paint(surface: Surface, frame: Frame) -> None:
            typist = Typist(surface, self.metrics)
            style = TextStyle(body, look.INK)
            pen = Pen(look.INK, max(0.03 * body, 0.12))
            for place, words in enumerate(lines):
                y = frame.y + place * row + row * 0.45
                typist.line(words, frame.x, y, style)
                start = frame.x + self.metrics.width_mm(words, style) + body * 0.4
                base = y + body * 1.05
                day = self.say("signature_day")
                day_width = self.metrics.width_mm(day, style)
                end = frame.right - day_width - body
                surface.lines(Paths.line((start, base), (end, base)), pen)
                typist.line(day, frame.right, y, style, Align.RIGHT)

        return self._solid(
            "signatures", self.say("signatures_title"), lambda _: row * len(lines), paint
        )


def _draw_locator(surface: Surface, facts: MapFacts, frame: Frame, unit: float) -> None:
    whole = facts.whole
    if whole is None or whole.is_empty:
        return
    view = fitted_view(whole.bounds, frame, SCALES, padding=0.05)
    # The scale of the locator is nobody's to measure: it fills its frame.
    share = max(
        (whole.bounds[2] - whole.bounds[0]) * 1000 / view.scale / (frame.width * 0.9),
        (whole.bounds[3] - whole.bounds[1]) * 1000 / view.scale / (frame.height * 0.9),
    )
    view = type(view)(frame, max(round(view.scale * share), 1), view.centre_m)
    surface.land(Paths.frame(frame), "#F7F8FA", Pen(look.QUIET, max(0.25 * unit, 0.12)))
    surface.clip(frame)
    tolerance = view.scale / 1000 * 0.15
    thin = shapely.simplify(whole, tolerance)
    surface.land(rings_of([view.shape(thin)]), "#E3E7EC")
    for level in ("street", "community"):
        if level in facts.lines:
            lines = facts.lines[level]
            parts = [shapely.LineString(part) for part in lines if len(part) > 1]
            simple = shapely.simplify(np.array(parts, dtype=object), tolerance)
            paths = Paths.of([shapely.get_coordinates(one) for one in simple])
            colour = "#FFFFFF" if level == "community" else "#9AA6B2"
            surface.lines(view.lines(paths), Pen(colour, max(0.22 * unit, 0.12)))
    edge = Pen("#7A8794", max(0.3 * unit, 0.15))
    surface.land(rings_of([view.shape(thin)]), "", edge)
    about = view.shape(shapely.simplify(facts.about, tolerance))
    surface.land(rings_of([about]), "#D6556B", Pen("#8B1A1A", max(0.4 * unit, 0.2)))
    x0, y0, x1, y1 = about.bounds
    if max(x1 - x0, y1 - y0) < 5.0:
        # What would be a speck gets a box around it.
        middle = Frame((x0 + x1) / 2 - 4, (y0 + y1) / 2 - 4, 8, 8)
        surface.land(Paths.frame(middle), "", Pen("#8B1A1A", max(0.4 * unit, 0.25)))
    surface.clip(None)
