"""The one door for every change: commands, the document, undo and redo."""
