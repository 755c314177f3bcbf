"""Point this process at other servers: settings are read from the environment once, so what was read is forgotten."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from services.innstillinger import innstillinger
from services.lager.roller import DbRolle
from services.lager.sesjon import motor


def glem() -> None:
    """Forget the settings and close the pools of connections."""
    if motor.cache_info().currsize:
        for rolle in DbRolle:
            motor(rolle).dispose()
    motor.cache_clear()
    innstillinger.cache_clear()


@contextmanager
def miljo(verdier: Mapping[str, str]) -> Iterator[None]:
    """`verdier` in the environment for the while; the settings and the pools are read anew at both ends."""
    glem()
    for_ = {navn: os.environ.get(navn) for navn in verdier}
    os.environ.update(verdier)
    try:
        yield
    finally:
        glem()
        for navn, verdi in for_.items():
            if verdi is None:
                del os.environ[navn]
            else:
                os.environ[navn] = verdi
