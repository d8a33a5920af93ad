"""What has to be told of a base map, by its kind: fields that make a source, and read one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from gridadmin.base.errors import InputError
from gridadmin.tiles.grid import FINEST, FIXED, fixed_grid
from gridadmin.tiles.request import require_template
from gridadmin.tiles.source import KeyType, Kind, Source
from gridadmin.tiles.wmts import Capabilities, WmtsLayer
from ui.people.form import Fields
from ui.texts import mark, tr

_GRIDS = {
    "web": mark("网络墨卡托（常用）"),
    "tianditu_c": mark("经纬度，天地图 c 方案"),
    "geodetic": mark("经纬度，WorldCRS84Quad"),
    "baidu": mark("百度"),
}
_KEY_TYPES = {KeyType.BROWSER: mark("浏览器端"), KeyType.SERVER: mark("服务器端")}
_MASKS = (
    "*.mbtiles *.gpkg *.tif *.tiff *.png *.jpg *.jpeg *.bmp *.webp *.gif *.jp2 *.img *.kml *.kmz"
)
_PLAIN_XYZ = Source("new", "", Kind.XYZ, "")


class Page(QWidget):
    """The fields of one kind of base map."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.fields = Fields()
        self.fields.setContentsMargins(0, 0, 0, 0)
        self.setLayout(self.fields)

    def show_source(self, source: Source, key: str) -> None:
        """Show what a source is now."""

    def source(self, id_: str, before: Source | None) -> Source:
        """Return the source that the fields describe. Raises: InputError of family ``basemap``."""
        raise NotImplementedError

    def key(self) -> str:
        """Return the user's key; empty when there is none."""
        return ""

    def focus_key(self) -> None:
        """Let the key be typed first, where there is a field for it."""
        field = self.findChild(QLineEdit, "source_key")
        if field is not None:
            field.setFocus()

    def show_key(self, key: str) -> None:
        """Show the user's key, which was looked up meanwhile, unless he has typed one."""
        field = self.findChild(QLineEdit, "source_key")
        if field is not None and not field.text():
            field.setText(key)

    def suggested_name(self) -> str:
        """Return a name for the map, empty when the fields tell none."""
        return ""

    def _text(self, name: str, words: str, hint: str = "") -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(hint)
        field.textChanged.connect(lambda _: self.changed.emit())
        self.fields.put(name, words, field)
        return field

    def _secret(self, name: str, words: str) -> QLineEdit:
        field = self._text(name, words)
        field.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
        return field

    def _choice(self, name: str, words: str, choices: dict[str, str]) -> QComboBox:
        box = QComboBox()
        for value, said in choices.items():
            box.addItem(tr(said), value)
        box.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.fields.put(name, words, box)
        return box


class AddressPage(Page):
    """Tiles by an address with places for level, column and row."""

    def __init__(self) -> None:
        super().__init__()
        self.url = self._text("source_url", tr("网址"), "http://10.1.2.3/tiles/{z}/{x}/{y}.png")
        self.hosts = self._text("source_subdomains", tr("{s} 的取值"), "a, b, c")
        self.grid = self._choice("source_grid", tr("切片方案"), _GRIDS)
        self.levels = _Levels()
        self.levels.changed.connect(self.changed)
        self.fields.put("source_levels", tr("图块级别"), self.levels)
        self.secret = self._secret("source_key", tr("密钥（网址里写 {key}）"))
        self._kept: Source | None = None
        for field in (self.url, self.hosts):
            field.textChanged.connect(self._show_what_counts)
        self._show_what_counts()

    def _show_what_counts(self) -> None:
        self.hosts.setEnabled("{s}" in self.url.text())
        self.secret.setEnabled("{key}" in self.url.text() or "{tk}" in self.url.text())
        self.grid.setEnabled(self._kept is None)
        self.levels.setEnabled(self._kept is None)

    def show_source(self, source: Source, key: str) -> None:
        """Show what a source is now."""
        # A grid of a server's own is kept as it is.
        self._kept = None if source.grid_name in FIXED else source
        self.url.setText(source.address)
        self.hosts.setText(", ".join(source.subdomains))
        self.grid.setCurrentIndex(max(self.grid.findData(source.grid_name), 0))
        self.levels.show_levels(source.levels)
        self.secret.setText(key)
        self._show_what_counts()

    def source(self, id_: str, before: Source | None) -> Source:
        """Return the source that the fields describe."""
        hosts = tuple(part.strip() for part in self.hosts.text().split(",") if part.strip())
        url = self.url.text().strip()
        require_template(url, hosts)
        kept = self._kept if self._kept is not None else before
        low, high = self.levels.levels()
        grid_name = str(self.grid.currentData())
        made = replace(
            _PLAIN_XYZ if kept is None else kept,
            id=id_,
            address=url,
            subdomains=hosts,
            key_name=_key_name(id_, before) if self.secret.isEnabled() else "",
        )
        if self._kept is not None:
            return made
        return replace(made, grid=fixed_grid(grid_name, low, high), grid_name=grid_name)

    def suggested_name(self) -> str:
        """Return the name of the server."""
        with suppress(ValueError):
            return urlsplit(self.url.text().strip()).hostname or ""
        return ""

    def key(self) -> str:
        """Return the user's key."""
        return self.secret.text().strip() if self.secret.isEnabled() else ""


