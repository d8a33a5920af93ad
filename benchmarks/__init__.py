"""How fast the program is, measured against peers in the same run.

``python -m benchmarks --list`` names what there is.
"""
