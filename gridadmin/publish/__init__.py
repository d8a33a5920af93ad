"""Releases, the files made of them, and what comes back."""
