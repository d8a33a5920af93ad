"""The inspector's page of an area's people: posts with their seats, gaps below, pairings."""

from __future__ import annotations

from collections.abc import Sequence

from gridadmin.domain.model import Area
from gridadmin.domain.scheme import Post
from gridadmin.staffing.book import BASE_UNIT_LEVEL
from gridadmin.staffing.needs import members_for
from gridadmin.staffing.post_rules import is_covered
from gridadmin.staffing.seats import Seat, SeatRoll, SeatState, wanted_seats
from ui.panels import words as panel_words
from ui.panels.desk import Desk
from ui.panels.parts import Facts, Section, row_of
from ui.people import body_words, words
from ui.people.body_list import bodies_of
from ui.people.body_reasons import why_no_new
from ui.people.desk import PeopleDesk
from ui.people.page import PeoplePage, SeatRow, flow_of
from ui.people.works import Works
from ui.texts import tr
from ui.tips import plain_tip

_MOST_BELOW = 6
_MOST_BODIES = 12


class TeamPage(PeoplePage):
    """Who works in an area."""

    def __init__(
        self, desk: Desk, people: PeopleDesk, roll: SeatRoll, works: Works, area: Area
    ) -> None:
        super().__init__(desk, people, roll.book, works)
        self._area = area
        own = [seat for seat in roll.seats if seat.area is not None and seat.area.uid == area.uid]
        within = {one.uid for one in desk.snapshot.descendants(area.uid)}
        below = [seat for seat in roll.seats if seat.area is not None and seat.area.uid in within]
        self._add_head(own, below)
        self._add_posts(own)
        self._add_below(below)
        if area.level == BASE_UNIT_LEVEL:
            self._add_pairings()
        self._add_bodies()
        self._add_actions()

    # Head

    def _add_head(self, own: Sequence[Seat], below: Sequence[Seat]) -> None:
        area, book = self._area, self.book
        level = panel_words.level(self.desk.snapshot, area.level)
        section = self.add_title(panel_words.name_of(area), level)
        facts = Facts()
        if area.parent is not None:
            facts.add(tr("所属"), self.link(self.desk.snapshot.area(area.parent)))
        households = book.households(area) if self.desk.index.is_counted else None
        facts.add(tr("户数"), panel_words.households(households))
        seats = [*own, *below]
        held = sum(seat.person is not None for seat in seats)
        persons = {seat.person.uid for seat in seats if seat.person is not None}
        vacant = sum(seat.state is SeatState.VACANT for seat in seats)
        facts.add(
            tr("岗位"),
            tr("{n} 席，在岗 {held}，空缺 {vacant}", n=len(seats), held=held, vacant=vacant),
        )
        facts.add(tr("人员"), tr("{n} 人", n=len(persons)))
        if area.level == BASE_UNIT_LEVEL:
            covered = is_covered(book, area.uid)
            facts.add(tr("下沉干部"), tr("已覆盖") if covered else tr("没有干部，未覆盖"))
        load = self._load(own, below, households)
        if load:
            facts.add(tr("每名网格员"), load)
        section.add(facts)

    def _load(self, own: Sequence[Seat], below: Sequence[Seat], households: int | None) -> str:
        members = {
            seat.person.uid
            for seat in (*own, *below)
            if seat.person is not None and seat.post is not None and seat.post.key == "grid_member"
        }
        if not members or households is None:
            return ""
        return tr("{n} 户", n=members_for(households, len(members)))

    # Posts

    def _add_posts(self, own: Sequence[Seat]) -> None:
        posts = self.book.scheme.posts_on(self._area.level, self._area.kind, self.book.mode)
        for post in posts:
            seats = [seat for seat in own if seat.post is not None and seat.post.key == post.key]
            self._add_post(post, seats)
        if not posts:
            self.add_title(tr("方案在这一级没有岗位。"))

    def _add_post(self, post: Post, seats: Sequence[Seat]) -> None:
        required = wanted_seats(self.book, self._area, post)
        held = sum(seat.person is not None for seat in seats)
        told = tr("应配 {required} · 实配 {held}", required=required, held=held)
        section = Section(words.term(post), told if required else tr("实配 {held}", held=held))
        for seat in seats:
            section.add(SeatRow(self, seat))
        is_full = post.most is not None and held >= max(post.most, required)
        if not is_full and not any(seat.state is SeatState.VACANT for seat in seats):
            free = Seat(
                f"{self._area.uid} {post.key} more",
                SeatState.VACANT,
                ("area", self._area.uid),
                self._area,
                post,
            )
            more = self.act(
                f"more-{post.key}", tr("增加一人…"), lambda: self.work.assign([free]), "link"
            )
            section.add(row_of(more))
        self.add(section)

    # Below

    def _add_below(self, below: Sequence[Seat]) -> None:
        vacant = [seat for seat in below if seat.state is SeatState.VACANT]
        if not vacant:
            return
        section = Section(tr("下级缺口"), tr("{n} 处", n=len(vacant)))
        for seat in vacant[:_MOST_BELOW]:
            section.add(GapRow(self, seat))
        if len(vacant) > _MOST_BELOW:
            section.say(tr("另有 {n} 处，见岗位表。", n=len(vacant) - _MOST_BELOW), "quiet")
        self.add(section)

    # Pairings

    def _add_pairings(self) -> None:
        book = self.book
        found = book.pairings_on(self._area.uid)
        section = Section(tr("结对单位"), str(len(found)) if found else "")
        if not found:
            section.say(tr("还没有结对单位。"), "quiet")
        kinds = {kind.key: words.term(kind) for kind in book.scheme.pairings}
        for one in found:
            unit = book.organizations[one.organization]
            section.add(self.unit_link(unit))
            told = (kinds.get(one.kind, one.kind), one.document or "", one.valid_from or "")
            section.say(panel_words.dotted(told), "quiet")
        uid = self._area.uid
        pair = self.act("pair", tr("新增结对…"), lambda: self.records.pair(area=uid), "link")
        pair.forbid(self.records.why_no_pairing())
        section.add(row_of(pair))
        self.add(section)

    # Bodies

    def _add_bodies(self) -> None:
        """List the clusters, teams and facilities of the area, and its party organisations."""
        book, uid = self.book, self._area.uid
        nodes = [one for one in book.party_nodes() if one.area == uid]
        found = bodies_of(book, uid)
        section = Section(tr("组织和设施"), str(len(nodes) + len(found)) if nodes or found else "")
        show_party = self.people.actions.action("people.party").trigger
        for node in nodes:
            section.add(row_of(self.plain_link(node.name, show_party)))
            section.say(tr("党组织"), "quiet")
        for table, row in found[:_MOST_BODIES]:
            name = body_words.name(book, table, row)
            section.add(row_of(self.thing_link(name, table, row.uid)))
            section.say(body_words.kind(book.scheme, table, row), "quiet")
        if len(found) > _MOST_BODIES:
            section.say(tr("另有 {n} 个，见“组织和设施”。", n=len(found) - _MOST_BODIES), "quiet")
        bodies = self.bodies
        buttons = [
            self.act("new-party", tr("新增党组织…"), bodies.new_party, "link"),
            self.act("new-team", tr("新增队伍…"), lambda: bodies.new("team"), "link"),
            self.act(
                "new-facility", tr("新增设施或店铺…"), lambda: bodies.new("point_object"), "link"
            ),
        ]
        buttons[1].forbid(why_no_new(self.people, "team"))
        section.add(flow_of(buttons))
        self.add(section)

    def _add_actions(self) -> None:
        section = Section()
        area = self._area
        rows = [
            self.act("seats-here", tr("改岗位人数…"), lambda: self.records.seats(area)),
        ]
        section.add(flow_of(rows))
        self.add(section)


class GapRow(SeatRow):
    """An empty seat below an area: where it is, and which."""

    def __init__(self, page: PeoplePage, seat: Seat) -> None:
        super().__init__(page, seat)
        area = seat.area
        if area is None or self.said is None:
            return
        post = words.post(seat)
        self.said.setText(
            tr("{place} · {post}", place=words.place(page.book, seat.anchor), post=post)
        )
        self.said.setToolTip(plain_tip(panel_words.path_of(page.desk.snapshot, area.uid)))


def seats_told(held: int, vacant: int) -> str:
    """Return how many seats there are, held and empty."""
    return tr(
        "{n} 席，在岗 {held}，空缺 {vacant}",
        n=f"{held + vacant:,}",
        held=f"{held:,}",
        vacant=f"{vacant:,}",
    )
