"""Posts and organizations as tables of an export package, as far as a profile may see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gridadmin.domain.export_note import Profile
from gridadmin.domain.model import Area
from gridadmin.domain.people import Assignment, Organization, Person, holds_on, publicity_of
from gridadmin.exchange.package_content import AttributeTable, Column, ColumnType
from gridadmin.exchange.roster_values import without_phones
from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.within import Within

_TEXT, _WHOLE = ColumnType.TEXT, ColumnType.INTEGER
PEOPLE_EXTRAS = ("posts", "organizations")


@dataclass(frozen=True)
class _Field:
    """A column and where it comes from: table and column of the model, "" for what is derived."""

    column: Column
    source: tuple[str, str]


def _field(name: str, title: str, table: str, own: str, kind: ColumnType = _TEXT) -> _Field:
    return _Field(Column(name, kind, title), (table, own))


_POSTS = (
    _field("uid", "任职标识", "assignment", "uid"),
    _field("anchor_kind", "所在对象类别", "assignment", "anchor_kind"),
    _field("anchor_uid", "所在对象标识", "assignment", "anchor"),
    _field("area_code", "区域编码", "assignment", "anchor"),
    _field("area_name", "区域名称", "assignment", "anchor"),
    _field("post", "岗位", "assignment", "post"),
    _field("post_name", "岗位名称", "assignment", "post"),
    _field("role", "职责范畴", "assignment", "role"),
    _field("person_uid", "人员标识", "person", "uid"),
    _field("person_name", "姓名", "person", "name"),
    _field("duty_phone", "办公电话", "person", "duty_phone"),
    _field("own_phone", "手机号", "person", "own_phone"),
    _field("staff_number", "工号", "person", "staff_number"),
    _field("organization_uid", "单位标识", "person", "organization"),
    _field("organization", "派出单位", "person", "organization"),
    _field("job_title", "职务", "person", "job_title"),
    _field("rank", "职级", "person", "rank"),
    _field("gender", "性别", "person", "gender"),
    _field("political_status", "政治面貌", "person", "political_status"),
    _field("certificate_level", "证书等级", "person", "certificate_level"),
    _field("roster_kind", "人员类别", "person", "roster_kind"),
    _field("mode", "模式", "assignment", "mode"),
    _field("batch", "选派批次", "assignment", "batch"),
    _field("document", "任命文号", "assignment", "document"),
    _field("valid_from", "开始日期", "assignment", "valid_from"),
    _field("valid_to", "失效日期", "assignment", "valid_to"),
    _field("revision", "修订号", "assignment", "revision", _WHOLE),
)
_ORGANIZATIONS = (
    _field("uid", "单位标识", "organization", "uid"),
    _field("name", "名称", "organization", "name"),
    _field("kind", "类别", "organization", "kind"),
    _field("area_uid", "区域标识", "organization", "area"),
    _field("area_code", "区域编码", "organization", "area"),
    _field("code", "编码", "organization", "code"),
    _field("parent_uid", "上级标识", "organization", "parent"),
    _field("contact", "联系方式", "organization", "contact"),
    _field("mode", "模式", "organization", "mode"),
    _field("sort_order", "排序", "organization", "sort_order", _WHOLE),
    _field("valid_from", "启用日期", "organization", "valid_from"),
    _field("valid_to", "停用日期", "organization", "valid_to"),
    _field("revision", "修订号", "organization", "revision", _WHOLE),
)


def posts_table(
    snapshot: Snapshot, day: str, profile: str, area: Area | None = None
) -> AttributeTable:
    """Return who holds which post on a day, ISO 8601; public: names and duty phones at most.

    With *area* the posts on it, on all below, and on roads, shops, buildings… that lie there.
    """
    within = None if area is None else Within(snapshot, area)
    persons: Mapping[str, Person] = snapshot.rows("person")
    rows: list[tuple[Assignment, Person]] = []
    for uid in sorted(snapshot.rows("assignment")):
        one: Assignment = snapshot.rows("assignment")[uid]
        person = persons.get(one.person)
        is_there = within is None or within.holds(one.anchor_kind, one.anchor)
        if person is not None and is_there and holds_on(one, day) and holds_on(person, day):
            rows.append((one, person))
    fields = _allowed(_POSTS, profile)
    tell = _post_teller(snapshot, profile)
    values = [tuple(tell(field, one, person) for field in fields) for one, person in rows]
    columns = tuple(field.column for field in fields)
    return AttributeTable("posts", "岗位人员", columns, values)


def organizations_table(
    snapshot: Snapshot, day: str, profile: str, area: Area | None = None
) -> AttributeTable:
    """Return the units that there are on a day; with *area* those of it and of all below."""
    inside = _inside(snapshot, area)
    rows: list[Organization] = [
        row
        for _, row in sorted(snapshot.rows("organization").items())
        if holds_on(row, day) and (inside is None or row.area in inside)
    ]
    fields = _allowed(_ORGANIZATIONS, profile)
    codes = {uid: row.code for uid, row in snapshot.rows("area").items()}

    def told(field: _Field, row: Organization) -> Any:
        value = getattr(row, field.source[1])
        return codes.get(value) if field.column.name == "area_code" else value

    values = [tuple(told(field, row) for field in fields) for row in rows]
    columns = tuple(field.column for field in fields)
    return AttributeTable("organizations", "单位和组织", columns, values)


def _post_teller(snapshot: Snapshot, profile: str) -> Callable[[_Field, Assignment, Person], Any]:
    posts = {post.key: post.zh for post in snapshot.scheme.posts}
    areas: Mapping[str, Area] = snapshot.rows("area")
    units: Mapping[str, Organization] = snapshot.rows("organization")

    def tell(field: _Field, one: Assignment, person: Person) -> Any:
        table, own = field.source
        value = getattr(one if table == "assignment" else person, own)
        name = field.column.name
        if name in ("area_code", "area_name"):
            place = areas.get(value) if one.anchor_kind == "area" else None
            return None if place is None else getattr(place, name.removeprefix("area_"))
        if name == "post_name":
            return posts.get(value, value)
        if name == "organization":
            return units[value].name if value in units else None
        if name == "role" and value is not None and profile != Profile.INTERNAL:
            return without_phones(value)
        return value

    return tell


def _allowed(fields: tuple[_Field, ...], profile: str) -> tuple[_Field, ...]:
    """Return the columns that a profile may hold; a public package has no own phone, masked or not.

    Source: domain.md, personal data.
    """
    levels = ("public", "internal") if profile == Profile.INTERNAL else ("public",)
    return tuple(field for field in fields if publicity_of(*field.source) in levels)


def _inside(snapshot: Snapshot, area: Area | None) -> set[str] | None:
    if area is None:
        return None
    return {area.uid, *(one.uid for one in snapshot.descendants(area.uid))}
