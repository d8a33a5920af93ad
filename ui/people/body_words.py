"""Groupings, teams, agreements, facilities, streets and compounds in the words of the window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gridadmin.checks.groups import CENTRE
from gridadmin.domain.scheme import Entry, Post, Scheme, Term
from gridadmin.partition.campus import CAMPUS
from gridadmin.staffing.anchors import LANE, OBJECT_TABLES, STREET, level_of_object
from gridadmin.staffing.body_rules import members_by_grouping
from gridadmin.staffing.book import StaffBook
from ui.panels.words import UNKNOWN, name_of_uid
from ui.people import words
from ui.texts import mark, tr

BODIES = ("grouping", "team", "agreement", "point_object", "line_object", "compound")
"""Tables whose rows have a page of their own among the people."""

TITLES = {
    "grouping": mark("片区和分组"),
    "team": mark("队伍"),
    "agreement": mark("共建协议"),
    "point_object": mark("设施和店铺"),
    "line_object": mark("街巷"),
    "compound": mark("小区"),
}
LISTED = (STREET, LANE)
"""Kinds of lines that are listed for their chiefs alone; others come from maps."""

_LINES = {STREET: mark("街"), LANE: mark("巷"), "road": mark("道路")}


def kind(scheme: Scheme, table: str, row: Any) -> str:
    """Return of what kind a body is."""
    if table == "line_object":
        said = _LINES.get(row.kind)
        return row.kind if said is None else tr(said)
    if table == "agreement":
        return tr("共建协议")
    if table == "building":
        return tr("楼栋")
    if table == "compound":
        types = {one.key: words.term(one) for one in scheme.compound_types}
        return types.get(row.compound_type or "", tr("小区"))
    if table == "point_object" and row.kind == "shop":
        return tr("店铺")
    entries: Mapping[str, Sequence[Term | Entry]] = {
        "grouping": (*scheme.groupings, *scheme.nets),
        "team": scheme.organizations,
        "point_object": scheme.facilities,
    }
    named = {one.key: words.term(one) for one in entries[table]}
    named[CAMPUS] = tr("跨社区单位")
    return named.get(row.kind, str(row.kind))


def name(book: StaffBook, table: str, row: Any) -> str:
    """Return what a body is called."""
    if table == "agreement":
        return tr(
            "{one}与{other}",
            one=unit(book, row.community_organization),
            other=unit(book, row.unit),
        )
    return getattr(row, "name", None) or kind(book.scheme, table, row)


def unit(book: StaffBook, uid: str | None) -> str:
    """Return the name of a unit, also of one that is no more."""
    row = book.snapshot.rows("organization").get(uid or "")
    return UNKNOWN if row is None else str(row.name)


def area(book: StaffBook, uid: str | None) -> str:
    """Return the name of an area."""
    return UNKNOWN if uid is None else name_of_uid(book.snapshot, uid)


def areas(book: StaffBook, table: str, row: Any) -> list[str]:
    """Return the uids of the areas that a body is for, for the map."""
    if table == "grouping":
        rows = book.once(members_by_grouping).get(row.uid, ())
        return [one.member for one in rows if one.member_kind == "area"]
    if table == "team":
        return [row.anchor] if row.anchor_kind == "area" else []
    if table == "point_object":
        return [] if row.area is None else [row.area]
    if table == "agreement":
        found = book.organizations.get(row.community_organization)
        return [found.area] if found is not None and found.area is not None else []
    return []


def centre(book: StaffBook, grouping: str) -> str:
    """Return the centre of a cluster."""
    rows = book.once(members_by_grouping).get(grouping, ())
    found = [one for one in rows if one.role == CENTRE and one.member_kind == "area"]
    return area(book, found[0].member) if found else UNKNOWN


def posts(book: StaffBook, table: str, row: Any) -> Sequence[Post]:
    """Return the posts that the scheme has on a body."""
    if table not in OBJECT_TABLES:
        return ()
    return book.scheme.posts_on(level_of_object(table, row), mode=book.mode)


def holders(book: StaffBook, table: str, row: Any) -> str:
    """Return who holds the posts of a body; where nobody does who should, that it is vacant."""
    found = posts(book, table, row)
    names = [one.name for post in found for one in book.holders(row.uid, post.key, table)]
    if names:
        return tr("、").join(names)
    is_asked = any(book.seats(row.uid, post, table) for post in found)
    return tr("空缺") if is_asked else UNKNOWN
