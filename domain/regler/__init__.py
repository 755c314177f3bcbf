"""How a rule is written: declaration, dated rates, rounding, and the trace. Knows no scheme."""
