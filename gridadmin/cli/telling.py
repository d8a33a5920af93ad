"""Results in sentences, for people; everything goes to stderr."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil
from pathlib import Path
from typing import Any

from gridadmin.base.texts import sentence
from gridadmin.cli.console import voice
from gridadmin.domain.issue import IssueState
from gridadmin.exchange.reference_kinds import LEVELS as REFERENCE_LEVELS

MOST_LINES = 20
"""So many lines of a list are said; the JSON has them all."""
_MOST_NAMES = 6


def tell_import(result: Mapping[str, Any]) -> None:
    """Say what an import did, or would do."""
    if result["level"] in REFERENCE_LEVELS:
        _tell_objects(result)
        return
    code = "cli.import_preview" if result["revision"] is None else "cli.imported"
    voice.say(
        code,
        rows=result["rows"],
        file=result["file"],
        drawn=result.get("drawn", 0),
        new=result.get("new", 0),
        known=result.get("known", 0),
        crs=result["crs"] or "-",
    )
    if result.get("outside_root"):
        voice.say("cli.import_outside_root", count=result["outside_root"])
    if result.get("moved"):
        most = max(result["moved"].values())
        voice.say("cli.import_moved", count=len(result["moved"]), mm=f"{most:.1f}")
    if result.get("dust", {}).get("count"):
        dust = result["dust"]
        voice.say("cli.import_dust", count=dust["count"], m2=f"{dust['area_m2']:.4f}")
    _tell_faces(result)
    _tell_misses(result)
    _tell_problems(result)


def _tell_objects(result: Mapping[str, Any]) -> None:
    is_preview = result["revision"] is None
    voice.say(
        "cli.import_preview_objects" if is_preview else "cli.imported_objects",
        file=result["file"],
        rows=result["rows"],
        objects=result["new"] + result["updated"] + result["known"],
        new=result["new"],
        updated=result["updated"],
        known=result["known"],
        crs=result["crs"] or "-",
    )
    for key in ("joined", "duplicates", "labels", "parts", "other", "outside", "removed"):
        if result[key]:
            voice.say(f"cli.import_{key}", count=result[key])
    _tell_problems(result)


def _tell_problems(result: Mapping[str, Any]) -> None:
    for problem in [*result["left_out"], *result["warnings"]][:MOST_LINES]:
        voice.say(problem["code"], **{"row": problem["row"], **problem["params"]})
    tell_rest(len(result["left_out"]) + len(result["warnings"]))


def tell_ledger(result: Mapping[str, Any]) -> None:
    """Say what an edited ledger changed, or would change, row by row."""
    for change in result["changes"][:MOST_LINES]:
        voice.say(
            "cli.ledger_change",
            row=change["row"],
            area=change["name"],
            field=change["field"],
            old=_shown(change["old"]),
            new=_shown(change["new"]),
        )
    tell_rest(len(result["changes"]))
    for problem in result["problems"][:MOST_LINES]:
        said = sentence(problem["code"], voice.lang, problem["params"])
        voice.tell(f"{problem['row']}  {said}")
    tell_rest(len(result["problems"]))
    voice.say(
        "cli.ledger_preview" if result["revision"] is None else "cli.ledger_taken",
        file=result["file"],
        rows=result["rows"],
        matched=result["matched"],
        count=len(result["changes"]),
        problems=len(result["problems"]),
    )


def tell_codes(result: Mapping[str, Any]) -> None:
    """Say how a list of codes differs from a project, and what was taken over."""
    found = result["differences"]
    for one in found[:MOST_LINES]:
        voice.say(
            f"cli.code_{one['kind']}",
            old=f"{_shown(one['old_code'])} {_shown(one['old_name'])}",
            new=f"{_shown(one['new_code'])} {_shown(one['new_name'])}",
        )
    tell_rest(len(found))
    refused = sum(one["refused"] is not None for one in found)
    if refused:
        voice.say("cli.codes_refused", count=refused)
    code = "cli.codes_preview" if result["revision"] is None else "cli.codes_taken"
    voice.say(code, count=len(found), taken=result["taken"])


def _shown(value: object) -> str:
    return "-" if value is None else str(value)


def _tell_faces(result: Mapping[str, Any]) -> None:
    disputed, gaps = result.get("disputed", []), result.get("gaps", [])
    if disputed:
        total = sum(face["area_m2"] for face in disputed)
        voice.say("cli.import_disputed", count=len(disputed), m2=f"{total:,.2f}")
    if gaps:
        total = sum(face["area_m2"] for face in gaps)
        voice.say("cli.import_gaps", count=len(gaps), m2=f"{total:,.2f}")


def _tell_misses(result: Mapping[str, Any]) -> None:
    misses = result.get("near_misses", [])
    if misses:
        most = max(miss["distance_m"] for miss in misses)
        voice.say("cli.import_near_misses", count=len(misses), most=ceil(most * 1000) / 1000)


def tell_rest(count: int) -> None:
    """Say how many lines of a list weren't shown."""
    if count > MOST_LINES:
        voice.say("cli.more_lines", count=count - MOST_LINES)


