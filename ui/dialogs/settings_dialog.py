"""The settings dialog, made from the table of settings; every change counts at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ui.context import Context
from ui.dialogs.path_action import offer_choice
from ui.settings import Setting, Settings
from ui.texts import SOURCE, language, tr
from ui.tiles.basemaps import PROXY, BaseMaps

_DIGITS = 3
_FIELD_PX = 170

_SCREEN_SHARE = 0.94


class SettingsDialog(QDialog):
    """All settings that have words, by group."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._settings: Settings = context.settings
        self._fields: dict[str, QWidget] = {}
        self._is_filling = False
        self.setObjectName("settings_dialog")
        self.setWindowTitle(tr("设置"))
        self.setMinimumSize(QSize(500, 420))
        page = QWidget()
        page.setProperty("role", "page")
        groups = QVBoxLayout(page)
        groups.setContentsMargins(20, 16, 20, 12)
        groups.setSpacing(8)
        for group in dict.fromkeys(one.group for one in self._settings.table if one.words):
            groups.addWidget(self._group(group))
            groups.addSpacing(8)
        groups.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(scroll, 1)
        column.addWidget(self._foot())
        wanted, bar = page.sizeHint(), scroll.verticalScrollBar().sizeHint().width()
        wide = max(wanted.width(), page.minimumSizeHint().width()) + bar
        room = self.screen().availableGeometry().size() * _SCREEN_SHARE
        self.resize(QSize(max(560, wide), min(wanted.height() + 70, 700)).boundedTo(room))
        self._settings.changed.connect(self._follow)

    def _group(self, group: str) -> QWidget:
        card = QFrame()
        card.setProperty("role", "card")
        form = QFormLayout(card)
        form.setContentsMargins(16, 12, 16, 14)
        form.setHorizontalSpacing(20)
        form.setVerticalSpacing(6)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        heading = QLabel(tr(group))
        heading.setProperty("role", "heading")
        form.addRow(heading)
        for setting in self._settings.table:
            if setting.words and setting.group == group:
                self._add(form, setting)
        return card

    def _add(self, form: QFormLayout, setting: Setting) -> None:
        field = self._made(setting)
        field.setObjectName(f"setting_{setting.key}")
        field.setAccessibleName(tr(setting.words))
        hints = [tr(setting.hint)] if setting.hint else []
        if setting.needs_restart:
            hints.append(tr("重启后生效。"))
        # Chinese sentences stand without a blank between them.
        words = ("" if language() == SOURCE else " ").join(hints)
        field.setAccessibleDescription(words)
        self._fields[setting.key] = field
        if isinstance(field, QCheckBox):
            form.addRow(field)
        else:
            field.setFixedWidth(_FIELD_PX)
            label = QLabel(tr(setting.words))
            label.setBuddy(field)
            label.setMinimumWidth(self._label_px())
            form.addRow(label, field)
        if words:
            quiet = QLabel(words)
            quiet.setProperty("role", "quiet")
            quiet.setWordWrap(True)
            quiet.setContentsMargins(0, 0, 0, 6)
            form.addRow(quiet)
        self._fill(setting)

    def _label_px(self) -> int:
        """Return the width that all labels need, so that the fields stand in one line."""
        metrics = self.fontMetrics()
        return max(
            metrics.horizontalAdvance(tr(one.words)) for one in self._settings.table if one.words
        )

    def _made(self, setting: Setting) -> QWidget:
        key = setting.key
        if setting.choices:
            box = QComboBox()
            for value, words in setting.choices:
                box.addItem(tr(words), value)
            box.currentIndexChanged.connect(lambda _: self._set(key, box.currentData()))
            return box
        if isinstance(setting.usual, bool):
            switch = QCheckBox(tr(setting.words))
            switch.toggled.connect(lambda value: self._set(key, bool(value)))
            return switch
        if isinstance(setting.usual, float):
            exact = QDoubleSpinBox()
            exact.setDecimals(_DIGITS)
            exact.setSingleStep(0.1)
            exact.setRange(_low(setting), _high(setting))
            exact.valueChanged.connect(lambda value: self._set(key, float(value)))
            exact.lineEdit().setTextMargins(6, 0, 0, 0)
            return exact
        if setting.is_secret:
            return _SecretField(self._context)
        if isinstance(setting.usual, str):
            return (
                _PathField(self._setter(key)) if setting.is_file else _text_field(self._setter(key))
            )
        whole = QSpinBox()
        whole.setRange(int(_low(setting)), int(_high(setting)))
        whole.valueChanged.connect(lambda value: self._set(key, int(value)))
        whole.lineEdit().setTextMargins(6, 0, 0, 0)
        return whole

    def _foot(self) -> QWidget:
        foot = QFrame()
        foot.setProperty("role", "panel")
        row = QHBoxLayout(foot)
        row.setContentsMargins(16, 10, 16, 12)
        self.reset_button = QPushButton(tr("全部恢复默认"))
        self.reset_button.setObjectName("reset_settings")
        self.reset_button.setAutoDefault(False)
        self.reset_button.clicked.connect(self._reset)
        close = QPushButton(tr("关闭"))
        close.setObjectName("close_settings")
        close.setProperty("role", "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row.addWidget(self.reset_button)
        row.addStretch(1)
        row.addWidget(close)
        return foot

    def _reset(self) -> None:
        """Take back what was changed, and forget what is kept in the keyring."""
        self._settings.reset()
        for secret in self.findChildren(_SecretField):
            secret.forget()

    def _set(self, key: str, value: object) -> None:
        if not self._is_filling:
            self._settings.set_value(key, value)

    def _setter(self, key: str) -> Callable[[str], None]:
        return lambda value: self._set(key, value)

    def _follow(self, key: str) -> None:
        for setting in self._settings.table:
            if setting.key == key and key in self._fields:
                self._fill(setting)

    def _fill(self, setting: Setting) -> None:
        """Show the value that counts."""
        field, value = self._fields[setting.key], self._settings.value(setting.key)
        if setting.is_secret:
            return
        self._is_filling = True
        try:
            if isinstance(field, QComboBox):
                field.setCurrentIndex(field.findData(value))
            elif isinstance(field, QCheckBox):
                field.setChecked(value)
            elif isinstance(field, (QSpinBox, QDoubleSpinBox)):
                field.setValue(value)
            elif isinstance(field, QLineEdit):
                field.setText(value)
        finally:
            self._is_filling = False


def _text_field(take: Callable[[str], None]) -> QLineEdit:
    field = QLineEdit()
    field.editingFinished.connect(lambda: take(field.text().strip()))
    return field


class _SecretField(QLineEdit):
    """The password of the proxy: shown by dots, kept in the system's keyring alone."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._keys = BaseMaps.of(context).keys
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._keys.changed.connect(self._known)
        self.editingFinished.connect(self._keep)
        self.setText(self._keys.key(PROXY) or "")

    def forget(self) -> None:
        """Drop the password, here and in the keyring."""
        self.clear()
        self._keep()

    def _known(self, name: str) -> None:
        if name == PROXY and not self.isModified():
            self.setText(self._keys.key(PROXY) or "")

    def _keep(self) -> None:
        self.setModified(False)
        if self.text() != (self._keys.key(PROXY) or ""):
            self._keys.keep(PROXY, self.text())


class _PathField(QLineEdit):
    """The path of a file, typed or chosen."""

    def __init__(self, take: Callable[[str], None]) -> None:
        super().__init__()
        self._take = take
        self.setClearButtonEnabled(True)
        self.choose = offer_choice(self, tr("选择文件…"), self._choose)
        self.editingFinished.connect(self._changed)
        # The cross that empties the field ends no editing.
        self.textChanged.connect(lambda text: take("") if not text else None)

    def _changed(self) -> None:
        self._take(self.text().strip())

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, tr("选择证书文件"), self.text(), tr("证书（{masks}）", masks="*.pem *.crt *.cer")
        )
        if path:
            self.setText(path)
            self._changed()


def _low(setting: Setting) -> float:
    return 0.0 if setting.low is None else setting.low


def _high(setting: Setting) -> float:
    return 1e6 if setting.high is None else setting.high
