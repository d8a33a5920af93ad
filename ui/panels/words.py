"""Figures, levels, kinds and holders in the words of the window."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from gridadmin.app.area_facts import Fit
from gridadmin.app.holders import Holder, HolderKind
from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.issue import Issue
from gridadmin.domain.model import CELL_LEVEL, Area, HouseholdsState
from gridadmin.domain.scheme import Band
from gridadmin.partition.snapshot import Snapshot
from ui.texts import language, mark, sentence, tr

UNKNOWN = "—"
HECTARE_M2 = 10_000.0
KM2_M2 = 1_000_000.0


_HAIR_M = 0.1


def land(m2: float | None) -> str:
    """Return a piece of land as one reads it: m², hectares or km²."""
    if m2 is None:
        return UNKNOWN
    if m2 >= KM2_M2:
        return tr("{n} 平方公里", n=f"{m2 / KM2_M2:,.3f}")
    if m2 >= HECTARE_M2:
        return tr("{n} 公顷", n=f"{m2 / HECTARE_M2:,.2f}")
    return square_metres(m2)


def square_metres(m2: float) -> str:
    """Return a piece of land in m²: whole ones where there are many, else as exact as it is."""
    digits = 0 if m2 >= 100 else 1 if m2 >= 10 else 2 if m2 >= 0.01 else 4
    return f"{m2:,.{digits}f} m²"


def land_exactly(m2: float | None) -> str:
    """Return a piece of land as one reads it, with its m² beside it where that is another unit."""
    if m2 is None or m2 < HECTARE_M2:
        return land(m2)
    return tr("{land}（{m2}）", land=land(m2), m2=square_metres(m2))


def percent(share: float) -> str:
    """Return a share in per cent, rounded down: what isn't whole never reads as 100 %."""
    return f"{math.floor(share * 100_000) / 1000:.3f} %" if share < 1 else "100 %"


def length(metres: float) -> str:
    """Return a length in metres, or kilometres where it is long, millimetres where it is none."""
    if 0 < metres < _HAIR_M:
        return tr("{mm} 毫米", mm=f"{1000 * metres:.{0 if metres >= _HAIR_M / 10 else 1}f}")
    if metres >= 1000:
        return tr("{n} 公里", n=f"{metres / 1000:,.2f}")
    digits = 0 if metres >= 100 else 1 if metres >= 1 else 2
    return tr("{n} 米", n=f"{metres:,.{digits}f}")


def households(count: int | None) -> str:
    """Return a number of households."""
    if count is None:
        return UNKNOWN
    return tr("{n} 户", n=f"{count:,}")


def buildings(count: int) -> str:
    """Return a number of buildings."""
    return tr("{n} 栋", n=f"{count:,}")


def both_households(counted: int, typed: int) -> str:
    """Return two figures that differ: from buildings, and typed by somebody."""
    return tr(
        "楼栋合计 {counted} 户，人工填写 {typed} 户，相差 {gap} 户；统计按楼栋合计。",
        counted=f"{counted:,}",
        typed=f"{typed:,}",
        gap=f"{abs(counted - typed):,}",
    )


def marked_households(count: int | None, state: HouseholdsState) -> str:
    """Return households with a star where the figure is stale."""
    star = "*" if state == HouseholdsState.STALE else ""
    return households(count) + star


def figure(count: int | None, state: HouseholdsState) -> str:
    """Return a number of households without its unit, with a star where it is stale."""
    star = "*" if state == HouseholdsState.STALE else ""
    return UNKNOWN if count is None else f"{count:,}{star}"


def band(of: Band | None) -> str:
    """Return what the scheme wants of households; empty where it leaves that open."""
    if of is None:
        return ""
    return tr("标准 {low}–{high}", low=of.low, high=of.high)


def fit(count: int | None, of: Band | None, how: Fit) -> str:
    """Return how households stand to the band, in words."""
    if of is None:
        return tr("方案没有规定户数范围。")
    if count is None:
        return tr("还没有户数；规定为 {low}–{high} 户。", low=of.low, high=of.high)
    if how is Fit.BELOW:
        return tr("比 {low} 户的下限少 {n} 户。", low=of.low, n=of.low - count)
    if how is Fit.ABOVE:
        return tr("超出 {high} 户的上限 {n} 户。", high=of.high, n=count - of.high)
    return tr("在 {low}–{high} 户之内。", low=of.low, high=of.high)


