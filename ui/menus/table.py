"""All that the user can do, in the order of the menus."""

from __future__ import annotations

from ui.menus.charts import CHART_ACTIONS
from ui.menus.issues import ISSUE_ACTIONS
from ui.menus.map import MAP_ACTIONS
from ui.menus.people import PEOPLE_ACTIONS
from ui.menus.plan import PLAN_ACTIONS
from ui.menus.project import EDIT_ACTIONS, HELP_ACTIONS, PROJECT_ACTIONS
from ui.menus.publish import PUBLISH_ACTIONS
from ui.menus.spec import ActionSpec
from ui.menus.tools import TOOL_ACTIONS
from ui.menus.view import VIEW_ACTIONS

TABLE: tuple[ActionSpec, ...] = (
    *PROJECT_ACTIONS,
    *EDIT_ACTIONS,
    *VIEW_ACTIONS,
    *MAP_ACTIONS,
    *TOOL_ACTIONS,
    *PLAN_ACTIONS,
    *PEOPLE_ACTIONS,
    *ISSUE_ACTIONS,
    *CHART_ACTIONS,
    *PUBLISH_ACTIONS,
    *HELP_ACTIONS,
)
