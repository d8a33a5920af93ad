"""Names of base units, which every list writes differently.

``X社区``, ``X社区居委会``, ``X社区居民委员会`` and ``X居委会`` are one community;
``X村``, ``X村委会`` and ``X村民委员会`` are one village.
``X社区`` and ``X村`` often stand side by side in one town and are two.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_COMMUNITY = "社区"
_VILLAGE = "村"
_COMMUNITY_ENDINGS = (
    "社区居民委员会",
    "社区居委会",
    # A slip of the pen in the official list of 2023, for 社区居委会.
    "社会居委会",
    "居民委员会",
    "居委会",
    "社区",
)
_VILLAGE_ENDINGS = ("村民委员会", "村委会", "村")


def normal_name(text: str) -> str:
    """Return the form of a base unit's name that is equal for all ways to write it.

    The form ends in 社区 or 村; a name with neither keeps its own ending. Blanks, invisible
    characters and full-width forms are removed. A name that is only an ending stays as it is.
    """
    name = _squeezed(text)
    community = _without(name, _COMMUNITY_ENDINGS)
    if community:
        return _once(community, _COMMUNITY)
    village = _without(name, _VILLAGE_ENDINGS)
    if not village:
        return name
    return _once(village, _VILLAGE)


def stem(text: str) -> str:
    """Return the name without any ending: what ``X``, ``X社区`` and ``X村`` have in common."""
    name = normal_name(text)
    for ending in (_COMMUNITY, _VILLAGE):
        if name.endswith(ending) and name != ending:
            return name.removesuffix(ending)
    return name


def same_place(a: str, b: str) -> bool:
    """Return whether two lists mean the same base unit by *a* and *b*; a blank name means none."""
    normal = normal_name(a)
    return normal != "" and normal == normal_name(b)


def alike(name: str, candidates: Iterable[str]) -> list[str]:
    """Return those of *candidates* that *name* may mean, in their order.

    They are the ones of the same place; if there are none, the ones with the same stem, for lists
    that leave endings out or kept 村 after a village became a community. More than one must be
    asked about.
    """
    listed = list(candidates)
    same = [candidate for candidate in listed if same_place(name, candidate)]
    wanted = stem(name)
    if same or not wanted:
        return same
    return [candidate for candidate in listed if stem(candidate) == wanted]


def _squeezed(text: str) -> str:
    wide = unicodedata.normalize("NFKC", text)
    return "".join(
        character
        for character in wide
        if not character.isspace() and unicodedata.category(character) != "Cf"
    )


def _once(name: str, ending: str) -> str:
    """Return *name* with *ending*, not twice: 福元村村委会 and 福元村委会 are both 福元村's."""
    return name if name.endswith(ending) else name + ending


def _without(name: str, endings: tuple[str, ...]) -> str:
    """Return *name* before the longest of *endings* that it has; empty when nothing is left."""
    for ending in endings:
        if name.endswith(ending):
            rest = name.removesuffix(ending)
            # 村委会 alone must not become a village whose name is empty.
            return "" if rest in ("", _COMMUNITY, _VILLAGE, "社会") else rest
    return ""