def tell_info(result: Mapping[str, Any]) -> None:
    """Say what a project holds."""
    voice.say(
        "cli.info",
        name=result["name"],
        scheme=result["scheme"]["key"],
        revision=result["revision"],
        crs=result["crs"] or "-",
    )
    voice.say("cli.info_frame_given" if result["frame"] == "given" else "cli.info_frame_none")
    for level in result["levels"]:
        if level["areas"]:
            voice.say(
                "cli.info_level",
                name=level["name"] if voice.lang == "zh" else level["level"],
                areas=level["areas"],
                drawn=level["drawn"],
                listed=level["listed"],
                stacked=level["stacked"],
                households=level["households"],
                km2=f"{level['land_m2'] / 1e6:,.3f}",
            )
    if result["last_release"] is not None:
        voice.say("cli.info_release", number=result["last_release"])


def tell_check(result: Mapping[str, Any], remarks: Sequence[str] = ()) -> None:
    """Say what a check found: a count per kind, then the issues themselves."""
    for remark in remarks:
        voice.tell(remark)
    issues = result["issues"]
    counts = Counter((issue["severity"], issue["kind"]) for issue in issues)
    for row in result["invalid"][:MOST_LINES]:
        voice.tell(row["why"])
    tell_rest(len(result["invalid"]))
    for (_, kind), count in sorted(counts.items()):
        voice.say("cli.check_count", kind=sentence(f"kind.{kind}", voice.lang), count=count)
    listed = [
        issue
        for issue in issues
        if issue["severity"] != "info" and issue.get("state") != IssueState.ACCEPTED
    ]
    for issue in listed[:MOST_LINES]:
        voice.tell(_issue_line(issue))
    tell_rest(len(listed))
    dust = result["dust"]
    overhangs = dust.get("overhang", 0)
    if dust["gap"] or dust["overlap"] or overhangs:
        voice.say(
            "cli.check_dust_overhangs" if overhangs else "cli.check_dust",
            gaps=dust["gap"],
            overlaps=dust["overlap"],
            overhangs=overhangs,
            m2=f"{dust['area_m2']:.6f}",
            least=result["min_area_m2"],
        )
    faults = len(listed) + len(result["invalid"])
    notes = sum(issue["severity"] == "info" for issue in issues)
    fine = "cli.check_notes" if notes else "cli.check_fine"
    voice.say(
        "cli.checked" if faults else fine,
        areas=result["areas"],
        count=faults,
        notes=notes,
        snap=result["snap_m"],
        least=result["min_area_m2"],
    )
    if result["frame"] == "none":
        voice.say("cli.check_no_frame")


def _issue_line(issue: Mapping[str, Any]) -> str:
    parts = [issue["id"], sentence(f"kind.{issue['kind']}", voice.lang)]
    if issue["area_m2"] is not None:
        parts.append(f"{issue['area_m2']:,.3f} m²")
    if issue.get("width_m"):
        parts.append(f"≤ {issue['width_m']:.3f} m")
    names = issue.get("names") or issue["areas"]
    more = [f"… +{len(names) - _MOST_NAMES}"] if len(names) > _MOST_NAMES else []
    parts.append(" ".join([*names[:_MOST_NAMES], *more]))
    if issue["point"] is not None:
        parts.append(f"({issue['point'][0]:.3f}, {issue['point'][1]:.3f})")
    return "  ".join(part for part in parts if part)


