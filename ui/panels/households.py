"""Typed households of an area beside counted ones: the figure, its day, and confirming it."""

from __future__ import annotations

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit

from gridadmin.app.area_facts import AreaFacts, Fit
from gridadmin.domain.model import HouseholdsState
from gridadmin.edit.area_commands import SetField
from ui.panels import words
from ui.panels.desk import Desk
from ui.panels.fields import Kept
from ui.panels.parts import BandBar, ElidedButton, Section, row_of
from ui.texts import tr

_MOST_HOUSEHOLDS = 99_999_999


class HouseholdsSection(Section):
    """The households of an area against their band, and the form in which others are typed."""

    def __init__(self, desk: Desk, known: AreaFacts) -> None:
        super().__init__(*_heading(known))
        self._look = _look(known)
        self._bar: BandBar | None = None
        if known.band is not None:
            if known.households is not None:
                self._bar = BandBar(known.households, known.band, known.fit)
                self.add(self._bar)
            said = words.fit(known.households, known.band, known.fit)
            self._said = self.say(said, "warning" if known.fit in _OFF else "quiet")
        self._form = HouseholdsForm(desk, known)
        self._form.stand_in(self)

    def turn_to(self, known: AreaFacts) -> bool:
        """Show other facts, or those of another area; return whether the widgets serve for them."""
        if _look(known) != self._look or not self._form.turn_to(known):
            return False
        self.retitle(*_heading(known))
        if known.band is not None:
            if self._bar is not None and known.households is not None:
                self._bar.tell(known.households, known.band, known.fit)
            self._said.setText(words.fit(known.households, known.band, known.fit))
        return True


_OFF = (Fit.BELOW, Fit.ABOVE)


def _heading(known: AreaFacts) -> tuple[str, str]:
    figure = words.marked_households(known.households, known.state)
    told = tr("户数未知") if known.households is None else tr("户数 {n}", n=figure)
    return told, words.band(known.band)


def _look(known: AreaFacts) -> tuple[bool, bool, bool]:
    """Return what decides which widgets there are."""
    return known.households is None, known.band is None, known.fit in _OFF


class HouseholdsForm:
    """The part of an area's page where households are typed; counted ones stand beside it."""

    def __init__(self, desk: Desk, known: AreaFacts) -> None:
        self._desk = desk
        self._known = known
        self._area = known.area
        self._has_fields = False

    def turn_to(self, known: AreaFacts) -> bool:
        """Serve for other facts; return False where there are, or have to be, fields."""
        if self._has_fields or known.is_typed or known.area.households_typed is not None:
            return False
        self._known, self._area = known, known.area
        return True

    def stand_in(self, section: Section) -> None:
        """Put the form at the end of a section; where buildings are counted only when wanted."""
        if self._known.is_typed or self._area.households_typed is not None:
            self._tell(section)
            self._add_form(section)
            return
        link = ElidedButton(tr("另填户数…"), lambda: self._open(section, link), "link")
        link.setObjectName("type-households")
        link.forbid(self._desk.bridge.why_not_change())
        section.add(row_of(link))

    def _open(self, section: Section, link: ElidedButton) -> None:
        link.hide()
        self._add_form(section)
        # What somebody opened stays until something changes.
        self._figure.setProperty("asks", True)
        self._figure.setFocus()

    def _tell(self, section: Section) -> None:
        """Say where the typed figure comes from, and what the buildings say beside it."""
        area, known = self._area, self._known
        if known.state == HouseholdsState.COUNTED:
            typed = area.households_typed or 0
            counted = known.households or 0
            said = tr(
                "按楼栋统计 {counted} 户，填报 {typed} 户，相差 {n} 户。",
                counted=f"{counted:,}", typed=f"{typed:,}", n=f"{abs(counted - typed):,}",
            )  # fmt: skip
            if counted == typed:
                said = tr("与填报的户数一致。")
            section.say(said, "warning" if counted != typed else "quiet")
        if area.is_stale:
            section.say(tr("这个数字是边界调整前填写的，请确认或改正。"), "warning")
        elif area.households_as_of:
            section.say(tr("人工填写，截至 {date}。", date=area.households_as_of), "quiet")
        elif known.is_typed:
            section.say(tr("没有楼栋资料，可以直接填写户数。"), "quiet")

    def _add_form(self, section: Section) -> None:
        area, why = self._area, self._desk.bridge.why_not_change()
        self._has_fields = True
        figure = area.households_typed
        self._figure = QLineEdit("" if figure is None else str(figure))
        self._figure.setObjectName("households")
        self._figure.setAccessibleName(tr("户数"))
        self._figure.setPlaceholderText(tr("户数"))
        self._figure.setValidator(QIntValidator(0, _MOST_HOUSEHOLDS, self._figure))
        self._day = QLineEdit()
        self._day.setObjectName("households-as-of")
        self._day.setAccessibleName(tr("截至日期"))
        self._day.setPlaceholderText(tr("截至今天"))
        for field in (self._figure, self._day):
            field.setReadOnly(bool(why))
            field.returnPressed.connect(self._type)
        self._figure.setToolTip(why or tr("按回车保存。"))
        self._day.setToolTip(why or tr("这个户数截至哪一天，例如 2026-12-31；不填就是今天。"))
        button = ElidedButton(tr("保存"), self._type)
        if area.is_stale:
            button = ElidedButton(tr("确认"), self._type, "primary")
        button.setObjectName("save-households")
        button.forbid(why)
        self._kept = Kept(row_of(self._figure, self._day, button, stretches=True))
        section.add(self._kept)

    def _type(self) -> None:
        text, day = self._figure.text().strip(), self._day.text().strip()
        figure = int(text) if text else None
        setting = SetField(self._area.uid, "households", figure, day or None)
        self._kept.say(self._desk.attempt(setting))
