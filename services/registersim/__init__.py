"""The registers as a local HTTP service over synthetic people, with faults on demand; never a source of real data."""
