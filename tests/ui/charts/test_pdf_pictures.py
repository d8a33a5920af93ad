"""Pictures of a PDF: each stands in its place, packed as a picture of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from numpy.typing import NDArray
from pypdf import PdfReader
from pypdf.generic import NameObject

from gridadmin.chart.drawing import Drawing
from gridadmin.chart.page import ChartPage
from gridadmin.chart.sheet import Frame, Sheet
from gridadmin.chart.surface import Paths
from ui.chart_making import QtChartPainter

_SHEET = Sheet(210.0, 297.0)
_PIECE_MM = 1024 / 300 * 25.4


class Chequered:
    """A raster of which each piece is of one colour, by where it begins."""

    effective_dpi = 300.0
    attribution = "made up"

    def piece(self, frame: Frame, width_px: int, height_px: int) -> NDArray[np.uint8]:
        """Return a piece."""
        return np.full((height_px, width_px, 3), _colour(frame.x, frame.y), dtype=np.uint8)


def _colour(x: float, y: float) -> tuple[int, int, int]:
    return 40 + round(x), 40 + round(y), 200


def _page(key: str, frame: Frame | None) -> ChartPage:
    drawing = Drawing(_SHEET)
    if frame is not None:
        drawing.raster(frame, Chequered())
    drawing.land(Paths.frame(Frame(5.0, 5.0, 2.0, 2.0)), "#000000")
    return ChartPage(key, key, drawing)


def test_each_piece_of_a_base_map_stands_in_its_place(tmp_path: Path) -> None:
    out = tmp_path / "底图 一.pdf"
    pages = [
        _page("1", Frame(10.0, 20.0, 180.0, 100.0)),
        _page("2", None),
        _page("3", Frame(30.0, 60.0, 50.0, 40.0)),
    ]

    QtChartPainter().paint_pdf(pages, out, "图")

    pixels = [
        page.render(scale=1).to_numpy()[:, :, :3][:, :, ::-1] for page in pypdfium2.PdfDocument(out)
    ]
    for page, x, y in (
        (0, 10.0, 20.0), (0, 10.0 + _PIECE_MM, 20.0), (0, 10.0 + 2 * _PIECE_MM, 20.0),
        (0, 10.0, 20.0 + _PIECE_MM), (0, 10.0 + 2 * _PIECE_MM, 20.0 + _PIECE_MM),
        (2, 30.0, 60.0),
    ):  # fmt: skip
        at = [round((value + 4.0) * 72 / 25.4) for value in (y, x)]
        found = pixels[page][at[0], at[1]].tolist()
        assert found == pytest.approx(_colour(x, y), abs=3), (page, x, y)
    assert pixels[0][10, 10].tolist() == [255, 255, 255]


def test_pictures_are_packed_once_and_as_large_as_they_are(tmp_path: Path) -> None:
    out = tmp_path / "底图.pdf"

    QtChartPainter().paint_pdf([_page("1", Frame(0.0, 0.0, _PIECE_MM * 1.5, 50.0))], out, "图")

    reader: Any = PdfReader(out)
    images = [one.get_object() for one in reader.pages[0]["/Resources"]["/XObject"].values()]
    sizes = sorted((one["/Width"], one["/Height"]) for one in images)
    assert sizes == [(512, 591), (1024, 591)]
    assert {one["/Filter"] for one in images} == {NameObject("/DCTDecode")}

    assert reader.metadata.title == "图"
