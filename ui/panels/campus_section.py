"""What the inspector says of an exclusive area that is one campus with one of another community."""

from __future__ import annotations

from gridadmin.domain.model import Area
from gridadmin.edit.campus_commands import LeaveCampus
from gridadmin.partition.campus import campus_of, community_of, twins_of
from ui.panels import words
from ui.panels.desk import Desk
from ui.panels.parts import ElidedButton, Facts, Section, row_of
from ui.texts import tr


def has_campus(desk: Desk, area: Area) -> bool:
    """Return whether there is anything to tell."""
    return campus_of(desk.snapshot, area.uid) is not None


class CampusSection(Section):
    """The other parts of a campus, each with its community, and a button that unlinks them."""

    def __init__(self, desk: Desk, area: Area) -> None:
        super().__init__(tr("跨社区单位"))
        self._desk = desk
        self._area = area
        facts = Facts()
        for twin in twins_of(desk.snapshot, area.uid):
            if twin.valid_to is None:
                facts.add(self._where(twin), desk.link_to(twin.uid))
            else:
                facts.add(tr("已撤销"), words.name_of(twin))
        self.add(facts)
        leave = ElidedButton(tr("解除关联"), self._leave)
        leave.setObjectName("leave-campus")
        leave.forbid(desk.bridge.why_not_change())
        self.add(row_of(leave))

    def _where(self, twin: Area) -> str:
        community = community_of(self._desk.snapshot, twin)
        return words.UNKNOWN if community is None else words.name_of(community)

    def _leave(self) -> None:
        self._desk.carry_out(LeaveCampus(self._area.uid), tr("已解除关联。"))
