"""Draws the demo city's base map: what lies where, its look, its lettering, its tile file."""
