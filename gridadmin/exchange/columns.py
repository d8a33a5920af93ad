"""Which column of a file is the code, the name, the parent…: guessed from headers and values.

A guess is shown in the preview and can be overruled; nothing is decided silently here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gridadmin.exchange.source import as_text

_SAMPLE = 500
_SEPARATORS = re.compile(r"[\s_\-./()（）:：]+")
_CODE = re.compile(r"[0-9]{2,12}([A-Z]?[0-9]{1,10})?")
_LEVELS = {
    2: "province",
    4: "city",
    6: "district",
    9: "street",
    12: "community",
    15: "grid",
    17: "micro_grid",
}
"""Level by length of code: statistical codes up to 12 digits, then the default template."""

_HEADERS: Mapping[str, tuple[str, str]] = {
    # role: headers that say it outright, then parts of headers that hint at it
    "parent": (
        "上级编码 上级代码 上级 父级 父级编码 parent parentcode pcode parentid",
        "上级 父级 所属 隶属 parent",
    ),
    "households": (
        "户数 总户数 居民户数 常住户数 家庭户数 households householdcount hushu hs",
        "户数 household",
    ),
    "kind": ("类型 类别 网格类型 网格类别 种类 kind type gridtype wglx", "类型 类别"),
    "level": ("级别 层级 等级 行政级别 level adminlevel jb", "级别 层级 level"),
    "code": (
        (
            "编码 代码 编号 区划代码 行政区划代码 统计用区划代码 网格编码 网格代码 网格编号"
            " 社区编码 社区代码 code code12 gridcode gridid divisioncode adcode"
            " xzqdm sqdm wgbm wgdm wgbh qhdm bm dm"
        ),
        "编码 代码 编号 code",
    ),
    "name": (
        "名称 网格名称 社区名称 村社区名称 单位名称 名字 name namezh gridname xzqmc sqmc wgmc mc",
        "名称 name",
    ),
}
_ROW_NUMBERS = frozenset({"fid", "id", "objectid", "ogcfid", "oid", "gid", "osmid", "uid"})
_BY_HEADER_ALONE = ("name", "households", "level", "kind")
_BY_HEADER, _BY_VALUES, _BY_BOTH = "header", "values", "header and values"


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """The column of each role, None where none looks like it.

    ``code_level`` is the level that the length of the codes tells; ``reasons`` says of each
    guessed role whether header, values or both spoke for it.
    """

    code: str | None = None
    name: str | None = None
    parent: str | None = None
    level: str | None = None
    kind: str | None = None
    households: str | None = None
    code_level: str | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)


def guess_columns(columns: Mapping[str, Sequence[object]]) -> ColumnGuess:
    """Return which column plays which role."""
    texts = {name: _sample(values) for name, values in columns.items()}
    code, code_reason = _code_column(texts)
    rest = {name: values for name, values in texts.items() if name != code}
    parent, parent_reason = _parent_column(rest, texts.get(code or ""))
    reasons = {"code": code_reason, "parent": parent_reason}
    taken: set[str | None] = {parent}
    found: dict[str, str | None] = dict.fromkeys(_BY_HEADER_ALONE)
    for role in _BY_HEADER_ALONE:
        free = {name: values for name, values in rest.items() if name not in taken}
        found[role] = _best_by_header(free, role, needs_number=role == "households")
        taken.add(found[role])
        reasons[role] = _BY_HEADER if found[role] else ""
    chinese = _chinese_names({key: rest[key] for key in rest if key not in taken})
    if found["name"] is None and chinese is not None:
        found["name"] = chinese
        reasons["name"] = _BY_VALUES
    return ColumnGuess(
        code=code,
        name=found["name"],
        parent=parent,
        level=found["level"],
        kind=found["kind"],
        households=found["households"],
        code_level=level_of_codes(texts.get(code or "", [])),
        reasons={role: reason for role, reason in reasons.items() if reason},
    )


def level_of_codes(codes: Sequence[str | None]) -> str | None:
    """Return the level of codes by their length; zeros at the end of 12 digits lift it."""
    present = [code for code in codes if code]
    lengths = {len(code) for code in present}
    if len(lengths) != 1 or not all(code.isdigit() for code in present):
        return None
    length = lengths.pop()
    if length == 12:
        for tail, level in ((6, "district"), (3, "street")):
            if all(code.endswith("0" * tail) for code in present):
                return level
    return _LEVELS.get(length)


def _sample(values: Sequence[object]) -> list[str | None]:
    return [as_text(value) for value in values[:_SAMPLE]]


def _code_column(texts: Mapping[str, list[str | None]]) -> tuple[str | None, str]:
    scores = {}
    for name, values in texts.items():
        by_header = _header_score(name, "code")
        if _header_score(name, "parent") or _plain(name) in _ROW_NUMBERS:
            continue
        by_values = _code_score(values)
        if by_header + by_values > 1 and (by_values > 0 or not any(values)):
            scores[name] = (by_header + by_values, _typical_length(values))
    if not scores:
        return None, ""
    # Of several code columns the longest, most detailed one is the area's own.
    best = max(scores, key=lambda name: (scores[name][0] > 2, scores[name][1], scores[name][0]))
    if not _header_score(best, "code"):
        return best, _BY_VALUES
    return best, _BY_BOTH if _code_score(texts[best]) else _BY_HEADER


def _code_score(values: list[str | None]) -> int:
    """2 for digits of a length that codes have, each once; 1 for code-like text; else 0."""
    present = [value for value in values if value]
    if not present or not all(_CODE.fullmatch(value) for value in present):
        return 0
    is_unique = len(set(present)) == len(present)
    has_code_length = {len(value) for value in present} <= {6, 9, 12, 15, 16, 17, 18, 20}
    return 2 if is_unique and has_code_length else 1 if is_unique or has_code_length else 0


def _typical_length(values: list[str | None]) -> int:
    return max((len(value) for value in values if value), default=0)


def _parent_column(
    texts: Mapping[str, list[str | None]], codes: list[str | None] | None
) -> tuple[str | None, str]:
    prefixes = [name for name, values in texts.items() if codes and _is_prefix(values, codes)]
    if prefixes:
        best = max(
            prefixes, key=lambda name: (_typical_length(texts[name]), _header_score(name, "parent"))
        )
        return best, _BY_BOTH if _header_score(best, "parent") else _BY_VALUES
    best_by_header = _best_by_header(texts, "parent")
    return best_by_header, _BY_HEADER if best_by_header else ""


def _is_prefix(parents: list[str | None], codes: list[str | None]) -> bool:
    """Whether every code begins with the value beside it, zeros at the end of the value aside."""
    pairs = [(parent, code) for parent, code in zip(parents, codes, strict=True) if parent and code]
    return bool(pairs) and all(
        len(parent) >= 4
        and parent.isdigit()
        and parent != code
        and code.startswith(parent.rstrip("0") if len(parent) == 12 else parent)
        for parent, code in pairs
    )


def _best_by_header(
    texts: Mapping[str, list[str | None]], role: str, *, needs_number: bool = False
) -> str | None:
    scores = {name: _header_score(name, role) for name in texts}
    fitting = [
        name
        for name, score in scores.items()
        if score and (not needs_number or _are_numbers(texts[name]))
    ]
    return max(fitting, key=lambda name: (scores[name], -list(texts).index(name)), default=None)


def _header_score(header: str, role: str) -> int:
    plain = _plain(header)
    outright, hints = _HEADERS[role]
    if plain in outright.split():
        return 3
    return 1 if any(hint in plain for hint in hints.split()) else 0


def _plain(header: str) -> str:
    return _SEPARATORS.sub("", header.lower())


def _are_numbers(values: list[str | None]) -> bool:
    return all(re.fullmatch(r"\d+(\.0*)?", value) for value in values if value)


def _chinese_names(texts: Mapping[str, list[str | None]]) -> str | None:
    """The column whose values are mostly distinct Chinese words."""
    for name, values in texts.items():
        present = [value for value in values if value]
        chinese = [value for value in present if re.search(r"[\u4e00-\u9fff]", value)]
        if present and len(chinese) > 0.8 * len(present) and len(set(present)) > 0.6 * len(present):
            return name
    return None
