"""What the inspector says of a stacked micro-grid or of the cell that several share."""

from __future__ import annotations

from gridadmin.domain.model import CELL_LEVEL, Area
from gridadmin.edit.stack_commands import shares_of
from ui.panels import stack_words, words
from ui.panels.desk import Desk
from ui.panels.parts import ElidedButton, Section
from ui.texts import tr


class StackSection(Section):
    """Buildings, entrances and floors in words, and the way to the dialog that changes them."""

    def __init__(self, desk: Desk, area: Area) -> None:
        super().__init__(tr("楼栋、单元和楼层"))
        self._desk = desk
        if area.level == CELL_LEVEL:
            self._tell_sharing(area)
        else:
            held = stack_words.shares(desk.snapshot, shares_of(desk.snapshot, area.uid))
            for line in held:
                self.say(line)
            if not held:
                self.say(tr("还没有指定单元或楼层。"), "warning")
        button = ElidedButton(tr("修改单元和楼层…"), self._edit)
        button.setObjectName("stack-edit")
        button.forbid(desk.bridge.why_not_change())
        self.add(button)

    def _tell_sharing(self, cell: Area) -> None:
        snapshot = self._desk.snapshot
        sharing = [a for a in snapshot.linked("area", cell.uid) if a.valid_to is None]
        for one in sorted(sharing, key=words.sibling_order):
            self.add(self._desk.link_to(one.uid))
            for line in stack_words.shares(snapshot, shares_of(snapshot, one.uid)):
                self.say(line, "quiet")

    def _edit(self) -> None:
        if self._desk.actions is not None:
            self._desk.actions.action("edit.stack").trigger()
