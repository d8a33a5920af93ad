"""What the import says in the window, where nobody types options: sentences, names, questions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pyproj import CRS
from pyproj.exceptions import CRSError

from gridadmin.app.import_guess import LevelGuess
from gridadmin.app.import_questions import Answer, Question
from gridadmin.base.errors import GridAdminError
from gridadmin.exchange.source import NO_GEOMETRY, POLYGONAL, SourceLayer
from gridadmin.partition.snapshot import Snapshot
from ui.dialogs.scheme_words import level_name
from ui.texts import explain, mark, sentence, tr

_IN_WINDOW: Mapping[str, str] = {
    # The core's own sentences name options of the command line.
    "input.ask_crs": mark(
        "“{file}”没有说明坐标是怎么定的，从数字（{x}，{y}）也看不出来。请选一种。"
    ),
    "input.ask_lon_lat": mark(
        "“{file}”没有说明坐标是怎么定的。数字（{x}，{y}）像是经纬度，请确认它是在哪里画的。"
    ),
    "input.ask_lat_lon": mark(
        "“{file}”没有说明坐标是怎么定的。数字（{x}，{y}）像是纬度写在前面的经纬度，请确认。"
    ),
    "input.ask_zoned": mark(
        "“{file}”没有说明坐标是怎么定的。数字（{x}，{y}）像是带号开头的平面坐标，请确认。"
    ),
    "input.ask_zoned_swapped": mark(
        "“{file}”没有说明坐标是怎么定的。数字（{x}，{y}）像是带号开头、北坐标在前的平面坐标，请确认。"
    ),
    "input.ask_plane": mark(
        "“{file}”没有说明坐标是怎么定的。数字（{x}，{y}）像是平面坐标，但看不出中央经线。"
        "请在“其他”里选中央经线；不清楚时问数据的提供者。"
    ),
    "input.ask_plane_swapped": mark(
        "“{file}”没有说明坐标是怎么定的。数字（{x}，{y}）像是北坐标在前的平面坐标，但看不出中央经线。"
        "请在“其他”里选中央经线；不清楚时问数据的提供者。"
    ),
    "input.ask_plane_near": mark(
        "“{file}”没有说明坐标是怎么定的。按项目的位置看，数字（{x}，{y}）像是平面坐标，请确认。"
    ),
    "input.ask_plane_near_swapped": mark(
        "“{file}”没有说明坐标是怎么定的。"
        "按项目的位置看，数字（{x}，{y}）像是北坐标在前的平面坐标，请确认。"
    ),
    "input.ask_web_mercator": mark(
        "“{file}”没有说明坐标是怎么定的。数字（{x}，{y}）像是网页地图的坐标，请确认。"
    ),
    "input.ask_swapped": mark(
        "“{file}”写明是“{declared}”，但横、纵坐标像是写反了。请看一看，选对的一种。"
    ),
    "input.ask_shift": mark(
        "文件的边界和项目里已有的边界相差约 {shift_m} 米，像是在偏移过的网页地图上画的："
        "还原后只差 {residual_m} 米。请确认它是在哪里画的。"
    ),
    "input.crs_disagrees": mark(
        "“{file}”写明是“{declared}”，但数字（{x}，{y}）对不上。请选对的一种。"
    ),
    "input.crs_disagrees_proposal": mark(
        "“{file}”写明是“{declared}”，但数字（{x}，{y}）对不上，更像下面这种。请确认。"
    ),
    "input.crs_disagrees_swapped": mark(
        "“{file}”写明是“{declared}”，但数字（{x}，{y}）对不上，更像下面这种，而且横纵写反了。请确认。"
    ),
    "input.bad_crs": mark("认不出坐标系“{crs}”。可写 EPSG 加编号，如 EPSG:4549。"),
    "input.outside_crs": mark("按选定的方式换算时，有的点落到了地球上没有的地方。请另选一种。"),
    "input.srs_undefined": mark("文件写的坐标系“{srs}”没有定义或认不出，按没有说明处理。"),
    "input.registers_missing": mark("文件缺少 GeoPackage 的表 {tables}，已按图形数据识别内容。"),
    "import.frame_stands": mark(
        "项目已有外框。要改用“{file}”的外框，请回到第 2 步勾选“替换已有外框”。"
    ),
    "partition.too_large": mark(
        "这些数据彼此或与项目里已有的土地相隔太远，不能放在一个项目里。请看一看是不是选错了文件或坐标的读法。"
    ),
    "import.exempt_needs_reason": mark("例外地块要写明事由和批准人。"),
}

_DAMAGED = mark("文件“{file}”已损坏，读不出来：{why}。没有导入任何内容，请换一份完好的文件。")


def explain_import(error: GridAdminError) -> str:
    """Return what an error of the core says, in words of the window."""
    text = _IN_WINDOW.get(error.code)
    if error.code == "input.damaged" and not error.params.get("layer"):
        text = _DAMAGED
    return explain(error) if text is None else tr(text, **_filled(error.params))


def problem_words(problem: Mapping[str, Any]) -> str:
    """Return what is wrong with a row or a file, in words of the window."""
    params = {"row": problem["row"], **problem["params"]}
    text = _IN_WINDOW.get(problem["code"])
    return sentence(problem["code"], **params) if text is None else tr(text, **_filled(params))


def _filled(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters in which nothing that a sentence of ours asks for is missing."""
    wanted = ("file", "x", "y", "declared", "shift_m", "residual_m", "crs", "srs", "tables")
    return {**dict.fromkeys(wanted, "…"), **{key: _short(value) for key, value in params.items()}}


