"""Made-up names: signs of counting rhymes and calendars, so that no real place is named."""

from __future__ import annotations

from collections.abc import Iterator

DISTRICT = "虚构市样例区"
STREETS = ("子虚街道", "乌有街道", "无是街道")
"""Three gentlemen of an old rhapsody whose names all mean that they do not exist."""
COMMUNITIES = (
    "甲子社区", "乙丑社区", "丙寅社区", "丁卯社区", "戊辰社区", "己巳社区",
    "庚午社区", "辛未社区", "壬申社区", "癸酉社区", "甲戌社区", "乙亥社区",
)  # fmt: skip
RIVER = "水月河"
LAKE = "镜花湖"

SIGNS = "天地玄黄宇宙洪荒日月盈辰宿列寒来暑往秋收冬藏余成岁律吕调阳云腾致雨露结霜金生丽水玉出"
STEMS = "甲乙丙丁戊己庚辛壬癸"
ORDINALS = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十")

EXCLUSIVE = {
    "school": "学校",
    "hospital": "医院",
    "market": "市场",
    "factory": "工厂",
    "business_park": "产业园",
    "park": "公园",
}

_COMPOUND_ENDINGS = {
    "商品房小区": "雅苑",
    "单位家属小区": "家属院",
    "老旧小区": "新村",
    "保障性住房小区": "安居苑",
    "统规自建安置小区": "新居",
    "拆迁统建安置小区": "家园",
    "乡村集中居住区": "聚居点",
}


def ordinal(number: int) -> str:
    """Return 1…99 in Chinese figures."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return ORDINALS[ones]
    head = "十" if tens == 1 else ORDINALS[tens] + "十"
    return head + (ORDINALS[ones] if ones else "")


def road_names() -> dict[str, Iterator[str]]:
    """Return a supply of names for each class of road."""
    return {
        "trunk": (f"{sign}字大道" for sign in SIGNS),
        "main": (f"{sign}字大街" for sign in SIGNS),
        "side": (f"{stem}{sign}路" for stem in STEMS for sign in SIGNS),
        "lane": (f"{sign}{other}巷" for sign in SIGNS for other in SIGNS if sign != other),
    }


def compound_names() -> dict[str, Iterator[str]]:
    """Return a supply of names for each type of compound."""
    return {
        kind: (f"{a}{b}{ending}" for shift in range(1, len(SIGNS)) for a, b in _pairs(shift))
        for kind, ending in _COMPOUND_ENDINGS.items()
    }


def _pairs(shift: int) -> Iterator[tuple[str, str]]:
    return ((a, SIGNS[(i + shift) % len(SIGNS)]) for i, a in enumerate(SIGNS))
