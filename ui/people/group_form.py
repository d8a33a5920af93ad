"""The dialogs about groupings (clusters, patches, alliances) and teams, with their members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QComboBox, QWidget

from gridadmin.app.group_facts import group_facts
from gridadmin.checks.groups import CENTRE
from gridadmin.domain.model import Area, Grouping
from gridadmin.domain.people import Team
from gridadmin.domain.scheme import Entry, Term
from gridadmin.edit.command import Command
from gridadmin.edit.group_commands import PutGroup
from gridadmin.partition.campus import CAMPUS
from gridadmin.staffing.body_rules import NEGLECTED, TAKEN_OVER
from ui.canvas.overlay import Role, Tag, Thing
from ui.canvas.viewport import Place
from ui.dialogs.words import Sentence
from ui.panels import words as panel_words
from ui.panels.parts import ElidedButton
from ui.people import choices, words
from ui.people.desk import PeopleDesk
from ui.people.map_pick import MapPick
from ui.people.member_list import Chosen, MemberList
from ui.people.pick_field import PickField
from ui.people.record_form import RecordForm
from ui.texts import tr
from ui.tools.shapes import area_outline

_PLAIN = "member"
"""What some lists write for a member with no role of its own."""


def role_words(role: str | None) -> str:
    """Return the role of a member of a grouping in words."""
    if role == CENTRE:
        return tr("中心")
    if role == TAKEN_OVER:
        return tr("已接管")
    return "" if role in (None, _PLAIN) else role


class MembersForm(RecordForm):
    """Fields of a row that has members; the members are written with it, as one gesture."""

    def __init__(
        self,
        desk: PeopleDesk,
        table: str,
        record: Any,
        title: str,
        said: str,
        parent: QWidget | None,
    ) -> None:
        super().__init__(desk, table, record, title, said, parent)
        self.list = self.made_list()
        self._was_members: Sequence[Chosen] = ()

    def made_list(self) -> MemberList:
        """Return the list of members."""
        raise NotImplementedError

    def take_members(self, members: Sequence[Chosen]) -> None:
        """Begin with these members."""
        self._was_members = tuple(members)
        self.list.take(members)
        self.body.addWidget(self.list, 1)
        self.list.changed.connect(self.judge)

    def why_not(self) -> str:
        """Return what is missing."""
        is_other = {*self.list.members} != {*self._was_members}
        return "" if is_other and self._record is not None else super().why_not()

    def command(self) -> Command:
        """Return the command."""
        members = [_line_of(one) for one in self.list.members]
        uid = None if self._record is None else self._record.uid
        return PutGroup(self._table, self.values(), members, uid)


def _line_of(one: Chosen) -> Mapping[str, Any]:
    return {one.table: one.uid, "role": one.role}


class GroupingForm(MembersForm):
    """A grouping; it leaves the map free, so that its areas can be clicked there."""

    def __init__(
        self,
        desk: PeopleDesk,
        picker: MapPick,
        grouping: Grouping | None = None,
        *,
        areas: Sequence[str] = (),
        kind: str = "",
        parent: QWidget | None = None,
    ) -> None:
        is_new = grouping is None
        title = tr("新增片区或分组") if grouping is None else tr("修改{name}", name=grouping.name)
        said = tr("成员可从清单选，也可在地图上逐个单击；再单击一次移出。")
        self._picker = picker
        super().__init__(desk, "grouping", grouping, title, said, parent)
        # The window stays free for clicks on the map, so another project may be opened meanwhile.
        desk.bridge.opened.connect(self.reject)
        scheme = desk.bridge.snapshot.scheme
        self.name = self.put_text("name", tr("名称"), is_wide=True)
        entries: list[Entry | Term] = [*scheme.groupings, *scheme.nets]
        kinds = [(words.term(one), one.key) for one in entries]
        if grouping is not None and grouping.kind == CAMPUS:
            kinds = [(tr("跨社区单位"), CAMPUS)]
        self.kind = self.put_choice("kind", tr("类别"), kinds)
        if kind and is_new:
            self.kind.setCurrentIndex(max(self.kind.findData(kind), 0))
        self.put_text("note", tr("备注"))
        known = () if grouping is None else desk.bridge.snapshot.linked(
            "grouping_member", grouping.uid
        )  # fmt: skip
        rows = [row for row in known if grouping is not None and row.grouping == grouping.uid]
        found = [self._member(row.member_kind, row.member, row.role) for row in rows]
        found.sort(key=lambda one: (one.role != CENTRE, one.name))
        self.take_members(found)
        if is_new:
            self._begin_with(areas)
        self.warning = Sentence("warning")
        self.warning.setObjectName("warning")
        self.body.addWidget(self.warning)
        self.kind.currentIndexChanged.connect(lambda _: self._show_members())
        self.list.changed.connect(self._show_members)
        self.list.rows.currentItemChanged.connect(lambda *_: self._name_role())
        em = self.fontMetrics().height()
        self.resize(38 * em, 36 * em)
        self._name_role()
        self._show_members()

    def made_list(self) -> MemberList:
        """Return the list with buttons for the map, areas, units and the role."""
        made = MemberList(self.desk, tr("成员"), role_words)
        self.map_button = made.put_button("pick-on-map", tr("在地图上点选"), self._pick)
        self.map_button.setCheckable(True)
        made.add_button("add-area", tr("添加区域…"), self._areas, "area")
        made.add_button("add-unit", tr("添加单位…"), choices.units(), "organization")
        self.role_button: ElidedButton = made.put_button("role", tr("设为中心"), self._give_role)
        return made

    def first_field(self) -> QWidget | None:
        """Begin with the name."""
        return self.name

    @property
    def _levels(self) -> tuple[str, ...]:
        """The levels whose areas are members of such a grouping."""
        for one in self.desk.bridge.snapshot.scheme.groupings:
            if one.key == self.kind.currentData():
                return one.levels
        return ()

    def _areas(self, roll: Any) -> Any:
        return choices.areas(self._levels)(roll)

    def _member(self, table: str, uid: str, role: str | None) -> Chosen:
        snapshot = self.desk.bridge.snapshot
        row = snapshot.rows(table).get(uid)
        if isinstance(row, Area):
            above = snapshot.rows("area").get(row.parent or "")
            aside = "" if above is None else panel_words.name_of(above)
            return Chosen(table, uid, panel_words.name_of(row), aside, role)
        return Chosen(table, uid, getattr(row, "name", None) or uid, "", role)

    def _begin_with(self, areas: Sequence[str]) -> None:
        rows = self.desk.bridge.snapshot.rows("area")
        levels = self._levels
        fit = [uid for uid in areas if uid in rows and (not levels or rows[uid].level in levels)]
        for uid in fit:
            self.list.toggle(self._member("area", uid, None))

    # The map

    def _pick(self) -> None:
        if self._picker.is_picking:
            self._picker.end()
            return
        self.map_button.setChecked(True)
        self._picker.begin(
            tr("单击区域，加入或移出“{name}”", name=self.name.text().strip() or tr("新分组")),
            self._levels,
            self._take_click,
            lambda: self.map_button.setChecked(False),
        )

    def _take_click(self, _: Place, area: Area | None) -> None:
        if area is not None:
            self.list.toggle(self._member("area", area.uid, None))

    def _show_members(self) -> None:
        """Show the members on the map, and say what the rules find on them."""
        snapshot = self.desk.bridge.snapshot
        uids = [one.uid for one in self.list.members if one.table == "area"]
        things: list[Thing] = [*area_outline(snapshot, uids, Role.COMING)]
        for one in self.list.members:
            box = self.desk.bridge.box_of_area(one.uid) if one.role == CENTRE else None
            if box is not None:
                middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
                things.append(Tag(middle, [(tr("中心"),)]))
        self.desk.context.navigator.show_proposal(things)
        self.warning.say("\n".join(self._faults()))
        self.judge()

    def _faults(self) -> list[str]:
        own = None if self._record is None else self._record.uid
        areas = [(one.uid, one.role) for one in self.list.members if one.table == "area"]
        if not areas:
            return []
        found = group_facts(self.desk.bridge.snapshot, self.kind.currentData() or "", areas, own)
        told = []
        if found.centres is not None:
            told.append(tr("应有且只有一个中心，现在有 {n} 个。", n=found.centres))
        if found.pieces is not None:
            told.append(tr("成员应连成一片，现在分成 {n} 片。", n=found.pieces))
        if found.undrawn:
            names = tr("、").join(one.name for one in found.undrawn[:3])
            told.append(tr("{names}还没有绘制边界，无法判断是否相邻。", names=names))
        for area, other in found.elsewhere[:3]:
            told.append(tr("{area}已在“{group}”中。", area=area.name, group=other.name))
        return told

    # Roles

    def _role(self) -> str:
        return TAKEN_OVER if self.kind.currentData() == NEGLECTED else CENTRE

    def _name_role(self) -> None:
        current, role = self.list.current, self._role()
        is_on = current is not None and current.role == role
        if role == CENTRE:
            text = tr("不再是中心") if is_on else tr("设为中心")
        else:
            text = tr("改为未接管") if is_on else tr("改为已接管")
        self.role_button.setText(text)
        self.role_button.setAccessibleName(text)
        self.list.buttons.fit()
        self.role_button.forbid("" if current is not None else tr("请先选一个成员。"))

    def _give_role(self) -> None:
        current, role = self.list.current, self._role()
        if current is not None:
            now = None if current.role == role else role
            self.list.give_role(current, now, is_alone=role == CENTRE)

    # The end

    def done(self, result: int) -> None:
        """Give the map back."""
        self._picker.end()
        self.desk.context.navigator.show_proposal([])
        super().done(result)


class TeamForm(MembersForm):
    """A team of a community: its people with their roles, in which mode, since when."""

    def __init__(
        self,
        desk: PeopleDesk,
        team: Team | None = None,
        *,
        area: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        is_new = team is None
        title = tr("新增队伍") if team is None else tr("修改{name}", name=team.name)
        said = tr("突击队、服务队等：双击“分工”一栏写队长、队员。")
        super().__init__(desk, "team", team, title, said, parent)
        self.mode: QComboBox | None = None
        self.place: PickField | None = None
        snapshot = desk.bridge.snapshot
        scheme = snapshot.scheme
        self.name = self.put_text("name", tr("名称"), is_wide=True)
        kinds = [(words.term(one), one.key) for one in scheme.organizations]
        self.kind = self.put_choice("kind", tr("类别"), kinds, is_wide=True)
        if is_new:
            self.kind.setCurrentIndex(_first_team(scheme.organizations))
        if len(scheme.modes) > 1:
            modes = [(words.term(one), one.key) for one in scheme.modes]
            self.mode = self.put_choice(
                "mode", tr("模式"), [(tr("平时和战时"), None), *modes], is_wide=True
            )
            if is_new:
                self._take_mode()
                self.kind.currentIndexChanged.connect(lambda _: self._take_mode())
        if team is None or team.anchor_kind == "area":
            at = area if team is None else team.anchor
            self.place = self.put_pick("anchor", tr("所在区域"), self._areas, is_needed=True)
            self.place.set(at, "" if at is None else panel_words.name_of_uid(snapshot, at))
        self.put_day("valid_from", tr("成立日期"), tr("已知"))
        persons = snapshot.rows("person")
        rows = [] if team is None else snapshot.linked("team_member", team.uid)
        known = [row for row in rows if team is not None and row.team == team.uid]
        self.take_members(
            [self._member(row.person, row.role) for row in known if row.person in persons]
        )
        em = self.fontMetrics().height()
        self.resize(38 * em, 34 * em)

    def made_list(self) -> MemberList:
        """Return the list with a button for persons."""
        made = MemberList(self.desk, tr("队员"), lambda role: role or "", writes_roles=True)
        made.add_button("add-person", tr("添加人员…"), self._persons, "person")
        return made

    def first_field(self) -> QWidget | None:
        """Begin with the name."""
        return self.name

    def _persons(self, roll: Any) -> Any:
        return choices.persons(None if self.place is None else self.place.value)(roll)

    def _areas(self, roll: Any) -> Any:
        levels = {one.key: one.levels for one in roll.book.scheme.organizations}
        return choices.areas(levels.get(self.kind.currentData(), ()))(roll)

    def _member(self, uid: str, role: str | None) -> Chosen:
        person = self.desk.bridge.snapshot.rows("person")[uid]
        book = self.desk.staff.book
        held = () if book is None else book.of(uid)
        aside = words.held(book, held[0]) if book is not None and held else tr("没有岗位")
        return Chosen("person", uid, person.name, aside, role)

    def _take_mode(self) -> None:
        """Take the mode that the scheme has such teams for."""
        for one in self.desk.bridge.snapshot.scheme.organizations:
            if one.key == self.kind.currentData() and self.mode is not None:
                mode = one.modes[0] if len(one.modes) == 1 else None
                self.mode.setCurrentIndex(max(self.mode.findData(mode), 0))

    def why_not(self) -> str:
        """Return what is missing."""
        if self.kind.count() == 0:
            return tr("方案没有规定队伍的类别。")
        if self.place is not None and self.place.value is None:
            return tr("请选择所在区域。")
        return super().why_not()

    def values(self) -> Mapping[str, Any]:
        """Return what differs from the row; the place by its name in the edit line."""
        found = dict(super().values())
        if "anchor" in found:
            found["area"] = found.pop("anchor")
        return found


def _first_team(organizations: Sequence[Any]) -> int:
    """Return which kind is meant most likely: one that a single mode has."""
    return next((n for n, one in enumerate(organizations) if one.modes), 0)