def level(snapshot: Snapshot, key: str) -> str:
    """Return what the place calls a level."""
    known = snapshot.scheme.level(key)
    if known is None or key == CELL_LEVEL:
        return sentence(f"level.{key}")
    if language() != "zh":
        return known.en
    return known.zh.partition("（")[0]


def tally(snapshot: Snapshot, key: str, count: int) -> str:
    """Return how many areas of a level there are."""
    word = level(snapshot, key)
    if language() != "zh":
        word = _plural(word.lower(), count)
    return tr("{n} {level}", n=f"{count:,}", level=word)


def _plural(word: str, count: int) -> str:
    if count == 1:
        return word
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


def under_heading(counted: str, count: int | None) -> str:
    """Return *counted* (a number with its unit) for a row whose heading names the unit in English.

    There "Households: 5 households" would say it twice; Chinese counts with a short word.
    """
    return counted if language() == "zh" or count is None else f"{count:,}"


def name_of(area: Area) -> str:
    """Return an area's name; its code where it has no name."""
    return area.name.strip() or area.code or tr("（无名区域）")


def name_of_uid(snapshot: Snapshot, uid: str) -> str:
    """Return the name of an area of any time by its uid."""
    area = snapshot.rows("area").get(uid)
    return tr("（不存在的区域）") if area is None else name_of(area)


def path_of(snapshot: Snapshot, uid: str) -> str:
    """Return an area's name after those of the areas above it, the root left out."""
    area = snapshot.rows("area").get(uid)
    if area is None:
        return name_of_uid(snapshot, uid)
    chain = [area, *snapshot.ancestors(uid)]
    return " › ".join(name_of(one) for one in reversed(chain[:-1] or chain))


def spaced_code(code: str) -> str:
    """Return a code with blanks where its parts end: 12 digits, then 3, then 2."""
    if len(code) <= 12 or not code[:12].isdigit():
        return code
    return " ".join(part for part in (code[:12], code[12:15], code[15:]) if part)


def holder(snapshot: Snapshot, of: Holder) -> str:
    """Return who holds land, in words."""
    if of.kind is HolderKind.AREA:
        return name_of_uid(snapshot, of.uid)
    if of.kind is HolderKind.EXEMPT:
        exempt = snapshot.exempt(of.uid)
        return tr("例外地块“{name}”", name=exempt.name or exempt.reason)
    return tr(_HOLDERS[of.kind])


_HOLDERS = {
    HolderKind.DISPUTE: mark("争议地块"),
    HolderKind.NOBODY: mark("无主地块"),
    HolderKind.OUTSIDE: mark("项目范围之外"),
}


def kind(key: str) -> str:
    """Return what a kind of issue is called."""
    name = sentence(f"kind.{key}")
    return name[:1].upper() + name[1:]


def kind_in_full(key: str) -> str:
    """Return what a kind of issue is called, where it is about land in dispute with that word."""
    return tr("争议地块（{kind}）", kind=kind(key)) if key in _DISPUTES else kind(key)


_DISPUTES = ("overlap", "overhang", "duplicate", "contained")


def severity(of: Severity, count: int = 1) -> str:
    """Return what a severity is called: one finding of it, or so many."""
    return tr(_SEVERITIES[of], n=count)


_SEVERITIES = {
    Severity.ERROR: mark("错误"),
    Severity.WARNING: mark("警告"),
    Severity.INFO: mark("提示"),
}


def issue_sentence(issue: Issue, land_m2: float | None = None) -> str:
    """Return what an issue says, in one sentence; *land_m2* replaces the size that it has.

    Where the core names a place in metres, the window has the map: it says what is wrong instead.
    """
    if issue.kind in _WRONG:
        return tr(_WRONG[issue.kind])
    params = dict(issue.params)
    for key in ("gained_m2", "lost_m2"):
        if key in params:
            params[key] = f"{params[key]:,.2f}"
    size = (issue.area_m2 if land_m2 is None else land_m2) or 0.0
    # The number of square metres stands alone: the sentence of the core brings the unit.
    digits = 0 if size >= 100 else 2 if size >= 0.01 else 4
    return sentence(f"check.{issue.kind}", **{"m2": f"{size:,.{digits}f}"} | params)


