"""Sheets of a series that are painted already, kept beside the target until all are there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridadmin.chart.finishing import PageEnd
from gridadmin.chart.page import Note
from gridadmin.chart.series import SheetOrder
from gridadmin.chart.sheet import Frame, Sheet
from gridadmin.chart.surface import Target


@dataclass(frozen=True)
class PaintedSheet:
    """A sheet that is painted: its file, what is still to be done to its pages, its notes."""

    order: SheetOrder
    path: Path
    ends: list[PageEnd]
    notes: list[tuple[str, Note]]


def keep_sheet(sheet: PaintedSheet, stamp: str) -> None:
    """Write beside a painted sheet what is known of it, under the stamp of what it was made of."""
    text = json.dumps({"stamp": stamp, **_to_json(sheet)}, ensure_ascii=False)
    sheet.path.with_suffix(".json").write_text(text, encoding="utf-8")


def _to_json(sheet: PaintedSheet) -> dict[str, Any]:
    return {
        "ends": [
            {
                "key": end.key,
                "title": end.title,
                "sheet": [
                    end.sheet.width_mm,
                    end.sheet.height_mm,
                    end.sheet.margin_mm,
                    end.sheet.bleed_mm,
                ],
                "links": [[*frame, target.page, target.address] for frame, target in end.links],
            }
            for end in sheet.ends
        ],
        "notes": [
            [key, note.code, [list(pair) for pair in note.params]] for key, note in sheet.notes
        ],
    }


def kept_sheet(path: Path, stamp: str, order: SheetOrder) -> PaintedSheet | None:
    """Return a sheet that an earlier run painted, None where there is none of that stamp."""
    about = path.with_suffix(".json")
    if not path.is_file() or not about.is_file():
        return None
    try:
        values = json.loads(about.read_text(encoding="utf-8"))
        if values["stamp"] != stamp:
            return None
        ends = [
            PageEnd(
                end["key"],
                end["title"],
                Sheet(*end["sheet"]),
                tuple((Frame(*one[:4]), Target(one[4], one[5])) for one in end["links"]),
            )
            for end in values["ends"]
        ]
        notes = [
            (key, Note(code, tuple((name, value) for name, value in params)))
            for key, code, params in values["notes"]
        ]
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return PaintedSheet(order, path, ends, notes)
