"""Foundations that know nothing of grids: errors, texts, progress, paths, identifiers."""
