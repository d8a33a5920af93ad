"""The dialog about a party organisation: what it is, below which it hangs, whom it is for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QComboBox, QWidget

from gridadmin.domain.people import PARTY_KINDS, PartyNode
from gridadmin.staffing.party_rules import ABOVE, fault_of
from ui.dialogs.words import Sentence
from ui.panels import words as panel_words
from ui.people import choices, words
from ui.people.desk import PeopleDesk
from ui.people.party_page import KINDS
from ui.people.pick_field import PickField
from ui.people.record_form import RecordForm
from ui.texts import sentence, tr

LEVELS_OF: Mapping[str, tuple[str, ...]] = {
    "work_committee": ("street", "district"),
    "community_committee": ("community",),
    "branch": ("grid", "community"),
    "group": ("grid", "micro_grid", "building"),
}
"""The levels on which an organisation of a kind usually stands."""


class PartyForm(RecordForm):
    """One organisation; below which it hangs is proposed from its area."""

    def __init__(
        self,
        desk: PeopleDesk,
        node: PartyNode | None = None,
        *,
        area: str | None = None,
        below: PartyNode | None = None,
        parent: QWidget | None = None,
    ) -> None:
        is_new = node is None
        title = tr("新增党组织") if is_new else tr("修改{name}", name=node.name if node else "")
        said = tr("党组织是与区域并行的另一棵树：上级党组织和所在区域分别登记。")
        super().__init__(desk, "party_node", node, title, said, parent)
        self._own = None if node is None else node.uid
        snapshot = desk.bridge.snapshot
        rows, persons = snapshot.rows("party_node"), snapshot.rows("person")
        self.name = self.put_text("name", tr("名称"), is_wide=True)
        kind = node.kind if node else _kind_for(snapshot, area, below)
        self.kind = self.put_choice(
            "kind", tr("类别"), [(tr(KINDS[k]), k) for k in PARTY_KINDS], is_wide=True
        )
        self.kind.setCurrentIndex(PARTY_KINDS.index(kind))
        self.types = self.put_choice(
            "branch_type", tr("支部类型"), [(tr("未登记"), None)], is_wide=True
        )
        self._fill_types(None if node is None else node.branch_type)
        above = rows.get(node.parent or "") if node else below
        self.above = self.put_pick(
            "parent", tr("上级党组织"), self._nodes, title=above.name if above else ""
        )
        if is_new and below is not None:
            self.above.set(below.uid, below.name)
        area_name = panel_words.name_of_uid(snapshot, node.area) if node and node.area else ""
        self.area: PickField = self.put_pick("area", tr("所在区域"), self._areas, title=area_name)
        if is_new and area is not None:
            self.area.set(area, panel_words.name_of_uid(snapshot, area))
        secretary = persons.get(node.secretary or "") if node else None
        self.secretary = self.put_pick(
            "secretary", tr("书记或组长"), self._persons, title=secretary.name if secretary else ""
        )
        self.put_number("households_linked", tr("党员联系户数"), tr("未登记"))
        self.put_modes()
        self.put_day("valid_from", tr("成立日期"), tr("已知"))
        self.warning = Sentence("warning")
        self.warning.setObjectName("warning")
        self.body.addWidget(self.warning)
        self.kind.currentIndexChanged.connect(lambda _: self._take_kind())
        self.area.changed.connect(self._propose_above)
        if is_new and below is None:
            self._propose_above()
        self.judge()

    def put_modes(self) -> QComboBox | None:
        """Put the mode in which it exists, where the scheme has more than one."""
        modes = self.desk.bridge.snapshot.scheme.modes
        if len(modes) < 2:
            return None
        named = [(words.term(one), one.key) for one in modes]
        return self.put_choice("mode", tr("模式"), [(tr("平时和战时"), None), *named], is_wide=True)

    def first_field(self) -> QWidget | None:
        """Begin with the name."""
        return self.name

    def _nodes(self, roll: Any) -> Any:
        return choices.party_nodes(ABOVE[self.kind.currentData()], self._own)(roll)

    def _areas(self, roll: Any) -> Any:
        return choices.areas(LEVELS_OF[self.kind.currentData()])(roll)

    def _persons(self, roll: Any) -> Any:
        return choices.persons(self.area.value)(roll)

    def _fill_types(self, kept: str | None) -> None:
        """Offer the types that the scheme has for such an organisation, and what it had."""
        levels = set(LEVELS_OF[self.kind.currentData()])
        self.types.blockSignals(True)
        self.types.clear()
        self.types.addItem(tr("未登记"), None)
        for one in self.desk.bridge.snapshot.scheme.organizations:
            if one.key == kept or (levels & {*one.levels} and not one.required):
                self.types.addItem(words.term(one), one.key)
        self.types.setCurrentIndex(max(self.types.findData(kept), 0))
        self.types.setEnabled(self.types.count() > 1)
        self.types.setToolTip("" if self.types.count() > 1 else tr("方案没有为这一类别分类型。"))
        self.types.blockSignals(False)

    def _take_kind(self) -> None:
        self._fill_types(self.types.currentData())
        self._propose_above()

    def _propose_above(self) -> None:
        """Offer the nearest organisation of a fitting kind at or above the area."""
        book, area = self.desk.staff.book, self.area.value
        if book is None or area is None or self._record is not None:
            self.judge()
            return
        wanted = ABOVE[self.kind.currentData()]
        snapshot = book.snapshot
        for uid in (area, *(one.uid for one in snapshot.ancestors(area))):
            found = [n for n in book.party_nodes() if n.area == uid and n.kind in wanted]
            if found:
                best = min(found, key=lambda one: (wanted.index(one.kind), one.name))
                self.above.set(best.uid, best.name)
                break
        self.judge()

    def judge(self) -> None:
        """Say what the rules of the tree find on what is written so far."""
        super().judge()
        if hasattr(self, "warning"):
            self.warning.say(self._fault())

    def _fault(self) -> str:
        book = self.desk.staff.book
        if book is None:
            return ""
        name = self.name.text().strip() or tr("新党组织")
        node = PartyNode(
            self._own or "", name, self.kind.currentData(), None, self.above.value, self.area.value
        )
        found = fault_of(book, node)
        return "" if found is None else sentence(f"staff.{found[0]}", **found[1])


def _kind_for(snapshot: Any, area: str | None, below: PartyNode | None) -> str:
    """Return which kind is most likely meant: one below another, else that of the area's level."""
    if below is not None:
        at = PARTY_KINDS.index(below.kind)
        return PARTY_KINDS[min(at + 1, len(PARTY_KINDS) - 1)]
    row = None if area is None else snapshot.rows("area").get(area)
    for kind, levels in LEVELS_OF.items():
        if row is not None and row.level in levels:
            return kind
    return "branch"
