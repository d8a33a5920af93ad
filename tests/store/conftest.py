from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.made_up import new_project


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "网格 项目 #1 50%25?"
    folder.mkdir()
    return new_project(folder / "虚构 区 %20#?.gpkg")
