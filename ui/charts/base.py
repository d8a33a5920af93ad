"""The base map of charts: that of the map, where it is a file of this computer."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from gridadmin.app.area_facts import plane_crs
from gridadmin.chart.compose import RasterMaker
from gridadmin.tiles.opening import datum_of
from ui.context import Context
from ui.texts import tr
from ui.tiles.basemaps import BaseMaps, title


class ChartBase(QObject):
    """Brings the base map that is chosen on the map, and says why there is none.

    What comes over the network isn't printed: few services allow it.
    """

    changed = Signal()
    """Another one is chosen, or its file is open now."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._maps: BaseMaps | None = None

    def begin(self) -> None:
        """Follow the base map of the map from now on."""
        if self._maps is None:
            self._maps = BaseMaps.of(self._context)
            self._maps.changed.connect(self.changed)
            self._maps.opened.connect(self.changed)

    def rasters(self) -> RasterMaker | None:
        """Return the base map of a project for sheets, None where there is none to print."""
        source = None if self._maps is None else self._maps.base
        if self._maps is None or source is None or not source.kind.is_local:
            return None
        tiles = self._maps.file_of(source)
        if tiles is None or plane_crs(self._context.bridge.snapshot) is None:
            return None
        from gridadmin.app.charting import base_map_of

        # The same words as on the map: where nobody says whose it is, at least which it is.
        whose = source.attribution or tiles.attribution or title(source)
        return base_map_of(self._context.bridge.session, tiles, datum_of(source, tiles), whose)

    def why_none(self) -> str:
        """Return in words why there is no base map to print; empty where there is one."""
        source = None if self._maps is None else self._maps.base
        if self._maps is None or source is None:
            return tr("图上没有底图：地图上没有选底图。请先在地图上选一个本机底图。")
        if not source.kind.is_local:
            return tr(
                "图上没有底图：“{name}”来自网络，不能翻印。请在地图上选一个本机底图。",
                name=title(source),
            )
        if self._maps.is_opening(source):
            return tr("正在打开底图…")
        return self._maps.trouble(source)
