"""Codes of areas: statistical codes of the state, and templates for what lies below a community.

A code is text, always: spreadsheets round numbers of more than 15 digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import cast

from gridadmin.base.errors import EditError, InputError, SchemeError
from gridadmin.domain.model import AreaKind

STATISTICAL_LEVELS: Mapping[int, str] = {4: "city", 6: "district", 9: "street", 12: "community"}
"""Length of a statistical code and its level. Source: 统计用区划代码, 2 + 2 + 2 + 3 + 3 digits."""

_SCIENTIFIC = re.compile(r"\d+(\.\d+)?[eE]\+\d+")
_DECIMAL = re.compile(r"\d+\.0*")
_EXACT_DIGITS = 15
_TEMPLATE = re.compile(
    r"\{(?P<level>[a-z_]+)\}(?P<before>[^{}]*)(?P<letter>\{letter\})?(?P<between>[^{}]*)"
    r"\{seq:0(?P<width>[1-9])\}"
)


class StreetClass(StrEnum):
    """What stands on the level of streets, by digits 7 to 9 of the code."""

    STREET = "street"
    TOWN = "town"
    TOWNSHIP = "township"
    SIMILAR = "similar"


_STREET_CLASSES = (
    (1, 99, StreetClass.STREET),
    (100, 199, StreetClass.TOWN),
    (200, 399, StreetClass.TOWNSHIP),
    (400, 599, StreetClass.SIMILAR),
)


@dataclass(frozen=True, slots=True)
class CodeParts:
    """What a code made by a template says; ``kind`` is None where the template doesn't mark it."""

    parent_code: str
    seq: int
    kind: AreaKind | None


@dataclass(frozen=True, slots=True)
class CodeTemplate:
    """How the code of a level follows from its parent's: ``{community}{seq:03}``.

    A level's key, then literal text, then ``{letter}`` if wanted, then ``{seq:0N}``. Exclusive
    areas are told apart by numbers from *exclusive_from* on, or by *exclusive_letter* in place of
    ``{letter}`` (general ones have nothing there), or not at all.

    Raises: SchemeError ``scheme.template_shape``, ``scheme.template_letter``,
    ``scheme.template_exclusive``.
    """

    template: str
    exclusive_from: int | None = None
    exclusive_letter: str = ""

    def __post_init__(self) -> None:
        shape = _TEMPLATE.fullmatch(self.template)
        if shape is None:
            raise SchemeError("scheme.template_shape", template=self.template)
        has_letter = shape["letter"] is not None
        if has_letter != bool(self.exclusive_letter) or self.exclusive_letter.isdigit():
            raise SchemeError(
                "scheme.template_letter", template=self.template, letter=self.exclusive_letter
            )
        if self.exclusive_from is not None and not 1 < self.exclusive_from <= self.last_seq:
            raise SchemeError(
                "scheme.template_exclusive",
                template=self.template,
                start=self.exclusive_from,
                last=self.last_seq,
            )

    @property
    def parent_level(self) -> str:
        """The level whose code comes first."""
        return _shape(self.template)["level"]

    @property
    def last_seq(self) -> int:
        """The highest number that fits the width."""
        return int(10 ** int(_shape(self.template)["width"])) - 1

    def numbers(self, kind: str) -> range:
        """Return the numbers that areas of *kind* may bear."""
        if self.exclusive_from is None:
            return range(1, self.last_seq + 1)
        if kind == AreaKind.EXCLUSIVE:
            return range(self.exclusive_from, self.last_seq + 1)
        return range(1, self.exclusive_from)

    def make(self, parent_code: str, seq: int, kind: str = AreaKind.GENERAL) -> str:
        """Return the code of number *seq* under *parent_code*, the code of :attr:`parent_level`.

        Raises: EditError ``edit.code_number`` when areas of *kind* may not bear that number.
        """
        numbers = self.numbers(kind)
        if seq not in numbers:
            raise EditError(
                "edit.code_number",
                number=seq,
                parent=parent_code,
                first=numbers.start,
                last=numbers.stop - 1,
            )
        shape = _shape(self.template)
        letter = self.exclusive_letter if kind == AreaKind.EXCLUSIVE else ""
        return (
            f"{parent_code}{shape['before']}{letter}{shape['between']}{seq:0{int(shape['width'])}}"
        )

    def parse(self, code: str) -> CodeParts | None:
        """Return the parts of *code*, or None when this template can't have made it."""
        found = _pattern(self.template, self.exclusive_letter).fullmatch(code)
        if found is None or not (seq := int(found["seq"])):
            return None
        if self.exclusive_letter:
            kind = AreaKind.EXCLUSIVE if found["letter"] else AreaKind.GENERAL
        elif self.exclusive_from is not None:
            kind = AreaKind.EXCLUSIVE if seq >= self.exclusive_from else AreaKind.GENERAL
        else:
            return CodeParts(found["parent"], seq, None)
        return CodeParts(found["parent"], seq, kind) if seq in self.numbers(kind) else None

    def matches(self, code: str, parent_code: str) -> bool:
        """Return whether *code* is one that this template makes under *parent_code*."""
        parts = self.parse(code)
        return parts is not None and parts.parent_code == parent_code


