"""The columns that tables of issues and of exempt land share, by name."""

from __future__ import annotations

from gridadmin.exchange.package_content import Column, ColumnType

_TEXT, _REAL = ColumnType.TEXT, ColumnType.REAL

ISSUE = {
    column.name: column
    for column in (
        Column("id", _TEXT, "问题编号"),
        Column("kind", _TEXT, "类别"),
        Column("class", _TEXT, "性质"),
        Column("severity", _TEXT, "严重程度"),
        Column("state", _TEXT, "状态"),
        Column("level", _TEXT, "层级"),
        Column("area_m2", _REAL, "面积（平方米）"),
        Column("width_m", _REAL, "最大宽度（米）"),
        Column("areas", _TEXT, "涉及区域"),
        Column("codes", _TEXT, "区域编码"),
        Column("x", _REAL, "东坐标（米）"),
        Column("y", _REAL, "北坐标（米）"),
        Column("text", _TEXT, "说明"),
    )
}
"""What is said of an issue; each table has those that it needs, in its own order."""

EXEMPT = (
    Column("name", _TEXT, "名称"),
    Column("reason", _TEXT, "事由"),
    Column("approver", _TEXT, "批准人"),
    Column("until", _TEXT, "有效期至"),
    Column("land_m2", _REAL, "面积（平方米）"),
)
"""What is said of exempt land everywhere."""


def issue_columns(*names: str) -> tuple[Column, ...]:
    """Return the columns of issues of these names, in the given order."""
    return tuple(ISSUE[name] for name in names)
