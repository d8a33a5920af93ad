"""The command ``assign``: the best proposal, written, carried out, told."""

from __future__ import annotations

from pathlib import Path

from gridadmin.app.export_log import note_table
from gridadmin.app.proposals.making import pairing, pairs_for, proposal_for, taking
from gridadmin.app.proposals.table import refuse_target, write_pairs_table, write_proposal_table
from gridadmin.app.proposals.told import pairs_json, proposal_json
from gridadmin.app.proposals.words import goal_name, goals_of, shortfall_text
from gridadmin.app.session import Session
from gridadmin.cli.console import FINE, LISTED, TerminalProgress, voice, write_json
from gridadmin.domain.export_note import Exported
from gridadmin.staffing.proposals.proposal import Proposal

_MOST_TOLD = 20


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
    if out is not None:
        refuse_target(out)
    # A table with names is noted in the project, so that has to be open for writing.
    is_writing = is_applied or out is not None
    with Session.open(project, write=is_writing) as session, TerminalProgress() as progress:
        proposal = proposal_for(session, day, posts, progress)
        if out is not None:
            note_table(session.store, Exported.PROPOSAL, out, len(proposal.moves))
            write_proposal_table(out, proposal, voice.lang)
        revision = session.snapshot.revision
        if is_applied and proposal.moves:
            prepared = session.document.prepare(taking(proposal), progress)
            session.document.store_prepared(prepared, progress)
            revision = session.document.adopt(prepared).revision
    result = proposal_json(proposal, voice.lang)
    write_json({**result, "applied": is_applied, "revision": revision}, json)
    _tell(proposal)
    if out is not None:
        voice.say("cli.proposal_written", path=out)
    if is_applied:
        code = "proposal_applied" if proposal.moves else "proposal_nothing"
        voice.say(f"cli.{code}", moves=len(proposal.moves), revision=revision)
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
    if out is not None:
        refuse_target(out)
    is_writing = is_applied or out is not None
    with Session.open(project, write=is_writing) as session, TerminalProgress() as progress:
        proposal = pairs_for(session, kind, day, progress)
        if out is not None:
            note_table(session.store, Exported.PROPOSAL, out, 0)
            write_pairs_table(out, proposal, voice.lang)
        revision = session.snapshot.revision
        if is_applied and proposal.pairs:
            revision = session.document.execute(pairing(proposal)).revision
    result = pairs_json(proposal)
    write_json({**result, "applied": is_applied, "revision": revision}, json)
    voice.say(
        "cli.pairs",
        day=proposal.book.day,
        pairs=len(proposal.pairs),
        kept=proposal.kept,
        units=proposal.units,
    )
    if out is not None:
        voice.say("cli.proposal_written", path=out)
    if is_applied:
        code = "proposal_applied" if proposal.pairs else "proposal_nothing"
        voice.say(f"cli.{code}", moves=len(proposal.pairs), revision=revision)
    return LISTED if proposal.without else FINE


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
