"""TCP ports on the loopback address."""

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


def finn_ledig() -> int:
    """A free port, chosen by the system."""
    with socket.socket() as s:
        s.bind((VERT, 0))
        return int(s.getsockname()[1])
