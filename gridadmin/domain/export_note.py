"""What is kept of each export: who took what out of the project, when, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Profile(StrEnum):
    """Who may see an export: everybody, or the office alone."""

    PUBLIC = "public"
    INTERNAL = "internal"


class Exported(StrEnum):
    """What was taken out of a project."""

    BOUNDARIES = "boundaries"
    ROSTER = "roster"
    TEMPLATE = "template"
    REPORT = "report"
    PROPOSAL = "proposal"
    CHART = "chart"
    PHONE = "phone"
    """An own phone, shown on the screen whole."""


@dataclass(frozen=True, slots=True)
class ExportNote:
    """One line of the log of exports; no undo takes it back.

    *count* is how many persons (or areas) it held, *fields* which columns about people.
    """

    uid: str
    time: str
    author: str
    profile: str
    what: str
    file: str = ""
    count: int = 0
    fields: str = ""
