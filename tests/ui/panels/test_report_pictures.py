"""The pictures of a report lie over the base map of the project, where there is one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage

from gridadmin.app.check_report.ground import ProjectGround
from gridadmin.app.check_report.model import ReportedIssue
from gridadmin.base.progress import SILENT
from ui.context import Context
from ui.reports.thumbnails import paint_places


def picture(context: Context, basemap: Path | None) -> QImage:
    """Return the picture of a gap."""
    gap = next(one for one in context.bridge.issues() if one.kind == "gap")
    reported = ReportedIssue(gap.id, gap.kind, gap.severity, point=gap.point, bbox=gap.bbox)
    ground = ProjectGround(context.bridge.snapshot)
    return QImage.fromData(paint_places([reported], ground, SILENT, basemap)[gap.id])


def colours_of(image: QImage) -> set[int]:
    return {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(image.height())}


def test_pictures_lie_over_the_base_map(dirty: Context, demo_files: Path) -> None:
    plain = picture(dirty, None)
    over_map = picture(dirty, demo_files / "basemap.mbtiles")

    assert over_map.size() == plain.size()
    assert len(colours_of(over_map)) > 1.5 * len(colours_of(plain))


def test_a_base_map_that_is_none_is_left_out(dirty: Context, tmp_path: Path) -> None:
    broken = tmp_path / "basemap.mbtiles"
    broken.write_bytes(b"no tiles")

    assert picture(dirty, broken) == picture(dirty, None)