def next_free(
    template: CodeTemplate,
    parent_code: str,
    taken: Iterable[str],
    kind: str = AreaKind.GENERAL,
) -> str:
    """Return the code for a new area of *kind* under *parent_code*.

    *taken* holds the codes in force and the retired ones, of any parent. The number after the
    highest comes first: a hole in a list that somebody brought is most likely a code that was
    retired before the project began. Holes are filled only when the numbers have run out.

    Raises: EditError ``edit.no_free_code``.
    """
    numbers = template.numbers(kind)
    used = set()
    for code in taken:
        parts = template.parse(code) if code.startswith(parent_code) else None
        # Where a letter tells the kinds apart, each kind counts for itself.
        if (
            parts is not None
            and parts.parent_code == parent_code
            and parts.kind in (None, kind)
            and parts.seq in numbers
        ):
            used.add(parts.seq)
    after_highest = max(used, default=numbers.start - 1) + 1
    if after_highest in numbers:
        return template.make(parent_code, after_highest, kind)
    for seq in numbers:
        if seq not in used:
            return template.make(parent_code, seq, kind)
    raise EditError("edit.no_free_code", parent=parent_code, last=numbers.stop - 1)


def read_code(text: str) -> str:
    """Return *text* as a code: blanks, full-width forms and a spreadsheet's leading ``'`` removed.

    Raises: InputError ``input.code_scientific``, ``input.code_decimal``, ``input.code_rounded`` for
    what a spreadsheet leaves of a code that it took for a number.
    """
    code = "".join(unicodedata.normalize("NFKC", text).split()).lstrip("'")
    if _SCIENTIFIC.fullmatch(code):
        raise InputError("input.code_scientific", value=text)
    if _DECIMAL.fullmatch(code):
        raise InputError("input.code_decimal", value=text)
    lost = code[_EXACT_DIGITS:]
    # A single 0 can be a number such as 10; two and more stand for digits that were rounded away.
    if code.isdigit() and len(lost) > 1 and not lost.strip("0"):
        raise InputError("input.code_rounded", value=text)
    return code


def short_code(code: str) -> str:
    """Return a statistical code without the zeros that fill it up to 12 digits.

    ``510114000000`` becomes ``510114``; every other code stays as it is.
    """
    if len(code) != 12 or not code.isdigit():
        return code
    for above, own in ((9, 12), (6, 9), (4, 6), (2, 4)):
        if code[above:].strip("0"):
            return code[:own]
    return code[:2]


def street_class(code: str) -> StreetClass | None:
    """Return the class that digits 7 to 9 of *code* name; None outside the ranges."""
    digits = code[6:9]
    if len(digits) < 3 or not digits.isdigit():
        return None
    for first, last, name in _STREET_CLASSES:
        if first <= int(digits) <= last:
            return name
    return None


def level_of_code(code: str, templates: Mapping[str, CodeTemplate] | None = None) -> str | None:
    """Return the level that *code* belongs to, by its form alone; None when no level has that form.

    *templates* are those of a scheme, by level; without them only statistical codes are known.
    """
    short = short_code(code)
    if short.isdigit() and short.isascii() and len(short) in STATISTICAL_LEVELS:
        return STATISTICAL_LEVELS[len(short)]
    made = _made_by(code, templates or {})
    return None if made is None else made[0]


def parent_code(code: str, templates: Mapping[str, CodeTemplate] | None = None) -> str | None:
    """Return the code of the next level up that *code* begins with; None for a city.

    None as well for a code of unknown form. The parent need not exist: a place without streets
    still has digits 7 to 9.
    """
    short = short_code(code)
    if short.isdigit() and short.isascii() and len(short) in STATISTICAL_LEVELS:
        return {12: short[:9], 9: short[:6], 6: short[:4]}.get(len(short))
    made = _made_by(code, templates or {})
    return None if made is None else made[1]


def ancestor_codes(
    code: str, templates: Mapping[str, CodeTemplate] | None = None
) -> tuple[str, ...]:
    """Return the codes of all levels above *code*, nearest first."""
    above = []
    parent = parent_code(code, templates)
    while parent is not None:
        above.append(parent)
        parent = parent_code(parent, templates)
    return tuple(above)


def _made_by(code: str, templates: Mapping[str, CodeTemplate]) -> tuple[str, str] | None:
    """Return level and parent code of a code that one of *templates* made."""
    for level, template in templates.items():
        parts = template.parse(code)
        if parts and level_of_code(parts.parent_code, templates) == template.parent_level:
            return level, parts.parent_code
    return None


@cache
def _shape(template: str) -> re.Match[str]:
    # The template was matched once before, when it was made.
    return cast("re.Match[str]", _TEMPLATE.fullmatch(template))


@cache
def _pattern(template: str, exclusive_letter: str) -> re.Pattern[str]:
    shape = _shape(template)
    return re.compile(
        rf"(?P<parent>.+?){re.escape(shape['before'])}"
        rf"(?P<letter>{re.escape(exclusive_letter)})?{re.escape(shape['between'])}"
        rf"(?P<seq>[0-9]{{{shape['width']}}})"
    )
