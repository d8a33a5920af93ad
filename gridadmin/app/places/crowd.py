"""Made-up people: names, phones that nobody can dial, all from a seed and marked 虚构."""

from __future__ import annotations

import random
from collections.abc import Iterator

from gridadmin.base.ids import UidMaker
from gridadmin.domain.people import Person

MARK = "（虚构）"
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = (
    "安柏辰成楚春东帆方枫谷海涵荷恒弘华淮嘉简江津景静君凯可兰蓝岚乐立霖凌流麦梅沐南宁鹏平"
    "启千青清秋然仁溪夏翔晓新星修雅言阳野一宜逸雨远岳云芸泽展真之知竹子"
)
PARTY_MEMBER = "中共党员"
_STATUSES = (PARTY_MEMBER, PARTY_MEMBER, "共青团员", "群众", "群众")


class Crowd:
    """An endless row of made-up persons, no two of one name, numbered after *first*."""

    def __init__(self, seed: int, uid: UidMaker, first: int = 0) -> None:
        self._rng = random.Random(seed)
        self._uid = uid
        self._names = self._endless_names()
        self._number = first

    def person(self, **values: object) -> Person:
        """Return the next person with the values that are given."""
        self._number += 1
        number = f"{self._number:05}"
        usual: dict[str, object] = {
            "staff_number": f"虚{number}",
            "gender": self._rng.choice("男女"),
            "political_status": self._rng.choice(_STATUSES),
            "own_phone": f"100-{number}",
        }
        return Person(self._uid(), f"{next(self._names)}{MARK}", **{**usual, **values})  # type: ignore[arg-type]

    def _endless_names(self) -> Iterator[str]:
        seen: set[str] = set()
        while True:
            name = self._rng.choice(_SURNAMES) + "".join(self._rng.sample(_GIVEN, 2))
            if name not in seen:
                seen.add(name)
                yield name
