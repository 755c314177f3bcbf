"""Prometheus figures of the register calls.  Labels are register and outcome code: never anything about a person."""

from prometheus_client import Counter, Gauge, Histogram

SEKUNDER = Histogram(
    "boligsak_register_sekunder",
    "Time of one call to a register, waiting for its turn left out",
    ["register"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5),
)
SVAR = Counter(
    "boligsak_register_svar_total", "Checks by outcome: ok, or the cause of failure", ["register", "utfall"]
)
BRUTT = Gauge(
    "boligsak_register_brutt",
    "1 while this process's circuit breaker is open",
    ["register"],
    multiprocess_mode="livemax",
)
