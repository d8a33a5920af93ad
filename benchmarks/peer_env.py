"""The environment that peers run in, apart from the program's own, and which peers are there."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from benchmarks.measure import OUT, ROOT, ChildFailedError

FOLDER = OUT / ".bench-venv"
PACKAGES = ROOT / "benchmarks" / "peers" / "packages.txt"
_STAMP = FOLDER / "packages.txt"

_SYSTEM_PYTHONS = (Path("/usr/bin/python3"),)
"""Where the package manager of the system puts the libraries of QGIS."""

MAPSHAPER = "0.7.70"
_NODE_FOLDER = OUT / ".bench-npm"

OUTSIDE_PROGRAMS = {"mapshaper": "npm", "QGIS": "qgis_process", "PostGIS": "shp2pgsql"}
"""Peers that no package index brings, and the program that shows that one is installed."""


def peer_python() -> Path:
    """Return the interpreter of the peers' environment; make it when it is missing or outdated.

    Raises: ChildFailedError when the packages can't be installed.
    """
    python = FOLDER / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    wanted = PACKAGES.read_text(encoding="utf-8")
    if python.exists() and _STAMP.exists() and _STAMP.read_text(encoding="utf-8") == wanted:
        return python
    venv.create(FOLDER, with_pip=True, clear=True)
    done = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", PACKAGES],
        check=False,
    )
    if done.returncode != 0:
        raise ChildFailedError(f"pip could not install the peers (it ended with {done.returncode})")
    _STAMP.write_text(wanted, encoding="utf-8")
    return python


def mapshaper_program() -> Path:
    """Return the script of mapshaper, installed by npm into a folder of its own when missing.

    Raises: ChildFailedError when there is no npm, or it can't install.
    """
    package = _NODE_FOLDER / "node_modules" / "mapshaper"
    known = package / "package.json"
    if known.exists() and json.loads(known.read_text(encoding="utf-8"))["version"] == MAPSHAPER:
        return package / "bin" / "mapshaper"
    npm = shutil.which("npm")
    if npm is None:
        raise ChildFailedError("npm is not installed")
    _NODE_FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = ["--no-audit", "--no-fund", "--ignore-scripts", f"mapshaper@{MAPSHAPER}"]
    done = subprocess.run([npm, "install", "--prefix", _NODE_FOLDER, *wanted], check=False)
    if done.returncode != 0:
        raise ChildFailedError(f"npm could not install mapshaper (it ended with {done.returncode})")
    return package / "bin" / "mapshaper"


def qgis_python() -> Path | None:
    """Return the interpreter that knows QGIS, None where it is not installed (python3-qgis)."""
    for python in _SYSTEM_PYTHONS:
        if not python.exists():
            continue
        seeks = "import importlib.util as u, sys; sys.exit(u.find_spec('qgis') is None)"
        if subprocess.run([python, "-c", seeks], check=False).returncode == 0:
            return python
    return None


def missing_programs() -> list[str]:
    """Return the peers that are left out because they are not installed on this machine."""
    return [name for name, program in OUTSIDE_PROGRAMS.items() if shutil.which(program) is None]
