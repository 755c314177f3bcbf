"""The monthly run, and the population and statistics that belong to it."""
