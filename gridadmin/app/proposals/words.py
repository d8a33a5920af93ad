"""The sentences of a proposal: why a person goes there, what stays empty, what goals count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gridadmin.base.texts import sentence
from gridadmin.edit.command import label
from gridadmin.staffing.anchors import Stand
from gridadmin.staffing.proposals.proposal import Proposal, ProposedMove, Shortfall
from gridadmin.staffing.proposals.tiers import DISTANCE_M, Tier


def reason_of(move: ProposedMove, lang: str) -> str:
    """Return why a person goes there and to no better place, in one sentence."""
    choice = sentence(
        "proposal.choice", lang, {"rank": f"{move.rank:,}", "choices": f"{move.choices:,}"}
    )
    if move.rank == 1:
        return sentence("proposal.first", lang, {"choices": f"{move.choices:,}"})
    better = "" if move.better is None else move.better.name
    if move.binding is None:
        return choice + sentence("proposal.as_good", lang, {"better": better})
    code = f"proposal.binding_{move.binding.tier.name.lower()}"
    return choice + sentence(code, lang, {"better": better, "amount": f"{move.binding.amount:,}"})


def shortfall_text(shortfall: Shortfall, lang: str) -> str:
    """Return what stays empty and why, in one sentence."""
    why = sentence(f"proposal.reason_{shortfall.reason}", lang)
    params = {"area": shortfall.area.name, "missing": shortfall.missing, "why": why}
    if shortfall.post is None:
        return sentence("proposal.uncovered", lang, params)
    words = shortfall.post.zh if lang == "zh" else shortfall.post.en
    return sentence("proposal.vacant", lang, {**params, "post": words})


def goal_name(tier: Tier, lang: str) -> str:
    """Return what a goal counts, in words."""
    return sentence(f"proposal.goal_{tier.name.lower()}", lang)


def goals_of(proposal: Proposal) -> list[tuple[Tier, int, int]]:
    """Return the goals with their amounts before and after; ways in metres."""
    units = {Tier.DISTANCE: round(DISTANCE_M)}
    return [
        (
            tier,
            proposal.before[tier] * units.get(tier, 1),
            proposal.totals[tier] * units.get(tier, 1),
        )
        for tier in Tier
    ]


def unit_of(proposal: Proposal, move: ProposedMove) -> str:
    """Return the name of the unit that sends a person, empty when there is none."""
    uid = move.person.organization
    if move.ends is not None:
        uid = proposal.book.sender_of(move.ends)
    found: Mapping[str, Any] = proposal.book.snapshot.rows("organization")
    return found[uid].name if uid is not None and uid in found else ""


def from_of(proposal: Proposal, move: ProposedMove) -> str:
    """Return the area of the seat that a person leaves, empty when there is none."""
    if move.ends is None:
        return ""
    kind, uid = move.ends.anchor_kind, move.ends.anchor
    if kind == "area":
        return label(proposal.book.snapshot.area(uid))
    return str(proposal.book.snapshot.rows(kind)[uid].name or uid)


def code_of(area: Stand) -> str:
    """Return the code of an area, the uid of one without, and of an object."""
    return area.code or area.uid
