"""Reports of a check: what is wrong where, and what the check proves, as a file for others."""
