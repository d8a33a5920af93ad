"""Who is where, as the table of a chart: as much of a person as the profile may see.

Public charts hold names and duty phones; an own phone appears as ``138****1234``.
Source: design pages, domain.md §7.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gridadmin.base.texts import sentence
from gridadmin.chart.facts import Table, TableColumn, TableRow
from gridadmin.domain.export_note import Profile
from gridadmin.domain.model import Area, AreaKind, HouseholdsState
from gridadmin.domain.people import Person, masked_phone
from gridadmin.domain.scheme import Post, PostTime
from gridadmin.partition.figures import households_of
from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.needs import Need, needs_on

_MOST_POSTS = 3
"""So many posts have a column of their own."""
_GROUP_NAMES = 3
"""Where more than so many hold a post of a heading, the first is named and all are counted."""
_MOST_PHONES = 3
"""Of so many holders of a post each has the phone behind the name."""
_NONE = "—"


@dataclass(frozen=True)
class Staff:
    """The people of a state for charts in one language and profile."""

    book: StaffBook
    lang: str
    profile: str

    @property
    def snapshot(self) -> Snapshot:
        """The state."""
        return self.book.snapshot

    def say(self, code: str, **params: object) -> str:
        """Return a sentence of the charts in their language."""
        return sentence(f"chart.{code}", self.lang, params)

    def phone(self, person: Person) -> str:
        """Return the phone of a person that the profile may see, empty without one."""
        if person.duty_phone:
            return person.duty_phone
        if not person.own_phone:
            return ""
        if self.profile == Profile.INTERNAL:
            return person.own_phone
        masked = masked_phone(person.own_phone)
        # Of a short number nothing is left, and asterisks alone tell nobody anything.
        return masked if any(sign.isdigit() for sign in masked) else ""

    def figures(self, area: Area) -> str:
        """Return what stands below the name of an area: households, seats held of those due."""
        parts = []
        households = households_words(self.snapshot, area)
        if households:
            parts.append(self.say("households", count=households))
        needs = [need for need in needs_on(self.book, area) if need.required]
        if needs:
            required = sum(need.required for need in needs)
            filled = sum(min(len(need.holders), need.required) for need in needs)
            parts.append(self.say("seats", filled=filled, required=required))
        return " · ".join(parts)

    def has_vacancy(self, area: Area) -> bool:
        """Return whether a seat of the area is empty."""
        return any(need.vacant for need in needs_on(self.book, area))

    def cadres(self, area: Area) -> int:
        """Return how many cadres hold a post on the area itself."""
        posts = self.book.posts
        return len({one.person for one in self.book.on(area.uid) if posts[one.post].is_cadre})


def households_words(snapshot: Snapshot, area: Area) -> str:
    """Return the households of an area; a figure that its border outran has an asterisk."""
    count, state = households_of(snapshot, area)
    if count is None:
        return ""
    return f"{count:,}*" if state is HouseholdsState.STALE else f"{count:,}"


def staff_table(
    staff: Staff,
    about: Area,
    detail: str,
    finer: str,
    pages: Iterable[str] = (),
    most_names: int = 6,
) -> Table | None:
    """Return the table of the areas of the detail level below *about*; None without any.

    They are grouped by what they hang under where that is not *about* itself. ``pages`` are uids
    of areas that have a sheet of their own. Where more than *most_names* hold a post, the first
    are named and all counted.
    """
    snapshot = staff.snapshot
    areas = [about] if about.level == detail else _below(snapshot, about, detail)
    if not areas:
        return None
    posts = _posts_of(staff, areas)
    has_finer = any(_count(snapshot, area, finer) for area in areas) if finer else False
    level = snapshot.scheme.level(detail)
    columns = [
        TableColumn(_named(level, staff.lang) if level is not None else detail),
        TableColumn(staff.say("col_households"), is_number=True),
    ]
    if has_finer:
        below = snapshot.scheme.level(finer)
        columns.append(
            TableColumn(_named(below, staff.lang) if below is not None else finer, is_number=True)
        )
    columns += [TableColumn(_named(post, staff.lang)) for post in posts]
    needs_of = {area.uid: _needs_by_column(staff, area, posts) for area in areas}
    has_phones = any(_phone(staff, needs) for needs in needs_of.values())
    if has_phones:
        columns.append(TableColumn(staff.say("col_phone")))
    own_pages = frozenset(pages)
    rows: list[TableRow] = []
    group = about.uid
    for area in areas:
        parent = area.parent or ""
        if parent != group and area.uid != about.uid:
            group = parent
            rows.append(_group(staff, snapshot.area(parent), own_pages))
        needs = needs_of[area.uid]
        columns_of = [_holders(staff, need, most_names) for need in needs]
        count = str(_count(snapshot, area, finer)) if has_finer else ""
        phone = (_phone(staff, needs) or _NONE) if has_phones else ""
        rows.append(_row(staff, area, columns_of, count, phone, own_pages))
    title = staff.say("staff_title", level=columns[0].head)
    return Table(title, tuple(columns), tuple(rows))


def team_of(staff: Staff, area: Area, most_names: int = 6) -> tuple[tuple[str, str], ...]:
    """Return the posts of an area itself and who holds each, a few with their phones."""
    found = []
    for need in needs_on(staff.book, area):
        words, _ = _holders(staff, need, most_names, with_phones=len(need.holders) <= _MOST_PHONES)
        if words != _NONE:
            found.append((_named(need.post, staff.lang), words))
    return tuple(found)


def _named(term: object, lang: str) -> str:
    return str(getattr(term, "zh" if lang == "zh" else "en"))


def _below(snapshot: Snapshot, about: Area, detail: str) -> list[Area]:
    """Return the areas of a level below one, those of one parent together, all by code."""
    found: list[Area] = []
    for child in snapshot.children(about.uid):
        if child.level == detail:
            found.append(child)
        elif snapshot.level_rank(child.level) < snapshot.level_rank(detail):
            found += _below(snapshot, child, detail)
    return found


def _count(snapshot: Snapshot, area: Area, level: str) -> int:
    return sum(one.level == level for one in snapshot.descendants(area.uid))


def _posts_of(staff: Staff, areas: Sequence[Area]) -> list[Post]:
    """Return the posts that have a column: due or held somewhere, in the scheme's order."""
    used: dict[str, int] = {}
    for area in areas:
        if area.kind == AreaKind.GENERAL:
            for need in needs_on(staff.book, area):
                used[need.post.key] = used.get(need.post.key, 0) + 1
    posts = [post for post in staff.book.scheme.posts if post.key in used]
    due = [post for post in posts if post.seats or not post.is_cadre]
    chosen = (due + [post for post in posts if post not in due])[:_MOST_POSTS]
    return [post for post in posts if post in chosen]


