from __future__ import annotations

import json

import pytest

from gridadmin.base.pinyin_words import portions_of, reader

WORDS = {"重庆": [["chóng"], ["qìng"]], "银行": [["yín"], ["háng"]], "行走": [["xíng"], ["zǒu"]]}


@pytest.mark.parametrize("separators", [(",", ":"), (",\n", ": ")])
@pytest.mark.parametrize("at_once", [1, 20, 1000])
def test_portions_hold_every_word_once(at_once: int, separators: tuple[str, str]) -> None:
    text = json.dumps(WORDS, ensure_ascii=False, separators=separators)

    portions = list(portions_of(text, at_once))

    assert [word for portion in portions for word in portion] == ["重庆", "银行", "行走"]
    assert {word: signs for portion in portions for word, signs in portion.items()} == WORDS


def test_characters_are_read_as_their_word_has_them() -> None:
    assert reader()("重庆银行行走") == ["chong", "qing", "yin", "hang", "xing", "zou"]
