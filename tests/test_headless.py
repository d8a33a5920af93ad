"""The whole main job without a screen, as ``dev.py demo --headless`` does it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from gridadmin.base.paths import ROOT


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_main_job_is_done_without_a_screen(chinese_dir: Path, lang: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gridadmin.headless", str(chinese_dir), "--lang", lang],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if k not in ("DISPLAY", "QT_QPA_PLATFORM")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    picture = QImage(str(chinese_dir / "window.png"))
    issues = json.loads((chinese_dir / "issues.json").read_text(encoding="utf-8"))
    assert (done.returncode, done.stdout) == (0, "")
    assert not re.search(r"\bcli\.[a-z_]+", done.stderr)
    assert (picture.width(), picture.height()) == (1440, 900)
    assert len(issues["issues"]) == 54
    assert (chinese_dir / "export.gpkg").is_file()
