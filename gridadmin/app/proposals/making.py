"""Proposals for a project, and the command that carries their lines out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from gridadmin.app.session import Session
from gridadmin.app.staffing import book_on
from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress
from gridadmin.edit.assign_commands import Anchor, Assign, Pair, Unassign
from gridadmin.edit.assignment_commands import PeopleTogether
from gridadmin.edit.command import Command
from gridadmin.staffing.anchors import table_of
from gridadmin.staffing.proposals.pairs import PairProposal, pairing_kinds, propose_pairs
from gridadmin.staffing.proposals.proposal import Proposal, ProposedMove, propose


def proposal_for(
    session: Session,
    day: str | None = None,
    posts: Collection[str] | None = None,
    progress: Progress = SILENT,
) -> Proposal:
    """Return the best proposal for a project on a day (ISO 8601; today without one).

    Raises: Cancelled; InputError ``input.bad_day``, ``input.unknown_posts``.
    """
    known = [post.key for post in session.snapshot.scheme.posts]
    unknown = sorted(set(posts or ()) - set(known))
    if unknown:
        raise InputError("input.unknown_posts", posts=", ".join(unknown), known=", ".join(known))
    return propose(book_on(session, day), posts, progress)


def with_needed(proposal: Proposal, keys: Iterable[str]) -> set[str]:
    """Return the lines that have to be taken together: whoever takes a full seat needs it left."""
    moves = {move.key: move for move in proposal.moves}
    found, open_ones = set(), list(keys)
    while open_ones:
        key = open_ones.pop()
        if key in found or key not in moves:
            continue
        found.add(key)
        if moves[key].post.most is not None:
            open_ones += [person.uid for person in moves[key].leaving]
    return found


def taking(proposal: Proposal, keys: Iterable[str] | None = None) -> Command:
    """Return the command that carries out the lines of those keys, or all: one gesture.

    Seats are left first, so that those who come find them free.
    """
    wanted = None if keys is None else with_needed(proposal, keys)
    moves = [move for move in proposal.moves if wanted is None or move.key in wanted]
    day = proposal.book.day
    steps: list[Command] = [Unassign(move.ends.uid, day) for move in moves if move.ends is not None]
    steps += [
        Assign(
            move.person.uid,
            Anchor(table=table_of(move.area), uid=move.area.uid),
            move.post.key,
            {"valid_from": day, **_carried(move)},
        )
        for move in moves
    ]
    return PeopleTogether(tuple(steps), "proposal", f"{len(moves)}")


def pairs_for(
    session: Session, kind: str, day: str | None = None, progress: Progress = SILENT
) -> PairProposal:
    """Return the best new pairs of a kind (a key of the scheme).

    Raises: Cancelled; InputError ``input.bad_day``, ``input.unknown_pairings``.
    """
    book = book_on(session, day)
    kinds = {one.key: one for one in pairing_kinds(book)}
    if kind not in kinds:
        raise InputError("input.unknown_pairings", kind=kind, known=", ".join(kinds))
    return propose_pairs(book, kinds[kind], progress)


def pairing(proposal: PairProposal, keys: Iterable[str] | None = None) -> Command:
    """Return the command that makes the pairs of those keys, or all: one gesture."""
    wanted = None if keys is None else set(keys)
    pairs = [one for one in proposal.pairs if wanted is None or one.key in wanted]
    steps = tuple(
        Pair(
            one.unit.uid,
            Anchor(table="area", uid=one.area.uid),
            proposal.kind.key,
            {"valid_from": proposal.book.day},
        )
        for one in pairs
    )
    return PeopleTogether(steps, "pair", f"{len(steps)}")


def _carried(move: ProposedMove) -> dict[str, Any]:
    """Return what goes along from the seat that a person leaves."""
    if move.ends is None:
        return {}
    names = ("mode", "role", "batch", "sending_organization", "valid_to")
    values = {name: getattr(move.ends, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}
