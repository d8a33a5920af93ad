"""A scheme in a few sentences, for whoever has to choose one."""

from __future__ import annotations

from gridadmin.domain.scheme import Band, Level, Scheme
from ui.texts import language, tr


def scheme_name(scheme: Scheme) -> str:
    """Return what a scheme is called."""
    return scheme.zh if language() == "zh" else scheme.en


def level_name(level: Level) -> str:
    """Return what a level is called in its place."""
    return level.zh if language() == "zh" else level.en


def scheme_paragraph(scheme: Scheme) -> str:
    """Return what a scheme orders: its levels, the size of its grids, how many posts, whence."""
    levels = " › ".join(level_name(level) for level in scheme.present_levels)
    parts = [tr("层级：{levels}。", levels=levels)]
    sizes = [_size(level) for level in scheme.present_levels]
    said = [size for size in sizes if size]
    if said:
        parts.append(tr("户数：{sizes}。", sizes=tr("；").join(said)))
    else:
        parts.append(tr("户数：未规定，检查时不作要求。"))
    if scheme.posts:
        parts.append(tr("岗位：{n} 种。", n=len(scheme.posts)))
    parts.append(
        tr("依据：{title}（{place}）。", title=scheme.source.title, place=scheme.source.place)
    )
    return "\n".join(parts)


def _size(level: Level) -> str:
    band = level.band
    if band is None:
        return ""
    name = level_name(level)
    if band.target is None:
        return tr("{level} {low}–{high} 户", level=name, low=band.low, high=band.high)
    return _near(name, band)


def _near(name: str, band: Band) -> str:
    return tr(
        "{level} {low}–{high} 户，以 {target} 户为宜",
        level=name,
        low=band.low,
        high=band.high,
        target=band.target,
    )
