"""Open the gridadmin window. The command line is ``gridadmin`` or ``python -m gridadmin``."""

from __future__ import annotations

from ui.application import main

if __name__ == "__main__":
    raise SystemExit(main())
