"""Everything that knows Qt: the window, its map and its dialogs."""
