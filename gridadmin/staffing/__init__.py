"""What a scheme asks for in people and what is there: requirements, cover, findings. No Qt, no SQL.

Everything is worked out from one snapshot, a day and a mode, and comes back as plain data.
"""
