"""Ids that sort by time, so that new rows land beside each other in the indexes (UUID version 7, RFC 9562)."""

import os
import time
from uuid import UUID


def ny_id() -> UUID:
    tall = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10))
    return UUID(int=tall & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62)
