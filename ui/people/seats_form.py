"""How many seats the posts of an area have, where that is not what the scheme says."""

from __future__ import annotations

from PySide6.QtWidgets import QSpinBox, QWidget

from gridadmin.domain.model import Area
from gridadmin.edit.assign_commands import Anchor, SetSeats
from gridadmin.edit.assignment_commands import PeopleTogether
from gridadmin.edit.command import Command
from gridadmin.staffing.anchors import seats_by_hand
from ui.panels import words as panel_words
from ui.people import words
from ui.people.desk import PeopleDesk
from ui.people.form import Fields, PeopleForm
from ui.texts import tr

_MOST = 999


class SeatsForm(PeopleForm):
    """A number for each post; the lowest means what the scheme says."""

    def __init__(self, desk: PeopleDesk, area: Area, parent: QWidget | None = None) -> None:
        title = tr("{name}的岗位人数", name=panel_words.name_of(area))
        said = tr("留在“按方案”就随方案变化；填了数字就按数字算缺口。")
        super().__init__(desk.context, title, said, tr("保存"), parent)
        self._area = area
        snapshot = desk.bridge.snapshot
        fields = Fields()
        self._boxes: dict[str, QSpinBox] = {}
        self._was: dict[str, int] = {}
        for post in snapshot.scheme.posts_on(area.level, area.kind):
            box = QSpinBox()
            box.setRange(-1, _MOST)
            box.setSpecialValueText(tr("按方案（{n}）", n=post.seats))
            known = seats_by_hand(snapshot, "area", area.uid, post.key)
            self._was[post.key] = -1 if known is None else known
            box.setValue(self._was[post.key])
            box.valueChanged.connect(lambda _: self.judge())
            self._boxes[post.key] = box
            fields.put(f"seats-{post.key}", words.term(post), box)
        self.body.addLayout(fields)

    def first_field(self) -> QWidget | None:
        """Begin with the first post."""
        return next(iter(self._boxes.values()), None)

    def box_of(self, post: str) -> QSpinBox:
        """Return the field of a post. Raises: KeyError."""
        return self._boxes[post]

    def _changed(self) -> dict[str, int | None]:
        return {
            key: None if box.value() < 0 else box.value()
            for key, box in self._boxes.items()
            if box.value() != self._was[key]
        }

    def why_not(self) -> str:
        """Return what is missing."""
        return "" if self._changed() else tr("还没有改动。")

    def command(self) -> Command:
        """Return the command."""
        anchor = Anchor(area=self._area.uid)
        steps = [SetSeats(anchor, key, seats) for key, seats in self._changed().items()]
        return steps[0] if len(steps) == 1 else PeopleTogether(tuple(steps), "seats")

    def told(self) -> str:
        """Return what was done."""
        return tr("已修改{name}的岗位人数。", name=panel_words.name_of(self._area))
