"""The newcomer's path by real mouse and key events, on a screen of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from docs.walk import run

STEPS = [
    "01-start.png",
    "02-demo.png",
    "03-search.png",
    "04-community.png",
    "05-points.png",
    "06-drag.png",
    "07-dragged.png",
    "08-undone.png",
    "09-new.png",
    "10-import-file.png",
    "11-import-preview.png",
    "12-imported-street.png",
    "13-imported-frame.png",
    "14-imported-community.png",
    "15-imported-grid.png",
    "16-issues.png",
    "17-issue.png",
    "18-settled.png",
    "19-export.png",
    "20-exported.png",
]


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("Xvfb") is None or shutil.which("xdotool") is None,
    reason="Xvfb and xdotool are not installed",
)
@pytest.mark.parametrize(("lang", "theme"), [("zh", "light"), ("en", "dark")])
def test_a_newcomer_gets_from_the_start_page_to_the_export(
    tmp_path: Path, lang: str, theme: str
) -> None:
    names = run(tmp_path, lang, theme)

    assert names == STEPS
    assert {
        (QImage(str(tmp_path / name)).width(), QImage(str(tmp_path / name)).height())
        for name in names
    } == {(1366, 768)}
