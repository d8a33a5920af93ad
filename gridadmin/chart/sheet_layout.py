"""How a sheet is shared out: its size, the frames of maps and panel, what the maps show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gridadmin.base.texts import sentence
from gridadmin.chart.blocks import Block
from gridadmin.chart.choice import ChartChoice
from gridadmin.chart.facts import EXEMPT_LINE, SheetFacts
from gridadmin.chart.flow import balanced, columns_of, flowed, is_parted
from gridadmin.chart.insets import main_and_far
from gridadmin.chart.map_drawing import Shown
from gridadmin.chart.map_view import MapView, fitted_view
from gridadmin.chart.margin import Edges, edges_of, foot_items
from gridadmin.chart.panel_blocks import PanelMaker
from gridadmin.chart.sheet import Frame, Sheet
from gridadmin.chart.surface import Metrics
from gridadmin.chart.template import Maps, Side, Template

_LEAST_MAP_MM = 60.0
_LEAST_SHARE = 0.35
"""Of a sheet, for a map whose land is as large as it can be."""
_LETTERS = (1.0, 1.1, 1.2, 1.3, 1.45, 0.92, 0.84)
"""Smaller ones are for what would not fit otherwise."""
_ONE_STEP = 1.7
"""A sheet that holds everything may have a scale smaller by that."""
_LONG_ROWS = 400
"""Tables longer than this go on on further pages anyway."""
_POSTER_LETTERS = (*_LETTERS, 1.6, 1.75, 1.9)
"""A sheet of words alone may have larger ones."""
_AIR = (1.6, 1.5, 1.4, 1.3, 1.2, 1.1, 1.0)
_GAPS = (1.0, 0.75, 0.55)
_MANY, _NUMBERED = 25, 0.08
"""Of many areas so many of them may have room only for a number."""
_MOST_EMPTY = 1.35
"""A roll gets longer for its tables up to a map that is so many times as high as its land."""
_LONGER = 0.04
"""By so much of its width at once."""


@dataclass(frozen=True, slots=True)
class Share:
    """The room of the panel: its size in mm across, its columns."""

    size_mm: float
    columns: int
    letters: float = 1.0
    """How much larger its letters are than the template says, where there is room to spare."""
    air: float = 1.0
    """How much higher the rows of its tables are than one line needs."""
    gap: float = 1.0
    """How far its blocks are apart, of what they usually are."""


class SheetLayout:
    """The layout of one sheet."""

    def __init__(
        self, facts: SheetFacts, template: Template, choice: ChartChoice, metrics: Metrics
    ) -> None:
        self._facts = facts
        self._template = template
        self._choice = choice
        self._metrics = metrics
        self._sizes = template.sizes
        self._unit = template.sizes.label / 7
        self._blocks: dict[float, list[Block]] = {}

    def sheet(self) -> Sheet:
        """Return the sheet in the size that is chosen; off a roll as long as its map needs."""
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
        items = foot_items(self._facts.margin, self.scale_words(1), self._choice.lang)
        edges = edges_of(sheet, self._sizes, items, self._metrics)
        frames, _ = self.divided(edges, self._usual_share())
        if not frames or not self._facts.maps:
            return sheet
        frame = frames[0]
        beside = sheet.height_mm - frame.height
        x0, y0, x1, y1 = main_and_far(self._facts.maps[0].about)[0]
        scales = [self._choice.scale] if self._choice.scale else list(self._template.scales)
        for scale in scales:
            wide, high = (x1 - x0) * 1000 / scale / 0.92, (y1 - y0) * 1000 / scale / 0.92
            if wide <= frame.width and high + beside <= self._template.most_height_mm:
                length = max(high + beside, sheet.width_mm * 0.7)
                return self._longer(sheet.sized(sheet.width_mm, length), high, items)
        return sheet

    def _longer(self, sheet: Sheet, map_mm: float, items: Sequence[str]) -> Sheet:
        """Return a sheet off a roll so much longer that its tables have room, within limits.

        *map_mm* is how high the land is.
        """
        bare = sheet.height_mm - edges_of(sheet, self._sizes, items, self._metrics).neat.height
        least_map = max(self._template.panel.least_map, 0.1)
        most = min(self._template.most_height_mm, map_mm * _MOST_EMPTY / least_map + bare)
        length, whole = sheet.height_mm, sheet
        while length <= most:
            longer = sheet.sized(sheet.width_mm, length)
            edges = edges_of(longer, self._sizes, items, self._metrics)
            share = self.share_of_panel(edges)
            _, beside = self.divided(edges, share)
            if beside is None:
                return sheet
            if self._holds(beside, share, self._made()[share.letters]):
                if share.letters >= 1.0:
                    return longer
                # Small letters will do where nothing longer has room for larger ones.
                whole = whole if whole is not sheet else longer
            length += sheet.width_mm * _LONGER
        return whole

    def _usual_share(self) -> Share:
        return Share(self._template.panel.size_mm, self._template.panel.columns)

    def share_of_panel(self, edges: Edges) -> Share:
        """Return how much of the sheet the panel gets.

        Where the land needs less than its frame at the scale that fits, the panel gets more, until
        all that it tells has room, but for the least share of the map; where it tells little, it
        gives way if the scale grows by that.
        """
        usual = self._usual_share()
        panel, maps = self._template.panel, self._template.maps
        if maps is Maps.NONE:
            return self._share_without_map(edges)
        if panel.side is Side.NONE or self._choice.moves.map_frame or not self._facts.maps:
            return usual
        made = self._made()
        usual_scale = self.views(self.divided(edges, usual)[0])[0].scale
        trials: list[_Trial] = []
        for share in self._shares(edges):
            frames, beside = self.divided(edges, share)
            if beside is None or min(min(frame[2:]) for frame in frames) < _LEAST_MAP_MM:
                continue
            scale = self.views(frames)[0].scale
            # Beside a map larger letters would make cells narrow; below it they have the width.
            is_free = scale <= usual_scale and (panel.side is Side.BOTTOM or share.letters <= 1.0)
            if share.size_mm > usual.size_mm and not self._is_main(edges, frames, is_free=is_free):
                continue
            is_whole = self._holds(beside, share, made[share.letters])
            columns = columns_of(beside, share.columns, 9.0 * self._unit)
            parts = is_parted(made[share.letters], columns, self.gap_mm(share))
            trials.append(_Trial(scale, share, is_whole=is_whole, parts_blocks=parts))
        return _best(trials, usual)

    def _share_without_map(self, edges: Edges) -> Share:
        """Return the columns and the largest letters with which a sheet of words holds all."""
        usual = self._usual_share()
        made = self._made()
        shares = [
            Share(usual.size_mm, count, letters)
            for letters in sorted(made, reverse=True)
            for count in range(1, usual.columns + 4)
        ]
        found = (one for one in shares if self._holds(edges.body, one, made[one.letters]))
        share = next(found, None)
        if share is None:
            return usual
        kinds = self._template.panel.blocks
        airy = [replace(share, air=air) for air in _AIR]
        return next(
            one
            for one in airy
            if self._holds(
                edges.body, one, self.maker(Shown(), (), one.letters, one.air).blocks(kinds)
            )
        )

    def _made(self) -> dict[float, list[Block]]:
        """Return the blocks of the panel in letters of all sizes, measured once."""
        if not self._blocks:
            shown, kinds = _everything(self._facts), self._template.panel.blocks
            numbers = self._numbers_thought()
            self._blocks = {
                one: self.maker(shown, numbers, one).blocks(kinds) for one in self._letters()
            }
        return self._blocks

    def _numbers_thought(self) -> list[tuple[int, str]]:
        """Return names that may get a number: nobody knows how many before the map is drawn."""
        areas = self._facts.maps[0].areas if self._facts.maps else ()
        count = round(len(areas) * _NUMBERED) if len(areas) > _MANY else 0
        return [(number, areas[number].name) for number in range(count)]

    def _holds(self, beside: Frame, share: Share, blocks: Sequence[Block]) -> bool:
        """Return whether the panel has room for all blocks, none of them tight."""
        columns = columns_of(beside, share.columns, 9.0 * self._unit)
        if any(block.is_tight(columns[0].width) for block in blocks):
            return False
        return not flowed(blocks, columns, self.gap_mm(share))[1]

    def gap_mm(self, share: Share) -> float:
        """Return how far the blocks of a panel are apart."""
        return self._sizes.heading * 1.15 * share.gap

    def _is_main(self, edges: Edges, frames: Sequence[Frame], *, is_free: bool) -> bool:
        """Return whether the map has its share; two maps stand beside each other in any case.

        Where it *is_free* the land is as large as with the usual share: the panel takes from the
        empty paper around it alone.
        """
        if self._template.maps is not Maps.ONE:
            return True
        least = self._template.panel.least_map
        shown = frames[0].width * frames[0].height
        whole = edges.neat.width * edges.neat.height
        return shown >= (min(least, _LEAST_SHARE) if is_free else least) * whole

    def _shares(self, edges: Edges) -> list[Share]:
        usual = self._usual_share()
        gap = 9.0 * self._unit
        if self._template.panel.side is Side.BOTTOM:
            most = edges.body.height * 0.6
            sizes = [usual.size_mm * step for step in (1.0, 0.7, 0.85, 1.15, 1.3, 1.5, 1.75, 2.0)]
            return [
                Share(size, count, letters)
                for size in sizes
                for letters in self._letters()
                for count in range(usual.columns, usual.columns + 3)
                if size <= most
            ]
        each = (usual.size_mm - gap * (usual.columns - 1)) / usual.columns
        counts = range(1, usual.columns + 4)
        shares = [
            Share((count * each + (count - 1) * gap) * max(letters, 1.0), count, letters)
            for count in counts
            for letters in self._letters()
        ]
        fewer = [
            Share(usual.size_mm, count, letters)
            for count in range(1, usual.columns)
            for letters in self._letters()
        ]
        return shares + fewer

    def _letters(self) -> tuple[float, ...]:
        """Return by how much the letters of the panel may be larger."""
        tables = [self._facts.staff, self._facts.changes]
        is_long = sum(len(table.rows) for table in tables if table is not None) > _LONG_ROWS
        if is_long:
            return (1.0,)
        return _POSTER_LETTERS if self._template.maps is Maps.NONE else _LETTERS

    def divided(self, edges: Edges, share: Share) -> tuple[list[Frame], Frame | None]:
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
        if self._choice.moves.map_frame is not None:
            return [Frame(*self._choice.moves.map_frame)], beside
        return [maps], beside

    def views(self, frames: Sequence[Frame]) -> list[MapView]:
        """Return what each map shows, at which scale."""
        choice, views = self._choice, []
        for facts, frame in zip(self._facts.maps, frames, strict=False):
            bounds, far = main_and_far(facts.about)
            # Boxes of land far off stand in the corners at the right.
            side = inset_side(frame) + 6.0 if far else 0.0
            room = Frame(frame.x, frame.y, frame.width - side, frame.height)
            view = fitted_view(
                bounds, room, self._template.scales, choice.scale, shift_m=choice.moves.map_shift_m
            )
            x, y = view.centre_m
            beside = side / 2 / view.mm_per_m
            views.append(replace(view, frame=frame, centre_m=(x + beside, y)))
        return views

    # What stands in them

    def filled_share(
        self, panel: Frame, share: Share, shown: Shown, numbers: Sequence[tuple[int, str]]
    ) -> Share:
        """Return the share with letters in which the panel of a drawn map holds all.

        How many names got a number is known only then. Blocks come closer before letters become
        smaller: a page for a row or two is worse. Where nothing does the share is as it was.
        """
        kinds = self._template.panel.blocks
        smaller = sorted((one for one in self._letters() if one <= share.letters), reverse=True)
        for letters in smaller:
            blocks = self.maker(shown, numbers, letters, share.air).blocks(kinds)
            for gap in _GAPS:
                one = replace(share, letters=letters, gap=gap)
                if self._holds(panel, one, blocks):
                    return self._roomier(panel, one, shown, numbers)
        return share

    def _roomier(
        self, panel: Frame, share: Share, shown: Shown, numbers: Sequence[tuple[int, str]]
    ) -> Share:
        """Return the share with larger letters and higher rows where the panel has room to spare.

        No line and no block is broken that was whole before.
        """
        if share.letters < 1.0 or share.gap < 1.0:
            return share

        def made(one: Share) -> list[Block]:
            kinds = self._template.panel.blocks
            return self.maker(shown, numbers, one.letters, one.air).blocks(kinds)

        def is_roomy(one: Share) -> bool:
            blocks = made(one)
            return self._holds(panel, one, blocks) and pieces(one, blocks) <= most_pieces

        def pieces(one: Share, blocks: Sequence[Block]) -> int:
            columns = columns_of(panel, one.columns, 9.0 * self._unit)
            return len(balanced(blocks, columns, self.gap_mm(one))[0])

        usual = made(share)
        most_pieces = pieces(share, usual)
        width = columns_of(panel, share.columns, 9.0 * self._unit)[0].width
        most = [block.height(width) / share.letters for block in usual]
        for letters in sorted(self._letters(), reverse=True):
            one = replace(share, letters=letters)
            if letters <= share.letters:
                break
            highs = [block.height(width) / letters for block in made(one)]
            is_alike = all(high <= top + 1e-6 for high, top in zip(highs, most, strict=True))
            if is_alike and is_roomy(one):
                share = one
                break
        airy = (replace(share, air=air) for air in _AIR)
        return next((one for one in airy if is_roomy(one)), share)

    def maker(
        self, shown: Shown, numbers: Sequence[tuple[int, str]], letters: float, air: float = 1.0
    ) -> PanelMaker:
        """Return who makes the blocks of the panel, in letters so many times as large."""
        sizes = replace(
            self._sizes,
            heading=self._sizes.heading * letters,
            body=self._sizes.body * letters,
            note=self._sizes.note * letters,
        )
        return PanelMaker(self._facts, self._choice, sizes, self._metrics, shown, numbers, air)

    def scale_words(self, scale: int) -> str:
        """Return the scale as the foot tells it; empty without a map."""
        if not self._facts.maps:
            return ""
        words = f"1:{scale:,}"
        return sentence("chart.foot_scale", self._choice.lang, {"value": words})


def inset_side(frame: Frame) -> float:
    """Return how wide and high the boxes of land far off are."""
    return min(frame.width, frame.height) * 0.3


@dataclass(frozen=True, slots=True)
class _Trial:
    """A way to share a sheet out: the scale that it gives, whether all blocks fit.

    ``parts_blocks`` tells whether one is parted that a column has room for.
    """

    scale: int
    share: Share
    is_whole: bool
    parts_blocks: bool


def _best(trials: Sequence[_Trial], usual: Share) -> Share:
    """Return the best of some ways to share a sheet out.

    A sheet that holds everything may cost one step of the scale. Then the scale counts, then blocks
    in one piece, then large letters, then what the template says.
    """
    if not trials:
        return usual
    most = min(trial.scale for trial in trials) * _ONE_STEP

    def rank(trial: _Trial) -> tuple[bool, int, bool, float, float]:
        share = trial.share
        letters = -share.letters if trial.is_whole else abs(share.letters - 1.0)
        is_fine = trial.is_whole and trial.scale <= most
        parts = trial.is_whole and trial.parts_blocks
        return not is_fine, trial.scale, parts, letters, abs(share.size_mm - usual.size_mm)

    return min(trials, key=rank).share


def _everything(facts: SheetFacts) -> Shown:
    """Return what a map may show at most: before it is drawn the legend is taken to be long."""
    levels = [
        level for level in (facts.maps[0].lines if facts.maps else ()) if level != EXEMPT_LINE
    ]
    return Shown(
        levels=levels, roads=True, water=True, buildings=True, exempt=True, cadres=True,
        vacancies=True,
    )  # fmt: skip
