"""Help of the command line in both languages, with an example for each command."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from gridadmin.base.texts import LANGUAGES, sentence, table
from gridadmin.cli.console import voice

_STAFFING = (
    "gridadmin staffing report 市南.gpkg --json -",
    "gridadmin staffing report 市南.gpkg --day 2026-12-31",
    "gridadmin staffing report 市南.gpkg --report 人员报表.xlsx --kind shortfall,quota",
    "gridadmin staffing report 市南.gpkg --report 人员报表.pdf --since 2026-07-01",
    "gridadmin staffing report 新都.gpkg --mode emergency",
)
_ROSTER_IMPORT = (
    "gridadmin roster import 市南.gpkg 花名册.xlsx --preview-only --json -",
    "gridadmin roster import 市南.gpkg 花名册.xls --marked 问题.xlsx",
    "gridadmin roster import 市南.gpkg 花名册.csv --column 联系人=name --answer move=move",
)
_ROSTER_EXPORT = (
    "gridadmin roster export 市南.gpkg 花名册.xlsx --profile internal",
    "gridadmin roster export 市南.gpkg 公示.csv --area 370202001",
    "gridadmin roster export 市南.gpkg 模板.xlsx --template",
)
_EXAMPLES = {
    "new": ("gridadmin new 市南.gpkg --scheme shinan --root 370202",),
    "import": (
        "gridadmin import 市南.gpkg streets.geojson --level street",
        "gridadmin import 市南.gpkg lake.shp --level exempt --reason 水面 --approver 张三(示例)",
        "gridadmin import 市南.gpkg grids.shp --level grid --code BM --preview-only --json -",
        "gridadmin import 市南.gpkg 台账.xlsx --level ledger --preview-only",
    ),
    "info": ("gridadmin info 市南.gpkg --json -",),
    "check": (
        "gridadmin check grids.shp --id BM --json report.json",
        "gridadmin check 市南.gpkg --json - --report 检查报告.pdf",
        "gridadmin check grids.gpkg --layer grid --parent grids.gpkg --parent-layer street",
    ),
    "repair": (
        "gridadmin repair grids.shp mended.shp --policy longest --max-area 50",
        "gridadmin repair grids.gpkg mended.gpkg --policy centre --layer grid --json moved.json",
        "gridadmin repair 市南.gpkg 市南-修复.gpkg --policy majority",
    ),
    "edit": (
        "gridadmin edit 市南.gpkg changes.jsonl --stop-on-error",
        """echo '{"do":"undo"}' | gridadmin edit 市南.gpkg -""",
    ),
    "plan": (
        "gridadmin plan 市南.gpkg --json -",
        "gridadmin plan 市南.gpkg --table 调整前后对照表.xlsx",
    ),
    "codes": (
        "gridadmin codes 市南.gpkg --preview-only",
        "gridadmin codes 市南.gpkg base_units_2026.csv --take renamed,recoded --json -",
    ),
    "verify": ("gridadmin verify 市南.gpkg --json -",),
    "export": (
        "gridadmin export 市南.gpkg out.gpkg --levels street,community",
        "gridadmin export 市南.gpkg out.geojson --area 370202001",
        "gridadmin export 市南.gpkg 台账.xlsx --levels grid,micro_grid",
    ),
    "render": (
        "gridadmin render 市南.gpkg map.png --size 1920x1080",
        "gridadmin render 市南.gpkg out.png --size 1200x1200 --area 370202001 --theme households",
        "gridadmin render 市南.gpkg out.png --size 900x600 --basemap a.jpg --basemap-crs EPSG:4549",
    ),
    "publish": (
        "gridadmin publish 市南.gpkg --target 市级平台 --dry-run",
        "gridadmin publish 市南.gpkg --target https://dav.example.org/grids --profile public",
        "gridadmin publish 市南.gpkg --target file:///srv/grids --note 七月调整 --json -",
    ),
    "fetch": (
        "gridadmin fetch 市级平台 最新.gpkg",
        "gridadmin fetch sftp://files.example.org/grids 旧版.gpkg --release 3",
    ),
    "chart": (
        "gridadmin chart 市南.gpkg 挂图.pdf --template wall-a0",
        "gridadmin chart 市南.gpkg 社区图.pdf --template community-a3 --area 370202001",
        "gridadmin chart 市南.gpkg 网格卡片 --template grid-card --profile internal",
        "gridadmin chart 市南.gpkg 对照图.pdf --template before-after --chart-lang en",
        "gridadmin chart 市南.gpkg 拼接挂图.pdf --template wall-a0 --tiles a4 --overlap 15",
    ),
    "roster": _ROSTER_IMPORT[:1] + _ROSTER_EXPORT[:1],
    "roster_export": _ROSTER_EXPORT,
    "roster_log": ("gridadmin roster log 市南.gpkg --json -",),
    "roster_import": _ROSTER_IMPORT,
    "staffing": _STAFFING,
    "staffing_report": _STAFFING,
    "assign": (
        "gridadmin assign 市南.gpkg --propose 配岗建议.xlsx",
        "gridadmin assign 市南.gpkg --posts cadre --apply --json -",
        "gridadmin assign 新都.gpkg --pairs normal_pairing --propose 结对建议.xlsx",
    ),
    "releases": ("gridadmin releases 市南.gpkg --json -",),
    "handout": ("gridadmin handout 市南.gpkg 八大湖街道.gpkg --area 370202010",),
    "takein": (
        "gridadmin takein 市南.gpkg 八大湖街道.gpkg --preview-only",
        "gridadmin takein 市南.gpkg 八大湖街道.gpkg --choose theirs",
    ),
    "diff": (
        "gridadmin diff 市南.gpkg 3 now",
        "gridadmin diff 市南.gpkg 1 2 --table 对照表.xlsx --json -",
        "gridadmin diff 市南.gpkg 市南-r0003-public.gpkg now",
    ),
    "demo": ("gridadmin demo demo-city", "gridadmin demo xindu-example --place xindu"),
}
_FRAME = {
    "frame_usage": "Usage: ",
    "frame_options_word": " [OPTIONS]",
    "frame_command_word": " COMMAND [ARGS]...",
    "frame_arguments": "\nArguments:\n",
    "frame_options": "\nOptions:\n",
    "frame_commands": "\nCommands:\n",
    "frame_required": "[required]",
    "frame_default": "[default: ",
    "frame_help": "Show this message and exit.",
}
"""What the library itself writes into a page of help, by the text that says the same."""
_KEEP_LINES = "\b"
"""Tells the library not to fill the paragraph that follows."""


def word(name: str) -> str:
    """Return what a command does, in the language of this run."""
    return sentence(f"help.{name}", voice.lang)


def examples(name: str) -> str:
    """Return the examples of a command as the end of its help."""
    lines = [_KEEP_LINES, *(f"  {example}" for example in _EXAMPLES[name])]
    return sentence("help.examples", voice.lang) + "\n\n" + "\n".join(lines)


def option_words(command: str, option: str) -> str:
    """Return what an option or argument means; a command's own text comes before the common one."""
    own = f"option.{command}_{option}"
    return sentence(own if own in table(LANGUAGES[0]) else f"option.{option}", voice.lang)


def translate_options(tree: TyperGroup) -> None:
    """Give each option and argument of *tree* its help in the language of this run."""
    for name, command in _all_commands("", tree):
        for parameter in command.params:
            if isinstance(parameter, TyperOption | TyperArgument) and parameter.name:
                parameter.help = option_words(name, parameter.name)


def _all_commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Yield a command and those below it, each with its whole name."""
    yield name, command
    for own, below in getattr(command, "commands", {}).items():
        yield from _all_commands(f"{name}_{own}" if name else own, below)


class Group(TyperGroup):
    """The command tree, whose page of help is all in one language."""

    def get_help(self, ctx: Any) -> str:
        """Return the page of help."""
        return _in_words(super().get_help(ctx))


class Command(TyperCommand):
    """A command whose page of help is all in one language."""

    def get_help(self, ctx: Any) -> str:
        """Return the page of help."""
        return _in_words(super().get_help(ctx))


def _in_words(page: str) -> str:
    for code, text in _FRAME.items():
        page = page.replace(text, sentence(f"help.{code}", voice.lang))
    return page
