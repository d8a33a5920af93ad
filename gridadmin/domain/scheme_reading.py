"""From the tables of a scheme file to a :class:`Scheme`; everything is checked on the way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any

from gridadmin.base.errors import SchemeError
from gridadmin.domain.check_kinds import CHECK_KINDS, CheckKind, Severity
from gridadmin.domain.codes import CodeTemplate
from gridadmin.domain.model import AreaKind
from gridadmin.domain.people import PARTY_KINDS
from gridadmin.domain.scheme import (
    ANCHORS,
    AREA_CLASSES,
    LEVELS,
    AreaClass,
    Band,
    Check,
    Entry,
    LandRule,
    Level,
    NamedChecks,
    Post,
    PostTime,
    Presence,
    Scheme,
    Source,
    Term,
)
from gridadmin.domain.scheme_table import MAX_COUNT, SchemeTable

OPEN_BAND = "open"
"""In place of a band: the place leaves the size open, whatever the scheme it extends says."""

# What is read before the tables come here is known as well, so that a slip of it finds its like.
_TOP = {field.name for field in fields(Scheme)} - {"key"} | {"extends", "drop"}


def scheme_from_tables(key: str, values: Mapping[str, Any], origins: Mapping[str, str]) -> Scheme:
    """Return the scheme that *values* (a read TOML or JSON document) describes.

    *origins* gives the file of each dotted path; the empty path is the document itself.
    Raises: SchemeError of family ``scheme``, with file and key.
    """
    top = SchemeTable(values, origins)
    top.only(_TOP)
    levels = _levels(top)
    own = (*top.table("groupings").names(), *top.table("facilities").names())
    places = [level.key for level in levels] + list(ANCHORS) + list(own)
    modes = _terms(top, "modes")
    return Scheme(
        key=key,
        zh=top.text("zh"),
        en=top.text("en"),
        version=top.integer("version", low=1),
        source=_source(top),
        levels=levels,
        kinds=_terms(top, "kinds", [str(kind) for kind in AreaKind]),
        classes=_classes(top, [level.key for level in levels]),
        exclusive_types=_terms(top, "exclusive_types"),
        compound_types=_terms(top, "compound_types"),
        modes=modes,
        posts=_posts(top, places, [mode.key for mode in modes], top.table("ranks").names()),
        ranks=_terms(top, "ranks"),
        roster_kinds=_terms(top, "roster_kinds"),
        organizations=_entries(top, "organizations", places, modes),
        pairings=_entries(top, "pairings", places, modes),
        facilities=_entries(top, "facilities", places, modes),
        groupings=_entries(top, "groupings", places, modes),
        nets=_terms(top, "nets"),
        channels=_entries(top, "channels", places, modes),
        counts=_entries(top, "counts", places, modes),
        checks=_checks(top),
        check_sets=_check_sets(top),
    )


def _source(top: SchemeTable) -> Source:
    table = top.table("source")
    source = Source(table.text("title"), table.text("place"), table.text("note", ""))
    table.finish()
    return source


def _levels(top: SchemeTable) -> tuple[Level, ...]:
    group = top.table("levels")
    group.only(LEVELS)
    presence = {
        key: group.table(key).choice("presence", Presence, Presence.REQUIRED)
        for key in sorted(group.names(), key=LEVELS.index)
    }
    if set(presence.values()) <= {Presence.OFF}:
        raise SchemeError("scheme.no_levels", **top.place("levels"))
    read = {key: _level(key, table, presence) for key, table in top.tables("levels", LEVELS)}
    return tuple(read[key] for key in presence)


def _level(key: str, table: SchemeTable, presence: Mapping[str, Presence]) -> Level:
    return Level(
        key=key,
        zh=table.text("zh"),
        en=table.text("en"),
        presence=table.choice("presence", Presence, Presence.REQUIRED),
        land=table.choice("land", LandRule, LandRule.DRAWN),
        parents=_parents(key, table, presence),
        band=_band(table, "band"),
        code=_code(key, table),
        allowed_parts=table.integer("allowed_parts", 1),
    )


def _parents(key: str, table: SchemeTable, presence: Mapping[str, Presence]) -> tuple[str, ...]:
    """Return the levels the file says, else those above up to the first that can't be missing."""
    limit = LEVELS.index(key)
    above = [one for one in reversed(LEVELS[:limit]) if presence.get(one, "off") != Presence.OFF]
    if "parents" in table:
        said = table.choices("parents", above)
        return tuple(one for one in above if one in said)
    needed = [number for number, one in enumerate(above) if presence[one] is Presence.REQUIRED]
    return tuple(above[: needed[0] + 1] if needed else above)


