"""Named places where a chaos test lets the process die as by ``kill -9``. Nothing happens unless the setting names it.

``BOLIGSAK_KRASJPUNKT="motor.etter_svar:3"`` kills the process the third time it passes that place;
``"motor.etter_svar@ID"`` the first time it does so with the case ID. ``"…=stopp"`` stops the process there instead, so
that a test can do something to the servers just then, and let it go on.
"""

import os
import signal
from collections import Counter

from services.innstillinger import innstillinger

_passert: Counter[str] = Counter()


def krasjpunkt(navn: str, hvem: object = None) -> None:
    valg = innstillinger().krasjpunkt
    if not valg:
        return
    her = (navn, f"{navn}@{hvem}")
    _passert.update(her)
    for punkt in valg.split(","):
        hvor, _, hvordan = punkt.partition("=")
        onsket, _, gang = hvor.partition(":")
        if onsket in her and _passert[onsket] == int(gang or 1):
            os.kill(os.getpid(), signal.SIGSTOP if hvordan == "stopp" else signal.SIGKILL)
