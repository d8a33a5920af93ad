"""What stands around map and panels: crumbs, messages, progress, notices, status line."""
