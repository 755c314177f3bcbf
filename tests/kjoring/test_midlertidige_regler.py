"""Slutt på de midlertidige reglene: March and April 2024 over the same country."""

from typing import Any

import pytest

from services.kjoring import slipp
from services.kjoring.befolkning_skriv import skriv_svar
from services.lager.roller import DbRolle
from services.lager.sesjon import Innsyn, transaksjon
from tests.kjoring import hjelp

ANTALL = 400


@pytest.fixture(scope="module")
def mars_april(database: str):
    with hjelp.oppsett(BOLIGSAK_KJORING_BIT_SAKER="200"):
        hjelp.befolk(ANTALL, "2024-03")
        mars = hjelp.kjor("2024-03")
        skygge = hjelp.kjor("2024-04", slag="skygge")
        skriv_svar(ANTALL, hjelp.FRO, "2024-04", prosesser=1)
        yield database, mars, skygge, hjelp.kjor("2024-04", aktor="ola")


def test_mars_gar_rett_igjennom(mars_april: Any):
    _, mars, *_ = mars_april
    assert mars.status == "ferdig", hjelp.rapport(mars)["band"]


def test_skyggekjoringen_varsler_at_det_er_regelformen(mars_april: Any):
    url, _, skygge, _ = mars_april
    rapport = hjelp.rapport(skygge)
    assert skygge.prove
    assert rapport["arsaker"]["regelform"]["kroner"] == rapport["endring"] < 0
    assert rapport["band"]["brudd"]
    assert (
        hjelp.en(url, "SELECT count(*) FROM vedtak WHERE fattet_av = %s AND termin = '2024-04'", "skygge")
        == 0
    )


def test_april_stanses_av_bandet_fordi_avslagene_hopper(mars_april: Any):
    _, mars, _, april = mars_april
    for_, na = (hjelp.rapport(k)["band"]["avslag"]["na"] for k in (mars, april))
    assert april.status == "holdt"
    assert na > for_ + 0.1
    assert "avslag" in {b["hva"] for b in hjelp.rapport(april)["band"]["brudd"]}


def test_rapporten_sier_at_det_er_regelformen(mars_april: Any):
    *_, april = mars_april
    rapport = hjelp.rapport(april)
    storst = min(rapport["arsaker"], key=lambda a: rapport["arsaker"][a]["kroner"])
    assert storst == "regelform"
    assert next(iter(rapport["nye_avslag"])) in ("regelform", "inntekt", "kontroll")
    assert max(rapport["nye_avslag"], key=rapport["nye_avslag"].get) == "regelform"
    assert sum(a["kroner"] for a in rapport["arsaker"].values()) == rapport["endring"]


def test_en_navngitt_person_slipper_den(mars_april: Any):
    url, *_, april = mars_april
    betalinger = "SELECT status, count(*) FROM utbetaling WHERE kjoring_id = %s GROUP BY 1"
    assert [s for s, _ in hjelp.sporr(url, betalinger, april.id)] == ["holdt"]
    with transaksjon(DbRolle.API, Innsyn("kari nordmann", "*", klarert=True)) as forbindelse:
        sluppet = slipp.slipp(forbindelse, april.id, "kari nordmann", "De midlertidige reglene er slutt.")
    assert (sluppet.status, sluppet.frigitt_av) == ("ferdig", "kari nordmann")
    assert [s for s, _ in hjelp.sporr(url, betalinger, april.id)] == ["planlagt"]


def test_avslatte_pa_inntekt_proves_igjen_i_mai(mars_april: Any):
    url, *_ = mars_april
    rader = hjelp.sporr(url, "SELECT avslag_pa_rad, status FROM lopende WHERE siste_kode = 'V03'")
    assert rader
    assert all((status == "stanset") == (antall >= 3) for antall, status in rader)