_WRONG = {
    "gap": mark("这块地没有划给任何区域。"),
    "overlap": mark("几个区域都画了这块地，需要决定归谁。"),
    "overhang": mark("区域画到了上级范围之外，需要决定归谁。"),
    "duplicate": mark("同一块地画了两遍，需要决定归谁。"),
    "contained": mark("一个区域整个画在另一个区域里面，需要决定归谁。"),
}

SETTLED_ON_LAND = (*_WRONG, "remainder")
"""Kinds that are settled by giving land to somebody."""


def issue_size(issue: Issue, land_m2: float | None = None) -> str:
    """Return how large an issue is; what it says of its area where it has no size."""
    parts = []
    pieces = dict(issue.params).get("faces", 1)
    if pieces > 1:
        parts.append(tr("共 {n} 块", n=pieces))
    if issue.area_m2 is not None:
        parts.append(land(issue.area_m2 if land_m2 is None else land_m2))
    if issue.width_m is not None and pieces == 1:
        parts.append(tr("最宽 {length}", length=length(issue.width_m)))
    return dotted(parts) or issue_sentence(issue)


Order = tuple[bool, tuple[str | int, ...], tuple[str | int, ...], str]


def sibling_order(area: Area) -> Order:
    """Return where an area stands among its siblings: by code, then name, numbers as numbers."""
    return not area.code, _natural(area.code or ""), _natural(area.name), area.uid


def _natural(text: str) -> tuple[str | int, ...]:
    """Return words and numbers of *text* by turns, so that 10 comes after 9."""
    parts = _NUMBER.split(text)
    return tuple(int(part) if n % 2 else part for n, part in enumerate(parts))


_NUMBER = re.compile(r"([0-9]+)")


def in_tree_order(snapshot: Snapshot, uids: Iterable[str]) -> list[str]:
    """Return areas by code and name, as the tree orders siblings."""
    rows = snapshot.rows("area")

    def order(uid: str) -> Order:
        area = rows.get(uid)
        return (True, ("~",), (), uid) if area is None else sibling_order(area)

    return sorted(uids, key=order)


def issue_areas(snapshot: Snapshot, issue: Issue, most: int = 3) -> str:
    """Return the areas of an issue: joined by what the issue says of them."""
    names = [name_of_uid(snapshot, uid) for uid in in_tree_order(snapshot, issue.areas)[:most]]
    both = tr("与")
    joint = {"gap": " ↔ ", "overhang": both, "overlap": both, "duplicate": both}
    joined = joint.get(issue.kind, "、" if language() == "zh" else ", ").join(names)
    more = len(issue.areas) - len(names)
    if more > 0:
        return tr("{names} 等 {n} 个", names=joined, n=len(issue.areas))
    return joined


def clock(time: str, now: datetime | None = None) -> str:
    """Return an ISO 8601 time as the clock on the wall says it, near days in words."""
    moment = datetime.fromisoformat(time).astimezone()
    today = (now or datetime.now().astimezone()).date()
    hour = f"{moment:%H:%M}"
    if moment.date() == today:
        return tr("今天 {time}", time=hour)
    if moment.date() == today - timedelta(days=1):
        return tr("昨天 {time}", time=hour)
    return f"{_day(moment.date(), today)} {hour}"


def local_day(time: str) -> str:
    """Return the day of an ISO 8601 time by the clock on the wall, as 2026-03-05."""
    return f"{datetime.fromisoformat(time).astimezone():%Y-%m-%d}"


def _day(day: date, today: date) -> str:
    return f"{day:%m-%d}" if day.year == today.year else f"{day:%Y-%m-%d}"


def dotted(parts: Iterable[str]) -> str:
    """Return parts that aren't empty in one line, dots between them."""
    return " · ".join(part for part in parts if part)
