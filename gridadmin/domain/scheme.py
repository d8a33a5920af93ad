"""A scheme: how one place orders its levels, codes, posts and checks. Data, never code.

Every type here maps one to one onto a table of a scheme file, so a scheme survives the way into a
file, a project and back. What a later version adds comes as a field with a default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gridadmin.domain.check_kinds import CHECK_KINDS, Severity
from gridadmin.domain.codes import CodeTemplate
from gridadmin.domain.model import AreaKind

LEVELS = (
    "city",
    "district",
    "street",
    "community",
    "grid",
    "micro_grid",
    "building",
    "floor",
)
"""The keys of all levels that a scheme can have, from the top down."""

ANCHORS = ("street_line", "lane_line", "patch", "compound", "shop")
"""What a post can stand on beside the levels: line objects, a patch of land, things at a point.

A scheme's own groupings and facilities can bear posts too, by their keys.
"""

AREA_CLASSES = ("urban", "suburban", "rural")


class Presence(StrEnum):
    """Whether a scheme has a level; one that is *off* keeps its settings until it is turned on."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    OFF = "off"


class LandRule(StrEnum):
    """What land the general areas of a level have.

    *drawn*: they tile their parent, and are listed only until they are drawn; *listed*: never any
    land; *either*: both are complete. Exclusive and stacked areas are free on every level.
    """

    DRAWN = "drawn"
    LISTED = "listed"
    EITHER = "either"


class PostTime(StrEnum):
    """Whether a post takes a person's whole working time."""

    FULL = "full"
    PART = "part"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class Band:
    """Households an area should have, from *low* to *high* (both allowed), best near *target*."""

    low: int
    high: int
    target: int | None = None

    def holds(self, households: int) -> bool:
        """Return whether *households* lies in the band."""
        return self.low <= households <= self.high


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the place with its names in both languages."""

    key: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class AreaClass:
    """A class of areas (urban, suburban, rural) and the bands that differ for it, by level."""

    key: str
    zh: str
    en: str
    bands: tuple[tuple[str, Band], ...] = ()


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the area tree.

    ``parents`` are the levels that its areas may hang under, nearest first; empty at the top.
    ``band`` None = the place leaves the size open. ``allowed_parts`` is how many separate pieces
    its land may have, 0 = any number.
    """

    key: str
    zh: str
    en: str
    presence: Presence = Presence.REQUIRED
    land: LandRule = LandRule.DRAWN
    parents: tuple[str, ...] = ()
    band: Band | None = None
    code: CodeTemplate | None = None
    allowed_parts: int = 1


@dataclass(frozen=True, slots=True)
class Post:
    """A seat on areas of some levels (or on anchors), of some kinds, in some modes (empty = all).

    ``filled_from`` says in the place's words where its people come from. ``seats`` is how many
    people each area must have there, ``most`` how many it may have (None = any number). Holders of
    a *cadre* post cover a base unit. ``group`` names posts that are looked at together. A post that
    goes with an office (``ex_officio``, a kind of party organisation) belongs to its secretary
    there; ``ranks`` are those that its holder may have, empty = any.
    """

    key: str
    zh: str
    en: str
    levels: tuple[str, ...]
    time: PostTime = PostTime.UNSAID
    kinds: tuple[AreaKind, ...] = (AreaKind.GENERAL,)
    modes: tuple[str, ...] = ()
    filled_from: tuple[str, ...] = ()
    seats: int = 0
    most: int | None = None
    is_cadre: bool = False
    group: str = ""
    ex_officio: str = ""
    ranks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A kind of organization, pairing, facility, grouping or count; no modes = all modes.

    ``required`` is how many of it each area of its levels must have, ``announced`` how many the
    place said that there are in all; 0 = not said.
    """

    key: str
    zh: str
    en: str
    levels: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    required: int = 0
    announced: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """What a scheme says of one kind of check; parameters are all there, by name."""

    key: str
    on: bool
    severity: Severity
    params: tuple[tuple[str, float], ...] = ()

    def param(self, name: str) -> float:
        """Return one parameter. Raises: KeyError when the kind has none of that name."""
        return dict(self.params)[name]


@dataclass(frozen=True, slots=True)
class NamedChecks:
    """A set of checks that a scheme gives a name."""

    key: str
    zh: str
    en: str
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a scheme's facts come from."""

    title: str
    place: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A whole scheme; ``version`` rises whenever its author changes what it says."""

    key: str
    zh: str
    en: str
    version: int
    source: Source
    levels: tuple[Level, ...]
    kinds: tuple[Term, ...] = ()
    classes: tuple[AreaClass, ...] = ()
    exclusive_types: tuple[Term, ...] = ()
    compound_types: tuple[Term, ...] = ()
    modes: tuple[Term, ...] = ()
    posts: tuple[Post, ...] = ()
    ranks: tuple[Term, ...] = ()
    """Ranks of officials in the order in which lists print them, the highest first."""
    roster_kinds: tuple[Term, ...] = ()
    organizations: tuple[Entry, ...] = ()
    pairings: tuple[Entry, ...] = ()
    facilities: tuple[Entry, ...] = ()
    groupings: tuple[Entry, ...] = ()
    nets: tuple[Term, ...] = ()
    channels: tuple[Entry, ...] = ()
    counts: tuple[Entry, ...] = ()
    checks: tuple[Check, ...] = ()
    check_sets: tuple[NamedChecks, ...] = ()

    @property
    def present_levels(self) -> tuple[Level, ...]:
        """The levels that are not off, from the top down."""
        return tuple(level for level in self.levels if level.presence is not Presence.OFF)

    @property
    def templates(self) -> Mapping[str, CodeTemplate]:
        """Code templates of the present levels, by level."""
        return {level.key: level.code for level in self.present_levels if level.code is not None}

    def level(self, key: str) -> Level | None:
        """Return the level *key*, or None when the scheme has none such or has turned it off."""
        for level in self.levels:
            if level.key == key:
                return None if level.presence is Presence.OFF else level
        return None

    def levels_above(self, key: str) -> tuple[Level, ...]:
        """Return the present levels above *key*, nearest first."""
        limit = LEVELS.index(key)
        above = [level for level in self.present_levels if LEVELS.index(level.key) < limit]
        return tuple(reversed(above))

    def band_of(self, level: str, kind: str, area_class: str | None = None) -> Band | None:
        """Return the band for an area, or None: open, exclusive, or no such level."""
        found = self.level(level)
        if found is None or kind != AreaKind.GENERAL:
            return None
        for one in self.classes:
            if one.key == area_class:
                return dict(one.bands).get(level, found.band)
        return found.band

    def posts_on(
        self, level: str, kind: str = AreaKind.GENERAL, mode: str | None = None
    ) -> tuple[Post, ...]:
        """Return the posts of an area or anchor, in the scheme's order; without *mode*, of all."""
        return tuple(
            post
            for post in self.posts
            if level in post.levels
            and kind in post.kinds
            and (mode is None or not post.modes or mode in post.modes)
        )

    def check(self, key: str) -> Check:
        """Return what holds for a kind of check, from the program where the scheme is silent.

        Raises: KeyError for a kind that doesn't exist.
        """
        for check in self.checks:
            if check.key == key:
                return check
        usual = CHECK_KINDS[key]
        params = tuple((name, param.usual) for name, param in (usual.params or {}).items())
        return Check(key, usual.is_on, usual.severity, params)
