"""Sheets that name several persons in one row: a grid with its chief, its member, their phones.

What tells of one person stands side by side: under a heading that names the post over both (网格长
over 姓名, 电话), behind it (网格长姓名, 网格长电话), or beside it (网格长, 电话, 网格员, 电话).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from gridadmin.exchange.roster_file import Cell

Guess = tuple[str | None, bool]
"""What a heading means, and whether that is sure."""

_POST_WORDS = """
网格长 网格员 微网格长 微网格员 总网格长 专职网格员 兼职网格员 网格信息员 网格指导员 网格督导员
专属网格长 专属网格员 社区书记 村书记 党组织书记 网格党支部书记 社区指挥长 第一书记 包片干部
包联干部 下沉干部 驻社干部 社区干部 街长 巷长 片长 楼长 店长 楼栋长 单元长 警格长 网格警员 法官
检察官 社区民警 包村干部
"""
USUAL_POSTS = frozenset(_POST_WORDS.split())
"""What offices call those who are at work in a grid, whatever the scheme."""

_NUMBER = "[0-9一二三四五六七八九]{0,2}"
_BESIDE_KEYS = """
gender political_status own_phone duty_phone staff_number job_title rank organization
certificate_level roster_kind recruited_from is_full_time
"""
_BESIDE = frozenset(_BESIDE_KEYS.split())
"""What belongs to the person to the left of it, where no heading says whose it is."""


@dataclass(frozen=True)
class Placed:
    """A heading: its words, what it means, and the block (by number) whose person it tells of."""

    title: str
    key: str | None
    is_sure: bool
    block: int | None = None


@dataclass
class _Block:
    post: str
    label: str
    keys: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Blocks:
    """The headings of a sheet, column by column, and the posts of its blocks by number."""

    placed: tuple[Placed, ...]
    posts: tuple[str, ...]

    @property
    def score(self) -> int:
        """How many headings are known, those of each block by themselves."""
        return len({(one.block, one.key) for one in self.placed if one.key is not None})


class PostWords:
    """Finds the name of a post at the beginning of a heading."""

    def __init__(self, plain: Callable[[Cell], str], posts: Collection[str] = ()) -> None:
        words = {plain(post) for post in (*posts, *USUAL_POSTS)} - {""}
        said = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
        self._pattern = re.compile(f"({said})({_NUMBER})(.*)")
        self._plain = plain

    def split(self, title: Cell) -> tuple[str, str, str] | None:
        """Return post, number and what follows; None where no post stands first."""
        found = self._pattern.fullmatch(self._plain(title)) if isinstance(title, str) else None
        return None if found is None else (found[1], found[2], found[3])


def find_blocks(
    tops: Sequence[Cell],
    titles: Sequence[Cell],
    guess: Callable[[Cell], Guess],
    words: PostWords,
) -> Blocks | None:
    """Return the blocks of a row of headings; None where it doesn't name several persons a row.

    *tops* are the headings over *titles*, each up to the next one; all None where there is one row.
    A single block counts where its heading is nothing but a post, such as 网格长.
    """
    maker = _Maker(guess, words)
    group: Cell = None
    for top, title in zip(tops, titles, strict=True):
        if top is not None:
            group = top
        maker.put(group if title is not None else None, title if title is not None else top)
    return maker.made()


class _Maker:
    def __init__(self, guess: Callable[[Cell], Guess], words: PostWords) -> None:
        self._guess, self._words = guess, words
        self._blocks: list[_Block] = []
        self._placed: list[Placed] = []
        self._now: int | None = None
        self._group: Cell = None
        self._is_bare = False

    def put(self, group: Cell, title: Cell) -> None:
        """Take the next column: its own heading, and the one over it."""
        said = "".join(str(title or "").split())
        over = self._words.split(group)
        if over is not None and not over[2]:
            if group is not self._group:
                self._group = group
                self._begin(over[0], "".join(over[:2]))
            self._add(f"{self._label}{said}", *self._guess(title))
            return
        self._group = None
        own = self._words.split(title)
        if own is None:
            self._beside(said, title)
            return
        post, number, rest = own
        key, is_sure = ("name", True) if not rest else self._guess(rest)
        label = post + number
        known = None if self._now is None else self._blocks[self._now]
        if known is None or known.label != label or key in known.keys:
            again = self._numbered(label) if key == "name" else None
            if again is None:
                self._begin(post, label)
            else:
                self._now = again
        self._is_bare = self._is_bare or not rest
        self._add(said, key, is_sure)

    def made(self) -> Blocks | None:
        """Return what was found."""
        named = [one for one in self._blocks if "name" in one.keys]
        is_one = len(named) == 1 and self._is_bare and not self._has_other_name()
        if len(named) < len(self._blocks) or not (is_one or len(named) > 1):
            return None
        return Blocks(tuple(self._placed), tuple(one.post for one in self._blocks))

    @property
    def _label(self) -> str:
        return "" if self._now is None else self._blocks[self._now].label

    def _begin(self, post: str, label: str) -> None:
        self._blocks.append(_Block(post, label))
        self._now = len(self._blocks) - 1

    def _numbered(self, label: str) -> int | None:
        """Return a block of a label that has no name yet."""
        for number, block in enumerate(self._blocks):
            if block.label == label and "name" not in block.keys:
                return number
        return None

    def _beside(self, said: str, title: Cell) -> None:
        key, is_sure = self._guess(title)
        if self._now is not None and key in _BESIDE and key not in self._blocks[self._now].keys:
            self._add(f"{self._label}{said}", key, is_sure)
            return
        if key is not None:
            self._now = None
        self._placed.append(Placed(said, key, is_sure))

    def _add(self, said: str, key: str | None, is_sure: bool) -> None:
        block = self._blocks[self._now or 0]
        if key in block.keys:
            key, is_sure = None, False
        if key is not None:
            block.keys.add(key)
        self._placed.append(Placed(said, key, is_sure, self._now))

    def _has_other_name(self) -> bool:
        return any(one.block is None and one.key in ("name", "post") for one in self._placed)
