"""Ids that sort by time, so that new rows land beside each other in the indexes (UUID version 7, RFC 9562).

Those of one process sort in the order they were made, also within a millisecond (§ 6.2, method 3): two decisions of
one transaction bear the same time, and the newer one is the one with the greater id.
"""

import os
import time
from threading import Lock
from uuid import UUID

_las = Lock()
_siste = 0
_tilfeldige: list[bytes] = []
"""Eight random bytes each, drawn from the kernel many at a time."""
# A forked process must not draw what its parent draws.
os.register_at_fork(after_in_child=_tilfeldige.clear)


def ny_id() -> UUID:
    global _siste  # noqa: PLW0603
    with _las:
        # Milliseconds with twelve bits of fraction.
        _siste = tid = max((time.time_ns() << 12) // 1_000_000, _siste + 1)
        if not _tilfeldige:
            mange = os.urandom(8 * 256)
            _tilfeldige.extend(mange[i : i + 8] for i in range(0, len(mange), 8))
        tilfeldig = int.from_bytes(_tilfeldige.pop()) >> 2
    return UUID(int=(tid >> 12) << 80 | 0x7 << 76 | (tid & 0xFFF) << 64 | 0x2 << 62 | tilfeldig)
