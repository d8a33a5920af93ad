"""QGIS styles for the layers of a report: rings at the places of issues, hatches on their land.

Each severity has a colour and a size of its own, so that it can be told without colour too.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

POINTS, FACES = "issue", "issue_face"
"""The layers of a report."""

_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_SEVERITIES = (
    ("error", "错误", "179,18,29,255", 4.4),
    ("warning", "警告", "180,83,9,255", 3.6),
    ("info", "提示", "74,90,108,255", 2.6),
)


def issue_qml(layer: str) -> str:
    """Return the QML of a layer of issues, categorised by severity; *layer* is one of the two."""
    root = ET.Element(
        "qgis", version="3.22.0", labelsEnabled="0", styleCategories="Symbology|Labeling"
    )
    options = {"forceraster": "0", "symbollevels": "0", "enableorderby": "0"}
    renderer = ET.SubElement(
        root, "renderer-v2", options, type="categorizedSymbol", attr="severity"
    )
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    for number, (value, label, colour, size_mm) in enumerate(_SEVERITIES):
        ET.SubElement(
            categories, "category", value=value, label=label, symbol=str(number), render="true"
        )
        _add_symbol(symbols, str(number), _drawn(layer, colour, size_mm), layer)
    ET.SubElement(renderer, "rotation")
    ET.SubElement(renderer, "sizescale")
    ET.SubElement(root, "blendMode").text = "0"
    ET.SubElement(root, "layerGeometryType").text = "0" if layer == POINTS else "2"
    ET.indent(root, " ")
    return _DOCTYPE + ET.tostring(root, encoding="unicode")


def _drawn(layer: str, colour: str, size_mm: float) -> dict[str, str]:
    if layer == POINTS:
        return {
            "name": "circle",
            "color": "255,255,255,90",
            "outline_color": colour,
            "outline_style": "solid",
            "outline_width": "0.7",
            "outline_width_unit": "MM",
            "size": str(size_mm),
            "size_unit": "MM",
        }
    return {
        "color": colour,
        "style": "b_diagonal",
        "outline_color": colour,
        "outline_style": "solid",
        "outline_width": "0.4",
        "outline_width_unit": "MM",
        "joinstyle": "round",
    }


def _add_symbol(symbols: ET.Element, name: str, drawn: dict[str, str], layer: str) -> None:
    frame = {"clip_to_extent": "1", "force_rhr": "0", "alpha": "1"}
    kind = ("marker", "SimpleMarker") if layer == POINTS else ("fill", "SimpleFill")
    symbol = ET.SubElement(symbols, "symbol", frame, type=kind[0], name=name)
    switches = {"class": kind[1], "enabled": "1", "locked": "0", "pass": "0"}
    inner = ET.SubElement(symbol, "layer", switches)
    options = ET.SubElement(inner, "Option", type="Map")
    for key, value in drawn.items():
        ET.SubElement(options, "Option", type="QString", name=key, value=value)
    # QGIS before 3.26 reads these in their stead.
    for key, value in drawn.items():
        ET.SubElement(inner, "prop", k=key, v=value)
