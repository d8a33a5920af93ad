"""New projects: empty with a scheme and the listed areas of a root, or the demo city."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gridadmin.app.session import author
from gridadmin.base.ids import UidMaker, new_uid
from gridadmin.domain.base_units import ListedArea, units_under
from gridadmin.domain.model import Area, CodePeriod
from gridadmin.domain.scheme import Scheme
from gridadmin.domain.scheme_copy import scheme_sha256, to_json
from gridadmin.domain.scheme_loader import load_scheme
from gridadmin.store.project_file import create_project

NAMELESS = "未命名区域"


def new_project(
    path: Path,
    scheme: str,
    *,
    root: str | None = None,
    name: str | None = None,
    with_units: bool = True,
    make_uid: UidMaker = new_uid,
) -> None:
    """Create an empty project by a scheme; with a root code its base units are listed.

    Raises: InputError ``input.root_code``, ``input.root_level``, ``input.root_unknown``,
    SchemeError, StoreError.
    """
    loaded = load_scheme(scheme)
    today = datetime.now(UTC).date().isoformat()
    areas = _areas(loaded, root, name, with_units=with_units, make_uid=make_uid, today=today)
    title = name or areas[0].name
    create_project(
        path,
        settings(loaded, title),
        [*areas, *code_periods(areas, make_uid, today)],
        author(),
    )


def settings(scheme: Scheme, name: str) -> dict[str, str]:
    """Return the settings that every project begins with, as JSON texts."""
    return {
        "name": json.dumps(name, ensure_ascii=False),
        "scheme": json.dumps(
            {
                "key": scheme.key,
                "version": scheme.version,
                "sha256": scheme_sha256(scheme),
                "copy": to_json(scheme),
            },
            ensure_ascii=False,
        ),
        "frame": "false",
        "snap_m": "0.001",
        "min_area_m2": "0.01",
    }


def _areas(
    scheme: Scheme,
    root: str | None,
    name: str | None,
    *,
    with_units: bool,
    make_uid: UidMaker,
    today: str,
) -> list[Area]:
    if root is None:
        level = "district" if scheme.level("district") else scheme.present_levels[0].key
        return [Area(make_uid(), None, name or NAMELESS, level, None, valid_from=today)]
    levels = tuple(level.key for level in scheme.present_levels)
    listed = units_under(root, levels)
    uid_of: dict[str, str] = {}
    areas = []
    for unit in listed if with_units else listed[:1]:
        area = _listed(unit, uid_of, make_uid(), name, today)
        uid_of[unit.code] = area.uid
        areas.append(area)
    return areas


def _listed(
    unit: ListedArea, uid_of: dict[str, str], uid: str, name: str | None, today: str
) -> Area:
    is_root = unit.parent_code is None
    title = (name if is_root and name else unit.name) or unit.code
    parent = None if is_root else uid_of[unit.parent_code or ""]
    return Area(uid, unit.code, title, unit.level, parent, valid_from=today)


def code_periods(areas: Iterable[Area], make_uid: UidMaker, today: str) -> list[Any]:
    """Return the first entry of each area's code history."""
    return [
        CodePeriod(make_uid(), area.uid, area.code, valid_from=today)
        for area in areas
        if area.code is not None
    ]
