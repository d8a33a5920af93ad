"""Plans in the window: what is open, how it differs from its base, and how it goes on."""
