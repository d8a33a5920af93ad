"""Ways to settle an issue, each a command that can be looked at before it is carried out."""
