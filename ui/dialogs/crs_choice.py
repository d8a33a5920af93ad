"""The question how coordinates are to be read, as buttons instead of a dead end."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFrame,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from gridadmin.app.import_questions import WEB_MAPS, Answer, Question
from ui.dialogs.import_words import answer_words, crs_words, question_words
from ui.dialogs.words import discard, label, restyle
from ui.texts import tr

_USUAL = ("EPSG:4490", "EPSG:4326", *(f"EPSG:{4534 + n}" for n in range(21)), "EPSG:3857")


class CrsChoice(QFrame):
    """Says how the file is read, or asks; ``answer`` is None until a question is answered."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._question: Question | None = None
        self._answers: dict[QRadioButton, Answer] = {}
        self._group = QButtonGroup(self)
        self._words = label("")
        self._words.setObjectName("crs_words")
        self.doubt_button = QPushButton(tr("位置不对？改用其他读法…"))
        self.doubt_button.setObjectName("crs_doubt")
        self.doubt_button.setProperty("role", "link")
        self.doubt_button.setAutoDefault(False)
        self._choices = QWidget()
        self._layout = QVBoxLayout(self._choices)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self.other = QRadioButton(tr("其他："))
        self.other.setObjectName("crs_other")
        self.names = QComboBox()
        self.names.setObjectName("crs_names")
        self.names.setAccessibleName(tr("坐标的读法"))
        self.names.setEditable(True)
        self.names.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.names.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        for name in _USUAL:
            self.names.addItem(_line(name), name)
        self.names.setCurrentIndex(-1)
        edit = self.names.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(tr("选一种，或写 EPSG 编号"))
        self.swap = QCheckBox(tr("横、纵坐标写反了（北坐标或纬度在前）"))
        self.swap.setObjectName("crs_swap")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(self._words)
        layout.addWidget(self.doubt_button)
        layout.addWidget(self._choices)
        self._group.addButton(self.other)
        self.doubt_button.clicked.connect(self._doubt)
        self._group.buttonToggled.connect(self._changed)
        self.names.currentTextChanged.connect(self._named)
        self.swap.toggled.connect(self._changed)

    @property
    def is_asking(self) -> bool:
        """Whether nothing can go on without an answer."""
        return self._question is not None and self.answer is None

    @property
    def answer(self) -> Answer | None:
        """How the coordinates are to be read; None while that is open."""
        button = self._group.checkedButton()
        if isinstance(button, QRadioButton) and button in self._answers:
            return self._answers[button]
        if button is self.other and self.names.currentText().strip():
            return Answer("other", self._named_crs(), self.swap.isChecked())
        return None if self._question is not None else Answer("as_declared")

    def tell(self, words: str) -> None:
        """Say how the file is read; nothing is asked."""
        self._question = None
        self._fill((), swap_xy=False)
        self._words.setText(words)
        restyle(self, "card")
        self._choices.hide()
        self.doubt_button.show()

    def ask(self, question: Question) -> None:
        """Ask; nothing is chosen beforehand."""
        self._question = question
        self._fill(question.answers, swap_xy=question.swap_xy)
        self._words.setText(question_words(question))
        restyle(self, "warning")
        self._choices.show()
        self.doubt_button.hide()
        self.changed.emit()

    def first_field(self) -> QWidget:
        """Return what gets the focus first."""
        return next(iter(self._answers), self.other)

    def _doubt(self) -> None:
        """Offer the usual readings although the file seems clear."""
        self._fill((Answer("declared"), *(Answer(kind, kind) for kind in WEB_MAPS)), swap_xy=False)
        self._choices.show()
        self.doubt_button.hide()
        first = next(iter(self._answers))
        first.setText(tr("按文件写明的读取，不改动"))
        first.setChecked(True)
        first.setFocus()

    def _fill(self, answers: tuple[Answer, ...], *, swap_xy: bool) -> None:
        while self._layout.count():
            self._layout.takeAt(0)
        for button in self._answers:
            self._group.removeButton(button)
            discard(button)
        self._answers.clear()
        for answer in answers:
            button = QRadioButton(answer_words(answer))
            button.setObjectName(f"crs_{answer.kind}")
            self._answers[button] = answer
            self._group.addButton(button)
            self._layout.addWidget(button)
        for part in (self.other, self.names, self.swap):
            self._layout.addWidget(part)
        self._group.setExclusive(False)
        self.other.setChecked(False)
        self._group.setExclusive(True)
        self.names.setCurrentIndex(-1)
        self.names.clearEditText()
        self.swap.setChecked(swap_xy)
        self._changed()

    def _named(self) -> None:
        if self.names.currentText().strip():
            self.other.setChecked(True)
        self._changed()

    def _named_crs(self) -> str:
        """Return what was chosen from the list, or what was written."""
        text = self.names.currentText().strip()
        row = self.names.findText(text)
        return text if row < 0 else str(self.names.itemData(row))

    def _changed(self) -> None:
        self.swap.setEnabled(self.other.isChecked())
        self.changed.emit()


def _line(name: str) -> str:
    return f"{crs_words(name)}  {name}"
