"""Start gridadmin; until there is a window, its command line."""

from __future__ import annotations

from gridadmin.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
