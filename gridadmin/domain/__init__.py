"""The words of the trade as frozen data: areas, borders, buildings, schemes, changes, issues."""
