"""A proposal as an Excel workbook: goals, lines with their reasons, what stays empty."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gridadmin.app.exporting import refuse_report_target
from gridadmin.app.proposals.words import (
    code_of,
    from_of,
    goal_name,
    goals_of,
    reason_of,
    shortfall_text,
    unit_of,
)
from gridadmin.base.texts import sentence
from gridadmin.exchange.workbook import Sheet, Value, write_workbook
from gridadmin.staffing.proposals.pairs import PairProposal
from gridadmin.staffing.proposals.proposal import Proposal, ProposedMove


def write_proposal_table(path: Path, proposal: Proposal, lang: str) -> None:
    """Write a proposal as an Excel workbook.

    Raises: InputError ``report.unknown_format``, ``export.…``; StoreError of the disk.
    """
    refuse_target(path)
    write_workbook(path, [_goals(proposal, lang), _moves(proposal, lang), *_left(proposal, lang)])


def write_pairs_table(path: Path, proposal: PairProposal, lang: str) -> None:
    """Write proposed pairs as an Excel workbook. Raises: InputError, StoreError of the disk."""
    refuse_target(path)
    rows: list[tuple[Value, ...]] = [
        (
            code_of(one.area),
            one.area.name,
            one.unit.name,
            None if one.way_m is None else round(one.way_m),
            one.rank,
            one.pairs,
        )
        for one in proposal.pairs
    ]
    heads = _heads(lang, "code", "to", "unit", "way", "rank", "pairs")
    write_workbook(path, [Sheet(_say("sheet_pairs", lang), heads, rows, has_filter=True)])


def refuse_target(path: Path) -> None:
    """Refuse what a proposal can't be written to, before it is worked out.

    Raises: InputError ``report.unknown_format``, ``export.no_folder``, ``export.target_is_folder``.
    """
    refuse_report_target(path, (".xlsx",))


def _say(name: str, lang: str, **params: Any) -> str:
    return sentence(f"proposal.{name}", lang, params)


def _heads(lang: str, *names: str) -> list[str]:
    return [_say(f"head_{name}", lang) for name in names]


def _goals(proposal: Proposal, lang: str) -> Sheet:
    rows: list[tuple[Value, ...]] = [
        (goal_name(tier, lang), before, after) for tier, before, after in goals_of(proposal)
    ]
    rows += [
        (_say("line_day", lang), None, proposal.book.day),
        (_say("line_moves", lang), None, len(proposal.moves)),
        (_say("line_kept", lang), None, proposal.kept),
        (_say("line_proven", lang), None, _say("proven", lang)),
    ]
    return Sheet(_say("sheet_goals", lang), _heads(lang, "goal", "before", "after"), rows)


def _moves(proposal: Proposal, lang: str) -> Sheet:
    heads = _heads(
        lang,
        *("person", "unit", "post", "from", "to", "code", "way", "paired"),
        *("rank", "leaving", "reason"),
    )
    rows = [_move_row(proposal, move, lang) for move in proposal.moves]
    return Sheet(_say("sheet_moves", lang), heads, rows, has_filter=True)


def _move_row(proposal: Proposal, move: ProposedMove, lang: str) -> tuple[Value, ...]:
    return (
        move.person.name,
        unit_of(proposal, move),
        move.post.zh if lang == "zh" else move.post.en,
        from_of(proposal, move),
        move.area.name,
        move.area.code,
        None if move.way_m is None else round(move.way_m),
        None if move.is_paired is None else _say("yes" if move.is_paired else "no", lang),
        move.rank,
        "、".join(person.name for person in move.leaving),
        reason_of(move, lang),
    )


def _left(proposal: Proposal, lang: str) -> list[Sheet]:
    shortfalls = [
        (code_of(one.area), one.area.name, one.missing, shortfall_text(one, lang))
        for one in proposal.shortfalls
    ]
    waiting = [(person.name, person.staff_number) for person in proposal.waiting]
    return [
        Sheet(
            _say("sheet_shortfalls", lang),
            _heads(lang, "code", "to", "missing", "reason"),
            shortfalls,
            has_filter=True,
        ),
        Sheet(_say("sheet_waiting", lang), _heads(lang, "person", "staff_number"), waiting),
    ]