def _group(staff: Staff, area: Area, pages: frozenset[str]) -> TableRow:
    households = households_words(staff.snapshot, area)
    told = [staff.say("households", count=households)] if households else []
    told += [
        staff.say("total", what=post, value=who) for post, who in team_of(staff, area, _GROUP_NAMES)
    ]
    words = "  ".join([area.name, " · ".join(told)] if told else [area.name])
    return TableRow((words,), is_group=True, page=area.uid if area.uid in pages else "")


def _row(
    staff: Staff,
    area: Area,
    held: Sequence[tuple[str, bool]],
    count: str,
    phone: str,
    pages: frozenset[str],
) -> TableRow:
    cells = [area.name, households_words(staff.snapshot, area) or _NONE]
    if count:
        cells.append(count)
    vacant = frozenset(len(cells) + place for place, (_, is_vacant) in enumerate(held) if is_vacant)
    cells += [words for words, _ in held]
    if phone:
        cells.append(phone)
    return TableRow(tuple(cells), vacant=vacant, page=area.uid if area.uid in pages else "")


def _phone(staff: Staff, needs: Sequence[Need | None]) -> str:
    """Return the first phone of who holds a post, that of a full-time post before others."""
    known = [need for need in needs if need is not None]
    known.sort(key=lambda need: need.post.time is not PostTime.FULL)
    phones = (staff.phone(person) for need in known for person in need.holders)
    return next((phone for phone in phones if phone), "")


def _needs_by_column(staff: Staff, area: Area, posts: Sequence[Post]) -> list[Need | None]:
    """Return what each column holds; those of an exclusive area go into the columns in order."""
    needs = list(needs_on(staff.book, area))
    if area.kind == AreaKind.GENERAL:
        by_key = {need.post.key: need for need in needs}
        return [by_key.get(post.key) for post in posts]
    cadres = [need for need in needs if need.post.is_cadre]
    others = iter([need for need in needs if not need.post.is_cadre])
    found: list[Need | None] = []
    for post in posts:
        if post.is_cadre:
            found.append(next((need for need in cadres if need.post.key == post.key), None))
        else:
            found.append(next(others, None))
    return found


def _holders(
    staff: Staff, need: Need | None, most: int, *, with_phones: bool = False
) -> tuple[str, bool]:
    """Return who holds a post in words, and whether a seat is empty."""
    if need is None:
        return _NONE, False
    between = "、" if staff.lang == "zh" else ", "
    names = [person.name for person in need.holders]
    if with_phones:
        names = [f"{one.name} {staff.phone(one)}".rstrip() for one in need.holders]
    words = between.join(names)
    if len(names) > most:
        first = between.join(names[: most - 2])
        words = staff.say("and_others", names=first, count=len(names))
    if not need.vacant:
        return words or _NONE, False
    vacant = staff.say("vacant") if need.vacant == 1 else staff.say("vacant_n", count=need.vacant)
    return (f"{words}{between}{vacant}" if words else vacant), True
