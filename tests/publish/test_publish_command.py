"""``publish`` and ``fetch`` as a scheduler runs them, against a folder."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.cli.boundaries import boundary_file, box, quarters
from tests.cli.runner import edited, json_of, run


@pytest.fixture(scope="session")
def project_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("发布 项目")
    path = folder / "四格.gpkg"
    community = [({"code": "990001001001", "name": "样例社区"}, box(0, 0, 200, 200))]
    grids = boundary_file(folder / "网格.gpkg", quarters("990001001001"))
    for command in (
        ("new", path, "--scheme", "default", "--name", "虚构区"),
        ("import", path, boundary_file(folder / "社区.gpkg", community), "--level", "community"),
        ("import", path, grids, "--level", "grid"),
    ):
        ran = run(*command)
        assert ran.code == 0, ran.err
    edited(path, {"do": "frame", "from": "union"})
    return path


@pytest.fixture
def project(project_once: Path, chinese_dir: Path) -> Path:
    return Path(shutil.copy(project_once, chinese_dir / "四格.gpkg"))


@pytest.fixture
def server(chinese_dir: Path) -> Path:
    folder = chinese_dir / "共享 目录"
    folder.mkdir()
    return folder


def renamed(project: Path, name: str) -> None:
    edited(project, {"do": "set", "area": "990001001001001", "field": "name", "value": name})


def publish(project: Path, server: Path, *more: object, code: int = 0) -> dict[str, object]:
    target = server.as_uri()
    told: dict[str, object] = json_of("publish", project, "--target", target, *more, code=code)
    return told


def test_addresses_and_times_are_told_as_people_write_them(project: Path, server: Path) -> None:
    target = server.as_uri()
    assert "%" in target

    said = run("--lang", "zh", "publish", project, "--target", target).err
    listed = run("--lang", "zh", "releases", project).err

    assert f"已发布到 file://{server}：四格-r0001-public.gpkg" in said
    assert "（公开）：已确认" in listed
    assert f"file://{server}" in listed
    assert "T" not in listed.partition("\n")[2].split()[0]
    assert not listed.partition("\n")[0].endswith("　")


def test_a_share_that_is_away_lets_the_delivery_wait_and_gets_it_when_it_is_back(
    project: Path, server: Path
) -> None:
    publish(project, server)
    away = server.rename(server.with_name("away"))
    renamed(project, "改过名")

    said = run("--lang", "zh", "publish", project, "--target", server.as_uri())
    away.rename(server)
    told = publish(project, server)

    assert said.code == 2
    assert "没有文件夹" in said.err
    assert "已放进待发队列" in said.err
    assert (told["outcome"], told["release"]) == ("published", 2)


def test_a_folder_where_nothing_was_ever_published_is_no_share_that_is_away(
    project: Path, server: Path
) -> None:
    said = run("--lang", "zh", "publish", project, "--target", (server / "错" / "址").as_uri())

    assert said.code == 2
    assert "待发队列" not in said.err


def test_publishing_leaves_a_package_and_a_pointer(project: Path, server: Path) -> None:
    told = publish(project, server)

    assert told["outcome"] == "published"
    assert told["release"] == 1
    assert sorted(path.name for path in server.iterdir()) == [
        "latest.json",
        "四格-r0001-public.gpkg",
    ]
    said = json.loads((server / "latest.json").read_bytes())
    assert [said[key] for key in ("number", "file", "size", "sha256")] == [
        1,
        "四格-r0001-public.gpkg",
        told["size"],
        told["sha256"],
    ]


def test_unchanged_content_says_so_and_makes_no_new_release(project: Path, server: Path) -> None:
    publish(project, server)
    before = {path.name: path.read_bytes() for path in server.iterdir()}

    told = publish(project, server)

    assert (told["outcome"], told["release"]) == ("unchanged", 1)
    assert {path.name: path.read_bytes() for path in server.iterdir()} == before
    with sqlite3.connect(project) as connection:
        assert connection.execute("select count(*) from release").fetchone() == (1,)


def test_a_package_that_is_gone_is_said_to_be_missing(project: Path, server: Path) -> None:
    publish(project, server)
    (server / "四格-r0001-public.gpkg").unlink()

    ran = run("fetch", server.as_uri(), project.parent)

    assert ran.code == 2
    assert "The file “四格-r0001-public.gpkg” is missing on “" in ran.err
    assert "404" not in ran.err


def test_content_whose_package_is_gone_from_the_target_is_not_called_unchanged(
    project: Path, server: Path
) -> None:
    publish(project, server)
    package = server / "四格-r0001-public.gpkg"
    before = package.read_bytes()
    package.unlink()

    rehearsed = publish(project, server, "--dry-run")
    told = publish(project, server)

    assert (rehearsed["outcome"], rehearsed["changes"]) == (
        "planned",
        ["+ 四格-r0001-public.gpkg"],
    )
    assert (told["outcome"], told["release"]) == ("published", 1)
    assert package.read_bytes() == before


def test_content_whose_package_cannot_be_made_again_here_is_told(
    project: Path, server: Path
) -> None:
    publish(project, server)
    said = json.loads((server / "latest.json").read_bytes())
    (server / said["file"]).unlink()
    said["sha256"] = "0" * 64
    said["releases"] = []
    (server / "latest.json").write_text(json.dumps(said), encoding="utf-8")

    ran = run("publish", project, "--target", server.as_uri(), "--after", 1)

    assert ran.code == 2
    assert "四格-r0001-public.gpkg" in ran.err
    assert [path.name for path in server.iterdir()] == ["latest.json"]


def test_a_change_makes_the_next_release_beside_the_first(project: Path, server: Path) -> None:
    publish(project, server)
    first = (server / "四格-r0001-public.gpkg").read_bytes()
    renamed(project, "新名网格")

    told = publish(project, server)

    assert (told["outcome"], told["release"]) == ("published", 2)
    assert (server / "四格-r0001-public.gpkg").read_bytes() == first
    assert json.loads((server / "latest.json").read_bytes())["number"] == 2


def test_a_dry_run_tells_what_would_change_and_changes_nothing(project: Path, server: Path) -> None:
    told = publish(project, server, "--dry-run")

    assert told["outcome"] == "planned"
    assert told["changes"] == ["+ 四格-r0001-public.gpkg", "+ latest.json → r0001"]
    assert list(server.iterdir()) == []
    with sqlite3.connect(project) as connection:
        assert connection.execute("select count(*) from release").fetchone() == (0,)


def test_a_second_target_gets_the_release_that_there_is(
    project: Path, server: Path, tmp_path: Path
) -> None:
    first = publish(project, server)
    other = tmp_path / "另一处"

    second = publish(project, other)

    assert second["release"] == 1
    assert second["sha256"] == first["sha256"]


def test_a_release_of_another_copy_is_shown_and_refused_until_it_is_followed_by_name(
    project: Path, project_once: Path, server: Path, tmp_path: Path
) -> None:
    publish(Path(shutil.copy(project_once, tmp_path / "四格.gpkg")), server)
    theirs = (server / "latest.json").read_bytes()
    renamed(project, "新名网格")

    refused = run("publish", project, "--target", server.as_uri())

    assert refused.code == 2
    assert "Somebody else published release 1" in refused.err
    assert (server / "latest.json").read_bytes() == theirs
    told = publish(project, server, "--after", "1")
    assert (told["outcome"], told["release"]) == ("published", 2)


def test_internal_and_public_lie_side_by_side(project: Path, server: Path) -> None:
    publish(project, server)

    told = publish(project, server, "--profile", "internal")

    assert told["file"] == "四格-r0001-internal.gpkg"
    assert publish(project, server)["outcome"] == "unchanged"
    assert publish(project, server, "--profile", "internal")["outcome"] == "unchanged"


def test_a_share_that_is_away_is_no_new_folder_and_the_delivery_waits(
    project: Path, server: Path, user_folder: Path
) -> None:
    publish(project, server)
    away = server.rename(server.with_name("断开"))
    renamed(project, "新名网格")

    ran = run("publish", project, "--target", server.as_uri())

    assert ran.code == 2
    assert "There is no folder" in ran.err
    assert not server.exists()
    away.rename(server)
    assert publish(project, server)["release"] == 2
    assert list((user_folder / "outbox").iterdir()) == []


def test_fetch_takes_the_latest_or_one_by_number(
    project: Path, server: Path, tmp_path: Path
) -> None:
    publish(project, server)
    renamed(project, "新名网格")
    publish(project, server)
    out = tmp_path / "取回"
    out.mkdir()

    latest = json_of("fetch", server.as_uri(), out)
    first = json_of("fetch", server.as_uri(), tmp_path / "旧版.gpkg", "--release", "1")

    assert Path(latest["path"]).name == "四格-r0002-public.gpkg"
    assert (tmp_path / "旧版.gpkg").read_bytes() == (server / first["file"]).read_bytes()


def test_fetch_overwrites_nothing_and_keeps_nothing_damaged(
    project: Path, server: Path, tmp_path: Path
) -> None:
    publish(project, server)
    (tmp_path / "有.gpkg").write_bytes(b"mine")
    package = server / "四格-r0001-public.gpkg"
    package.write_bytes(package.read_bytes()[:-1] + b"\x00")

    assert run("fetch", server.as_uri(), tmp_path / "有.gpkg").code == 2
    damaged = run("fetch", server.as_uri(), tmp_path / "坏.gpkg")

    assert (tmp_path / "有.gpkg").read_bytes() == b"mine"
    assert damaged.code == 2
    assert not (tmp_path / "坏.gpkg").exists()


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://zhang:geheim-7@dav.example.org/grids", "holds a user name or secret"),
        ("http://dav.example.org/grids", "isn't encrypted"),
        ("ftp://dav.example.org/grids", "can't be understood"),
        ("https://dav.example.org/grids?token=geheim-7", "can't be understood"),
        ("sftp://dav.example.org/../etc", "can't be understood"),
        ("没有的目标", "There is no publishing target"),
    ],
)
def test_addresses_that_are_unsafe_or_unknown_are_bad_use(
    url: str, code: str, project: Path
) -> None:
    ran = run("publish", project, "--target", url)

    assert ran.code == 2
    assert code in ran.err
    assert "geheim-7" not in ran.err
