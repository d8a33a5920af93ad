"""Colours by groups: the type of compound, and nets or clusters of a kind that is chosen."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMenu

from ui.actions import Actions
from ui.canvas.group_fills import name_of_kind, net_kinds
from ui.canvas.map_panel import MapPanel
from ui.canvas.style import FillTheme
from ui.context import Context
from ui.texts import tr


class GroupThemes(QObject):
    """Binds the two actions of a window."""

    def __init__(
        self, context: Context, actions: Actions, panel: MapPanel, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bridge = context.bridge
        self._panel = panel
        compound = partial(panel.colour_by, FillTheme.COMPOUND)
        actions.bind("view.compound", compound, self._why_no_compounds)
        actions.bind("view.net", self._choose_net, self._why_no_nets)

    def _why_no_compounds(self) -> str:
        if not self._bridge.is_open:
            return tr("没有打开的项目。")
        has_any = bool(self._bridge.snapshot.rows("compound"))
        return "" if has_any else tr("这个项目还没有小区。")

    def _why_no_nets(self) -> str:
        if not self._bridge.is_open:
            return tr("没有打开的项目。")
        has_any = bool(self._bridge.snapshot.rows("grouping_member"))
        is_any = has_any and net_kinds(self._bridge.snapshot)
        return "" if is_any else tr("还没有区域归入片区、联盟或专网。")

    def _choose_net(self) -> None:
        """Colour by the one kind that there is, or ask which."""
        kinds = net_kinds(self._bridge.snapshot)
        if len(kinds) == 1:
            self._panel.colour_by(FillTheme.NET, kinds[0].key)
            return
        # The first at once: who leaves the menu sees what it is about.
        self._panel.colour_by(FillTheme.NET, kinds[0].key)
        menu = QMenu(self._panel)
        menu.setObjectName("net_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for kind in kinds:
            action = menu.addAction(name_of_kind(kind).replace("&", "&&"))
            action.triggered.connect(partial(self._choose, kind.key))
        menu.popup(self._panel.mapToGlobal(self._panel.rect().center()))

    def _choose(self, kind: str, _: bool = False) -> None:
        self._panel.colour_by(FillTheme.NET, kind)
