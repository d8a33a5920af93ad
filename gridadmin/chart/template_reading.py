"""Templates from TOML files: shipped ones in ``resources/charts``, a user's own beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridadmin.base.errors import InputError, SchemeError
from gridadmin.base.paths import RESOURCES
from gridadmin.chart.sheet import Sheet
from gridadmin.chart.template import (
    LEAST_MAP,
    SCALES,
    BlockKind,
    Maps,
    Panel,
    Side,
    Template,
    TextSizes,
)
from gridadmin.domain.scheme import LEVELS
from gridadmin.domain.scheme_table import SchemeTable, nearest
from gridadmin.domain.toml_files import laid_over, origins_of, read_toml

SHIPPED = RESOURCES / "charts"
_SUFFIX = ".toml"
_BINDINGS = ("none", "left", "top")
_LARGEST_MM = 5000.0
"""A page of PDF may be 5080 mm (200 inches) long."""
_LEAST_MM = 100.0
_LEAST_TEXT_MM = 1.4


@dataclass(frozen=True, slots=True)
class AvailableTemplate:
    """A template that can be chosen by *key*; ``fault`` says why a file can't be used."""

    key: str
    path: Path
    is_shipped: bool
    template: Template | None
    fault: SchemeError | None = None


def load_template(name_or_path: str | Path, user_dir: Path | None = None) -> Template:
    """Return the template of a name (``wall-a0``) or of a file (``….toml``).

    A file in *user_dir* goes before a shipped one of the same name; ``extends = "wall-a0"`` changes
    that template.

    Raises: InputError ``chart.no_template`` and ``chart.no_template_near``; SchemeError
    ``scheme.…`` for what is wrong in a file, with file and key.
    """
    path = _find(str(name_or_path), user_dir)
    values, origins = _read(path, user_dir, ())
    table = SchemeTable(values, origins)
    found = _template(path, table)
    table.finish()
    return found


def available_templates(user_dir: Path | None = None) -> list[AvailableTemplate]:
    """Return the templates to choose from by key; a user's hides a shipped one of that name."""
    files = {path.stem: path for path in SHIPPED.glob(f"*{_SUFFIX}")}
    if user_dir is not None:
        files |= {path.stem: path for path in user_dir.glob(f"*{_SUFFIX}")}
    found = []
    for key in sorted(files):
        path = files[key]
        try:
            template, fault = load_template(path, user_dir), None
        except SchemeError as error:
            template, fault = None, error
        found.append(AvailableTemplate(key, path, path.parent == SHIPPED, template, fault))
    return found


def _find(name: str, user_dir: Path | None) -> Path:
    if name.lower().endswith(_SUFFIX):
        return Path(name)
    folders = [SHIPPED] if user_dir is None else [user_dir, SHIPPED]
    if Path(name).name == name:
        for folder in folders:
            if (folder / f"{name}{_SUFFIX}").is_file():
                return folder / f"{name}{_SUFFIX}"
    known = sorted({path.stem for folder in folders for path in folder.glob(f"*{_SUFFIX}")})
    near = nearest(name, known)
    if near is not None:
        raise InputError("chart.no_template_near", name=name, nearest=near)
    raise InputError("chart.no_template", name=name, known=", ".join(known))


def _read(
    path: Path, user_dir: Path | None, above: tuple[Path, ...]
) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """Return the values of a file laid over what it extends, and which file each came from."""
    values = read_toml(path)
    origins = origins_of(values, str(path))
    if "extends" not in values:
        return values, origins
    table = SchemeTable(values, origins)
    name = table.text("extends")
    folders = [path.parent, *([] if user_dir is None else [user_dir]), SHIPPED]
    seen = {one.resolve() for one in (*above, path)}
    files = [folder / f"{name}{_SUFFIX}" for folder in folders]
    there = [file for file in files if file.is_file()]
    if not there:
        raise SchemeError("scheme.extends_unknown", **table.place("extends"), name=name)
    fresh = [file for file in there if file.resolve() not in seen]
    if not fresh:
        raise SchemeError("scheme.extends_itself", **table.place("extends"), name=name)
    base, base_origins = _read(fresh[0], user_dir, (*above, path))
    rest = {key: value for key, value in values.items() if key != "extends"}
    return laid_over(base, rest), {**base_origins, **origins}


