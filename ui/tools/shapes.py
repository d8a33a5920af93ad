"""What tools show over the map: outlines of areas, faces, borders, and tables of effects."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np
import shapely

from gridadmin.app.effects import AreaEffect, Effects
from gridadmin.app.holders import holder_of
from gridadmin.app.object_facts import shape_of
from gridadmin.base.ids import oid_of
from gridadmin.domain.model import BorderRow, HouseholdsState, Land
from gridadmin.partition.faces import Face
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import ring_points
from ui.canvas.overlay import Handles, Mark, Outline, Ring, Role, Tag, Thing
from ui.canvas.picking import local_points
from ui.canvas.viewport import Place
from ui.panels import words
from ui.panels.post_words import posts_words
from ui.texts import mark, tr

MOST_ROWS = 8
_LEAST_M2, _MOST_M2 = 0.05, 1.0
_SHARE = 0.2
"""Land of less than a square metre is not told beside five times as much."""
MOST_CUTS = 60
"""So many cut buildings and compounds are marked; the table tells them all."""
MOST_CUT_WORDS = 3


def area_outline(snapshot: Snapshot, uids: Iterable[str], role: Role) -> list[Outline]:
    """Return the outlines of areas as one shape; stacked ones show their cell.

    A border between two of them is drawn once.
    """
    found: dict[int, BorderRow] = {}
    for uid in uids:
        area = snapshot.rows("area").get(uid)
        if area is None:
            continue
        holder = area.cell if area.land == Land.STACKED and area.cell else uid
        found.update((border.id, border) for border in snapshot.partition.outline(oid_of(holder)))
    return [border_outline(found.values(), role)] if found else []


def face_outline(face: Face, role: Role) -> Outline:
    """Return a face as a filled shape."""
    return Outline([ring_points(ring) / 1000.0 for ring in face.rings], role, is_filled=True)


def border_outline(borders: Iterable[BorderRow], role: Role) -> Outline:
    """Return borders as lines."""
    return Outline([local_points(border) for border in borders], role)


def thing_outline(snapshot: Snapshot, thing: tuple[str, str], role: Role) -> list[Thing]:
    """Return an object of a reference layer as a shape, or as a ring around its place."""
    if thing[0] == "point_object":
        return _point_ring(snapshot, thing[1], role)
    shape = shape_of(snapshot, *thing)
    if shape is None:
        return []
    parts = shapely.get_parts(shape).tolist()
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(parts)]
    lines = [shapely.get_coordinates(one) for one in parts if one.geom_type == "LineString"]
    places = [one for one in parts if one.geom_type == "Point"]
    things: list[Thing] = [Ring((one.x, one.y), _RING_PX, role) for one in places]
    things += [Outline(rings, role, is_filled=True)] if rings else []
    return [*things, *([Outline(lines, role)] if lines else [])]


_RING_PX = 10


def _point_ring(snapshot: Snapshot, uid: str, role: Role) -> list[Thing]:
    """Return a ring around a shop or facility, nothing while nobody said where it stands."""
    row = snapshot.rows("point_object").get(uid)
    if row is None or row.x_mm is None or row.y_mm is None:
        return []
    x0, y0 = snapshot.origin_mm
    return [Ring(((row.x_mm - x0) / 1000.0, (row.y_mm - y0) / 1000.0), _RING_PX, role)]


def owners_tag(snapshot: Snapshot, border: BorderRow, place: Place) -> Tag:
    """Return the names of who lies on the two sides of a border."""
    names = [
        words.holder(snapshot, holder_of(snapshot, side)) for side in (border.left, border.right)
    ]
    return Tag(place, [(name,) for name in names])


def effect_tag(effects: Effects, place: Place, first: str = "") -> Tag | None:
    """Return the table of what a change does to the areas concerned, None when to none.

    Areas of the level *first* come first; else the deepest level does.
    """
    most = max((abs(_grown_m2(effect)) for effect in effects.areas), default=0.0)
    least_m2 = max(_LEAST_M2, min(_MOST_M2, most * _SHARE))
    changed = [effect for effect in effects.areas if not _is_untouched(effect, least_m2)]
    areas = sorted(changed or effects.areas, key=lambda effect: effect.level != first)
    rows: list[Sequence[str]] = []
    weights = []
    for effect in areas[:MOST_ROWS]:
        rows.append(
            (
                effect.name or effect.code or "",
                households_words(effect),
                land_words(effect),
                band_words(effect),
            )
        )
        weights.append(_weight(effect))
    hidden = len(areas) - MOST_ROWS
    if hidden > 0:
        rows.append((tr("另有 {n} 个区域", n=hidden),))
        weights.append("")
    if effects.buildings_moved:
        rows.append(
            (
                tr(
                    "{n} 栋建筑、{m} 户改变归属",
                    n=effects.buildings_moved,
                    m=effects.households_moved,
                ),
            )
        )
        weights.append("")
    if effects.posts.is_any:
        rows.append((posts_words(effects.posts),))
        weights.append("bad" if effects.posts.posts_gone else "")
    if effects.cuts:
        rows.append((cut_words(effects),))
        weights.append("bad")
    if effects.gaps_opened_m2 > 0:
        rows.append((tr("会留下缝隙 {m2} m²", m2=f"{effects.gaps_opened_m2:,.2f}"),))
        weights.append("bad")
    return Tag(place, rows, weights) if rows else None


def _grown_m2(effect: AreaEffect) -> float:
    return effect.land_after_m2 - effect.land_before_m2


def _is_untouched(effect: AreaEffect, least_m2: float) -> bool:
    """Return whether only new nodes bend the outline of an area, by millimetres."""
    return (
        abs(_grown_m2(effect)) < least_m2
        and effect.households_before == effect.households_after
        and effect.buildings_before == effect.buildings_after
        and effect.state_before == effect.state_after
        and not effect.is_new
        and not effect.is_gone
    )


def refusal_things(place: Place, said: str) -> list[Thing]:
    """Return the sign of a refusal with its reason beside it."""
    sign = Handles(np.array([place]), Mark.REFUSED)
    rows = [(row,) for row in wrapped(said)]
    return [sign, Tag(place, rows, ["bad"] * len(rows))]


def wrapped(text: str) -> list[str]:
    """Return a sentence in lines short enough for a table over the map.

    Chinese may break anywhere but before a mark; words of other scripts stay whole.
    """
    rows, wide = [""], 0
    for piece in _PIECES.findall(text):
        units = sum(2 if unicodedata.east_asian_width(letter) in "FW" else 1 for letter in piece)
        if wide + units > _ROW_UNITS and piece not in _MARKS:
            rows.append("")
            wide = 0
        rows[-1] += piece if wide else piece.lstrip()
        wide += units
    return [row.rstrip() for row in rows]


_ROW_UNITS = 44
"""So many Latin letters, or half as many Chinese ones, stand in a row."""
_PIECES = re.compile(r"\s*[\x21-\x7e]+|\s*[^\x21-\x7e\s]")
_MARKS = "，。；：、！？）”》"


def cut_words(effects: Effects) -> str:
    """Return how many buildings and compounds the new borders cut, in words; empty for none."""
    said = []
    if buildings := effects.cut("building"):
        said.append(tr("切开 {n} 栋楼", n=buildings))
    if compounds := effects.cut("compound"):
        said.append(tr("切开 {n} 个小区", n=compounds))
    return tr("、").join(said)


def cut_things(effects: Effects) -> list[Thing]:
    """Return what marks the buildings and compounds that the new borders cut.

    Each gets its shape, crossed out in the colour of faults, and the first few a word beside it.
    """
    things: list[Thing] = []
    for number, cut in enumerate(effects.cuts[:MOST_CUTS]):
        things.append(Outline(cut.rings, Role.ISSUE, is_filled=cut.table == "building"))
        things.append(Handles(np.array([cut.point]), Mark.REFUSED))
        if number < MOST_CUT_WORDS:
            words_of = tr("切开楼栋") if cut.table == "building" else tr("切开小区")
            things.append(Tag(cut.point, [(f"{words_of} {cut.name}".strip(),)]))
    return things


def households_words(effect: AreaEffect) -> str:
    """Return the households before and after, in words."""
    before, after = effect.households_before, effect.households_after
    if after is None:
        return tr("户数未知")
    mark = "*" if effect.state_after is HouseholdsState.STALE else ""
    if before == after or effect.is_new:
        return tr("{n}{mark} 户", n=f"{after:,}", mark=mark)
    old = "?" if before is None else f"{before:,}"
    return tr("{old} → {new}{mark} 户", old=old, new=f"{after:,}", mark=mark)


def band_words(effect: AreaEffect) -> str:
    """Return the band that the households should lie in, with a sign where they don't."""
    if effect.band is None or effect.is_gone:
        return ""
    sign = _SIGNS.get(effect.band_after or "")
    return words.band(effect.band) + (f" {tr(sign)}" if sign else "")


_SIGNS = {"above": mark("▲ 偏多"), "below": mark("▼ 偏少")}


def land_words(effect: AreaEffect) -> str:
    """Return how the land changes, in words."""
    change = _grown_m2(effect)
    if abs(change) < 0.005:
        return ""
    return tr("{m2} m²", m2=f"{change:+,.0f}" if abs(change) >= 100 else f"{change:+,.2f}")


def _weight(effect: AreaEffect) -> str:
    if effect.band_after in ("below", "above"):
        return "bad"
    return "good" if effect.band_before in ("below", "above") else ""
