"""Number and day of the document behind a split or merge of communities, asked beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from gridadmin.domain.model import Area
from gridadmin.edit.papers import Papers
from gridadmin.partition.snapshot import Snapshot
from ui.dialogs.words import label
from ui.plans.forms import PlanForm
from ui.texts import tr


def take_papers(snapshot: Snapshot, areas: Iterable[Area]) -> bool:
    """Return whether a split or merge of such areas goes by a document: communities and above."""
    rank = snapshot.level_rank
    return any(rank(area.level) <= rank("community") for area in areas)


class PapersFields:
    """Two fields; both may stay empty: the document can be written down later, the day is today."""

    def __init__(self, on_change: Callable[[], object]) -> None:
        self.number, self.day = QLineEdit(), QLineEdit()
        for field, name, said, hint in (
            (self.number, "papers-document", tr("文号"), tr("发文机关、年份和序号")),
            (self.day, "papers-date", tr("日期"), tr("如 2026-12-31；留空是今天")),
        ):
            field.setObjectName(name)
            field.setAccessibleName(said)
            field.setPlaceholderText(hint)
            field.textChanged.connect(lambda _: on_change())

    def add_to(self, form: QFormLayout) -> None:
        """Put the fields below the rows of a form."""
        for field in (self.number, self.day):
            form.addRow(label(field.accessibleName(), "quiet", field), field)

    def why_not(self) -> str:
        """Return what is wrong with the day, in words."""
        day = self.day.text().strip()
        return "" if not day or _is_day(day) else tr("日期写成 2026-12-31 的样子。")

    def papers(self) -> Papers:
        """Return what was filled in."""
        return Papers(self.number.text().strip() or None, self.day.text().strip() or None)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


class PapersForm(PlanForm):
    """The same two fields as a small dialog of their own, before a line cuts."""

    def __init__(self, names: str, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("分割{names}", names=names),
            tr("文号和日期记入沿革；文号可以以后再补。"),
            tr("分割"),
            parent,
        )
        self.setObjectName("papers_form")
        self.fields = PapersFields(self.judge)
        self.add_field("papers-document", tr("文号"), self.fields.number)
        self.add_field("papers-date", tr("日期"), self.fields.day)
        self.judge()

    def why_not(self) -> str:
        """Return what is wrong."""
        return self.fields.why_not()
