"""Paints a report: pictures of places, and the pages of a PDF."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from PySide6.QtGui import QImage

from gridadmin.app.check_report.ground import Ground
from gridadmin.app.check_report.model import CheckReport, ReportedIssue
from gridadmin.app.check_report.pictures import picture_note, pictured
from gridadmin.app.check_report.words import Words
from gridadmin.base.progress import Progress
from ui.canvas.render import require_application
from ui.reports.blocks import INK, QUIET, TONES, Block, Card, Figures, Paragraph, Row, Text
from ui.reports.pages import paint_pages
from ui.reports.thumbnails import paint_places

_FACTS = (0.27, 0.73)
_COUNTS = (0.2, 0.4, 0.15, 0.25)
_INVALID = (0.15, 0.85)
_EXEMPT = (0.24, 0.26, 0.18, 0.16, 0.16)
_ISSUES = (0.1, 0.16, 0.4, 0.19, 0.15)


class ReportPainter:
    """Paints with Qt, without a window, over a base map; for a worker too."""

    def __init__(self, basemap: Path | None = None) -> None:
        require_application()
        self._basemap = basemap

    def pictures(self, report: CheckReport, ground: Ground, progress: Progress) -> dict[str, bytes]:
        """Return PNG files of the places of issues by their number. Raises: Cancelled."""
        return paint_places(pictured(report), ground, progress, self._basemap)

    def pdf(
        self, report: CheckReport, pictures: Mapping[str, bytes], lang: str, progress: Progress
    ) -> bytes:
        """Return the report as PDF: the certificate first. Raises: Cancelled, InputError."""
        words = Words(lang)

        def page(number: int, count: int) -> str:
            return words.say("page", page=number, pages=count)

        blocks = list(_blocks(report, pictures, words))
        return paint_pages(words.title(report), blocks, page, progress)


def _blocks(report: CheckReport, pictures: Mapping[str, bytes], words: Words) -> Iterator[Block]:
    yield from _certificate(report, words)
    yield from _counts(report, words)
    yield from _exempt(report, words)
    yield from _issues(report, pictures, words)


def _heading(text: str, *, starts_page: bool = False) -> Paragraph:
    above = 0.0 if starts_page else 6.0
    return Paragraph(Text(text, 13, is_bold=True), above, 2.0, starts_page, keeps_next=True)


def _certificate(report: CheckReport, words: Words) -> Iterator[Block]:
    certificate = report.certificate
    tone = TONES["good" if certificate.is_proved else "error"]
    yield Paragraph(Text(words.title(report), 18, is_bold=True), 0, 1)
    yield Paragraph(Text(words.say("certificate"), 11, QUIET), 0, 5)
    yield Paragraph(Text(words.verdict(report), 15, tone, is_bold=True), 0, 4)
    yield Figures(words.figures(report))
    yield Paragraph(Text(words.meaning(report), 10), 0, 2.5)
    if certificate.obstacles:
        yield Paragraph(Text(words.say("in_the_way"), 10, is_bold=True), 1, 1)
        for said in words.obstacles(report):
            yield Paragraph(Text(f"•  {said}", 10, TONES["error"]), 0, 0.8)
    yield Paragraph(Text(words.dust(report), 10), 1.5, 3)
    for name, value in words.facts(report):
        yield Row((Text(name, 9, QUIET), Text(value, 9)), _FACTS)
    for remark in report.remarks:
        yield Paragraph(Text(remark, 9, QUIET), 1.5, 0)


def _counts(report: CheckReport, words: Words) -> Iterator[Block]:
    starts_page = True
    if report.invalid:
        yield _heading(words.say("invalid_heading"), starts_page=True)
        yield from _table(
            words, ("row", "why"), _INVALID, [(row.row, row.why) for row in report.invalid]
        )
        starts_page = False
    if not report.issues:
        return
    yield _heading(words.say("counts_heading"), starts_page=starts_page)
    head = Row(
        [_head(words, "severity"), _head(words, "kind"), _head(words, "count"), _head(words, "m2")],
        _COUNTS,
    )
    yield head
    for severity, kind, count, land_m2 in report.counts():
        cells = (
            Text(words.severity(severity), 9, TONES[severity]),
            Text(words.kind(kind), 9),
            Text(f"{count:,}", 9),
            Text(words.exact(land_m2) if land_m2 else "", 9),
        )
        yield Row(cells, _COUNTS, head)


def _exempt(report: CheckReport, words: Words) -> Iterator[Block]:
    if not report.subject.exempt:
        return
    # With nothing listed before it, the table goes on the page behind the certificate.
    is_first = not report.issues and not report.invalid
    yield _heading(words.say("exempt_heading"), starts_page=is_first)
    rows = []
    for one in report.subject.exempt:
        until = one.until or words.say("no_end")
        if one.has_expired:
            until += f" {words.say('expired')}"
        rows.append((one.name, one.reason, one.approver, until, words.exact(one.land_m2)))
    yield from _table(words, ("name", "reason", "approver", "until", "m2"), _EXEMPT, rows)


def _table(
    words: Words,
    heads: tuple[str, ...],
    shares: tuple[float, ...],
    rows: Sequence[tuple[str, ...]],
) -> Iterator[Block]:
    head = Row([_head(words, name) for name in heads], shares)
    yield head
    for row in rows:
        yield Row([Text(cell, 9) for cell in row], shares, head)


def _head(words: Words, name: str) -> Text:
    return Text(words.say(f"head_{name}"), 8.5, QUIET, is_bold=True)


def _issues(report: CheckReport, pictures: Mapping[str, bytes], words: Words) -> Iterator[Block]:
    if not report.issues:
        return
    yield _heading(words.say("issues_heading"))
    note = picture_note(report, pictures, words)
    if note:
        yield Paragraph(Text(note, 9, QUIET), 0, 3)
    for issue in report.issues:
        if issue.number in pictures:
            yield _card(report, issue, pictures[issue.number], words)
    others = [issue for issue in report.issues if issue.number not in pictures]
    head = Row(
        [_head(words, name) for name in ("severity", "kind", "text", "size", "number")], _ISSUES
    )
    if others:
        yield head
    for issue in others:
        yield Row(
            (
                Text(words.severity(issue.severity), 8.5, TONES[issue.severity]),
                Text(words.kind(issue.kind), 8.5),
                Text(_said(issue, words), 8.5),
                Text(words.size(issue), 8.5),
                Text(issue.number, 8, QUIET),
            ),
            _ISSUES,
            head,
        )


def _card(report: CheckReport, issue: ReportedIssue, png: bytes, words: Words) -> Card:
    title = f"{words.kind(issue.kind)} · {words.severity(issue.severity)}"
    return Card(
        Text(title, 11, TONES.get(issue.severity, INK), is_bold=True),
        Text(words.text(issue), 9.5),
        words.details(report, issue),
        QImage.fromData(png),
    )


def _said(issue: ReportedIssue, words: Words) -> str:
    return "\n".join(part for part in (words.text(issue), words.about(issue)) if part)
