"""A strip that shows how far a job has come, with a button that cancels it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from ui.dialogs.words import ElidedLabel
from ui.jobs import Job
from ui.texts import sentence, tr


class BusyStrip(QFrame):
    """Follows one job at a time and is only there while that is at work."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._job: Job | None = None
        self._words = ElidedLabel()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("进度"))
        self._share = QLabel()
        self._share.setProperty("role", "quiet")
        self._share.setMinimumWidth(self._share.fontMetrics().horizontalAdvance("100 %"))
        self._share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.stop_button = QPushButton(tr("取消"))
        self.stop_button.setObjectName("stop")
        self.stop_button.setAccessibleName(tr("取消正在进行的工作"))
        self.stop_button.setAutoDefault(False)
        self.stop_button.clicked.connect(self.cancel)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 6)
        layout.setSpacing(10)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._bar, 1)
        layout.addWidget(self._share)
        layout.addWidget(self.stop_button)
        self.hide()

    @property
    def is_busy(self) -> bool:
        """Whether a job is at work."""
        return self._job is not None

    def follow(self, job: Job) -> None:
        """Show the progress of *job* until it ends, instead of that of another."""
        if self._job is not None:
            self._job.progressed.disconnect(self._step)
            self._job.ended.disconnect(self._end)
        self._job = job
        self._words.say(job.title)
        self._bar.setRange(0, 0)
        self._share.clear()
        self.stop_button.setEnabled(job.can_cancel)
        self.stop_button.setText(tr("取消"))
        job.progressed.connect(self._step)
        job.ended.connect(self._end)
        self.show()

    def cancel(self) -> None:
        """Ask the job to stop."""
        if self._job is not None:
            self._job.cancel()
            self.stop_button.setEnabled(False)
            self.stop_button.setText(tr("正在取消…"))

    def _step(self, what: str, done: int, total: int) -> None:
        if self._job is None:
            return
        if what:
            self._words.say(sentence(what))
        if total > 0:
            self._bar.setRange(0, total)
            self._bar.setValue(done)
            self._share.setText(f"{100 * done // total} %")

    def _end(self) -> None:
        self._job = None
        self.hide()
