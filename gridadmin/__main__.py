"""``python -m gridadmin``: the same as the command ``gridadmin``."""

from __future__ import annotations

from gridadmin.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
