"""Whole paths through real PostgreSQL, broker, workers and the register simulator over HTTP."""
