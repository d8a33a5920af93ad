"""Whatever a base map's file holds, it gives pictures or a sentence, never a fault or a crash."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from gridadmin.base.errors import InputError
from gridadmin.base.texts import LANGUAGES, explain
from gridadmin.tiles.opening import open_local
from gridadmin.tiles.picture import require_picture
from tests.helpers.mutator import mutants
from tests.tiles.made_up_images import geotiff, quartered, world_image
from tests.tiles.made_up_tiles import png, write_tiles

MUTANTS = int(os.environ.get("GRIDADMIN_MUTANTS", "200"))
"""A long run damages more files: GRIDADMIN_MUTANTS=2000."""
_MOST_TILES = 6


def look(path: Path) -> str:
    """Open a file, look at some tiles; return how it ended."""
    try:
        with open_local(path, "EPSG:4544") as tiles:
            for level in (tiles.grid.levels[0], tiles.grid.levels[-1]):
                for number, key in enumerate(tiles.grid.tiles(level, tiles.extent)):
                    if number >= _MOST_TILES:
                        break
                    content = tiles.tile(key)
                    if content is not None:
                        _judge(content)
    except InputError as refusal:
        said = [explain(refusal, lang) for lang in LANGUAGES]
        return f"unfilled: {said}" if any("{" in text for text in said) else refusal.code
    return "shown"


def _judge(content: bytes) -> None:
    try:
        head = require_picture(content)
    except InputError:
        return
    assert max(head.width_px, head.height_px) <= 4096


def _packages(folder: Path) -> bytes:
    tiles = [(6, x, y, png(256, 256, 9)) for x in range(4) for y in range(4)]
    return write_tiles(folder / "made.mbtiles", tiles, {"bounds": "0,0,10,10"}).read_bytes()


def _tiff(folder: Path) -> bytes:
    return geotiff(folder / "made.tif", quartered(300, 300), tiled=True).read_bytes()


def _photo(folder: Path) -> bytes:
    return world_image(folder / "made.jpg", quartered(300, 300)).read_bytes()


def _archive(folder: Path) -> bytes:
    picture = world_image(folder / "made.png", quartered(60, 60))
    box = "<north>40</north><south>39</south><east>105</east><west>104</west>"
    with zipfile.ZipFile(folder / "made.kmz", "w") as archive:
        archive.writestr(
            "doc.kml",
            "<kml><GroundOverlay><Icon><href>a.png</href></Icon>"
            f"<LatLonBox>{box}</LatLonBox></GroundOverlay></kml>",
        )
        archive.write(picture, "a.png")
    return (folder / "made.kmz").read_bytes()


@pytest.mark.parametrize(
    ("suffix", "make", "seed"),
    [
        (".mbtiles", _packages, 21),
        (".tif", _tiff, 22),
        (".jpg", _photo, 23),
        (".kmz", _archive, 24),
    ],
)
def test_damaged_files_give_pictures_or_a_sentence(
    chinese_dir: Path, suffix: str, make: object, seed: int
) -> None:
    raw = make(chinese_dir)  # type: ignore[operator]
    world = "0.5\n0\n0\n-0.5\n430000\n4458000\n"
    outcomes = set()

    for number, damaged in enumerate(mutants([raw], MUTANTS // 4, seed=seed)):
        path = chinese_dir / f"坏 {number}{suffix}"
        path.write_bytes(damaged)
        path.with_suffix(".jgw").write_text(world)
        outcomes.add(look(path))
        path.unlink()

    assert len(outcomes) > 1
    assert outcomes - {"shown"}
    assert not [outcome for outcome in outcomes if outcome.startswith("unfilled")]


def test_damaged_packages_of_other_makers_give_pictures_or_a_sentence(
    shared_data: Path, chinese_dir: Path
) -> None:
    folder = shared_data / "mbtiles-cases"
    names = ("nga_tiles_3857.gpkg", "node_some-empty-tiles.mbtiles", "consbio_invalid.mbtiles")

    for number, raw in enumerate(
        mutants([(folder / name).read_bytes() for name in names], MUTANTS // 4, seed=25)
    ):
        path = chinese_dir / f"坏 {number}.{('mbtiles', 'gpkg')[number % 2]}"
        path.write_bytes(raw)
        assert look(path)
        path.unlink()


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".gif"])
def test_head_of_every_format_tells_its_size(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    Image.new("RGB", (301, 207), (9, 99, 199)).save(path)
    content = path.read_bytes()

    head = require_picture(content)

    assert (head.width_px, head.height_px) == (301, 207)


def test_head_of_other_kinds_of_webp_and_jpeg_tells_their_size(tmp_path: Path) -> None:
    lossless, clear, slow = tmp_path / "a.webp", tmp_path / "b.webp", tmp_path / "c.jpg"
    Image.new("RGB", (301, 207)).save(lossless, lossless=True)
    Image.new("RGBA", (301, 207), (1, 2, 3, 4)).save(clear, exif=b"Exif\0\0II*\0")
    Image.new("RGB", (301, 207)).save(slow, progressive=True, comment=b"\xff\xc0 made up")

    for path in (lossless, clear, slow):
        head = require_picture(path.read_bytes())
        assert (head.width_px, head.height_px) == (301, 207)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_picture_that_is_cut_off_anywhere_is_not_taken_for_whole(
    tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"a{suffix}"
    Image.effect_noise((64, 64), 60).convert("RGB").save(path)
    content = path.read_bytes()

    for length in range(0, len(content) - 14, 7):
        with pytest.raises(InputError) as refused:
            require_picture(content[:length])
        assert refused.value.code in ("picture.damaged", "picture.none")
