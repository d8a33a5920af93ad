"""Styles for map servers that read SLD, after the same looks as the package's own for QGIS."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from gridadmin.base.texts import sentence, table
from gridadmin.exchange.layer_style import look_of

_SLD, _OGC = "http://www.opengis.net/sld", "http://www.opengis.net/ogc"
_PX_PER_MM = 1 / 0.28
"""A pixel of an SLD is 0.28 mm (OGC 02-070)."""
_DASHES = {"dash dot dot": "12 3 2 3 2 3", "dash dot": "12 3 2 3", "dot": "2 3", "dash": "8 4"}


def style_sld(layer: str, kind: str, label: str = "name") -> bytes:
    """Return the SLD 1.0.0 that draws *layer*: fill, border, and names with a halo.

    *kind* is what the layer is, whatever it is called: a level, for one.
    *label* is the column of the names, empty for none: a map server draws nothing of a layer that
    lacks a column of its style.
    """
    look = look_of(kind)
    root = ET.Element(
        "StyledLayerDescriptor", {"version": "1.0.0", "xmlns": _SLD, "xmlns:ogc": _OGC}
    )
    named = ET.SubElement(root, "NamedLayer")
    ET.SubElement(named, "Name").text = layer
    style = ET.SubElement(named, "UserStyle")
    ET.SubElement(style, "Title").text = layer_title(kind)
    rule = ET.SubElement(ET.SubElement(style, "FeatureTypeStyle"), "Rule")
    polygon = ET.SubElement(rule, "PolygonSymbolizer")
    _add_colour(ET.SubElement(polygon, "Fill"), "fill", look.fill)
    stroke = ET.SubElement(polygon, "Stroke")
    _add_colour(stroke, "stroke", look.border)
    _add(stroke, "stroke-width", f"{look.width_mm * _PX_PER_MM:.1f}")
    if look.border_style in _DASHES:
        _add(stroke, "stroke-dasharray", _DASHES[look.border_style])
    if label:
        _add_names(rule, label, look.label_pt, is_bold=look.is_label_bold)
    ET.indent(root, " ")
    said: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return said


def layer_title(kind: str) -> str:
    """Return the title of a layer of that kind, which is Chinese whatever language is spoken."""
    code = f"level.{kind}"
    return sentence(code, "zh") if code in table("zh") else kind


def _add_names(rule: ET.Element, label: str, points: float, *, is_bold: bool) -> None:
    text = ET.SubElement(rule, "TextSymbolizer")
    ET.SubElement(ET.SubElement(text, "Label"), "ogc:PropertyName").text = label
    font = ET.SubElement(text, "Font")
    _add(font, "font-size", f"{points:g}")
    _add(font, "font-weight", "bold" if is_bold else "normal")
    halo = ET.SubElement(text, "Halo")
    ET.SubElement(halo, "Radius").text = "2"
    _add(ET.SubElement(halo, "Fill"), "fill", "#ffffff")


def _add_colour(parent: ET.Element, name: str, rgba: str) -> None:
    red, green, blue, alpha = (int(part) for part in rgba.split(","))
    _add(parent, name, f"#{red:02x}{green:02x}{blue:02x}")
    _add(parent, f"{name}-opacity", f"{alpha / 255:.2f}")


def _add(parent: ET.Element, name: str, value: str) -> None:
    ET.SubElement(parent, "CssParameter", name=name).text = value
