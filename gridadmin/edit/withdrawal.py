"""What becomes of disputed land when claimants withdraw or become one area."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

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
        heirs[oid_of(dispute.uid)] = _heir(snapshot, draft, desk, dispute.kind, left, {})
    return heirs


def heirs_of_merged_claims(
    snapshot: Snapshot, draft: Draft, desk: Desk, gone: Collection[str], into: str
) -> dict[int, int]:
    """Return who holds the land of each dispute, by kernel number, once areas *gone* are *into*.

    What they claimed *into* claims; the rest as in :func:`heirs_of_claims`.
    """
    now = dict.fromkeys(gone, into)
    disputes = {row.uid: row for uid in gone for row in snapshot.linked("dispute", uid)}
    heirs: dict[int, int] = {}
    known: dict[tuple[str, str], int] = {}
    for dispute in disputes.values():
        claims = sorted({now.get(uid, uid) for uid in dispute.claims.split()})
        question = dispute.kind, " ".join(claims)
        if question not in known:
            # Two disputes may have the same claims now: they are one.
            known[question] = _heir(snapshot, draft, desk, dispute.kind, claims, now)
        heirs[oid_of(dispute.uid)] = known[question]
    return heirs


def _heir(
    snapshot: Snapshot,
    draft: Draft,
    desk: Desk,
    kind: str,
    claims: Sequence[str],
    now: Mapping[str, str],
) -> int:
    """Return who holds disputed land with these claims; *now* says which areas became which."""
    if not claims:
        return NOBODY
    chains = {
        uid: {uid, *(now.get(above.uid, above.uid) for above in snapshot.ancestors(uid))}
        for uid in claims
    }
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
