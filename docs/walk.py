"""Walks the newcomer's path with real mouse and key events, and keeps a picture of each step.

    python docs/walk.py [OUT] [--lang zh|en] [--theme light|dark]

Needs Xvfb and xdotool. The program runs on a screen of its own; this script asks it only where
things are and whether it has come to rest. Everything it does, it does by pointer and keys.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

SCREEN = "1366x768x24"
PATIENCE_S = 60.0
_MOST_PAGES = 6
IN_THE_DARK = ("-drag.png", "-issue.png")
"""The pictures of the dark theme that the guide shows."""
LANGS, THEMES = ("zh", "en"), ("light", "dark")


class StuckError(Exception):
    """The program didn't get where a step of the walk expects it."""


class Walker:
    """Pointer and keys of one screen, and questions to the program on it."""

    def __init__(self, display: str, program: subprocess.Popen[str], out: Path) -> None:
        self._environment = {**os.environ, "DISPLAY": display}
        self._program = program
        self._out = out
        self._number = 0
        self.names: list[str] = []

    # Questions

    def ask(self, what: str, **more: Any) -> Any:
        """Return the program's answer to a question. Raises: StuckError."""
        asked, told = self._program.stdin, self._program.stdout
        if asked is None or told is None:
            raise StuckError("the program has no pipes")
        asked.write(json.dumps({"ask": what, **more}) + "\n")
        asked.flush()
        line = told.readline()
        if not line:
            raise StuckError(f"the program ended at “{what}”")
        answer = json.loads(line)
        if "fault" in answer:
            raise StuckError(f"{what} {more}: {answer['fault']}")
        return answer["value"]

    def until(self, what: str, **more: Any) -> Any:
        """Wait until the answer is neither None nor false. Raises: StuckError."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            value = self.ask(what, **more)
            if value:
                return value
            time.sleep(0.05)
        raise StuckError(f"{what} {more} didn't come about; see: {self.ask('screen')}")

    def rest(self) -> None:
        """Wait until the window has nothing more to do."""
        time.sleep(0.15)
        self.until("is_at_rest")

    def focus(self) -> None:
        """Give the keys back to the window: this screen has no window manager that would."""
        self.do("windowfocus", str(self.ask("window")))

    # Pointer and keys

    def do(self, *words: str | float) -> None:
        """Let xdotool act."""
        command = ["xdotool", *(str(round(w)) if isinstance(w, float) else w for w in words)]
        subprocess.run(command, check=True, env=self._environment)
        time.sleep(0.08)

    def click(self, name: str, *, text: str = "") -> None:
        """Click a widget by its name, or the row or button in it that says *text*."""
        x, y = self.until("where", name=name, text=text)
        self.do("mousemove", str(x), str(y))
        time.sleep(0.05)
        self.do("click", "1")

    def scroll(self, name: str, turns: int) -> None:
        """Turn the wheel down over a widget."""
        x, y = self.until("where", name=name, text="")
        self.do("mousemove", str(x), str(y))
        for _ in range(turns):
            self.do("click", "5")

    def press(self, *keys: str) -> None:
        """Press keys, one after another; ``ctrl+k`` presses two together."""
        for key in keys:
            self.do("key", key)

    def type(self, text: str) -> None:
        """Type text."""
        self.do("type", "--delay", "25", text)

    def move_to(self, place: Sequence[float]) -> None:
        """Move the pointer to a place of the map."""
        x, y = self.ask("pixel", place=list(place))
        self.do("mousemove", str(x), str(y))

    # Pictures

    def shot(self, name: str) -> None:
        """Keep a picture of the screen."""
        self._number += 1
        file = self._out / f"{self._number:02}-{name}.png"
        time.sleep(0.25)
        self.ask("shot", path=str(file))
        self.names.append(file.name)


def walk(walker: Walker, folder: Path) -> None:
    """Go the newcomer's path: find, drag, take back, new project, import, settle, export."""
    _find_a_community(walker)
    _drag_a_border(walker)
    _new_project(walker)
    for layer in ("street", "frame", "community", "grid"):
        _import(walker, folder / "demo-dirty.gpkg", layer)
    _settle_a_fault(walker)
    _export(walker)


def _find_a_community(walker: Walker) -> None:
    walker.until("is_visible", name="start_page")
    walker.shot("start")
    walker.click("start_demo")
    walker.until("is_open")
    walker.rest()
    walker.shot("demo")
    walker.press("ctrl+k")
    walker.type("dingmao")
    walker.until("is_visible", name="search_popup")
    walker.shot("search")
    walker.press("Return")
    walker.rest()
    walker.shot("community")


def _drag_a_border(walker: Walker) -> None:
    spot = walker.ask("draggable")
    walker.ask("look", place=spot["place"], scale=2500)
    walker.rest()
    walker.press("a")
    walker.move_to(spot["place"])
    walker.rest()
    walker.shot("points")
    walker.do("mousedown", "1")
    x, y = spot["place"]
    dx, dy = spot["way"]
    for part in (0.2, 0.4, 0.6, 0.8, 1.0):
        walker.move_to((x + dx * part, y + dy * part))
    walker.shot("drag")
    walker.do("mouseup", "1")
    walker.until("is_revision", at_least=1)
    walker.rest()
    walker.shot("dragged")
    walker.press("ctrl+z")
    walker.until("is_revision", at_least=2)
    walker.rest()
    walker.shot("undone")


