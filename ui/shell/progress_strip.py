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
        self._at_work: list[Job] = []
        """What is going on, what is shown last."""
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
        row.addStretch(1)
        row.addWidget(self.words)
        row.addWidget(self.bar)
        row.addWidget(self.cancel_button)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.timeout.connect(self._appear)
        self.hide()
        jobs.started.connect(self.follow)

    @property
    def _job(self) -> Job | None:
        return self._at_work[-1] if self._at_work else None

    def follow(self, job: Job) -> None:
        """Show a job that has begun until it ends; then what else is going on."""
        self._at_work.append(job)
        job.progressed.connect(self._renew)
        job.ended.connect(self._end)
        self._begin(job)
        if not self.isVisible():
            self._wait.start(_QUIET_WAIT_MS if job.is_quiet else _WAIT_MS)

    def _begin(self, job: Job) -> None:
        self._renew()
        self.cancel_button.setVisible(job.can_cancel)
        self.cancel_button.setEnabled(not job.progress.is_cancelled())
        self.cancel_button.setToolTip(tr("停止"))
        self.cancel_button.setAccessibleName(tr("停止“{title}”", title=job.title))

    def _appear(self) -> None:
        if self._job is not None:
            self.cancel_button.setIcon(icon("cross"))
            self.show()

    def _renew(self) -> None:
        job = self._job
        if job is None:
            return
        stage, done, total = job.progress.state
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
        ended = self.sender()
        self._at_work = [job for job in self._at_work if job is not ended]
        if self._job is None:
            self._wait.stop()
            self.hide()
        else:
            self._begin(self._job)
