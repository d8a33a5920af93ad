"""The map: what part of the plane is seen, the picture of it, and what lies over the picture."""
