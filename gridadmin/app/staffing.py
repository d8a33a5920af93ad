"""The state of staffing for programs and people: JSON per the contract, sentences of findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from gridadmin.app.session import Session
from gridadmin.base.errors import InputError
from gridadmin.base.texts import sentence
from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.scheme import Entry, Level, Post, Scheme, Term
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.finding import StaffFinding
from gridadmin.staffing.report import StaffReport, report_of

_WORDS = {
    "force": {
        "cadres": ("下沉干部", "cadres"),
        "members": ("网格员", "grid members"),
        "volunteers": ("志愿者", "volunteers"),
    },
    "entry": {
        "quota": ("下沉名额", "quota of cadres"),
        "second_role": ("平战结合的应急力量", "responders"),
    },
}
"""Words that are no keys of a scheme, by parameter: Chinese, English."""


def staffing_json(
    session: Session, lang: str, day: str | None = None, mode: str | None = None
) -> dict[str, Any]:
    """Return the staffing of a project on a day. Raises: as :func:`book_on`."""
    book = book_on(session, day, mode)
    return report_json(book, report_of(book), lang)


def book_on(session: Session, day: str | None = None, mode: str | None = None) -> StaffBook:
    """Return the people of a project on a day (ISO 8601; today without one).

    *mode* is a key of the scheme, else the mode that the project has on that day.
    Raises: InputError ``input.bad_day``, ``input.bad_mode``.
    """
    modes = [one.key for one in session.snapshot.scheme.modes]
    if mode is not None and mode not in modes:
        raise InputError("input.bad_mode", mode=mode, modes=", ".join(modes))
    try:
        when = datetime.now().astimezone().date() if day is None else date.fromisoformat(day)
    except ValueError as fault:
        raise InputError("input.bad_day", day=day) from fault
    return StaffBook(session.snapshot, when.isoformat(), mode)


def report_json(book: StaffBook, report: StaffReport, lang: str) -> dict[str, Any]:
    """Return a report as the contract says; areas by code, those without one by uid."""
    return {
        "scheme": report.scheme,
        "day": report.day,
        "mode": report.mode,
        "base_units": report.base_units,
        "covered": report.covered,
        "uncovered": [area.code or area.uid for area in report.uncovered],
        "grids": report.grids,
        "micro_grids": report.micro_grids,
        "persons": report.persons,
        "cadres": report.cadres,
        "organizations": report.organizations,
        "pairings": report.pairings,
        "posts": [
            {
                "post": line.post,
                "name": _named(book.scheme, "post", line.post, lang),
                "level": line.level,
                "level_name": _level_name(book.scheme, line.level, lang),
                "required": line.required,
                "filled": line.filled,
                "vacant": [
                    *(area.code or area.uid for area in line.vacant),
                    *line.vacant_objects,
                ],
            }
            for line in report.posts
        ],
        "issues": [
            {
                "id": finding.id,
                "kind": finding.kind,
                "severity": str(finding.severity),
                "area": _code(book, finding),
                "person": finding.person,
                "text": finding_text(book, finding, lang),
            }
            for finding in report.findings
        ],
        "figures": report.figures,
        "shortfalls": [
            {
                "level": one.area.level,
                "area": one.area.code or one.area.uid,
                "name": one.area.name,
                "required": one.required,
                "filled": one.filled,
                "short": one.short,
            }
            for one in report.shortfalls
        ],
        "facilities": [
            {"area": area.code or area.uid, "name": area.name, "counts": counts}
            for area, counts in report.facilities
        ],
        "units": [
            {
                "organization": one.unit.name,
                "officials": one.officials,
                "sent": one.sent,
                "due": one.due,
                "share": round(one.sent / one.officials, 4) if one.officials else None,
            }
            for one in report.units
        ],
        "certificates": [
            {"area": area.code or area.uid, "workers": workers, "certified": certified}
            for area, workers, certified in report.certificates
        ],
    }


def has_faults(result: dict[str, Any]) -> bool:
    """Return whether a staffing report (JSON) lists an error or a warning."""
    weights = {str(Severity.ERROR), str(Severity.WARNING)}
    return any(issue["severity"] in weights for issue in result["issues"])


def finding_text(book: StaffBook, finding: StaffFinding, lang: str) -> str:
    """Return the sentence of a finding with the names of area, person, post and so on."""
    params = {name: _named(book.scheme, name, v, lang) for name, v in finding.params.items()}
    area = book.snapshot.rows("area").get(finding.area) if finding.area else None
    person = book.snapshot.rows("person").get(finding.person) if finding.person else None
    params["area"] = params.get("object", "") if area is None else area.name
    params["person"] = "" if person is None else person.name
    return sentence(f"staff.{finding.sentence or finding.kind}", lang, params)


def _level_name(scheme: Scheme, level: str, lang: str) -> str:
    """Return what a post stands on in words: a level, a kind of the scheme, or another object."""
    terms: Sequence[Level | Entry] = (*scheme.levels, *scheme.groupings, *scheme.facilities)
    for term in terms:
        if term.key == level:
            return term.zh if lang == "zh" else term.en
    return sentence(f"anchor.{level}", lang)


def _named(scheme: Scheme, name: str, value: Any, lang: str) -> Any:
    """Return a key of the scheme in words, anything else as it is."""
    tables: Mapping[str, Sequence[Term | Entry | Post]] = {
        "post": scheme.posts,
        "pairing": scheme.pairings,
        "facility": scheme.facilities,
        "channel": scheme.channels,
        "organization": scheme.organizations,
        "entry": (*scheme.organizations, *scheme.facilities, *scheme.groupings),
    }
    for term in tables.get(name, ()):
        if term.key == value:
            return term.zh if lang == "zh" else term.en
    if name in _WORDS and value in _WORDS[name]:
        return _WORDS[name][value][0 if lang == "zh" else 1]
    return value


def _code(book: StaffBook, finding: StaffFinding) -> str | None:
    area = book.snapshot.rows("area").get(finding.area) if finding.area else None
    return None if area is None else area.code or area.uid
