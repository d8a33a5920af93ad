"""The pages about the tools: every tool and every picture is there, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from docs.tool_pictures import SCENES, demo_project, take
from gridadmin.base.paths import ROOT
from ui.menus.spec import ActionSpec
from ui.menus.table import TABLE

DOCS = ROOT / "docs"
PAGES = {
    "zh": (
        "tools.zh-CN.md",
        "basemaps.zh-CN.md",
        "maps.zh-CN.md",
        "areas.zh-CN.md",
        "charts.zh-CN.md",
        "checks.zh-CN.md",
        "rosters.zh-CN.md",
        "people.zh-CN.md",
        "publishing.zh-CN.md",
        "releases.zh-CN.md",
    ),
    "en": (
        "tools.md",
        "basemaps.md",
        "maps.md",
        "areas.md",
        "charts.md",
        "checks.md",
        "rosters.md",
        "people.md",
        "publishing.md",
        "releases.md",
    ),
}
TOOLS = [spec for spec in TABLE if spec.key.startswith("tool.")]


def text(lang: str) -> str:
    return "".join((DOCS / name).read_text(encoding="utf-8") for name in PAGES[lang])


@pytest.mark.parametrize("lang", PAGES)
@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.key)
def test_each_tool_has_a_section_with_its_key(tool: ActionSpec, lang: str) -> None:
    headings = re.findall(r"^## (.*)$", text(lang), re.MULTILINE)
    letters = {found for line in headings for found in re.findall(r"[(（](\w)[)）]", line)}

    assert tool.shortcuts[0] in letters
    if lang == "zh":
        assert any(line.startswith(tool.words) for line in headings)


@pytest.mark.parametrize("lang", PAGES)
def test_each_scene_has_its_picture_on_the_pages(lang: str) -> None:
    shown = re.findall(rf"\(images/{lang}-light/tool-([\w-]+)\.png\)", text(lang))

    assert sorted(shown) == sorted(SCENES)


@pytest.mark.parametrize("lang", PAGES)
def test_the_pictures_are_there_and_small(lang: str) -> None:
    files = [DOCS / "images" / f"{lang}-light" / f"tool-{name}.png" for name in SCENES]

    assert [file.name for file in files if not file.is_file()] == []
    assert [file.name for file in files if file.stat().st_size > 90_000] == []


def test_a_scene_plays_and_leaves_a_picture(tmp_path: Path) -> None:
    with demo_project() as project:
        take(["measure"], project, tmp_path, "zh", "light")

    picture = QImage(str(tmp_path / "zh-light" / "tool-measure.png"))
    assert (picture.width(), picture.height()) == (1180, 720)
