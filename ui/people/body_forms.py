"""The dialogs about agreements, facilities and shops, streets and lanes, compounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from gridadmin.domain.model import Area, LineObject, PointObject
from gridadmin.domain.people import Agreement
from gridadmin.staffing.anchors import LANE, STREET
from ui.canvas.viewport import Place
from ui.panels import words as panel_words
from ui.people import choices, words
from ui.people.desk import PeopleDesk
from ui.people.form import DayField
from ui.people.map_pick import MapPick
from ui.people.place_row import PlaceRow
from ui.people.record_form import RecordForm
from ui.people.staff import today
from ui.texts import tr

SHOP = "shop"
_COMMUNITY_ORGANIZATION = "community_organization"


class AgreementForm(RecordForm):
    """A community organization and a unit that do something for each other."""

    def __init__(
        self, desk: PeopleDesk, agreement: Agreement | None = None, parent: QWidget | None = None
    ) -> None:
        is_new = agreement is None
        title = tr("新增共建协议") if is_new else tr("修改共建协议")
        said = tr("社区社会组织与单位签订的协议，登记事项数和日期。")
        super().__init__(desk, "agreement", agreement, title, said, parent)
        units = desk.bridge.snapshot.rows("organization")
        first, second = (
            units.get(uid)
            for uid in (
                (agreement.community_organization, agreement.unit) if agreement else ("", "")
            )
        )
        self.community = self.put_pick(
            "community_organization",
            tr("社会组织"),
            choices.units(_COMMUNITY_ORGANIZATION),
            title=first.name if first else "",
            is_needed=True,
        )
        self.unit = self.put_pick(
            "unit", tr("单位"), choices.units(), title=second.name if second else "", is_needed=True
        )
        self.put_number("items", tr("协议事项数"), "", least=0)
        self.day = DayField(
            "date", tr("签订日期"), box=tr("已知"), day=agreement.date if agreement else today()
        )
        self.day.changed.connect(self.judge)
        self.put("date", tr("签订日期"), self.day, is_wide=True)
        self.put_text("note", tr("备注"), is_wide=True)

    def first_field(self) -> QWidget | None:
        """Begin with the community organization."""
        return self.community.button

    def why_not(self) -> str:
        """Return what is missing."""
        if self.community.value is None or self.unit.value is None:
            return tr("请选择社会组织和单位。")
        if self.community.value == self.unit.value:
            return tr("协议的双方不能是同一个单位。")
        return super().why_not()

    def told(self) -> str:
        """Return what was done."""
        return tr("已新增协议。") if self._record is None else tr("已保存协议。")


class FacilityForm(RecordForm):
    """A facility or shop: of what kind, in which area, and where exactly."""

    def __init__(
        self,
        desk: PeopleDesk,
        picker: MapPick,
        facility: PointObject | None = None,
        *,
        area: str | None = None,
        kind: str = "",
        parent: QWidget | None = None,
    ) -> None:
        is_new = facility is None
        named = "" if facility is None else facility.name or ""
        title = tr("新增设施或店铺") if is_new else tr("修改{name}", name=named)
        said = tr("登记所在区域即可；在地图上点出位置后，还能算服务半径。")
        super().__init__(desk, "facility", facility, title, said, parent)
        desk.bridge.opened.connect(self.reject)
        self._picker = picker
        scheme, snapshot = desk.bridge.snapshot.scheme, desk.bridge.snapshot
        self.name = self.put_text("name", tr("名称"), is_wide=True)
        kinds = [(words.term(one), one.key) for one in scheme.facilities]
        self.kind = self.put_choice("kind", tr("类别"), [*kinds, (tr("店铺"), SHOP)])
        if is_new and kind:
            self.kind.setCurrentIndex(max(self.kind.findData(kind), 0))
        at = area if facility is None else facility.area
        self.area = self.put_pick("area", tr("所在区域"), self._areas)
        self.area.set(at, "" if at is None else panel_words.name_of_uid(snapshot, at))
        self.point = _point_of(facility)
        self._was_point = self.point
        self._place = PlaceRow(
            tr("地图上的位置"),
            (tr("在地图上点选"), self._pick),
            (tr("不标位置"), lambda: self._put_point(None)),
        )
        self.body.addLayout(self._place)
        self._put_point(self.point)

    def first_field(self) -> QWidget | None:
        """Begin with the name."""
        return self.name

    def _areas(self, roll: Any) -> Any:
        levels = {one.key: one.levels for one in roll.book.scheme.facilities}
        return choices.areas(levels.get(self.kind.currentData(), ("community",)))(roll)

    def _pick(self) -> None:
        """Step aside until a place was clicked."""
        self.hide()
        self._picker.begin(
            tr("单击“{name}”的位置", name=self.name.text().strip() or tr("新设施")),
            (),
            self._take_click,
            self._come_back,
        )

    def _take_click(self, place: Place, area: Area | None) -> None:
        self._put_point(self.desk.bridge.to_plane(place))
        if area is not None and self.area.value is None:
            chain = (area, *self.desk.bridge.snapshot.ancestors(area.uid))
            levels = self._wanted_levels()
            found = next((one for one in chain if one.level in levels), area)
            self.area.set(found.uid, panel_words.name_of(found))
        self._picker.end()

    def _wanted_levels(self) -> tuple[str, ...]:
        scheme = self.desk.bridge.snapshot.scheme
        levels = {one.key: one.levels for one in scheme.facilities}
        return levels.get(self.kind.currentData(), ()) or ("community",)

    def _come_back(self) -> None:
        self.open()
        self.judge()

    def _put_point(self, point: Place | None) -> None:
        self.point = point
        said = tr("没有标出") if point is None else f"{point[0]:.1f}, {point[1]:.1f}"
        self._place.tell(said, is_marked=point is not None)
        self.judge()

    def values(self) -> Mapping[str, Any]:
        """Return what differs from the row."""
        found = dict(super().values())
        if self.point != self._was_point:
            found["point"] = None if self.point is None else [*self.point]
        return found

    def done(self, result: int) -> None:
        """Give the map back."""
        self._picker.end()
        super().done(result)


def _point_of(facility: PointObject | None) -> Place | None:
    if facility is None or facility.x_mm is None or facility.y_mm is None:
        return None
    return facility.x_mm / 1000, facility.y_mm / 1000


class StreetForm(RecordForm):
    """A street or lane that is listed for its chief."""

    def __init__(
        self, desk: PeopleDesk, street: LineObject | None = None, parent: QWidget | None = None
    ) -> None:
        title = tr("新增街巷") if street is None else tr("修改{name}", name=street.name or "")
        said = tr("只为街长、巷长登记名称；地图上已有的道路不必再登记，直接选中道路指派。")
        super().__init__(desk, "street", street, title, said, parent)
        self.name = self.put_text("name", tr("名称"), is_wide=True)
        self.put_choice("kind", tr("类别"), [(tr("街"), STREET), (tr("巷"), LANE)])

    def first_field(self) -> QWidget | None:
        """Begin with the name."""
        return self.name
