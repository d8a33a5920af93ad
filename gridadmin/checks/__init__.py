"""Checks turn a snapshot into issues; one file per family."""
