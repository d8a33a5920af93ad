"""What the window says: Chinese is the source, other languages are tables of translations.

A translation is a line ``"中文" = "English"`` of a TOML file under ``resources/i18n/<language>/``.
Where a language has a singular, ``"{n} household|{n} households"`` holds both; ``n`` decides.
"""

from __future__ import annotations

import tomllib
from functools import cache

from gridadmin.base import texts as core
from gridadmin.base.errors import GridAdminError
from gridadmin.base.paths import RESOURCES

SOURCE = "zh"
_chosen = [SOURCE]


def set_language(lang: str) -> None:
    """Choose the language of everything said from now on: one of :data:`LANGUAGES`."""
    _chosen[0] = lang if lang in core.LANGUAGES else SOURCE


def language() -> str:
    """Return the language in use."""
    return _chosen[0]


@cache
def translations(lang: str) -> dict[str, str]:
    """Return all translations into *lang* by their Chinese."""
    found: dict[str, str] = {}
    for path in sorted((RESOURCES / "i18n" / lang).glob("*.toml")):
        with path.open("rb") as file:
            found.update({key: str(value) for key, value in tomllib.load(file).items()})
    return found


def tr(text: str, /, **params: object) -> str:
    """Return *text*, which is Chinese, in the language in use, its ``{names}`` filled in."""
    spoken = text if _chosen[0] == SOURCE else translations(_chosen[0]).get(text, text)
    if not params:
        return spoken
    if "n" in params and spoken.count("|") == 1 and _chosen[0] != SOURCE:
        one, many = spoken.split("|")
        spoken = one if str(params["n"]) == "1" else many
    return spoken.format(**params)


def mark(text: str) -> str:
    """Return *text* as it is; :func:`tr` is asked for it later."""
    return text


def sentence(code: str, /, **params: object) -> str:
    """Return a sentence of the core in the language in use."""
    return core.sentence(code, _chosen[0], params)


def explain(error: GridAdminError) -> str:
    """Return what an error of the core says, in the language in use.

    Where the map shows the place, coordinates in the sentence would only be in the way.
    """
    if error.code == "edit.locked" and error.params.get("reason") == "frame":
        return tr("这是项目的外框，不能移动；要改外框，请重新导入。")
    shown = _ON_THE_MAP.get(error.code)
    return core.explain(error, _chosen[0]) if shown is None else tr(shown)


_ON_THE_MAP = {
    "edit.crosses": mark("这样会穿过或碰到另一条边界，请少移一些。"),
    "edit.sweeps_over": mark("这样会越过另一条边界上的点，请少移一些。"),
    "edit.turns_over": mark("这样会有一块地翻转过来，请少移一些。"),
}
