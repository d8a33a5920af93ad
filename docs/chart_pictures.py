"""The pictures of the page about charts, made from real PDFs: ``python -m docs.chart_pictures``."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image

from gridadmin.app.demo import write_demo
from gridadmin.base.paths import ROOT
from gridadmin.cli import main as gridadmin

OUT = ROOT / "docs" / "images" / "charts"
_PAPER = "#808890"
_FINER = 3
_COLOURS, _KEPT = 128, 48
"""So many colours has a picture; so many of them, the most frequent, are as they were drawn."""
_COMMON = ("--maker", "样例区民政局（虚构）", "--qr", "https://example.org/grids")


@dataclass(frozen=True)
class Scene:
    """A picture: the sheet, its pages (from 0), how wide it is; ``crop`` are shares of the page."""

    name: str
    template: str
    area: str = ""
    pages: tuple[int, ...] = (0,)
    width_px: int = 1600
    crop: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)


SCENES = (
    Scene("wall-a0", "wall-a0", width_px=1800),
    Scene("wall-a0-detail", "wall-a0", width_px=1400, crop=(0.36, 0.36, 0.56, 0.58)),
    Scene("series-index", "community-a3", pages=(0,), width_px=1200),
    Scene("series", "community-a3", pages=(1, 2, 4, 7), width_px=1800),
    Scene("community-a3", "community-a3", pages=(11,)),
    Scene("grid-card", "grid-card", "990001003005003", width_px=1000),
    Scene("district-overview", "district-overview"),
    Scene("before-after", "before-after", "990001001001"),
)
_PLAN = (
    '{"do":"plan","open":"2026年网格优化调整方案","document":"示例〔2026〕5号"}\n'
    '{"do":"merge","areas":["990001001001004","990001001001005"]}\n'
)


def main() -> None:
    """Write all pictures in both languages."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        write_demo(place)
        plain, planned = place / "demo.gpkg", place / "plan.gpkg"
        planned.write_bytes(plain.read_bytes())
        script = place / "plan.jsonl"
        script.write_text(_PLAN, encoding="utf-8")
        _run("edit", planned, script)
        for lang in ("zh", "en"):
            (OUT / lang).mkdir(parents=True, exist_ok=True)
            for scene in SCENES:
                project = planned if scene.template == "before-after" else plain
                sheet = place / f"{scene.template}-{scene.area}-{lang}.pdf"
                if not sheet.exists():
                    area = ("--area", scene.area) if scene.area else ()
                    options = ("--template", scene.template, "--chart-lang", lang, *_COMMON, *area)
                    _run("chart", project, sheet, *options)
                picture(sheet, scene).save(OUT / lang / f"{scene.name}.png", optimize=True)


def picture(sheet: Path, scene: Scene) -> Image.Image:
    """Return the pages of a scene side by side on grey."""
    document = pypdfium2.PdfDocument(sheet)
    share = scene.crop[2] - scene.crop[0]
    across = 2 if len(scene.pages) > 1 else 1
    each = (scene.width_px - 12 * (across - 1)) // across
    images = [_page(document, number, each / share, scene.crop) for number in scene.pages]
    return _with_few_colours(_joined(images, across))


def _with_few_colours(image: Image.Image) -> Image.Image:
    """Return a picture in a palette: paper and fills as they are, the rest by what comes near."""
    pixels = np.asarray(image).reshape(-1, 3)
    packed = pixels.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], dtype=np.uint32)
    colours, counts = np.unique(packed, return_counts=True)
    kept = colours[np.argsort(-counts, kind="stable")[:_KEPT]]
    palette = [(int(one) >> 16, int(one) >> 8 & 255, int(one) & 255) for one in kept]
    others = pixels[~np.isin(packed, kept)]
    if len(others):
        room = _COLOURS - len(palette)
        rest = Image.fromarray(others[None]).quantize(
            room, method=Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE
        )
        near = (rest.getpalette() or [])[: 3 * room]
        palette += zip(near[::3], near[1::3], near[2::3], strict=True)
    found = Image.fromarray(_nearest(packed, np.array(palette)).reshape(image.height, image.width))
    found.putpalette([value for colour in palette for value in colour])
    return found


def _nearest(packed: NDArray[np.uint32], palette: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return the number of the nearest colour of a palette for each pixel; Pillow only guesses."""
    colours, places = np.unique(packed, return_inverse=True)
    parts = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1).astype(np.int64)
    found = np.empty(len(colours), dtype=np.uint8)
    for begin in range(0, len(colours), 4096):
        far = (parts[begin : begin + 4096, None] - palette[None]) ** 2
        found[begin : begin + 4096] = far.sum(axis=2).argmin(axis=1)
    numbers: NDArray[np.uint8] = found[places.ravel()]
    return numbers


def _page(
    document: pypdfium2.PdfDocument,
    number: int,
    width_px: float,
    crop: tuple[float, float, float, float],
) -> Image.Image:
    page = document[number]
    drawn: Image.Image = page.render(scale=_FINER * width_px / page.get_width()).to_pil()
    # No line is thinner than a pixel when it is drawn: drawn large, they keep their proportions.
    size = round(drawn.width / _FINER), round(drawn.height / _FINER)
    image = drawn.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    left, top, right, bottom = crop
    wide, high = image.size
    return image.crop(
        (round(left * wide), round(top * high), round(right * wide), round(bottom * high))
    )


def _joined(images: Sequence[Image.Image], across: int) -> Image.Image:
    if len(images) == 1:
        return images[0]
    wide, high = images[0].size
    rows = -(-len(images) // across)
    size = wide * across + 12 * (across - 1), high * rows + 12 * (rows - 1)
    whole = Image.new("RGB", size, _PAPER)
    for place, image in enumerate(images):
        whole.paste(image, (place % across * (wide + 12), place // across * (high + 12)))
    return whole


def _run(*arguments: object) -> None:
    code = gridadmin(["--quiet", *(str(argument) for argument in arguments)])
    if code:
        raise SystemExit(code)


if __name__ == "__main__":
    main()
