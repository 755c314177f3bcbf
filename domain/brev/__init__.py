"""Letters as plain data, from what is stored: no layout, no I/O."""
