"""What becomes of disputed land when one of the claimants withdraws."""

from __future__ import annotations

from collections.abc import Sequence

from gridadmin.base.ids import NOBODY, oid_of
from gridadmin.domain.model import Area, Dispute
from gridadmin.edit.draft import Desk, Draft
from gridadmin.partition.snapshot import Snapshot


def heirs_of_claims(snapshot: Snapshot, draft: Draft, desk: Desk, area: Area) -> dict[int, int]:
    """Return who holds the land of each dispute, by kernel number, once *area* claims nothing.

    Claims left that form one chain of the tree settle it; several go on as a dispute of their own,
    which the draft gets; none leave the land to nobody.
    """
    heirs = {}
    for dispute in snapshot.linked("dispute", area.uid):
        left = [uid for uid in dispute.claims.split() if uid != area.uid]
        heirs[oid_of(dispute.uid)] = _heir(snapshot, draft, desk, dispute.kind, left)
    return heirs


def _heir(snapshot: Snapshot, draft: Draft, desk: Desk, kind: str, claims: Sequence[str]) -> int:
    if not claims:
        return NOBODY
    chains = {uid: {uid, *(above.uid for above in snapshot.ancestors(uid))} for uid in claims}
    lowest = max(claims, key=lambda uid: (len(chains[uid]), uid))
    if chains[lowest].issuperset(claims):
        return oid_of(lowest)
    text = " ".join(sorted(claims))
    for known in snapshot.linked("dispute", claims[0]):
        if (known.kind, known.claims) == (kind, text):
            return oid_of(known.uid)
    made = Dispute(desk.new_uid(), text, kind)
    draft.put("dispute", made)
    return oid_of(made.uid)
