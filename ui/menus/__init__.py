"""The table of everything that the user can do, menu by menu."""
