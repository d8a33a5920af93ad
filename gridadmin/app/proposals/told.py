"""A proposal as JSON values."""

from __future__ import annotations

from typing import Any

from gridadmin.app.proposals.words import code_of, goals_of, reason_of, shortfall_text
from gridadmin.staffing.anchors import table_of
from gridadmin.staffing.proposals.pairs import PairProposal
from gridadmin.staffing.proposals.proposal import Proposal, ProposedMove, Shortfall


def proposal_json(proposal: Proposal, lang: str) -> dict[str, Any]:
    """Return a proposal as JSON values; areas by code, those without one by uid."""
    return {
        "version": 1,
        "scheme": proposal.book.scheme.key,
        "day": proposal.book.day,
        "mode": proposal.book.mode,
        "proven": True,
        "moves": [_move_json(move, lang) for move in proposal.moves],
        "shortfalls": [_shortfall_json(one, lang) for one in proposal.shortfalls],
        "waiting": [person.uid for person in proposal.waiting],
        "kept": proposal.kept,
        "before": {tier.name.lower(): before for tier, before, _ in goals_of(proposal)},
        "after": {tier.name.lower(): after for tier, _, after in goals_of(proposal)},
        "pairs": {"tried": proposal.tried, "possible": proposal.possible},
    }


def _move_json(move: ProposedMove, lang: str) -> dict[str, Any]:
    binding = move.binding
    return {
        "person": move.person.uid,
        "name": move.person.name,
        "post": move.post.key,
        "area": code_of(move.area),
        "table": table_of(move.area),
        "ends": None if move.ends is None else move.ends.uid,
        "rank": move.rank,
        "choices": move.choices,
        "way_m": None if move.way_m is None else round(move.way_m),
        "paired": move.is_paired,
        "leaving": [person.uid for person in move.leaving],
        "better": None if move.better is None else code_of(move.better),
        "binding": None if binding is None else binding.tier.name.lower(),
        "price": None if binding is None else binding.amount,
        "text": reason_of(move, lang),
    }


def _shortfall_json(one: Shortfall, lang: str) -> dict[str, Any]:
    return {
        "area": code_of(one.area),
        "table": table_of(one.area),
        "post": None if one.post is None else one.post.key,
        "missing": one.missing,
        "reason": one.reason,
        "text": shortfall_text(one, lang),
    }


def pairs_json(proposal: PairProposal) -> dict[str, Any]:
    """Return proposed pairs as JSON values; areas by code, those without one by uid."""
    return {
        "version": 1,
        "scheme": proposal.book.scheme.key,
        "day": proposal.book.day,
        "mode": proposal.book.mode,
        "proven": True,
        "kind": proposal.kind.key,
        "pairs": [
            {
                "area": code_of(one.area),
                "organization": one.unit.uid,
                "name": one.unit.name,
                "way_m": None if one.way_m is None else round(one.way_m),
                "rank": one.rank,
                "choices": one.choices,
                "pairs": one.pairs,
            }
            for one in proposal.pairs
        ],
        "kept": proposal.kept,
        "without": [code_of(area) for area in proposal.without],
    }
