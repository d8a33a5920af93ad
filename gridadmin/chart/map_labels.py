"""The names of a map in the order of their weight: areas, what lies on the land, neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import shapely

from gridadmin.chart import style as look
from gridadmin.chart.choice import ChartChoice
from gridadmin.chart.facts import MapArea, MapFacts
from gridadmin.chart.labelling import Labels, Variant, Wish, extent, place_names, together
from gridadmin.chart.line_names import names_along
from gridadmin.chart.map_drawing import outline_mm, places_mm, seen_areas
from gridadmin.chart.map_furniture import MARK_ROOM
from gridadmin.chart.map_view import MapView
from gridadmin.chart.occupied import Occupied
from gridadmin.chart.surface import LEAST_LINE_MM, Metrics, Paths, Pen, Surface, TextStyle, Words
from gridadmin.chart.template import TextSizes
from gridadmin.chart.typeset import pieces_of
from gridadmin.domain.scheme import LEVELS

_COARSER = "#6B1A2E"
_AROUND = "#7A838D"
_MOST_HALOS = 3000
"""With more names than this their halo is a pale plate: letters as outlines would be too many.

The few large ones, of levels above, keep theirs; names along roads and rivers, which have no
plate, keep theirs while there are no more of them than this.
"""
_HALO = 0.16
"""How wide a halo is, of the height of a character."""
_COARSER_SIZES = ((1.0, 0.6), (0.8, 0.3), (0.64, 0.0), (0.5, 0.0), (0.4, 0.0), (0.32, 0.0))
"""How large names of levels above are, the best first, and how far apart their letters."""
_ONE_LINE = 6
"""Longer names of levels above may take two lines."""
_FIGURES_WORTH = 1.3
"""A name with its figures is as good as one so much larger without them."""
_HALVED_WORTH = 0.9
"""A name in two lines is as good as one so much smaller in one line."""
_FINER_SHARE = 0.5
"""Names of the finer level are left out as a whole when fewer of them than this would fit."""
_FINER_LISTED = 150
_ROADS_MOST = {"trunk": 4, "main": 3, "side": 2, "lane": 1, "path": 0}


@dataclass(frozen=True)
class MapNames:
    """What became of the names of a map, by what they name."""

    areas: Labels
    finer: Labels
    coarser: Labels
    finer_left_out: int = 0
    """So many names of the finer level were left out as a whole: the scale is too small."""

    @property
    def numbers(self) -> list[tuple[int, str]]:
        """The list of numbers of the whole map."""
        return [*self.coarser.numbers, *self.areas.numbers, *self.finer.numbers]


def joined(maps: Sequence[MapNames]) -> MapNames:
    """Return what became of the names of several maps that show parts of one land."""
    return MapNames(
        together([one.areas for one in maps]),
        together([one.finer for one in maps]),
        together([one.coarser for one in maps]),
        sum(one.finer_left_out for one in maps),
    )


@dataclass(frozen=True)
class _Names:
    """What all names of a map share."""

    facts: MapFacts
    view: MapView
    sizes: TextSizes
    choice: ChartChoice
    taken: Occupied
    metrics: Metrics
    has_halos: bool

    def style(self, size: float, colour: str, *, is_bold: bool = False) -> TextStyle:
        has_halo = self.has_halos or colour == _COARSER
        return _style(size, colour, is_bold, size * _HALO if has_halo else 0.0)


@lru_cache(maxsize=512)
def _style(size: float, colour: str, is_bold: bool, halo: float) -> TextStyle:
    """Return a style; thousands of names share a few of them."""
    return TextStyle(size, colour, is_bold, halo=look.HALO if halo else "", halo_mm=halo)


def draw_names(
    surface: Surface,
    facts: MapFacts,
    view: MapView,
    sizes: TextSizes,
    choice: ChartChoice,
    taken: Occupied,
    metrics: Metrics,
    first: int = 1,
) -> MapNames:
    """Draw all names of a map; *taken* is what stands on it, *first* the first number of a list."""
    count = len(seen_areas(facts.areas, view)) + len(seen_areas(facts.finer, view))
    names = _Names(facts, view, sizes, choice, taken, metrics, count <= _MOST_HALOS)
    about = view.shape(facts.about)
    shapely.prepare(about)
    coarser = place_names(_coarser(names), taken, metrics, first)
    first += len(coarser.numbers)
    inside = seen_areas(facts.areas, view)
    areas = place_names([_area_wish(names, area) for area in inside], taken, metrics, first, about)
    finer, left_out = _finer(names, first + len(areas.numbers))
    words = _on_lines(replace(names, has_halos=True))
    if len(words) > _MOST_HALOS:
        words = [replace(one, style=replace(one.style, halo="", halo_mm=0.0)) for one in words]
    others = place_names([*_neighbours(names), *_things(names)], taken, metrics)
    surface.clip(view.frame)
    _draw(surface, [coarser, areas, finer, others], sizes.label / 7)
    for one in words:
        surface.words(one)
    surface.clip(None)
    return MapNames(areas, finer, coarser, left_out)


def _draw(surface: Surface, groups: Sequence[Labels], unit: float) -> None:
    pen = Pen(look.QUIET, max(0.25 * unit, LEAST_LINE_MM + 0.02))
    leaders = [
        np.array(placed.leader) for labels in groups for placed in labels.placed if placed.leader
    ]
    surface.lines(Paths.of(leaders), pen)
    for labels in groups:
        for placed in labels.placed:
            if placed.is_number:
                surface.land(Paths.frame(placed.frame), "#FFFFFF", pen)
            elif not placed.words[0].style.halo:
                surface.land(Paths.frame(placed.frame.inset(0.15)), "#B4FFFFFF")
            for words in placed.words:
                surface.words(words)


# Areas


def _coarser(names: _Names) -> list[Wish]:
    """Return the names of the levels above the detail: large, in their own colour."""
    found = []
    seen = seen_areas(names.facts.coarser, names.view)
    for area in sorted(seen, key=lambda area: (LEVELS.index(area.level), area.code, area.name)):
        size = names.sizes.label * (1.75 if area.level == "street" else 1.4)
        text, two = _marked(names, area), _halved(area.name)
        variants = []
        for share, gap in _COARSER_SIZES:
            if size * share < names.sizes.least_label:
                break
            plain = names.style(size * share, _COARSER, is_bold=True)
            spread = replace(plain, spacing_mm=plain.size_mm * gap)
            variants.append(Variant(((text, spread),)))
            if two is not None and len(area.name) > _ONE_LINE and not gap:
                upper = text.removesuffix(area.name) + two[0]
                variants.append(Variant(((upper, plain), (two[1], plain))))
        found.append(_wish(names, area, variants, listed=area.name, has_leader=True))
    return found


def _area_wish(names: _Names, area: MapArea) -> Wish:
    size, least = names.sizes.label, names.sizes.least_label
    text = _marked(names, area)
    one = (text,)
    two = _halved(area.name)
    if two is not None:
        two = text.removesuffix(area.name) + two[0], two[1]
    weighed: list[tuple[float, Variant]] = []
    share = 1.0
    land = outline_mm(area, names.view)
    if not _may_fit(names, area, land, [lines for lines in (one, two) if lines is not None]):
        share = 0.0
    while size * share >= least:
        name = names.style(size * share, look.INK, is_bold=True)
        small = size * share * 0.62
        has_figures = area.figures and small >= least * 0.9 and names.choice.has_staff
        figures = names.style(small, look.ALARM if area.has_vacancy else look.QUIET)
        for lines, worth in ((one, 1.0), (two, _HALVED_WORTH)):
            if lines is not None:
                named = tuple((line, name) for line in lines)
                weighed.append((share * worth, Variant(named)))
                if has_figures:
                    told = Variant((*named, (area.figures, figures)))
                    weighed.append((share * worth * _FIGURES_WORTH, told))
        share *= 0.86
    weighed.sort(key=lambda pair: -pair[0])
    variants = [variant for _, variant in weighed]
    variants.append(Variant(((area.name, names.style(least, look.INK, is_bold=True)),)))
    return _wish(names, area, variants, listed=area.name, has_leader=True, land=land)


def _may_fit(
    names: _Names, area: MapArea, land: shapely.Geometry, ways: Sequence[tuple[str, ...]]
) -> bool:
    """Return whether the smallest letters of a name could have room in its land.

    What somebody moved by hand may stand elsewhere.
    """
    if area.uid in names.choice.moves.nudges_mm:
        return True
    x0, y0, x1, y1 = land.bounds
    style = names.style(names.sizes.least_label, look.INK, is_bold=True)
    sizes = [extent(Variant(tuple((line, style) for line in way)), names.metrics) for way in ways]
    return any(width <= x1 - x0 and height <= y1 - y0 for width, height in sizes)


def _marked(names: _Names, area: MapArea) -> str:
    """Return the name with room for the mark of a cadre where one is sent."""
    has_mark = area.cadres and names.choice.has_staff and "cadres" not in names.choice.hidden
    return f"{MARK_ROOM}{area.name}" if has_mark else area.name


def _halved(name: str) -> tuple[str, str] | None:
    """Return a Chinese name as two lines, unless it is as short as a line may be."""
    pieces = pieces_of(name)
    if len(name) < 4 or len(pieces) < 2:
        return None
    # Figures and words stay whole.
    lengths = [len("".join(pieces[:cut])) for cut in range(1, len(pieces))]
    cut = min(range(1, len(pieces)), key=lambda cut: abs(lengths[cut - 1] - len(name) / 2))
    return "".join(pieces[:cut]).rstrip(), "".join(pieces[cut:]).lstrip()


def _wish(
    names: _Names,
    area: MapArea,
    variants: Sequence[Variant],
    *,
    listed: str = "",
    has_leader: bool = False,
    land: shapely.Geometry | None = None,
) -> Wish:
    land = outline_mm(area, names.view) if land is None else land
    shapely.prepare(land)
    number = TextStyle(names.sizes.least_label, look.INK, is_bold=True)
    return Wish(
        uid=area.uid,
        order=area.code or area.name,
        places=places_mm(area, names.view),
        land=land,
        variants=variants,
        number_style=number,
        listed=listed,
        has_leader=has_leader,
        nudge=names.choice.moves.nudges_mm.get(area.uid),
    )


def _finer(names: _Names, first: int) -> tuple[Labels, int]:
    """Return the names of the finer level, or how many were left out as a whole."""
    seen = seen_areas(names.facts.finer, names.view)
    if not seen:
        return Labels(), 0
    trial = Occupied(names.taken.within)
    sample = seen[:: max(len(seen) // 200, 1)]
    fitting = place_names([_finer_wish(names, area) for area in sample], trial, names.metrics)
    if fitting.inside < _FINER_SHARE * len(sample):
        return Labels(), len(seen)
    listed = len(seen) <= _FINER_LISTED
    wishes = [_finer_wish(names, area, is_listed=listed) for area in seen]
    return place_names(wishes, names.taken, names.metrics, first), 0


def _finer_wish(names: _Names, area: MapArea, *, is_listed: bool = False) -> Wish:
    size, least = names.sizes.label * 0.56, names.sizes.least_label
    variants = []
    tail = area.code[-2:] if area.code[-2:].isdigit() else ""
    share = 1.0
    while size * share >= least:
        style = names.style(size * share, look.ACCENT)
        variants.append(Variant(((area.short, style),)))
        share *= 0.84
    style = names.style(least, look.ACCENT)
    variants += [Variant(((text, style),)) for text in (area.short, tail) if text]
    return _wish(names, area, variants, listed=area.name if is_listed else "")


def _neighbours(names: _Names) -> list[Wish]:
    """Return the names of what lies around, in grey."""
    found = []
    for area in seen_areas(names.facts.around, names.view):
        size = names.sizes.label * 1.15
        styles = [
            replace(names.style(size * share, _AROUND), spacing_mm=size * share * gap)
            for share, gap in ((1.0, 0.5), (0.85, 0.2), (0.7, 0.0), (0.55, 0.0))
        ]
        found.append(_wish(names, area, [Variant(((area.name, one),)) for one in styles]))
    return found


# What lies on the land


def _things(names: _Names) -> list[Wish]:
    found: list[Wish] = []
    for name, land in names.facts.exempt:
        found += _thing(names, name, name, land, names.sizes.label * 0.8, look.QUIET)
    ground, box = names.facts.ground, names.view.bounds
    if "water" not in names.choice.hidden:
        for number in ground.waters.numbers_in(box):
            line = ground.waters.objects[number]
            if line.name and line.name not in {name for name, _ in names.facts.exempt}:
                shape = ground.waters.shapes[number]
                size = names.sizes.label * 0.7
                found += _thing(names, line.uid, line.name, shape, size, "#2C6E9E")
    if "compounds" not in names.choice.hidden and names.view.scale <= look.COMPOUNDS_TO:
        for number in ground.compounds.numbers_in(box):
            compound = ground.compounds.objects[number]
            shape = ground.compounds.shapes[number]
            size = names.sizes.label * 0.46
            found += _thing(names, compound.uid, compound.name, shape, size, "#6E5614")
    return found


def _thing(
    names: _Names, uid: str, name: str, land: shapely.Geometry, size: float, colour: str
) -> list[Wish]:
    shape = names.view.shape(land)
    if shape.is_empty or not name:
        return []
    point = shapely.point_on_surface(shape)
    centre = shape.centroid
    places = np.array([(point.x, point.y), (centre.x, centre.y)])
    least = names.sizes.least_label * 0.9
    sizes = [one for one in (size, size * 0.8, size * 0.64) if one >= least]
    variants = [Variant(((name, names.style(one, colour)),)) for one in sizes]
    if not variants:
        return []
    shapely.prepare(shape)
    style = TextStyle(names.sizes.least_label)
    return [Wish(uid, name, places, shape, variants, style)]


def _on_lines(names: _Names) -> list[Words]:
    """Return the names along roads and rivers, the widest roads first."""
    ground = names.facts.ground
    by_name: dict[tuple[int, str, str], list[int]] = {}
    order = list(look.ROADS)[::-1]
    for number in ground.lines.numbers_in(names.view.bounds):
        line = ground.lines.objects[number]
        if not line.name or line.is_shore:
            continue
        if line.kind == "road" and "roads" not in names.choice.hidden:
            kind = line.road_class if line.road_class in look.ROADS else "side"
            by_name.setdefault((order.index(str(kind)), line.name, str(kind)), []).append(number)
        elif line.kind != "road" and "water" not in names.choice.hidden:
            by_name.setdefault((0, line.name, "water"), []).append(number)
    found: list[Words] = []
    for (_, name, kind), numbers in sorted(by_name.items()):
        if kind in ("lane", "path") and names.view.scale > look.LANES_TO / 2:
            continue
        if kind == "side" and names.view.scale > look.SIDES_TO / 2:
            continue
        shapes = [one for one in names.view.shapes(ground.lines.shapes[numbers]) if one is not None]
        merged = shapely.line_merge(shapely.union_all(shapes))
        share = {"trunk": 0.7, "main": 0.62, "side": 0.52, "water": 0.62}.get(kind, 0.44)
        size = names.sizes.label * share
        if size < names.sizes.least_label * 0.9:
            continue
        colour = "#2C6E9E" if kind == "water" else "#5B4B2E"
        every = max(60.0, names.view.frame.width / (_ROADS_MOST.get(kind, 2) + 1))
        found += names_along(
            name, merged, names.style(size, colour), names.taken, names.metrics, every
        )
    return found
