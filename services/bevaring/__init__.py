"""How long cases are kept, what stops that they are erased, and the erasure."""
