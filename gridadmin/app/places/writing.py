"""The worked example of a place as a project file, with its roster beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from pyproj import CRS

from gridadmin.app.creation import settings
from gridadmin.app.places import dalian, longgang, sanming, shinan, xindu
from gridadmin.app.places.maker import PlaceMaker
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.exchange.import_source import Plane
from gridadmin.store.project_file import create_project

CREATED = "2026-01-01T00:00:00.000+00:00"
AUTHOR = "gridadmin demo"

_MAKE: Mapping[str, tuple[Callable[[PlaceMaker], None], int]] = {
    "xindu": (xindu.make, 4544),
    "dalian": (dalian.make, 4550),
    "longgang": (longgang.make, 4549),
    "sanming": (sanming.make, 4548),
    "shinan": (shinan.make, 4549),
}
"""What makes a place, and its plane (EPSG)."""

PLACES = tuple(_MAKE)
_SEED = 20_260_101


def made_place(place: str) -> PlaceMaker:
    """Return everything of a place's example. Raises: KeyError."""
    make, _ = _MAKE[place]
    maker = PlaceMaker(place, _SEED + PLACES.index(place))
    make(maker)
    return maker


def write_place(path: Path, place: str, progress: Progress = SILENT) -> PlaceMaker:
    """Write the example of a place as a project file; return what it was made of.

    Raises: InputError, StoreError (``store.exists`` when it is there already), Cancelled.
    """
    maker = made_place(place)
    checkpoint(progress, "progress.demo", 1, 4)
    values = settings(maker.scheme, f"{maker.areas[0].name}（样例）")
    plane = Plane(CRS.from_epsg(_MAKE[place][1]))
    # No origin: the first land that is imported sets it where it lies.
    values["plane"] = plane.as_setting()
    create_project(path, values, maker.all_records(), AUTHOR, created=CREATED, progress=progress)
    checkpoint(progress, "progress.demo", 3, 4)
    return maker
