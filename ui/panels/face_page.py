"""The inspector's pages of a face that no area holds for good, and of an issue."""

from __future__ import annotations

from PySide6.QtCore import Signal

from gridadmin.app.face_facts import (
    FaceFacts,
    FaceKind,
    Place,
    face_kind,
    facts_of_face,
    pieces_of,
)
from gridadmin.app.holders import HolderKind, holder_of
from gridadmin.base.errors import EditError
from gridadmin.base.ids import oid_of
from gridadmin.checks.finding import face_area_m2
from gridadmin.domain.check_kinds import LAND_KINDS, Severity
from gridadmin.domain.issue import Issue
from gridadmin.edit.command import face_of_point
from gridadmin.partition.faces import Face
from gridadmin.repair.ways import ANSWERED, ways_of, why_none
from ui.panels import words
from ui.panels.accept_section import AcceptSection
from ui.panels.desk import Desk, widened
from ui.panels.exempt_section import ExemptSection, is_expired
from ui.panels.marks import StateMark, state_of
from ui.panels.page import Page
from ui.panels.parts import ElidedButton, Facts, Section, label, row_of
from ui.panels.settle import SettleFace, SettleSection
from ui.texts import mark, sentence, tr

_MOST_AREAS = 12

_TITLES = {
    FaceKind.GAP: mark("缝隙"),
    FaceKind.EMPTY: mark("还没有划分的土地"),
    FaceKind.REMAINDER: mark("剩余地块"),
    FaceKind.DISPUTE: mark("争议地块"),
    FaceKind.EXEMPT: mark("例外地块"),
    FaceKind.PLAIN: mark("地块"),
    FaceKind.OUTSIDE: mark("项目范围之外"),
}


class FacePage(Page):
    """A face: what it is, its size, who lives on it, and who may have it."""

    issue: Issue | None = None
    """What the page is about, where it is an issue."""

    def __init__(self, desk: Desk, place: Place) -> None:
        """Show the face at *place*, in metres of the plane."""
        super().__init__(desk)
        face = _face_at(desk, place)
        if face is None:
            self.add_title(tr("项目范围之外")).say(tr("这里没有土地。"), "quiet")
            return
        kind = face_kind(desk.snapshot, face.owner)
        section = self.add_title(_title(desk, face, kind))
        self.add_face(section, face, place)

    def add_face(self, section: Section, face: Face, place: Place) -> None:
        """Put the facts of a face into *section*, and ways to settle it below."""
        known = facts_of_face(self.desk.snapshot, face)
        section.add(self._facts(face, known))
        if known.kind is FaceKind.EXEMPT:
            self.add(ExemptSection(self.desk, self.desk.snapshot.exempt(known.holder.uid)))
        if known.kind is not FaceKind.PLAIN:
            self.add_settle(SettleFace(self.desk, face, known, place, self.issue))

    def add_settle(self, settle: SettleSection) -> None:
        """Put ways to settle what the page is about."""
        settle.settled.connect(self.follow_settled)
        self.add(settle)

    def follow_settled(self) -> None:
        """Go on after the face was settled; the face itself has nothing to go on to."""

    def _facts(self, face: Face, known: FaceFacts) -> Facts:
        desk, snapshot = self.desk, self.desk.snapshot
        facts = Facts()
        if known.holder.kind is HolderKind.AREA:
            word = tr("所属") if known.kind is FaceKind.PLAIN else tr("上级")
            facts.add(word, self.link(snapshot.area(known.holder.uid)))
        if known.kind is FaceKind.DISPUTE:
            claims = snapshot.dispute(known.holder.uid).claims.split()
            for uid in words.in_tree_order(snapshot, claims):
                facts.add(tr("争议方"), self.link(snapshot.area(uid)))
        if known.kind is FaceKind.EXEMPT:
            self._add_exempt(facts, known.holder.uid)
        facts.add(tr("面积"), words.land_exactly(known.land_m2))
        facts.add(tr("最大宽度"), words.length(known.width_m))
        if desk.index.is_counted:
            count, households = snapshot.counts.in_face(snapshot.partition, face)
            said = words.dotted((words.buildings(count), words.households(households)))
            facts.add(tr("地上建筑"), said if count else tr("没有楼栋"))
        return facts

    def _add_exempt(self, facts: Facts, uid: str) -> None:
        exempt = self.desk.snapshot.exempt(uid)
        facts.add(tr("名称"), exempt.name or words.UNKNOWN)
        facts.add(tr("事由"), exempt.reason)
        facts.add(tr("批准人"), exempt.approver)
        if exempt.since:
            facts.add(tr("起始日期"), exempt.since)
        until = exempt.until or tr("长期")
        facts.add(
            tr("截止日期"), tr("{until}（已到期）", until=until) if is_expired(exempt) else until
        )


