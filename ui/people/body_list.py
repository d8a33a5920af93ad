"""What the page of bodies lists: for each kind its columns, its rows, and what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gridadmin.staffing.anchors import LANE, STREET
from gridadmin.staffing.body_rules import members_by_grouping
from gridadmin.staffing.book import StaffBook
from ui.panels.words import UNKNOWN
from ui.people import body_words, words
from ui.texts import mark, tr


@dataclass(frozen=True)
class BodyRow:
    """One body: its uid and what its columns say."""

    uid: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class BodyKind:
    """A table of bodies: its columns (Chinese, for ``tr``), which rows, and their cells."""

    table: str
    heads: tuple[str, ...]
    listed: Callable[[StaffBook], Iterable[Any]]
    cells: Callable[[StaffBook, Any], tuple[str, ...]]

    def count(self, book: StaffBook) -> int:
        """Return how many there are."""
        return sum(1 for _ in self.listed(book))

    def rows(self, book: StaffBook) -> list[BodyRow]:
        """Return the rows by their first two columns."""
        found = [BodyRow(row.uid, self.cells(book, row)) for row in self.listed(book)]
        return sorted(found, key=lambda one: (*one.cells[:2], one.uid))


def _all(table: str) -> Callable[[StaffBook], Iterable[Any]]:
    return lambda book: book.snapshot.rows(table).values()


def _grouping(book: StaffBook, row: Any) -> tuple[str, ...]:
    return (
        row.name,
        body_words.kind(book.scheme, "grouping", row),
        str(len(book.once(members_by_grouping).get(row.uid, ()))),
        body_words.centre(book, row.uid),
        body_words.holders(book, "grouping", row),
    )


def _teams(book: StaffBook) -> Iterable[Any]:
    # Those of the other mode, too: they are made before it comes.
    return book.holding("team")


def _team(book: StaffBook, row: Any) -> tuple[str, ...]:
    modes = {one.key: words.term(one) for one in book.scheme.modes}
    return (
        row.name,
        body_words.kind(book.scheme, "team", row),
        words.place(book, (row.anchor_kind, row.anchor)),
        modes.get(row.mode or "", tr("平时和战时")),
        str(book.once(_people_in_teams)[row.uid]),
    )


def _people_in_teams(book: StaffBook) -> Counter[str]:
    return Counter(one.team for one in book.snapshot.rows("team_member").values())


def _agreement(book: StaffBook, row: Any) -> tuple[str, ...]:
    return (
        body_words.unit(book, row.community_organization),
        body_words.unit(book, row.unit),
        str(row.items),
        row.date or UNKNOWN,
    )


def _facility(book: StaffBook, row: Any) -> tuple[str, ...]:
    return (
        row.name or UNKNOWN,
        body_words.kind(book.scheme, "point_object", row),
        body_words.area(book, row.area),
        tr("已标") if row.x_mm is not None else UNKNOWN,
        body_words.holders(book, "point_object", row),
    )


def _streets(book: StaffBook) -> Iterable[Any]:
    """Yield what is listed for its chief, and the roads of the map that have one."""
    held = book.once(_held_objects)
    for row in book.snapshot.rows("line_object").values():
        if row.kind in (STREET, LANE) or row.uid in held:
            yield row


def _held_objects(book: StaffBook) -> frozenset[str]:
    return frozenset(
        one.anchor for uid in book.persons for one in book.of(uid) if one.anchor_kind != "area"
    )


def _street(book: StaffBook, row: Any) -> tuple[str, ...]:
    return (
        row.name or UNKNOWN,
        body_words.kind(book.scheme, "line_object", row),
        body_words.holders(book, "line_object", row),
    )


def _compound(book: StaffBook, row: Any) -> tuple[str, ...]:
    answers: Mapping[Any, str] = {True: tr("有物业"), False: tr("没有物业"), None: UNKNOWN}
    paired = book.pairings_on(row.uid, "compound")
    units = tr("、").join(body_words.unit(book, one.organization) for one in paired)
    return (
        row.name,
        body_words.kind(book.scheme, "compound", row),
        answers[row.has_property_company],
        units or UNKNOWN,
    )


def bodies_of(book: StaffBook, area: str) -> list[tuple[str, Any]]:
    """Return clusters, teams and facilities of an area, each with its table, by name."""
    snapshot = book.snapshot
    groupings = snapshot.rows("grouping")
    found: list[tuple[str, Any]] = [
        ("grouping", groupings[one.grouping])
        for one in snapshot.linked("grouping_member", area)
        if one.member == area and one.grouping in groupings
    ]
    found += [("team", one) for one in book.teams() if one.anchor == area]
    points = snapshot.rows("point_object")
    found += [("point_object", points[uid]) for uid in book.facilities(area) if uid in points]
    return sorted(found, key=lambda pair: (pair[0], pair[1].name or "", pair[1].uid))


KINDS: tuple[BodyKind, ...] = (
    BodyKind(
        "grouping",
        (mark("名称"), mark("类别"), mark("成员"), mark("中心"), mark("任职")),
        _all("grouping"),
        _grouping,
    ),
    BodyKind(
        "team",
        (mark("名称"), mark("类别"), mark("所在区域"), mark("模式"), mark("队员")),
        _teams,
        _team,
    ),
    BodyKind(
        "agreement",
        (mark("社会组织"), mark("单位"), mark("协议事项"), mark("签订日期")),
        _all("agreement"),
        _agreement,
    ),
    BodyKind(
        "point_object",
        (mark("名称"), mark("类别"), mark("所在区域"), mark("地图位置"), mark("任职")),
        _all("point_object"),
        _facility,
    ),
    BodyKind("line_object", (mark("名称"), mark("类别"), mark("任职")), _streets, _street),
    BodyKind(
        "compound",
        (mark("名称"), mark("类型"), mark("物业公司"), mark("结对单位")),
        _all("compound"),
        _compound,
    ),
)
"""All kinds of bodies, in the order of the page."""
