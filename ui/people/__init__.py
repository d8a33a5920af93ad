"""The workspace of people: seats, who sits on them, units, views, and what is done with them."""
