"""The base map of one map view: its layers as the painting worker takes them, and whose it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from pyproj import CRS
from PySide6.QtCore import QObject, QTimer, Signal

from gridadmin.base.errors import GridAdminError
from gridadmin.exchange.import_source import plane_of
from gridadmin.tiles.grid import Box
from gridadmin.tiles.opening import datum_of
from gridadmin.tiles.placement import Placement
from gridadmin.tiles.source import Datum, Source
from ui.canvas.tiles import TileLayer, TileStack
from ui.context import Context
from ui.texts import tr
from ui.tiles.basemaps import BaseMaps, title
from ui.tiles.shelf import FileShelf
from ui.tiles.supply import NetShelf

_BREATH_MS = 100
"""Tiles that arrive within so long come into one picture."""
_DATUMS = {Datum.GCJ02: "GCJ-02", Datum.BD09: "BD-09"}


class BaseLayers(QObject):
    """Makes the layers of the base map that is chosen, in the plane of the open project.

    *wanted* returns what a further map shows instead, the lowest first; :meth:`renew` when it
    returns something else.
    """

    changed = Signal()
    """The map looks different now: paint it anew."""
    credits_changed = Signal(str)
    """Whose base map is shown, in words; empty without one."""

    def __init__(
        self,
        context: Context,
        parent: QObject | None = None,
        wanted: Callable[[], Sequence[Source]] | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._maps = BaseMaps.of(context)
        self._wanted = self._maps.chosen if wanted is None else wanted
        self._layers: dict[str, tuple[Source, TileLayer]] = {}
        self._plane: tuple[CRS, tuple[float, float]] | None = None
        self._is_over = False
        self._breath = QTimer(self)
        self._breath.setSingleShot(True)
        self._breath.setInterval(_BREATH_MS)
        self._breath.timeout.connect(self.changed)
        self._maps.changed.connect(self.renew)
        self._maps.tiles_arrived.connect(self._arrived)
        context.settings.changed.connect(self._settings_changed)

    def place(self) -> None:
        """Lay the map into the plane of the open project, which may be another one now."""
        bridge = self._context.bridge
        plane = plane_of(bridge.snapshot) if bridge.is_open else None
        if plane is None:
            self._plane = None
        else:
            x, y = bridge.snapshot.origin_mm
            self._plane = plane.crs, (x / 1000, y / 1000)
        self._drop_layers()
        self.renew()

    def stack(self) -> TileStack | None:
        """Return the layers to be painted, None for none."""
        if not self._layers or not self._context.settings.value("show_basemap"):
            return None
        return TileStack([layer for _, layer in self._layers.values()])

    @property
    def dimming(self) -> float | None:
        """How far the map fades into the ground, 0 to 1; None as the theme has it."""
        percent = self._maps.choice.dimming
        return None if percent is None else percent / 100

    @property
    def credits(self) -> str:
        """Whose base map is shown, and where it was moved."""
        if not self._layers or not self._context.settings.value("show_basemap"):
            return ""
        words = [
            credit for source, layer in self._layers.values() for credit in _credits(source, layer)
        ]
        return "  ".join(dict.fromkeys(filter(None, words)))

    @property
    def is_coming(self) -> bool:
        """Whether a file is being opened, or tiles have come that no picture shows yet."""
        is_opening = any(self._maps.is_opening(source) for source in self._wanted())
        return self._breath.isActive() or is_opening

    def stop(self) -> None:
        """Show no base map any more; a second time nothing is left to do."""
        if self._is_over:
            return
        self._is_over = True
        self._breath.stop()
        self._maps.changed.disconnect(self.renew)
        self._maps.tiles_arrived.disconnect(self._arrived)
        self._drop_layers()

    def renew(self) -> None:
        """Make the layers that are chosen; those that stay keep their tiles."""
        before, self._layers = self._layers, {}
        if self._plane is not None and self._context.settings.value("show_basemap"):
            for source in self._wanted():
                kept = before.pop(source.id, None)
                layer = kept[1] if kept is not None and kept[0] == source else self._made(source)
                if layer is not None:
                    layer.opacity = self._maps.choice.opacity_of(source.id)
                    self._layers[source.id] = source, layer
                elif kept is not None:
                    before[source.id] = kept
        for _, layer in before.values():
            self._drop(layer)
        self.credits_changed.emit(self.credits)
        self.changed.emit()

    def _made(self, source: Source) -> TileLayer | None:
        """Return the layer of a source; None while its file is being opened, or can't be."""
        if self._plane is None:
            return None
        crs, origin_m = self._plane
        if source.kind.is_local:
            file = self._maps.file_of(source)
            if file is None:
                return None
            shelf_of_file = FileShelf(file, datum=datum_of(source, file))
            return TileLayer(shelf_of_file, crs, origin_m, offset_m=source.offset_m)
        try:
            extent = _extent(source, crs)
            # What is said of it names it in the language of the window.
            named = replace(source, name=title(source))
            shelf = self._maps.supply.shelf(named, extent)
            return TileLayer(shelf, crs, origin_m, offset_m=source.offset_m)
        except GridAdminError as refusal:
            self._context.messages.refused(refusal)
            return None

    def _drop_layers(self) -> None:
        layers, self._layers = self._layers, {}
        for _, layer in layers.values():
            self._drop(layer)

    def _drop(self, layer: TileLayer) -> None:
        if isinstance(layer.shelf, NetShelf):
            self._maps.supply.forget(layer.shelf)

    def _arrived(self) -> None:
        # Begun once: tiles that come without end must not put the picture off for ever.
        if self._layers and not self._breath.isActive():
            self._breath.start()

    def _settings_changed(self, key: str) -> None:
        if key == "show_basemap":
            self.renew()


def _extent(source: Source, crs: CRS) -> Box | None:
    if source.bounds is None:
        return None
    return Placement(crs, source.grid, source.datum).extent_of_degrees(source.bounds)


def _credits(source: Source, layer: TileLayer) -> Iterator[str]:
    """Yield whose map it is, and what was done to its place."""
    own = layer.shelf.file.attribution if isinstance(layer.shelf, FileShelf) else ""
    # Where nobody says whose it is, at least which it is.
    yield source.attribution or own or tr("底图：{name}", name=title(source))
    datum = _DATUMS.get(layer.shelf.datum)
    if datum is not None:
        yield tr("（{datum}，显示时已纠偏）", datum=datum)
    if source.is_moved:
        east, north = source.offset_m
        yield tr("（已移动：东 {east} 米，北 {north} 米）", east=f"{east:g}", north=f"{north:g}")
