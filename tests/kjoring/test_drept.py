"""Killed anywhere, the run goes on where it was, to the same result; nobody is decided or paid twice."""

import os
import signal
from multiprocessing import get_context
from typing import Any
from uuid import UUID

import pytest

from services.kjoring import driv
from services.registre import lag_registre
from services.utbetaling.avstem import avstem
from tests.kjoring import hjelp
from tests.kjoring.prosess import driv_til_enden

TERMIN = "2024-03"
ANTALL = 180
SIMULATOR = "inprosess:7"
STEDER = (
    "kjoring.driv.manifest",
    "kjoring.samle.lagret",
    "kjoring.samle.for_commit",
    "kjoring.samle.etter_commit",
    "kjoring.driv.samle",
    "kjoring.kontroll",
    "kjoring.beregn",
    "kjoring.vedta",
    "kjoring.behandle.for_commit",
    "kjoring.behandle.etter_commit",
    "kjoring.driv.behandle",
    "kjoring.driv.avstem",
)
"""Every phase, the coordinator's own steps among them: before a commit and after it."""


@pytest.fixture(scope="module")
def prosesser():
    """New processes at once: forked from one that has imported everything and done nothing."""
    kontekst = get_context("forkserver")
    kontekst.set_forkserver_preload(["tests.kjoring.prosess"])
    return kontekst


def _drep_ved(prosesser: Any, sted: str, id_: UUID) -> int | None:
    """Exit code of a process that drives the run and dies at the place."""
    barn = prosesser.Process(
        target=driv_til_enden, args=(id_, {**os.environ, "BOLIGSAK_KRASJPUNKT": sted}), name=sted
    )
    barn.start()
    barn.join(180)
    if barn.is_alive():  # it must not go on with the run beside the next one
        barn.kill()
    kode: int | None = barn.exitcode
    return kode


@pytest.mark.chaos
@pytest.mark.treg
def test_drept_pa_hvert_sted_etter_tur_gir_samme_resultat(database: str, prosesser: Any):
    """One run, killed at every place in turn, by the process that went on after the kill before."""
    with hjelp.oppsett(**hjelp.LITE | {"BOLIGSAK_REGISTER_URL": SIMULATOR}):
        hjelp.befolk(ANTALL, TERMIN)
        # Some of the answers are gone, so that samle has something to ask for and to lose.
        hjelp.endre(
            database,
            "DELETE FROM opplysning WHERE kilde = 'inntekt' AND get_byte(uuid_send(sak_id), 15) %% 3 = 0",
        )
        uforstyrret = hjelp.kjor(TERMIN, lag_registre(None), prove=True)
        id_ = driv.start(hjelp.ORDNING, TERMIN, aktor="ola")
        for sted in STEDER:
            assert _drep_ved(prosesser, sted, id_) == -signal.SIGKILL, sted
        assert driv.les(id_).fase == "avstem"
        ferdig = hjelp.fullfor(id_, lag_registre(None))
    assert ferdig.resultat_hash == uforstyrret.resultat_hash
    _ingenting_to_ganger(database, ferdig)


def _ingenting_to_ganger(url: str, kjoring: Any) -> None:
    regnskap = hjelp.rapport(kjoring)["regnskap"]
    assert regnskap["stemmer"], regnskap["feil"]
    assert hjelp.rapport(kjoring)["kontroller"]["spurt"]
    assert avstem(TERMIN).feil == [], "hver krone i vedtakene er bokført, og ingen flere"
    for sporring in (
        "SELECT count(*) - count(DISTINCT sak_id) FROM vedtak WHERE termin = %s",
        "SELECT count(*) - count(DISTINCT sak_id) FROM utbetaling WHERE termin = %s",
        "SELECT count(*) - count(DISTINCT sak_id) FROM behandling WHERE termin = %s AND arsak = 'termin'",
    ):
        assert hjelp.en(url, sporring, TERMIN) == 0
    assert hjelp.en(url, "SELECT count(*) FROM behandling WHERE tilstand = 'innhenting'") == 0
    assert (
        hjelp.en(url, "SELECT count(*) FROM hendelse WHERE type = 'vedtak_fattet'")
        == regnskap["samlet"]["vedtatt"]
    )
