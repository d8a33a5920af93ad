"""The dialogs about persons and units themselves: new ones, changes, headcounts, pairings, ends."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QLineEdit, QSpinBox, QWidget

from gridadmin.domain.people import CERTIFICATES, Headcount, Organization, Person
from gridadmin.edit.assign_commands import Anchor, Pair
from gridadmin.edit.command import Command
from gridadmin.edit.people_fields import MOST
from gridadmin.edit.people_records import EndRecord, PutRecord
from gridadmin.staffing.anchors import level_of_object
from gridadmin.staffing.book import BASE_UNIT_LEVEL
from gridadmin.staffing.figures import in_printed_order
from ui.panels import words as panel_words
from ui.people import words
from ui.people.choice_list import Choice, ChoiceList
from ui.people.desk import PeopleDesk
from ui.people.form import DayField, Fields, PeopleForm
from ui.people.record_form import RecordForm
from ui.people.staff import today
from ui.texts import mark, tr

CERTIFICATE_WORDS = {
    "none": mark("没有证书"),
    "assistant": mark("助理社会工作师"),
    "intermediate": mark("社会工作师"),
    "senior": mark("高级社会工作师"),
}
_TEXTS = {
    "staff_number": mark("工号"),
    "job_title": mark("职务"),
    "rank": mark("职级"),
    "gender": mark("性别"),
    "political_status": mark("政治面貌"),
    "recruited_from": mark("来源"),
    "duty_phone": mark("值班电话"),
    "own_phone": mark("本人手机"),
    "note": mark("备注"),
}


def _said(name: str) -> str:
    words_of = _TEXTS[name]
    return tr(words_of)


class PersonForm(RecordForm):
    """A person of the roster."""

    def __init__(
        self, desk: PeopleDesk, person: Person | None = None, parent: QWidget | None = None
    ) -> None:
        title = tr("新增人员") if person is None else tr("修改{name}的资料", name=person.name)
        said = tr("不登记身份证号和住址；本人手机在内部导出之外只显示首尾。")
        super().__init__(desk, "person", person, title, said, parent)
        scheme = desk.bridge.snapshot.scheme
        self.name = self.put_text("name", tr("姓名"))
        self.put_text("staff_number", _said("staff_number"))
        self.put_choice("organization", tr("单位"), self.units())
        self.put_text("job_title", _said("job_title"))
        self.put_text("rank", _said("rank"))
        if scheme.roster_kinds:
            kinds = [(words.term(one), one.key) for one in scheme.roster_kinds]
            self.put_choice("roster_kind", tr("人员类别"), [(tr("没有类别"), None), *kinds])
        levels = [(tr(CERTIFICATE_WORDS[one]), one) for one in CERTIFICATES]
        self.put_choice("certificate_level", tr("社工证书"), [(tr("未登记"), None), *levels])
        times = [(tr("未登记"), None), (tr("专职"), True), (tr("兼职"), False)]
        self.put_choice("is_full_time", tr("专职或兼职"), times)
        for name in ("duty_phone", "own_phone", "gender", "political_status", "recruited_from"):
            self.put_text(name, _said(name))
        self.put_day("valid_from", tr("开始日期"), tr("已知"))
        self.put_text("note", _said("note"), is_wide=True)

    def first_field(self) -> QWidget | None:
        """Begin with the name."""
        return self.name


class OrganizationForm(RecordForm):
    """A unit."""

    def __init__(
        self,
        desk: PeopleDesk,
        organization: Organization | None = None,
        parent: QWidget | None = None,
    ) -> None:
        is_new = organization is None
        title = tr("新增单位") if is_new else tr("修改单位资料")
        said = tr("派出单位、社区组织、企业都在这里登记。")
        super().__init__(desk, "organization", organization, title, said, parent)
        scheme = desk.bridge.snapshot.scheme
        self.name = self.put_text("name", tr("名称"), is_wide=True)
        self.put_text("code", tr("统一代码"))
        kinds = [(words.term(one), one.key) for one in scheme.organizations]
        self.put_choice("kind", tr("类别"), [(tr("普通单位"), None), *kinds])
        own = None if organization is None else organization.uid
        above = [(text, uid) for text, uid in self.units() if uid is None or uid != own]
        self.put_choice("parent", tr("上级单位"), above)
        self.put_text("contact", tr("联系方式"))
        self.put_number("sort_order", tr("排列次序"), tr("按名称"))
        self.put_day("valid_from", tr("开始日期"), tr("已知"))
        self.put_text("note", _said("note"), is_wide=True)

    def first_field(self) -> QWidget | None:
        """Begin with the name."""
        return self.name


class HeadcountForm(PeopleForm):
    """How many officials a unit has, and how many it is due to send."""

    def __init__(
        self,
        desk: PeopleDesk,
        organization: Organization,
        known: Headcount | None,
        parent: QWidget | None = None,
    ) -> None:
        title = tr("{name}的在编人数", name=organization.name)
        super().__init__(desk.context, title, "", tr("保存"), parent)
        self._organization = organization
        self.officials, self.quota = QSpinBox(), QSpinBox()
        for box in (self.officials, self.quota):
            box.setRange(0, MOST)
        self.officials.setValue(0 if known is None else known.officials)
        self.quota.setValue(0 if known is None else known.quota or 0)
        self.day = DayField("as_of", tr("截至日期"), day=today())
        fields = Fields()
        fields.put("officials", tr("在编干部"), self.officials)
        fields.put("quota", tr("应派人数"), self.quota)
        fields.put("as_of", tr("截至日期"), self.day)
        self.body.addLayout(fields)

    def first_field(self) -> QWidget | None:
        """Begin with the officials."""
        return self.officials

    def command(self) -> Command:
        """Return the command."""
        values = {
            "organization": self._organization.uid,
            "officials": self.officials.value(),
            "quota": self.quota.value(),
            "as_of": self.day.iso(),
        }
        return PutRecord("headcount", values)

    def told(self) -> str:
        """Return what was done."""
        return tr("已登记{name}的在编人数。", name=self._organization.name)


class PairForm(PeopleForm):
    """Pair a unit with a place, or a place with a unit."""

    def __init__(
        self,
        desk: PeopleDesk,
        *,
        organization: Organization | None = None,
        anchor: tuple[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self._desk = desk
        snapshot, book = desk.bridge.snapshot, desk.staff.book
        self._organization, self._anchor = organization, anchor
        name = organization.name if organization else ""
        if organization is None and book is not None:
            name = words.place(book, anchor)
        super().__init__(desk.context, tr("给{name}新增结对", name=name), "", tr("结对"), parent)
        self.list = ChoiceList("partners", tr("结对对象"), tr("按名称筛选（支持拼音）"))
        self.list.take(self._areas() if organization is not None else self._units())
        self.kind = QComboBox()
        level = BASE_UNIT_LEVEL
        if anchor is not None:
            level = level_of_object(anchor[0], snapshot.rows(anchor[0])[anchor[1]])
        kinds = snapshot.scheme.pairings
        for kind in [one for one in kinds if level in one.levels] or kinds:
            self.kind.addItem(words.term(kind), kind.key)
        self.document = QLineEdit()
        self.since = DayField("since", tr("开始日期"), day=today())
        self.until = DayField("until", tr("结束日期（含）"), box=tr("有期限"))
        self.body.addWidget(self.list, 1)
        fields = Fields()
        fields.put("kind", tr("结对方式"), self.kind)
        fields.put("document", tr("文号"), self.document)
        fields.put("since", tr("开始日期"), self.since)
        fields.put("until", tr("结束日期（含）"), self.until)
        self.body.addLayout(fields)
        self.list.changed.connect(self.judge)
        self.list.taken.connect(self._agree)
        em = self.fontMetrics().height()
        self.resize(36 * em, 38 * em)

    def first_field(self) -> QWidget | None:
        """Begin to type a name."""
        return self.list.field

    def _areas(self) -> list[Choice]:
        book, snapshot = self._desk.staff.book, self._desk.bridge.snapshot
        if book is None:
            return []
        return [
            Choice(
                area.uid,
                panel_words.name_of(area),
                panel_words.path_of(snapshot, area.uid),
                "" if book.pairings_on(area.uid) else tr("还没有结对"),
                found_by=area.code or "",
            )
            for area in sorted(
                book.areas(BASE_UNIT_LEVEL), key=lambda one: bool(book.pairings_on(one.uid))
            )
        ]

    def _units(self) -> list[Choice]:
        book = self._desk.staff.book
        if book is None:
            return []
        paired: dict[str, int] = {}
        for one in book.pairings():
            paired[one.organization] = paired.get(one.organization, 0) + 1
        found = sorted(
            book.organizations.values(),
            key=lambda one: (paired.get(one.uid, 0), in_printed_order(one)),
        )
        return [
            Choice(one.uid, one.name, "", tr("已结对 {n} 处", n=paired.get(one.uid, 0)))
            for one in found
        ]

    def why_not(self) -> str:
        """Return what is missing."""
        if not self.kind.count():
            return tr("方案没有规定结对方式。")
        return "" if self.list.chosen is not None else tr("请先选结对对象。")

    def command(self) -> Command:
        """Return the command."""
        chosen = "" if self.list.chosen is None else self.list.chosen.key
        unit = self._organization.uid if self._organization else chosen
        table, uid = self._anchor or ("area", chosen)
        values = {
            "document": self.document.text().strip() or None,
            "valid_from": self.since.iso(),
            "valid_to": self.until.day_after(),
        }
        return Pair(unit, Anchor(table=table, uid=uid), self.kind.currentData(), values)

    def told(self) -> str:
        """Return what was done."""
        return tr("已新增结对。")


class EndRecordForm(PeopleForm):
    """The first day without a person, a unit or a pairing."""

    def __init__(
        self,
        desk: PeopleDesk,
        table: str,
        uid: str,
        title: str,
        said: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk.context, title, said, tr("确定"), parent)
        self._table, self._uid, self._title = table, uid, title
        self.day = DayField("day", tr("从哪一天起"), day=today())
        fields = Fields()
        fields.put("day", tr("从哪一天起"), self.day)
        self.body.addLayout(fields)

    def command(self) -> Command:
        """Return the command."""
        return EndRecord(self._table, self._uid, self.day.iso())

    def told(self) -> str:
        """Return what was done."""
        return tr("{what}：已完成。", what=self._title)
