"""The same empty window as for the parts around the map."""

from tests.ui.shell.conftest import actions, context, frame

__all__ = ["actions", "context", "frame"]
