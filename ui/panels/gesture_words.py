"""What the gestures of the change log did, in words."""

from __future__ import annotations

from gridadmin.app.history_facts import Gist
from gridadmin.domain.change import LogEntry
from gridadmin.domain.model import Area
from ui.panels.words import UNKNOWN, name_of
from ui.texts import mark, tr


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
