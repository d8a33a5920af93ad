"""Scheme files: a user's file over a shipped one, and faults by file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridadmin.base.errors import SchemeError
from gridadmin.base.texts import explain
from gridadmin.domain.scheme import AreaClass, Band, Presence
from gridadmin.domain.scheme_loader import SHIPPED, available_schemes, load_scheme
from tests.domain.scheme_files import MINIMAL, write_scheme


def refusal(path: Path) -> SchemeError:
    with pytest.raises(SchemeError) as refused:
        load_scheme(path)
    for lang in ("zh", "en"):
        assert path.name in explain(refused.value, lang)
    return refused.value


def test_a_minimal_file_is_a_scheme_named_after_its_file(tmp_path: Path) -> None:
    scheme = load_scheme(write_scheme(tmp_path, "我的 方案", MINIMAL))

    assert (scheme.key, scheme.zh, scheme.version) == ("我的 方案", "甲", 3)
    assert [level.key for level in scheme.levels] == ["community", "grid"]
    assert scheme.levels[1].parents == ("community",)
    assert scheme.source.note == ""


def test_a_file_can_be_named_by_text_and_may_carry_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(MINIMAL, encoding="utf-8-sig")

    assert load_scheme(str(path)).zh == "甲"


def test_levels_come_from_the_top_down_whatever_the_order_of_the_file(tmp_path: Path) -> None:
    text = MINIMAL + '[levels.district]\nzh = "区"\nen = "District"\n'

    scheme = load_scheme(write_scheme(tmp_path, "a", text))

    assert [level.key for level in scheme.levels] == ["district", "community", "grid"]


def test_a_user_file_goes_before_a_shipped_one_of_its_name(tmp_path: Path) -> None:
    write_scheme(tmp_path, "xindu", MINIMAL)

    assert load_scheme("xindu", tmp_path).zh == "甲"
    assert load_scheme("xindu").zh == "新都区"
    assert load_scheme("dalian", tmp_path).zh == "大连市"


def test_a_user_file_extends_the_shipped_one_of_its_own_name(tmp_path: Path) -> None:
    text = """
        extends = "xindu"
        version = 7
        [levels.grid]
        band = { target = 100, tolerance = 0.1 }
        [posts.cadre]
        levels = ["community"]
        [posts.night_watch]
        zh = "夜间巡查员"
        en = "Night watch"
        levels = ["grid"]
        """
    write_scheme(tmp_path, "xindu", text)

    scheme = load_scheme("xindu", tmp_path)

    assert (scheme.version, scheme.zh) == (7, "新都区")
    assert scheme.band_of("grid", "general") == Band(90, 110, 100)
    assert scheme.templates["grid"].exclusive_from == 901
    posts = {post.key: post for post in scheme.posts}
    assert posts["cadre"].levels == ("community",)
    assert posts["cadre"].zh == "下沉干部"
    assert posts["night_watch"].zh == "夜间巡查员"
    assert len(scheme.compound_types) == 7


def test_drop_takes_inherited_entries_and_whole_tables_away(tmp_path: Path) -> None:
    text = 'extends = "xindu"\ndrop = ["posts.cadre", "compound_types"]\n'

    scheme = load_scheme(write_scheme(tmp_path, "a", text))

    assert scheme.compound_types == ()
    assert "cadre" not in {post.key for post in scheme.posts}
    assert "grid_chief" in {post.key for post in scheme.posts}


def test_an_extended_scheme_can_turn_levels_on(tmp_path: Path) -> None:
    text = 'extends = "sanming"\n[levels.grid]\npresence = "optional"\n'

    scheme = load_scheme(write_scheme(tmp_path, "a", text))
    building, grid = scheme.level("building"), scheme.level("grid")

    assert grid is not None
    assert grid.presence is Presence.OPTIONAL
    assert building is not None
    assert building.parents == ("grid", "community")


def test_a_file_extends_one_beside_it(tmp_path: Path) -> None:
    write_scheme(tmp_path, "base", MINIMAL)
    path = write_scheme(tmp_path, "upper", 'extends = "base"\nzh = "乙"\n')

    assert load_scheme(path).zh == "乙"
    assert load_scheme(path).version == 3


def test_available_schemes_lists_shipped_ones_and_a_users(tmp_path: Path) -> None:
    write_scheme(tmp_path, "xindu", MINIMAL)
    write_scheme(tmp_path, "broken", "zh = ")

    listed = {entry.key: entry for entry in available_schemes(tmp_path)}

    assert list(listed) == [
        "default", "broken", "dalian", "longgang", "sanming", "shinan", "xindu",
    ]  # fmt: skip
    assert listed["dalian"].is_shipped
    assert listed["dalian"].en == "Dalian"
    assert not listed["xindu"].is_shipped
    assert listed["xindu"].zh == "甲"
    fault = listed["broken"].fault
    assert fault is not None
    assert fault.code == "scheme.bad_toml"


def test_available_schemes_without_a_user_folder_are_all_fine(tmp_path: Path) -> None:
    keys = [entry.key for entry in available_schemes()]

    assert keys == ["default", "dalian", "longgang", "sanming", "shinan", "xindu"]
    assert keys == [entry.key for entry in available_schemes(tmp_path / "missing")]
    assert all(entry.fault is None for entry in available_schemes())


def test_bands_by_class_and_explicit_parents_are_read(tmp_path: Path) -> None:
    text = MINIMAL.replace('zh = "网格"', 'zh = "网格"\nparents = ["community"]') + (
        '[classes.rural]\nzh = "农村"\nen = "Rural"\n'
        'bands = { grid = { low = 1, high = 9 }, community = "open" }\n'
    )

    scheme = load_scheme(write_scheme(tmp_path, "a", text))

    assert scheme.classes == (AreaClass("rural", "农村", "Rural", (("grid", Band(1, 9)),)),)
    assert scheme.levels[1].parents == ("community",)


@pytest.mark.parametrize(
    ("name", "code", "nearest"),
    [
        ("xindo", "scheme.not_found_near", "xindu"),
        ("zzzzzz", "scheme.not_found", None),
        ("../default", "scheme.not_found_near", "default"),
        ("", "scheme.not_found", None),
    ],
)
def test_unknown_names_are_refused_with_the_nearest(
    tmp_path: Path, name: str, code: str, nearest: str | None
) -> None:
    with pytest.raises(SchemeError) as refused:
        load_scheme(name, tmp_path)

    assert refused.value.code == code
    assert refused.value.params.get("nearest") == nearest
    assert refused.value.params["name"] == name


def test_a_name_never_reaches_outside_the_folders_of_schemes(tmp_path: Path) -> None:
    write_scheme(tmp_path, "outer", MINIMAL)
    inner = tmp_path / "inner"
    inner.mkdir()

    with pytest.raises(SchemeError) as refused:
        load_scheme("../outer", inner)

    assert refused.value.code == "scheme.not_found"


def test_a_level_said_twice_counts_once(tmp_path: Path) -> None:
    text = MINIMAL + '[posts.a]\nzh = "甲"\nen = "A"\nlevels = ["grid", "grid"]\n'

    scheme = load_scheme(write_scheme(tmp_path, "a", text))

    assert scheme.posts[0].levels == ("grid",)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "scheme.no_file"),
        (b"\xb8\xf6", "scheme.not_utf8"),
        (b"zh = ", "scheme.bad_toml"),
        (b"a = " + b"[" * 20_000, "scheme.unreadable"),
    ],
)
def test_files_that_are_no_toml_are_refused(
    tmp_path: Path, content: bytes | None, code: str
) -> None:
    path = tmp_path / "方案 a.toml"
    if content is not None:
        path.write_bytes(content)

    assert refusal(path).code == code


def test_a_folder_is_no_scheme(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.mkdir()

    assert refusal(path).code == "scheme.unreadable"


@pytest.mark.parametrize(
    ("change", "code", "key", "nearest"),
    [
        (('zh = "甲"\n', ""), "scheme.missing_key", "zh", None),
        (('zh = "甲"', "zh = 1"), "scheme.not_text", "zh", None),
        (('zh = "甲"', 'zh = " "'), "scheme.not_text", "zh", None),
        (("version = 3", "version = true"), "scheme.not_integer", "version", None),
        (("version = 3", "version = 0"), "scheme.out_of_range", "version", None),
        (("version = 3", "versoin = 3\nversion = 3"), "scheme.unknown_key_near",
         "versoin", "version"),
        (("version = 3", 'extend = "xindu"'), "scheme.unknown_key_near", "extend", "extends"),
        (("version = 3", "qqqq = 3\nversion = 3"), "scheme.unknown_key", "qqqq", None),
        (("[levels.grid]", "[levels.gird]"), "scheme.unknown_key_near", "levels.gird", "grid"),
        (("[levels.grid]", "[levels.xyz]"), "scheme.unknown_key", "levels.xyz", None),
        (('en = "Grid"', 'en = "Grid"\nland = "drown"'), "scheme.unknown_value_near",
         "levels.grid.land", "drawn"),
        (('en = "Grid"', 'en = "Grid"\npresence = "xyz"'), "scheme.unknown_value",
         "levels.grid.presence", None),
        (('en = "Grid"', 'en = "Grid"\nparents = ["street"]'), "scheme.unknown_value",
         "levels.grid.parents", None),
        (('en = "Grid"', 'en = "Grid"\nparents = "community"'), "scheme.not_list",
         "levels.grid.parents", None),
        (('en = "Grid"', 'en = "Grid"\nallowed_parts = -1'), "scheme.out_of_range",
         "levels.grid.allowed_parts", None),
        (('en = "Grid"', 'en = "Grid"\nband = { low = 5, high = 4 }'), "scheme.bad_band",
         "levels.grid.band", None),
        (('en = "Grid"', 'en = "Grid"\nband = { low = 5, high = 9, target = 4 }'),
         "scheme.band_target", "levels.grid.band", None),
        (('en = "Grid"', 'en = "Grid"\nband = { low = -5, high = 9 }'), "scheme.out_of_range",
         "levels.grid.band.low", None),
        (('en = "Grid"', 'en = "Grid"\nband = { low = 5 }'), "scheme.missing_key",
         "levels.grid.band.high", None),
        (('en = "Grid"', 'en = "Grid"\nband = { target = 5, tolerance = nan }'),
         "scheme.out_of_range", "levels.grid.band.tolerance", None),
        (('en = "Grid"', 'en = "Grid"\nband = { target = 5, tolerance = "x" }'),
         "scheme.not_number", "levels.grid.band.tolerance", None),
        (('en = "Grid"', 'en = "Grid"\nband = { target = 5, tolerance = 0.1, low = 1 }'),
         "scheme.unknown_key", "levels.grid.band.low", None),
        (('en = "Grid"', 'en = "Grid"\nband = "opne"'), "scheme.unknown_value_near",
         "levels.grid.band", "open"),
        (('en = "Grid"', 'en = "Grid"\nband = 3'), "scheme.not_table", "levels.grid.band", None),
        (('en = "Grid"', 'en = "Grid"\ncode = { template = "{seq:03}" }'),
         "scheme.template_shape", "levels.grid.code.template", None),
        (('en = "Grid"', 'en = "Grid"\ncode = { template = "{grid}{seq:03}" }'),
         "scheme.template_level", "levels.grid.code.template", None),
        (('en = "Grid"',
          'en = "Grid"\ncode = { template = "{community}{seq:02}", exclusive_from = 901 }'),
         "scheme.template_exclusive", "levels.grid.code.template", None),
        (('en = "Grid"',
          'en = "Grid"\ncode = { template = "{community}{letter}{seq:02}" }'),
         "scheme.template_letter", "levels.grid.code.template", None),
        (("[levels.grid]", '[posts.a]\nzh = "甲"\nen = "A"\n[levels.grid]'),
         "scheme.missing_key", "posts.a.levels", None),
        (("[levels.grid]", '[posts.a]\nzh = "甲"\nen = "A"\nlevels = ["grdi"]\n[levels.grid]'),
         "scheme.unknown_value_near", "posts.a.levels", "grid"),
        (("[levels.grid]", '[posts.A1]\nzh = "甲"\nen = "A"\n[levels.grid]'),
         "scheme.bad_name", "posts.A1", None),
        (("[levels.grid]", "[modes]\nnormal = 1\n[levels.grid]"),
         "scheme.not_table", "modes.normal", None),
        (("[levels.grid]", "[kinds.exclusiv]\n[levels.grid]"),
         "scheme.unknown_key_near", "kinds.exclusiv", "exclusive"),
        (("[levels.grid]", "[checks.gapp]\n[levels.grid]"),
         "scheme.unknown_key_near", "checks.gapp", "gap"),
        (("[levels.grid]", "[checks.gap]\non = 1\n[levels.grid]"),
         "scheme.not_switch", "checks.gap.on", None),
        (("[levels.grid]", "[checks.gap]\nparams = { x = 1 }\n[levels.grid]"),
         "scheme.unknown_key", "checks.gap.params.x", None),
        (("[levels.grid]", "[checks.sliver]\nparams = { width_m = -1 }\n[levels.grid]"),
         "scheme.out_of_range", "checks.sliver.params.width_m", None),
        (("[levels.grid]", "[checks.facility]\nparams = { per_area = 0.5 }\n[levels.grid]"),
         "scheme.not_integer", "checks.facility.params.per_area", None),
        (("[levels.grid]",
          '[classes.rural]\nzh = "农村"\nen = "Rural"\nbands = { strete = "open" }\n[levels.grid]'),
         "scheme.unknown_key", "classes.rural.bands.strete", None),
        (("[source]", "[sourse]"), "scheme.unknown_key_near", "sourse", "source"),
        (("[source]", "[modes]"), "scheme.not_table", "modes.title", None),
        (("title =", "titel ="), "scheme.unknown_key_near", "source.titel", "title"),
        (("title =", "qqqqq ="), "scheme.missing_key", "source.title", None),
        (("title =", "autor = 1\ntitle ="), "scheme.unknown_key", "source.autor", None),
        (('en = "Grid"',
          'en = "Grid"\ncode = { template = "{community}{seq:03}", exclusive_form = 901 }'),
         "scheme.unknown_key_near", "levels.grid.code.exclusive_form", "exclusive_from"),
        (('en = "Grid"', 'en = "Grid"\nband = { target = 5, tolerance = true }'),
         "scheme.not_number", "levels.grid.band.tolerance", None),
    ],
)  # fmt: skip
def test_faults_name_file_key_and_the_nearest_known_one(
    tmp_path: Path, change: tuple[str, str], code: str, key: str, nearest: str | None
) -> None:
    assert change[0] in MINIMAL
    path = write_scheme(tmp_path, "方案 a", MINIMAL.replace(*change, 1))

    fault = refusal(path)

    assert (fault.code, fault.params["key"]) == (code, key)
    assert fault.params.get("nearest") == nearest
    assert fault.params["file"] == str(path)
    assert key in explain(fault, "zh")


def test_a_scheme_needs_a_level_that_is_in_use(tmp_path: Path) -> None:
    without = MINIMAL[: MINIMAL.index("[levels")]
    off = MINIMAL.replace("[levels.community]", '[levels.community]\npresence = "off"').replace(
        "[levels.grid]", '[levels.grid]\npresence = "off"'
    )

    for text in (without, off):
        assert refusal(write_scheme(tmp_path, "a", text)).code == "scheme.no_levels"


def test_a_fault_names_the_file_that_holds_it_not_the_one_it_extends(tmp_path: Path) -> None:
    base = write_scheme(tmp_path, "base", MINIMAL.replace("version = 3", "version = 0"))
    upper = write_scheme(tmp_path, "upper", 'extends = "base"\n')
    wrong = write_scheme(tmp_path, "wrong", 'extends = "xindu"\n[levels.grid]\nbnad = 1\n')

    with pytest.raises(SchemeError) as below:
        load_scheme(upper)

    assert below.value.params["file"] == str(base)
    assert refusal(wrong).params["file"] == str(wrong)


@pytest.mark.parametrize(
    ("text", "code", "key"),
    [
        ('extends = "nowhere"', "scheme.extends_unknown", "extends"),
        ('extends = "../a"', "scheme.extends_unknown", "extends"),
        ('extends = "a"', "scheme.extends_itself", "extends"),
        ("extends = 1", "scheme.not_text", "extends"),
        ('drop = ["posts"]', "scheme.missing_key", "extends"),
        ('extends = "xindu"\ndrop = ["posts.nobody"]', "scheme.drop_unknown", "drop"),
        ('extends = "xindu"\ndrop = ["zh.cadre"]', "scheme.drop_unknown", "drop"),
        ('extends = "xindu"\ndrop = "posts"', "scheme.not_list", "drop"),
    ],
)
def test_what_cannot_be_extended_or_dropped_is_refused(
    tmp_path: Path, text: str, code: str, key: str
) -> None:
    fault = refusal(write_scheme(tmp_path, "a", text))

    assert (fault.code, fault.params["key"]) == (code, key)


def test_two_files_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    write_scheme(tmp_path, "b", 'extends = "a"')
    path = write_scheme(tmp_path, "a", 'extends = "b"')

    with pytest.raises(SchemeError) as refused:
        load_scheme(path)

    assert refused.value.code == "scheme.extends_itself"


def test_shipped_files_mark_what_is_our_reading() -> None:
    for name in ("xindu", "dalian", "longgang"):
        assert "# our reading" in (SHIPPED / f"{name}.toml").read_text(encoding="utf-8")
