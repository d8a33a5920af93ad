"""Pictures that are put into a PDF afterwards."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gridadmin.base.errors import InputError
from ui.pdf_pictures import PdfPictures


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.4\n1 0 obj\n<< /Type /Cata"], ids=["empty", "cut off"]
)
def test_a_pdf_that_was_cut_off_by_a_full_disk_is_said_to_be_bad(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "挂图.pdf"
    path.write_bytes(content)
    with PdfPictures(tmp_path) as pictures:
        pictures.stand_in(np.zeros((4, 4, 3), dtype=np.uint8))
        with pytest.raises(InputError, match=r"chart\.bad_pdf") as refused:
            pictures.put_into(path)

    assert refused.value.params["file"] == str(path)
