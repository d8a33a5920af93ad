"""The book of issues: a full check, and the same answer kept up edit by edit.

Issues hang on scopes: an owner's land, a face, an area, a code, a set of siblings. A change
re-checks the scopes that it touches and leaves the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from immutables import Map

from gridadmin.base.errors import Cancelled
from gridadmin.base.memory import collector_paused
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.checks.face_book import FaceBook
from gridadmin.checks.finding import Scope
from gridadmin.checks.look import Look, Survey
from gridadmin.checks.registry import Check, all_checks, wanted_by_scope
from gridadmin.checks.scopes import ALL_KEYS, concerns_all, is_there, touched_scopes
from gridadmin.domain.change import Change
from gridadmin.domain.issue import Issue, distinct
from gridadmin.partition.snapshot import Snapshot

_Found = tuple[Issue, ...]


class IssueBook:
    """All findings of one snapshot by scope; immutable.

    ``gone`` and ``come`` are the issues that the change before took away and brought, for a book
    that was kept up by :meth:`after`; an issue that only changed is in both.
    """

    __slots__ = ("_by_scope", "_faces", "come", "gone", "snapshot")

    def __init__(
        self,
        snapshot: Snapshot,
        by_scope: Map[Scope, _Found],
        faces: FaceBook,
        gone: _Found = (),
        come: _Found = (),
    ) -> None:
        self.snapshot = snapshot
        self._by_scope = by_scope
        self._faces = faces
        self.gone = gone
        self.come = come

    @classmethod
    def of(cls, snapshot: Snapshot, progress: Progress = SILENT) -> IssueBook:
        """Return the book of a full check. Raises: Cancelled."""
        with collector_paused(lasting=True):
            return cls._of(snapshot, progress)

    @classmethod
    def _of(cls, snapshot: Snapshot, progress: Progress) -> IssueBook:
        survey = Survey(snapshot)
        wanted = [check for check in all_checks() if check.wanted(survey)]
        checkpoint(progress, "progress.checking", 0, len(wanted) + 1)
        faces = FaceBook.of(snapshot)
        found: dict[Scope, list[Issue]] = {}
        for number, check in enumerate(wanted, start=1):
            checkpoint(progress, "progress.checking", number, len(wanted) + 1)
            for key, issue in _found(survey, check, progress):
                found.setdefault((check.scope, key), []).append(issue)
        survey.let_go()
        checkpoint(progress, "progress.checking", len(wanted) + 1, len(wanted) + 1)
        return cls(snapshot, Map({scope: tuple(issues) for scope, issues in found.items()}), faces)

    def after(self, snapshot: Snapshot, change: Change, touched: Iterable[int]) -> IssueBook:
        """Return the book for the *snapshot* that *change* led to.

        *touched* are the owners whose outline is another one.
        """
        if concerns_all(change):
            return IssueBook.of(snapshot)
        scopes = touched_scopes(self.snapshot, snapshot, change, touched)
        look = Look(snapshot)
        wanted = wanted_by_scope(look)
        found = self._by_scope.mutate()
        gone: list[Issue] = []
        come: list[Issue] = []
        # In one order, so that the checks of one area come one after the other.
        for scope in sorted(scopes):
            gone += found.pop(scope, ())
            issues = _issues_of(look, scope, wanted[scope[0]])
            if issues:
                found[scope] = issues
                come += issues
        owners = [int(key) for kind, key in scopes if kind == "owner"]
        faces = self._faces.after(snapshot, change, owners)
        return IssueBook(
            snapshot,
            found.finish(),
            faces,
            (*gone, *faces.gone),
            (*come, *faces.come),
        )

    def on(self, snapshot: Snapshot) -> IssueBook:
        """Return the same book for a snapshot that differs in nothing that checks look at."""
        return IssueBook(snapshot, self._by_scope, self._faces, self.gone, self.come)

    def holds(self, number: str) -> bool:
        """Return whether an issue of that number, suffix left out, is in the book."""
        return any(issue.id == number for issue in self._all())

    def issues(self) -> list[Issue]:
        """Return all issues, errors first, each with a number of its own."""
        return distinct(list(self._all()))

    def issue(self, number: str) -> Issue | None:
        """Return the issue of that number, or None."""
        stem = number.partition("-")[0]
        same = distinct([issue for issue in self._all() if issue.id == stem])
        return next((issue for issue in same if issue.id == number), None)

    def _all(self) -> Iterator[Issue]:
        for issues in self._by_scope.values():
            yield from issues
        for findings in self._faces.findings().values():
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


def _found(survey: Survey, check: Check, progress: Progress) -> Iterator[tuple[str, Issue]]:
    """Yield what a check finds in a run over everything, listening for a cancel."""
    every, suspects = ALL_KEYS[check.scope], check.suspects
    keys = list(every(survey.snapshot) if suspects is None else suspects(survey))
    on = {kind for kind in check.kinds if survey.snapshot.check(kind).on}
    find = check.find
    for start in range(0, len(keys), _AT_A_TIME):
        if progress.is_cancelled():
            raise Cancelled
        for key in keys[start : start + _AT_A_TIME]:
            for issue in find(survey, key):
                if issue.kind in on:
                    yield key, issue


_AT_A_TIME = 512


def _issues_of(look: Look, scope: Scope, checks: Iterable[Check]) -> _Found:
    if not is_there(look.snapshot, scope):
        return ()
    return tuple(issue for check in checks for issue in check.found(look, scope[1]))
