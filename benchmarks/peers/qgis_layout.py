"""QGIS: a layout of one sheet with a map of a GeoPackage over a base map, written as PDF.

Runs in the Python that QGIS is installed for, without a screen.
"""

from __future__ import annotations

import os
import resource
from importlib import import_module
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

STYLES = {
    "district": ("0,0,0,0", "#7A1FA2", "1.0"),
    "street": ("0,0,0,0", "#C2185B", "0.7"),
    "community": ("0,0,0,0", "#1F5FA2", "0.5"),
    "grid": ("0,0,0,0", "#333333", "0.3"),
    "micro_grid": ("255,240,200,110", "#777777", "0.1"),
}
"""Fill, colour and width in mm of the outline of each layer, the uppermost first."""
NAME_MM = 2.0
"""The height of the names, as our chart has the smallest of them."""


def export(
    path: str, base: str, named: list[str], sheet: dict[str, Any], out: str
) -> dict[str, Any]:
    """Return seconds and memory of one export.

    *sheet* has ``sheet_mm``, the frame of the map ``map_mm``, its ``extent`` in metres and ``dpi``.
    The layers are open before the clock runs; names that would collide are left out, as usual, and
    words stay words.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    core = import_module("qgis.core")
    application = core.QgsApplication([], False)
    application.initQgis()
    # Everything of QGIS has to be gone before it ends.
    figures = _exported(core, path, base, named, sheet, out)
    application.exitQgis()
    return figures


def _exported(
    core: Any, path: str, base: str, named: list[str], sheet: dict[str, Any], out: str
) -> dict[str, Any]:
    core_qt = import_module("qgis.PyQt.QtCore")
    project = core.QgsProject()
    layers = [_layer(core, path, name, has_names=name in named) for name in STYLES]
    raster = core.QgsRasterLayer(base, "base", "gdal")
    if not raster.isValid():
        raise ValueError(f"QGIS can't read {base}")
    project.addMapLayers([*layers, raster])
    project.setCrs(core.QgsCoordinateReferenceSystem("EPSG:4544"))
    layout = core.QgsPrintLayout(project)
    layout.initializeDefaults()
    page = layout.pageCollection().page(0)
    page.setPageSize(core.QgsLayoutSize(*sheet["sheet_mm"]))
    item = core.QgsLayoutItemMap(layout)
    x, y, width, height = sheet["map_mm"]
    item.attemptSetSceneRect(core_qt.QRectF(x, y, width, height))
    item.setLayers([*layers, raster])
    item.setExtent(core.QgsRectangle(*sheet["extent"]))
    layout.addLayoutItem(item)
    settings = core.QgsLayoutExporter.PdfExportSettings()
    settings.dpi = sheet["dpi"]
    settings.forceVectorOutput = True
    settings.textRenderFormat = core.QgsRenderContext.TextFormatAlwaysText
    before_mb = _peak_mb()
    start, start_cpu = perf_counter(), process_time()
    result = core.QgsLayoutExporter(layout).exportToPdf(out, settings)
    seconds, cpu = perf_counter() - start, process_time() - start_cpu
    if result != core.QgsLayoutExporter.Success:
        raise ValueError(f"QGIS ended with {result}")
    return {
        "all": seconds,
        "cpu": cpu,
        "more_mb": _peak_mb() - before_mb,
        "file_mb": Path(out).stat().st_size / 1e6,
        "scale": item.scale(),
        "version": core.Qgis.QGIS_VERSION,
    }


def _layer(core: Any, path: str, name: str, *, has_names: bool) -> Any:
    layer = core.QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    if not layer.isValid():
        raise ValueError(f"QGIS can't read {name} of {path}")
    fill, line, width = STYLES[name]
    symbol = core.QgsFillSymbol.createSimple(
        {"color": fill, "outline_color": line, "outline_width": width}
    )
    layer.setRenderer(core.QgsSingleSymbolRenderer(symbol))
    layer.setLabelsEnabled(False)
    if has_names:
        layer.setLabeling(core.QgsVectorLayerSimpleLabeling(_names(core)))
        layer.setLabelsEnabled(True)
    return layer


def _names(core: Any) -> Any:
    settings = core.QgsPalLayerSettings()
    settings.fieldName = "name"
    form = core.QgsTextFormat()
    form.setSize(NAME_MM)
    form.setSizeUnit(core.QgsUnitTypes.RenderMillimeters)
    halo = form.buffer()
    halo.setEnabled(True)
    halo.setSize(0.3)
    form.setBuffer(halo)
    settings.setFormat(form)
    return settings


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
