from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
import shapely

from gridadmin.app.repairs import Proposal, gains_of, proposal_of, ranked
from gridadmin.base.ids import NOBODY, oid_of, seeded_uids
from gridadmin.checks.book import IssueBook
from gridadmin.domain.issue import Issue
from gridadmin.domain.model import (
    Area,
    BorderLock,
    Building,
    Dispute,
    Exempt,
    Land,
    LineObject,
    ReferenceOutline,
)
from gridadmin.edit.document import Document
from gridadmin.repair.ways import ways_of
from tests.helpers.projects import (
    ORIGIN_MM,
    SIDE_M,
    MemoryStore,
    borders_of,
    box_m,
    document_on,
    place,
    settings_rows,
)


@dataclass
class Town:
    """A made-up community whose grids are laid out by a test, in cells of 10 m."""

    _uid: Callable[[], str] = field(default_factory=lambda: seeded_uids(11))
    areas: dict[str, Area] = field(default_factory=dict)
    shapes: list[tuple[int, shapely.Geometry]] = field(default_factory=list)
    records: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.area("root", "990101", "district", None)
        self.area("C", "990101001001", "community", "root")

    def area(self, key: str, code: str | None, level: str, parent: str | None, **more: Any) -> Area:
        above = None if parent is None else self.areas[parent].uid
        divided = level in ("district", "community")
        made = Area(
            self._uid(), code, f"虚构{key}", level, above, land=Land.DRAWN,
            is_divided=divided, **more,
        )  # fmt: skip
        self.areas[key] = made
        return made

    def grid(self, key: str, *boxes: tuple[float, float, float, float], **more: Any) -> Area:
        """Add a grid with land in boxes (x, y, width, height)."""
        number = sum(area.level == "grid" for area in self.areas.values()) + 1
        made = self.area(key, f"990101001001{number:03}", "grid", more.pop("parent", "C"), **more)
        self.shapes += [(oid_of(made.uid), box_m(*box)) for box in boxes]
        return made

    def gap(self, *box: float) -> None:
        self.shapes.append((NOBODY, box_m(*box)))

    def gap_of(self, shape: shapely.Geometry) -> None:
        self.shapes.append((NOBODY, shape))

    def land_of(self, key: str, shape: shapely.Geometry) -> None:
        self.shapes.append((oid_of(self.areas[key].uid), shape))

    def held(self, key: str, *box: float) -> None:
        """Let an area hold land itself."""
        self.shapes.append((oid_of(self.areas[key].uid), box_m(*box)))

    def dispute(self, kind: str, keys: Sequence[str], *box: float) -> None:
        claims = " ".join(sorted(self.areas[key].uid for key in keys))
        made = Dispute(self._uid(), claims, kind)
        self.records.append(made)
        self.shapes.append((oid_of(made.uid), box_m(*box)))

    def exempt(self, *box: float) -> None:
        made = Exempt(self._uid(), "水面", "虚构审批人", name="虚构湖", since="2026-01-05")
        self.records.append(made)
        self.shapes.append((oid_of(made.uid), box_m(*box)))

    def building(self, x: float, y: float, households: int, **more: Any) -> str:
        uid = self._uid()
        x_mm = round(x * SIDE_M * 1000) + ORIGIN_MM[0]
        y_mm = round(y * SIDE_M * 1000) + ORIGIN_MM[1]
        self.records.append(Building(uid, x_mm, y_mm, households, **more))
        return uid

    def road(self, name: str, *points: tuple[float, float]) -> None:
        line = shapely.to_wkb(shapely.LineString([place(*point) for point in points]))
        self.records.append(LineObject(self._uid(), "road", name, "residential", line))

    def lock(self, key: str) -> None:
        target = self.areas[key].uid
        self.records.append(
            BorderLock(self._uid(), "area", target, "已公告", "虚构用户", "2026-01-05")
        )

    def source(self, key: str, name: str, date: str) -> None:
        outline = shapely.to_wkb(box_m(0, 0, 1, 1), byte_order=1)
        self.records.append(
            ReferenceOutline(self._uid(), self.areas[key].uid, outline, name, "0", date=date)
        )

    def opened(self) -> Document:
        records = [
            *self.areas.values(),
            *self.records,
            *borders_of(self.shapes),
            *settings_rows(),
        ]
        return document_on(MemoryStore(records))

    def uid(self, key: str) -> str:
        return self.areas[key].uid


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def strip(town: Town) -> Town:
    """Grids W and E of 4 by 4 cells with a gap of 0.6 by 4 cells (6 by 40 m) between them."""
    town.grid("W", (0, 0, 4, 4))
    town.grid("E", (4.6, 0, 4, 4))
    town.gap(4, 0, 0.6, 4)
    return town


def issue_of(document: Document, kind: str) -> Issue:
    (found,) = [one for one in IssueBook.of(document.snapshot).issues() if one.kind == kind]
    return found


def proposals(document: Document, issue: Issue) -> list[Proposal]:
    return ranked(proposal_of(document, way) for way in ways_of(document.snapshot, issue))


def proposal(document: Document, issue: Issue, key: str, to: str = "") -> Proposal:
    (found,) = [
        one
        for one in proposals(document, issue)
        if one.way.key == key and (not to or one.way.to == to)
    ]
    return found


def gains(one: Proposal) -> dict[str, float]:
    """Return who gets how much land, by name, in m²."""
    assert one.done is not None
    rows = one.done.after.rows("area")
    return {rows[gain.uid].name[2:]: round(gain.land_m2, 2) for gain in gains_of(one.done)}
