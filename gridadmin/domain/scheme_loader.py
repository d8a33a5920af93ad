"""Scheme files: finding them, reading them, and laying a user's file over a shipped one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridadmin.base.errors import SchemeError
from gridadmin.base.paths import RESOURCES
from gridadmin.domain.scheme import Scheme
from gridadmin.domain.scheme_reading import scheme_from_tables
from gridadmin.domain.scheme_table import SchemeTable, nearest
from gridadmin.domain.toml_files import laid_over, origins_of, read_toml

SHIPPED = RESOURCES / "schemes"
_SUFFIX = ".toml"
_WHOLE = frozenset({"band", "bands", "code"})
"""Tables that replace what they extend as a whole: half a band of each file would be nobody's."""


@dataclass(frozen=True, slots=True)
class AvailableScheme:
    """A scheme that can be chosen by *key*; ``fault`` says why a user's file can't be used."""

    key: str
    zh: str
    en: str
    path: Path
    is_shipped: bool
    fault: SchemeError | None = None


@dataclass(frozen=True, slots=True)
class _Document:
    """A scheme file with what it extends laid under it, and the file of every dotted path."""

    values: Mapping[str, Any]
    origins: Mapping[str, str]


def load_scheme(name_or_path: str | Path, user_dir: Path | None = None) -> Scheme:
    """Return the scheme of a name (``xindu``) or of a file (``….toml``).

    A file in *user_dir* goes before a shipped one of the same name; a file with
    ``extends = "xindu"`` changes and adds to that scheme (also to the shipped one of its own name),
    and ``drop = ["posts.cadre"]`` takes inherited entries away.

    Raises: SchemeError ``scheme.not_found``, ``scheme.unreadable``, ``scheme.bad_toml`` and what
    else the family holds, with file and key.
    """
    path = _find(name_or_path, user_dir)
    document = _read(path, user_dir, ())
    return scheme_from_tables(path.stem, document.values, document.origins)


def available_schemes(user_dir: Path | None = None) -> list[AvailableScheme]:
    """Return the schemes to choose from: *default*, then by key; a user's hides a shipped one."""
    files = {path.stem: path for path in sorted(SHIPPED.glob(f"*{_SUFFIX}"))}
    if user_dir is not None:
        files |= {path.stem: path for path in sorted(user_dir.glob(f"*{_SUFFIX}"))}
    keys = sorted(files, key=lambda key: (key != "default", key))
    return [_entry(key, files[key], user_dir) for key in keys]


def _entry(key: str, path: Path, user_dir: Path | None) -> AvailableScheme:
    is_shipped = path.parent == SHIPPED
    try:
        scheme = load_scheme(path, user_dir)
    except SchemeError as fault:
        return AvailableScheme(key, key, key, path, is_shipped, fault)
    return AvailableScheme(key, scheme.zh, scheme.en, path, is_shipped)


def _find(name_or_path: str | Path, user_dir: Path | None) -> Path:
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or text.lower().endswith(_SUFFIX):
        return Path(name_or_path)
    for path in _candidates(text, user_dir):
        if path.is_file():
            return path
    raise _not_found(text, user_dir)


def _candidates(name: str, user_dir: Path | None) -> list[Path]:
    """Return where a scheme *name* may lie, best first; none for what is no plain file name."""
    if not name or Path(name).name != name:
        return []
    folders = [SHIPPED] if user_dir is None else [user_dir, SHIPPED]
    return [folder / f"{name}{_SUFFIX}" for folder in folders]


def _not_found(name: str, user_dir: Path | None) -> SchemeError:
    folders = [SHIPPED] if user_dir is None else [user_dir, SHIPPED]
    known = sorted({path.stem for folder in folders for path in folder.glob(f"*{_SUFFIX}")})
    near = nearest(name, known)
    if near is None:
        return SchemeError("scheme.not_found", name=name, known=", ".join(known))
    return SchemeError("scheme.not_found_near", name=name, nearest=near)


def _read(path: Path, user_dir: Path | None, above: tuple[Path, ...]) -> _Document:
    """Return the document of *path*; *above* are the files that extend it."""
    values = read_toml(path)
    file = str(path)
    own = _Document(values, origins_of(values, file))
    if "extends" not in values and "drop" not in values:
        return own
    table = SchemeTable(values, own.origins)
    rest = {key: value for key, value in values.items() if key not in ("extends", "drop")}
    base_path = _base_path(table, path, user_dir, (*above, path))
    base = _dropped(table, _read(base_path, user_dir, (*above, path)))
    return _laid_over(base, _Document(rest, origins_of(rest, file)))


def _base_path(
    table: SchemeTable, path: Path, user_dir: Path | None, taken: tuple[Path, ...]
) -> Path:
    name = table.text("extends")
    seen = {one.resolve() for one in taken}
    found = [
        one
        for one in [path.parent / f"{name}{_SUFFIX}", *_candidates(name, user_dir)]
        if one.is_file()
    ]
    for one in found:
        if one.resolve() not in seen:
            return one
    if found:
        raise SchemeError("scheme.extends_itself", **table.place("extends"), name=name)
    raise SchemeError("scheme.extends_unknown", **table.place("extends"), name=name)


def _dropped(table: SchemeTable, base: _Document) -> _Document:
    """Return *base* without the entries that ``drop`` names by dotted path."""
    values = dict(base.values)
    for path in table.words("drop"):
        values = _without(table, values, path.split("."), path)
    return _Document(values, base.origins)


def _without(
    table: SchemeTable, values: Mapping[str, Any], steps: list[str], path: str
) -> dict[str, Any]:
    first, *rest = steps
    inner = values.get(first)
    if rest and isinstance(inner, Mapping):
        return {**values, first: _without(table, inner, rest, path)}
    if rest or first not in values:
        raise SchemeError("scheme.drop_unknown", **table.place("drop"), value=path)
    return {key: value for key, value in values.items() if key != first}


def _laid_over(base: _Document, upper: _Document) -> _Document:
    return _Document(
        laid_over(base.values, upper.values, whole=_WHOLE), {**base.origins, **upper.origins}
    )
