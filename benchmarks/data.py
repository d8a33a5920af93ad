"""Benchmark files, made once and kept until the generator changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.generate import generate, made_up_codes, plant, write_gpkg
from benchmarks.measure import OUT, ROOT
from benchmarks.plant import truth_json

LAYER = "micro_grid"
GAPS = OVERLAPS = 500
_MAKERS = ("partition", "lattice", "sites", "effects", "faults", "plant", "package")


@dataclass(frozen=True)
class DataFile:
    """A GeoPackage of *areas* micro-grids; ``truth`` lies beside a planted one."""

    path: Path
    areas: int
    truth: Path | None


def data_file(areas: int, *, is_planted: bool) -> DataFile:
    """Return the clean file of *areas*, or the one with 500 + 500 faults; make it if needed."""
    folder = OUT / "data"
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{areas}-{'planted' if is_planted else 'clean'}-{made_by(_MAKERS)}"
    path, truth = folder / f"{stem}.gpkg", folder / f"{stem}.truth.json"
    file = DataFile(path, areas, truth if is_planted else None)
    if path.exists():
        return file
    part = path.with_suffix(".part")
    partition = generate(areas)
    if is_planted:
        planted = plant(partition, 1, GAPS, OVERLAPS)
        write_gpkg(part, planted.rings, planted.codes, layer=LAYER)
        truth.write_text(json.dumps(truth_json(planted), indent=1), encoding="utf-8")
    else:
        write_gpkg(part, partition.leaves, made_up_codes(areas), layer=LAYER)
    part.replace(path)
    return file


def made_by(makers: Sequence[str]) -> str:
    """Return a short hash of the modules that make a file; it changes when one of them does."""
    digest = hashlib.sha256()
    for name in makers:
        digest.update((ROOT / "benchmarks" / f"{name}.py").read_bytes())
    return digest.hexdigest()[:8]
