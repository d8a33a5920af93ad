"""What the dialogs of rosters call columns, questions and severities."""

from __future__ import annotations

from collections.abc import Mapping

from gridadmin.exchange.roster_preview import Question, RosterProblem, SheetFacts
from ui.texts import mark, sentence, tr

MEANING_WORDS: Mapping[str, str] = {
    "district": mark("区（县）"),
    "street": mark("街道（镇、乡）"),
    "community": mark("社区（村）"),
    "grid": mark("网格"),
    "micro_grid": mark("微网格"),
    "building": mark("楼栋"),
    "floor": mark("楼层"),
    "line_object": mark("街巷"),
    "compound": mark("小区"),
    "grouping": mark("片区、分组"),
    "point_object": mark("店铺、设施"),
    "area_code": mark("区域编码"),
    "community_code": mark("社区编码"),
    "name": mark("姓名"),
    "gender": mark("性别"),
    "political_status": mark("政治面貌"),
    "own_phone": mark("手机号（本人）"),
    "duty_phone": mark("办公电话（公开）"),
    "post": mark("岗位"),
    "role": mark("职责范畴"),
    "organization": mark("派出单位"),
    "job_title": mark("职务"),
    "rank": mark("职级"),
    "batch": mark("选派批次"),
    "staff_number": mark("工号"),
    "valid_from": mark("开始日期"),
    "valid_to": mark("结束日期（最后一天）"),
    "certificate_level": mark("证书等级"),
    "roster_kind": mark("人员类别"),
    "recruited_from": mark("人员来源"),
    "is_full_time": mark("专职或兼职"),
    "document": mark("任命文号"),
    "note": mark("备注"),
}
_KINDS = {
    "area": mark("“{value}”是哪个区域？"),
    "object": mark("“{value}”是哪一个？"),
    "post": mark("“{value}”是哪个岗位？"),
    "unit": mark("“{value}”是哪个单位？"),
    "person": mark("“{value}”是项目里的哪个人？"),
    "twin": mark("“{value}”是名册里的哪个人？"),
    "move": mark("“{value}”是调动还是兼任？"),
    "holder": mark("“{value}”已有人，要接替吗？"),
}
_WHERE = {
    "area": mark("在“{where}”里"),
    "object": mark("在“{where}”里"),
    "post": mark("{where}的岗位"),
}
_SAME_KIND = {
    "unit": ("new", mark("都当作新单位")),
    "person": ("new", mark("都当作新的人")),
    "twin": ("new", mark("都当作不同的人")),
    "move": ("move", mark("都是调动")),
    "holder": ("replace", mark("都接替")),
}
_SEVERITIES = {"error": mark("不能写入"), "question": mark("待确认"), "warning": mark("提醒")}


def meaning_words(key: str) -> str:
    """Return what a meaning of a column is called."""
    return tr(MEANING_WORDS[key])


def severity_words(severity: str) -> str:
    """Return what a severity is called."""
    return tr(_SEVERITIES[severity])


def problem_words(problem: RosterProblem) -> str:
    """Return what is wrong at a cell."""
    return sentence(problem.code, **problem.params)


def question_words(question: Question) -> str:
    """Return a question as one asks it."""
    return tr(_KINDS[question.ask.kind], value=question.ask.value)


def where_words(question: Question) -> str:
    """Return where what is asked about stands; empty when that adds nothing."""
    where = question.ask.where
    if not where:
        return ""
    words = _WHERE.get(question.ask.kind)
    return where if words is None else tr(words, where=where)


def option_words(question: Question, key: str) -> str:
    """Return what a choice means."""
    text = next(option.text for option in question.ask.options if option.key == key)
    kind = question.ask.kind
    if kind == "move":
        return tr("调动：不再担任“{text}”的", text=text) if key == kind else tr("兼任：两处都担任")
    if kind == "holder":
        return tr("接替：{text}", text=text)
    if key != "new":
        return text
    return tr("新单位“{text}”", text=text) if kind == "unit" else tr("另一个人“{text}”", text=text)


def same_kind_words(kind: str) -> tuple[str, str] | None:
    """Return the choice that can be made for all questions of a kind, and its words."""
    found = _SAME_KIND.get(kind)
    return None if found is None else (found[0], tr(found[1]))


def sheet_words(sheet: SheetFacts) -> str:
    """Return what became of a sheet."""
    if sheet.header is None:
        return sentence(sheet.why, sheet=sheet.name)
    words = tr("表头在第 {n} 行", n=sheet.header.row + 1)
    if sheet.skipped:
        words += tr("；{n} 行合计或说明不读", n=sheet.skipped)
    return words
