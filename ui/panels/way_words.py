"""What a way to settle something is called, why it is there, and what it would do, in words."""

from __future__ import annotations

from gridadmin.app.effects import AreaEffect
from gridadmin.app.repairs import Proposal, gains_of
from gridadmin.base.texts import sentence
from gridadmin.partition.snapshot import Snapshot
from gridadmin.repair.ways import Way
from ui.panels import words
from ui.panels.post_words import posts_words
from ui.texts import explain, language, tr

_MOST_GAINS = 3


def title_of(snapshot: Snapshot, way: Way) -> str:
    """Return what a way is called."""
    return sentence(f"repair.title_{way.key}", language(), _facts(snapshot, way))


def why_of(snapshot: Snapshot, way: Way) -> str:
    """Return the reason for a way, with the parent of who gets the land where that helps."""
    facts = _facts(snapshot, way)
    # An area that lies wholly in the disputed land has no border with it.
    key = "keep_apart" if way.key == "keep" and not facts["length_m"] else way.key
    why = sentence(f"repair.why_{key}", language(), facts)
    area = snapshot.rows("area").get(way.to)
    if area is None or area.parent is None:
        return why
    # Grids of different communities often have the same name.
    return words.dotted((words.name_of_uid(snapshot, area.parent), why))


def figures_of(proposal: Proposal) -> str:
    """Return what a way would do in figures, or why it is refused."""
    if proposal.refusal is not None:
        return explain(proposal.refusal)
    if proposal.done is None or proposal.effects is None:
        return ""
    told = []
    effects = {one.uid: one for one in proposal.effects.areas}
    rows, before = proposal.done.after.rows("area"), proposal.done.before.rows("area")
    gains = gains_of(proposal.done)
    for gain in gains[:_MOST_GAINS]:
        name = words.name_of(rows[gain.uid])
        land = f"+{words.land(gain.land_m2)}"
        is_new = gain.uid not in before
        told.append(
            words.dotted((f"{name} {land}", _households(effects.get(gain.uid), is_new=is_new)))
        )
    if len(gains) > _MOST_GAINS:
        told.append(tr("另有 {n} 个区域", n=len(gains) - _MOST_GAINS))
    moved = proposal.effects.buildings_moved
    if moved:
        told.append(tr("{n} 栋建筑、{m} 户改变归属", n=moved, m=proposal.effects.households_moved))
    told += [_band(one, is_entering=True) for one in proposal.entering]
    told += [_band(one, is_entering=False) for one in proposal.leaving]
    if proposal.effects.posts.is_any:
        told.append(posts_words(proposal.effects.posts))
    if proposal.effects.gaps_opened_m2 > 0:
        told.append(tr("会留下缝隙 {m2} m²", m2=f"{proposal.effects.gaps_opened_m2:,.2f}"))
    return "\n".join(told)


def _facts(snapshot: Snapshot, way: Way) -> dict[str, object]:
    area = snapshot.rows("area").get(way.to)
    return dict(way.facts) if area is None else {**way.facts, "name": words.name_of(area)}


def _households(effect: AreaEffect | None, *, is_new: bool) -> str:
    if effect is None or effect.households_after is None:
        return ""
    before, after = effect.households_before, effect.households_after
    told = tr("{before} → {after} 户", before=before, after=after)
    if before is None or before == after:
        told = words.households(after) if is_new else tr("仍为 {n} 户", n=after)
    of = effect.band
    if of is None or effect.band_after is None:
        return told
    if effect.band_after == "in":
        return tr("{told}，在 {low}–{high} 之内", told=told, low=of.low, high=of.high)
    return tr("{told}，不在 {low}–{high} 之内", told=told, low=of.low, high=of.high)


def _band(effect: AreaEffect, *, is_entering: bool) -> str:
    if is_entering:
        return tr("{name}户数从此合乎标准", name=effect.name)
    return tr("{name}户数从此不合标准", name=effect.name)
