"""Says what program this is, under what licence, and whose work it stands on."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import QSize, Qt, qVersion
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from gridadmin import __version__
from gridadmin.base.paths import ROOT
from ui.texts import tr
from ui.theme import icon

LIBRARIES = (
    ("PySide6-Essentials", "LGPL-3.0-only"),
    ("shapely", "BSD-3-Clause"),
    ("pyproj", "MIT"),
    ("numpy", "BSD-3-Clause"),
    ("fiona", "BSD-3-Clause"),
    ("SQLAlchemy", "MIT"),
    ("alembic", "MIT"),
    ("pyqtgraph", "MIT"),
    ("immutables", "Apache-2.0"),
    ("msgpack", "Apache-2.0"),
    ("openpyxl", "MIT"),
    ("python-calamine", "MIT"),
    ("Jinja2", "BSD-3-Clause"),
    ("pypinyin", "MIT"),
    ("python-stdnum", "LGPL-2.1-or-later"),
    ("scipy", "BSD-3-Clause"),
    ("httpx", "BSD-3-Clause"),
    ("paramiko", "LGPL-2.1"),
    ("boto3", "Apache-2.0"),
    ("keyring", "MIT"),
    ("defusedxml", "PSFL"),
    ("rasterio", "BSD-3-Clause"),
    ("Pillow", "MIT-CMU"),
    ("segno", "BSD-3-Clause"),
    ("pypdf", "BSD-3-Clause"),
    ("platformdirs", "MIT"),
    ("typer", "MIT"),
    ("rich", "MIT"),
)
"""Each with its licence, as its package names it."""


class AboutDialog(QDialog):
    """Version, licence, where the data comes from, and the libraries."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about_dialog")
        self.setWindowTitle(tr("关于"))
        self.resize(QSize(560, 460))
        sign = QLabel()
        sign.setPixmap(icon("boundaries", "accent").pixmap(QSize(48, 48)))
        title = QLabel(tr("网格管理"))
        title.setProperty("role", "title")
        details = QLabel(
            tr(
                "版本 {version} · Python {python} · Qt {qt}",
                version=__version__,
                python=sys.version.split()[0],
                qt=qVersion(),
            )
        )
        details.setObjectName("about_version")
        details.setProperty("role", "quiet")
        details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(title)
        words.addWidget(details)
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(sign)
        head.addLayout(words, 1)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(tr("关于"))
        for name, page in (
            (tr("关于本程序"), _text("about_purpose", _about())),
            (tr("所用程序库"), _text("about_libraries", _libraries())),
            (tr("许可证"), _licence()),
        ):
            page.setAccessibleName(name)
            self.tabs.addTab(page, name)
        close = QPushButton(tr("关闭"))
        close.setObjectName("close_about")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 14)
        column.setSpacing(14)
        column.addLayout(head)
        column.addWidget(self.tabs, 1)
        column.addLayout(foot)


def _about() -> str:
    lines = (
        tr("用来在地图上划分和调整网格、微网格，任何修改都不会留下空隙或重叠。"),
        tr("本程序以 Apache 2.0 许可证发布。"),
        tr("样例城市及其中的名称、人员全部是虚构的。"),
        tr("底图和行政区划名称归各自的来源所有，地图上注明了来源。"),
        tr("程序不会自行向外发送数据；只有打开在线底图时才访问网络。"),
    )
    return "".join(f"<p>{line}</p>" for line in lines)


def _libraries() -> str:
    rows = "".join(
        f"<tr><td>{name}</td><td>&nbsp;&nbsp;{_version(name)}</td>"
        f"<td>&nbsp;&nbsp;{licence}</td></tr>"
        for name, licence in LIBRARIES
    )
    return f"<table cellpadding='3'>{rows}</table>"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "—"


def _text(name: str, html: str) -> QTextBrowser:
    browser = QTextBrowser()
    browser.setObjectName(name)
    browser.setHtml(html)
    return browser


def _licence() -> QPlainTextEdit:
    text = QPlainTextEdit()
    text.setObjectName("about_licence")
    text.setReadOnly(True)
    path = ROOT / "LICENSE"
    text.setPlainText(path.read_text(encoding="utf-8") if path.is_file() else "Apache-2.0")
    return text
