"""The pictures of a PDF, packed beside the painting and put in afterwards.

What Qt brings packs JPEG four times slower, and nothing else happens meanwhile. So the painter gets
a stand-in for each picture, known by its width; in the finished file the pictures themselves take
the places of the stand-ins.
"""

from __future__ import annotations

import io
import tempfile
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtGui import QColor, QImage

from gridadmin.base.errors import InputError

_QUALITY = 94
"""What Qt packs pictures of a PDF with; colours are as fine as light and dark."""
_AT_ONCE = 2
"""So many pictures wait to be packed: they are large."""
_TAIL = 2048


class PdfPictures:
    """The pictures of one PDF that is being painted; a context, for its file must be closed.

    Packed pictures wait in a file without a name in *folder*.
    """

    def __init__(self, folder: Path) -> None:
        self._aside: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed below
        self._pool = ThreadPoolExecutor(1)
        self._waiting: deque[Future[bytes]] = deque()
        self._sizes: list[tuple[int, int]] = []
        self._packed: list[tuple[int, int]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._aside.close()

    def stand_in(self, rgb: NDArray[np.uint8]) -> QImage:
        """Take a picture, ``(height, width, 3)``; return what is painted in its place."""
        height, width = rgb.shape[:2]
        while len(self._waiting) >= _AT_ONCE:
            self._keep()
        self._waiting.append(self._pool.submit(_packed, rgb))
        self._sizes.append((width, height))
        found = QImage(len(self._sizes), 1, QImage.Format.Format_RGB32)
        found.fill(QColor("#FFFFFF"))
        return found

    def _keep(self) -> None:
        content = self._waiting.popleft().result()
        self._packed.append((self._aside.seek(0, 2), len(content)))
        self._aside.write(content)

    def put_into(self, path: Path) -> None:
        """Put the pictures into the painted PDF, in the places of their stand-ins.

        The file gets another section at its end, as PDF provides for changes; what reads it finds
        the new objects first.

        Raises: InputError ``chart.bad_pdf``, OSError.
        """
        while self._waiting:
            self._keep()
        if not self._packed:
            return
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError

        with path.open("r+b") as file:
            try:
                reader: Any = PdfReader(file)
                numbers = _stand_ins(reader)
                root, info = (reader.trailer.raw_get(name) for name in ("/Root", "/Info"))
                size, before = reader.trailer.raw_get("/Size"), _start_of_table(file)
            except (PyPdfError, ValueError, KeyError, IndexError) as fault:
                # Cut off where the disk was full, of which the painter says nothing.
                raise InputError("chart.bad_pdf", file=str(path), why=str(fault)) from fault
            if len(numbers) != len(self._packed):
                raise InputError("chart.bad_pdf", file=str(path), why="pictures are missing")
            file.seek(0, 2)
            places = {number: self._write(file, number, row) for row, number in enumerate(numbers)}
            table = file.tell()
            lines = [b"%d 1\n%010d 00000 n \n" % one for one in sorted(places.items())]
            file.write(b"xref\n" + b"".join(lines))
            file.write(
                b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /Prev %d >>\n"
                b"startxref\n%d\n%%%%EOF\n" % (size, root.idnum, info.idnum, before, table)
            )

    def _write(self, file: IO[bytes], number: int, row: int) -> int:
        """Write a picture as an object of that number; return where it begins."""
        place, (width, height), (begin, size) = file.tell(), self._sizes[row], self._packed[row]
        file.write(
            b"%d 0 obj\n<< /Type /XObject /Subtype /Image /Width %d /Height %d"
            b" /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length %d >>"
            b"\nstream\n" % (number, width, height, size)
        )
        self._aside.seek(begin)
        file.write(self._aside.read(size))
        file.write(b"\nendstream\nendobj\n")
        return place


def _packed(rgb: NDArray[np.uint8]) -> bytes:
    content = io.BytesIO()
    image = Image.fromarray(np.ascontiguousarray(rgb))
    image.save(content, "jpeg", quality=_QUALITY, subsampling=0)
    return content.getvalue()


def _stand_ins(reader: Any) -> list[int]:
    """Return the numbers of the objects that stand for pictures, in the order of the pictures."""
    found: dict[int, int] = {}
    for page in reader.pages:
        objects = page["/Resources"].get("/XObject", {})
        for reference in objects.values():
            one = reference.get_object()
            if one["/Subtype"] == "/Image":
                found[int(one["/Width"])] = reference.idnum
    return [number for _, number in sorted(found.items())]


def _start_of_table(file: IO[bytes]) -> int:
    """Return where the table of objects of a PDF begins, as its end tells."""
    file.seek(max(file.seek(0, 2) - _TAIL, 0))
    return int(file.read().rsplit(b"startxref", 1)[1].split()[0])
