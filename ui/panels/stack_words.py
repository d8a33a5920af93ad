"""What stacked micro-grids hold, in words: buildings, entrances, floors."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from gridadmin.domain.model import Building
from gridadmin.edit.stack_commands import Share
from gridadmin.partition.snapshot import Snapshot
from ui.texts import tr


def building_name(building: Building | None) -> str:
    """Return what a building is called."""
    if building is None:
        return tr("（不存在的楼栋）")
    return building.name or building.address or tr("（无名楼栋）")


def floors(low: int | None, high: int | None) -> str:
    """Return floors from *low* to *high*, None = from the ground, up to the roof; empty for all."""
    if low is None and high is None:
        return ""
    if high is None:
        return tr("{low} 层及以上", low=low)
    if low == high:
        return tr("第 {n} 层", n=low)
    return tr("{low}–{high} 层", low=low or 1, high=high)


def shares(snapshot: Snapshot, held: Iterable[Share]) -> list[str]:
    """Return what is held of each building, a line for each."""
    rows = snapshot.rows("building")
    lines = []
    for uid, of_one in groupby(held, lambda share: share.building):
        told = [_share(snapshot, share) for share in of_one]
        name = building_name(rows.get(uid))
        lines.append(tr("{building}：{what}", building=name, what=tr("、").join(told)))
    return lines


def _share(snapshot: Snapshot, share: Share) -> str:
    entrance = _entrance(snapshot, share)
    said = floors(share.floor_from, share.floor_to)
    if not entrance:
        return said or tr("整栋")
    return tr("{entrance} {floors}", entrance=entrance, floors=said) if said else entrance


def _entrance(snapshot: Snapshot, share: Share) -> str:
    """Return the name of the entrance of a share, which may name it by its uid."""
    row = snapshot.rows("entrance").get(share.entrance or "")
    return share.entrance or "" if row is None else str(row.name)
