"""The command ``assign``: the best proposal, written, carried out, told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from gridadmin.app.export_log import note_table
from gridadmin.app.proposals.making import pairing, pairs_for, proposal_for, taking
from gridadmin.app.proposals.table import refuse_target, write_pairs_table, write_proposal_table
from gridadmin.app.proposals.told import pairs_json, proposal_json
from gridadmin.app.proposals.words import goal_name, goals_of, shortfall_text
from gridadmin.app.session import Session
from gridadmin.base.progress import Progress
from gridadmin.cli.console import FINE, LISTED, TerminalProgress, voice, write_json
from gridadmin.domain.export_note import Exported
from gridadmin.edit.command import Command
from gridadmin.staffing.proposals.pairs import PairProposal
from gridadmin.staffing.proposals.proposal import Proposal

_MOST_TOLD = 20

Made = TypeVar("Made", bound=Proposal | PairProposal)


@dataclass(frozen=True)
class _Way(Generic[Made]):
    """How one kind of proposal is made, written as a table, counted, carried out and told."""

    make: Callable[[Session, Progress], Made]
    write: Callable[[Path, Made, str], object]
    lines: Callable[[Made], int]
    command: Callable[[Made], Command]
    to_json: Callable[[Made], dict[str, Any]]


def assign(
    project: Path,
    out: Path | None,
    json: str | None,
    *,
    day: str | None,
    posts: list[str] | None,
    is_applied: bool,
) -> int:
    """Make a proposal for a project; return the exit code."""
    way = _Way(
        lambda session, progress: proposal_for(session, day, posts, progress),
        write_proposal_table,
        lambda one: len(one.moves),
        taking,
        lambda one: proposal_json(one, voice.lang),
    )
    proposal = _carried_out(project, out, json, way, _tell, is_applied=is_applied)
    return LISTED if proposal.shortfalls else FINE


def assign_pairs(
    project: Path,
    kind: str,
    out: Path | None,
    json: str | None,
    *,
    day: str | None,
    is_applied: bool,
) -> int:
    """Propose pairs of units with base units for a project; return the exit code."""
    way = _Way(
        lambda session, progress: pairs_for(session, kind, day, progress),
        write_pairs_table,
        lambda one: len(one.pairs),
        pairing,
        pairs_json,
    )
    proposal = _carried_out(project, out, json, way, _tell_pairs, is_applied=is_applied)
    return LISTED if proposal.without else FINE


def _carried_out(
    project: Path,
    out: Path | None,
    json: str | None,
    way: _Way[Made],
    tell: Callable[[Made], None],
    *,
    is_applied: bool,
) -> Made:
    """Return a proposal after its table was written, its lines were taken, and all was told."""
    if out is not None:
        refuse_target(out)
    # A table with names is noted in the project, so that has to be open for writing.
    is_writing = is_applied or out is not None
    with Session.open(project, write=is_writing) as session, TerminalProgress() as progress:
        proposal = way.make(session, progress)
        lines = way.lines(proposal)
        if out is not None:
            persons = lines if isinstance(proposal, Proposal) else 0
            note_table(session.store, Exported.PROPOSAL, out, persons)
            way.write(out, proposal, voice.lang)
        if is_applied and lines:
            prepared = session.document.prepare(way.command(proposal), progress)
            session.document.store_prepared(prepared, progress)
            session.document.adopt(prepared)
        revision = session.snapshot.revision
    write_json({**way.to_json(proposal), "applied": is_applied, "revision": revision}, json)
    tell(proposal)
    _tell_done(out, lines, revision if is_applied else None)
    return proposal


def _tell_done(out: Path | None, lines: int, revision: int | None) -> None:
    """Say which table was written, and what was taken; *revision* is None when nothing was to."""
    if out is not None:
        voice.say("cli.proposal_written", path=out)
    if revision is not None:
        code = "proposal_applied" if lines else "proposal_nothing"
        voice.say(f"cli.{code}", moves=lines, revision=revision)


def _tell_pairs(proposal: PairProposal) -> None:
    voice.say(
        "cli.pairs",
        day=proposal.book.day,
        pairs=len(proposal.pairs),
        kept=proposal.kept,
        units=proposal.units,
    )


def _tell(proposal: Proposal) -> None:
    voice.say(
        "cli.proposal",
        day=proposal.book.day,
        seekers=proposal.seekers,
        kept=proposal.kept,
        moves=len(proposal.moves),
    )
    for tier, before, after in goals_of(proposal):
        if before or after:
            voice.say(
                "cli.proposal_goal",
                goal=goal_name(tier, voice.lang),
                before=f"{before:,}",
                after=f"{after:,}",
            )
    for one in proposal.shortfalls[:_MOST_TOLD]:
        voice.tell(f"  {shortfall_text(one, voice.lang)}")
    if len(proposal.shortfalls) > _MOST_TOLD:
        voice.say("cli.more_shortfalls", count=len(proposal.shortfalls) - _MOST_TOLD)
