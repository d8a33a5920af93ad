"""What a proposal says, line by line: who goes where, the how-manieth choice that is, and why.

Each line names the goal that stands against the person's best choice, and the least that it would
cost there to give way: the *price*. It comes from the prices that prove the whole answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.domain.people import Assignment, Person
from gridadmin.domain.scheme import Post
from gridadmin.staffing.anchors import Stand
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.proposals.parts import Answer, solve_parts
from gridadmin.staffing.proposals.question import Question, question_of
from gridadmin.staffing.proposals.task import NONE
from gridadmin.staffing.proposals.tiers import DISTANCE_M, Tier


@dataclass(frozen=True, slots=True)
class Price:
    """The goal that binds, and the least by which it would get worse; ways in metres."""

    tier: Tier
    amount: int


@dataclass(frozen=True, slots=True)
class ProposedMove:
    """One person to one seat. ``rank`` is the place of the choice among ``choices``.

    Choices are ranked by whether the person's unit is paired with the place, then by the way.
    ``area`` may be a street, shop or other object, too.
    ``leaving`` are those who leave the same seat for others in this proposal. ``binding`` is None
    when it is the first choice, or as good as that.
    """

    person: Person
    area: Stand
    post: Post
    ends: Assignment | None
    rank: int
    choices: int
    way_m: float | None
    is_paired: bool | None
    leaving: tuple[Person, ...] = ()
    better: Stand | None = None
    binding: Price | None = None

    @property
    def key(self) -> str:
        """What tells the line from others of one proposal."""
        return self.person.uid


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Seats that stay empty; ``post`` None = a base unit without any cadre.

    ``reason``: ``nobody`` may take one, all who may are ``locked``, or are ``needed`` elsewhere.
    """

    area: Stand
    post: Post | None
    missing: int
    reason: str


@dataclass(frozen=True)
class Proposal:
    """A whole proposal; ``totals`` are the amounts by goal, before and after."""

    book: StaffBook
    moves: tuple[ProposedMove, ...]
    shortfalls: tuple[Shortfall, ...]
    waiting: tuple[Person, ...]
    """Persons without a seat who get none, and those of whom no rule says what they may do."""
    before: tuple[int, ...]
    totals: tuple[int, ...]
    seekers: int
    kept: int
    """Seats that stay because they are locked, or one person has several."""
    rounds: int
    tried: int
    possible: int


def propose(
    book: StaffBook, posts: Collection[str] | None = None, progress: Progress = SILENT
) -> Proposal:
    """Return the best proposal for a book. Raises: Cancelled."""
    checkpoint(progress, "progress.proposal_question", 0, 1)
    question = question_of(book, posts)
    if not len(question.task.doors) or not question.seekers:
        return _without_answer(question)
    answer = solve_parts(question.task, progress)
    checkpoint(progress, "progress.proposal_lines", 0, 1)
    return _Teller(question, answer).proposal()


def _without_answer(question: Question) -> Proposal:
    door_of = np.full(len(question.seekers), NONE, dtype=np.int64)
    totals = totals_of(question, door_of)
    idle = tuple(seeker.person for seeker in question.seekers) + question.unplaced
    shortfalls = tuple(shortfalls_of(question, door_of))
    return Proposal(
        question.book, (), shortfalls, idle, totals, totals, 0, len(question.kept), 0, 0, 0
    )


