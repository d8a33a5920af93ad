"""Base maps in the window: fetching, choosing, keeping."""
