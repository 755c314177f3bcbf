"""Servers for one command, the running ones or our own: around a block, or as a decorator of a command."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def med_servere(tjeneste: str) -> Iterator[Any]:
    """Addresses in the environment, and the newest schema where the servers are our own. ``tjeneste``: name in logs."""
    from services.innebygd import oppe
    from services.innebygd.prosesser import stoppsignaler
    from services.innstillinger import innstillinger
    from services.lager.migrering import oppgrader
    from services.logg import sett_opp

    sett_opp(tjeneste)
    for_ = logging.root.manager.disable
    logging.disable(logging.INFO)  # the terminal shows what is done; what goes wrong is still said
    med_egne = innstillinger().database_url is None
    try:
        with stoppsignaler(), oppe() as funnet:
            os.environ.update(funnet.miljo())
            innstillinger.cache_clear()
            if med_egne:  # a given database is migrated by its owner, not by whoever runs a command
                oppgrader(funnet.database_url)
            yield funnet
    finally:
        logging.disable(for_)
