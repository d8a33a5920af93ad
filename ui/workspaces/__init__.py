"""What the window shows as a whole: the start page, and the arrangement for each kind of work."""
