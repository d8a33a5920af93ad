"""The issues of the project as a list: filtered, and put into groups if one wants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gridadmin.app.area_search import folded
from gridadmin.base.errors import EditError
from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.issue import Issue, IssueState
from gridadmin.edit.command import face_of_point
from gridadmin.partition.snapshot import Snapshot
from ui.bridge import Bridge
from ui.panels import words
from ui.panels.issue_states import state_now, state_words
from ui.panels.marks import State, state_of, words_of
from ui.panels.project_index import ProjectIndex
from ui.panels.settled_issues import GONE_STATES, SettledIssues
from ui.texts import tr
from ui.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex


class IssueRole(IntEnum):
    """What the model tells beside the usual roles."""

    ISSUE = Qt.ItemDataRole.UserRole + 1
    """The issue; None for the head of a group."""
    STATE = Qt.ItemDataRole.UserRole + 2
    KIND = Qt.ItemDataRole.UserRole + 3
    AREAS = Qt.ItemDataRole.UserRole + 4
    SIZE = Qt.ItemDataRole.UserRole + 5
    """The second line."""


class Grouping(StrEnum):
    """By what issues are put together."""

    NONE = "none"
    KIND = "kind"
    PLACE = "place"


@dataclass(frozen=True)
class IssueFilter:
    """Which issues are shown; ``kind`` and ``typed`` empty, ``state`` None = any."""

    severities: frozenset[Severity] = frozenset({Severity.ERROR, Severity.WARNING})
    kind: str = ""
    typed: str = ""
    state: IssueState | None = None


@dataclass(frozen=True)
class _Head:
    title: str
    note: str


_Row = Issue | _Head


class IssueModel(QAbstractListModel):
    """The issues that the filter lets through, in the order of the check or in groups."""

    def __init__(self, bridge: Bridge, index: ProjectIndex, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._index = index
        self._filter = IssueFilter()
        self._grouping = Grouping.NONE
        self._rows: list[_Row] = []
        self._row_of: dict[str, int] = {}
        self._lived_on: dict[Issue, tuple[int, int]] = {}
        self._settled: SettledIssues | None = None
        self._tellers: Mapping[int, Callable[[Issue], Any]] = {
            Qt.ItemDataRole.DisplayRole: self._title,
            Qt.ItemDataRole.ToolTipRole: lambda issue: plain_tip(self._tip(issue)),
            Qt.ItemDataRole.AccessibleTextRole: self._spoken,
            IssueRole.ISSUE: lambda issue: issue,
            IssueRole.STATE: self._sign,
            IssueRole.KIND: lambda issue: words.kind(issue.kind),
            IssueRole.AREAS: self._areas,
            IssueRole.SIZE: self._size,
        }

    # What is shown

    @property
    def filter(self) -> IssueFilter:
        """Which issues are shown."""
        return self._filter

    def set_filter(self, **changed: Any) -> None:
        """Change fields of the filter."""
        self._filter = replace(self._filter, **changed)
        self.read_anew()

    @property
    def grouping(self) -> Grouping:
        """By what the issues are put together."""
        return self._grouping

    def set_grouping(self, grouping: Grouping) -> None:
        """Put the issues together in another way."""
        self._grouping = grouping
        self.read_anew()

    def read_anew(self) -> None:
        """Take the present issues."""
        self.beginResetModel()
        state = self._filter.state
        shows_gone = self._bridge.is_open and state in GONE_STATES
        self._settled = SettledIssues(self._bridge, state) if shows_gone and state else None
        issues = self._passing(self._all(), self._filter)
        self._rows = self._in_groups(issues)
        self._row_of = {
            row.id: number for number, row in enumerate(self._rows) if isinstance(row, Issue)
        }
        self.endResetModel()

    def forget_buildings(self) -> None:
        """Ask anew who lives on the faces: buildings changed."""
        self._lived_on.clear()

    def kinds(self) -> Mapping[str, int]:
        """Return how many issues of each kind pass the other filters, in the order of the check."""
        return Counter(
            issue.kind for issue in self._passing(self._all(), replace(self._filter, kind=""))
        )

    def severities(self) -> Mapping[Severity, int]:
        """Return how many issues there are of each severity; accepted ones are none of them."""
        accepted = self._bridge.is_accepted
        return Counter(issue.severity for issue in self._all() if not accepted(issue))

    def accepted(self) -> int:
        """Return how many issues are listed and weigh no more, for somebody answers for them."""
        return sum(self._bridge.is_accepted(issue) for issue in self._all())

    @property
    def shows_settled(self) -> bool:
        """Whether the list shows what a check finds no more."""
        return self._settled is not None

    def _all(self) -> Sequence[Issue]:
        """Return the issues found now; the settled ones of the state that is asked for."""
        return self._bridge.issues() if self._settled is None else self._settled.issues

    # Issues and rows

    def numbers(self) -> list[str]:
        """Return the numbers of the issues that are shown, in order."""
        return list(self._row_of)

    def index_of(self, number: str | None) -> QModelIndex:
        """Return the row of an issue; invalid when it isn't shown."""
        row = None if number is None else self._row_of.get(number)
        return QModelIndex() if row is None else self.index(row)

    def issue_of(self, index: Index) -> Issue | None:
        """Return the issue of a row, None for the head of a group."""
        row = self._rows[index.row()] if index.isValid() else None
        return row if isinstance(row, Issue) else None

    # QAbstractListModel

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many rows there are, heads included."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Issues can be chosen, heads of groups can't."""
        if self.issue_of(index) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a row shows."""
        if not index.isValid() or not self._bridge.is_open:
            return None
        row = self._rows[index.row()]
        return self._head(row, role) if isinstance(row, _Head) else self._issue(row, role)

    def _head(self, head: _Head, role: int) -> Any:
        if role == IssueRole.SIZE:
            return head.note
        is_text = role in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
            IssueRole.KIND,
        )
        return head.title if is_text else None

    def _issue(self, issue: Issue, role: int) -> Any:
        tell = self._tellers.get(int(role))
        return None if tell is None else tell(issue)

    # Words

    def _areas(self, issue: Issue) -> str:
        return words.issue_areas(self._bridge.snapshot, issue)

    def _title(self, issue: Issue) -> str:
        return f"{words.kind(issue.kind)}  {self._areas(issue)}"

    def _is_gone(self, issue: Issue) -> bool:
        return self._settled is not None and self._settled.holds(issue.id)

    def _sign(self, issue: Issue) -> State:
        return State.FINE if self._is_gone(issue) else state_of(issue.severity)

    def _tip(self, issue: Issue) -> str:
        areas = words.issue_areas(self._bridge.snapshot, issue, 12)
        if self._is_gone(issue):
            return f"{words.kind(issue.kind)}\n{self._size(issue)}\n{areas}"
        return f"{words.issue_sentence(issue, self._index.land_of_issue(issue))}\n{areas}"

    def _spoken(self, issue: Issue) -> str:
        state = words_of(self._sign(issue))
        return tr("，").join((state, self._title(issue), self._size(issue)))

    def _size(self, issue: Issue) -> str:
        if self._settled is not None and self._settled.holds(issue.id):
            return self._settled.said(issue.id)
        return words.dotted((state_words(self._bridge.snapshot, issue), self._facts(issue)))

    def _facts(self, issue: Issue) -> str:
        params = dict(issue.params)
        if issue.kind == "household_band":
            of = tr("标准 {low}–{high}", low=params["low"], high=params["high"])
            return words.dotted((words.households(params["households"]), of))
        if issue.area_m2 is None or issue.kind in ("multipart", "reference_difference"):
            return words.issue_sentence(issue)
        size = words.issue_size(issue, self._index.land_of_issue(issue))
        if "households" in params:
            return words.dotted((size, words.households(params["households"])))
        return words.dotted((size, self._living(issue)))

    def _living(self, issue: Issue) -> str:
        """Return who lives on the face of an issue, as far as that is known."""
        if issue.point is None or not self._index.is_counted:
            return ""
        known = self._lived_on.get(issue)
        if known is None:
            known = self._lived_on[issue] = _on_face(self._bridge.snapshot, issue)
        buildings, households = known
        if not buildings:
            return tr("没有楼栋")
        if not households:
            return tr("{buildings}，无住户", buildings=words.buildings(buildings))
        return f"{words.buildings(buildings)} {words.households(households)}"

    # Filter and groups

    def _passing(self, issues: Iterable[Issue], by: IssueFilter) -> list[Issue]:
        typed = folded(by.typed).split()
        found = [
            issue
            for issue in issues
            if issue.severity in by.severities and by.kind in ("", issue.kind)
        ]
        if by.state is not None and self._settled is None and self._bridge.is_open:
            snapshot = self._bridge.snapshot
            found = [issue for issue in found if state_now(snapshot, issue) is by.state]
        if not typed:
            return found
        return [issue for issue in found if all(word in self._said(issue) for word in typed)]

    def _said(self, issue: Issue) -> str:
        rows = self._bridge.snapshot.rows("area")
        areas = [rows[uid] for uid in issue.areas if uid in rows]
        names = [f"{area.name} {area.code or ''}" for area in areas]
        return folded(" ".join((words.kind(issue.kind), *names)))

    def _in_groups(self, issues: Sequence[Issue]) -> list[_Row]:
        if self._grouping is Grouping.NONE:
            return list(issues)
        name_of = self._kind_of if self._grouping is Grouping.KIND else self._place_of
        groups: dict[str, list[Issue]] = {}
        for issue in issues:
            groups.setdefault(name_of(issue), []).append(issue)
        rows: list[_Row] = []
        for name, members in groups.items():
            rows += [_Head(name, _sum_of(members)), *members]
        return rows

    def _kind_of(self, issue: Issue) -> str:
        return words.kind(issue.kind)

    def _place_of(self, issue: Issue) -> str:
        """Return the community of an issue's first area, or the highest area below the root."""
        snapshot = self._bridge.snapshot
        rows = snapshot.rows("area")
        first = next((rows[uid] for uid in issue.areas if uid in rows), None)
        if first is None:
            return tr("其他")
        chain = [first, *snapshot.ancestors(first.uid)]
        communities = [area for area in chain if area.level == "community"]
        below_root = [area for area in chain if area.parent is not None]
        return words.name_of((communities or below_root[-1:] or chain)[0])


def _sum_of(issues: Sequence[Issue]) -> str:
    land = sum(issue.area_m2 or 0.0 for issue in issues)
    count = tr("{n} 条", n=f"{len(issues):,}")
    return words.dotted((count, tr("合计 {land}", land=words.land(land)) if land else ""))


def _on_face(snapshot: Snapshot, issue: Issue) -> tuple[int, int]:
    if issue.point is None:
        return 0, 0
    try:
        face = face_of_point(snapshot, issue.point, is_inside=True)
    except EditError:
        return 0, 0
    return snapshot.counts.in_face(snapshot.partition, face)
