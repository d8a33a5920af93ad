"""A roster of made-up people: a team for every grid, cadres for every community."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gisdata.city import names
from gisdata.city.numbering import Area

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华"
_UNITS = tuple(
    f"样例区{stem}{kind}（虚构）" for kind in ("局", "办", "中心") for stem in names.STEMS
)
_RANKS = ("一级科员", "二级科员", "四级主任科员", "三级主任科员", "二级主任科员")
_BATCHES = ("第一批", "第二批", "第三批")
_CADRES_PER_COMMUNITY = 12
_FROM = ("党员骨干", "楼栋长", "单元长", "社工", "业委会成员", "法律工作者", "退休教师")


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up person on one post."""

    name: str
    sex: str
    political_status: str
    phone: str
    post: str
    area_code: str
    duties: str
    unit: str = ""
    position: str = ""
    rank: str = ""
    batch: str = ""


def roster(areas: Sequence[Area], rng: random.Random) -> list[Person]:
    """Return the people of all grids, micro-grids and communities, in the order of *areas*."""
    crowd = _crowd(rng)
    units = iter(_UNITS)
    people: list[Person] = []
    pair = ("", "")
    for area in areas:
        if area.level == "community":
            pair = (next(units), next(units))
            people += [
                _cadre(area, pair[number % 2], crowd, rng)
                for number in range(_CADRES_PER_COMMUNITY)
            ]
        elif area.level == "grid":
            people += _grid_team(area, crowd)
            if area.kind == "general":
                people.append(_cadre(area, rng.choice(pair), crowd, rng))
        elif area.level == "micro_grid":
            duties = f"{area.name}走访联系，推选自{rng.choice(_FROM)}"
            people.append(Person(*next(crowd), "微网格员", area.code, duties))
    return people


def _grid_team(area: Area, crowd: Iterator[tuple[str, str, str, str]]) -> Iterator[Person]:
    yield Person(*next(crowd), "网格长", area.code, f"{area.name}全面工作")
    if area.kind == "general":
        yield Person(*next(crowd), "网格员", area.code, f"{area.name}巡查走访、信息采集")


def _cadre(
    area: Area, unit: str, crowd: Iterator[tuple[str, str, str, str]], rng: random.Random
) -> Person:
    position = rng.choice(("科长", "副科长", "科员", "科员", "科员"))
    ranks = _RANKS[:2] if position == "科员" else _RANKS[2:]
    batch = rng.choice(_BATCHES)
    duties = f"联系{area.name}"
    who = next(crowd)
    return Person(*who, "下沉干部", area.code, duties, unit, position, rng.choice(ranks), batch)


def _crowd(rng: random.Random) -> Iterator[tuple[str, str, str, str]]:
    """Yield name, sex, political status and a number that no telephone can dial."""
    seen: set[str] = set()
    number = 0
    while True:
        name = rng.choice(_SURNAMES) + "".join(rng.sample(names.SIGNS, 2))
        if name in seen:
            continue
        seen.add(name)
        number += 1
        status = rng.choice(("中共党员", "中共党员", "共青团员", "群众", "群众"))
        yield name, rng.choice(("男", "女")), status, f"100-{number:04}"