def _template(path: Path, table: SchemeTable) -> Template:
    sheet, most_height = _sheet(table.table("sheet"))
    series, detail = table.text("series", ""), table.text("detail", "")
    return Template(
        key=path.stem,
        zh=table.text("zh"),
        en=table.text("en"),
        path=path,
        is_shipped=path.parent == SHIPPED,
        sheet=sheet,
        sizes=_sizes(table.table("sizes")),
        panel=_panel(table.table("panel"), sheet),
        maps=table.choice("maps", Maps, Maps.ONE),
        about=table.choices("about", LEVELS),
        series=table.known("series", series, LEVELS) if series else "",
        detail=table.known("detail", detail, LEVELS) if detail else "",
        finer=table.switch("finer", usual=True),
        title_zh=_title(table, "title_zh", "{place}{levels}分布图"),
        title_en=_title(table, "title_en", "{levels} of {place}"),
        scales=_scales(table),
        most_height_mm=most_height,
    )


def _title(table: SchemeTable, key: str, usual: str) -> str:
    text = table.text(key, usual)
    try:
        text.format(place="", plan="", levels="")
    except (LookupError, ValueError) as fault:
        place = table.place(key)
        raise SchemeError("chart.bad_title", **place, value=text) from fault
    return text


def _scales(table: SchemeTable) -> tuple[int, ...]:
    words = table.words("scales")
    if not words:
        return SCALES
    found = []
    for word in words:
        number = word.removeprefix("1:").replace(",", "").replace(" ", "")
        if not number.isascii() or not number.isdigit() or not 50 <= int(number) <= 10_000_000:
            raise SchemeError("chart.bad_scale", **table.place("scales"), value=word)
        found.append(int(number))
    return tuple(sorted(found))


def _sheet(table: SchemeTable) -> tuple[Sheet, float]:
    width = table.number("width_mm", _LEAST_MM, _LARGEST_MM)
    height = table.number("height_mm", _LEAST_MM, _LARGEST_MM)
    most_height = table.number("most_height_mm", 0.0, _LARGEST_MM, 0.0)
    margin = table.number("margin_mm", 0.0, 100.0, 15.0)
    bleed = table.number("bleed_mm", 0.0, 25.0, 0.0)
    binding = table.known("binding", table.text("binding", "none"), _BINDINGS)
    binding_mm = table.number("binding_mm", 0.0, 200.0, 35.0)
    table.finish()
    for key, side in (("width_mm", width), ("height_mm", height)):
        if side - 2 * margin - binding_mm * (binding != "none") < _LEAST_MM / 2:
            raise SchemeError("chart.no_room", **table.place(key), value=side)
    sheet = Sheet(width, height, margin, bleed, binding, binding_mm)  # type: ignore[arg-type]
    return sheet, most_height


def _sizes(table: SchemeTable) -> TextSizes:
    sizes = [
        table.number(name, _LEAST_TEXT_MM, 200.0)
        for name in ("title", "heading", "body", "note", "label", "least_label")
    ]
    table.finish()
    return TextSizes(*sizes)


def _panel(table: SchemeTable, sheet: Sheet) -> Panel:
    side = table.choice("side", Side, Side.RIGHT)
    inner = sheet.inner
    most = inner.height if side is Side.BOTTOM else inner.width
    panel = Panel(
        side,
        table.number("size_mm", 0.0, max(most - 20.0, 0.0), 0.0),
        table.integer("columns", 1, 1),
        tuple(BlockKind(word) for word in table.choices("blocks", [*map(str, BlockKind)])),
        table.number("least_map", 0.0, 1.0, LEAST_MAP),
    )
    table.finish()
    return panel
