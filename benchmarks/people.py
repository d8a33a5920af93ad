"""Made-up people for a project of any size: who holds which post, units, pairings. All seeded."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

from benchmarks.data import made_by
from benchmarks.measure import OUT
from benchmarks.project import project_file
from gridadmin.app.session import Session
from gridadmin.base.ids import UidMaker, seeded_uids
from gridadmin.domain.change import Change
from gridadmin.domain.model import Area
from gridadmin.domain.people import (
    CERTIFICATES,
    Assignment,
    Headcount,
    Organization,
    Pairing,
    PartyNode,
    Person,
)
from gridadmin.edit.draft import Desk, Draft
from gridadmin.partition.snapshot import Snapshot

_SURNAMES = "赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"
_GIVEN = "文明建国志强秀英桂兰玉华晓东海燕春梅立新德胜永庆家和小平大伟雪峰长江"
_RANKS = ("科员", "副科级", "正科级", "副处级")
_UNITS = 61
_SHARE = {"cadre": 0.35, "micro_grid_member": 0.97}
_USUAL_SHARE = 0.96
_UNPLACED = 0.004


@dataclass(frozen=True)
class PutPeople:
    """Put made-up people into a project: *persons* of them, or as many as there are seats."""

    persons: int | None = None
    seed: int = 1
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change."""
        draft = Draft(snapshot)
        for table, record in _People(snapshot, desk.today, self.seed).rows(self.persons):
            draft.put(table, record)
        return draft.change("people")


def staffed_project(micro_grids: int, persons: int) -> Path:
    """Return a project of so many micro-grids with so many made-up persons in them."""
    source = project_file(micro_grids)
    stamp = made_by(("people",))
    path = OUT / "data" / f"{micro_grids}-{persons}-people-{stamp}-{source.stem[-8:]}.gpkg"
    if not path.exists():
        part = path.with_suffix(".part.gpkg")
        copyfile(source, part)
        with Session.open(part, write=True) as session:
            session.document.execute(PutPeople(persons))
        part.replace(path)
    return path


class _People:
    """Makes the rows in the order in which one points at the other."""

    def __init__(self, snapshot: Snapshot, today: str, seed: int) -> None:
        self._snapshot = snapshot
        self._today = date.fromisoformat(today)
        self._source = random.Random(seed)
        self._uid: UidMaker = seeded_uids(seed + 1000)
        self._count = 0

    def rows(self, persons: int | None) -> Iterator[tuple[str, Any]]:
        """Yield table and record of everything."""
        units = [
            Organization(self._uid(), f"虚构单位{number + 1}", sort_order=number + 1)
            for number in range(_UNITS)
        ]
        for unit in units:
            yield "organization", unit
            officials = self._source.randint(20, 120)
            yield "headcount", Headcount(self._uid(), unit.uid, officials, officials // 8)
        order = sorted(self._snapshot.areas(), key=lambda one: (one.level, one.code or "", one.uid))
        yield from self._pairings(units, order)
        seats = [(area, post) for area in order for post in self._posts(area)]
        if persons is not None:
            # As many persons as asked for: the rest goes in as second members.
            micro = [one for one in seats if one[1] == "micro_grid_member"]
            seats += self._source.sample(micro, max(0, min(persons - len(seats), len(micro))))
            seats = seats[:persons]
        for area, post in seats:
            person = self._person(units, is_cadre=post == "cadre")
            yield "person", person
            yield "assignment", self._assignment(person, area, post)
        for _ in range(max(3, round(len(seats) * _UNPLACED))):
            yield "person", self._person(units, is_cadre=self._source.random() < 0.5)
        yield from self._party(order)

    def _posts(self, area: Area) -> Iterator[str]:
        for post in self._snapshot.scheme.posts_on(area.level, area.kind):
            share = _SHARE.get("cadre" if post.is_cadre else post.key, _USUAL_SHARE)
            if (post.seats or post.is_cadre) and not post.group and self._source.random() < share:
                yield post.key

    def _pairings(
        self, units: list[Organization], order: list[Area]
    ) -> Iterator[tuple[str, Pairing]]:
        kinds = [kind for kind in self._snapshot.scheme.pairings if "community" in kind.levels]
        for area in order:
            if area.level == "community" and kinds:
                unit = self._source.choice(units)
                yield (
                    "pairing",
                    Pairing(self._uid(), unit.uid, "area", area.uid, kinds[0].key),
                )

    def _party(self, order: list[Area]) -> Iterator[tuple[str, PartyNode]]:
        made: dict[str, str] = {}
        kinds = {"street": "work_committee", "community": "community_committee", "grid": "branch"}
        names = {"street": "党工委", "community": "党委", "grid": "党支部"}
        for level, kind in kinds.items():
            for area in order:
                if area.level != level:
                    continue
                uid = made[area.uid] = self._uid()
                above = made.get(area.parent or "")
                linked = self._source.randint(5, 60) if kind == "branch" else None
                yield (
                    "party_node",
                    PartyNode(
                        uid,
                        f"{area.name}{names[level]}",
                        kind,
                        parent=above,
                        area=area.uid,
                        households_linked=linked,
                    ),
                )

    def _person(self, units: list[Organization], *, is_cadre: bool) -> Person:
        self._count += 1
        source = self._source
        name = f"{source.choice(_SURNAMES)}{source.choice(_GIVEN)}{source.choice(_GIVEN)}"
        number = f"199{source.randint(0, 99_999_999):08}"
        return Person(
            self._uid(),
            f"{name}·虚构",
            staff_number=f"XG{self._count:06}",
            organization=source.choice(units).uid if is_cadre else None,
            job_title=source.choice(("主任", "干事", "副主任")) if is_cadre else "网格工作人员",
            rank=source.choice(_RANKS) if is_cadre else None,
            certificate_level=source.choice(CERTIFICATES),
            own_phone=number,
            duty_phone=f"99{source.randint(0, 999_999):06}" if source.random() < 0.3 else None,
        )

    def _assignment(self, person: Person, area: Area, post: str) -> Assignment:
        begins = self._today - timedelta(days=self._source.randint(20, 900))
        ends = None
        if self._source.random() < 0.15:
            ends = (self._today + timedelta(days=self._source.randint(5, 500))).isoformat()
        return Assignment(
            self._uid(),
            person.uid,
            "area",
            area.uid,
            post,
            valid_from=begins.isoformat(),
            valid_to=ends,
        )
