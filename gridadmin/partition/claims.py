"""Settling claims: who gets a face that polygons of a file and what stood before both claim.

A face is settled when its claims form one chain of the area tree and nothing outside that chain
claims it; its owner is the lowest of the chain. Otherwise it is disputed with all claims kept.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from gridadmin.base.ids import NOBODY, OUTSIDE

Oids = frozenset[int]


class Contest(NamedTuple):
    """What a disputed face is: ``overlap`` (same level) or ``overhang``, and who claims it."""

    kind: str
    claims: Oids


Verdict = int | Contest


@dataclass
class Claimants:
    """The area tree with the new areas in it, by kernel number.

    ``outlined`` have an outline of their own, so their children may not reach beyond it;
    ``replaced`` lose what they held, themselves or through their children, where the file doesn't
    say so.
    """

    parents: Mapping[int, int]
    rank: Mapping[int, int]
    outlined: Collection[int]
    root: int
    has_frame: bool
    replaced: Collection[int] = ()
    exempt: Collection[int] = ()
    disputes: Mapping[int, Oids] = field(default_factory=dict)
    _known: dict[tuple[Oids, int, bool], Verdict] = field(default_factory=dict)

    def settle(self, new: Oids, old: int, *, is_beyond: bool = False) -> Verdict:
        """Return who gets a face that *new* areas claim and *old* held.

        *is_beyond*: a disputed face lies beyond the frame.
        """
        key = (new, old, is_beyond)
        if key not in self._known:
            self._known[key] = self._settled(new, old, is_beyond)
        return self._known[key]

    def _settled(self, new: Oids, old: int, is_beyond: bool) -> Verdict:
        if old in self.exempt:
            # Somebody took this land out with reason and name; a file doesn't take it back in.
            return old
        if old in self.disputes:
            before = self.disputes[old] - frozenset(self.replaced)
        else:
            before = self._chain(old)
        claims = new | before
        if not claims:
            return self._unclaimed(old)
        rivals = frozenset(
            one
            for one in claims
            if any(not self._is_line(one, other) for other in claims if other != one)
        )
        if rivals:
            is_overlap = any(
                self.rank[one] == self.rank[other] and not self._is_line(one, other)
                for one in rivals
                for other in rivals
                if one != other
            )
            return Contest("overlap" if is_overlap else "overhang", rivals)
        lowest = max(claims, key=lambda oid: len(self._line(oid)))
        # Land that the file doesn't speak of, nor of what lies above it, stays as it was.
        is_spoken_of = new or any(oid in self.replaced for oid in self._line(lowest))
        is_out = is_beyond or (self.has_frame and old == OUTSIDE)
        if is_out or (is_spoken_of and self._reaches_out(claims, lowest)):
            return Contest("overhang", frozenset({lowest}))
        return lowest

    def _unclaimed(self, old: int) -> int:
        """Return whose a face is that nobody claims any more."""
        if old in (NOBODY, OUTSIDE):
            return old
        # Without a frame land ends where the last claim ends; what it encloses is found later.
        return NOBODY if self.has_frame else OUTSIDE

    def _chain(self, oid: int) -> Oids:
        """Return the claims that an owner's land stands for: its own and its ancestors'."""
        if oid in (NOBODY, OUTSIDE):
            return frozenset()
        chain = [o for o in self._line(oid) if o not in self.replaced]
        if oid in self.replaced:
            # Ancestors without an outline held the land through the replaced area alone.
            chain = [o for o in chain if o in self.outlined]
        # The root has no outline but the frame; it claims only what it holds itself.
        return frozenset(o for o in chain if o != self.root or oid == self.root)

    def _reaches_out(self, claims: Oids, lowest: int) -> bool:
        """Return whether an ancestor with an outline of its own doesn't claim the face."""
        return any(oid in self.outlined and oid not in claims for oid in self._line(lowest))

    def _line(self, oid: int) -> tuple[int, ...]:
        line = [oid]
        while (parent := self.parents.get(line[-1])) is not None:
            line.append(parent)
        return tuple(line)

    def _is_line(self, one: int, other: int) -> bool:
        return one in self._line(other) or other in self._line(one)
