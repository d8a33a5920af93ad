"""PDFs put together: pages and pictures as they were, and never all of them in memory."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from gridadmin.chart.pdf_joining import PdfJoiner

SIDE_PX = 1000


def part(folder: Path, number: int) -> Path:
    """Write a PDF with one noisy picture, which takes 3 MB."""
    random = np.random.default_rng(number)
    pixels = random.integers(0, 256, (SIDE_PX, SIDE_PX, 3), dtype=np.uint8)
    path = folder / f"图{number}.pdf"
    Image.fromarray(pixels).save(path, "PDF", quality=100, subsampling=0)
    return path


def test_pages_follow_one_another_with_their_pictures(tmp_path: Path) -> None:
    parts = [part(tmp_path, number) for number in range(3)]

    with PdfJoiner(tmp_path) as joined:
        for one in parts:
            joined.take(one)
        joined.write(tmp_path / "全.pdf")

    found = [page.images[0].data for page in PdfReader(tmp_path / "全.pdf").pages]
    assert found == [PdfReader(one).pages[0].images[0].data for one in parts]
    assert len({bytes(one) for one in found}) == 3


def test_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    path = part(tmp_path, 1)

    with PdfJoiner(tmp_path) as joined:
        joined.take(path)
        joined.write(tmp_path / "全.pdf")

    assert sorted(one.name for one in tmp_path.iterdir()) == ["全.pdf", "图1.pdf"]


def test_ten_parts_take_no_more_memory_than_two(tmp_path: Path) -> None:
    parts = [part(tmp_path, number) for number in range(10)]
    size = parts[0].stat().st_size
    out = io.BytesIO()
    out.write(bytes(12 * size))
    out.seek(0)

    tracemalloc.start()
    with PdfJoiner(tmp_path) as joined:
        for one in parts:
            joined.take(one)
        joined.write(out)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert out.tell() > 10 * (size - 10_000)
    assert peak < 3.5 * size


def test_what_is_no_pdf_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "坏.pdf"
    path.write_bytes(b"no PDF at all")

    with PdfJoiner(tmp_path) as joined, pytest.raises(PyPdfError):
        joined.take(path)