class WmtsPage(Page):
    """A layer of a WMTS server, chosen from what the server says it has."""

    capabilities_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.url = QLineEdit()
        self.url.setPlaceholderText("http://10.1.2.3/wmts?REQUEST=GetCapabilities")
        self.read = QPushButton(tr("读取图层"))
        self.read.setObjectName("read_layers")
        self.read.setAutoDefault(False)
        self.read.clicked.connect(self._ask)
        self.url.returnPressed.connect(self._ask)
        row = _row(self.url, self.read)
        self.fields.put("source_wmts", tr("服务地址"), row)
        self.url.setObjectName("source_wmts_url")
        self.url.setAccessibleName(tr("服务地址"))
        self.layers = self._choice("source_layer", tr("图层"), {})
        self.grids = self._choice("source_matrix_set", tr("切片方案"), {})
        self.layers.currentIndexChanged.connect(self._fill_grids)
        self.parameter = self._text("source_key_parameter", tr("密钥的参数名"), "tk")
        self.secret = self._secret("source_key", tr("密钥"))
        self._found: tuple[WmtsLayer, ...] = ()
        self._fill_grids()

    def _ask(self) -> None:
        url = self.url.text().strip()
        if url:
            self.capabilities_wanted.emit(url)

    def show_capabilities(self, found: Capabilities) -> None:
        """Show the layers that a server has."""
        self._found = found.layers
        self.layers.clear()
        for number, layer in enumerate(found.layers):
            self.layers.addItem(layer.title or layer.name, number)
        self._fill_grids()
        self.layers.setFocus()

    def _fill_grids(self) -> None:
        layer = self._layer()
        self.grids.clear()
        for name, _ in () if layer is None else layer.grids:
            self.grids.addItem(name, name)
        self.layers.setEnabled(layer is not None)
        self.grids.setEnabled(layer is not None)
        self.changed.emit()

    def _layer(self) -> WmtsLayer | None:
        number = self.layers.currentData()
        return self._found[number] if isinstance(number, int) else None

    def suggested_name(self) -> str:
        """Return the title of the layer."""
        layer = self._layer()
        return "" if layer is None else layer.title or layer.name

    def source(self, id_: str, before: Source | None) -> Source:
        """Return the source that the fields describe."""
        layer = self._layer()
        if layer is None:
            raise InputError("basemap.no_layer_chosen")
        return layer.source(
            id_, str(self.grids.currentData()), key_parameter=self.parameter.text().strip()
        )

    def key(self) -> str:
        """Return the user's key."""
        return self.secret.text().strip()


class TiandituPage(Page):
    """The user's key of 天地图; its maps are known to the program."""

    def __init__(self, maps: dict[str, str]) -> None:
        super().__init__()
        self.map = QComboBox()
        for id_, words in maps.items():
            self.map.addItem(words, id_)
        self.map.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.fields.put("source_map", tr("地图"), self.map)
        self.secret = self._secret("source_key", tr("密钥（tk）"))
        self.type = self._choice(
            "source_key_type", tr("密钥类型"), {str(one): said for one, said in _KEY_TYPES.items()}
        )

    def show_source(self, source: Source, key: str) -> None:
        """Show what a source is now."""
        self.map.setCurrentIndex(self.map.findData(source.id))
        self.secret.setText(key)
        self.type.setCurrentIndex(max(self.type.findData(str(source.key_type)), 0))

    def source(self, id_: str, before: Source | None) -> Source:
        """Return the shipped source with the type of the key."""
        if before is None:
            raise InputError("basemap.no_layer_chosen")
        if not self.key():
            raise InputError("basemap.no_key", name=before.name)
        return replace(before, key_type=KeyType(self.type.currentData()), is_on=True)

    def key(self) -> str:
        """Return the user's key."""
        return self.secret.text().strip()


