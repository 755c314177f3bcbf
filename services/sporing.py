"""W3C Trace Context: one trace id from the door through the queue to the registers."""

import os
import re

from services import fnrvakt

_FORM = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")


def ny() -> str:
    return f"00-{os.urandom(16).hex()}-{os.urandom(8).hex()}-01"


def videre(traceparent: str | None) -> str:
    """The same trace with a span of its own; a new trace when there is none, it is malformed, or its id holds an
    identity number: it goes into every line of the log."""
    treff = _FORM.fullmatch(traceparent or "")
    if treff is None or treff[1] == "0" * 32 or treff[2] == "0" * 16 or fnrvakt.inneholder(treff[1]):
        return ny()
    return f"00-{treff[1]}-{os.urandom(8).hex()}-{treff[3]}"


def spor_id(traceparent: str) -> str:
    """The 32 hex digits that all lines of one event share."""
    return traceparent.split("-")[1]
