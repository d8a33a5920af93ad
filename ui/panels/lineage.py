"""Where an area comes from and what became of it, with the document behind it."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QLineEdit

from gridadmin.app.lineage_facts import LineageFact, heirs_of, lineage_of
from gridadmin.domain.model import Area
from gridadmin.edit.papers import Papers, SetPapers, newest_lines
from ui.dialogs.papers_fields import take_papers
from ui.panels import words
from ui.panels.desk import Desk
from ui.panels.fields import Kept
from ui.panels.lasting_page import Part
from ui.panels.page import Page
from ui.panels.parts import ElidedButton, Facts, Section, row_of
from ui.texts import mark, tr
from ui.tips import plain_tip

_SAID = {
    ("merge", True): mark("由{names}并入"),
    ("merge", False): mark("并入{names}"),
    ("split", True): mark("拆分自{names}"),
    ("split", False): mark("分出{names}"),
    ("delete", True): mark("{names}撤销后划入"),
    ("delete", False): mark("撤销后划入{names}"),
}


def has_lineage(desk: Desk, area: Area) -> bool:
    """Return whether there is anything to tell."""
    return bool(desk.snapshot.linked("lineage", area.uid))


def lineage_part(desk: Desk, area: Area) -> Iterator[Part]:
    """Yield the section about the life of an area, if there is anything to tell."""
    if has_lineage(desk, area):
        told = _told(desk, area), newest_lines(desk.snapshot, area.uid)
        state = (area.uid, *told, desk.bridge.why_not_change())
        yield Part("lineage", state, lambda: LineageSection(desk, area))


def _told(desk: Desk, area: Area) -> list[tuple[str, str]]:
    """Return dates and what happened to an area on them."""
    facts = lineage_of(desk.snapshot, area.uid)
    return [(fact.date or words.UNKNOWN, _said(desk, fact)) for fact in facts]


def _said(desk: Desk, fact: LineageFact) -> str:
    rows = desk.snapshot.rows("area")
    names = tr("、").join(_named(rows.get(uid)) for uid in fact.others)
    known = _SAID.get((fact.kind, fact.is_origin))
    said = names if known is None else tr(known, names=names)
    return words.dotted((said, fact.document or ""))


class LineageSection(Section):
    """The events in the life of an area; for communities and above, the papers behind the last."""

    def __init__(self, desk: Desk, area: Area) -> None:
        super().__init__(tr("沿革"))
        self._desk = desk
        self._area = area
        facts = Facts()
        for date, said in _told(desk, area):
            facts.add(date, said)
        self.add(facts)
        if take_papers(desk.snapshot, [area]) and newest_lines(desk.snapshot, area.uid):
            self._add_papers()

    def _add_papers(self) -> None:
        """Let number and day of the document be written down."""
        (line, *_) = newest_lines(self._desk.snapshot, self._area.uid)
        why = self._desk.bridge.why_not_change()
        self.number = _field("document", tr("文号"), line.document or "")
        self.day = _field("document-date", tr("日期"), line.date or "")
        self.day.setPlaceholderText("2026-12-31")
        self.day.setMaximumWidth(9 * self.fontMetrics().height())
        save = ElidedButton(tr("保存"), self._save)
        save.setObjectName("save-papers")
        save.forbid(why)
        row = row_of(self.number, self.day, save, stretches=True)
        for field in (self.number, self.day):
            field.setReadOnly(bool(why))
            field.setToolTip(plain_tip(why))
            field.returnPressed.connect(self._save)
        self._kept = Kept(row)
        self.add(self._kept)

    def _save(self) -> None:
        papers = Papers(self.number.text().strip() or None, self.day.text().strip() or None)
        self._kept.say(self._desk.attempt(SetPapers(self._area.uid, papers)))


def _named(area: Area | None) -> str:
    if area is None:
        return tr("（不存在的区域）")
    name = words.name_of(area)
    return name if area.code is None else tr("{name}（{code}）", name=name, code=area.code)


def _field(name: str, word: str, text: str) -> QLineEdit:
    field = QLineEdit(text)
    field.setObjectName(name)
    field.setAccessibleName(word)
    field.setPlaceholderText(word)
    return field


class RetiredPage(Page):
    """What is left of an area that is no more: when it ended, and who took over."""

    def __init__(self, desk: Desk, area: Area) -> None:
        super().__init__(desk)
        section = self.add_title(words.name_of(area), tr("已撤销"))
        facts = Facts()
        facts.add(tr("级别"), words.level(desk.snapshot, area.level))
        facts.add(tr("编码"), words.spaced_code(area.code) if area.code else words.UNKNOWN)
        facts.add(tr("撤销日期"), area.valid_to or words.UNKNOWN)
        section.add(facts)
        heirs = heirs_of(desk.snapshot, area.uid)
        if heirs:
            section.say(tr("现在由这些区域承接："), "quiet")
            for uid in heirs:
                section.add(self.link(desk.snapshot.area(uid)))
        if has_lineage(desk, area):
            self.add(LineageSection(desk, area))