def _new_project(walker: Walker) -> None:
    walker.press("ctrl+n")
    walker.until("is_visible", name="name_only")
    walker.click("name_only")
    walker.click("project_name")
    walker.press("ctrl+a")
    walker.type("Walk")
    walker.shot("new")
    walker.click("main")
    walker.until("is_named", name="Walk")
    walker.rest()
    walker.focus()


def _import(walker: Walker, file: Path, layer: str) -> None:
    is_first = layer == "street"
    if is_first:
        walker.press("ctrl+i")
        walker.click("choose_file")
        walker.until("is_visible", name="fileNameEdit")
        walker.type(str(file))
        walker.press("Return")
        walker.until("is_visible", name="layers")
        walker.click("layers", text=layer)
    else:
        walker.click("next_layer")
        walker.until("is_hidden", name="done_headline")
        walker.until("is_idle")
    if is_first:
        walker.shot("import-file")
    revision = walker.ask("revision")
    for _ in range(_MOST_PAGES):
        walker.until("is_idle")
        if not walker.ask("is_hidden", name="done_headline"):
            break
        if walker.ask("is_visible", name="headline") and is_first:
            walker.shot("import-preview")
        walker.until("is_enabled", name="main")
        walker.click("main")
    walker.until("is_revision", at_least=revision + 1)
    walker.until("is_visible", name="done_headline")
    walker.shot(f"imported-{layer}")
    if layer == "grid":
        walker.click("main")
        walker.rest()
        walker.focus()


def _settle_a_fault(walker: Walker) -> None:
    walker.press("ctrl+3")
    walker.rest()
    walker.shot("issues")
    walker.press("F8")
    walker.rest()
    walker.shot("issue")
    before = walker.ask("issues")
    # On a small screen the ways stand below the pictures of them.
    walker.scroll("before-after", 8)
    walker.click(walker.until("settle_button"))
    walker.until("has_fewer_issues", before=before)
    walker.rest()
    walker.shot("settled")


def _export(walker: Walker) -> None:
    walker.press("ctrl+e")
    walker.until("is_visible", name="format_gpkg")
    walker.shot("export")
    walker.until("is_enabled", name="main")
    walker.click("main")
    walker.until("is_visible", name="written_layers")
    walker.shot("exported")
    walker.click("main")
    walker.rest()
    walker.focus()
    walker.press("ctrl+q")


# The two processes


@contextmanager
def screen() -> Iterator[str]:
    """Return the name of a screen of its own."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as pipe:
            yield f":{pipe.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def run(out: Path, lang: str, theme: str) -> list[str]:
    """Walk once and return the names of the pictures. Raises: StuckError."""
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("[0-9]*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as home, screen() as display:
        environment = {
            **os.environ,
            "DISPLAY": display,
            "HOME": home,
            "QT_QPA_PLATFORM": "xcb",
            "QT_ACCESSIBILITY": "0",
            "GRIDADMIN_CONFIG": f"{home}/config",
            "GRIDADMIN_LOG": f"{home}/log",
            "GRIDADMIN_DEMO": f"{home}/demo",
        }
        environment.pop("XDG_RUNTIME_DIR", None)
        command = [sys.executable, __file__, "--program", "--lang", lang, "--theme", theme]
        (Path(home) / "Documents").mkdir()
        with subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        ) as program:
            walker = Walker(display, program, out)
            try:
                walk(walker, Path(home) / "demo")
                code = program.wait(PATIENCE_S)
            except BaseException:
                program.kill()
                raise
        if code:
            raise StuckError(f"the program ended with {code}")
    return walker.names


def serve(lang: str, theme: str) -> int:
    """Run the program and answer the walker's questions."""
    from PySide6.QtCore import QObject, Signal

    from docs.walk_answers import Answers
    from ui.application import dress, make_application
    from ui.main_window import MainWindow
    from ui.settings import Settings

    class Ear(QObject):
        heard = Signal(str)

    application = make_application()
    settings = Settings()
    settings.set_value("theme", theme)
    settings.set_value("tour_seen", True)
    dress(application, settings, lang)
    window = MainWindow(settings)
    window.setGeometry(0, 0, 1366, 768)
    window.show()
    answers = Answers(window)
    ear = Ear()
    ear.heard.connect(answers.answer)

    def listen() -> None:
        for line in sys.stdin:
            ear.heard.emit(line)

    threading.Thread(target=listen, daemon=True).start()
    return application.exec()


def main() -> int:
    """Walk as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path, nargs="?", default=ROOT / "docs" / "images")
    parser.add_argument("--lang", choices=LANGS)
    parser.add_argument("--theme", choices=THEMES)
    parser.add_argument("--all", action="store_true", help="keep all pictures of the dark theme")
    parser.add_argument("--program", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.program:
        return serve(options.lang or "zh", options.theme or "light")
    for lang in [options.lang] if options.lang else LANGS:
        for theme in [options.theme] if options.theme else THEMES:
            folder = options.out / f"{lang}-{theme}"
            names = run(folder, lang, theme)
            if theme == "dark" and not options.all:
                for name in names:
                    if not name.endswith(IN_THE_DARK):
                        (folder / name).unlink()
            sys.stdout.write(f"{lang} {theme}: {len(names)} steps\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
