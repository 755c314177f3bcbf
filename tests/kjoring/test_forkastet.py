"""A held run that was wrong: a named person rejects it, nothing of it is paid, and the month is decided anew."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import psycopg
import pytest
from prometheus_client import CollectorRegistry

from domain.bostotte.maned import MANEDLIG
from domain.bostotte.ordning import BOSTOTTE
from services.api import kjoringsmalinger
from services.brev.sak import KanIkkeLages
from services.brev.utstedt import Utstedt, utsted
from services.kjoring import driv, slipp
from services.kjoring import kjoring as kjoringer
from services.kjoring.befolkning_skriv import skriv_svar
from services.kjoring.kjoring import KanIkkeStarte, Kjoring
from services.klokke import na
from services.lager.ider import ny_id
from services.lager.roller import DbRolle
from services.lager.sesjon import Innsyn, transaksjon
from services.lager.verifisering import verifiser_alt
from services.utbetaling import avstem as bok
from tests.kjoring import hjelp

TERMIN, NESTE = "2024-04", "2024-05"
ANTALL = 120
FOR_MYE = 900
"""Kroner that the wrong rules give everybody who is granted anything."""
VID = hjelp.LITE | {"BOLIGSAK_KJORING_BAND_SNITT": "9", "BOLIGSAK_KJORING_BAND_AVSLAG": "1"}


def _feil_regler(fakta: Any, termin: str) -> Any:
    regnet = MANEDLIG.regn(fakta, termin)
    return replace(regnet, belop=[b + FOR_MYE if b else 0 for b in regnet.belop])


GALE = replace(BOSTOTTE, manedlig=replace(MANEDLIG, regn=_feil_regler))


def _gjor(hva: Any, kjoring: Kjoring, hvem: str, hvorfor: str = "Satsene var gale.") -> Kjoring:
    with transaksjon(DbRolle.API, Innsyn(hvem, "*", klarert=True)) as forbindelse:
        ny: Kjoring = hva(forbindelse, kjoring.id, hvem, hvorfor)
        return ny


@dataclass
class Maned:
    url: str
    gal: Kjoring


@pytest.fixture(scope="module")
def maned(database: str) -> Iterator[Maned]:
    with hjelp.oppsett(**VID), pytest.MonkeyPatch.context() as gale:
        hjelp.befolk(ANTALL, "2024-03")
        hjelp.kjor("2024-03")
        skriv_svar(ANTALL, hjelp.FRO, TERMIN, prosesser=1)
        skriv_svar(ANTALL, hjelp.FRO, NESTE, prosesser=1)
        gale.setitem(kjoringer.ORDNINGER, "bostotte", GALE)  # type: ignore[arg-type]
        with hjelp.oppsett(BOLIGSAK_KJORING_BAND_SNITT="0.05"):
            gal = hjelp.kjor(TERMIN, aktor="ola")
        assert gal.status == "holdt"
        gale.undo()
        yield Maned(database, gal)


def _betalt(url: str, termin: str = TERMIN) -> dict[UUID, int]:
    return dict(
        hjelp.sporr(
            url,
            "SELECT sak_id, sum(belop)::bigint FROM utbetaling WHERE termin = %s AND status <> 'bortfalt'"
            " GROUP BY 1",
            termin,
        )
    )


def _brev(url: str, utfall: str = "innvilget") -> Utstedt:
    """A letter about the decision that stands in one of the month's cases."""
    sporring = (
        "SELECT sak_id, id FROM vedtak WHERE termin = %s AND utfall = %s ORDER BY sak_id, fattet DESC LIMIT 1"
    )
    ((sak_id, vedtak_id),) = hjelp.sporr(url, sporring, TERMIN, utfall)
    kommune = hjelp.en(url, "SELECT kommunenummer FROM sak WHERE id = %s", sak_id)
    # Held to the case's own municipality: runs are rows that such a person does not see.
    with transaksjon(DbRolle.API, Innsyn("kari", frozenset({kommune}), klarert=True)) as forbindelse:
        return utsted(forbindelse, sak_id, "vedtak", vedtak_id, "nb", None, "kari", na())


