"""Reports on the people, as tables for Excel and PDF: what is short, who is where, what changed."""
