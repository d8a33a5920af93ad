"""What holds for every command: exit codes, JSON keys, what goes to which stream, languages."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from gridadmin.store.project_file import ProjectFile
from tests.cli.boundaries import boundary_file, box, outline, quarters
from tests.cli.runner import edit, json_of, run, run_child

HAN = re.compile("[\u4e00-\u9fff]")
UNFILLED = re.compile(r"\{[a-z_]+\}")
READERS = ("info", "check", "verify")

COMMANDS = (
    "new",
    "import",
    "info",
    "check",
    "edit",
    "verify",
    "export",
    "render",
    "chart",
    "publish",
    "fetch",
    "releases",
    "diff",
    "handout",
    "takein",
    "demo",
    "staffing",
)


@pytest.mark.parametrize("command", READERS)
def test_json_goes_to_stdout_alone_and_sentences_to_stderr(four_grids: Path, command: str) -> None:
    ran = run(command, four_grids, "--json", "-")

    assert ran.code == 0, ran.err
    assert isinstance(json.loads(ran.out), dict)
    assert ran.err.strip()
    assert not UNFILLED.search(ran.err)


@pytest.mark.parametrize("command", READERS)
def test_without_json_nothing_goes_to_stdout(four_grids: Path, command: str) -> None:
    ran = run(command, four_grids)

    assert ran.out == ""
    assert ran.err.strip()


@pytest.mark.parametrize("command", READERS)
def test_quiet_says_nothing_but_the_json(four_grids: Path, command: str) -> None:
    ran = run(command, four_grids, "--json", "-", "--quiet")

    assert ran.err == ""
    assert json.loads(ran.out)


@pytest.mark.parametrize("command", READERS)
def test_json_into_a_file_is_the_same_as_on_stdout(
    four_grids: Path, chinese_dir: Path, command: str
) -> None:
    out = chinese_dir / "结 果.json"

    ran = run(command, four_grids, "--json", out)

    printed = json_of(command, four_grids)
    written = json.loads(out.read_text(encoding="utf-8"))
    for result in (printed, written):
        result.pop("seconds", None)
    assert ran.out == ""
    assert written == printed


@pytest.mark.parametrize("command", READERS)
def test_both_languages_speak_their_own(four_grids: Path, command: str) -> None:
    chinese, english = (
        run(command, four_grids, lang="zh").err,
        run(command, four_grids, lang="en").err,
    )

    assert HAN.search(chinese)
    assert chinese != english


@pytest.mark.parametrize("command", READERS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_missing_project_is_bad_input(chinese_dir: Path, command: str, lang: str) -> None:
    ran = run(command, chinese_dir / "没有 的.gpkg", lang=lang)

    assert ran.code == 2
    assert "没有 的.gpkg" in ran.err
    assert not UNFILLED.search(ran.err)
    assert "Traceback" not in ran.err
    assert list(chinese_dir.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("fly",),
        ("info",),
        ("info", "a", "b"),
        ("check", "--min-area", "x", "a.gpkg"),
        ("check", "--snap", "-1", "a.gpkg"),
        ("export", "a.gpkg", "b.gpkg", "--profile", "secret"),
        ("import", "a.gpkg", "b.gpkg"),
        ("info", "a.gpkg", "--colour", "red"),
    ],
)
def test_bad_use_is_exit_2_with_a_hint(arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)

    assert ran.code == 2
    assert "--help" in ran.err
    assert ran.out == ""


def test_unknown_language_is_bad_use() -> None:
    ran = run("info", "a.gpkg", "--lang", "fr")

    assert ran.code == 2
    assert "fr" in ran.err


def test_help_shows_only_what_is_there() -> None:
    ran = run("--help")

    assert ran.code == 0
    for command in COMMANDS:
        assert re.search(rf"^\s+{command}\s", ran.out, re.MULTILINE)
    for later in ("receive",):
        assert not re.search(rf"^\s+{later}\s", ran.out, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help_of_each_command_has_an_example(command: str, lang: str) -> None:
    ran = run(command, "--help", lang=lang)

    assert ran.code == 0
    assert f"gridadmin {command} " in ran.out
    assert bool(HAN.search(ran.out.split("gridadmin")[0])) is (lang == "zh") or lang == "en"


def test_json_that_can_not_be_written_is_bad_use(four_grids: Path, chinese_dir: Path) -> None:
    ran = run("info", four_grids, "--json", chinese_dir / "没有" / "a.json")

    assert ran.code == 2
    assert "a.json" in ran.err


def test_info_has_the_keys_of_the_contract(demo: Path) -> None:
    info = json_of("info", demo)

    assert {
        "levels", "frame", "households", "posts", "plan", "revision", "last_release",
    } <= set(info)  # fmt: skip
    assert info["frame"] == "given"
    assert info["revision"] == 0
    assert info["last_release"] is None
    assert {"level", "areas", "drawn", "listed", "stacked"} <= set(info["levels"][0])


def test_verify_has_exactly_the_keys_of_the_contract(demo: Path) -> None:
    verified = json_of("verify", demo)

    assert set(verified) == {
        "ok", "revision", "partition_sha256", "areas", "faces", "plane_m2", "gap_m2", "overlap_m2",
        "exempt_m2", "problems",
    }  # fmt: skip
    assert verified["ok"] is True
    assert verified["gap_m2"] == verified["overlap_m2"] == 0.0
    assert verified["exempt_m2"] > 0
    assert len(verified["partition_sha256"]) == 64


def test_check_has_the_keys_of_the_contract(four_grids: Path) -> None:
    edit(
        four_grids,
        {"do": "delete", "area": "990001001001004"},
    )

    result = json_of("check", four_grids, code=1)

    assert set(result) >= {
        "version", "crs", "areas", "snap_m", "min_area_m2", "frame", "issues", "dust", "invalid",
        "seconds",
    }  # fmt: skip
    assert result["version"] == 1
    assert result["crs"] == "EPSG:4549"
    assert (result["snap_m"], result["min_area_m2"], result["frame"]) == (0.001, 0.01, "none")
    assert set(result["dust"]) >= {"gap", "overlap", "area_m2"}
    assert set(result["seconds"]) >= {"read", "check"}
    for issue in result["issues"]:
        assert set(issue) >= {
            "id", "kind", "class", "level", "severity", "area_m2", "width_m", "areas", "point",
            "bbox", "codes",
        }  # fmt: skip
        assert issue["severity"] in ("error", "warning", "info")
    assert len({issue["id"] for issue in result["issues"]}) == len(result["issues"])


def test_demo_checks_clean_and_is_the_same_each_time(demo_folder: Path, chinese_dir: Path) -> None:
    again = chinese_dir / "再来"

    assert run("demo", again).code == 0

    assert run("check", again / "demo.gpkg").code == 0
    assert sorted(p.name for p in again.iterdir()) == sorted(p.name for p in demo_folder.iterdir())
    first = json_of("verify", demo_folder / "demo.gpkg")
    assert json_of("verify", again / "demo.gpkg") == first


def test_demo_leaves_a_project_that_stands_there_alone(demo: Path) -> None:
    folder = demo.parent
    demo.rename(folder / "demo.gpkg")
    before = (folder / "demo.gpkg").read_bytes()

    ran = run("demo", folder)

    assert ran.code == 2
    assert (folder / "demo.gpkg").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--scheme", "moon"), 2),
        (("--scheme", "default", "--root", "12345"), 2),
        (("--scheme", "default", "--root", "abc"), 2),
        (("--scheme", "shinan", "--root", "370202"), 0),
        (("--scheme", "default", "--root", "370202001"), 0),
        (
            (
                "--scheme",
                "default",
            ),
            0,
        ),
    ],
)
def test_new_makes_a_project_or_says_why_not(
    chinese_dir: Path, arguments: tuple[str, ...], code: int
) -> None:
    path = chinese_dir / "新 建.gpkg"

    ran = run("new", path, *arguments)

    assert ran.code == code
    assert ran.err.strip()
    assert not UNFILLED.search(ran.err)
    assert path.exists() is (code == 0)
    assert len(list(chinese_dir.iterdir())) == (1 if code == 0 else 0)


def test_new_does_not_overwrite(four_grids: Path) -> None:
    before = four_grids.read_bytes()

    ran = run("new", four_grids, "--scheme", "default")

    assert ran.code == 2
    assert four_grids.read_bytes() == before


def test_new_lists_the_units_below_a_root(chinese_dir: Path) -> None:
    full, bare = chinese_dir / "全.gpkg", chinese_dir / "空.gpkg"

    run("new", full, "--scheme", "shinan", "--root", "370202")
    run("new", bare, "--scheme", "shinan", "--root", "370202", "--no-units")

    def count(path: Path) -> list[int]:
        return [level["listed"] for level in json_of("info", path)["levels"]]

    assert count(full)[:4] == [0, 1, 11, 50]
    assert sum(count(bare)) == 1


@pytest.mark.parametrize("command", READERS)
def test_reading_commands_leave_the_file_as_it_is(four_grids: Path, command: str) -> None:
    before = four_grids.read_bytes(), four_grids.stat().st_mtime_ns

    run(command, four_grids)

    assert (four_grids.read_bytes(), four_grids.stat().st_mtime_ns) == before
    assert list(four_grids.parent.iterdir()) == [four_grids]


def test_preview_writes_nothing(project: Path, chinese_dir: Path) -> None:
    path = boundary_file(chinese_dir / "网 格.gpkg", quarters())
    before = project.read_bytes()

    result = json_of("import", project, path, "--level", "grid", "--preview-only")

    assert (result["new"], result["drawn"], result["revision"]) == (4, 4, None)
    assert project.read_bytes() == before


def test_import_tells_vertices_that_miss_the_neighbours_border(
    project: Path, chinese_dir: Path
) -> None:
    west = outline((0, 0), (100, 0), (100, 50.003), (100, 100), (0, 100))
    east = outline((100, 0), (200, 0), (200, 100), (100, 100), (100.004, 50))
    rows = [({"code": "A", "name": "A"}, west), ({"code": "B", "name": "B"}, east)]
    path = boundary_file(chinese_dir / "错位.gpkg", rows)

    ran = run("import", project, path, "--level", "grid", "--json", "-")
    (miss,) = ran.json["near_misses"]

    assert (miss["class"], miss["areas"], miss["distance_m"]) == ("vertex", ["A", "B"], 0.005)
    assert "--snap 0.005" in ran.err
    again = json_of(
        "import", project, path, "--level", "grid", "--replace", "--snap", 0.005, "--preview-only"
    )
    assert again["near_misses"] == []


def test_import_exits_1_with_disputed_faces_in_preview_too(
    project: Path, chinese_dir: Path
) -> None:
    rows = [({"code": c, "name": c}, box(x, 0, x + 60, 50)) for c, x in (("A", 0), ("B", 50))]
    path = boundary_file(chinese_dir / "叠.gpkg", rows)

    looked = run("import", project, path, "--level", "grid", "--preview-only")
    written = run("import", project, path, "--level", "grid")

    assert (looked.code, written.code) == (1, 1)


def test_locked_project_is_refused_for_work_and_still_readable(
    four_grids: Path, chinese_dir: Path
) -> None:
    path = boundary_file(chinese_dir / "网.gpkg", quarters("990001001002"))
    before = four_grids.read_bytes()
    with ProjectFile.open(four_grids, write=True):
        writing: list[tuple[object, ...]] = [
            ("edit", four_grids, "-"),
            ("import", four_grids, path, "--level", "grid"),
        ]
        for arguments in writing:
            for lang in ("zh", "en"):
                ran = run(*arguments, lang=lang, stdin=b'{"do":"undo"}\n')
                assert ran.code == 2
                assert ran.out == ""
                assert four_grids.name in ran.err
        for command in READERS:
            assert run(command, four_grids).code in (0, 1)
        assert run("export", four_grids, chinese_dir / "出.gpkg").code == 0

    assert json_of("info", four_grids)["revision"] == 2
    assert four_grids.stat().st_size == len(before)


def test_real_processes_see_each_others_lock(four_grids: Path) -> None:
    with ProjectFile.open(four_grids, write=True):
        refused = run_child("edit", four_grids, "--lang", "en", stdin=b'{"do":"undo"}\n')
        read = run_child("info", four_grids, "--json", "-", "--quiet")

    assert refused.code == 2
    assert refused.out == ""
    assert read.code == 0
    assert json.loads(read.out)["revision"] == 2


def test_child_process_speaks_utf8_and_ends_like_the_function(four_grids: Path) -> None:
    ran = run_child("check", four_grids, "--json", "-", "--lang", "zh")

    assert ran.code == 0
    assert json.loads(ran.out)["areas"] == 6
    assert HAN.search(ran.err)


def test_damaged_project_is_told_and_left(demo: Path) -> None:
    raw = demo.read_bytes()[:200_000]
    demo.write_bytes(raw)

    codes = [run(command, demo).code for command in READERS]
    codes.append(edit(demo, {"do": "undo"}).code)

    assert codes == [2, 2, 2, 2]
    assert demo.read_bytes() == raw


def test_project_with_half_a_border_is_damaged(four_grids: Path) -> None:
    database = sqlite3.connect(four_grids)
    with database:
        database.execute(
            "UPDATE border SET points = x'00ff' WHERE id = (SELECT min(id) FROM border)"
        )
    database.close()

    for command in READERS:
        ran = run(command, four_grids)
        assert ran.code == 2
        assert "Traceback" not in ran.err


@pytest.mark.skipif(
    hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write whatever the mode says"
)
def test_read_only_file_is_told(demo: Path) -> None:
    demo.chmod(0o444)

    ran = edit(demo, {"do": "undo"})

    assert ran.code == 2
    assert demo.name in ran.err


def test_fault_of_the_program_is_exit_3(four_grids: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Callable[[], None]:
        raise RuntimeError("planted")

    monkeypatch.setattr("gridadmin.app.reports.info_json", broken)

    ran = run("info", four_grids)

    assert ran.code == 3
    assert "planted" in ran.err


def test_cancelling_is_exit_130_and_leaves_the_revision(
    four_grids: Path, chinese_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = boundary_file(chinese_dir / "网.gpkg", quarters("990001001002"))
    # As if Ctrl+C had been pressed before the first step.
    monkeypatch.setattr("gridadmin.cli.console.TerminalProgress.is_cancelled", lambda _: True)

    imported = run("import", four_grids, path, "--level", "grid", "--replace")
    exported = run("export", four_grids, chinese_dir / "出.gpkg")

    assert (imported.code, exported.code) == (130, 130)
    assert not (chinese_dir / "出.gpkg").exists()
    monkeypatch.undo()
    assert json_of("info", four_grids)["revision"] == 2


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "no error or warning; notes: 1. "), ("zh", "没有错误和警告；另有 1 条提示。")],
)
def test_a_check_with_nothing_but_notes_says_how_many(
    chinese_dir: Path, lang: str, said: str
) -> None:
    project = chinese_dir / "虚构.gpkg"
    row = [({"code": "990001001001", "name": "样例社区"}, box(0, 0, 200, 200))]
    run("new", project, "--scheme", "default", "--name", "虚构区")
    run("import", project, boundary_file(chinese_dir / "社区.gpkg", row), "--level", "community")

    ran = run("--lang", lang, "check", project)

    assert ran.code == 0, ran.err
    assert said in ran.err
