"""A case to ask about, and the simulator in a thread of the test."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import uvicorn

from domain.bostotte import kontroller
from domain.kontroll.krav import Svar
from services.registersim.app import Simulator, lag_app
from services.registersim.fnr import lag_fnr
from services.registersim.person import Matrikkelnummer
from services.registre import Oppslag, RegisterFeil, Registre
from services.registre.innstillinger import RegisterInnstillinger
from services.registre.klient import RegistreHttp
from services.registre.token import SimulatorToken

TALMODIG_S = 30.0
"""A time-out that no pause of a busy machine reaches."""
SOKER, BARN = UUID(int=1), UUID(int=2)
SOKER_FNR, BARN_FNR = lag_fnr("1990-05-01", 3), lag_fnr("2016-02-01", 7)
FNR = {str(SOKER): SOKER_FNR, str(BARN): BARN_FNR}
BOLIG = Matrikkelnummer(kommunenummer="0301", gardsnummer=207, bruksnummer=15)


def soknad(termin: str = "2026-09", **felt: Any) -> dict[str, Any]:
    """The application of a single parent with one child, as the case keeps it."""
    bolig = {
        "disposisjonsform": "leid",
        "boutgift_per_maned": 12000,
        "oppvarming_inkludert": True,
        "matrikkel": {"gardsnummer": 207, "bruksnummer": 15, "bruksenhetsnummer": "H0101"},
    }
    return {
        "termin": termin,
        "kommunenummer": "0301",
        "sprak": "nb",
        "soker": {"person_id": str(SOKER)} | felt.pop("soker", {}),
        "husstand": felt.pop("husstand", [{"person_id": str(BARN)}]),
        "bolig": bolig | felt.pop("bolig", {}),
        "transport": {"til_kommunen": False},
    }


def sok_alt(
    registre: Registre, sak: Mapping[str, Any], fnr_av: Mapping[str, str] = FNR
) -> tuple[dict[str, Svar], list[list[str]]]:
    """Wave after wave until nothing is missing: answers by key, and the registers asked in each wave."""
    svar: dict[str, Svar] = {}
    bolger: list[list[str]] = []
    while krav := kontroller.krav(sak, svar):
        oppslag = [Oppslag(k, fnr_av.get(str(k.gjelder)), kontroller.ekstra(k, sak, fnr_av)) for k in krav]
        for k, s in registre.hent_alle(oppslag):
            if isinstance(s, RegisterFeil):
                raise s
            svar[k.nokkel] = s
        bolger.append(sorted(k.register for k in krav))
    return svar, bolger


@contextmanager
def simulator() -> Iterator[tuple[str, Simulator]]:
    """Address and inside of a running simulator."""
    app = lag_app()
    # Connections are kept longer than any client keeps them: a call must not meet one that is being closed.
    oppsett = uvicorn.Config(
        app, host="127.0.0.1", port=0, access_log=False, log_level="error", timeout_keep_alive=60
    )
    tjener = uvicorn.Server(oppsett)
    trad = threading.Thread(target=tjener.run, daemon=True)
    trad.start()
    while not tjener.started:
        trad.join(0.01)
        assert trad.is_alive()
    port = tjener.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}", app.state.simulator
    finally:
        tjener.should_exit = True
        trad.join(timeout=10)


@contextmanager
def registre_mot(url: str, redis_url: str | None = None, **valg: Any) -> Iterator[RegistreHttp]:
    tidsavbrudd_s = valg.pop("tidsavbrudd_s", TALMODIG_S)
    r = RegistreHttp(url, tidsavbrudd_s, RegisterInnstillinger(**valg), SimulatorToken(), redis_url)
    try:
        yield r
    finally:
        r.lukk()
