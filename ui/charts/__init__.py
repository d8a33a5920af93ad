"""The workspace of wall charts: the sheet itself, its pages, and what can be chosen for it."""