class FilePage(Page):
    """A file or a folder of tiles on this computer."""

    def __init__(self) -> None:
        super().__init__()
        self.path = QLineEdit()
        self.path.setAccessibleName(tr("文件或文件夹"))
        self.path.textChanged.connect(lambda _: self.changed.emit())
        self.file = _button("choose_file", tr("文件…"), self._choose_file)
        self.folder = _button("choose_folder", tr("文件夹…"), self._choose_folder)
        self.fields.put("source_path_row", tr("路径"), _row(self.path, self.file, self.folder))
        self.path.setObjectName("source_path")
        hint = tr("图片没有说明坐标系时填写，例如 EPSG:4490")
        self.crs = self._text("source_crs", tr("图片的坐标系"), hint)

    def show_source(self, source: Source, key: str) -> None:
        """Show what a source is now."""
        self.path.setText(source.address)
        self.crs.setText(source.crs)

    def suggested_name(self) -> str:
        """Return the name of the file."""
        text = unquoted(self.path.text()).replace("\\", "/").rstrip("/")
        return text.rpartition("/")[2].rpartition(".")[0] or text.rpartition("/")[2]

    def source(self, id_: str, before: Source | None) -> Source:
        """Return the source that the fields describe; its kind shows when it is opened."""
        path = unquoted(self.path.text())
        if not path:
            raise InputError("basemap.missing_setting", setting="path")
        made = Source(id_, "", kind_of_path(path), path) if before is None else before
        return replace(made, address=path, kind=kind_of_path(path), crs=self.crs.text().strip())

    def _choose_file(self) -> None:
        chosen = asked_file(self, self.path.text())
        if chosen:
            self.path.setText(chosen)

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("选择图块文件夹"), self.path.text())
        if chosen:
            self.path.setText(chosen)


class _Levels(QWidget):
    """The coarsest and the finest level."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.low, self.high = QSpinBox(), QSpinBox()
        self.low.setObjectName("level_low")
        self.high.setObjectName("level_high")
        self.low.setAccessibleName(tr("最粗级别"))
        self.high.setAccessibleName(tr("最细级别"))
        for box in (self.low, self.high):
            box.setRange(0, FINEST)
            box.lineEdit().setTextMargins(6, 0, 0, 0)
            box.valueChanged.connect(lambda _: self.changed.emit())
        self.show_levels((0, 18))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.low)
        row.addWidget(QLabel("–"))
        row.addWidget(self.high)
        row.addStretch(1)

    def show_levels(self, levels: tuple[int, int]) -> None:
        """Show other levels."""
        self.low.setValue(levels[0])
        self.high.setValue(levels[1])

    def levels(self) -> tuple[int, int]:
        """Return the coarsest and the finest, in this order."""
        low, high = self.low.value(), self.high.value()
        return min(low, high), max(low, high)


def _key_name(id_: str, before: Source | None) -> str:
    """Return under which name a key is kept; one that several share stays shared."""
    return before.key_name if before is not None and before.key_name else id_


def asked_file(parent: QWidget, path: str) -> str:
    """Return the file of a base map that the user chooses, empty when he chooses none."""
    chosen, _ = QFileDialog.getOpenFileName(
        parent,
        tr("选择底图文件"),
        path,
        tr("底图（{masks}）", masks=_MASKS) + ";;" + tr("所有文件 (*)"),
    )
    return chosen


def unquoted(path: str) -> str:
    """Return a path without the quotation marks in which systems copy it."""
    text = path.strip()
    for left, right in ('""', "''", "“”"):
        if len(text) > 1 and text[0] == left and text[-1] == right:
            return text[1:-1].strip()
    return text


def kind_of_path(path: str) -> Kind:
    """Return how a path is declared; what it is shows when it is opened."""
    if Path(path).is_dir():
        return Kind.FOLDER
    return {".mbtiles": Kind.MBTILES, ".gpkg": Kind.GEOPACKAGE}.get(
        Path(path).suffix.lower(), Kind.IMAGE
    )


def _button(name: str, words: str, act: Callable[[], None]) -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(name)
    button.setAutoDefault(False)
    button.clicked.connect(act)
    return button


def _row(*parts: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for at, part in enumerate(parts):
        row.addWidget(part, 1 if at == 0 else 0)
    return holder
