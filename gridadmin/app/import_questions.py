"""What the core asks before it imports, with the answers that can be given to it.

The core says what it can't know for sure (:mod:`gridadmin.exchange.recognise`); here its question
becomes a choice. No answer is taken before somebody gave it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyproj import CRS

from gridadmin.base.errors import GridAdminError

_ASKED = ("input.ask_", "input.crs_disagrees")
_ALSO_ASKED = frozenset({"input.bad_crs", "input.outside_crs"})
_SHIFTED_TOO = frozenset({"input.ask_lon_lat", "input.ask_lat_lon"})
_NO_OPTION = "EPSG:n"
WEB_MAPS = ("gcj02", "bd09")


@dataclass(frozen=True)
class Answer:
    """How coordinates are to be read: the CRS (None = as the file says) and whether y is first.

    ``kind``: ``proposed``, ``gcj02``, ``bd09``, ``swapped``, ``as_declared`` or ``other``.
    """

    kind: str
    crs: str | None = None
    swap_xy: bool = False


@dataclass(frozen=True)
class Question:
    """A question of the core: its code, what its sentence needs, and the likely answers.

    Another CRS may always be named. ``swap_xy`` is what to propose for that.
    """

    code: str
    params: Mapping[str, object]
    answers: tuple[Answer, ...]
    swap_xy: bool = False


def question_of(error: GridAdminError, declared: CRS | None, given: Answer) -> Question | None:
    """Return what *error* asks, or None when it asks nothing.

    *declared* is what the file says of its CRS, *given* how it was to be read so far.
    """
    code, params = error.code, error.params
    if code in _ALSO_ASKED:
        return Question(code, params, (), given.swap_xy)
    if not code.startswith(_ASKED):
        return None
    if code == "input.ask_shift":
        kind = str(params["kind"])
        return Question(
            code,
            params,
            (Answer(kind, kind, given.swap_xy), *_as_declared(declared, given.swap_xy)),
            given.swap_xy,
        )
    if code == "input.ask_swapped":
        answers = (Answer("swapped", None, swap_xy=True), *_as_declared(declared, False))
        return Question(code, params, answers, swap_xy=True)
    swap_xy = code.endswith("_swapped") or code == "input.ask_lat_lon"
    option = params.get("option")
    answers = () if option in (None, _NO_OPTION) else (Answer("proposed", str(option), swap_xy),)
    if code in _SHIFTED_TOO:
        answers += tuple(Answer(kind, kind, swap_xy) for kind in WEB_MAPS)
    return Question(code, params, answers, swap_xy)


def _as_declared(declared: CRS | None, swap_xy: bool) -> tuple[Answer, ...]:
    return () if declared is None else (Answer("as_declared", declared.to_wkt(), swap_xy),)
