"""Which issues of a report get a picture of their place."""

from __future__ import annotations

from collections.abc import Collection

from gridadmin.app.check_report.model import CheckReport, ReportedIssue
from gridadmin.app.check_report.words import Words
from gridadmin.domain.check_kinds import Severity

MOST_PICTURES = 60
"""With more of them a page grows beyond what mail takes: about 5 MB."""


def pictured(report: CheckReport) -> list[ReportedIssue]:
    """Return the issues that get a picture: the first errors and warnings that have a place."""
    found = [
        issue
        for issue in report.issues
        if issue.severity is not Severity.INFO and issue.point is not None
    ]
    return found[:MOST_PICTURES]


def picture_note(report: CheckReport, pictures: Collection[str], words: Words) -> str:
    """Return what has to be said of pictures that are not there; empty when all are."""
    with_place = [
        issue
        for issue in report.issues
        if issue.severity is not Severity.INFO and issue.point is not None
    ]
    if len(pictures) >= len(with_place):
        return ""
    return words.say("pictures_some" if pictures else "pictures_none", count=len(pictures))
