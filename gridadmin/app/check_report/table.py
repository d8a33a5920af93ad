"""A report as an Excel workbook: certificate first, then what is invalid, then a row per issue."""

from __future__ import annotations

from pathlib import Path

from gridadmin.app.check_report.model import CheckReport, ReportedIssue
from gridadmin.app.check_report.words import Words
from gridadmin.exchange.workbook import Sheet, Value, write_workbook

_EXACT, _METRES, _DEGREES = "#,##0.0000####", "0.000", "0.0000000"
_MOST_DEGREES = 180.0


def write_report_table(path: Path, report: CheckReport, lang: str) -> None:
    """Write the workbook. Raises: InputError, StoreError of the disk."""
    words = Words(lang)
    sheets = [_certificate(words, report)]
    if report.invalid:
        rows = [(row.row, row.why) for row in report.invalid]
        heads = (words.say("head_row"), words.say("head_why"))
        sheets.append(Sheet(words.say("invalid_heading"), heads, rows))
    sheets.append(_issues(words, report))
    if report.subject.exempt:
        sheets.append(_exempt(words, report))
    write_workbook(path, sheets)


def _certificate(words: Words, report: CheckReport) -> Sheet:
    rows: list[tuple[Value, ...]] = [
        (words.say("certificate"), words.verdict(report)),
        (words.say("figures"), words.line(report)),
        ("", words.meaning(report)),
        *((words.say("obstacle"), said) for said in words.obstacles(report)),
        *words.facts(report),
        (words.say("dust_heading"), words.dust(report)),
        *(("", remark) for remark in report.remarks),
    ]
    for severity, kind, count, land_m2 in report.counts():
        counted = words.say("counted", count=f"{count:,}", m2=words.exact(land_m2))
        rows.append((f"{words.severity(severity)} · {words.kind(kind)}", counted))
    return Sheet(words.say("certificate"), (words.say("head_item"), words.say("head_value")), rows)


def _issues(words: Words, report: CheckReport) -> Sheet:
    places = [issue.point for issue in report.issues if issue.point is not None]
    is_lonlat = all(abs(x) <= _MOST_DEGREES and abs(y) <= _MOST_DEGREES for x, y in places)
    heads = {
        key: words.say(f"head_{key}")
        for key in (
            "number", "kind", "severity", "state", "level", "m2", "width",
            "areas", "codes", "x", "y", "text",
        )
    }  # fmt: skip
    place = _DEGREES if is_lonlat else _METRES
    return Sheet(
        words.say("issues_heading"),
        tuple(heads.values()),
        [_issue(words, report, issue) for issue in report.issues],
        {heads["m2"]: _EXACT, heads["width"]: _METRES, heads["x"]: place, heads["y"]: place},
        has_filter=True,
    )


def _issue(words: Words, report: CheckReport, issue: ReportedIssue) -> tuple[Value, ...]:
    return (
        issue.number,
        words.kind(issue.kind),
        words.severity(issue.severity),
        words.state(issue),
        words.level(report, issue),
        issue.area_m2,
        issue.width_m,
        words.names(issue),
        words.codes(issue),
        None if issue.point is None else issue.point[0],
        None if issue.point is None else issue.point[1],
        words.text(issue),
    )


def _exempt(words: Words, report: CheckReport) -> Sheet:
    heads = tuple(words.say(f"head_{key}") for key in ("name", "reason", "approver", "until", "m2"))
    rows = [(e.name, e.reason, e.approver, e.until, e.land_m2) for e in report.subject.exempt]
    return Sheet(words.say("exempt_heading"), heads, rows, {heads[-1]: _EXACT})
