"""What an export can hold, counted before it is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import CELL_LEVEL
from gridadmin.exchange.other_formats import targets_of
from gridadmin.exchange.project_package import LAYERS
from gridadmin.partition.faces import faces_of
from gridadmin.partition.planar import Parents
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class ExportChoices:
    """Areas with land by layer, from the top down, and how many faces are disputed."""

    layers: Mapping[str, int]
    disputed_faces: int


def export_choices(snapshot: Snapshot, uid: str | None = None) -> ExportChoices:
    """Return what can be exported of a project, or of one area with all below it."""
    holding = _holding(snapshot.partition.owners(), snapshot.partition.parents)
    areas = (
        snapshot.areas() if uid is None else iter([snapshot.area(uid), *snapshot.descendants(uid)])
    )
    counts = Counter(area.level for area in areas if oid_of(area.uid) in holding)
    if uid is None:
        counts["exempt"] = sum(oid_of(one) in holding for one in snapshot.rows("exempt"))
    order = (*LAYERS, CELL_LEVEL, "exempt")
    disputed = sum(
        len(faces_of(snapshot.partition, oid_of(one))) for one in snapshot.rows("dispute")
    )
    return ExportChoices({key: counts[key] for key in order if counts[key]}, disputed)


def _holding(owners: set[int], parents: Parents) -> set[int]:
    """Return everybody who has land, by himself or through those below."""
    found: set[int] = set()
    for oid in owners:
        current: int | None = oid
        while current is not None and current not in found:
            found.add(current)
            current = parents.get(current)
    return found


def standing_files(out: Path, layers: Sequence[str]) -> list[Path]:
    """Return the files that an export would take the place of."""
    targets = [out] if out.suffix.lower() == ".gpkg" else targets_of(out, layers)
    return [path for path in targets if path.exists()]
