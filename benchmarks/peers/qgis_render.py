"""QGIS: paints a GeoPackage into a picture, with its simplest fills and with names.

Runs in the Python that QGIS is installed for, without a screen.
"""

from __future__ import annotations

import os
from importlib import import_module
from time import perf_counter
from typing import Any


def render(
    path: str, layers: list[str], named: list[str], width_px: int, height_px: int, repeats: int
) -> dict[str, Any]:
    """Return the seconds of painting *layers*, top first, whole; those *named* with their names."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    core = import_module("qgis.core")
    application = core.QgsApplication([], False)
    application.initQgis()
    # Everything of QGIS has to be gone before it ends.
    figures = _painted(core, path, layers, named, (width_px, height_px), repeats)
    application.exitQgis()
    return figures


def _painted(
    core: Any,
    path: str,
    layers: list[str],
    named: list[str],
    size_px: tuple[int, int],
    repeats: int,
) -> dict[str, Any]:
    made = [_layer(core, path, name, has_names=name in named) for name in layers]
    settings = core.QgsMapSettings()
    settings.setLayers(made)
    settings.setOutputSize(import_module("qgis.PyQt.QtCore").QSize(*size_px))
    settings.setDestinationCrs(made[0].crs())
    settings.setExtent(made[0].extent())
    seconds = []
    for _ in range(repeats):
        job = core.QgsMapRendererParallelJob(settings)
        start = perf_counter()
        job.start()
        job.waitForFinished()
        seconds.append(perf_counter() - start)
    areas = sum(layer.featureCount() for layer in made)
    return {"seconds": seconds, "areas": areas, "version": core.Qgis.QGIS_VERSION}


def _layer(core: Any, path: str, name: str, *, has_names: bool) -> Any:
    layer = core.QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    if not layer.isValid():
        raise ValueError(f"QGIS can't read {name} of {path}")
    # The file brings a style of its own, which QGIS would take.
    layer.setRenderer(core.QgsFeatureRenderer.defaultRenderer(layer.geometryType()))
    layer.setLabelsEnabled(False)
    if has_names:
        settings = core.QgsPalLayerSettings()
        settings.fieldName = "name"
        layer.setLabeling(core.QgsVectorLayerSimpleLabeling(settings))
        layer.setLabelsEnabled(True)
    return layer
