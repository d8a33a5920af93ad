"""What people wrote into targets.toml by hand stays when the window changes a target."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gridadmin.publish.target_book import TargetBook, TargetSetting

BY_HAND = """\
# 目标由信息中心维护，改动前先打电话。

[targets."市级平台"]
url = "https://dav.example.org/grids"   # 新地址，三月起
user = "publisher"
profile = "public"
levels = ["grid", "micro_grid"]

[targets."市级平台".mapping.columns]
code = "WGBM"   # 他们的列名

# 备份盘，每周五
[targets.backup]
url = "file:///srv/grids"

[notes]
who = "信息中心"
"""


@pytest.fixture
def book(tmp_path: Path) -> TargetBook:
    path = tmp_path / "targets.toml"
    path.write_text(BY_HAND, encoding="utf-8-sig")
    return TargetBook(path)


def text_of(book: TargetBook) -> str:
    return book.path.read_text(encoding="utf-8")


def test_a_changed_setting_changes_its_line_alone(book: TargetBook) -> None:
    city = book.find("市级平台")

    book.keep(replace(city, user="zhang", area="510114001"), city.name)

    expected = BY_HAND.replace('user = "publisher"', 'user = "zhang"').replace(
        'levels = ["grid", "micro_grid"]\n', 'levels = ["grid", "micro_grid"]\narea = "510114001"\n'
    )
    assert text_of(book) == expected


def test_a_line_keeps_its_comment_when_its_value_changes(book: TargetBook) -> None:
    city = book.find("市级平台")

    book.keep(replace(city, url="https://new.example.org/grids"), city.name)

    line = 'url = "https://new.example.org/grids"   # 新地址，三月起'
    assert text_of(book) == BY_HAND.replace(
        'url = "https://dav.example.org/grids"   # 新地址，三月起', line
    )


def test_a_setting_that_is_as_usual_again_leaves_the_file(book: TargetBook) -> None:
    city = book.find("市级平台")

    book.keep(replace(city, levels=()), city.name)

    assert text_of(book) == BY_HAND.replace('levels = ["grid", "micro_grid"]\n', "")


def test_a_target_gets_another_name_and_its_tables_follow(book: TargetBook) -> None:
    city = book.find("市级平台")

    book.keep(replace(city, name="省级平台"), city.name)

    assert text_of(book) == BY_HAND.replace("市级平台", "省级平台")


def test_another_mapping_takes_the_place_of_the_old_one(book: TargetBook) -> None:
    city = book.find("市级平台")
    mapping = {"leave_out": ["revision"], "columns": {"name": "名称"}}

    book.keep(replace(city, mapping=mapping), city.name)

    assert book.find("市级平台").mapping == mapping
    assert "WGBM" not in text_of(book)
    assert "# 备份盘，每周五\n[targets.backup]\n" in text_of(book)
    assert text_of(book).startswith("# 目标由信息中心维护，改动前先打电话。\n")


def test_a_new_target_stands_at_the_end(book: TargetBook) -> None:
    book.keep(TargetSetting("新 目标", "s3://bucket/grids?endpoint=https://s3.example.org"))

    assert text_of(book).startswith(BY_HAND)
    assert [one.name for one in book.all()] == ["市级平台", "backup", "新 目标"]


def test_a_removed_target_takes_its_tables_and_its_comment_along(book: TargetBook) -> None:
    book.remove("backup")
    assert text_of(book) == BY_HAND.replace(
        '# 备份盘，每周五\n[targets.backup]\nurl = "file:///srv/grids"\n\n', ""
    )

    book.remove("市级平台")
    assert text_of(book) == (
        '# 目标由信息中心维护，改动前先打电话。\n\n[notes]\nwho = "信息中心"\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        '[targets]\nx = {url = "https://dav.example.org"}\n',
        'targets.x.url = "https://dav.example.org"\n',
        '[targets.x]\nurl = "https://dav.example.org"\nlevels = [\n  "grid",\n]\n',
        '[targets.x]\nurl = """https://dav.example.org"""\nmapping.columns.code = "A"\n',
    ],
)
def test_whatever_way_it_is_written_a_change_is_kept(tmp_path: Path, text: str) -> None:
    path = tmp_path / "targets.toml"
    path.write_text(text, encoding="utf-8")
    book = TargetBook(path)
    (before,) = book.all()
    after = replace(before, user="zhang", tables=("posts",))

    book.keep(after, "x")
    book.keep(TargetSetting("y", "file:///srv/y"))

    assert book.all() == [after, TargetSetting("y", "file:///srv/y")]
    book.remove("x")
    assert [one.name for one in book.all()] == ["y"]
