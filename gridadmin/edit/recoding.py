"""Give many areas other codes at once, and keep codes that are in force from being given again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from gridadmin.base.errors import EditError
from gridadmin.domain.model import Area, CodePeriod
from gridadmin.edit.command import label
from gridadmin.edit.draft import Desk, Draft
from gridadmin.partition.snapshot import Snapshot

_BINDING = ("approved", "in_force")


class CodesInForce:
    """Which codes a release or a plan made binding: they are neither changed nor given again."""

    def __init__(self, snapshot: Snapshot) -> None:
        releases = snapshot.rows("release").values()
        plans = [plan for plan in snapshot.rows("plan").values() if plan.state in _BINDING]
        revisions = [one.at_revision for one in releases] + [plan.revision for plan in plans]
        days = [one.date for one in releases]
        days += [day for plan in plans for day in (plan.approved, plan.in_force) if day]
        self._snapshot = snapshot
        self._revision = max(revisions, default=-1)
        self._day = max(days, default="")[:10]

    def holds(self, area: Area) -> bool:
        """Return whether the code that an area bears is in force."""
        periods = self._snapshot.linked("code_period", area.uid)
        return any(self._was_binding(p) for p in periods if p.valid_to is None)

    def held(self, period: CodePeriod) -> bool:
        """Return whether a code was in force at any time of its period."""
        return self._was_binding(period)

    def _was_binding(self, period: CodePeriod) -> bool:
        if period.valid_to is None:
            return period.revision <= self._revision
        # The row was written anew when the period ended: only its days tell.
        return bool(self._day) and period.valid_from[:10] <= self._day


def recode(
    snapshot: Snapshot,
    draft: Draft,
    desk: Desk,
    codes: Mapping[str, str | None],
    *,
    follows: bool,
    is_forced: bool = False,
) -> dict[str, str | None]:
    """Put new codes of areas (by uid) into the draft and return those that really change.

    The areas may exchange codes that were never in force. With *follows* the codes of all areas
    below that begin with the old code begin with the new one afterwards, those in force only when
    *is_forced*.

    Raises: EditError ``edit.duplicate_code``, ``edit.code_in_force`` (a code below, in force, would
    have to follow).
    """
    wanted = {uid: code for uid, code in codes.items() if code != snapshot.area(uid).code}
    if follows:
        wanted = _with_followers(snapshot, wanted, is_forced=is_forced)
    _check_free(snapshot, wanted)
    for uid, code in wanted.items():
        now = draft.now("area", uid)
        draft.put("area", draft.new_code(now, code, desk))
    return wanted


def _with_followers(
    snapshot: Snapshot, wanted: Mapping[str, str | None], *, is_forced: bool
) -> dict[str, str | None]:
    """Return the new codes with those of the areas below; what is wanted outright stays so."""
    found: dict[str, str | None] = dict(wanted)
    in_force = CodesInForce(snapshot)
    for uid, code in wanted.items():
        old = snapshot.area(uid).code
        if code is None or not old:
            continue
        for below in snapshot.descendants(uid):
            if below.uid in wanted or below.code is None or not below.code.startswith(old):
                continue
            if in_force.holds(below) and not is_forced:
                raise EditError("edit.code_in_force", area=label(below))
            found[below.uid] = code + below.code[len(old) :]
    return found


def _check_free(snapshot: Snapshot, wanted: Mapping[str, str | None]) -> None:
    new = Counter(code for code in wanted.values() if code is not None)
    in_force = CodesInForce(snapshot)
    own = codes_that_may_change_hands(snapshot, wanted, in_force)
    for uid, code in wanted.items():
        if code is None:
            continue
        count = snapshot.code_register.count(code) - own[code]
        count -= _times_borne_in_force(snapshot, uid, code, in_force)
        if count > 0 or new[code] > 1:
            raise EditError("edit.duplicate_code", code=code)


def codes_that_may_change_hands(
    snapshot: Snapshot, uids: Mapping[str, object], in_force: CodesInForce
) -> Counter[str]:
    """Return how many rows of these areas bear each code that was never in force."""
    found: Counter[str] = Counter()
    for uid in uids:
        area = snapshot.area(uid)
        periods = snapshot.linked("code_period", uid)
        free = {p.code for p in periods} - {p.code for p in periods if in_force.held(p)}
        if area.code is not None and not periods:
            free.add(area.code)
        found.update(p.code for p in periods if p.code in free)
        if area.code in free:
            found[area.code or ""] += 1
    return found


def _times_borne_in_force(snapshot: Snapshot, uid: str, code: str, in_force: CodesInForce) -> int:
    """Return how many rows of an area itself bear a code that was in force: it may have it back."""
    periods = [p for p in snapshot.linked("code_period", uid) if p.code == code]
    if not any(in_force.held(p) for p in periods):
        return 0
    return len(periods) + (snapshot.area(uid).code == code)
