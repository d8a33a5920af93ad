"""gridadmin: redraw grids and micro-grids without gaps, prove coverage, publish the borders."""

__version__ = "0.1.0"
