"""Which unit a roster means: one that the project knows, a new one, or one to ask about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gridadmin.base.pinyin_words import reader
from gridadmin.domain.people import Organization
from gridadmin.exchange.roster_areas import is_slip
from gridadmin.exchange.roster_preview import Ask, Option
from gridadmin.exchange.roster_values import squeezed
from gridadmin.partition.snapshot import Snapshot

NEW = "new"
_LEAST = 4
"""Names of fewer signs are too short to tell a slip from another name."""


@dataclass(frozen=True)
class Unit:
    """A unit by name; *uid* is None for one that is new."""

    name: str
    uid: str | None

    @property
    def key(self) -> str:
        """What tells it from other units."""
        return self.name if self.uid is None else self.uid


class UnitFinder:
    """Finds units of a project by the names that a roster has for them."""

    def __init__(self, snapshot: Snapshot, answers: Mapping[str, str]) -> None:
        self._answers = answers
        self._known: dict[str, list[Organization]] = {}
        for row in sorted(snapshot.rows("organization").values(), key=lambda one: str(one.uid)):
            if row.valid_to is None:
                self._known.setdefault(squeezed(row.name), []).append(row)
        self._found: dict[str, Unit | list[Ask]] = {}

    @property
    def new(self) -> tuple[str, ...]:
        """The new units so far."""
        units = [one for one in self._found.values() if isinstance(one, Unit)]
        return tuple(one.name for one in units if one.uid is None)

    def find(self, name: str) -> Unit | list[Ask]:
        """Return the unit of a name, or what to ask."""
        if name not in self._found:
            self._found[name] = self._look(name)
        return self._found[name]

    def _look(self, name: str) -> Unit | list[Ask]:
        same = self._known.get(name, [])
        if len(same) == 1:
            return Unit(same[0].name, same[0].uid)
        near = same or [
            rows[0]
            for known, rows in self._known.items()
            if len(name) >= _LEAST and _is_near(name, known)
        ]
        said = name.replace("(", "（").replace(")", "）")
        if not near:
            return Unit(said, None)
        options = [Option(one.uid, one.name) for one in near]
        if not same:
            options.append(Option(NEW, said))
        ask = Ask("organization", "unit", said, "", tuple(options))
        answer = ask.answer(self._answers)
        if answer == NEW:
            return Unit(said, None)
        return next((Unit(one.name, one.uid) for one in near if one.uid == answer), [ask])


def _is_near(name: str, known: str) -> bool:
    """Return whether a name is a slip: a sign too many or too few, or another of the same sound.

    民正局 is likely 民政局, but 财政局 is another unit.
    """
    if not is_slip(name, known):
        return False
    differing = [pair for pair in zip(name, known, strict=False) if pair[0] != pair[1]]
    if len(name) != len(known) or len(differing) != 1:
        return True
    mine, theirs = (reader()(sign) for sign in differing[0])
    return bool(mine == theirs)
