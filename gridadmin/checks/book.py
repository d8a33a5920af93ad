"""The book of issues: a full check, and the same answer kept up edit by edit.

Issues hang on scopes: an owner's land, a face, an area, a code, a set of siblings. A change
re-checks the scopes that it touches and leaves the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from immutables import Map

from gridadmin.base.memory import collector_paused
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.checks.areas import check_area
from gridadmin.checks.at_once import Known, known_at_once
from gridadmin.checks.coverage import check_owner
from gridadmin.checks.face_book import FaceBook
from gridadmin.checks.finding import Findings, Scope, area_issue, is_on
from gridadmin.checks.scopes import all_scopes, concerns_all, touched_scopes
from gridadmin.domain.change import Change
from gridadmin.domain.issue import Issue, distinct
from gridadmin.domain.model import Area
from gridadmin.partition.snapshot import Snapshot


class IssueBook:
    """All findings of one snapshot by scope; immutable."""

    __slots__ = ("_by_scope", "_faces", "snapshot")

    def __init__(self, snapshot: Snapshot, by_scope: Map[Scope, Findings], faces: FaceBook) -> None:
        self.snapshot = snapshot
        self._by_scope = by_scope
        self._faces = faces

    @classmethod
    def of(cls, snapshot: Snapshot, progress: Progress = SILENT) -> IssueBook:
        """Return the book of a full check. Raises: Cancelled."""
        with collector_paused():
            return cls._of(snapshot, progress)

    @classmethod
    def _of(cls, snapshot: Snapshot, progress: Progress) -> IssueBook:
        scopes = list(all_scopes(snapshot))
        checkpoint(progress, "progress.checking", 0, len(scopes))
        faces = FaceBook.of(snapshot)
        known = known_at_once(snapshot)
        found: dict[Scope, Findings] = {}
        for number, scope in enumerate(scopes):
            if number % 256 == 0:
                checkpoint(progress, "progress.checking", number, len(scopes))
            findings = _check(snapshot, scope, known)
            if findings.issues:
                found[scope] = findings
        checkpoint(progress, "progress.checking", len(scopes), len(scopes))
        return cls(snapshot, Map(found), faces)

    def after(self, snapshot: Snapshot, change: Change, touched: Iterable[int]) -> IssueBook:
        """Return the book for the *snapshot* that *change* led to.

        *touched* are the owners whose outline is another one.
        """
        if concerns_all(change):
            return IssueBook.of(snapshot)
        scopes = touched_scopes(self.snapshot, snapshot, change, touched)
        found = self._by_scope.mutate()
        for scope in scopes:
            findings = _check(snapshot, scope)
            if findings.issues:
                found[scope] = findings
            else:
                found.pop(scope, None)
        owners = [int(key) for kind, key in scopes if kind == "owner"]
        return IssueBook(snapshot, found.finish(), self._faces.after(snapshot, change, owners))

    def issues(self) -> list[Issue]:
        """Return all issues, errors first, each with a number of its own."""
        return distinct(list(self._all()))

    def issue(self, number: str) -> Issue | None:
        """Return the issue of that number, or None."""
        stem = number.partition("-")[0]
        same = distinct([issue for issue in self._all() if issue.id == stem])
        return next((issue for issue in same if issue.id == number), None)

    def _all(self) -> Iterator[Issue]:
        for found in (self._by_scope, self._faces.findings()):
            for findings in found.values():
                yield from findings.issues

    def dust(self) -> tuple[Mapping[str, int], float]:
        """Return the faces too small to be listed: count by kind, and their land in m²."""
        counts: Counter[str] = Counter({"gap": 0, "overlap": 0})
        sizes = []
        for found in self._faces.findings().values():
            if found.dust:
                counts[found.dust] += 1
                sizes.append(found.dust_m2)
        # In one order, so that the sum doesn't depend on which edit found which face.
        return dict(counts), sum(sorted(sizes))


def _check(snapshot: Snapshot, scope: Scope, known: Known | None = None) -> Findings:
    """Return the findings of one scope; *known*: what is known of all areas already."""
    kind, key = scope
    if kind == "owner":
        return check_owner(snapshot, int(key))
    if kind == "area":
        return check_area(
            snapshot,
            key,
            is_in_parts=known is None or key in known.in_parts,
            is_as_in_file=known is not None and key in known.as_in_file,
        )
    if kind == "code":
        return _same_code(snapshot, key)
    return _same_name(snapshot, key)


def _same_code(snapshot: Snapshot, code: str) -> Findings:
    bearing = snapshot.bearing(code)
    if len(bearing) < 2 or not is_on(snapshot, "code_duplicate"):
        return Findings()
    return Findings(
        [area_issue(snapshot, "code_duplicate", a.uid, count=len(bearing)) for a in bearing]
    )


def _same_name(snapshot: Snapshot, parent: str) -> Findings:
    if not is_on(snapshot, "name_duplicate"):
        return Findings()
    by_name: dict[tuple[str, str], list[Area]] = {}
    for uid in snapshot.child_uids(parent or None):
        area = snapshot.area(uid)
        if area.name.strip():
            by_name.setdefault((area.level, area.name), []).append(area)
    return Findings(
        [
            area_issue(snapshot, "name_duplicate", area.uid, count=len(same))
            for same in by_name.values()
            if len(same) > 1
            for area in same
        ]
    )
