"""The demo's published package as QGIS shows it: ``python -m docs.qgis_picture``."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtGui import QImage

from docs.few_colours import with_few_colours
from gridadmin.app.demo import write_demo
from gridadmin.app.session import Session
from gridadmin.base.paths import ROOT
from gridadmin.publish.package import make_package
from gridadmin.publish.releasing import make_release

OUT = ROOT / "docs" / "images" / "package-in-qgis.png"
LAYERS = ("micro_grid", "grid", "community", "street", "district")
"""What the picture shows, the lowest first."""
_PYTHON = "/usr/bin/python3"
"""QGIS comes with the system's Python, not with ours."""
_PATIENCE_S = 300
_SCRIPT = """
import json, sys
from qgis.core import (
    QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsRenderContext, QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

application = QgsApplication([], False)
application.initQgis()
package, out, names = sys.argv[1], sys.argv[2], sys.argv[3:]
layers = [QgsVectorLayer(f"{package}|layername={name}", name, "ogr") for name in names]
assert all(layer.isValid() for layer in layers)
settings = QgsMapSettings()
settings.setLayers(layers[::-1])
settings.setDestinationCrs(layers[0].crs())
settings.setOutputSize(QSize(1600, 1100))
settings.setBackgroundColor(QColor("white"))
extent = layers[-1].extent()
extent.scale(1.04)
settings.setExtent(extent)
job = QgsMapRendererParallelJob(settings)
job.start()
job.waitForFinished()
assert not job.errors(), [error.message for error in job.errors()]
assert job.renderedImage().save(out)
labels = [one.layerID for one in job.takeLabelingResults().labelsWithinRect(extent)]
context = QgsRenderContext()
told = {
    layer.name(): {
        "features": layer.featureCount(),
        "crs": layer.crs().authid(),
        "strokes": [
            part.strokeColor().name()
            for symbol in layer.renderer().symbols(context)
            for part in symbol.symbolLayers()
        ],
        "labels": labels.count(layer.id()),
    }
    for layer in layers
}
print(json.dumps(told))
"""


def has_qgis() -> bool:
    """Return whether QGIS and its Python are installed here."""
    asked = [_PYTHON, "-c", "import qgis.core"]
    try:
        return subprocess.run(asked, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def write_picture(package: Path, out: Path) -> dict[str, Any]:
    """Draw a package in QGIS with the styles in it; return what QGIS says of each layer.

    Told are the features, the CRS, the colours of the borders, and how many names were drawn.
    """
    ours = ("PYTHON", "QT_", "VIRTUAL_ENV")
    own = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    done = subprocess.run(
        [_PYTHON, "-c", _SCRIPT, str(package), str(out), *LAYERS],
        check=True,
        capture_output=True,
        encoding="utf-8",
        timeout=_PATIENCE_S,
        env=own | {"QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"},
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def main() -> None:
    """Make the demo, publish it, and write the picture of the page about the package."""
    with TemporaryDirectory(prefix="gridadmin-") as name:
        folder = Path(name)
        write_demo(folder)
        with Session.open(folder / "demo.gpkg", write=True) as session:
            release = make_release(session.document)
            package = make_package(session, release, "public", folder=folder)
        drawn = folder / "drawn.png"
        write_picture(package.path, drawn)
        with_few_colours(QImage(str(drawn))).save(str(OUT))


if __name__ == "__main__":
    main()
