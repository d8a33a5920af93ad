"""Worked examples of five places: projects made from published totals, with made-up people."""
