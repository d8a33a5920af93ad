"""A made-up town from a fixed seed: terrain, roads, areas, buildings, people and planted faults."""
