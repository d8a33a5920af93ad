"""The pages for readers say what the program does: their commands run, their output comes."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from gridadmin import __version__
from gridadmin.base.errors import EditError
from gridadmin.base.paths import ROOT
from gridadmin.base.texts import table
from gridadmin.cli import main
from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.issue import Issue
from gridadmin.edit.script import ScriptReader
from gridadmin.repair.lines import repair_lines

DOCS = ROOT / "docs"
COMMANDS = (
    "new",
    "import",
    "info",
    "check",
    "repair",
    "edit",
    "codes",
    "plan",
    "verify",
    "export",
    "render",
    "chart",
    "publish",
    "fetch",
    "assign",
    "releases",
    "diff",
    "handout",
    "takein",
    "demo",
    "roster",
    "staffing",
)
BELOW = {"roster": ("import", "export", "log"), "staffing": ("report",)}
"""Commands that have commands of their own."""
COMMAND_WORDS = {
    "give",
    "insert_line",
    "move",
    "add_vertex",
    "delete_vertex",
    "move_stretch",
    "offset",
    "straighten",
    "align",
    "create",
    "set",
    "delete",
    "merge",
    "dissolve",
    "split",
    "redraw",
    "draw",
    "paint",
    "reparent",
    "renumber",
    "four_bounds",
    "code_list",
    "lineage",
    "simplify",
    "plan",
    "release",
    "roll_back",
    "lock",
    "unlock",
    "campus",
    "exempt",
    "set_exempt",
    "end_exempt",
    "stack",
    "unstack",
    "set_shares",
    "frame",
    "person",
    "organization",
    "headcount",
    "agreement",
    "party_node",
    "registration_count",
    "team",
    "team_member",
    "grouping",
    "grouping_member",
    "facility",
    "street",
    "compound",
    "end",
    "assign",
    "unassign",
    "assignment",
    "together",
    "handover",
    "pair",
    "seats",
    "mode",
    "roster",
    "repair",
    "accept",
    "unaccept",
    "check",
    "check_set",
    "limits",
    "map_approval",
    "published_land",
    "bookmark",
    "undo",
    "redo",
}
EVERYWHERE = {"--help", "--json", "--lang", "--quiet", "--version"}
BLOCK = re.compile(
    r"(?:<!-- ends (?P<codes>[\d ]+?) -->\n)?```(?P<kind>\w*)\n(?P<text>.*?)```", re.DOTALL
)
SAVED_AS = re.compile(r"`([\w/-]+\.jsonl)`")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")

Capture = pytest.CaptureFixture[str]


@dataclass(frozen=True)
class Block:
    """A fenced block of a page: what it is, and the exit codes that the page gives its commands."""

    kind: str
    text: str
    codes: list[int]
    saved_as: str | None

    @property
    def commands(self) -> Iterator[tuple[list[str], int]]:
        """The arguments of each command with the code it should end with, 0 unless said."""
        lines = self.text.strip().splitlines()
        codes = self.codes if len(self.codes) > 1 else (self.codes or [0]) * len(lines)
        for line, code in zip(lines, codes, strict=True):
            program, *arguments = shlex.split(line)
            assert program == "gridadmin"
            yield arguments, code


def page(path: Path, section: str | None = None) -> str:
    text = path.read_text(encoding="utf-8")
    if section is None:
        return text
    return text.split(f"\n## {section}\n", 1)[1].split("\n## ", 1)[0]


def blocks(text: str) -> list[Block]:
    found, end = [], 0
    for match in BLOCK.finditer(text):
        names = SAVED_AS.findall(text[end : match.start()])
        codes = [int(code) for code in (match["codes"] or "").split()]
        found.append(Block(match["kind"], match["text"], codes, names[-1] if names else None))
        end = match.end()
    return found


def walk(text: str, lang: str, capsys: Capture) -> int:
    """Do what a page says in the present folder; return how many commands it had."""
    said, count = "", 0
    for before, block in pairwise([Block("", "", [], None), *blocks(text)]):
        if block.kind == "json":
            assert block.saved_as is not None
            Path(block.saved_as).write_text(block.text, encoding="utf-8")
        elif block.kind == "sh":
            said = ""
            for arguments, code in block.commands:
                ended = main([*arguments, "--lang", lang])
                out, err = capsys.readouterr()
                assert ended == code, f"{arguments} ended with {ended}:\n{err}{out}"
                said += err
                count += 1
        elif block.kind == "python":
            exec(compile(block.text, "page", "exec"), {})
            said = capsys.readouterr().out
        elif block.kind == "text":
            assert before.kind in {"sh", "python"}
            missing = set(block.text.splitlines()) - set(said.splitlines())
            assert not missing, f"not said: {missing}\nbut:\n{said}"
    return count


@pytest.mark.parametrize(
    ("name", "section", "lang"),
    [
        ("README.md", "A first walk on the command line", "en"),
        ("README.zh-CN.md", "在命令行里先走一遍", "zh"),
    ],
)
def test_the_first_walk_goes_as_the_readme_says(
    name: str,
    section: str,
    lang: str,
    chinese_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    monkeypatch.chdir(chinese_dir)

    count = walk(page(ROOT / name, section), lang, capsys)

    assert count == 12


@pytest.mark.parametrize(
    ("name", "data", "count"),
    [
        pytest.param("chicago.md", "coverages/chicago_precincts.gpkg", 9, marks=pytest.mark.slow),
        ("shinan.md", "osm/shinan_11_streets_osm.geojson", 7),
    ],
)
def test_a_worked_example_gives_the_figures_of_its_page(
    name: str,
    data: str,
    count: int,
    shared_data: Path,
    chinese_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    monkeypatch.chdir(chinese_dir)
    shutil.copy(shared_data / data, chinese_dir)

    done = walk(page(DOCS / name), "en", capsys)

    assert done == count


def test_the_examples_of_five_places_give_the_figures_of_their_page(
    chinese_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(chinese_dir)

    assert walk(page(DOCS / "places.md"), "en", capsys) == 14


def an_issue(number: str) -> Issue:
    return Issue(number, "gap", Severity.ERROR, point=(0.0, 0.0))


def help_options(command: str, capsys: Capture, lang: str = "en") -> set[str]:
    for below in BELOW.get(command, ("",)):
        assert main([command, *below.split(), "--help", "--lang", lang]) == 0
    lines = capsys.readouterr().out.splitlines()
    return {line.split()[0] for line in lines if line.startswith("  --")}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_page_of_commands_names_the_options_that_there_are(
    command: str, capsys: Capture
) -> None:
    named = set(OPTION.findall(page(DOCS / "command-line.md", command)))

    there_are = help_options(command, capsys)

    assert named - EVERYWHERE == there_are - EVERYWHERE


def test_the_page_of_commands_names_the_commands_that_there_are(capsys: Capture) -> None:
    main(["--help", "--lang", "en"])
    listed = capsys.readouterr().out.split("Commands:\n")[1].splitlines()

    headings = re.findall(r"^## ([a-z]+)$", page(DOCS / "command-line.md"), re.MULTILINE)

    assert headings == [line.split()[0] for line in listed] == list(COMMANDS)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_in_the_language_asked_for(command: str, capsys: Capture) -> None:
    main([*command.split(), "--help", "--lang", "zh"])
    told = capsys.readouterr().out

    lines = [line for line in told.splitlines() if not line.lstrip().startswith("gridadmin ")]
    # What a long option does stands in the line below it.
    pairs = zip(lines, [*lines[1:], ""], strict=True)
    words = [line + after if after.startswith(" " * 8) else line for line, after in pairs]
    english = [line for line in words if line.startswith("  ") and not re.search("[一-鿿]", line)]
    codes = re.findall(r"\b(?:option|help)\.\w+", told)

    assert told.startswith("用法：")
    assert codes == []
    assert [line for line in english if re.match(r"  --?[a-z]", line)] == []


def test_each_option_of_each_command_is_explained_in_both_languages(capsys: Capture) -> None:
    for command in COMMANDS:
        assert help_options(command, capsys, "zh") == help_options(command, capsys, "en")


def test_the_changelog_tells_of_this_version() -> None:
    assert __version__ in page(ROOT / "CHANGELOG.md")


@pytest.mark.parametrize("path", [ROOT / "README.md", ROOT / "README.zh-CN.md", *DOCS.glob("*.md")])
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    targets = [path.parent / link for link in LINK.findall(page(path))]

    assert [target for target in targets if not target.exists()] == []


def test_the_page_of_edit_lines_shows_each_command_as_it_is_read() -> None:
    lines = "".join(block.text for block in blocks(page(DOCS / "edit.md"))).splitlines()
    shown = [line for line in lines if line.startswith('{"do"')]
    reader = ScriptReader(lambda _: (0.0, 0.0), more=repair_lines(an_issue), find_issue=an_issue)

    for line in shown:
        reader.read(line)

    assert {json.loads(line)["do"] for line in shown} == COMMAND_WORDS


def test_the_page_of_edit_lines_names_refusals_that_there_are() -> None:
    named = set(re.findall(r"`(edit\.\w+)`", page(DOCS / "edit.md")))

    assert named - set(table("en")) == set()
    assert len(named) > 30


def test_the_page_of_edit_lines_names_every_command_that_an_unknown_one_is_answered_with() -> None:
    with pytest.raises(EditError) as refusal:
        ScriptReader(lambda _: (0.0, 0.0), more=repair_lines(an_issue)).read('{"do":"fly"}')

    assert set(str(refusal.value.params["commands"]).split(", ")) == COMMAND_WORDS
