"""Shows the long work that is going on, how far it is, and a button that stops it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from ui.jobs import Job, Jobs
from ui.texts import sentence, tr
from ui.theme import icon

_WAIT_MS = 300
_QUIET_WAIT_MS = 2000
_THOUSANDTHS = 1000


class ProgressStrip(QWidget):
    """Title, stage, bar and cancel. Work that is soon over is never shown."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("progress_strip")
        self._job: Job | None = None
        self.words = QLabel()
        self.words.setObjectName("progress_words")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = QProgressBar()
        self.bar.setObjectName("progress_bar")
        self.bar.setFixedWidth(120)
        self.bar.setTextVisible(False)
        self.cancel_button = QToolButton()
        self.cancel_button.setObjectName("progress_cancel")
        self.cancel_button.setIconSize(QSize(16, 16))
        self.cancel_button.clicked.connect(self._cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self.words)
        row.addWidget(self.bar)
        row.addWidget(self.cancel_button)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.timeout.connect(self._appear)
        self.hide()
        jobs.started.connect(self._follow)

    def _follow(self, job: Job) -> None:
        self._job = job
        job.progressed.connect(self._tell)
        job.ended.connect(self._end)
        self._tell("", 0, 0)
        self.cancel_button.setVisible(job.can_cancel)
        self.cancel_button.setEnabled(True)
        self.cancel_button.setToolTip(tr("停止"))
        self.cancel_button.setAccessibleName(tr("停止“{title}”", title=job.title))
        self._wait.start(_QUIET_WAIT_MS if job.is_quiet else _WAIT_MS)

    def _appear(self) -> None:
        if self._job is not None:
            self.cancel_button.setIcon(icon("cross"))
            self.show()

    def _tell(self, stage: str, done: int, total: int) -> None:
        job = self._job
        if job is None:
            return
        words = [job.title]
        if job.progress.is_cancelled():
            words.append(tr("正在停止…"))
        elif stage:
            words.append(sentence(stage))
        if total > 0:
            self.bar.setRange(0, _THOUSANDTHS)
            self.bar.setValue(min(done * _THOUSANDTHS // total, _THOUSANDTHS))
            words.append(f"{min(done * 100 // total, 100)} %")
        else:
            self.bar.setRange(0, 0)
        self.words.setText(" · ".join(words))
        self.bar.setAccessibleName(self.words.text())

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self.cancel_button.setEnabled(False)
            self.cancel_button.setToolTip(tr("正在停止…"))

    def _end(self) -> None:
        self._wait.stop()
        self._job = None
        self.hide()
