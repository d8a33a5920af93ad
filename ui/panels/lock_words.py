"""What locks a border, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gridadmin.app.border_facts import LockFact, LockKind, locks_of_area, locks_of_border, plan_lock
from gridadmin.domain.model import BorderRow, PlanState
from gridadmin.partition.snapshot import Snapshot
from ui.panels import words
from ui.texts import tr


def lock_words(snapshot: Snapshot, fact: LockFact) -> str:
    """Return what locks a border, why, who did it and since when."""
    if fact.kind is LockKind.FRAME:
        return tr("外框，已锁定：移动它要先更换外框。")
    details = words.dotted((fact.document, fact.author, fact.since))
    if fact.kind is LockKind.PLAN:
        if fact.state == PlanState.IN_FORCE:
            return tr("已按方案“{name}”生效：{details}", name=fact.reason, details=details)
        return tr("方案“{name}”已批准：{details}", name=fact.reason, details=details)
    said = words.dotted((fact.reason, details))
    if fact.area is not None:
        name = words.name_of_uid(snapshot, fact.area)
        return tr("{area}的外边界已锁定：{reason}", area=name, reason=said)
    return tr("已锁定：{reason}", reason=said)


def first_lock_words(snapshot: Snapshot, borders: Sequence[BorderRow]) -> str:
    """Return what locks the first of some borders that is locked; empty when none is."""
    found = (fact for border in borders for fact in locks_of_border(snapshot, border))
    fact = next(found, None)
    return "" if fact is None else lock_words(snapshot, fact)


def plan_lock_words(snapshot: Snapshot) -> str:
    """Return which plan locks all borders, and since when; empty when none does."""
    return "".join(lock_words(snapshot, fact) for fact in plan_lock(snapshot))


def area_lock_words(snapshot: Snapshot, uids: Iterable[str]) -> str:
    """Return what locks the outline of the first of some areas that is locked; empty for none."""
    facts = (fact for uid in uids for fact in locks_of_area(snapshot, uid))
    fact = next(facts, None)
    return "" if fact is None else lock_words(snapshot, fact)
