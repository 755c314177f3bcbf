"""The nightly anchor: a signed Merkle root over every case's chain, kept outside the database."""
