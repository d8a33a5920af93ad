"""The map as a picture file: what it shows, and how bad use is refused."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from tests.cli.boundaries import at, boundary_file, box
from tests.cli.runner import edited, run, run_child

GROUND = "#f4f2ec"


def picture(path: Path) -> QImage:
    image = QImage(str(path))
    assert not image.isNull()
    return image


def rendered(project: Path, *options: object, size: str = "400x400") -> QImage:
    out = project.parent / "图 片.png"
    ran = run("render", project, out, "--size", size, *options)
    assert ran.code == 0, ran.err
    return picture(out)


def refused(project: Path, *options: object, size: str = "400x400", out: str = "图.png") -> str:
    """The sentence with which bad use is refused; nothing is written."""
    target = project.parent / out
    ran = run("render", project, target, "--size", size, *options)
    assert ran.code == 2, ran.err
    assert not target.exists()
    return ran.err


def colours_in(image: QImage, x0: int, y0: int, x1: int, y1: int) -> Counter[str]:
    return Counter(image.pixelColor(x, y).name() for x in range(x0, x1) for y in range(y0, y1))


def test_the_picture_has_the_size_asked_for_and_shows_the_whole_project(
    four_grids: Path,
) -> None:
    image = rendered(four_grids, size="440x660")

    assert (image.width(), image.height()) == (440, 660)
    # 200 m and 5 % on each side are 440 pixels wide: half a metre each, 110 free above and below.
    assert image.pixelColor(220, 50).name() == GROUND
    assert image.pixelColor(5, 330).name() == GROUND
    assert_neighbours_differ([image.pixelColor(x, y).name() for x, y in QUARTERS_OF_440])


QUARTERS_OF_440 = [(60, 160), (380, 160), (380, 500), (60, 500)]


def assert_neighbours_differ(around: list[str]) -> None:
    """Colours of four squares, named round their common corner."""
    assert GROUND not in around
    assert all(one != other for one, other in zip(around, around[1:] + around[:1], strict=True))


def test_an_area_is_shown_with_a_margin(four_grids: Path) -> None:
    whole = rendered(four_grids)
    image = rendered(four_grids, "--area", "990001001001001")

    # The upper left quarter, 100 m wide with 5 m free on each side.
    assert image.pixelColor(8, 200).name() == GROUND
    assert image.pixelColor(200, 6).name() == GROUND
    assert image.pixelColor(40, 40) == whole.pixelColor(40, 40)
    assert image.pixelColor(396, 200) == whole.pixelColor(300, 60)


def test_a_box_is_shown_exactly(four_grids: Path) -> None:
    image = rendered(four_grids, "--bbox", *at(-100, 0), *at(100, 200))

    # The left half lies beyond the project, whose left half fills the right one.
    assert set(colours_in(image, 0, 0, 190, 400)) == {GROUND}
    assert GROUND not in colours_in(image, 205, 5, 395, 395)


def test_a_gap_is_hatched_in_red(four_grids: Path) -> None:
    edited(four_grids, {"do": "frame", "from": "union"})
    line = {"do": "insert_line", "line": [at(-1, 50), at(101, 50)], "left": "keep"}
    edited(
        four_grids,
        {**line, "right": "990001001001002"},
        {"do": "give", "point": at(50, 25), "to": None},
    )

    image = rendered(four_grids)

    # 200 m are 364 pixels wide: the southern half of the south-western quarter.
    colours = colours_in(image, 30, 300, 190, 370)
    red = sum(n for c, n in colours.items() if QColor(c).hsvHue() in (*range(12), *range(345, 360)))
    assert red > 0.98 * colours.total()
    assert len(colours) > 3


@pytest.mark.parametrize(
    ("theme", "ground"), [("plain", GROUND), ("households", GROUND), ("plain-dark", "#20242a"),
                          ("households-dark", "#20242a")],
)  # fmt: skip
def test_themes_differ(four_grids: Path, theme: str, ground: str) -> None:
    image = rendered(four_grids, "--theme", theme)

    assert image.pixelColor(2, 2).name() == ground
    around = [
        image.pixelColor(x, y).name() for x, y in ((60, 60), (340, 60), (340, 340), (60, 340))
    ]
    if theme.startswith("plain"):
        assert_neighbours_differ(around)
    else:
        # Nobody knows how many live here: one ground, with or without a dot of the pattern.
        assert len(set(colours_in(image, 40, 40, 80, 80)) - {around[0]}) > 0
        assert len(set(around)) <= 2


def test_a_base_map_lies_below_and_is_told_of(demo_folder: Path, chinese_dir: Path) -> None:
    project = Path(shutil.copy(demo_folder / "demo.gpkg", chinese_dir))
    basemap = demo_folder / "basemap.mbtiles"

    bare = rendered(project, "--area", "990001003")
    image = rendered(project, "--area", "990001003", "--basemap", basemap)

    assert image != bare
    assert image.pixelColor(2, 2).name() != GROUND
    # Bottom right stands whose map it is.
    assert colours_in(image, 300, 382, 398, 398) != colours_in(bare, 300, 382, 398, 398)


def test_names_stand_on_the_picture(demo: Path) -> None:
    image = rendered(demo, size="1400x860")

    dark = [c for c in colours_in(image, 350, 200, 500, 280) if QColor(c).lightness() < 60]
    assert dark


@pytest.mark.parametrize("size", ["400", "400x", "x", "400x400x400", "-4x5", "4.5x6", "breit"])
def test_a_size_that_is_none_is_refused(four_grids: Path, size: str) -> None:
    assert "1920x1080" in refused(four_grids, size=size)


@pytest.mark.parametrize("size", ["8x400", "400x16001", "999999x999999", "0x0"])
def test_a_size_beyond_reason_is_refused(four_grids: Path, size: str) -> None:
    assert "16000" in refused(four_grids, size=size)


@pytest.mark.parametrize(
    "bbox", [(5, 0, 5, 9), (9, 0, 5, 9), (0, 9, 5, 1), ("nan", 0, 5, 9), (0, 0, "inf", 9)]
)
def test_a_box_that_is_none_is_refused(four_grids: Path, bbox: tuple[object, ...]) -> None:
    assert "is no box" in refused(four_grids, "--bbox", *bbox)


def test_a_box_beside_the_project_is_refused_with_where_the_project_is(four_grids: Path) -> None:
    said = refused(four_grids, "--bbox", *at(5000, 0), *at(6000, 100))

    assert "530000 3994000 530200 3994200" in said


def test_a_box_and_an_area_at_once_are_refused(four_grids: Path) -> None:
    options = ("--bbox", 0, 0, 9, 9, "--area", "990001001001001")

    assert "--area and --bbox" in refused(four_grids, *options)


def test_an_unknown_area_is_refused(four_grids: Path) -> None:
    assert "123" in refused(four_grids, "--area", "123")


def test_an_area_without_land_is_refused(four_grids: Path) -> None:
    edited(
        four_grids,
        {"do": "create", "level": "micro_grid", "parent": "990001001001001", "code": None,
         "name": "虚构未画"},
    )  # fmt: skip
    uid = sqlite3_uid(four_grids, "虚构未画")

    assert "has no land" in refused(four_grids, "--area", uid)


def sqlite3_uid(project: Path, name: str) -> str:
    database = sqlite3.connect(project)
    try:
        found = database.execute("SELECT uid FROM area WHERE name = ?", (name,)).fetchone()
    finally:
        database.close()
    return str(found[0])


@pytest.mark.parametrize("theme", ["vacant", "cadres", "vacant-dark"])
def test_themes_of_people_paint_areas_without_anybody_red(four_grids: Path, theme: str) -> None:
    plain = rendered(four_grids, "--theme", "plain")
    image = rendered(four_grids, "--theme", theme)

    def reds(picture: QImage) -> int:
        colours = colours_in(picture, 40, 40, 80, 80)
        hues = (*range(12), *range(345, 360))
        return sum(n for c, n in colours.items() if QColor(c).hsvHue() in hues)

    assert reds(image) > reds(plain) + 200


def test_an_unknown_theme_is_refused_with_those_that_there_are(four_grids: Path) -> None:
    assert "plain, plain-dark, households" in refused(four_grids, "--theme", "pop")


def test_a_project_without_land_is_refused(project: Path) -> None:
    assert "no land" in refused(project)


def test_another_extension_is_refused(four_grids: Path) -> None:
    assert ".png" in refused(four_grids, out="图.jpg")


def test_a_folder_that_is_not_there_is_refused(four_grids: Path) -> None:
    assert "无此" in refused(four_grids, out="无此/图.png")


@pytest.mark.parametrize("content", [b"", b"no tiles", None])
def test_a_base_map_that_is_none_is_refused(four_grids: Path, content: bytes | None) -> None:
    basemap = four_grids.parent / "底图.mbtiles"
    if content is not None:
        basemap.write_bytes(content)

    assert "底图.mbtiles" in refused(four_grids, "--basemap", basemap)


def test_what_stood_there_stays_when_the_picture_fails(four_grids: Path) -> None:
    out = four_grids.parent / "图.png"
    out.write_bytes(b"before")

    ran = run("render", four_grids, out, "--size", "400x400", "--area", "123")

    assert ran.code == 2
    assert out.read_bytes() == b"before"


def test_no_part_of_a_file_is_left_behind(four_grids: Path) -> None:
    rendered(four_grids)

    assert sorted(path.name for path in four_grids.parent.iterdir()) == [
        "四个 网格.gpkg",
        "图 片.png",
    ]


def test_the_project_is_left_as_it_was(four_grids: Path) -> None:
    before = four_grids.read_bytes()

    rendered(four_grids)

    assert four_grids.read_bytes() == before


def test_a_program_of_its_own_needs_no_screen(
    four_grids: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    out = four_grids.parent / "图.png"

    ran = run_child("render", four_grids, out, "--size", "300x200", "--lang", "en")

    assert ran.code == 0, ran.err
    assert "300 × 200" in ran.err
    assert (picture(out).width(), picture(out).height()) == (300, 200)


def test_a_polygon_with_a_hole_for_a_neighbour_is_filled_around_it(
    project: Path,
) -> None:
    outer = box(0, 0, 300, 300).difference(box(100, 100, 200, 200))
    rows = [
        ({"code": "990001001001", "name": "虚构外"}, outer),
        ({"code": "990001001002", "name": "虚构内"}, box(100, 100, 200, 200)),
    ]
    ran = run(
        "import", project, boundary_file(project.parent / "社区.gpkg", rows), "--level", "community"
    )
    assert ran.code == 0, ran.err

    image = rendered(project, size="330x330")

    inside, around = image.pixelColor(130, 130), image.pixelColor(40, 290)
    assert inside != around
    assert image.pixelColor(290, 40) == around
