"""The reader of pypinyin with its words, read in portions.

Its 47,000 words lie in one JSON file that takes a tenth of a second to parse, and for as long
nothing else in the program goes on. Here they come a few at a time.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from threading import Lock

Reader = Callable[[str], list[str]]
"""Returns the pinyin of each character of a text, without tones."""

_WITHOUT = "PYPINYIN_NO_PHRASES"
"""With this in the environment the library is imported without its words."""
_END = re.compile(r'\],\s*(?=")')
"""Where one word ends and the next begins."""
_AT_ONCE = 100_000
"""So many characters of the file are parsed in two or three milliseconds."""
_lock = Lock()


def reader() -> Reader:
    """Return the reader; the first call takes a few tenths of a second."""
    with _lock:
        return _made()


@cache
def _made() -> Reader:
    was = os.environ.get(_WITHOUT)
    os.environ[_WITHOUT] = "1"
    try:
        import pypinyin
        from pypinyin.constants import PHRASES_DICT
    finally:
        if was is None:
            del os.environ[_WITHOUT]
    if not PHRASES_DICT and was is None:
        file = Path(pypinyin.__file__).with_name("phrases_dict.json")
        for words in portions_of(file.read_text(encoding="utf-8")):
            PHRASES_DICT.update(words)
        # Lets the library take note of all of them, which it does word by word.
        pypinyin.load_phrases_dict({})
    return pypinyin.lazy_pinyin


def portions_of(text: str, at_once: int = _AT_ONCE) -> Iterator[dict[str, list[list[str]]]]:
    """Yield an object of JSON whose values are lists in portions, each parsed by itself."""
    start, end = text.index("{") + 1, text.rindex("}")
    while start < end:
        found = _END.search(text, min(start + at_once, end), end)
        stop = end if found is None else found.start() + 1
        yield json.loads("{" + text[start:stop] + "}")
        start = end if found is None else found.end()
