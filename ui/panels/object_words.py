"""What an object of a reference layer is, in words."""

from __future__ import annotations

from gridadmin.app.object_facts import ObjectFacts
from gridadmin.partition.snapshot import Snapshot
from ui.canvas.object_words import compound_type_words
from ui.panels import words
from ui.texts import mark, tr

_KINDS = {
    "building": mark("楼房"),
    "compound": mark("住宅小区"),
    "road": mark("道路"),
    "railway": mark("铁路"),
    "river": mark("河流"),
    "canal": mark("运河"),
    "stream": mark("溪流"),
    "lake": mark("湖泊"),
}
_UNNAMED = {
    "building": mark("未命名楼栋"),
    "compound": mark("未命名小区"),
    "road": mark("无名道路"),
    "railway": mark("铁路"),
    "river": mark("无名河流"),
}
_ROADS = {
    "trunk": mark("主干路"),
    "main": mark("干路"),
    "side": mark("支路"),
    "lane": mark("巷"),
    "path": mark("小路"),
    "subway": mark("地铁"),
}


def title_of(known: ObjectFacts) -> str:
    """Return the name of an object, or that it has none."""
    return known.name or tr(_UNNAMED.get(known.kind, mark("无名水域")))


def kind_of(snapshot: Snapshot, known: ObjectFacts) -> str:
    """Return what an object is, with the type of a compound or the class of a road."""
    kind = tr(_KINDS.get(known.kind, mark("水域")))
    if known.table == "compound":
        return words.dotted((kind, compound_type_words(snapshot.scheme, known.type)))
    return words.dotted((kind, tr(_ROADS[known.type]) if known.type in _ROADS else ""))
