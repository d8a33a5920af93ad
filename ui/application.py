"""The desktop program: ``python main.py [PROJECT]``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from gridadmin import __version__
from ui.logs import install_fault_hook, setup_logging
from ui.settings import Settings
from ui.texts import language, set_language, tr
from ui.theme import apply_theme

_TURN_S = 0.001
"""So long another thread of Python's keeps the window waiting for its turn; usual are 5 ms."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window, with a project when one is named, and return the exit code."""
    options = _options(sys.argv[1:] if arguments is None else arguments)
    setup_logging()
    application = make_application()
    settings = Settings()
    dress(application, settings, options.lang)
    # Late: the language has to be chosen before words are made.
    from ui.dialogs.report_dialog import show_fault
    from ui.main_window import MainWindow

    install_fault_hook(show_fault)
    window = MainWindow(settings)
    window.restore()
    window.show()
    if options.project is not None:
        window.open_project(Path(options.project))
    return application.exec()


def make_application() -> QApplication:
    """Return the application of this process; made when there is none yet."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    sys.setswitchinterval(_TURN_S)
    application = QApplication(["gridadmin"])
    application.setApplicationName("gridadmin")
    application.setApplicationVersion(__version__)
    application.setOrganizationName("gridadmin")
    return application


def dress(application: QApplication, settings: Settings, lang: str | None = None) -> None:
    """Choose language, Qt's own words and the theme."""
    set_language(chosen_language(settings, lang))
    _install_qt_words(application)
    application.setApplicationDisplayName(tr("网格管理"))
    apply_theme(application, settings.value("theme"), settings.value("font_scale"))


def chosen_language(settings: Settings, lang: str | None = None) -> str:
    """Return the language to use: the one asked for, that of the settings, or the system's."""
    wanted = lang or settings.value("language")
    if wanted == "system":
        return "zh" if QLocale.system().language() == QLocale.Language.Chinese else "en"
    return str(wanted)


def _install_qt_words(application: QApplication) -> None:
    """Let Qt's own dialogs speak the language of the program."""
    for old in application.findChildren(QTranslator):
        application.removeTranslator(old)
        old.deleteLater()
    chinese = QLocale(QLocale.Language.Chinese, QLocale.Country.China)
    english = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
    locale = chinese if language() == "zh" else english
    QLocale.setDefault(locale)
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(locale, "qtbase", "_", folder):
        application.installTranslator(translator)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="gridadmin", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("project", nargs="?", metavar="PROJECT", help="project file (.gpkg)")
    parser.add_argument("--lang", choices=("zh", "en"), help="language of the window")
    return parser.parse_args(arguments)
