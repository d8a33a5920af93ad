"""The dialog about a compound; its outline is drawn on the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from PySide6.QtWidgets import QWidget

from gridadmin.domain.model import Compound
from ui.canvas.viewport import Place
from ui.panels.words import land_exactly
from ui.people import words
from ui.people.desk import PeopleDesk
from ui.people.map_pick import MapPick
from ui.people.place_row import PlaceRow
from ui.people.record_form import RecordForm
from ui.texts import tr


class CompoundForm(RecordForm):
    """A compound: its name, type, whether a property company looks after it, and its outline."""

    def __init__(
        self,
        desk: PeopleDesk,
        picker: MapPick,
        compound: Compound | None = None,
        parent: QWidget | None = None,
    ) -> None:
        title = tr("新增小区") if compound is None else tr("修改{name}", name=compound.name)
        said = tr("画出范围后，里面的楼栋归这个小区；没有物业的小区应有结对单位。")
        super().__init__(desk, "compound", compound, title, said, parent)
        desk.bridge.opened.connect(self.reject)
        self._picker = picker
        types = desk.bridge.snapshot.scheme.compound_types
        self.name = self.put_text("name", tr("名称"), is_wide=True)
        named = [(words.term(one), one.key) for one in types]
        self.put_choice("compound_type", tr("类型"), [(tr("未登记"), None), *named])
        answers = [(tr("未登记"), None), (tr("有物业"), True), (tr("没有物业"), False)]
        self.put_choice("has_property_company", tr("物业公司"), answers)
        self._shape = None if compound is None else compound.outline
        self._corners: list[list[float]] | None = None
        """What was drawn, plane metres; None while the outline is the one it had, or none."""
        self._row = PlaceRow(
            tr("小区范围"), (tr("在地图上画"), self._draw), (tr("去掉范围"), self._clear)
        )
        self.body.addLayout(self._row)
        self._tell()

    def first_field(self) -> QWidget | None:
        """Begin with the name."""
        return self.name

    def _draw(self) -> None:
        """Step aside until an outline is drawn."""
        self.hide()
        name = self.name.text().strip() or tr("新小区")
        words_of = tr("单击开始画“{name}”的范围，回到起点完成", name=name)
        self._picker.begin_outline(words_of, self._take, self._come_back)

    def _take(self, corners: Sequence[Place]) -> None:
        to_plane = self.desk.bridge.to_plane
        self._corners = [[round(value, 3) for value in to_plane(one)] for one in corners]
        self._tell()
        self._picker.end()

    def _come_back(self) -> None:
        self.open()
        self.judge()

    def _clear(self) -> None:
        self._corners = self._shape = None
        self._tell()

    def _tell(self) -> None:
        shape = None if self._shape is None else shapely.from_wkb(self._shape)
        if self._corners is not None:
            shape = shapely.Polygon(self._corners)
        said = tr("没有画出") if shape is None else land_exactly(shape.area)
        self._row.tell(said, is_marked=shape is not None)
        self.judge()

    def values(self) -> Mapping[str, Any]:
        """Return what differs from the row."""
        found = dict(super().values())
        if self._corners is not None:
            found["outline"] = self._corners
        elif self._shape is None and self._was("outline") is not None:
            found["outline"] = None
        return found

    def done(self, result: int) -> None:
        """Give the map back."""
        self._picker.end()
        super().done(result)
