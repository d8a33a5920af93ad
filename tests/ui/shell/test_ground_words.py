import pytest
from pyproj import CRS

from ui.shell.ground_words import Earth, plane_words, position_words
from ui.texts import SOURCE, set_language


@pytest.mark.parametrize(
    ("epsg", "words"),
    [
        (4543, "CGCS2000 3°带 中央经线 102°E"),
        (4544, "CGCS2000 3°带 中央经线 105°E"),
        (4525, "CGCS2000 3°带 中央经线 111°E"),
        (4507, "CGCS2000 6°带 中央经线 105°E"),
        (32648, "WGS 84 中央经线 105°E"),
        (3857, "WGS 84 / Pseudo-Mercator"),
        (4490, "China Geodetic Coordinate System 2000"),
    ],
)
def test_a_plane_is_named_in_words(epsg: int, words: str) -> None:
    set_language(SOURCE)
    assert plane_words(CRS.from_epsg(epsg)) == words


def test_a_place_of_the_plane_is_told_in_degrees() -> None:
    assert Earth(CRS.from_epsg(4544)).position((500_000.0, 3_400_000.0)) == "105.0000°E 30.7206°N"


def test_west_and_south_are_told_by_letters() -> None:
    assert position_words(-0.5, -33.25) == "0.5000°W 33.2500°S"


def test_a_place_beyond_the_earth_has_no_position() -> None:
    assert Earth(CRS.from_epsg(4544)).position((1e12, 1e12)) == ""
