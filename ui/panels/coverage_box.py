"""What the check covered: share of the land, scope, tolerances, frame; can be folded away."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gridadmin.app.issue_facts import coverage_of
from gridadmin.domain.scheme import LEVELS
from ui.actions import Actions
from ui.bridge import Bridge
from ui.panels import words
from ui.panels.check_buttons import check_buttons
from ui.panels.parts import ElidedButton, Facts
from ui.panels.project_index import ProjectIndex
from ui.texts import tr


class CoverageBox(QWidget):
    """A button with the share that is covered, and the figures of the check below it."""

    def __init__(self, bridge: Bridge, index: ProjectIndex, actions: Actions | None = None) -> None:
        super().__init__()
        self._bridge = bridge
        self._index = index
        self._was_asked = False
        self._fold = ElidedButton(tr("检查情况"), self._ask, "quiet")
        self._fold.setCheckable(True)
        self._fold.setChecked(True)
        self._fold.setStyleSheet("QPushButton { text-align: left; padding: 4px 8px; }")
        self._fold.toggled.connect(lambda _: self.refresh())
        self._figures = QVBoxLayout()
        self._figures.setContentsMargins(9, 2, 9, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 2, 4, 2)
        column.setSpacing(0)
        column.addWidget(self._fold)
        column.addLayout(self._figures)
        if actions is not None:
            column.addWidget(check_buttons(actions))
        column.addStretch(1)

    def fold_unless_asked(self, *, is_open: bool) -> None:
        """Open or fold the figures, unless the user has said himself what he wants."""
        if not self._was_asked:
            self._fold.setChecked(is_open)

    def refresh(self) -> None:
        """Tell the present state."""
        while (item := self._figures.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self.setVisible(self._bridge.is_open)
        if not self._bridge.is_open:
            return
        is_open, share = self._fold.isChecked(), self._share()
        self._fold.setText(words.dotted((f"{'▾' if is_open else '▸'}  {tr('检查情况')}", share)))
        self._fold.setAccessibleName(words.dotted((tr("检查情况"), share)))
        if is_open:
            self._figures.addWidget(self._facts())

    def _ask(self) -> None:
        self._was_asked = True

    def _facts(self) -> Facts:
        snapshot, counts = self._bridge.snapshot, self._index.level_counts
        facts = Facts()
        told = [words.tally(snapshot, key, counts[key]) for key in LEVELS if counts.get(key, 0)]
        facts.add(tr("检查范围"), words.dotted(told) or "…")
        snap = tr("捕捉 {n} 毫米", n=f"{snapshot.snap_m * 1000:g}")
        least = tr("列出 ≥ {n} m²", n=f"{snapshot.min_area_m2:g}")
        facts.add(tr("容差"), words.dotted((snap, least)))
        frame = tr("已给出") if snapshot.has_frame else tr("没有外框，只能查出四周被围住的缝隙")
        facts.add(tr("外框"), frame)
        return facts

    def _share(self) -> str:
        if not self._bridge.has_issues:
            return ""
        share = coverage_of(self._bridge.snapshot, self._bridge.issues(), self._bridge.dust()[1])
        return "" if share is None else tr("覆盖 {share}", share=words.percent(share))
