"""Words of the margin: full names of places, the plane, the version, the boundaries' hash."""

from __future__ import annotations

from collections.abc import Sequence

from pyproj import CRS

from gridadmin.base.ids import NOBODY, oid_of
from gridadmin.base.texts import sentence
from gridadmin.chart.facts import MapFacts, StackCell
from gridadmin.domain.model import Area, Land, PlanState, StackedPart
from gridadmin.partition.faces import faces_of
from gridadmin.partition.snapshot import Snapshot

_ZONE_0 = 4509
_ZONES = range(25, 46)


def full_name(snapshot: Snapshot, area: Area, lang: str) -> str:
    """Return the names from the root down to an area, as a title has them."""
    chain = [*reversed(list(snapshot.ancestors(area.uid))), area]
    if lang == "zh":
        return "".join(one.name for one in chain)
    return ", ".join(one.name for one in reversed(chain))


def plane_words(crs: CRS | None, lang: str) -> str:
    """Return the coordinate system in words; empty before the first land came."""
    if crs is None:
        return ""
    epsg = crs.to_epsg()
    zone = 0 if epsg is None else epsg - _ZONE_0
    if zone in _ZONES:
        return sentence("chart.plane_cgcs2000", lang, {"meridian": 3 * zone})
    return crs.name


def version_words(snapshot: Snapshot, lang: str) -> str:
    """Return what state of the boundaries it is: plan or last release, and the revision."""
    plans = [plan for plan in snapshot.rows("plan").values() if plan.is_open]
    releases = sorted(snapshot.rows("release").values(), key=lambda one: one.number)
    parts = []
    if plans:
        plan = plans[0]
        state = sentence(f"plan.{PlanState(plan.state)}", lang)
        parts.append(sentence("chart.plan_version", lang, {"name": plan.name, "state": state}))
    elif releases:
        parts.append(sentence("chart.release_version", lang, {"number": releases[-1].number}))
    parts.append(sentence("chart.revision", lang, {"revision": snapshot.revision}))
    return " · ".join(parts)


def levels_words(maps: Sequence[MapFacts], lang: str) -> str:
    """Return what a map fills and divides further, as a title has it; empty without a map."""
    found = []
    for facts in maps[:1]:
        found = [facts.detail, *([facts.finer[0].level] if facts.finer else [])]
    words = [sentence(f"chart.levels_{level}", lang) for level in found]
    joined = ("与" if lang == "zh" else " and ").join(words)
    return joined[:1].upper() + joined[1:]


def check_words(snapshot: Snapshot, lang: str) -> str:
    """Return how many gaps and disputes the partition itself has: exact, and quick to say."""
    gaps = len(faces_of(snapshot.partition, NOBODY))
    disputes = sum(
        len(faces_of(snapshot.partition, oid_of(uid))) for uid in snapshot.rows("dispute")
    )
    if not snapshot.has_frame:
        return sentence("chart.check_no_frame", lang, {"gaps": gaps, "overlaps": disputes})
    return sentence("chart.check", lang, {"gaps": gaps, "overlaps": disputes})


def stacks_of(snapshot: Snapshot, about: Area, lang: str) -> tuple[StackCell, ...]:
    """Return the cells below an area with the stacked micro-grids that share each of them."""
    by_cell: dict[str, list[Area]] = {}
    inside = [about, *snapshot.descendants(about.uid)]
    for area in inside:
        if area.land == Land.STACKED and area.cell is not None:
            by_cell.setdefault(area.cell, []).append(area)
    found = []
    for uid, areas in by_cell.items():
        cell = snapshot.area(uid)
        parts = tuple(
            (area.code or "", area.name, _holding(snapshot, area, lang))
            for area in sorted(areas, key=lambda one: (one.code or "~", one.name, one.uid))
        )
        found.append((cell.code or parts[0][0], StackCell(cell.name, parts)))
    return tuple(cell for _, cell in sorted(found, key=lambda pair: (pair[0], pair[1].name)))


def _holding(snapshot: Snapshot, area: Area, lang: str) -> str:
    """Return which buildings, entrances and floors a stacked micro-grid holds."""
    parts = [part for part in snapshot.linked("stacked_part", area.uid) if part.area == area.uid]
    told = [_share(snapshot, part, lang) for part in sorted(parts, key=_order)]
    return ("、" if lang == "zh" else ", ").join(told)


def _order(part: StackedPart) -> tuple[str, str, int, str]:
    return part.building, part.entrance or "", part.floor_from or 0, part.uid


def _share(snapshot: Snapshot, part: StackedPart, lang: str) -> str:
    building = snapshot.rows("building").get(part.building)
    name = "" if building is None else building.name or building.address or ""
    row = snapshot.rows("entrance").get(part.entrance or "")
    entrance = part.entrance or "" if row is None else str(row.name)
    floors = ""
    if part.floor_from is not None or part.floor_to is not None:
        low, high = part.floor_from or 1, part.floor_to
        code = "chart.floors_up" if high is None else "chart.floors"
        floors = sentence(code, lang, {"low": low, "high": high})
    return " ".join(word for word in (name, entrance, floors) if word)
