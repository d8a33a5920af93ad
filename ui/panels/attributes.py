"""What can be set of one area or of several at once: kind, class, counts, four bounds, note."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtGui import QIntValidator

from gridadmin.base.errors import GridAdminError
from gridadmin.base.progress import Progress
from gridadmin.domain.counts import counts_of, counts_on
from gridadmin.domain.model import CELL_LEVEL, Area, AreaKind
from gridadmin.domain.scheme import Entry
from gridadmin.edit.area_commands import COUNT
from gridadmin.edit.bounds_commands import WriteBounds
from gridadmin.edit.document import Done
from gridadmin.edit.field_commands import SetFields
from gridadmin.partition.four_bounds import four_bounds, names_by_side
from gridadmin.partition.ground import Ground
from gridadmin.partition.snapshot import Snapshot
from ui.panels import words
from ui.panels.desk import Desk
from ui.panels.fields import Choice, Line, Lines
from ui.panels.flow import FlowBox
from ui.panels.parts import ElidedButton, Facts, Section
from ui.texts import language, tr

_MANY = 200
"""So many areas are changed in a worker."""
_MOST = 99_999_999


class AttributeSection(Section):
    """Fields of *areas*; what differs among them says so, and one change sets them all."""

    def __init__(self, desk: Desk, areas: Sequence[Area]) -> None:
        super().__init__(tr("属性"))
        self._desk = desk
        self._areas = areas
        self._why = desk.bridge.why_not_change()
        self._fields = Facts()
        self._kind: Choice | None = None
        self._class: Choice | None = None
        self._counts: dict[str, Line] = {}
        self._bounds: BoundsBox | None = None
        self.add(self._fields)
        self._add_kind()
        self._add_class()
        self._add_counts()
        self._add_stale()
        self._add_bounds()
        self._add_note()

    @staticmethod
    def form(area: Area, why: str) -> str:
        """Return what decides which fields there are for one area: the same fields serve others."""
        return f"{area.level} {_has_kind(area)} {why}"

    def turn_to(self, area: Area) -> None:
        """Show one area of the same form in the fields that are there."""
        is_other = area.uid != self._areas[0].uid
        self._areas = [area]
        if self._kind is not None:
            self._kind.tell(*self._kinds())
        if self._class is not None:
            self._class.tell(*self._classes())
        for key, field in self._counts.items():
            field.tell(str(counts_of(area).get(key, "")), is_other=is_other)
        if self._bounds is not None and not self._bounds.turn_to(area):
            old = self._bounds
            self._bounds = BoundsBox(self._desk, area, self._why)
            self.column.replaceWidget(old, self._bounds)
            old.setParent(None)
            old.deleteLater()
        self._note.tell(area.note or "", is_other=is_other)

    # Kind, class, counts

    def _add_kind(self) -> None:
        if not all(map(_has_kind, self._areas)):
            return
        self._kind = Choice("kind", tr("类别"), *self._kinds(), self._set_kind)
        self._put(tr("类别"), self._kind)

    def _kinds(self) -> tuple[list[tuple[str, Any]], list[Any]]:
        """Return the kinds that there are, and those of the areas."""
        scheme, is_zh = self._desk.snapshot.scheme, language() == "zh"
        options: list[tuple[str, Any]] = [(tr("一般网格"), (str(AreaKind.GENERAL), None))]
        exclusive = str(AreaKind.EXCLUSIVE)
        options.append((tr("专属网格（未分类型）"), (exclusive, None)))
        options += [
            (tr("专属 · {type}", type=term.zh if is_zh else term.en), (exclusive, term.key))
            for term in scheme.exclusive_types
        ]
        current = [(str(area.kind), area.exclusive_type) for area in self._areas]
        known = [value for _, value in options]
        options += [(str(one[1]), one) for one in dict.fromkeys(current) if one not in known]
        return options, current

    def _set_kind(self, value: tuple[str, str | None]) -> str:
        kind, exclusive_type = value
        values: dict[str, Any] = {"kind": kind}
        if kind == AreaKind.EXCLUSIVE:
            values["exclusive_type"] = exclusive_type
        return self._set(values)

    def _add_class(self) -> None:
        if not self._desk.snapshot.scheme.classes:
            return
        self._class = Choice(
            "class", tr("城乡类型"), *self._classes(), lambda value: self._set({"class": value})
        )
        self._put(tr("城乡类型"), self._class)

    def _classes(self) -> tuple[list[tuple[str, Any]], list[Any]]:
        """Return the classes that there are, and those of the areas."""
        scheme, is_zh = self._desk.snapshot.scheme, language() == "zh"
        options: list[tuple[str, Any]] = [(tr("未定"), None)]
        options += [(one.zh if is_zh else one.en, one.key) for one in scheme.classes]
        current = [area.area_class for area in self._areas]
        known = [value for _, value in options]
        options += [(str(one), one) for one in dict.fromkeys(current) if one not in known]
        return options, current

    def _add_counts(self) -> None:
        scheme = self._desk.snapshot.scheme
        common: list[Entry] | None = None
        for level in {area.level for area in self._areas}:
            here = counts_on(scheme, level)
            common = [one for one in (here if common is None else common) if one in here]
        for entry in common or ():
            word = entry.zh if language() == "zh" else entry.en
            texts = {str(counts_of(area).get(entry.key, "")) for area in self._areas}
            field = Line(
                f"count-{entry.key}", word, texts.pop() if len(texts) == 1 else "",
                self._count_setter(entry.key),
            )  # fmt: skip
            field.setValidator(QIntValidator(0, _MOST, field))
            if texts:
                field.setPlaceholderText(tr("（各不相同）"))
            self._counts[entry.key] = field
            self._put(word, field)

    def _count_setter(self, key: str) -> Callable[[str], str]:
        return lambda text: self._set({COUNT + key: int(text) if text else None})

    def _put(self, word: str, field: Choice | Line) -> None:
        self._fields.add(word, field.kept)
        field.setAccessibleDescription(word)
        if isinstance(field, Choice):
            field.setEnabled(not self._why)
        else:
            field.setReadOnly(bool(self._why))
        field.setToolTip(self._why)

    # Stale figures of several areas

    def _add_stale(self) -> None:
        stale = [area for area in self._areas if area.is_stale]
        if len(self._areas) < 2 or not stale:
            return
        self.say(tr("{n} 个区域的户数是边界调整前填写的。", n=len(stale)), "warning")
        button = ElidedButton(
            tr("全部确认"), lambda: self._told(self._set({"stale": False}, stale))
        )
        button.setObjectName("confirm-all")
        button.forbid(self._why)
        self.add(button)

    # Four bounds

    def _add_bounds(self) -> None:
        areas = [area for area in self._areas if area.level != CELL_LEVEL]
        if not areas:
            return
        self.column.addSpacing(4)
        if len(self._areas) == 1:
            self._bounds = BoundsBox(self._desk, areas[0], self._why)
            self.add(self._bounds)
            return
        outdated = sum(area.is_bounds_stale for area in areas)
        empty = sum(area.four_bounds is None for area in areas)
        told = []
        if empty:
            told.append(tr("{n} 个没有四至", n=empty))
        if outdated:
            told.append(tr("{n} 个四至可能过时", n=outdated))
        self.say(tr("四至：{told}", told="，".join(told) or tr("都有")), "quiet")
        row = FlowBox()
        for name, text, which in (
            ("bounds-outdated", tr("补写和更新四至"), "outdated"),
            ("bounds-all", tr("全部重写四至"), "all"),
        ):
            button = ElidedButton(text, self._bounds_writer(which))
            button.setObjectName(name)
            nothing = tr("都有四至，边界也没有变动。") if which != "all" else ""
            button.forbid(self._why or ("" if which == "all" or empty or outdated else nothing))
            row.add(button)
        self.add(row)

    def _bounds_writer(self, which: str) -> Callable[[], None]:
        return lambda: write_bounds(
            self._desk, [a.uid for a in self._areas if a.level != CELL_LEVEL], which
        )

    # Note

    def _add_note(self) -> None:
        self.column.addSpacing(4)
        notes = {area.note or "" for area in self._areas}
        self._note = field = Lines(
            "note", tr("备注"), notes.pop() if len(notes) == 1 else "",
            lambda text: self._set({"note": text or None}),
        )  # fmt: skip
        field.setPlaceholderText(tr("（各不相同，写入后全部改成一样）") if notes else "")
        field.setReadOnly(bool(self._why))
        field.setToolTip(self._why or tr("Ctrl+回车保存。"))
        self.say(tr("备注"), "quiet")
        self.add(field.kept)

    # Setting

    def _set(self, values: Mapping[str, Any], areas: Sequence[Area] | None = None) -> str:
        """Set fields of all areas in one step; return why that is refused."""
        uids = [area.uid for area in (self._areas if areas is None else areas)]
        command, desk = SetFields(uids, values), self._desk
        if len(uids) <= _MANY:
            return self._desk.attempt(command)
        self._desk.bridge.execute_long(
            tr("修改区域资料"),
            lambda *_: command,
            on_done=lambda _: None,
            on_failed=lambda error: failed(desk, error),
        )
        return ""

    def _told(self, refusal: str) -> None:
        if refusal:
            self._desk.context.messages.refuse(refusal)


def _has_kind(area: Area) -> bool:
    return area.level == "grid" or area.kind != AreaKind.GENERAL


def failed(desk: Desk, error: BaseException) -> None:
    """Tell a refusal of the core; a fault of the program goes on."""
    if not isinstance(error, GridAdminError):
        raise error
    desk.context.messages.refused(error)


def write_bounds(desk: Desk, uids: Sequence[str], which: str) -> None:
    """Write the four bounds of areas in a worker and say how many."""

    def make(_: Snapshot, progress: Progress) -> WriteBounds:
        return WriteBounds(uids, which=which, progress=progress)

    def tell(done: Done) -> None:
        count = len(done.change.of("area"))
        desk.context.messages.done(
            tr("已写好 {n} 个区域的四至。", n=count),
            action=(tr("撤销"), desk.bridge.undo),
        )

    desk.bridge.execute_long(
        tr("整理四至"), make, on_done=tell, on_failed=lambda error: failed(desk, error)
    )


class BoundsBox(Section):
    """The 四至 of one area: the text, and what the map says now where that is different."""

    def __init__(self, desk: Desk, area: Area, why: str) -> None:
        super().__init__()
        self.column.setContentsMargins(0, 0, 0, 0)
        self._desk = desk
        self._area = area
        self.say(tr("四至"), "quiet")
        if area.is_bounds_stale:
            self.say(tr("写好以后边界有过变动，请更新或确认。"), "warning")
        self.field = Lines("four_bounds", tr("四至"), area.four_bounds or "", self._keep)
        self.field.setPlaceholderText(tr("东至…，南至…，西至…，北至…"))
        self.field.setReadOnly(bool(why))
        self.field.setToolTip(why or tr("Ctrl+回车保存。"))
        self.add(self.field.kept)
        row = FlowBox()
        write = ElidedButton(
            tr("按地图更新四至") if area.four_bounds else tr("生成四至"), self._compare
        )
        write.setObjectName("write-bounds")
        write.forbid(why)
        row.add(write)
        if area.is_bounds_stale:
            confirm = ElidedButton(tr("四至仍然正确"), self._confirm)
            confirm.setObjectName("confirm-bounds")
            confirm.forbid(why)
            row.add(confirm)
        self.add(row)
        self._news: Section | None = None

    def turn_to(self, area: Area) -> bool:
        """Show another area, or what is written of this one now; return whether that could be."""
        before = self._area
        is_like = (before.is_bounds_stale, bool(before.four_bounds)) == (
            area.is_bounds_stale, bool(area.four_bounds),
        )  # fmt: skip
        if not is_like or self._news is not None:
            return False
        self._area = area
        self.field.tell(area.four_bounds or "", is_other=area.uid != before.uid)
        return True

    def _confirm(self) -> None:
        self._show(self._keep(self._area.four_bounds or ""))

    def _keep(self, text: str) -> str:
        return self._desk.attempt(SetFields([self._area.uid], {"four_bounds": text or None}))

    def _show(self, refusal: str) -> None:
        self.field.kept.say(refusal)

    def _compare(self) -> None:
        """Write what the map says; where something else is written, show both first."""
        snapshot = self._desk.snapshot
        found = four_bounds(snapshot, snapshot.area(self._area.uid), Ground.of(snapshot))
        if found is None:
            self._show(tr("还没有地块，无从得出四至。"))
        elif not self._area.four_bounds:
            self._show(self._keep(found))
        elif found == self._area.four_bounds:
            if self._area.is_bounds_stale:
                self._show(self._keep(found))
            else:
                self._show(tr("与地图一致，不用改。"))
        else:
            self._offer(found)

    def _offer(self, found: str) -> None:
        if self._news is not None:
            self._news.hide()
            self._news.deleteLater()
        self._news = news = Section()
        news.column.setContentsMargins(0, 2, 0, 0)
        # A comparison stays until something changes.
        news.setProperty("asks", True)
        news.say(tr("地图上现在是："), "quiet")
        news.say(found).setObjectName("new-bounds")
        for line in differences(self._area.four_bounds or "", found):
            news.say(line, "quiet")
        take = ElidedButton(tr("采用"), lambda: self._show(self._keep(found)), "primary")
        take.setObjectName("take-bounds")
        news.add(take)
        self.add(news)
        take.setFocus()


def differences(old: str, new: str) -> list[str]:
    """Return per side what changes between two 四至 in the official style."""
    parts = [names_by_side(old), names_by_side(new)]
    return [
        tr("{side}：{old} → {new}", side=side, old=parts[0].get(side, words.UNKNOWN), new=now)
        for side, now in parts[1].items()
        if parts[0].get(side) != now
    ]