def test_bare_en_navngitt_person_forkaster_og_sier_hvorfor(maned: Maned):
    for hvem, hvorfor in (("system", "Satsene var gale."), (" ", "Satsene var gale."), ("kari", " ")):
        with pytest.raises(slipp.KanIkkeSlippe):
            _gjor(slipp.forkast, maned.gal, hvem, hvorfor)
    assert driv.les(maned.gal.id).status == "holdt"
    with pytest.raises(KanIkkeStarte, match=rf"{TERMIN} er ikke avklart: kjøring {maned.gal.id} er holdt$"):
        driv.start(hjelp.ORDNING, NESTE, aktor="ola")
    forkastet = _gjor(slipp.forkast, maned.gal, "ola")  # to stop it, one may have started it
    assert (forkastet.status, forkastet.frigitt_av) == ("forkastet", None)
    assert hjelp.sporr(
        maned.url,
        "SELECT type, aktor, data->>'begrunnelse' FROM kjoring_hendelse WHERE kjoring_id = %s ORDER BY id DESC LIMIT 1",
        maned.gal.id,
    ) == [("forkastet", "ola", "Satsene var gale.")]
    for hva in (slipp.forkast, slipp.slipp):
        with pytest.raises(slipp.KanIkkeSlippe, match="forkastet, ikke holdt"):
            _gjor(hva, maned.gal, "kari")


def test_ingenting_av_den_betales_og_den_som_folger_med_far_vite_det(maned: Maned):
    status = "SELECT DISTINCT status FROM utbetaling WHERE kjoring_id = %s"
    assert hjelp.sporr(maned.url, status, maned.gal.id) == [("bortfalt",)]
    assert _betalt(maned.url) == {}
    with psycopg.connect(maned.url) as forbindelse, pytest.raises(psycopg.errors.CheckViolation):
        forbindelse.execute("UPDATE utbetaling SET status = 'planlagt' WHERE status = 'bortfalt'")
    sagt = hjelp.sporr(
        maned.url,
        "SELECT data->>'vedtak' FROM utgaende WHERE type = 'no.boligsak.bostotte.vedtak.forkastet.v1'",
    )
    vedtak = hjelp.sporr(maned.url, "SELECT id::text FROM vedtak WHERE termin = %s", TERMIN)
    assert sorted(sagt) == sorted(vedtak)
    assert bok.avstem(TERMIN).feil, "det som er vedtatt, er ikke bokført før måneden er regnet om"


def test_ingen_far_brev_om_det_som_kanskje_aldri_betales(maned: Maned):
    for utfall in ("innvilget", "avslag"):
        with pytest.raises(KanIkkeLages, match="ikke er sluppet"):
            _brev(maned.url, utfall)


def test_neste_maned_venter_til_denne_er_regnet_om(maned: Maned):
    with pytest.raises(KanIkkeStarte, match="forkastet; regn måneden om først"):
        driv.start(hjelp.ORDNING, NESTE, aktor="ola")


def test_maneden_regnes_om_begge_veier_og_venter_pa_en_navngitt_person(maned: Maned):
    gale = dict(
        hjelp.sporr(maned.url, "SELECT sak_id, belop FROM vedtak WHERE termin = %s AND belop > 0", TERMIN)
    )
    klage = ny_id()  # an appeal goes on beside, and keeps nobody from what is right
    hjelp.endre(
        maned.url,
        "INSERT INTO behandling (id, sak_id, nr, kommunenummer, forlop, arsak, termin, tilstand)"
        " SELECT %s, id, 99, kommunenummer, 'klage', 'klage', %s, 'forberedes' FROM sak WHERE id = %s",
        *(klage, TERMIN, min(gale)),
    )
    ny = hjelp.kjor(TERMIN, slag="regelendring", aktor="ola")
    hjelp.endre(maned.url, "DELETE FROM behandling WHERE id = %s", klage)
    rapport = hjelp.rapport(ny)
    assert rapport["regnskap"]["stemmer"]
    assert ny.status == "holdt", "så vidt som båndet er, slippes den ikke av seg selv"
    utfall = {
        s: (utfall, belop, grunn)
        for s, utfall, belop, grunn in hjelp.sporr(
            maned.url, "SELECT sak_id, utfall, belop, grunn FROM kjoring_sak WHERE kjoring_id = %s", ny.id
        )
    }
    [brudd] = rapport["band"]["brudd"]
    assert (brudd["hva"], brudd["na"]) == ("etter forkastet kjøring", len(utfall))
    for sak_id, belop in gale.items():
        assert utfall[sak_id] == ("vedtatt", belop - FOR_MYE, None)
    # A refusal too is decided anew, so that there is one to be told of.
    assert {u[:2] for s, u in utfall.items() if s not in gale} == {("vedtatt", 0)}
    skal_ha = {s: b - FOR_MYE for s, b in gale.items()}
    assert _betalt(maned.url) == skal_ha
    assert _gjor(slipp.slipp, ny, "kari").status == "ferdig"
    rader = "SELECT status, forfall, sum(belop)::bigint FROM utbetaling WHERE kjoring_id = %s GROUP BY 1, 2"
    dag = MANEDLIG.utbetalingsdag(TERMIN)  # as the month's own: it goes with the month's file, however late
    assert hjelp.sporr(maned.url, rader, ny.id) == [("planlagt", dag, sum(skal_ha.values()))]


