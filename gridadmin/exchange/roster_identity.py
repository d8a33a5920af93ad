"""Identity numbers in a roster: found wherever they hide, and never handed on.

Nothing here keeps, logs or returns a number.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from stdnum.cn import ric

from gridadmin.exchange.roster_file import Cell

HIDDEN = "******"
_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
_BETWEEN_DIGITS = re.compile(r"(?<=[\dXx])[\s\-_.]+(?=[\dXx])")
_LEAST_FLOAT, _MOST_FLOAT = 1e17, 1e18


def holds_identity_number(value: Cell) -> bool:
    """Return whether a cell holds an identity number, by pattern, birthday and check digit.

    Of a number that a spreadsheet has rounded the check digit is lost; its birthday says enough.
    """
    if value is None:
        return False
    if isinstance(value, float):
        return _LEAST_FLOAT <= value < _MOST_FLOAT and _has_birthday(f"{value:.0f}")
    text = unicodedata.normalize("NFKC", value)
    if len(text) < _LENGTH:
        return False
    texts = (text, _BETWEEN_DIGITS.sub("", text))
    return any(_is_number(found) for one in texts for found in _NUMBER.findall(one))


_LENGTH = 18


def _is_number(number: str) -> bool:
    return _has_birthday(number) and ric.calc_check_digit(number.upper()) == number[-1].upper()


def _has_birthday(number: str) -> bool:
    try:
        day = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return _FIRST_YEAR <= day.year <= _LAST_YEAR and number[0] in "123456789"


_FIRST_YEAR, _LAST_YEAR = 1800, 2100
