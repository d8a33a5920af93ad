"""The inspector's pages of a face that no area holds for good, and of an issue."""

from __future__ import annotations

from gridadmin.app.face_facts import FaceFacts, FaceKind, Place, face_kind, facts_of_face
from gridadmin.app.holders import HolderKind
from gridadmin.base.errors import EditError
from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.issue import Issue
from gridadmin.edit.command import face_of_point
from gridadmin.partition.faces import Face
from ui.panels import words
from ui.panels.desk import Desk
from ui.panels.marks import StateMark, state_of
from ui.panels.page import Page
from ui.panels.parts import ElidedButton, Facts, Section, row_of
from ui.panels.settle import SettleSection
from ui.texts import mark, tr

_MOST_AREAS = 12

_TITLES = {
    FaceKind.GAP: mark("缝隙"),
    FaceKind.EMPTY: mark("还没有划分的土地"),
    FaceKind.REMAINDER: mark("剩余地块"),
    FaceKind.DISPUTE: mark("有争议的地块"),
    FaceKind.EXEMPT: mark("例外地块"),
    FaceKind.PLAIN: mark("地块"),
    FaceKind.OUTSIDE: mark("项目范围之外"),
}


class FacePage(Page):
    """A face: what it is, its size, who lives on it, and who may have it."""

    def __init__(self, desk: Desk, place: Place) -> None:
        """Show the face at *place*, in metres of the plane."""
        super().__init__(desk)
        face = _face_at(desk, place)
        if face is None:
            self.add_title(tr("项目范围之外")).say(tr("这里没有土地。"), "quiet")
            return
        kind = face_kind(desk.snapshot, face.owner)
        section = self.add_title(tr(_TITLES[kind]))
        self.add_face(section, face, place)

    def add_face(self, section: Section, face: Face, place: Place) -> None:
        """Put the facts of a face into *section*, and ways to settle it below."""
        known = facts_of_face(self.desk.snapshot, face)
        section.add(self._facts(face, known))
        if known.kind is not FaceKind.PLAIN:
            settle = SettleSection(self.desk, face, known, place)
            self.add(settle)

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
        facts.add(tr("截止日期"), exempt.until or tr("长期"))


class IssuePage(FacePage):
    """An issue: what it says, how large it is, where it lies, and how it may be settled."""

    def __init__(self, desk: Desk, issue: Issue) -> None:
        Page.__init__(self, desk)
        self._issue = issue
        title = words.kind(issue.kind)
        if issue.areas:
            areas = words.issue_areas(desk.snapshot, issue)
            title = tr("{kind}：{areas}", kind=title, areas=areas)
        section = self.add_title(title, self._position(), StateMark(state_of(issue.severity)))
        section.say(words.issue_sentence(issue))
        face = None if issue.point is None else _face_at(desk, issue.point)
        if face is not None and issue.point is not None and self._is_open(face):
            self.add_face(section, face, issue.point)
        elif issue.area_m2 is not None:
            facts = Facts()
            facts.add(tr("面积"), words.land_exactly(issue.area_m2))
            section.add(facts)
        see = ElidedButton(tr("定位"), lambda: desk.show_issue(issue))
        see.setObjectName("see")
        section.add(row_of(see))
        if face is None or face_kind(desk.snapshot, face.owner) is not FaceKind.DISPUTE:
            # The claimants of a dispute stand among its facts already.
            self._add_areas()

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


def _face_at(desk: Desk, place: Place) -> Face | None:
    try:
        return face_of_point(desk.snapshot, place, is_inside=True)
    except EditError:
        return None
