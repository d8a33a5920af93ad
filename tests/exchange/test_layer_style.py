from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from gridadmin.exchange.layer_style import style_qml


def border_of(layer: str) -> tuple[str | None, float]:
    root = ET.fromstring(style_qml(layer))
    options = {
        option.get("name"): option.get("value")
        for option in root.iter("Option")
        if option.get("name")
    }
    return options["outline_style"], float(options["outline_width"] or 0)


def test_borders_follow_the_signs_of_chinese_maps() -> None:
    community, grid, micro_grid = map(border_of, ("community", "grid", "micro_grid"))

    assert community[0] == "dash dot"
    assert grid[0] == "solid"
    assert micro_grid[0] == "solid"
    assert community[1] > grid[1] > micro_grid[1]


@pytest.mark.parametrize("layer", ["city", "grid", "cell", "exempt", "somebody's own"])
def test_labels_show_the_name_with_a_halo(layer: str) -> None:
    root = ET.fromstring(style_qml(layer))

    text = root.find("labeling/settings/text-style")
    assert root.get("labelsEnabled") == "1"
    assert text is not None
    assert text.get("fieldName") == "name"
    assert text.find("text-buffer").get("bufferDraw") == "1"  # type: ignore[union-attr]
