"""What a roster would change, what is wrong with it, and what has to be asked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gridadmin.edit.roster_commands import TakeRoster
from gridadmin.exchange.roster_columns import Column, Header
from gridadmin.exchange.roster_refusal import RefusedColumn

ERROR, QUESTION, WARNING = "error", "question", "warning"


@dataclass(frozen=True)
class Option:
    """One answer to a question, as a program and as a person says it."""

    key: str
    text: str


@dataclass(frozen=True)
class Fault:
    """What is wrong in a row, at the column of a meaning; *others* are columns that share it."""

    column: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ask:
    """What can't be taken silently: a cell that may mean several things."""

    column: str
    kind: str
    value: str
    where: str
    options: tuple[Option, ...]

    @property
    def id(self) -> str:
        """The same for the same question, whatever rows it comes from."""
        said = f"{self.kind}\n{self.value}\n{self.where}"
        return f"{self.kind}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"

    def answer(self, answers: Mapping[str, str]) -> str | None:
        """Return the answer given to this question, or to all of its kind; None without one."""
        keys = {option.key for option in self.options}
        for question in (self.id, self.kind):
            said = answers.get(question)
            if said is not None and said in keys:
                if isinstance(answers, Answers):
                    answers.take(question)
                return said
        return None


class Answers(Mapping[str, str]):
    """Answers by question or kind of question, which remember whether anybody took them."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self._answers = dict(answers)
        self._used: set[str] = set()

    def __getitem__(self, key: str) -> str:
        return self._answers[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._answers)

    def __len__(self) -> int:
        return len(self._answers)

    def take(self, key: str) -> None:
        """Remember that a question was answered by this one."""
        self._used.add(key)

    @property
    def unused(self) -> tuple[str, ...]:
        """Those that no question took, as ``question=option``."""
        return tuple(f"{key}={said}" for key, said in self.items() if key not in self._used)


@dataclass(frozen=True)
class Question:
    """A question and the rows that wait for its answer, as ``sheet!row``."""

    ask: Ask
    rows: tuple[str, ...]
    answer: str | None = None


@dataclass(frozen=True)
class RosterProblem:
    """Something at one cell: *value* is shown with phones masked and identity numbers hidden.

    Rows with an error or an open question aren't written; those with a warning are.
    """

    sheet: str
    row: int
    place: int
    column: str
    value: str
    code: str
    params: Mapping[str, Any]
    severity: str
    question: str = ""


@dataclass(frozen=True)
class SheetFacts:
    """What became of one sheet; *why* is a text code when it isn't read."""

    name: str
    header: Header | None
    rows: int = 0
    skipped: int = 0
    why: str = ""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its columns; none of a sheet that isn't read."""
        return () if self.header is None else self.header.columns


@dataclass(frozen=True)
class RosterPreview:
    """The whole of a roster against a project."""

    sheets: tuple[SheetFacts, ...]
    refused: tuple[RefusedColumn, ...]
    rows: int
    good: int
    problems: tuple[RosterProblem, ...]
    questions: tuple[Question, ...]
    persons_new: int
    persons_changed: int
    persons_same: int
    posts_new: int
    posts_changed: int
    posts_same: int
    ended: int
    units_new: tuple[str, ...]
    command: TakeRoster | None
    """What writes the good rows; None when they change nothing."""
    unused: tuple[str, ...] = ()
    """Answers, as ``question=option``, that no question asks for."""

    @property
    def has_faults(self) -> bool:
        """Whether anything is listed: a mistake, a warning, an open question, a refused column."""
        return bool(self.problems or self.refused)
