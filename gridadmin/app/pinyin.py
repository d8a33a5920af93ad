"""How Chinese names are typed in Latin letters: their pinyin without tones, and its initials."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import islice, product
from typing import NamedTuple

from gridadmin.base.pinyin_words import reader

_HAN = re.compile("([\u3400-\u9fff]+)")

_PLACE_READINGS = {
    "长": ("chang", "zhang"),
    "重": ("chong", "zhong"),
    "乐": ("le", "yue"),
    "行": ("hang", "xing"),
    "厦": ("sha", "xia"),
    "朝": ("chao", "zhao"),
    "都": ("du", "dou"),
    "会": ("hui", "kuai"),
    "单": ("dan", "shan"),
    "曾": ("zeng", "ceng"),
    "区": ("qu", "ou"),
    "圩": ("wei", "xu"),
    "番": ("fan", "pan"),
    "埔": ("pu", "bu"),
    "弄": ("long", "nong"),
    "巷": ("xiang", "hang"),
    "堡": ("bao", "pu", "bu"),
    "车": ("che", "ju"),
    "查": ("cha", "zha"),
    "解": ("jie", "xie"),
    "调": ("tiao", "diao"),
    "石": ("shi", "dan"),
}
"""Characters of place names that people read in more than one way; both must find the place."""

_MANY_RUNS = 20_000
"""Beyond so many different stretches of Chinese, each character is read by itself: 20 times
quicker, and wrong for the few whose reading depends on the word."""

_MOST_READINGS = 4


class Keys(NamedTuple):
    """What finds a name: syllables, each after a ``'``, and initials; readings by blanks."""

    full: str
    initials: str


def keys_of(text: str) -> Keys:
    """Return the keys of *text*; letters and digits of other scripts stand for themselves."""
    choices = [_readings(run) if _HAN.match(run) else (_plain(run),) for run in _runs(text)]
    found = list(islice(product(*choices), _MOST_READINGS))
    full = " ".join("".join(part.full for part in one) for one in found)
    initials = " ".join("".join(part.initials for part in one) for one in found)
    return Keys(full, initials)


def pattern_of(typed: str) -> str:
    """Return the regular expression that finds *typed* in the syllables of :class:`Keys`.

    It begins where a syllable begins, so that "an" is no part of "wang".
    """
    return "'" + "'?".join(re.escape(letter) for letter in typed)


def _runs(text: str) -> list[str]:
    return [run for run in _HAN.split(text) if run]


@lru_cache(_MANY_RUNS)
def _plain(run: str) -> Keys:
    return _joined(re.findall("[a-z]+|[0-9]+", run.lower()))


def _joined(syllables: Sequence[str]) -> Keys:
    initials = (one if one[0].isdigit() else one[0] for one in syllables)
    return Keys("".join(f"'{one}" for one in syllables), "".join(initials))


def _readings(run: str) -> tuple[Keys, ...]:
    if _by_words.cache_info().currsize < _MANY_RUNS:
        return _by_words(run)
    return _both_ways(run, [_by_itself(character) for character in run])


@cache
def _by_words(run: str) -> tuple[Keys, ...]:
    usual = reader()(run)
    if len(usual) != len(run):
        # A stretch of characters that it doesn't know comes back in one piece.
        usual = [_by_itself(character) for character in run]
    return _both_ways(run, usual)


@cache
def _by_itself(character: str) -> str:
    return reader()(character)[0]


def _both_ways(run: str, usual: Sequence[str]) -> tuple[Keys, ...]:
    """Return the usual reading of *run* first, then those with other readings of its characters."""
    choices = [
        (reading, *(other for other in _PLACE_READINGS.get(character, ()) if other != reading))
        for character, reading in zip(run, usual, strict=True)
    ]
    return tuple(_joined(one) for one in islice(product(*choices), _MOST_READINGS))