def totals_of(question: Question, door_of: np.ndarray) -> tuple[int, ...]:
    """Return the amounts by goal when each row has that door; slots are counted from the door."""
    task = question.task
    rows = np.flatnonzero(door_of != NONE)
    totals = task.pair_costs(rows, door_of[rows]).sum(axis=1)
    places = task.places
    there = np.bincount(task.doors.places[door_of[rows]], minlength=len(places))
    full = places.taken + there
    totals[Tier.UNCOVERED] = np.count_nonzero(places.is_cover & (full == 0))
    totals[Tier.VACANT] = np.maximum(places.required - full, 0).sum()
    totals[Tier.LOAD] = ((full * (full - 1) - places.taken * (places.taken - 1)) // 2).sum()
    limited = places.most != NONE
    usual = np.maximum(places.most - places.taken, 0)
    totals[Tier.SURPLUS] = np.maximum(there - usual, 0)[limited].sum()
    doors = task.doors
    gated = doors.gate_required != NONE
    passed = np.bincount(door_of[rows], minlength=len(doors))
    inside = passed + doors.gate_taken
    totals[Tier.VACANT] += np.maximum(doors.gate_required - inside, 0)[gated].sum()
    usual = np.maximum(doors.gate_most - doors.gate_taken, 0)
    totals[Tier.SURPLUS] += np.maximum(passed - usual, 0)[gated].sum()
    idle = door_of == NONE
    totals[Tier.DROPPED] = np.count_nonzero(idle & (task.rows.homes != NONE))
    totals[Tier.WAITING] = np.count_nonzero(idle & (task.rows.homes == NONE))
    return tuple(totals.tolist())


def shortfalls_of(question: Question, door_of: np.ndarray) -> Iterator[Shortfall]:
    """Yield what stays empty: base units without a cadre, then required seats."""
    task = question.task
    filled = door_of[door_of != NONE]
    there = np.bincount(task.doors.places[filled], minlength=len(task.places)) + task.places.taken
    at_door = np.bincount(filled, minlength=len(task.doors)) + task.doors.gate_taken
    yield from _uncovered(question, there)
    for number, door in enumerate(question.doors):
        has_gate = task.doors.gate_required[number] != NONE
        inside = at_door[number] if has_gate else there[task.doors.places[number]]
        missing = door.required - int(inside)
        if missing > 0:
            reason = _reason(question, {door.post.key})
            yield Shortfall(door.area, door.post, missing, reason)


def _uncovered(question: Question, there: np.ndarray) -> Iterator[Shortfall]:
    cadres = {door.post.key for door in question.doors if door.post.is_cadre}
    for place, unit in enumerate(question.book.base_units()):
        if question.task.places.is_cover[place] and not there[place]:
            yield Shortfall(unit, None, 1, _reason(question, cadres))


def _reason(question: Question, posts: set[str]) -> str:
    if any(posts & set(seeker.posts) for seeker in question.seekers):
        return "needed"
    return "locked" if any(one.post in posts for one in question.kept) else "nobody"


class _Teller:
    """Tells an answer in words of the book."""

    def __init__(self, question: Question, answer: Answer) -> None:
        self.question = question
        self.answer = answer
        self.part_of = {int(row): part for part in answer.parts for row in part.rows}
        self.task = question.task
        self.leaving: dict[int, list[Person]] = defaultdict(list)
        for row in self._moved():
            home = int(self.task.rows.homes[row])
            if home != NONE:
                self.leaving[home].append(question.seekers[row].person)

    def _moved(self) -> list[int]:
        homes, doors = self.task.rows.homes, self.answer.door_of
        return [int(row) for row in np.flatnonzero((doors != NONE) & (doors != homes))]

    def proposal(self) -> Proposal:
        question, answer = self.question, self.answer
        idle = [question.seekers[row].person for row in np.flatnonzero(answer.door_of == NONE)]
        return Proposal(
            question.book,
            tuple(self._move(row) for row in self._moved()),
            tuple(shortfalls_of(question, answer.door_of)),
            (*idle, *question.unplaced),
            totals_of(question, self.task.rows.homes),
            totals_of(question, answer.door_of),
            len(question.seekers),
            len(question.kept),
            answer.rounds,
            answer.tried,
            len(question.seekers) * len(question.doors),
        )

    def _move(self, row: int) -> ProposedMove:
        seeker = self.question.seekers[row]
        chosen = int(self.answer.door_of[row])
        door = self.question.doors[chosen]
        doors = np.flatnonzero(self.task.doors.opens[self.task.rows.kinds[row]])
        costs = self.task.pair_costs(np.full(len(doors), row), doors)
        wishes = costs[Tier.UNPAIRED] * 2**40 + costs[Tier.DISTANCE]
        place = int(np.flatnonzero(doors == chosen)[0])
        rank = int(np.count_nonzero(wishes < wishes[place])) + 1
        better, binding = self._binding(row, doors, wishes) if rank > 1 else (NONE, None)
        known = not np.isnan(self.task.rows.xy[row] - self.task.doors.xy[chosen]).any()
        asks = self.task.rows.units[row] != NONE and self.task.doors.asks_pairing[chosen]
        return ProposedMove(
            seeker.person,
            door.area,
            door.post,
            seeker.assignment,
            rank,
            len(doors),
            float(costs[Tier.DISTANCE][place]) * DISTANCE_M if known else None,
            bool(costs[Tier.UNPAIRED][place] == 0) if asks else None,
            tuple(self.leaving.get(chosen, ())),
            None if better == NONE else self.question.doors[better].area,
            binding,
        )

    def _binding(self, row: int, doors: np.ndarray, wishes: np.ndarray) -> tuple[int, Price | None]:
        """Return the best choice and what stands against it."""
        better = int(doors[int(np.argmin(wishes))])
        part = self.part_of[row]
        inside = np.searchsorted(part.rows, [row]), np.searchsorted(part.doors, [better])
        prices = part.solution.prices
        left = prices.left(part.task, *inside)
        for one, value in zip(prices.stages, left, strict=True):
            if value[0] <= 0:
                continue
            tier, amount = one.stage.parts(int(value[0]))[0]
            if tier < 0:
                # It would take back what an earlier stage won: the last of its goals, at least.
                tier, amount = int(Tier.VACANT), 1
            metres = part.task.step_m if tier == Tier.DISTANCE else 1
            return better, Price(Tier(tier), round(amount * metres))
        return better, None
