"""Payments: files to the bank, its answers, and reconciliation of every krone."""
