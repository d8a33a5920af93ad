"""Who paints charts on this computer: the fonts it has, files and printers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gridadmin.base.progress import SILENT, Progress
from gridadmin.chart.page import ChartPage
from gridadmin.chart.sheet import Frame
from gridadmin.chart.surface import Metrics, Target
from ui.canvas.render import require_application
from ui.chart_fonts import FONTS, families, has_bold
from ui.chart_painting import paint_pdf, paint_png, paint_svg


class QtChartPainter:
    """Paints with Qt; what it has of fonts decides how words are laid out."""

    def __init__(self) -> None:
        require_application()

    @property
    def metrics(self) -> Metrics:
        """The letters of this computer."""
        return FONTS

    @property
    def fonts(self) -> str:
        """The fonts by preference."""
        return ", ".join(families()) + (" bold" if has_bold() else "")

    def paint_pdf(
        self, pages: Sequence[ChartPage], out: Path, title: str, progress: Progress = SILENT
    ) -> list[list[tuple[Frame, Target]]]:
        """Paint pages into a PDF; return the links of each page."""
        return paint_pdf(pages, out, title, progress)

    def paint_png(
        self, page: ChartPage, out: Path, dpi: float, progress: Progress = SILENT
    ) -> None:
        """Paint a page into a PNG file."""
        paint_png(page, out, dpi, progress)

    def paint_svg(self, page: ChartPage, out: Path, progress: Progress = SILENT) -> None:
        """Paint a page into an SVG file."""
        paint_svg(page, out, progress)
