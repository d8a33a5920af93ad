"""More than one map at a time: second window, swipe, locator, bookmarks, print of the view."""
