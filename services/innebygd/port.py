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
_tatt: set[int] = set()
"""Given by this process. It holds the UDP port of the same number for as long as it lives: nobody speaks on it, but
other processes of ours see that the port has been given, while its server is not up yet, or down."""


def finn_ledig() -> int:
    """A free port that nobody has been given before. Errors: OSError when none is found."""
    # The system's own chance: two processes whose generators are seeded alike must not try the same ports.
    for port in random.SystemRandom().sample(_VARE, 500):
        if port not in _tatt and ta(port):
            return port
    raise OSError(f"no free port among {_VARE}")


def ta(port: int) -> bool:
    """Make `port` this process's own. False when something listens on it, or another process of ours has it."""
    if not ledig(port):
        return False
    if port not in _tatt:
        merke = socket.socket(type=socket.SOCK_DGRAM)
        try:
            merke.bind((VERT, port))
        except OSError:
            merke.close()
            return False
        merke.detach()  # open until the process ends
        _tatt.add(port)
    return True
