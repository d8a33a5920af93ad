"""The last hand on a PDF: exact page boxes, links, bookmarks; then a look at what was written.

What paints rounds pages to whole points (0.35 mm) and knows no links between pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, FloatObject, NameObject, RectangleObject, TextStringObject

from gridadmin.base.errors import InputError
from gridadmin.chart.pdf_joining import PdfJoiner
from gridadmin.chart.sheet import POINTS_PER_MM, Frame, Sheet
from gridadmin.chart.surface import Target

_TOLERANCE_MM = 0.05
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class PageEnd:
    """What is still to be done to a painted page: its key, title, sheet and links."""

    key: str
    title: str
    sheet: Sheet
    links: tuple[tuple[Frame, Target], ...]


def finish_pdf(parts: Sequence[Path], ends: Sequence[PageEnd], out: Path, title: str) -> None:
    """Write one PDF of painted ones: pages exact, links and bookmarks in place.

    *ends* are the pages of all parts in their order. Links to pages that aren't there are left out.

    Raises: InputError ``chart.bad_pdf`` when a part can't be read.
    """
    with PdfJoiner(out.parent) as writer:
        try:
            for part in parts:
                writer.take(part)
        except (PyPdfError, OSError, ValueError) as fault:
            raise InputError("chart.bad_pdf", file=str(out), why=str(fault)) from fault
        heights = [float(page.mediabox.height) for page in writer.pages]
        numbers = {end.key: number for number, end in enumerate(ends)}
        for number, (page, end) in enumerate(zip(writer.pages, ends, strict=True)):
            _set_boxes(page, end.sheet, heights[number])
            for frame, target in end.links:
                _add_link(writer, number, frame, target, end.sheet, heights[number], numbers)
        if len(ends) > 1:
            for number, end in enumerate(ends):
                writer.add_outline_item(title=end.title, page_number=number)
        writer.add_metadata({"/Title": title, "/Creator": "gridadmin"})
        writer.root_object[NameObject("/Lang")] = TextStringObject("zh-CN")
        with out.open("wb") as file:
            writer.write(file)


def _set_boxes(page: Any, sheet: Sheet, height_pt: float) -> None:
    """Set the boxes of a page; what was painted hangs at its upper edge, which stays."""
    media = sheet.media
    whole = _box(Frame(0.0, 0.0, media.width, media.height), height_pt)
    trim = _box(Frame(sheet.bleed_mm, sheet.bleed_mm, sheet.width_mm, sheet.height_mm), height_pt)
    page[NameObject("/MediaBox")] = whole
    page[NameObject("/CropBox")] = whole
    page[NameObject("/BleedBox")] = whole
    page[NameObject("/TrimBox")] = trim


def _box(frame: Frame, height_pt: float) -> RectangleObject:
    """Return a frame of the media (mm from its upper left corner) as PDF counts: from below."""
    left, right = frame.x * POINTS_PER_MM, frame.right * POINTS_PER_MM
    top, bottom = height_pt - frame.y * POINTS_PER_MM, height_pt - frame.bottom * POINTS_PER_MM
    sides = [FloatObject(round(value, _DIGITS)) for value in (left, bottom, right, top)]
    box = RectangleObject((0, 0, 0, 0))
    box[:] = sides
    return box


def _add_link(
    writer: PdfWriter,
    number: int,
    frame: Frame,
    target: Target,
    sheet: Sheet,
    height_pt: float,
    numbers: dict[str, int],
) -> None:
    moved = frame.moved(sheet.bleed_mm, sheet.bleed_mm)
    rect = _box(moved, height_pt)
    border = ArrayObject([FloatObject(0), FloatObject(0), FloatObject(0)])
    if target.address:
        annotation = Link(rect=rect, border=border, url=target.address)
    elif target.page in numbers:
        annotation = Link(rect=rect, border=border, target_page_index=numbers[target.page])
    else:
        return
    writer.add_annotation(page_number=number, annotation=annotation)


# The look at what was written


def check_pdf(path: Path, ends: Sequence[PageEnd]) -> None:
    """Look at a PDF that was written: pages, sizes, embedded fonts, the end of the last page.

    Raises: InputError ``chart.bad_pdf`` with what is wrong.
    """
    try:
        # What is open could neither be switched nor removed: it is closed again at once.
        with path.open("rb") as file:
            pages = list(PdfReader(file).pages)
            _check_pages(path, pages, ends)
            for number, page in enumerate(pages, start=1):
                for name in _loose_fonts(page):
                    raise InputError("chart.bad_pdf", file=str(path), why=f"{number}: font {name}")
            content = pages[-1].get_contents()
            drawn = b"" if content is None else content.get_data()
    except (PyPdfError, OSError, ValueError, KeyError, IndexError) as fault:
        raise InputError("chart.bad_pdf", file=str(path), why=str(fault)) from fault
    # The neat line is drawn last: a page that ends before it was cut off.
    if not any(mark in drawn[-_TAIL:] for mark in (b"\nS", b" S", b"B\n", b"S\n")):
        raise InputError("chart.bad_pdf", file=str(path), why="the last page ends too early")


_TAIL = 600


def _check_pages(path: Path, pages: Sequence[Any], ends: Sequence[PageEnd]) -> None:
    if len(pages) != len(ends):
        why = f"{len(pages)} pages instead of {len(ends)}"
        raise InputError("chart.bad_pdf", file=str(path), why=why)
    for number, (page, end) in enumerate(zip(pages, ends, strict=True), start=1):
        media = end.sheet.media
        wide = float(page.mediabox.width) / POINTS_PER_MM
        high = float(page.mediabox.height) / POINTS_PER_MM
        if abs(wide - media.width) > _TOLERANCE_MM or abs(high - media.height) > _TOLERANCE_MM:
            why = f"page {number} is {wide:.2f} x {high:.2f} mm"
            raise InputError("chart.bad_pdf", file=str(path), why=why)


def _loose_fonts(page: Any) -> Iterator[str]:
    """Yield the fonts of a page that aren't embedded, or whose words can't be searched."""
    resources = page.get("/Resources", {})
    for name, reference in resources.get("/Font", {}).items():
        font = reference.get_object()
        inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        descriptor = inner.get("/FontDescriptor")
        files = set() if descriptor is None else set(descriptor.get_object())
        if not files & {"/FontFile", "/FontFile2", "/FontFile3"} or "/ToUnicode" not in font:
            yield str(name)
