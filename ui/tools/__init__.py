"""One small state machine for each way of working on the map."""
