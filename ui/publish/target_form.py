"""The form of one publishing target: where, as whom, for whom, what it gets.

The secret goes to the keyring.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from gridadmin.base.errors import GridAdminError
from gridadmin.domain.export_note import Profile
from gridadmin.publish.target_book import TargetBook, TargetSetting
from gridadmin.publish.targets.address import Kind, folder_url, parse_address
from gridadmin.publish.targets.credentials import keep_secret, recall_secret
from ui.dialogs.path_action import offer_choice
from ui.dialogs.words import Sentence, label
from ui.panels.parts import ElidedButton
from ui.people.form import Fields
from ui.publish import words
from ui.publish.target_content import TargetContent
from ui.texts import explain, mark, tr

_KINDS: tuple[tuple[Kind, str, str], ...] = (
    (Kind.FOLDER, mark("文件夹或网络共享"), ""),
    (Kind.WEBDAV, mark("WebDAV / HTTPS"), "https://"),
    (Kind.GEOSERVER, mark("GeoServer"), "geoserver+https://"),
    (Kind.SFTP, mark("SFTP"), "sftp://"),
    (Kind.S3, mark("S3 对象存储"), "s3://"),
)
_EXAMPLES = {
    Kind.FOLDER: r"\\server\grids" if os.name == "nt" else "/srv/grids",
    Kind.WEBDAV: "https://dav.example.org/grids",
    Kind.GEOSERVER: "geoserver+https://maps.example.org/geoserver?workspace=grids",
    Kind.SFTP: "sftp://files.example.org/srv/grids",
    Kind.S3: "s3://bucket/grids?endpoint=https://s3.example.org&region=cn-north-1",
}
_WIDTH_EM = 42


class TargetForm(QDialog):
    """Adds a target or changes one; a refusal is said inside, and nothing typed is lost."""

    kept = Signal(str)
    """The target was kept; its name."""

    def __init__(
        self,
        book: TargetBook,
        setting: TargetSetting | None,
        parent: QWidget | None = None,
        chosen_area: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(parent)
        self._book = book
        self._before = setting
        title = tr("添加发布目标") if setting is None else tr("修改发布目标")
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH_EM * self.fontMetrics().height())
        self.name, self.url, self.user, self.secret = (QLineEdit() for _ in range(4))
        self.ca, self.key_file = QLineEdit(), QLineEdit()
        self.kind, self.profile = QComboBox(), QComboBox()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        for kind, words_of_kind, _ in _KINDS:
            self.kind.addItem(tr(words_of_kind), kind)
        for profile in Profile:
            self.profile.addItem(words.profile(profile), str(profile))
        self.fields = Fields()
        self.fields.put("name", tr("名称"), self.name)
        self.fields.put("kind", tr("种类"), self.kind)
        self.fields.put("url", tr("地址"), self.url)
        self.fields.put("profile", tr("给谁看"), self.profile)
        self.content = TargetContent(chosen_area, self)
        self.content.put_into(self.fields)
        self.fields.put("user", tr("用户名"), self.user)
        self.fields.put("secret", tr("密码"), self.secret)
        self.fields.put("key_file", tr("密钥文件"), self.key_file)
        self.fields.put("ca", tr("CA 证书文件"), self.ca)
        self.choose_folder = self._offer_choices()
        self.fault = Sentence("error")
        self.fault.setObjectName("fault")
        self.keep_button = ElidedButton(tr("保存"), self.keep, "primary")
        self.keep_button.setObjectName("main")
        self.keep_button.setDefault(True)
        cancel = ElidedButton(tr("取消"), self.reject)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.keep_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        column.addWidget(label(title, "heading"))
        column.addWidget(label(tr("密码只保存在系统钥匙串里，不写进任何文件。"), "quiet"))
        column.addLayout(self.fields)
        column.addWidget(self.fault)
        column.addLayout(foot)
        self._fill(setting)
        self.kind.currentIndexChanged.connect(self._kind_chosen)
        self.url.textEdited.connect(self._address_typed)
        self.profile.currentIndexChanged.connect(self._profile_chosen)
        self.content.refused.connect(self.fault.say)
        self._show_kind()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with the name."""
        super().showEvent(event)
        self.name.setFocus()

    def keep(self) -> None:
        """Keep the target and its secret, or say what is wrong."""
        why = self.content.why_not()
        if why:
            self.fault.say(why)
            return
        try:
            setting = self._setting()
            self._book.keep(setting, None if self._before is None else self._before.name)
            if self._has_login() and setting.user and self.secret.isModified():
                keep_secret(setting.address.origin, setting.user, self.secret.text())
        except GridAdminError as error:
            self.fault.say(explain(error))
            return
        self.kept.emit(setting.name)
        self.accept()

    def _setting(self) -> TargetSetting:
        before = self._before or TargetSetting("", "")
        url = self._address()
        return replace(
            before,
            name=self.name.text().strip(),
            url=url,
            user=self.user.text().strip() if self._has_login() else "",
            profile=str(self.profile.currentData()),
            ca=self.ca.text().strip(),
            key_file=self.key_file.text().strip(),
            host_key=before.host_key if url == before.url else "",
            **self.content.said(),
        )

    def _address(self) -> str:
        """Return the address that the field means; of a folder its path is enough."""
        text = self.url.text().strip()
        if self._kind is not Kind.FOLDER or "://" in text:
            return parse_address(text).url
        before = self._before
        if before is not None and text == _shown(before):
            # Written by hand it may look otherwise, and records know the target by its address.
            return before.url
        return parse_address(folder_url(text)).url

    def _offer_choices(self) -> QAction:
        """Let folder and files be chosen; return the button for the folder."""
        offer_choice(self.key_file, tr("选择文件…"), self._choose_key_file)
        offer_choice(self.ca, tr("选择文件…"), self._choose_ca)
        return offer_choice(self.url, tr("选择文件夹…"), self._choose_folder)

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("选择文件夹"), self.url.text())
        if folder:
            self.url.setText(str(Path(folder)))

    def _choose_key_file(self) -> None:
        self._choose_file(self.key_file, tr("选择密钥文件"), "")

    def _choose_ca(self) -> None:
        masks = tr("证书（{masks}）", masks="*.pem *.crt *.cer")
        self._choose_file(self.ca, tr("选择证书文件"), masks)

    def _choose_file(self, field: QLineEdit, title: str, masks: str) -> None:
        path, _ = QFileDialog.getOpenFileName(self, title, field.text(), masks)
        if path:
            field.setText(str(Path(path)))

    def _fill(self, setting: TargetSetting | None) -> None:
        self.content.fill(setting or TargetSetting("", ""))
        if setting is None:
            return
        self.name.setText(setting.name)
        self.url.setText(_shown(setting))
        self.profile.setCurrentIndex(self.profile.findData(str(setting.profile)))
        self.user.setText(setting.user)
        self.ca.setText(setting.ca)
        self.key_file.setText(setting.key_file)
        self.kind.setCurrentIndex([kind for kind, _, _ in _KINDS].index(setting.address.kind))
        if setting.user:
            self.secret.setText(recall_secret(setting.address.origin, setting.user))

    def _profile_chosen(self) -> None:
        self.content.follow(str(self.profile.currentData()))

    def _has_login(self) -> bool:
        return self._kind is not Kind.FOLDER

    @property
    def _kind(self) -> Kind:
        return Kind(self.kind.currentData())

    def _kind_chosen(self) -> None:
        text = self.url.text().strip()
        is_path = self._kind is Kind.FOLDER and Path(text).is_absolute()
        if not is_path and not text.partition("://")[2].strip("/"):
            self.url.setText(_KINDS[self.kind.currentIndex()][2])
        self._show_kind()

    def _address_typed(self, text: str) -> None:
        """Let the kind follow an address, or the path of a folder, that was pasted."""
        scheme, separator, _ = text.strip().partition("://")
        if scheme == "file" if separator else Path(scheme).is_absolute():
            self.kind.setCurrentIndex(self.kind.findData(Kind.FOLDER))
            return
        for place, (_, _, beginning) in enumerate(_KINDS):
            if separator and beginning.startswith(f"{scheme}://"):
                self.kind.setCurrentIndex(place)

    def _show_kind(self) -> None:
        """Show the fields that this kind of target has."""
        kind = self._kind
        self.choose_folder.setVisible(kind is Kind.FOLDER)
        self.url.setPlaceholderText(_EXAMPLES[kind])
        self.url.setToolTip(tr("例如 {example}", example=_EXAMPLES[kind]))
        shown = {
            "user": self._has_login(),
            "secret": self._has_login(),
            "key_file": kind is Kind.SFTP,
            "ca": kind in (Kind.WEBDAV, Kind.GEOSERVER, Kind.S3),
        }
        labels = {one.buddy(): one for one in self.findChildren(QLabel)}
        for field in (self.user, self.secret, self.key_file, self.ca):
            field.setVisible(shown[field.objectName()])
            labels[field].setVisible(shown[field.objectName()])


def _shown(setting: TargetSetting) -> str:
    """Return an address as its field shows it: that of a folder is its path."""
    address = setting.address
    return str(address.folder) if address.kind is Kind.FOLDER else setting.url
