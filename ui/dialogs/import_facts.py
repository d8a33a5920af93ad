"""What an import tells, as lines of words: figures, and what needs a look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

from gridadmin.app.import_guess import SPECIAL
from gridadmin.app.import_preview import FarAway, ImportPreview
from gridadmin.exchange.reference_kinds import LEVELS as REFERENCE_LEVELS
from gridadmin.partition.snapshot import Snapshot
from ui.dialogs.import_words import (
    level_words,
    meaning_words,
    problem_words,
    square_metres,
)
from ui.texts import sentence, tr

_MOST_NAMES = 6


@dataclass(frozen=True)
class Fact:
    """A figure with its words; ``role`` as in the style sheet (warning, quiet…)."""

    figure: str
    words: str
    role: str = ""


@dataclass(frozen=True)
class Remark:
    """Something that needs a look: what it is, what it concerns, and how much or why."""

    what: str
    concerned: str
    detail: str


def headline(snapshot: Snapshot, told: Mapping[str, Any], *, is_done: bool) -> str:
    """Return in one sentence what comes in, or came in."""
    meaning = meaning_words(snapshot, told["level"])
    count = told["new"] + told["known"] if told["level"] not in SPECIAL else told["drawn"]
    if told["level"] in REFERENCE_LEVELS:
        count = told["new"] + told["updated"]
    if told["level"] == "frame":
        return tr("外框已导入。") if is_done else tr("将把这组数据的外围作为项目的外框。")
    if is_done:
        return tr("已导入“{meaning}”{n} 个。", meaning=meaning, n=count)
    is_nothing = not told["new"] and not told["drawn"] and not told["updated"]
    if (told["level"] not in SPECIAL or told["level"] in REFERENCE_LEVELS) and is_nothing:
        return tr("“{meaning}”没有要导入的。", meaning=meaning)
    return tr("将导入“{meaning}”{n} 个。", meaning=meaning, n=count)


def facts_of(told: Mapping[str, Any]) -> Iterator[Fact]:
    """Yield the figures of an import; what is nought is left out, but for the main ones."""
    yield _fact(told["rows"], tr("文件里的行", n=told["rows"]))
    if told["level"] not in SPECIAL:
        yield _fact(told["new"], tr("新增的区域", n=told["new"]))
        yield _fact(told["known"], tr("项目里已有的区域", n=told["known"]))
        yield _fact(told["drawn"], tr("带边界的区域", n=told["drawn"]))
    for key, words in (
        ("made_parents", tr("按名录补建的上级", n=told["made_parents"])),
        ("adopted", tr("改挂到新上级之下的区域", n=told["adopted"])),
        ("outside_root", tr("在项目范围以外而跳过的行", n=told["outside_root"])),
    ):
        if told[key]:
            yield _fact(told[key], words, "quiet")
    if told["level"] in REFERENCE_LEVELS:
        yield from _object_facts(told)
    yield from _land_facts(told)
    if told["left_out"]:
        count = len(told["left_out"])
        yield _fact(count, tr("不能用而不导入的行", n=count), "error")


def _object_facts(told: Mapping[str, Any]) -> Iterator[Fact]:
    yield _fact(told["new"], tr("新增的对象", n=told["new"]))
    yield _fact(told["updated"], tr("更新的对象", n=told["updated"]))
    yield _fact(told["known"], tr("没有变化的对象", n=told["known"]))
    for key, words in (
        ("joined", tr("行是同一对象被切开的部分，已拼接", n=told["joined"])),
        ("duplicates", tr("行与别的行重复，只取一份", n=told["duplicates"])),
        ("labels", tr("行只是注记点、门牌或岸线", n=told["labels"])),
        ("parts", tr("行是楼栋的局部", n=told["parts"])),
        ("other", tr("行是别的种类，不导入", n=told["other"])),
        ("outside", tr("行离项目超过 2 公里，不导入", n=told["outside"])),
        ("removed", tr("个对象文件里没有，将移除", n=told["removed"])),
    ):
        if told[key]:
            yield _fact(told[key], words, "warning" if key == "removed" else "quiet")


def _land_facts(told: Mapping[str, Any]) -> Iterator[Fact]:
    if told["moved"]:
        count, most = len(told["moved"]), f"{max(told['moved'].values()):.1f}"
        words = tr("边界对齐时有移动的行，最多 {mm} 毫米", n=count, mm=most)
        yield _fact(count, words, "quiet")
    if told["disputed"]:
        count, m2 = len(told["disputed"]), square_metres(_total(told["disputed"]))
        yield _fact(count, tr("处争议地块，共 {m2}", n=count, m2=m2), "warning")
    if told["gaps"]:
        yield _gap_fact(told)
    if told["near_misses"]:
        count = len(told["near_misses"])
        most = f"{1000 * max(miss['distance_m'] for miss in told['near_misses']):.0f}"
        words = tr("处顶点与相邻边界没有重合，最多相差 {mm} 毫米", n=count, mm=most)
        yield _fact(count, words, "warning")
    if told["dust"]["count"]:
        count, m2 = told["dust"]["count"], square_metres(told["dust"]["area_m2"])
        words = tr("处极小的缝隙和重叠，共 {m2}，并入最长的邻边", n=count, m2=m2)
        yield _fact(count, words, "quiet")


def _gap_fact(told: Mapping[str, Any]) -> Fact:
    count, m2 = len(told["gaps"]), square_metres(_total(told["gaps"]))
    if told["level"] == "frame":
        return _fact(count, tr("块框内还没有划分的土地，共 {m2}", n=count, m2=m2))
    return _fact(count, tr("块没有归属的土地，共 {m2}", n=count, m2=m2), "warning")


class Remarks(Sequence[Remark]):
    """What needs a look, put into words when asked for: a bad file may have very many rows.

    Rows left out come first, then disputed land, gaps, and vertices that miss their neighbours.
    """

    def __init__(self, told: Mapping[str, Any]) -> None:
        gaps = [] if told["level"] == "frame" else told["gaps"]
        self._parts = (
            (told["left_out"], _left_out),
            (told["disputed"], _disputed),
            (gaps, _gap),
            (told["near_misses"], _near_miss),
        )

    def __len__(self) -> int:
        return sum(len(entries) for entries, _ in self._parts)

    @overload
    def __getitem__(self, index: int) -> Remark: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Remark]: ...

    def __getitem__(self, index: int | slice) -> Remark | Sequence[Remark]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        for entries, words_of in self._parts:
            if index < len(entries):
                return words_of(entries[index])
            index -= len(entries)
        raise IndexError(index)


def _left_out(problem: Mapping[str, Any]) -> Remark:
    return Remark(tr("不导入"), tr("第 {row} 行", row=problem["row"]), problem_words(problem))


def _disputed(face: Mapping[str, Any]) -> Remark:
    names = list(face["areas"])
    more = tr("等 {n} 个", n=len(names)) if len(names) > _MOST_NAMES else ""
    concerned = tr("、").join(names[:_MOST_NAMES]) + more
    return Remark(sentence(f"kind.{face['kind']}"), concerned, square_metres(face["area_m2"]))


def _gap(face: Mapping[str, Any]) -> Remark:
    return Remark(tr("空隙"), "", square_metres(face["area_m2"]))


def _near_miss(miss: Mapping[str, Any]) -> Remark:
    distance = tr("{mm} 毫米", mm=f"{1000 * miss['distance_m']:.0f}")
    return Remark(sentence("kind.near_miss"), tr("、").join(miss["areas"]), distance)


def warnings_of(told: Mapping[str, Any]) -> list[str]:
    """Return the warnings on the file as a whole."""
    return [problem_words(problem) for problem in told["warnings"]]


def doubts_of(snapshot: Snapshot, preview: ImportPreview) -> list[str]:
    """Return what looks as if the user hadn't meant it: levels left out, data far away."""
    said = []
    if preview.far is not None:
        said.append(_far_words(preview.far))
    skipped = preview.skipped
    if skipped is not None:
        missing = tr("、").join(meaning_words(snapshot, level) for level in skipped.missing)
        said.append(
            tr(
                "没有{missing}：{n} 个{level}将直接归在{parent}下。如果漏了{missing}，请先导入它。",
                n=skipped.count,
                missing=missing,
                level=meaning_words(snapshot, preview.told["level"]),
                parent=level_words(snapshot, skipped.parent),
            )
        )
    return said


def _far_words(far: FarAway) -> str:
    place = tr("经度 {lon}°、纬度 {lat}°", lon=f"{far.lon:.1f}", lat=f"{far.lat:.1f}")
    if far.km is None:
        return tr(
            "这些数据不在中国境内（{place}），而项目有中国的区划代码。文件或坐标的读法可能选错了。",
            place=place,
        )
    return tr(
        "这些数据离项目里已有的土地约 {km} 公里（{place}）。文件或坐标的读法可能选错了。",
        km=f"{far.km:,.0f}",
        place=place,
    )


def _total(faces: list[Mapping[str, Any]]) -> float:
    return float(sum(face["area_m2"] for face in faces))


def _fact(count: int, words: str, role: str = "") -> Fact:
    return Fact(f"{count:,}", words, role)
