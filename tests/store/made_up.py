"""A small made-up project and changes to it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import shapely

from gridadmin.base.ids import oid_of
from gridadmin.domain.change import Change, RowChange
from gridadmin.domain.model import Area, BorderRow, Exempt
from gridadmin.store.project_file import ProjectFile, create_project

TIME = "2026-01-05T08:00:00+00:00"
PLANE = json.dumps({"epsg": 4549, "wkt": 'PROJCS["CGCS2000 / 3-degree GK CM 120E"]'})

ROOT = Area("root", "99", "虚构区", "district", None, land="drawn")
GRID = Area("grid-1", "99001", "第一网格", "grid", "root", land="drawn", is_divided=True)
LAKE = Exempt("lake-1", "湖面", "虚构审批人")
BORDER = BorderRow(1, bytes(range(32)), oid_of("grid-1"), -1)
SQUARE = shapely.box(0, 0, 100, 50).wkb
LANDS = {oid_of("grid-1"): SQUARE, oid_of("lake-1"): shapely.box(100, 0, 120, 50).wkb}


def new_project(path: Path) -> Path:
    create_project(path, {"scheme": "{}"}, [ROOT, GRID, LAKE, BORDER], "虚构用户", lands=LANDS)
    return path


def renamed(number: int) -> Change:
    """Give the first grid the name *number*; the row says that this is that revision."""
    after = Area("grid-1", "99001", str(number), "grid", "root", land="drawn", revision=number)
    return Change("set", (RowChange("area", GRID, after),), note=f"改名 {number}")


def write(
    project: ProjectFile, change: Change, lands: Mapping[int, bytes | None] | None = None
) -> int:
    return project.write(
        change, gesture=f"g{change.note}", lands=lands or {}, author="虚构用户", time=TIME
    )


def names(project: ProjectFile) -> dict[str, str]:
    return {area.uid: area.name for area in project.read_all("area")}


# A cache of one page makes SQLite write into the file in the middle of the transaction.
HALF_DONE = """
import os, signal, sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA cache_size = 1")
database.execute("BEGIN IMMEDIATE")
database.execute("UPDATE area SET name = 'half'")
database.execute("CREATE TABLE ballast AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
                 " SELECT i + 1 FROM n WHERE i < 50) SELECT randomblob(4000) AS b FROM n")
os.kill(os.getpid(), signal.SIGKILL)
"""


def leave_hot_journal(path: Path) -> None:
    """Let a program die in the middle of a transaction of which part is in the file."""
    subprocess.run([sys.executable, "-c", HALF_DONE, str(path)], check=False)