def _short(value: Any) -> Any:
    return f"{value:.10g}" if isinstance(value, float) else value


def question_words(question: Question) -> str:
    """Return a question of the core in words of the window."""
    return explain_import(GridAdminError(question.code, **question.params))


def answer_words(answer: Answer) -> str:
    """Return an answer as the words beside its button."""
    if answer.kind == "gcj02":
        return tr("高德、腾讯地图上画的")
    if answer.kind == "bd09":
        return tr("百度地图上画的")
    if answer.kind == "swapped":
        return tr("对调横、纵坐标后读取")
    if answer.kind == "as_declared":
        return tr("按文件写明的读取，不改动")
    words = crs_words(answer.crs or "")
    if answer.swap_xy:
        return tr("按{crs}读取，横、纵对调", crs=words)
    return tr("按{crs}读取", crs=words)


def crs_words(name: str) -> str:
    """Return a CRS (``EPSG:n`` or its own name) in plain words."""
    found = re.fullmatch(r"(?i)epsg:(\d+)", name.strip())
    if found is None:
        return name
    code = int(found[1])
    if 4534 <= code <= 4554:
        return tr("平面坐标（中央经线 {lon}°）", lon=75 + 3 * (code - 4534))
    if 4513 <= code <= 4533:
        return tr("平面坐标（带号 {zone}）", zone=25 + code - 4513)
    plain = {
        4490: tr("经纬度（国家大地 2000）"),
        4326: tr("经纬度（GPS）"),
        4214: tr("经纬度（北京 1954）"),
        4610: tr("经纬度（西安 1980）"),
        3857: tr("网页地图坐标（墨卡托）"),
    }
    return plain.get(code) or _own_name(code)


def _own_name(code: int) -> str:
    try:
        return CRS.from_epsg(code).name
    except CRSError:
        return f"EPSG:{code}"


def kind_words(layer: SourceLayer) -> str:
    """Return what a layer holds: areas, lines, points, or a list."""
    kind = layer.geometry_kind
    if kind == NO_GEOMETRY:
        return tr("名单（没有图形）")
    if "LINE" in kind or ("CURVE" in kind and kind not in POLYGONAL):
        return tr("线")
    if "POINT" in kind:
        return tr("点")
    return tr("面") if kind in POLYGONAL else tr("多种图形")


def count_words(layer: SourceLayer) -> str:
    """Return how many rows a layer holds; empty when the file doesn't say."""
    return tr("{n} 行", n=layer.feature_count) if layer.feature_count >= 0 else ""


def meaning_words(snapshot: Snapshot, level: str) -> str:
    """Return what an import of *level* brings: a level's name, or else what it is called."""
    known = snapshot.scheme.level(level)
    if known is not None:
        return level_name(known)
    words = {
        "frame": tr("外框"),
        "exempt": tr("例外地块"),
        "context": tr("周边参考"),
        "buildings": tr("楼栋和户数"),
        "compounds": tr("小区"),
        "roads": tr("道路线"),
        "water": tr("水系"),
        "railways": tr("铁路和轨道"),
    }
    return words[level]


def level_words(snapshot: Snapshot, level: str) -> str:
    """Return what the place calls a level, the root's own included."""
    known = snapshot.scheme.level(level)
    return sentence(f"level.{level}") if known is None else level_name(known)


def meaning_hint(snapshot: Snapshot, level: str, here: int) -> str:
    """Return one sentence on what an import of *level* is for; *here* are in the project."""
    hints = {
        "frame": tr("“{root}”的外围界线：框内没有划到的地方都算空隙。", root=snapshot.root.name),
        "exempt": tr("水面、营区等不归任何网格的土地，要有事由和批准人。"),
        "context": tr("相邻地区的界线，只在地图上看，不参与划分。"),
        "buildings": tr("楼栋的轮廓或位置，带户数，用来统计各网格的户数。"),
        "compounds": tr("小区的范围和类型，划网格时不应切开。"),
        "roads": tr("道路中心线，按等级显示，划界时可以沿着走。"),
        "water": tr("河流和湖泊，线或面都可以。"),
        "railways": tr("铁路和轨道线。"),
    }
    known = snapshot.scheme.level(level)
    if known is None:
        return hints[level]
    return tr("每行一个；项目里现有 {n} 个。", n=here) if here else tr("每行一个。")


def guess_words(snapshot: Snapshot, guess: LevelGuess | None) -> str:
    """Return what the program takes a layer for and why, as a guess."""
    if guess is None:
        return tr("看不出这组数据是什么，请选一项。")
    meaning = meaning_words(snapshot, guess.level)
    if guess.level == "frame":
        meaning = tr("外框（整个项目的外围）")
    if guess.reason == "codes":
        return tr(
            "猜测：编码（如 {sign}）的位数是“{meaning}”的。不对就改选。",
            sign=guess.sign,
            meaning=meaning,
        )
    if guess.reason == "key":
        return tr(
            "猜测：有“{sign}”这一列，是“{meaning}”。不对就改选。", sign=guess.sign, meaning=meaning
        )
    if guess.reason == "columns":
        return tr("猜测：有户数和单元两列，是“{meaning}”。不对就改选。", meaning=meaning)
    return tr(
        "猜测：从名称“{sign}”看，是“{meaning}”。不对就改选。", sign=guess.sign, meaning=meaning
    )


def square_metres(value: float) -> str:
    """Return land in words: m², from a hectare on without decimals."""
    return f"{value:,.0f} m²" if value >= 10_000 else f"{value:,.2f} m²"
