"""TCP ports on the loopback address."""

import random
import socket

VERT = "127.0.0.1"


def ledig(port: int) -> bool:
    """Can `port` be bound on 127.0.0.1 just now?"""
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind((VERT, port))
        except OSError:
            return False
    return True


def svarer(port: int) -> bool:
    """Does anybody accept connections on `port`?"""
    try:
        socket.create_connection((VERT, port), timeout=0.5).close()
    except OSError:
        return False
    return True


_VARE = range(20_000, 32_000)
"""Below those that the system gives to clients: while a server is down, none of them must come to hold its port."""


def finn_ledig() -> int:
    """A free port. Errors: OSError when none is found."""
    # The system's own chance: two processes whose generators are seeded alike must not meet at the same port.
    for port in random.SystemRandom().sample(_VARE, 500):
        if ledig(port):
            return port
    raise OSError(f"no free port among {_VARE}")
