"""From a project to what its sheets tell: the facts of one sheet, of a series, of a plan."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
import shapely
from pyproj import CRS

from gridadmin.base.errors import InputError
from gridadmin.base.ids import oid_of
from gridadmin.base.progress import SILENT, Progress
from gridadmin.chart.choice import ChartChoice
from gridadmin.chart.facts import MapArea, MapFacts, MapPoint, Margin, SheetFacts, Table
from gridadmin.chart.land_source import LandSource
from gridadmin.chart.plan_facts import PlanFacts
from gridadmin.chart.sheet_words import (
    check_words,
    full_name,
    plane_words,
    stacks_of,
    version_words,
)
from gridadmin.chart.staff_facts import Staff, households_words, staff_table, team_of
from gridadmin.chart.template import BlockKind, Maps, Template
from gridadmin.domain.export_note import Profile
from gridadmin.domain.model import Area
from gridadmin.domain.scheme import LEVELS
from gridadmin.edit.chart_commands import Approval, kept_approval
from gridadmin.exchange.ellipsoid import land_m2
from gridadmin.partition.four_bounds import SIDES, four_bounds, names_by_side, outside_name
from gridadmin.partition.ground import Ground
from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.needs import needs_on

_MOST_NAMES, _EVERYBODY = 6, 10_000
_BLANK = "_" * 14
"""Where a number is written in by hand."""
_SIDES_EN = dict(zip(SIDES, ("East", "South", "West", "North"), strict=True))


class ChartSource:
    """All that charts of one state of a project are made of.

    ``data_date`` is the day of the last change, ISO 8601; ``plane`` the CRS of the project's plane.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        choice: ChartChoice,
        *,
        day: str,
        data_date: str,
        plane: CRS | None,
        plan: PlanFacts | None = None,
        progress: Progress = SILENT,
    ) -> None:
        self.snapshot = snapshot
        self.choice = choice
        self.land = LandSource(snapshot, progress)
        self.plan = plan
        self._day = day
        self._data_date = data_date
        self._plane = plane
        book = StaffBook(snapshot, choice.day or day)
        self.staff = Staff(book, choice.lang, choice.profile)

    def with_choice(self, choice: ChartChoice) -> ChartSource:
        """Return the same state with something else chosen; what was gathered serves on.

        The words of a plan stay in the language in which they were gathered.
        """
        found = copy.copy(self)
        found.choice = choice
        mine = self.choice
        if (choice.day, choice.lang, choice.profile) != (mine.day, mine.lang, mine.profile):
            book = StaffBook(self.snapshot, choice.day or self._day)
            found.staff = Staff(book, choice.lang, choice.profile)
            found.__dict__.pop("_staff_before", None)
        return found

    @cached_property
    def _ground(self) -> Ground:
        return Ground.of(self.snapshot)

    @cached_property
    def _before(self) -> LandSource | None:
        return None if self.plan is None else LandSource(self.plan.before)

    @cached_property
    def _staff_before(self) -> Staff | None:
        if self.plan is None:
            return None
        book = StaffBook(self.plan.before, self.choice.day or self._day)
        return Staff(book, self.choice.lang, self.choice.profile)

    @cached_property
    def approval(self) -> Approval | None:
        """The map approval number that the project keeps."""
        return kept_approval(self.snapshot)

    def about(self, uid: str | None) -> Area:
        """Return the area that a sheet is about: the root without a uid."""
        return self.snapshot.root if uid is None else self.snapshot.area(uid)

    def series_areas(self, about: Area, level: str) -> list[Area]:
        """Return the areas of a level at or below one, those with land, by code.

        Raises: InputError ``chart.no_series`` when there is none.
        """
        inside = {about.uid, *(one.uid for one in self.snapshot.descendants(about.uid))}
        found = [area for area in self.land.areas(level) if area.uid in inside]
        found = [area for area in found if area.uid in self.land.lands]
        if not found:
            scheme_level = self.snapshot.scheme.level(level)
            name = level if scheme_level is None else scheme_level.zh
            raise InputError("chart.no_series", area=about.name, level=name)
        return found

    def detail_of(self, about: Area, template: Template) -> str:
        """Return the level that a sheet fills and lists: the template's, else the next one below.

        Raises: InputError ``chart.no_land``.
        """
        needs_land = template.maps is not Maps.NONE
        below = self._levels_below(about, needs_land=needs_land)
        if needs_land and about.uid not in self.land.lands:
            raise InputError("chart.no_land", area=about.name)
        if template.detail in below or template.detail == about.level:
            return template.detail
        if not below:
            return about.level
        if not template.detail and "grid" in below:
            return "grid"
        return below[0]

    def _levels_below(self, about: Area, *, needs_land: bool) -> list[str]:
        levels = {one.level for one in self.snapshot.descendants(about.uid)}
        levels = {"micro_grid" if level == "cell" else level for level in levels}
        known = self.land.levels if needs_land else LEVELS
        return [level for level in known if level in levels]

    def facts(
        self, about: Area, template: Template, *, pages: Iterable[str] = (), key: str = ""
    ) -> SheetFacts:
        """Return what the sheet of an area tells. Raises: InputError ``chart.no_land``.

        ``pages`` are the uids of areas with sheets of their own, to which tables lead.
        """
        detail = self.detail_of(about, template)
        has_map = template.maps is not Maps.NONE
        below = self._levels_below(about, needs_land=has_map)
        finer = next((level for level in below if LEVELS.index(level) > LEVELS.index(detail)), "")
        lang = self.choice.lang
        maps = self._maps(about, detail, finer if template.finer else "") if has_map else ()
        plan, snapshot = self.plan, self.snapshot
        before_after = tuple(self.staff.say(code) for code in ("before", "after"))
        return SheetFacts(
            key=key or about.code or about.uid,
            place=full_name(self.snapshot, about, lang),
            plan="" if plan is None else plan.name,
            maps=maps,
            map_titles=before_after if len(maps) == 2 else (),
            margin=self._margin(),
            staff=self._table(about, detail, finer, pages, template),
            team=team_of(self.staff, about) if self.choice.has_staff else (),
            totals=plan.totals_in(snapshot, about, lang) if plan else self._totals(about, template),
            bounds=self._bounds(about),
            stacks=stacks_of(self.snapshot, about, lang),
            facilities=self._facilities(about),
            changes=None if plan is None else plan.changes_in(snapshot, about),
            signatures=() if plan is None else plan.signatures,
            level_names={level.key: self._named(level) for level in self.snapshot.scheme.levels},
        )

    def _named(self, term: object) -> str:
        return str(getattr(term, "zh" if self.choice.lang == "zh" else "en"))

    def _table(
        self, about: Area, detail: str, finer: str, pages: Iterable[str], template: Template
    ) -> Table | None:
        if not self.choice.has_staff:
            return None
        # A sheet without a map has room for everybody.
        most = _EVERYBODY if template.maps is Maps.NONE else _MOST_NAMES
        return staff_table(self.staff, about, detail, finer, pages, most)

    def households(self, area: Area) -> str:
        """Return the households of an area in words, empty when nobody knows."""
        return households_words(self.snapshot, area)

    # Maps

    def _maps(self, about: Area, detail: str, finer: str) -> tuple[MapFacts, ...]:
        now = self._map(self.land, about, detail, finer)
        if self.plan is None or self._before is None:
            return (now,)
        # Both maps show the same land, so that they can be laid over each other.
        dx, dy = (value / 1000 for value in self.snapshot.origin_mm)
        changed = shapely.transform(self.plan.changed, lambda xy: xy - np.array([dx, dy]))
        before = self._map(self._before, about, detail, finer)
        return tuple(replace(one, about=now.about, changed=changed) for one in (before, now))

    def _map(self, land: LandSource, about: Area, detail: str, finer: str) -> MapFacts:
        snapshot = land.snapshot
        inside = {about.uid}
        if about.uid in snapshot.rows("area"):
            inside |= {one.uid for one in snapshot.descendants(about.uid)}
        staff = self.staff if land is self.land else self._staff_before
        coarser = [
            level
            for level in land.levels
            if LEVELS.index(about.level) < LEVELS.index(level) < LEVELS.index(detail)
        ]
        level = snapshot.scheme.compound_types
        return MapFacts(
            about=land.lands.get(about.uid, self.land.lands[about.uid]),
            level=about.level,
            detail=detail,
            areas=self._areas(land, detail, inside, staff),
            finer=self._areas(land, finer, inside, None) if finer else (),
            coarser=tuple(
                area for one in coarser for area in self._areas(land, one, inside, staff)
            ),
            around=(*self._around(land, about, inside), *self._context()),
            lines=land.lines,
            exempt=tuple(land.exempt()),
            ground=self._ground,
            compound_types=tuple((term.key, self._named(term)) for term in level),
            points=self._points(),
            whole=land.whole,
        )

    def _areas(
        self, land: LandSource, level: str, inside: set[str], staff: Staff | None
    ) -> tuple[MapArea, ...]:
        colours, places = land.colours(level), land.places(level)
        areas = [area for area in land.areas(level) if area.uid in land.lands]
        known = self.snapshot.scheme.level(level)
        end = "" if known is None else known.zh
        found = []
        for area in areas:
            if area.uid not in inside:
                continue
            at, room = places.get(area.uid, (None, None))
            found.append(
                MapArea(
                    uid=area.uid,
                    code=area.code or "",
                    name=area.name,
                    short=area.name.removesuffix(end).rstrip() or area.name,
                    level=level,
                    land=land.lands[area.uid],
                    colour=colours.get(area.uid, 0),
                    figures="" if staff is None else staff.figures(area),
                    has_vacancy=staff is not None and staff.has_vacancy(area),
                    cadres=0 if staff is None else staff.cadres(area),
                    places=at,
                    room_m=room,
                )
            )
        return tuple(found)

    def _around(self, land: LandSource, about: Area, inside: set[str]) -> tuple[MapArea, ...]:
        """Return the areas of the sheet's own level that lie around it."""
        others = {area.uid for area in land.areas(about.level)} - inside
        return self._areas(land, about.level, others, None)

    def _context(self) -> tuple[MapArea, ...]:
        """Return the areas beyond the frame that the project knows for orientation."""
        dx, dy = (value / 1000 for value in self.snapshot.origin_mm)
        found = []
        for number, (uid, row) in enumerate(sorted(self.snapshot.rows("context").items())):
            shape = shapely.force_2d(shapely.from_wkb(row.outline))
            shape = shapely.transform(shape, lambda xy: xy - np.array([dx, dy]))
            parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
            land = shapely.MultiPolygon(parts)
            if land.is_empty:
                continue
            point = shapely.point_on_surface(land)
            places = np.array([(point.x, point.y)])
            found.append(
                MapArea(uid, row.code or "", row.name, row.name, row.level or "", land, number,
                        places=places)
            )  # fmt: skip
        return tuple(found)

    def _points(self) -> tuple[MapPoint, ...]:
        dx, dy = self.snapshot.origin_mm
        names = {term.key: self._named(term) for term in self.snapshot.scheme.facilities}
        found = []
        for _, row in sorted(self.snapshot.rows("point_object").items()):
            if row.x_mm is not None and row.y_mm is not None:
                x, y = (row.x_mm - dx) / 1000, (row.y_mm - dy) / 1000
                found.append(MapPoint(row.name or "", names.get(row.kind, ""), x, y))
        return tuple(point for point in found if point.kind)

    # Words

    def _margin(self) -> Margin:
        choice, say = self.choice, self.staff.say
        is_public = choice.profile == Profile.PUBLIC
        usual = say("mark_public") if is_public else say("mark_internal")
        kept = "" if self.approval is None else self.approval.number
        return Margin(
            plane=plane_words(self._plane, choice.lang),
            data_date=self._data_date,
            version=version_words(self.snapshot, choice.lang),
            maker=choice.maker,
            made_on=self._day,
            secrecy=choice.secrecy or usual,
            approval=choice.approval or kept or (_BLANK if is_public else ""),
            check=check_words(self.snapshot, choice.lang),
            disclaimer=say("disclaimer"),
        )

    def _totals(self, about: Area, template: Template) -> tuple[tuple[str, str], ...]:
        say = self.staff.say
        found = []
        inside = [about, *self.snapshot.descendants(about.uid)]
        for level in self.snapshot.scheme.present_levels:
            if LEVELS.index(level.key) > LEVELS.index(about.level):
                count = sum(one.level == level.key for one in inside)
                if count:
                    found.append((self._named(level), f"{count:,}"))
        households = households_words(self.snapshot, about)
        if households:
            found.append((say("col_households"), households))
        area_m2 = self._land_m2(about)
        if area_m2 is not None:
            found.append((say("land"), area_words(area_m2)))
        if self.choice.has_staff:
            # Who holds the posts of the area itself is told by name.
            is_named = BlockKind.TEAM in template.panel.blocks
            found += self._seat_totals(inside, about.uid if is_named else "")
        return tuple(found)

    def _seat_totals(self, inside: Sequence[Area], named: str) -> list[tuple[str, str]]:
        counted: set[str] = set()
        required: dict[str, int] = {}
        filled: dict[str, int] = {}
        for area in inside:
            for need in needs_on(self.staff.book, area):
                key = need.post.key
                counted |= {key} if area.uid != named else set()
                required[key] = required.get(key, 0) + need.required
                held = len(need.holders)
                filled[key] = filled.get(key, 0) + (
                    min(held, need.required) if need.required else held
                )
        found = []
        for post in self.snapshot.scheme.posts:
            if post.key not in counted:
                continue
            if required.get(post.key):
                words = f"{filled[post.key]:,} / {required[post.key]:,}"
                found.append((self._named(post), words))
            elif filled.get(post.key):
                found.append((self._named(post), f"{filled[post.key]:,}"))
        return found

    def _land_m2(self, about: Area) -> float | None:
        if self._plane is None or about.uid not in self.land.lands:
            return None
        dx, dy = (value / 1000 for value in self.snapshot.origin_mm)
        land = shapely.transform(self.land.lands[about.uid], lambda xy: xy + np.array([dx, dy]))
        return land_m2([land], self._plane)[0]

    def _bounds(self, about: Area) -> str:
        told = self._four_bounds(about)
        if self.choice.lang == "zh":
            return told
        sides = names_by_side(told).items()
        return "; ".join(f"{_SIDES_EN[side]}: {words}" for side, words in sides) or told

    def _four_bounds(self, about: Area) -> str:
        if about.four_bounds and not about.is_bounds_stale:
            return about.four_bounds
        if not self.snapshot.partition.has_land(oid_of(about.uid)):
            return ""
        told = four_bounds(self.snapshot, about, self._ground) or ""
        # That the whole project ends at its own frame tells nobody anything.
        is_frame_only = set(names_by_side(told).values()) == {outside_name(self.snapshot)}
        return "" if is_frame_only else told

    def _facilities(self, about: Area) -> tuple[tuple[str, str], ...]:
        inside = {about.uid, *(one.uid for one in self.snapshot.descendants(about.uid))}
        points = [row for row in self.snapshot.rows("point_object").values() if row.area in inside]
        found = []
        for kind in self.snapshot.scheme.facilities:
            count = sum(point.kind == kind.key for point in points)
            if count:
                found.append((self._named(kind), str(count)))
        return tuple(found)


def area_words(area_m2: float) -> str:
    """Return land in km², small land with more digits."""
    km2 = area_m2 / 1e6
    return f"{km2:,.2f} km²" if km2 >= 1 else f"{km2:.4f} km²"
