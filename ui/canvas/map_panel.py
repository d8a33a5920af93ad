"""The map with all that belongs to it: pictures, tools, hints, base map."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from gridadmin.app.import_preview import PreviewShapes
from gridadmin.edit.document import Done
from ui.actions import Actions
from ui.canvas.base_layers import BaseLayers
from ui.canvas.beside import covered_px, is_seen_beside
from ui.canvas.compared import ComparedMap
from ui.canvas.furniture import Attribution, HintLine, Invitation, ScaleBar
from ui.canvas.layers_button import LayersButton
from ui.canvas.legend import Legend
from ui.canvas.looked_at import LookedAt
from ui.canvas.object_style import LAYERS
from ui.canvas.overlay import Outline, Ring, Role, Thing
from ui.canvas.palette import Palette
from ui.canvas.picking import face_under
from ui.canvas.pictures import Picture, Pictures
from ui.canvas.style import FillTheme, MapStyle
from ui.canvas.view import MapView
from ui.canvas.viewport import Box, Place, Viewport
from ui.context import Context
from ui.messages import Message, Weight
from ui.panels.project_index import ProjectIndex
from ui.texts import tr
from ui.theme import DARK, colours
from ui.tiles.basemaps import BaseMaps
from ui.tiles.picker import BaseMapButton
from ui.tools.adjust import AdjustTool
from ui.tools.draw import DrawTool
from ui.tools.give import GiveTool
from ui.tools.measure import MeasureTool
from ui.tools.paint import PaintTool
from ui.tools.redraw import RedrawTool
from ui.tools.select import SelectTool
from ui.tools.shapes import area_outline, border_outline, face_outline, thing_outline
from ui.tools.split import SplitTool
from ui.tools.stretch_actions import bind_stretch_actions
from ui.tools.strip import ToolStrip
from ui.tools.tool import Hint, Tool

_log = logging.getLogger("gridadmin.canvas")

_GAP_PX = 12
_LEAST_FREE_PX = 160
_SMALL_PX = 10
_COMING = (
    ("known", Role.BEFORE, False),
    ("new", Role.COMING, False),
    ("disputed", Role.ISSUE, True),
    ("gap", Role.ISSUE, True),
)
_MOST_POINTS = 300_000
"""Outlines of more points than this would make every move of the map slow."""


class MapPanel(QWidget):
    """The map of the window."""

    drawn = Signal()
    """A picture of what is seen has been painted."""
    renewed = Signal()
    """The map has taken on other colours of the window."""
    snapped = Signal(str)
    """What the pointer was snapped to, in words; empty for nothing."""

    def __init__(self, context: Context, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("map_panel")
        self._context = context
        self._actions = actions
        self.view = MapView(self)
        self.pictures = Pictures(self)
        self.base_layers = BaseLayers(context, self)
        self._is_painting = self._has_news = False
        self._fills, self._net = FillTheme.PLAIN, ""
        self._compared: ComparedMap | None = None
        self._looked_at: tuple[LookedAt, ...] = ()
        self._is_fit_wanted = False
        self._below_hint_px = 0
        self._strip: ToolStrip | None = None
        self.below_strip: list[Callable[[int], None]] = []
        """Told where, in pixels from the top, what stands at the right of the map ends."""
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(self.view)
        self.hint_line = HintLine(self)
        self.scale_bar = ScaleBar(self)
        self.attribution = Attribution(self)
        self.legend = Legend(self)
        self.layers_button = LayersButton(self, actions)
        self.basemap_button = BaseMapButton(self, BaseMaps.of(context), actions)
        self.invitation = Invitation(self, actions.action("file.import"))
        adjust = AdjustTool(context, self.view, self)
        bind_stretch_actions(context, actions, adjust, self._chooser("tool.adjust"))
        self.tools: Mapping[str, Tool] = {
            "tool.select": SelectTool(context, self.view, self),
            "tool.adjust": adjust,
            "tool.give": GiveTool(context, self.view, self),
            "tool.paint": PaintTool(context, self.view, self),
            "tool.split": SplitTool(context, self.view, self),
            "tool.redraw": RedrawTool(context, self.view, self),
            "tool.draw": DrawTool(context, self.view, self),
            "tool.measure": MeasureTool(context, self.view, self),
        }
        self.palette_box = Palette(self, [actions.action(key) for key in self.tools])
        self._tool = self.tools["tool.select"]
        self._connect()

    def _connect(self) -> None:
        context = self._context
        for key, tool in self.tools.items():
            tool.hinted.connect(self._tell_hint)
            tool.snapped.connect(self.snapped)
            self._actions.bind(key, self._chooser(key), self._why_no_tool(key))
        self.view.viewport_changed.connect(self._look)
        self.view.picture_wanted.connect(self._ask)
        self.pictures.made.connect(self._take)
        self.pictures.ready.connect(self._begin)
        self.pictures.failed.connect(self._picture_failed)
        self.base_layers.changed.connect(self._base_map_news)
        self.base_layers.credits_changed.connect(self.attribution.tell)
        context.bridge.opened.connect(self._open)
        context.bridge.changed.connect(self._follow)
        context.bridge.issues_changed.connect(self._show_selection)
        ProjectIndex.of(context).counted.connect(self._counted)
        context.selection.changed.connect(self._select)
        context.navigator.box_wanted.connect(self.show_box)
        context.navigator.place_wanted.connect(self.view.show_place)
        context.navigator.proposal_wanted.connect(self._show_proposal)
        context.messages.told.connect(self._mark_refusal)
        context.messages.cleared.connect(lambda: self.view.overlay.put("y refusal", []))
        context.settings.changed.connect(self._settings_changed)
        self.choose_tool("tool.select")

    # Tools

    @property
    def tool(self) -> Tool:
        """The tool in use."""
        return self._tool

    def choose_tool(self, key: str) -> None:
        """Take another tool."""
        self._tool.leave()
        self._show_strip(None)
        self._below_hint_px = 0
        self._tool = self.tools[key]
        self._actions.action(key).setChecked(True)
        self.view.use(self._tool)
        self._tool.enter()
        self._show_strip(self._tool.strip())

    def lend(self, tool: Tool) -> Callable[[], None]:
        """Take a tool that is in no palette; return what puts the one before back in its place."""
        before = next((key for key, one in self.tools.items() if one is self._tool), "tool.select")
        self._tool.leave()
        self._show_strip(None)
        self._tool = tool
        tool.hinted.connect(self._tell_hint)
        self.view.use(tool)
        tool.enter()

        def give_back() -> None:
            if self._tool is tool:
                self.choose_tool(before)

        return give_back

    def _show_strip(self, strip: ToolStrip | None) -> None:
        """Show the choices of a tool instead of those of the last one."""
        if self._strip is not None:
            self._strip.hide()
        self._strip = strip
        if strip is not None:
            strip.show()
            strip.follow_map()
        self.place_right()

    def place_right(self) -> None:
        """Place what stands at the right of the map: first the legend, then choices."""
        at_right = None
        is_legend = self.legend.isVisible()
        above = self.legend.geometry().bottom() if is_legend else self._below_hint_px
        if self._strip is not None:
            self._strip.place(above + _GAP_PX)
            self._strip.raise_()
            at_right = QRectF(self._strip.geometry())
            above = self._strip.geometry().bottom()
        for tell in self.below_strip:
            tell(above + _GAP_PX)
        self.view.overlay.keep_off(QRectF(self.palette_box.geometry()), at_right)

    def _chooser(self, key: str) -> Callable[[], None]:
        return lambda: self.choose_tool(key)

    def _why_no_tool(self, key: str) -> Callable[[], str]:
        bridge = self._context.bridge
        if key in ("tool.select", "tool.measure"):
            return lambda: "" if bridge.is_open else tr("没有打开的项目。")
        return bridge.why_not_change

    def _tell_hint(self, hint: Hint) -> None:
        if self.sender() is self._tool or self.sender() is None:
            self.hint_line.tell(hint if self._context.bridge.is_open else Hint(""))
            self._keep_below_hint()

    def _keep_below_hint(self) -> None:
        """Keep what stands at the right below the hint; it comes up only with another tool."""
        bottom = self.hint_line.geometry().bottom()
        if bottom > self._below_hint_px:
            self._below_hint_px = bottom
            self.legend.below_px = bottom + _GAP_PX
            self.legend.place()
            self.place_right()

    # Looking

    def show_box(self, box: Box) -> None:
        """Show a box of local metres whole."""
        self.view.show_box(box)

    def show_beside(self, box: Box, dialog: QWidget) -> None:
        """Show a box whole where a dialog leaves the map free, unless it is seen there already.

        Where it leaves next to nothing free the map stays as it is.
        """
        left, right = covered_px(self, dialog)
        covered = max(left, self.view.covered_px), right
        is_room = self.width() - sum(covered) >= _LEAST_FREE_PX
        if is_room and not is_seen_beside(box, self.view.view, covered):
            self.view.look(self.view.view.fitted(box, covered_px=covered))

    def zoom_all(self) -> None:
        """Show all land."""
        extent = self._context.bridge.extent()
        if extent is not None:
            self.view.show_box(extent)

    def zoom_selection(self) -> None:
        """Show what is selected at full size."""
        box = self.box_of_selection()
        if box is not None:
            self.view.show_box(box)

    def box_of_selection(self) -> Box | None:
        """Return the box around what is selected, None when it has no land."""
        boxes = self._boxes_of_selection()
        if not boxes:
            return None
        return (
            min(box[0] for box in boxes),
            min(box[1] for box in boxes),
            max(box[2] for box in boxes),
            max(box[3] for box in boxes),
        )

    def _boxes_of_selection(self) -> list[Box]:
        bridge, now = self._context.bridge, self._context.selection.now
        if not bridge.is_open:
            return []
        found = [bridge.box_of_area(uid) for uid in now.areas]
        if now.issue is not None and (issue := bridge.issue(now.issue)) is not None:
            found.append(bridge.box_of_issue(issue))
        for shape in self._selected_shapes():
            lines = getattr(shape, "lines", ())
            for line in lines:
                (x0, y0), (x1, y1) = line.min(axis=0).tolist(), line.max(axis=0).tolist()
                found.append((x0, y0, x1, y1))
        return [box for box in found if box is not None]

    def style_now(self) -> MapStyle:
        """Return how the map is painted, by the settings and the theme."""
        settings = self._context.settings
        return MapStyle(
            theme="dark" if colours() is DARK else "light",
            fills=self._fills,
            net=self._net,
            fill_opacity=settings.value("fill_opacity") / 100,
            has_labels=settings.value("show_labels"),
            dimming=self.base_layers.dimming,
            objects=frozenset(LAYERS) - frozenset(settings.value("hidden_layers")),
            looked_at=self._looked_at,
        )

    def _show_legend(self) -> None:
        bridge = self._context.bridge
        self.legend.show_style(self.style_now(), bridge.snapshot if bridge.is_open else None)

    def show_compared(self, compared: ComparedMap | None) -> None:
        """Show a plan beside its base, or no longer."""
        if compared is not self._compared:
            self._compared = compared
            self.view.ask_picture()

    def show_looked_at(self, files: tuple[LookedAt, ...]) -> None:
        """Lay files over the areas, to be looked at."""
        self._looked_at = files
        self.view.ask_picture()
        self.renewed.emit()

    def colour_by(self, fills: FillTheme, net: str = "") -> None:
        """Colour the areas by another rule; *net* is the kind of nets that is shown."""
        self._fills, self._net = fills, net
        self._show_legend()
        self.place_right()
        self.view.ask_picture()

    def renew(self) -> None:
        """Paint everything anew in the colours of the theme."""
        self.hint_line.renew()
        self.layers_button.renew()
        self.basemap_button.renew()
        self._show_legend()
        self.view.overlay.update()
        self.view.viewport().update()
        self.view.ask_picture()
        self.renewed.emit()

    # Base map

    @property
    def base_map(self) -> Path | None:
        """The file of the base map, None without one or where it comes over the network."""
        source = BaseMaps.of(self._context).base
        return Path(source.address) if source is not None and source.kind.is_local else None

    def is_at_rest(self) -> bool:
        """Return whether what is painted is what is seen, with the base map as far as it is here.

        What a server still owes is not waited for.
        """
        is_painting = self._is_painting or self._has_news or self.base_layers.is_coming
        return self.view.is_sharp() and not is_painting

    def _base_map_news(self) -> None:
        """Paint the base map anew, after the picture that is being painted: it may take long."""
        if self._is_painting:
            self._has_news = True
        else:
            self.view.ask_picture_now()

    # The project

    def _open(self) -> None:
        bridge = self._context.bridge
        self._tool.cancel()
        for name in self.view.overlay.names():
            self.view.overlay.put(name, [])
        self._context.selection.clear()
        self.view.take_picture(None)
        self._is_fit_wanted = True
        self._invite()
        if not bridge.is_open:
            self._show_strip(None)
            self.pictures.show_project(None)
            self.base_layers.place()
            self.hint_line.tell(Hint(""))
            return
        levels = [level.key for level in bridge.snapshot.scheme.present_levels]
        self.view.shown_level = levels[-1]
        self.pictures.show_project(bridge.snapshot)
        self.base_layers.place()
        self.choose_tool("tool.select")
        self.zoom_all()

    def _invite(self) -> None:
        """Say what to do first while there is no land."""
        bridge = self._context.bridge
        has_land = bridge.extent() is not None
        self.invitation.setVisible(bridge.is_open and not has_land)
        self.invitation.place()

    def _begin(self) -> None:
        if self._is_fit_wanted:
            self._is_fit_wanted = False
            self.zoom_all()
        self._look(self.view.view)
        self._ask_now()

    def _follow(self, done: Done) -> None:
        self.pictures.follow(done)
        if any(done.change.of(table) for table in ("grouping", "grouping_member", "compound")):
            self._show_legend()
        if _is_first_land(done):
            # Only now there is a plane for the base map.
            self.base_layers.place()
            self.zoom_all()
        self._invite()
        self._tool.follow(done)
        self._show_selection()
        self._ask_now()

    def _settings_changed(self, key: str) -> None:
        if key in ("show_labels", "fill_opacity", "hidden_layers"):
            self.view.ask_picture()

    def _counted(self) -> None:
        """Households are known now: names get their figures."""
        if self._context.settings.value("show_labels") or self._fills is not FillTheme.PLAIN:
            self.view.ask_picture()

    # Pictures

    def _look(self, viewport: Viewport) -> None:
        scene = self.pictures.scene
        if scene is not None:
            self.view.shown_level = scene.fill_level(viewport)
            self.view.shown_borders = scene.drawn_borders(viewport)
        self.scale_bar.look(viewport)

    def _ask(self, viewport: Viewport) -> None:
        tiles = self.base_layers.stack()
        self._is_painting = self.pictures.ask(viewport, self.style_now(), tiles, self._compared)

    def _ask_now(self) -> None:
        self.view.ask_picture_now()

    def _take(self, picture: Picture) -> None:
        self.view.take_picture(picture)
        self._is_painting = False
        if self.view.is_sharp():
            self.drawn.emit()
        if self._has_news:
            self._has_news = False
            self.view.ask_picture_now()

    def _picture_failed(self, fault: Exception) -> None:
        self._is_painting = False
        raise fault

    # Selection

    def _select(self) -> None:
        self._tool.selection_changed()
        self._show_selection()

    def _show_selection(self) -> None:
        self.view.overlay.put("0 selected", self._selected_shapes())

    def _show_proposal(self, things: Sequence[Thing]) -> None:
        """Show what would be done in the place of what is selected."""
        self.view.overlay.put("n proposal", things)
        if things:
            self.view.overlay.put("0 selected", [])
        else:
            self._show_selection()

    def _selected_shapes(self) -> Sequence[Thing]:
        bridge, now = self._context.bridge, self._context.selection.now
        if not bridge.is_open:
            return []
        snapshot = bridge.snapshot
        if now.areas:
            thing = [] if now.thing is None else thing_outline(snapshot, now.thing, Role.SELECTED)
            return [*area_outline(snapshot, now.areas, Role.SELECTED), *thing]
        if now.border is not None and snapshot.partition.has(now.border):
            return [border_outline([snapshot.partition.border(now.border)], Role.SELECTED)]
        if now.face is not None and (face := face_under(snapshot, now.face)) is not None:
            return [face_outline(face, Role.SELECTED)]
        if now.thing is not None:
            return thing_outline(snapshot, now.thing, Role.SELECTED)
        return [] if now.issue is None else self._issue_shapes(now.issue)

    def show_coming(self, shapes: PreviewShapes | None, beside: QWidget | None = None) -> None:
        """Show what an import would bring, and go there; None takes it off the map.

        What the dialog *beside* covers of the map is left out of the view.
        """
        things: list[Thing] = []
        if shapes is not None:
            rings = shapes.by_role()
            for name, role, is_filled in _COMING:
                lines = rings.get(name, ())
                is_much = sum(map(len, lines)) > _MOST_POINTS
                if lines and not (is_much and not is_filled):
                    things.append(Outline(lines, role, is_filled))
            box = shapes.box
            if box is not None:
                left, right = covered_px(self, beside)
                covered = max(left, self.view.covered_px), right
                self.view.look(self.view.view.fitted(box, covered_px=covered))
        self.view.overlay.put("m coming", things)

    def _issue_shapes(self, number: str) -> Sequence[Thing]:
        bridge = self._context.bridge
        issue = bridge.issue(number)
        if issue is None:
            return []
        if issue.point is None:
            known = bridge.snapshot.rows("area")
            return area_outline(
                bridge.snapshot, [uid for uid in issue.areas if uid in known], Role.ISSUE
            )
        face = face_under(bridge.snapshot, bridge.to_local(self._piece_of(issue.point)))
        if face is None:
            return []
        outline = face_outline(face, Role.ISSUE)
        points = np.concatenate(outline.lines)
        low, high = points.min(axis=0), points.max(axis=0)
        middle = ((low + high) / 2).tolist()
        radius_m = float(np.hypot(*(high - low))) / 2
        return [outline, Ring((middle[0], middle[1]), _SMALL_PX, Role.ISSUE, radius_m)]

    def _piece_of(self, point: Place) -> Place:
        """Return the piece that is looked at of an issue with several, in plane metres."""
        return self._context.selection.now.piece or point

    def _mark_refusal(self, message: Message) -> None:
        is_placed = message.weight is Weight.REFUSED and message.place is not None
        place: Place | None = message.place if is_placed else None
        things = [] if place is None else [Ring(place, 16, Role.REFUSED)]
        self.view.overlay.put("y refusal", things)

    # Widget

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what floats in its place."""
        super().resizeEvent(event)
        self._place_all()

    def changeEvent(self, event: QEvent) -> None:
        """Place anew what floats when the letters grow; it grows after this panel."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            QTimer.singleShot(0, self, self._place_all)

    def _place_all(self) -> None:
        for floating in (
            self.palette_box,
            self.hint_line,
            self.scale_bar,
            self.attribution,
            self.legend,
            self.layers_button,
            self.invitation,
        ):
            floating.place()
            floating.raise_()
        self.basemap_button.place(self.layers_button)
        self.basemap_button.raise_()
        self.view.covered_px = self.palette_box.geometry().right()
        self.hint_line.stand_beside(self.palette_box)
        self._below_hint_px = 0
        self._keep_below_hint()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop painting."""
        self.stop()
        super().closeEvent(event)

    def stop(self) -> None:
        """Stop painting for good."""
        self.base_layers.stop()
        self.pictures.close()


def _is_first_land(done: Done) -> bool:
    rows = done.change.of("border")
    # Looked at first: the extent of a large project takes a few milliseconds.
    is_all_new = bool(rows) and all(row.before is None for row in rows)
    return is_all_new and done.before.partition.extent() is None