def tell_plan(result: Mapping[str, Any]) -> None:
    """Say how a plan differs from its base."""
    plan = result["plan"]
    voice.say(
        "cli.plan",
        name=plan["name"],
        state=sentence(f"plan.{plan['state']}", voice.lang),
        base=result["base_revision"],
        areas=len(result["areas"]),
    )
    for kind, count in result["counts"].items():
        if count:
            voice.say("cli.plan_kind", kind=sentence(f"plan.{kind}", voice.lang), count=count)
    voice.say(
        "cli.plan_moved",
        m2=f"{result['land_m2']:,.2f}",
        households=f"{result['households']:,}",
        buildings=f"{result['buildings']:,}",
    )


def tell_verify(result: Mapping[str, Any]) -> None:
    """Say whether a project holds together."""
    for problem in result["problems"]:
        voice.tell(problem)
    voice.say(
        "cli.verified" if result["ok"] else "cli.verify_failed",
        areas=result["areas"],
        faces=result["faces"],
        gap=f"{result['gap_m2']:,.2f}",
        overlap=f"{result['overlap_m2']:,.2f}",
        sha256=result["partition_sha256"][:12],
    )


def tell_staffing(result: Mapping[str, Any]) -> None:
    """Say how the posts are filled: figures, a line per post, then what is wrong."""
    voice.say(
        "cli.staffing",
        day=result["day"],
        covered=result["covered"],
        base_units=result["base_units"],
        persons=result["persons"],
        cadres=result["cadres"],
        organizations=result["organizations"],
        pairings=result["pairings"],
    )
    figures = result["figures"]
    if figures["person_times"]:
        voice.say(
            "cli.staffing_times", persons=result["cadres"], person_times=figures["person_times"]
        )
    for line in result["posts"]:
        voice.say(
            "cli.staffing_post",
            post=line["name"],
            level=line["level_name"],
            filled=line["filled"],
            required=line["required"],
            vacant=len(line["vacant"]),
        )
    for issue in result["issues"][:MOST_LINES]:
        voice.tell(issue["text"])
    tell_rest(len(result["issues"]))


def tell_repair(result: Mapping[str, Any], remarks: Sequence[str], out: Path) -> None:
    """Say what a repair settled, what moved for each area, and what it left."""
    for remark in remarks:
        voice.tell(remark)
    for row in result["invalid"][:MOST_LINES]:
        voice.tell(row["why"])
    tell_rest(len(result["invalid"]))
    for kind, count in sorted(result["settled"].items()):
        voice.say("cli.repair_count", kind=sentence(f"kind.{kind}", voice.lang), count=count)
    for moved in result["moved"][:MOST_LINES]:
        voice.say(
            "cli.repair_moved",
            area=moved.get("code") or moved.get("name") or moved["area"],
            land=_moved_land(moved["gained_m2"], moved["lost_m2"]),
        )
    tell_rest(len(result["moved"]))
    for left in result["left"][:MOST_LINES]:
        code = f"repair.left_{left['why']}"
        names = left.get("names") or left["areas"]
        why = sentence(code, voice.lang) if left["why"] in _LEFT else left["why"]
        voice.say(
            "cli.repair_left",
            kind=sentence(f"kind.{left['kind']}", voice.lang),
            m2=f"{left['area_m2'] or 0:,.3f}",
            areas=" ".join(names[:_MOST_NAMES]),
            why=why,
        )
    tell_rest(len(result["left"]))
    voice.say("cli.repaired", path=out, areas=len(result["moved"]), left=len(result["left"]))
    if result["frame"] == "none":
        voice.say("cli.check_no_frame")


def _moved_land(gained_m2: float, lost_m2: float) -> str:
    """Return what an area gained and lost in m², without the side on which nothing is."""
    sides = [("+", gained_m2), ("−", lost_m2)]
    told = [f"{sign}{m2:,.3f} m²" for sign, m2 in sides if round(m2, 3)]
    return ", ".join(told or [f"{sign}{m2:,.6f} m²" for sign, m2 in sides if m2])


_LEFT = ("too_large", "no_neighbour", "no_way")
