"""What stands around the map: tree, inspector, issues, history."""
