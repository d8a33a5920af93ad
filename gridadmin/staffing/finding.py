"""What is wrong with the people: a kind, where, who, and the numbers of its sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.issue import issue_id
from gridadmin.domain.scheme import Check
from gridadmin.staffing.book import StaffBook


@dataclass(frozen=True, slots=True)
class StaffFinding:
    """A fault in staffing. ``area`` and ``person`` are uids; ``params`` fill ``staff.<kind>``.

    ``subject`` tells findings of one kind on one area apart: a post, a unit, a channel.
    ``sentence`` names another text than that of the kind.
    """

    kind: str
    severity: Severity
    area: str | None = None
    person: str | None = None
    subject: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    sentence: str = ""

    @property
    def id(self) -> str:
        """The lasting number of the finding."""
        about = [part for part in (self.area, self.person, self.subject) if part]
        return issue_id(self.kind, "", about, None)


Rule = Callable[[StaffBook, Check], Iterator[StaffFinding]]
"""Looks at the people of one day and yields what its kind of check finds."""
