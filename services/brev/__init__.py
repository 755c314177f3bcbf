"""Letters: read from what is stored, set as HTML and PDF, held against the trace, issued."""
