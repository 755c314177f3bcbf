"""Named places where a chaos test lets the process die as by ``kill -9``. Nothing happens unless the setting names it.

``BOLIGSAK_KRASJPUNKT="motor.etter_svar:3"`` kills the process the third time it passes that place.
"""

import os
import signal
from collections import Counter

from services.innstillinger import innstillinger

_passert: Counter[str] = Counter()


def krasjpunkt(navn: str) -> None:
    valg = innstillinger().krasjpunkt
    if not valg:
        return
    for punkt in valg.split(","):
        onsket, _, gang = punkt.partition(":")
        if onsket == navn:
            _passert[navn] += 1
            if _passert[navn] == int(gang or 1):
                os.kill(os.getpid(), signal.SIGKILL)
