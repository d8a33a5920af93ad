"""Base maps: where their tiles come from, where they lie in the plane, and how they are kept."""
