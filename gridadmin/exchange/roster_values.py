"""Cells of a roster as the values that are kept: names, phones, dates, levels."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from gridadmin.base.errors import InputError
from gridadmin.domain.scheme import Scheme
from gridadmin.exchange.roster_file import Cell, as_text
from gridadmin.exchange.roster_identity import HIDDEN, holds_identity_number

_LONGEST = 200
_LONGEST_NAME = 30
_ODD_IN_NAME = re.compile(r"[0-9@#$%^&*=+<>?!？！:：;；/\\|、,，。]")
_A_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,4}(?:[(（].*[)）])?")
_BETWEEN_NAMES = re.compile(r"[、,，。;；/\\|\n\r]")
_EXACT = 1e15
_EPOCH = date(1899, 12, 30)
_FIRST_DAY, _LAST_DAY = 10_000, 80_000
"""Days that Excel counts from 1899-12-30, as far as they can be dates of a roster: 1927 to 2119."""
_DATE = re.compile(r"(\d{4})[年./\-](\d{1,2})(?:[月./\-](\d{1,2})日?)?月?")
_DIGITS_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_OPEN = ("长期", "至今", "无", "无固定期限", "-", "—", "/", "今")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_MOBILE_IN_TEXT = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_AREA_CODE = re.compile(r"0\d{9,11}")
_LOCAL = re.compile(r"\d{7,8}|[48]00\d{7}")
_GENDERS = {"男": "男", "女": "女", "男性": "男", "女性": "女", "M": "男", "F": "女"}
_YES_NO = {
    "是": True, "专职": True, "全职": True, "√": True, "否": False, "兼职": False, "非专职": False,
}  # fmt: skip
_LEVELS = {
    "none": ("无", "未持证", "无证", "没有"),
    "assistant": ("助理社会工作师", "助理社工师", "助理", "初级", "初级社会工作师", "助理级"),
    "intermediate": ("社会工作师", "社工师", "中级", "中级社会工作师"),
    "senior": ("高级社会工作师", "高级社工师", "高级"),
}
CERTIFICATE_NAMES = {key: names[0] for key, names in _LEVELS.items()}
_CERTIFICATES = {name: key for key, names in _LEVELS.items() for name in names}


def squeezed(value: Cell) -> str:
    """Return a cell as text without any blanks or invisible signs, full-width forms made plain."""
    text = "".join(unicodedata.normalize("NFKC", as_text(value)).split())
    if text.isprintable():
        return text
    return "".join(c for c in text if unicodedata.category(c) != "Cf")


def shown(key: str | None, value: Cell) -> str:
    """Return how a list of mistakes shows a cell: phones masked, identity numbers hidden."""
    if holds_identity_number(value):
        return HIDDEN
    said = without_phones(" ".join(as_text(value).split()))
    if key in ("own_phone", "duty_phone"):
        return _hidden_middle(said)
    return said if len(said) <= _SHOWN else f"{said[: _SHOWN - 1]}…"


_SHOWN = 60


def without_phones(text: str) -> str:
    """Return a text in which mobile numbers are masked."""
    return _MOBILE_IN_TEXT.sub(r"\1****\2", text)


def _hidden_middle(text: str) -> str:
    """Return a phone number without what lies between its first three and last four digits."""
    at = [place for place, sign in enumerate(text) if sign.isdigit()]
    hidden = set(at[3:-4]) if len(at) > _SHORT else set()
    return "".join("*" if place in hidden else sign for place, sign in enumerate(text))


_SHORT = 7


def value_of(scheme: Scheme, key: str, cell: Cell) -> Any:
    """Return what is kept of a cell that holds something; None says that it says nothing.

    Raises: InputError of family ``roster``.
    """
    if holds_identity_number(cell):
        raise InputError("roster.identity_number")
    return _VALUES.get(key, _text)(scheme, cell)


def phone_tail(cell: Cell) -> str:
    """Return the last four digits of a phone number, masked or not; empty when there are fewer."""
    digits = re.sub(r"\D", "", squeezed(cell))
    return digits[-4:] if len(digits) >= _TAIL else ""


_TAIL = 4


def _text(_: Scheme, cell: Cell) -> str:
    text = " ".join(unicodedata.normalize("NFC", as_text(cell)).split())
    text = "".join(c for c in text if c.isprintable())
    if len(text) > _LONGEST:
        raise InputError("roster.too_long", most=_LONGEST)
    return text


def _name(_: Scheme, cell: Cell) -> str:
    name = squeezed(cell)
    parts = [squeezed(part) for part in _BETWEEN_NAMES.split(as_text(cell))]
    if len(parts) > 1 and all(_A_NAME.fullmatch(part) for part in parts):
        raise InputError("roster.several_names", count=len(parts))
    if name.isascii():
        name = " ".join(as_text(cell).split())
    name = name.replace("•", "·").replace("・", "·").replace("(虚构)", "（虚构）")
    if not name or _ODD_IN_NAME.search(name) or len(name) > _LONGEST_NAME:
        raise InputError("roster.bad_name")
    return name


def _staff_number(_: Scheme, cell: Cell) -> str:
    if isinstance(cell, float) and abs(cell) >= _EXACT:
        raise InputError("roster.digits_lost")
    text = squeezed(cell)
    if re.fullmatch(r"\d(\.\d+)?[eE]\+?\d{2}", text):
        raise InputError("roster.digits_lost")
    return text


def _phone(_: Scheme, cell: Cell) -> str | None:
    """Return a phone number; a masked one says nothing that could be kept."""
    text = squeezed(cell)
    if "**" in text:
        return None
    said = re.sub(r"[()]", "", text).replace("—", "-").replace("－", "-")
    plain = re.sub(r"[-]", "", said).removeprefix("+86")
    if len(plain) == _WITH_COUNTRY and plain.startswith("86"):
        plain = plain.removeprefix("86")
    if not plain.isdigit() or not said.replace("+", "").replace("-", "").isdigit():
        raise InputError("roster.bad_phone", digits=sum(c.isdigit() for c in text))
    if _MOBILE.fullmatch(plain):
        return plain
    if _AREA_CODE.fullmatch(plain) or _LOCAL.fullmatch(plain):
        return said
    raise InputError("roster.bad_phone", digits=len(plain))


_WITH_COUNTRY = 13


def _gender(_: Scheme, cell: Cell) -> Any:
    return _one_of(_GENDERS, squeezed(cell).upper(), "男、女")


def _certificate(_: Scheme, cell: Cell) -> Any:
    return _one_of(_CERTIFICATES, squeezed(cell), "、".join(CERTIFICATE_NAMES.values()))


def _full_time(_: Scheme, cell: Cell) -> Any:
    return _one_of(_YES_NO, squeezed(cell), "专职、兼职")


def _roster_kind(scheme: Scheme, cell: Cell) -> Any:
    if not scheme.roster_kinds:
        return None
    names = {one.zh: one.key for one in scheme.roster_kinds}
    return _one_of(names, squeezed(cell), "、".join(names))


def _one_of(names: Mapping[str, Any], text: str, known: str) -> Any:
    if text not in names:
        raise InputError("roster.not_one_of", known=known)
    return names[text]


def _begins(_: Scheme, cell: Cell) -> str | None:
    first, _last = _days(cell)
    return None if first is None else first.isoformat()


def _ends(_: Scheme, cell: Cell) -> str | None:
    """Return the first day after the one that a roster names as the last."""
    _first, last = _days(cell)
    return None if last is None else (last + timedelta(days=1)).isoformat()


def last_day(valid_to: str) -> str:
    """Return the last day that something holds, as a roster says it."""
    return (date.fromisoformat(valid_to) - timedelta(days=1)).isoformat()


def _days(cell: Cell) -> tuple[date | None, date | None]:
    """Return the first and the last day that a cell means: both of a month without a day.

    Raises: InputError ``roster.bad_date``.
    """
    if isinstance(cell, float) and cell.is_integer() and _FIRST_DAY <= cell <= _LAST_DAY:
        day = _EPOCH + timedelta(days=int(cell))
        return day, day
    if isinstance(cell, float) and repr(cell).endswith(".1"):
        # 2025.10 typed as a number is 2025.1: nobody can tell October from January.
        raise InputError("roster.bad_date")
    text = squeezed(cell)
    if text in _OPEN:
        return None, None
    text = re.sub(r"(?<=\d)T?\d\d:\d\d(:\d\d)?$", "", text)
    found = _DATE.fullmatch(text) or _DIGITS_DATE.fullmatch(text)
    if found is None:
        raise InputError("roster.bad_date")
    year, month, number = (None if part is None else int(part) for part in found.groups())
    try:
        first = date(year or 0, month or 0, number or 1)
        if number is not None:
            return first, first
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return first, after - timedelta(days=1)
    except ValueError as fault:
        raise InputError("roster.bad_date") from fault


_VALUES: Mapping[str, Callable[[Scheme, Cell], Any]] = {
    "name": _name,
    "staff_number": _staff_number,
    "own_phone": _phone,
    "duty_phone": _phone,
    "gender": _gender,
    "certificate_level": _certificate,
    "is_full_time": _full_time,
    "roster_kind": _roster_kind,
    "valid_from": _begins,
    "valid_to": _ends,
}
