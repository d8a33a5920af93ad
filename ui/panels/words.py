"""Figures, levels, kinds and holders in the words of the window."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from gridadmin.app.area_facts import Fit
from gridadmin.app.history_facts import Gist
from gridadmin.app.holders import Holder, HolderKind
from gridadmin.domain.change import LogEntry
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


def gesture(entry: LogEntry, gist: Gist | None = None) -> str:
    """Return what a gesture of the change log did; undo and redo alone don't say of what.

    *gist* is what it changed, where that is known.
    """
    told = "" if gist is None else _told_by(entry.kind, gist)
    if told:
        return told
    known = _GESTURES.get(entry.kind)
    return tr("其他修改（{kind}）", kind=entry.kind) if known is None else tr(known)


def _told_by(kind_of_gesture: str, gist: Gist) -> str:
    """Return what a gesture did by what it changed; empty where that says no more than its kind."""
    if kind_of_gesture == "set" and gist.before is not None and gist.after is not None:
        return _told_of_fields(gist.before, gist.after)
    what = _GESTURES.get(kind_of_gesture)
    if what is None or kind_of_gesture == "frame":
        return ""
    if gist.receiver and kind_of_gesture in ("give", "repair"):
        return tr("把地块划给{name}", name=gist.receiver)
    one = gist.after or gist.before
    names = gist.names if one is None else (name_of(one),)
    if not names:
        return ""
    if len(names) == 2 and kind_of_gesture in _BETWEEN:
        return tr("{what}（{first}与{second}之间）", what=tr(what), first=names[0], second=names[1])
    joined = tr("、").join(names[:_MOST_NAMES])
    if len(names) > _MOST_NAMES:
        joined = tr("{names} 等 {n} 个", names=joined, n=len(names))
    return tr("{what}（{names}）", what=tr(what), names=joined)


_BETWEEN = ("move", "move_node", "move_vertex", "add_vertex", "delete_vertex", "redraw", "reshape")
_MOST_NAMES = 3


def _told_of_fields(before: Area, after: Area) -> str:
    """Return which facts of an area were changed, and to what."""
    if before.name != after.name:
        return tr("改名：{before} → {after}", before=name_of(before), after=name_of(after))
    of = name_of(after)
    if before.code != after.code:
        codes = before.code or UNKNOWN, after.code or UNKNOWN
        return tr("改编码：{before} → {after}（{area}）", before=codes[0], after=codes[1], area=of)
    return _told_of_households(before, after) or _told_of_division(before, after)


def _told_of_households(before: Area, after: Area) -> str:
    of, count = name_of(after), after.households_typed
    if before.households_typed != count:
        if count is None:
            return tr("清除填写的户数（{area}）", area=of)
        return tr("填写户数：{n}（{area}）", n=f"{count:,}", area=of)
    if before.is_stale and not after.is_stale:
        return tr("确认户数：{n}（{area}）", n=f"{count or 0:,}", area=of)
    return ""


def _told_of_division(before: Area, after: Area) -> str:
    of = name_of(after)
    if before.is_divided == after.is_divided:
        return tr("{what}（{names}）", what=tr("修改区域资料"), names=of)
    if after.is_divided:
        return tr("标明下级已划分完（{area}）", area=of)
    return tr("取消“下级已划分完”（{area}）", area=of)


_GESTURES = {
    "give": mark("划归地块"),
    "insert_line": mark("画线切分"),
    "move": mark("移动边界上的点"),
    "move_node": mark("移动边界上的点"),
    "move_vertex": mark("移动边界上的点"),
    "add_vertex": mark("在边界上加点"),
    "delete_vertex": mark("删去边界上的点"),
    "create": mark("新建区域"),
    "set": mark("修改区域资料"),
    "delete": mark("撤销区域"),
    "paint": mark("划归画笔"),
    "exempt": mark("列为例外地块"),
    "set_exempt": mark("修改例外地块"),
    "end_exempt": mark("交还例外地块"),
    "stack": mark("按单元或楼层分成立体微网格"),
    "unstack": mark("立体微网格还原"),
    "set_shares": mark("修改立体微网格的单元和楼层"),
    "frame": mark("确认外框"),
    "import": mark("导入边界"),
    "import_frame": mark("导入外框"),
    "import_exempt": mark("导入例外地块"),
    "import_context": mark("导入周边参考"),
    "import_buildings": mark("导入楼栋"),
    "import_compounds": mark("导入小区"),
    "import_roads": mark("导入道路"),
    "import_water": mark("导入水系"),
    "import_railways": mark("导入铁路"),
    "undo": mark("撤销"),
    "redo": mark("重做"),
    "split": mark("切分区域"),
    "merge": mark("合并区域"),
    "dissolve": mark("并入周围"),
    "reshape": mark("重画边界"),
    "redraw": mark("重画边界"),
    "simplify": mark("精简边界上的点"),
    "reparent": mark("改归上级"),
    "renumber": mark("重新编号"),
    "four_bounds": mark("整理四至"),
    "papers": mark("填写文号"),
    "ledger": mark("修改台账资料"),
    "code_list": mark("更新区划代码"),
    "bookmark": mark("保存或修改书签"),
    "lock": mark("锁定边界"),
    "unlock": mark("解除边界锁定"),
    "join_campus": mark("关联为同一单位"),
    "leave_campus": mark("解除同一单位的关联"),
    "draw": mark("绘制区域"),
    "person": mark("登记人员"),
    "organization": mark("登记单位"),
    "headcount": mark("登记编制人数"),
    "agreement": mark("登记协议"),
    "party_node": mark("登记党组织"),
    "registration_count": mark("登记双报到人数"),
    "team": mark("登记队伍"),
    "team_member": mark("登记队员"),
    "grouping": mark("登记片区、联盟"),
    "grouping_member": mark("登记片区、联盟成员"),
    "facility": mark("登记便民点"),
    "street": mark("登记街巷"),
    "compound": mark("登记小区"),
    "end_team": mark("解散队伍"),
    "end_team_member": mark("队员离队"),
    "end_grouping": mark("撤销片区、联盟"),
    "end_grouping_member": mark("移出片区、联盟"),
    "end_point_object": mark("撤销便民点"),
    "end_line_object": mark("删去街巷"),
    "end_compound": mark("删去小区"),
    "end_person": mark("人员离岗"),
    "end_organization": mark("停用单位"),
    "end_headcount": mark("删去编制人数"),
    "end_agreement": mark("删去协议"),
    "end_party_node": mark("停用党组织"),
    "end_registration_count": mark("删去双报到人数"),
    "end_assignment": mark("卸任岗位"),
    "end_pairing": mark("解除结对"),
    "assign": mark("安排岗位"),
    "unassign": mark("卸任岗位"),
    "assignment": mark("修改任职"),
    "transfer": mark("转岗"),
    "people": mark("人员调整"),
    "handover": mark("移交岗位"),
    "proposal": mark("采纳配岗建议"),
    "roster": mark("导入名册"),
    "pair": mark("结对"),
    "seats": mark("改岗位人数"),
    "mode": mark("切换平时与战时"),
    "undo_to": mark("一次撤销多步"),
    "plan_open": mark("新建调整方案"),
    "plan_set": mark("修改方案名称或文号"),
    "plan_checked": mark("方案通过检查"),
    "plan_approved": mark("批准方案"),
    "plan_in_force": mark("方案生效"),
    "plan_draft": mark("方案退回草案"),
    "plan_abandoned": mark("放弃方案"),
    "release": mark("生成发布版本"),
    "roll_back": mark("恢复到发布版本"),
    "hand_out": mark("发出工作包"),
    "take_in": mark("收回工作包"),
    "reference": mark("留作依据界线"),
    "repair": mark("处理问题"),
}


def gesture_about(entry: LogEntry, about: LogEntry | None, gist: Gist | None = None) -> str:
    """Return what a gesture did; *about* is the gesture that an undo or redo took up.

    *gist* is what the gesture changed, or the one that was taken up.
    """
    if about is None or (entry.undid is None and entry.redid is None):
        return gesture(entry, gist)
    if entry.kind == "undo_to":
        return tr("一次撤销多步，从“{what}”起", what=gesture(about, gist))
    word = tr("撤销") if entry.undid is not None else tr("重做")
    return tr("{word}：{what}", word=word, what=gesture(about, gist))


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
