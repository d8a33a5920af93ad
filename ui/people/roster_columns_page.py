"""Second page of a roster's import: what each column means, guessed and confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QWidget

from gridadmin.domain.scheme import Scheme
from gridadmin.exchange.roster_columns import MEANINGS, Column
from gridadmin.exchange.roster_preview import SheetFacts
from gridadmin.exchange.roster_refusal import RefusedColumn
from ui.dialogs.task_dialog import Page
from ui.dialogs.words import Banner, ElidedLabel, discard, label
from ui.people import words
from ui.people.roster_words import meaning_words
from ui.texts import tr

_TITLE_EM = 9


@dataclass(frozen=True)
class _Field:
    column: Column
    box: QComboBox


class RosterColumnsPage(Page):
    """A row per heading: its samples and its meaning; those that look uncertain bear a mark."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields: list[_Field] = []
        self._scheme: Scheme | None = None
        self.refused = Banner("warning")
        self.refused.setObjectName("refused_columns")
        self.several = label("", "quiet")
        self.several.setObjectName("several_persons")
        self.several.hide()
        self._box = QFrame()
        self.post = QComboBox()
        self.post.setObjectName("usual_post")
        self.post.setAccessibleName(tr("全表的岗位"))
        self._post_words = label(tr("没有岗位列。有区域的人都担任："), buddy=self.post)
        self.body.addWidget(label(tr("每一列是什么？"), "heading"))
        self.body.addWidget(label(tr("已按表头猜好；带“？”的请看一看样例，不对就改选。"), "quiet"))
        self.body.addWidget(self.several)
        self.body.addWidget(self.refused)
        self.body.addWidget(self._box)
        self.body.addWidget(self._post_words)
        self.body.addWidget(self.post)
        self.body.addStretch()
        self.post.currentIndexChanged.connect(self.changed)

    @property
    def choices(self) -> Mapping[str, str | None]:
        """The meanings that the user has chosen otherwise than guessed, by heading."""
        return {
            field.column.title: _key_of(field.box)
            for field in self._fields
            if _key_of(field.box) != field.column.key
        }

    @property
    def usual_post(self) -> str | None:
        """The post of everybody, where there is no column of posts."""
        return None if self._has("post") else (str(self.post.currentData() or "") or None)

    def first_field(self) -> QWidget:
        """Return the first uncertain column, else the first."""
        for field in self._fields:
            if field.box.isEnabled() and not field.column.is_sure:
                return field.box
        return self._fields[0].box if self._fields else self.post

    def why_not(self) -> str:
        """Return what is missing, in words."""
        chosen = [(field.column.block, _key_of(field.box)) for field in self._fields]
        keys = [one for one in chosen if one[1] is not None]
        if not any(key == "name" for _, key in keys):
            return tr("请选出姓名是哪一列。")
        # Where a row names several persons each of them may have a name, a phone and so on.
        twice = next((key for block, key in keys if keys.count((block, key)) > 1), None)
        if twice is not None:
            return tr("“{meaning}”选了两次。", meaning=meaning_words(twice))
        return ""

    def show_columns(
        self, scheme: Scheme, sheets: Sequence[SheetFacts], refused: Sequence[RefusedColumn]
    ) -> None:
        """Offer the columns of all sheets, each heading once."""
        self._scheme = scheme
        names = tr("、").join(dict.fromkeys(f"“{one.title}”" for one in refused))
        identity = tr("{columns}含有身份证号，不读取，也不会保存。", columns=names)
        self.refused.say(identity if refused else "")
        posts = dict.fromkeys(post for one in sheets if one.header for post in one.header.posts)
        listed = tr("、").join(posts)
        told = tr("每行有几个人，各自成为一条：{posts}。", posts=listed) if posts else ""
        self.several.setText(told)
        self.several.setVisible(bool(posts))
        columns: dict[str, Column] = {}
        for sheet in sheets:
            for column in sheet.columns:
                columns.setdefault(column.title, column)
        titles = {one.title for one in refused}
        self._fill([one for one in columns.values() if one.title not in titles])
        self._offer_posts(scheme)
        self._tell_posts()

    def _fill(self, columns: Sequence[Column]) -> None:
        old, self._box = self._box, QFrame()
        self._box.setProperty("role", "card")
        self.body.replaceWidget(old, self._box)
        discard(old)
        grid = QGridLayout(self._box)
        grid.setContentsMargins(12, 10, 12, 10)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(5)
        grid.setColumnMinimumWidth(0, self.fontMetrics().height() * _TITLE_EM)
        grid.setColumnStretch(2, 1)
        for place, heading in enumerate((tr("表头"), tr("含义"), tr("样例"))):
            grid.addWidget(label(heading, "quiet"), 0, place)
        self._fields = []
        for row, column in enumerate(columns, start=1):
            box = self._meanings(column)
            title = ElidedLabel(column.title if column.is_sure else f"{column.title} ？")
            samples = ElidedLabel(tr("、").join(column.samples) or tr("（都是空的）"))
            samples.setProperty("role", "quiet")
            grid.addWidget(title, row, 0)
            grid.addWidget(box, row, 1)
            grid.addWidget(samples, row, 2)
            self._fields.append(_Field(column, box))

    def _meanings(self, column: Column) -> QComboBox:
        box = QComboBox()
        box.setObjectName(f"meaning_{column.place}")
        box.setAccessibleName(tr("“{column}”列的含义", column=column.title))
        box.setAccessibleDescription(tr("、").join(column.samples))
        box.addItem(tr("（不读取）"), "")
        for meaning in MEANINGS:
            box.addItem(meaning_words(meaning.key), meaning.key)
        box.setCurrentIndex(max(box.findData(column.key or ""), 0))
        box.currentIndexChanged.connect(self._chosen)
        return box

    def _offer_posts(self, scheme: Scheme) -> None:
        self.post.blockSignals(True)
        self.post.clear()
        self.post.addItem(tr("（不担任岗位，只记人员）"), "")
        for post in scheme.posts:
            self.post.addItem(words.term(post), post.key)
        self.post.blockSignals(False)

    def _chosen(self) -> None:
        self._tell_posts()
        self.changed.emit()

    def _tell_posts(self) -> None:
        for part in (self.post, self._post_words):
            part.setVisible(not self._has("post"))

    def _has(self, key: str) -> bool:
        is_told = key == "post" and bool(self.several.text())
        return is_told or any(_key_of(box) == key for box in self._boxes())

    def _boxes(self) -> list[QComboBox]:
        return [field.box for field in self._fields]


def _key_of(box: QComboBox) -> str | None:
    return str(box.currentData() or "") or None
