"""Templates: shipped ones are whole, a user's stand beside them, bad ones name file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridadmin.base.errors import GridAdminError
from gridadmin.chart.template import BlockKind, Maps, Side
from gridadmin.chart.template_reading import available_templates, load_template

SIZES = {
    "before-after": (841, 594),
    "community-a3": (420, 297),
    "district-overview": (1189, 841),
    "grid-card": (210, 297),
    "roll-1067": (1067, 1450),
    "roll-610": (610, 850),
    "roll-914": (914, 1250),
    "roster-poster": (594, 841),
    "street-communities": (420, 297),
    "wall-787": (787, 1092),
    "wall-a0": (1189, 841),
    "wall-a0-portrait": (841, 1189),
    "wall-a1": (841, 594),
}


def test_shipped_templates_have_the_size_that_their_name_says() -> None:
    found = {
        one.key: (one.template.sheet.width_mm, one.template.sheet.height_mm)
        for one in available_templates()
        if one.template is not None
    }

    assert found == SIZES


def test_a_template_says_what_stands_on_the_sheet() -> None:
    found = load_template("before-after")

    assert found.maps is Maps.BEFORE_AFTER
    assert found.panel.side is Side.BOTTOM
    assert found.panel.blocks[-1] is BlockKind.SIGNATURES


def test_a_users_template_changes_a_shipped_one_and_hides_its_name(chinese_dir: Path) -> None:
    (chinese_dir / "wall-a0.toml").write_text(
        'extends = "wall-a0"\nzh = "本区挂图"\nscales = ["1:2000"]\n[sheet]\nbleed_mm = 3\n',
        encoding="utf-8-sig",
    )

    found = load_template("wall-a0", chinese_dir)

    assert (found.zh, found.is_shipped, found.scales) == ("本区挂图", False, (2000,))
    assert (found.sheet.width_mm, found.sheet.bleed_mm) == (1189, 3)
    assert [one.is_shipped for one in available_templates(chinese_dir) if one.key == "wall-a0"] == [
        False
    ]


@pytest.mark.parametrize(
    ("text", "code", "key"),
    [
        ('extends = "wall-a0"\ntittle_zh = "a"', "scheme.unknown_key_near", "tittle_zh"),
        ('extends = "wall-a9"', "scheme.extends_unknown", "extends"),
        ('extends = "mine"', "scheme.extends_itself", "extends"),
        ('extends = "wall-a0"\n[sheet]\nwidth_mm = 20', "scheme.out_of_range", "sheet.width_mm"),
        ('extends = "wall-a0"\n[sheet]\nwidth_mm = nan', "scheme.out_of_range", "sheet.width_mm"),
        ('extends = "wall-a0"\n[sheet]\nmargin_mm = 90\nwidth_mm = 200', "chart.no_room", None),
        ('extends = "wall-a0"\n[sizes]\nbody = "5"', "scheme.not_number", "sizes.body"),
        ('extends = "wall-a0"\n[panel]\nleast_map = 2', "scheme.out_of_range", "panel.least_map"),
        ('extends = "wall-a0"\n[panel]\nside = "up"', "scheme.unknown_value", "panel.side"),
        ('extends = "wall-a0"\n[panel]\nblocks = ["stafff"]', "scheme.unknown_value_near", None),
        ('extends = "wall-a0"\ntitle_zh = "{area}"', "chart.bad_title", "title_zh"),
        ('extends = "wall-a0"\ntitle_zh = "{0}"', "chart.bad_title", "title_zh"),
        ('extends = "wall-a0"\nscales = ["1:12x"]', "chart.bad_scale", "scales"),
        ('zh = "a"\nen = "b"', "scheme.missing_key", "sheet.width_mm"),
        ("zh = ", "scheme.bad_toml", None),
    ],
)
def test_a_bad_template_names_file_and_key(
    text: str, code: str, key: str | None, chinese_dir: Path
) -> None:
    path = chinese_dir / "mine.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(GridAdminError) as refused:
        load_template(path)

    assert refused.value.code == code
    assert refused.value.params["file"] == str(path)
    if key is not None:
        assert refused.value.params["key"] == key


def test_an_unknown_template_is_refused_with_the_one_that_was_meant() -> None:
    with pytest.raises(GridAdminError) as refused:
        load_template("wall-ao")

    assert refused.value.code == "chart.no_template_near"
    assert str(refused.value.params["nearest"]).startswith("wall-a")


def test_a_bad_template_stays_in_the_list_with_its_fault(chinese_dir: Path) -> None:
    (chinese_dir / "mine.toml").write_text("zh = 1", encoding="utf-8")

    (mine,) = [one for one in available_templates(chinese_dir) if one.key == "mine"]

    assert mine.template is None
    assert mine.fault is not None
    assert mine.fault.code in ("scheme.not_text", "scheme.missing_key")
