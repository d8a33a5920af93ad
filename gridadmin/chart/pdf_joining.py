"""One PDF of several: what is large in them waits on the disk, not in memory."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from pypdf import PdfReader, PdfWriter
from pypdf.generic import PdfObject, StreamObject

_PIECE = 1 << 20


class PdfJoiner(PdfWriter):
    """A PDF that is put together out of others; a context, for its file must be closed.

    The streams of a part (pictures, contents of pages, fonts) go into a file that has no name in
    *folder*, so that no more than one part is in memory, however many there are.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._parts: list[PdfReader] = []
        self._aside: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed below

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._aside.close()

    def take(self, part: Path) -> None:
        """Put all pages of a PDF at the end. Raises: PyPdfError, OSError, ValueError."""
        known, pages = len(self._objects), len(self.pages)
        with part.open("rb") as file, PdfReader(file) as reader:
            self.append(reader, import_outline=False)
        # Closed it holds nothing; gone, its place in memory could be another's, and what was taken
        # of it is known by that place.
        self._parts.append(reader)
        for page in self.pages[pages:]:
            # It would keep all that was read.
            vars(page).pop("original_page", None)
        for number in range(known, len(self._objects)):
            one = self._objects[number]
            if isinstance(one, StreamObject):
                self._objects[number] = _Aside(one, self._aside)


class _Aside(PdfObject):
    """A stream as it will be written, in a file."""

    def __init__(self, stream: StreamObject, file: IO[bytes]) -> None:
        self.indirect_reference = stream.indirect_reference
        self._file = file
        self._begin = file.seek(0, 2)
        stream.write_to_stream(file)
        self._size = file.tell() - self._begin

    def write_to_stream(self, stream: Any, encryption_key: object = None) -> None:
        """Copy the stream."""
        del encryption_key
        self._file.seek(self._begin)
        left = self._size
        while left:
            piece = self._file.read(min(left, _PIECE))
            stream.write(piece)
            left -= len(piece)
