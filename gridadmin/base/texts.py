"""Sentences by code and language, from ``resources/texts/{zh,en}.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from gridadmin.base.errors import GridAdminError
from gridadmin.base.paths import RESOURCES

LANGUAGES = ("zh", "en")


@cache
def table(lang: str) -> Mapping[str, str]:
    """Return the sentences of one language by full code, such as ``edit.locked``."""
    with (RESOURCES / "texts" / f"{lang}.toml").open("rb") as file:
        families: dict[str, dict[str, Any]] = tomllib.load(file)
    return {
        f"{family}.{name}": str(text)
        for family, entries in families.items()
        for name, text in entries.items()
    }


def sentence(code: str, lang: str, params: Mapping[str, object] | None = None) -> str:
    """Return the sentence of *code* with its parameters filled in.

    An unknown code returns itself: a missing sentence must never hide the fault that it tells of.
    """
    text = table(lang).get(code)
    if text is None:
        return f"{code} {dict(params)}" if params else code
    said = {name: _said(value, lang) for name, value in (params or {}).items()}
    return text.format_map(_Lenient(said))


@dataclass(frozen=True)
class Counts:
    """A parameter that is a list of things by code and how many of each there are."""

    items: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Reason:
    """A parameter that is said by a code of its own."""

    code: str


def _said(value: object, lang: str) -> object:
    if isinstance(value, Reason):
        return sentence(value.code, lang)
    if not isinstance(value, Counts):
        return value
    between = "、" if lang == "zh" else ", "
    return between.join(f"{sentence(code, lang)} {count}" for code, count in value.items)


def explain(error: GridAdminError, lang: str) -> str:
    """Return the sentence of *error* in *lang*."""
    return sentence(error.code, lang, error.params)


class _Lenient(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