def test_siden_er_maneden_som_andre(maned: Maned):
    igjen = hjelp.kjor(TERMIN, slag="regelendring", aktor="ola")
    assert (igjen.status, hjelp.rapport(igjen)["betalinger"]["antall"]) == ("ferdig", 0)
    assert bok.avstem(TERMIN).feil == []
    for utfall in ("innvilget", "avslag"):  # of the decision that nobody was told of, nothing
        assert "erstatter" not in json.dumps(_brev(maned.url, utfall).dokument, default=str)
    neste = hjelp.kjor(NESTE, aktor="ola")
    assert neste.status == "ferdig"
    resultat = verifiser_alt(maned.url)
    assert resultat.funn == []
    assert resultat.hendelser


def test_en_forkastet_omregning_av_en_betalt_maned_endrer_ingenting(
    maned: Maned, monkeypatch: pytest.MonkeyPatch
):
    """Beside what was paid it would have given everybody more. Neither the next month nor the night goes past it."""
    betalt = _betalt(maned.url, NESTE)
    with monkeypatch.context() as gale, hjelp.oppsett(BOLIGSAK_KJORING_BAND_SNITT="0.05"):
        gale.setitem(kjoringer.ORDNINGER, "bostotte", GALE)  # type: ignore[arg-type]
        gal = hjelp.kjor(NESTE, slag="regelendring", aktor="ola")
    assert gal.status == "holdt"
    _gjor(slipp.forkast, gal, "kari")
    assert _betalt(maned.url, NESTE) == betalt
    assert _urettede(maned.url) == 1
    assert driv.urettet(hjelp.ORDNING, NESTE)
    with pytest.raises(KanIkkeStarte, match="regn måneden om først"):
        driv.start(hjelp.ORDNING, "2024-06", aktor="ola")
    ny = hjelp.kjor(NESTE, slag="regelendring", aktor="ola")
    assert {k["utfall"] for k in hjelp.rapport(ny)["utfall"]} <= {"vedtatt", "uendret"}
    assert (ny.status, hjelp.rapport(ny)["betalinger"]["antall"]) == ("holdt", 0)
    _gjor(slipp.slipp, ny, "kari")
    assert (_betalt(maned.url, NESTE), bok.avstem(NESTE).feil, _urettede(maned.url)) == (betalt, [], 0)


def _urettede(url: str) -> float | None:
    register = CollectorRegistry()
    with transaksjon(DbRolle.API, Innsyn("drift", "*", klarert=True)) as forbindelse:
        kjoringsmalinger.legg_til(register, forbindelse, na())
    return register.get_sample_value("boligsak_kjoring", {"status": "forkastet"})


def test_like_gale_regler_igjen_holdes_ogsa_nar_ingen_fikk_noe(maned: Maned, monkeypatch: pytest.MonkeyPatch):
    """Refusals have no payments that lapse: that the month is unsettled is the run's, not the rows'."""

    def avslag(fakta: Any, termin: str) -> Any:
        regnet = MANEDLIG.regn(fakta, termin)
        n = len(regnet.belop)
        return replace(regnet, belop=[0] * n, kode=["V03"] * n, utfall=["avslag"] * n)

    ingen = replace(BOSTOTTE, manedlig=replace(MANEDLIG, regn=avslag))
    skriv_svar(ANTALL, hjelp.FRO, "2024-06", prosesser=1)
    with monkeypatch.context() as gale:
        gale.setitem(kjoringer.ORDNINGER, "bostotte", ingen)  # type: ignore[arg-type]
        with hjelp.oppsett(BOLIGSAK_KJORING_BAND_AVSLAG="0.05"):
            gal = hjelp.kjor("2024-06", aktor="ola")
        _gjor(slipp.forkast, gal, "kari")
        assert _betalt(maned.url, "2024-06") == {}
        igjen = hjelp.kjor("2024-06", slag="regelendring", aktor="ola")
        assert hjelp.rapport(igjen)["endring"] == 0
        assert igjen.status == "holdt"
        _gjor(slipp.forkast, igjen, "kari")
    rett = hjelp.kjor("2024-06", slag="regelendring", aktor="ola")
    assert (rett.status, hjelp.rapport(rett)["na"]["innvilget"]["antall"] > 0) == ("holdt", True)
    _gjor(slipp.slipp, rett, "kari")
    assert bok.avstem("2024-06").feil == []
    assert not driv.urettet(hjelp.ORDNING, "2024-06")
    assert verifiser_alt(maned.url).funn == []
