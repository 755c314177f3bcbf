"""The cradle: everything is imported once, and each process of the stack is forked from here in a moment.

``python -m tests.chaos.vugge``: reads ``{"kommando", "miljo", "logg", "slutt"}`` a line, answers with the process
id. The child runs the same module with the same arguments as in production. How it ended is written to ``slutt``.
"""

import ctypes
import json
import os
import runpy
import select
import signal
import sys
from importlib import import_module
from typing import Any

PR_SET_PDEATHSIG = 1
MODULER = (
    "celery.apps.worker", "celery.bin.celery", "celery.bin.worker", "celery.concurrency.thread",
    "kombu.transport.redis",
    "uvicorn.lifespan.on", "uvicorn.loops.auto", "uvicorn.protocols.http.auto",
    "services.api.app", "services.registersim.app", "workers.oppgaver", "workers.vedlikehold",
)  # fmt: skip
"""What takes the time at a start. None of them connects to anything or starts a thread."""


def _varm_opp() -> None:
    for modul in MODULER:
        import_module(modul)


def _barn(bestilling: dict[str, Any]) -> None:
    from services.innstillinger import innstillinger
    from services.registre.innstillinger import registerinnstillinger

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    logg = os.open(bestilling["logg"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    tomt = os.open(os.devnull, os.O_RDONLY)
    for fra, til in ((tomt, 0), (logg, 1), (logg, 2)):
        os.dup2(fra, til)
    os.environ.update(bestilling["miljo"])
    innstillinger.cache_clear()
    registerinnstillinger.cache_clear()
    modul, *argumenter = bestilling["kommando"]
    sys.argv = [modul, *argumenter]
    runpy.run_module(modul, run_name="__main__", alter_sys=True)


def main() -> None:
    _varm_opp()
    print("klar", flush=True)
    slutt: dict[int, str] = {}
    inn = os.fdopen(0, "rb", buffering=0)
    rest = b""
    while True:
        if select.select([inn], [], [], 0.02)[0]:
            lest = inn.read(65536)
            if not lest:
                return
            *linjer, rest = (rest + lest).split(b"\n")
            for linje in linjer:
                bestilling = json.loads(linje)
                klar, si_klar = os.pipe()
                pid = os.fork()
                if pid == 0:
                    kode = 1
                    try:
                        os.setsid()
                        os.close(klar)
                        os.close(si_klar)
                        _barn(bestilling)
                        kode = 0
                    except SystemExit as feil:
                        kode = feil.code if isinstance(feil.code, int) else 0
                    finally:
                        sys.stderr.flush()
                        os._exit(kode)
                slutt[pid] = bestilling["slutt"]
                os.close(si_klar)
                os.read(klar, 1)  # its end: the child has a group of its own, and can be killed with it
                os.close(klar)
                print(pid, flush=True)
        while slutt:
            dod, status = os.waitpid(-1, os.WNOHANG)
            if not dod:
                break
            fil = slutt.pop(dod)
            with open(fil + ".ny", "w") as ut:  # noqa: PTH123
                ut.write(str(os.waitstatus_to_exitcode(status)))
            os.rename(fil + ".ny", fil)  # noqa: PTH104


if __name__ == "__main__":
    main()
