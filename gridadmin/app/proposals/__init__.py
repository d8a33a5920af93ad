"""Proposals of who takes which seat: made and carried out, told in words, JSON and tables."""
