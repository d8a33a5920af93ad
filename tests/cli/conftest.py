from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.boundaries import boundary_file, box, quarters
from tests.cli.runner import run


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo city, made once; tests that write work on a copy."""
    folder = tmp_path_factory.mktemp("演示 城市")
    ran = run("demo", folder, "--quiet")
    assert ran.code == 0, ran.err
    return folder


@pytest.fixture
def demo(demo_folder: Path, chinese_dir: Path) -> Path:
    """A fresh copy of the demo project, in a folder with Chinese characters and blanks."""
    return Path(shutil.copy(demo_folder / "demo.gpkg", chinese_dir / "演示 项目.gpkg"))


@pytest.fixture
def project(chinese_dir: Path) -> Path:
    """A new project without land, codes or base units."""
    path = chinese_dir / "新 项目.gpkg"
    ran = run("new", path, "--scheme", "default", "--name", "虚构区")
    assert ran.code == 0, ran.err
    return path


@pytest.fixture(scope="session")
def four_grids_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of four square grids of 100 m below one community, all with codes."""
    folder = tmp_path_factory.mktemp("四个 网格")
    path = folder / "四格.gpkg"
    community = [({"code": "990001001001", "name": "样例社区"}, box(0, 0, 200, 200))]
    grids = boundary_file(folder / "网格.gpkg", quarters("990001001001"))
    commands: list[tuple[object, ...]] = [
        ("new", path, "--scheme", "default", "--name", "虚构区"),
        ("import", path, boundary_file(folder / "社区.gpkg", community), "--level", "community"),
        ("import", path, grids, "--level", "grid"),
    ]
    for command in commands:
        ran = run(*command)
        assert ran.code == 0, ran.err
    return path


@pytest.fixture
def four_grids(four_grids_once: Path, chinese_dir: Path) -> Path:
    """A fresh copy of the project of four grids; its revision is 2."""
    return Path(shutil.copy(four_grids_once, chinese_dir / "四个 网格.gpkg"))
