"""The API in this process, on a database of its own; the engine is run by hand, with the simulator's population."""
