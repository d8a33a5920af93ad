"""QGIS styles for the layers of an export, after the boundary signs of Chinese maps."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree as ET

_TEXT = "31,41,51,255"
_WHITE = "255,255,255,255"
_SMALLEST_PT = 6
_HIGHEST_PRIORITY = 10
_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"


@dataclass(frozen=True, slots=True)
class LayerLook:
    """How a layer is drawn: colours as ``r,g,b,a``, widths in mm, label size in points."""

    border: str
    border_style: str
    width_mm: float
    fill: str
    label_pt: float
    is_label_bold: bool = False


_LOOKS = {
    "city": LayerLook("120,40,110,255", "dash dot dot", 1.4, "245,235,245,60", 16, True),
    "district": LayerLook("150,40,90,255", "dash dot dot", 1.2, "250,236,242,60", 14, True),
    "street": LayerLook("170,60,50,255", "dash dot dot", 1.0, "252,240,232,60", 12, True),
    "community": LayerLook("200,70,50,255", "dash dot", 0.8, "253,243,225,90", 11, True),
    "grid": LayerLook("11,92,173,255", "solid", 0.45, "226,239,250,90", 9),
    "micro_grid": LayerLook("90,105,120,255", "solid", 0.15, "236,245,236,90", 7),
    "cell": LayerLook("140,100,40,255", "dot", 0.3, "250,242,214,110", 7),
    "exempt": LayerLook("130,130,130,255", "dash", 0.3, "205,205,205,160", 8),
}
_OTHER = LayerLook("90,105,120,255", "solid", 0.3, "240,240,240,90", 8)


def look_of(layer: str) -> LayerLook:
    """Return how a layer is drawn; one that isn't known gets a plain look."""
    return _LOOKS.get(layer, _OTHER)


def style_qml(layer: str, label_column: str = "name") -> str:
    """Return the QML that draws *layer* and labels it with *label_column*, with a halo.

    Communities get a thick dash-dot border, grids a solid one, micro-grids a thin one; fills are
    pale and let the levels below show through. A layer that isn't known gets a plain look.
    """
    look = look_of(layer)
    attributes = {"version": "3.22.0", "labelsEnabled": "1"}
    root = ET.Element("qgis", attributes, styleCategories="Symbology|Labeling")
    _add_renderer(root, look)
    _add_labels(root, look, label_column)
    ET.SubElement(root, "blendMode").text = "0"
    ET.SubElement(root, "layerGeometryType").text = "2"
    ET.indent(root, " ")
    return _DOCTYPE + ET.tostring(root, encoding="unicode")


def _add_renderer(root: ET.Element, look: LayerLook) -> None:
    options = {"forceraster": "0", "symbollevels": "0", "enableorderby": "0"}
    renderer = ET.SubElement(root, "renderer-v2", options, type="singleSymbol")
    symbols = ET.SubElement(renderer, "symbols")
    frame = {"clip_to_extent": "1", "force_rhr": "0", "alpha": "1"}
    symbol = ET.SubElement(symbols, "symbol", frame, type="fill", name="0")
    switches = {"class": "SimpleFill", "enabled": "1", "locked": "0", "pass": "0"}
    _add_properties(
        ET.SubElement(symbol, "layer", switches),
        {
            "color": look.fill,
            "style": "solid",
            "outline_color": look.border,
            "outline_style": look.border_style,
            "outline_width": str(look.width_mm),
            "outline_width_unit": "MM",
            "joinstyle": "round",
        },
    )
    ET.SubElement(renderer, "rotation")
    ET.SubElement(renderer, "sizescale")


def _add_properties(layer: ET.Element, properties: dict[str, str]) -> None:
    options = ET.SubElement(layer, "Option", type="Map")
    for name, value in properties.items():
        ET.SubElement(options, "Option", type="QString", name=name, value=value)
    # QGIS before 3.26 reads these in their stead.
    for name, value in properties.items():
        ET.SubElement(layer, "prop", k=name, v=value)


def _add_labels(root: ET.Element, look: LayerLook, label_column: str) -> None:
    settings = ET.SubElement(ET.SubElement(root, "labeling", type="simple"), "settings")
    text = ET.SubElement(
        settings,
        "text-style",
        fieldName=label_column,
        isExpression="0",
        fontSize=str(look.label_pt),
        fontSizeUnit="Point",
        fontWeight="75" if look.is_label_bold else "50",
        namedStyle="Bold" if look.is_label_bold else "Regular",
        textColor=_TEXT,
        textOpacity="1",
    )
    ET.SubElement(
        text,
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.8",
        bufferSizeUnits="MM",
        bufferColor=_WHITE,
        bufferOpacity="1",
        bufferJoinStyle="128",
        bufferNoFill="1",
    )
    # Over a point that is surely inside the polygon; the larger letters win.
    placement = {"placement": "1", "centroidInside": "1", "centroidWhole": "1"}
    priority = min(_HIGHEST_PRIORITY, max(0, round(look.label_pt) - _SMALLEST_PT))
    ET.SubElement(settings, "placement", placement, priority=str(priority))
    # Polygons that names keep away from would leave no name where levels lie over each other.
    ET.SubElement(settings, "rendering", drawLabels="1", obstacle="0", displayAll="0")
