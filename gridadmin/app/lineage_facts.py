"""Where an area comes from and what became of it: merges, splits, who took over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridadmin.domain.model import Lineage
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class LineageFact:
    """One event: ``origin`` (merged from, split off from) or not (what became of the area).

    ``others`` are the uids on the other side, ``share`` is of the households, None where unknown.
    """

    kind: str
    is_origin: bool
    others: tuple[str, ...]
    date: str | None
    document: str | None
    share: float | None = None


def lineage_of(snapshot: Snapshot, uid: str) -> list[LineageFact]:
    """Return the events in the life of an area, the oldest first."""
    groups: dict[tuple[str, bool, str | None, str | None], list[Lineage]] = {}
    for line in snapshot.linked("lineage", uid):
        key = (line.kind, line.successor == uid, line.date, line.document)
        groups.setdefault(key, []).append(line)
    facts = [_fact(key, lines) for key, lines in groups.items()]
    return sorted(facts, key=lambda fact: (fact.date or "", fact.kind, fact.others))


def _fact(key: tuple[str, bool, str | None, str | None], lines: Sequence[Lineage]) -> LineageFact:
    kind, is_origin, date, document = key
    others = tuple(
        dict.fromkeys(line.predecessor if is_origin else line.successor for line in lines)
    )
    share = lines[0].household_share if len(lines) == 1 else None
    return LineageFact(kind, is_origin, others, date, document, share)


def heirs_of(snapshot: Snapshot, uid: str) -> list[str]:
    """Return the living areas that took over from a retired one, through all that lies between."""
    rows = snapshot.rows("area")
    found: list[str] = []
    waiting, seen = [uid], {uid}
    while waiting:
        for line in snapshot.linked("lineage", waiting.pop(0)):
            heir = line.successor
            if heir in seen or heir not in rows:
                continue
            seen.add(heir)
            if rows[heir].valid_to is None:
                found.append(heir)
            else:
                waiting.append(heir)
    return found
