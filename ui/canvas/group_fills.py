"""Areas by the group that they belong to: the type of most homes, a net, a cluster.

A group is told by a colour and a pattern together. Knows no Qt.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import Area, Building
from gridadmin.domain.scheme import Term
from gridadmin.partition.base import chain_of
from gridadmin.partition.snapshot import Snapshot
from ui.canvas.style import BandFill, BandState, FillTheme, MapStyle, Palette, Pattern, PatternKind
from ui.texts import SOURCE, language, tr

THEMES = (FillTheme.COMPOUND, FillTheme.NET)
"""The themes of groups."""
NONE, SEVERAL = "", "*"
"""Keys of an area that belongs to no group, and of one whose parts belong to different ones."""

_STEPS = (
    (None, 0.0, 0.0),
    (PatternKind.HATCH, 1.0, 10.0),
    (PatternKind.DOTS, 1.7, 9.0),
    (PatternKind.BACK_HATCH, 1.0, 10.0),
    (PatternKind.DASHES, 1.2, 9.0),
    (PatternKind.CROSS_HATCH, 1.0, 12.0),
    (PatternKind.HATCH, 2.0, 18.0),
)
_INK = {"light": "#8032404E", "dark": "#80E6EAEE"}


@dataclass(frozen=True)
class Group:
    """One group of a theme: its key and its name in the language in use."""

    key: str
    name: str


def groups_of(snapshot: Snapshot, style: MapStyle) -> list[Group]:
    """Return the groups of a theme in the order of the legend, the two for the rest last."""
    if style.fills is FillTheme.COMPOUND:
        return [*_compound_types(snapshot), Group(NONE, tr("没有小区住户"))]
    kind = net_kind(snapshot, style.net)
    named = _groupings(snapshot, kind)
    return [
        *(Group(uid, name) for uid, name in named.items()),
        Group(SEVERAL, tr("分属几个")),
        Group(NONE, tr("不在其中")),
    ]


def fill_of(number: int, group: Group, palette: Palette, theme: str) -> BandFill:
    """Return how the group of that place in :func:`groups_of` looks."""
    if group.key == NONE:
        return palette.bands[BandState.UNKNOWN]
    kind, width, step = _STEPS[number % len(_STEPS)]
    pattern = None if kind is None else Pattern(kind, _INK[theme], width, step)
    return BandFill(palette.fills[number % len(palette.fills)], pattern)


def net_kinds(snapshot: Snapshot) -> list[Term]:
    """Return the kinds of nets and groupings that have areas for members, nets first."""
    rows = snapshot.rows("grouping")
    members = snapshot.rows("grouping_member").values()
    used = {
        rows[one.grouping].kind
        for one in members
        if one.member_kind == "area" and one.grouping in rows
    }
    scheme = snapshot.scheme
    known = (
        *((net.key, net.zh, net.en) for net in scheme.nets),
        *((kind.key, kind.zh, kind.en) for kind in scheme.groupings),
    )
    return [Term(*names) for names in known if names[0] in used]


def net_kind(snapshot: Snapshot, wanted: str) -> str:
    """Return the kind that is shown: the one wanted, else the first that there is."""
    keys = [term.key for term in net_kinds(snapshot)]
    return wanted if wanted in keys else next(iter(keys), "")


def name_of_kind(term: Term) -> str:
    """Return what a kind is called in the language in use."""
    return term.zh if language() == SOURCE else term.en


_MOST_KEPT = 3
_lock = threading.Lock()
_kept: dict[tuple[int, FillTheme, str], tuple[Snapshot, Mapping[int, str]]] = {}


def keys_of_areas(snapshot: Snapshot, style: MapStyle) -> Mapping[int, str]:
    """Return the key of each area's group by kernel number; kept for the last few states."""
    at = id(snapshot), style.fills, style.net
    with _lock:
        known = _kept.get(at)
        # Another snapshot may come to lie where one was.
        if known is not None and known[0] is snapshot:
            return known[1]
        is_compound = style.fills is FillTheme.COMPOUND
        found = _by_compound(snapshot) if is_compound else _by_net(snapshot, style.net)
        _kept[at] = snapshot, found
        while len(_kept) > _MOST_KEPT:
            del _kept[next(iter(_kept))]
        return found


def _compound_types(snapshot: Snapshot) -> list[Group]:
    terms = {term.key: name_of_kind(term) for term in snapshot.scheme.compound_types}
    used = {one.compound_type for one in snapshot.rows("compound").values()} - {None}
    return [Group(key, terms.get(key, key)) for key in (*terms, *sorted(used - set(terms)))]


def _by_compound(snapshot: Snapshot) -> dict[int, str]:
    """Return for each area the type of compound in which most of its households live."""
    types = {uid: one.compound_type for uid, one in snapshot.rows("compound").items()}
    counts, parents = snapshot.counts, snapshot.partition.parents
    totals: defaultdict[int, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    buildings: Iterable[Building] = snapshot.rows("building").values()
    for building in buildings:
        of = types.get(building.compound or "")
        if of is None:
            continue
        for oid in chain_of(counts.owner_of(building.uid), parents):
            totals[oid][of] += max(building.households, 1)
    return {
        oid: min(by_type, key=lambda key: (-by_type[key], key)) for oid, by_type in totals.items()
    }


def _groupings(snapshot: Snapshot, kind: str) -> dict[str, str]:
    rows = [one for one in snapshot.rows("grouping").values() if one.kind == kind]
    return {one.uid: one.name for one in sorted(rows, key=lambda one: (one.name, one.uid))}


def _by_net(snapshot: Snapshot, wanted: str) -> dict[int, str]:
    """Return the grouping of each area: its own, that of an area above, or that of all its parts.

    Where an area is a member of several of a kind, the first by name counts.
    """
    order = list(_groupings(snapshot, net_kind(snapshot, wanted)))
    own: dict[str, str] = {}
    for one in snapshot.rows("grouping_member").values():
        if one.member_kind == "area" and one.grouping in order:
            now = own.get(one.member)
            if now is None or order.index(one.grouping) < order.index(now):
                own[one.member] = one.grouping
    found: dict[int, str] = {}
    areas: Sequence[Area] = sorted(
        snapshot.areas(), key=lambda area: (snapshot.level_rank(area.level), area.uid)
    )
    for area in areas:
        key = own.get(area.uid)
        if key is None and area.parent is not None:
            key = found.get(oid_of(area.parent))
        if key is not None:
            found[oid_of(area.uid)] = key
    above: dict[int, str] = {}
    for area in reversed(areas):
        if area.parent is None:
            continue
        oid, parent = oid_of(area.uid), oid_of(area.parent)
        key = found.get(oid, above.get(oid))
        if key is not None and parent not in found:
            above[parent] = key if above.get(parent, key) == key else SEVERAL
    return {**above, **found}