def _band(table: SchemeTable, key: str) -> Band | None:
    if key not in table:
        return None
    if table.holds_text(key):
        table.known(key, table.text(key), [OPEN_BAND])
        return None
    band = table.table(key)
    if "tolerance" in band:
        target = band.integer("target", low=1)
        tolerance = band.number("tolerance", 0.0, 1.0)
        low, high = round(target * (1 - tolerance)), round(target * (1 + tolerance))
        found = Band(low, high, target)
    else:
        target_or_none = band.integer("target", low=1) if "target" in band else None
        found = Band(band.integer("low"), band.integer("high", low=1), target_or_none)
    band.finish()
    if found.low > found.high:
        raise SchemeError("scheme.bad_band", **table.place(key), low=found.low, high=found.high)
    if found.target is not None and not found.holds(found.target):
        raise SchemeError(
            "scheme.band_target",
            **table.place(key),
            low=found.low,
            high=found.high,
            target=found.target,
        )
    return found


def _code(key: str, table: SchemeTable) -> CodeTemplate | None:
    if "code" not in table:
        return None
    code = table.table("code")
    text = code.text("template")
    start = code.integer("exclusive_from", low=1) if "exclusive_from" in code else None
    letter = code.text("exclusive_letter", "")
    code.finish()
    try:
        template = CodeTemplate(text, start, letter)
    except SchemeError as fault:
        raise SchemeError(fault.code, **{**code.place("template"), **fault.params}) from fault
    if template.parent_level not in LEVELS[: LEVELS.index(key)]:
        raise SchemeError(
            "scheme.template_level",
            **code.place("template"),
            template=text,
            level=template.parent_level,
        )
    return template


def _classes(top: SchemeTable, levels: Collection[str]) -> tuple[AreaClass, ...]:
    found = []
    for key, table in top.tables("classes", AREA_CLASSES):
        zh, en = table.text("zh"), table.text("en")
        bands = table.table("bands")
        bands.only(levels)
        read = [(level, _band(bands, level)) for level in bands.names()]
        said = tuple((level, band) for level, band in read if band is not None)
        found.append(AreaClass(key, zh, en, said))
    return tuple(found)


def _terms(top: SchemeTable, key: str, known: Collection[str] | None = None) -> tuple[Term, ...]:
    return tuple(
        Term(name, table.text("zh"), table.text("en")) for name, table in top.tables(key, known)
    )


def _entries(
    top: SchemeTable, key: str, levels: Collection[str], modes: Collection[Term]
) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            key=name,
            zh=table.text("zh"),
            en=table.text("en"),
            levels=table.choices("levels", levels),
            modes=table.choices("modes", [mode.key for mode in modes]),
            required=table.integer("required", 0),
            announced=table.integer("announced", 0),
        )
        for name, table in top.tables(key)
    )


def _posts(
    top: SchemeTable, levels: Collection[str], modes: Collection[str], ranks: Collection[str]
) -> tuple[Post, ...]:
    found = []
    for name, table in top.tables("posts"):
        if not table.words("levels"):
            raise SchemeError("scheme.missing_key", **table.place("levels"))
        kinds = table.choices("kinds", [str(kind) for kind in AreaKind])
        found.append(
            Post(
                key=name,
                zh=table.text("zh"),
                en=table.text("en"),
                levels=table.choices("levels", levels),
                time=table.choice("time", PostTime, PostTime.UNSAID),
                kinds=tuple(AreaKind(kind) for kind in kinds) or (AreaKind.GENERAL,),
                modes=table.choices("modes", modes),
                filled_from=table.words("filled_from"),
                seats=table.integer("seats", 0),
                most=table.integer("most", low=1) if "most" in table else None,
                is_cadre=table.switch("is_cadre", usual=False),
                group=table.text("group", ""),
                ex_officio=_ex_officio(table),
                ranks=table.choices("ranks", ranks),
            )
        )
        most = found[-1].most
        if most is not None and most < found[-1].seats:
            raise SchemeError(
                "scheme.out_of_range",
                **table.place("most"),
                value=most,
                low=found[-1].seats,
                high=MAX_COUNT,
            )
    return tuple(found)


def _ex_officio(table: SchemeTable) -> str:
    office = table.text("ex_officio", "")
    return table.known("ex_officio", office, PARTY_KINDS) if office else ""


def _checks(top: SchemeTable) -> tuple[Check, ...]:
    found = []
    for key, table in top.tables("checks", CHECK_KINDS):
        kind = CHECK_KINDS[key]
        on = table.switch("on", kind.is_on)
        severity = table.choice("severity", Severity, kind.severity)
        found.append(Check(key, on, severity, _params(table, kind)))
    return tuple(found)


def _check_sets(top: SchemeTable) -> tuple[NamedChecks, ...]:
    return tuple(
        NamedChecks(name, table.text("zh"), table.text("en"), table.choices("checks", CHECK_KINDS))
        for name, table in top.tables("check_sets")
    )


def _params(table: SchemeTable, kind: CheckKind) -> tuple[tuple[str, float], ...]:
    params = table.table("params")
    known = kind.params or {}
    params.only(known)
    return tuple(
        (
            name,
            params.integer(name, int(usual.usual), int(usual.low))
            if usual.is_whole
            else float(params.number(name, usual.low, usual.high, usual.usual)),
        )
        for name, usual in known.items()
    )