class IssuePage(FacePage):
    """An issue: what it says, how large it is, where it lies, and how it may be settled."""

    went_on = Signal(str)
    """It is settled; the issue of that number comes next (empty: none)."""

    def __init__(self, desk: Desk, issue: Issue) -> None:
        Page.__init__(self, desk)
        self._issue = self.issue = issue
        listed = [one.id for one in desk.bridge.issues() if one.severity is not Severity.INFO]
        at = listed.index(issue.id) if issue.id in listed else -1
        self._following = listed[(at + 1) % len(listed)] if len(listed) > 1 else ""
        title = words.kind_in_full(issue.kind)
        if issue.areas:
            areas = words.issue_areas(desk.snapshot, issue)
            title = tr("{kind}：{areas}", kind=title, areas=areas)
        section = self.add_title(title, self._position(), StateMark(state_of(issue.severity)))
        land_m2 = desk.index.land_of_issue(issue)
        section.say(words.issue_sentence(issue, land_m2))
        place = self._place()
        face = None if place is None else _face_at(desk, place)
        if face is not None and place is not None and self._is_open(face):
            self._add_pieces(section, face)
            self.add_face(section, face, place)
        elif land_m2 is not None:
            facts = Facts()
            facts.add(tr("面积"), words.land_exactly(land_m2))
            section.add(facts)
        if face is None or place is None or not self._is_open(face):
            self._add_ways()
        see = ElidedButton(tr("定位"), self._see)
        see.setObjectName("see")
        section.add(row_of(see))
        if face is None or face_kind(desk.snapshot, face.owner) is not FaceKind.DISPUTE:
            # The claimants of a dispute stand among its facts already.
            self._add_areas()

    def _see(self) -> None:
        """Let the map show the issue, or the piece of it that the page is about."""
        pieces, chosen = self._pieces(), self._place()
        face = None if chosen is None else _face_at(self.desk, chosen)
        if len(pieces) > 1 and face is not None:
            self._show_piece(pieces, _number_of(face, pieces))
        else:
            self.desk.show_issue(self._issue)

    # Pieces of one issue

    def _place(self) -> Place | None:
        """Return a place in the piece that is shown: the one that was chosen, else the largest."""
        chosen = self.desk.context.selection.now.piece
        if chosen is not None:
            face = _face_at(self.desk, chosen)
            if face is not None and face.owner in map(oid_of, self._issue.areas):
                return chosen
        return self._issue.point

    def _pieces(self) -> list[Face]:
        """Return the pieces of what a parent hasn't given out, the largest first."""
        if self._issue.kind != "remainder":
            return []
        return pieces_of(self.desk.snapshot, self._issue.areas[0])

    def _add_pieces(self, section: Section, face: Face) -> None:
        pieces = self._pieces()
        if len(pieces) < 2:
            return
        at = _number_of(face, pieces)
        told = tr(
            "共 {n} 块，{land}；这一块 {piece}。",
            n=len(pieces),
            land=words.land(self._issue.area_m2),
            piece=words.land(face_area_m2(face)),
        )
        section.say(told)
        before = ElidedButton(tr("上一块"), lambda: self._show_piece(pieces, at - 1))
        before.setObjectName("previous-piece")
        after = ElidedButton(tr("下一块"), lambda: self._show_piece(pieces, at + 1))
        after.setObjectName("next-piece")
        place = label(f"{at + 1} / {len(pieces)}", "quiet")
        section.add(row_of(before, after, place))

    def _show_piece(self, pieces: list[Face], number: int) -> None:
        desk = self.desk
        known = facts_of_face(desk.snapshot, pieces[number % len(pieces)])
        desk.context.selection.select_issue(self._issue.id, known.place)
        corners = desk.bridge.to_local(known.box[:2]), desk.bridge.to_local(known.box[2:])
        desk.context.navigator.show_box(widened((*corners[0], *corners[1])))

    def follow_settled(self) -> None:
        """Go on to the largest piece that is left of the issue, or to the next issue."""
        pieces = self._pieces()
        if pieces:
            self._show_piece(pieces, 0)
        elif self.desk.actions is not None:
            self.went_on.emit(self._following)

    def _add_ways(self) -> None:
        """Put the ways to settle an issue about whole areas, where there are any."""
        snapshot, issue = self.desk.snapshot, self._issue
        if issue.kind in ANSWERED and ways_of(snapshot, issue):
            self.add_settle(SettleSection(self.desk, lambda: ways_of(snapshot, issue), issue))
        elif why := why_none(snapshot, issue):
            section = Section(tr("处理办法"))
            section.say(sentence(why), "quiet")
            self.add(section)
        if issue.kind not in LAND_KINDS:
            self.add(AcceptSection(self.desk, issue))

    def _is_open(self, face: Face) -> bool:
        kind = face_kind(self.desk.snapshot, face.owner)
        return kind not in (FaceKind.PLAIN, FaceKind.EXEMPT)

    def _position(self) -> str:
        listed = [one.id for one in self.desk.bridge.issues() if one.severity is not Severity.INFO]
        if self._issue.id not in listed:
            return ""
        return f"{listed.index(self._issue.id) + 1} / {len(listed)}"

    def _add_areas(self) -> None:
        rows = self.desk.snapshot.rows("area")
        uids = words.in_tree_order(self.desk.snapshot, self._issue.areas)
        areas = [rows[uid] for uid in uids if uid in rows]
        if not areas:
            return
        section = Section(tr("涉及的区域"))
        for area in areas[:_MOST_AREAS]:
            section.add(self.link(area))
        if len(areas) > _MOST_AREAS:
            section.say(tr("另有 {n} 个。", n=len(areas) - _MOST_AREAS), "quiet")
        self.add(section)


class GonePage(Page):
    """What was selected and isn't there any more."""

    def __init__(self, desk: Desk, title: str, said: str = "") -> None:
        super().__init__(desk)
        section = self.add_title(title)
        if said:
            section.say(said, "quiet")


def _title(desk: Desk, face: Face, kind: FaceKind) -> str:
    if kind is not FaceKind.DISPUTE:
        return tr(_TITLES[kind])
    return words.kind_in_full(desk.snapshot.dispute(holder_of(desk.snapshot, face.owner).uid).kind)


def _number_of(face: Face, pieces: list[Face]) -> int:
    """Return which of *pieces* a face is."""
    key = min(half.key for half in face.halves())
    return next(
        (n for n, one in enumerate(pieces) if key in (half.key for half in one.halves())), 0
    )


def _face_at(desk: Desk, place: Place) -> Face | None:
    try:
        return face_of_point(desk.snapshot, place, is_inside=True)
    except EditError:
        return None
