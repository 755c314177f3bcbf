"""Kroner are conserved: causes add up to the difference, and the books to what the last decisions say is due."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings

from domain.bostotte.fakta import Fakta
from domain.klage.sammenstilling import etter, forklar, i_dag
from domain.ordninger import ORDNINGER
from services.etterkontroll import avdrag, tilbakekrav
from services.etterkontroll.start import start
from services.klage.revurdering import start_ny_beregning
from services.klokke import i_dag as i_dag_oslo
from services.lager import saker
from services.problem import Problem
from services.tilgang.aktor import systemaktor
from services.utbetaling.avstem import avstem
from tests.domain.bostotte.husstander import husstander
from tests.klage.hjelp import (
    KLAGEBEHANDLER,
    bok,
    endre,
    flyttet,
    inntekt,
    kan_etterprovs,
    klag,
    om,
    send_inn,
    som_api,
    tilstand,
)
from tests.motor.hjelp import ATTESTANT, SAKSBEHANDLER, Registre, gjor, kjor, send, sporr
from tests.scenarios.bygg import Soknad, person, soknad

BOSTOTTE = ORDNINGER["bostotte"]
TERMIN = "2025-09"


@settings(max_examples=25, deadline=None)
@given(husstander(), husstander())
def test_arsakene_er_hele_forskjellen_mellom_sidene(da: Fakta, naa: Fakta) -> None:
    a = etter(BOSTOTTE, dict(da), BOSTOTTE.etterprov.regelversjon(da["termin"]))
    b = etter(BOSTOTTE, {**naa, "termin": da["termin"]}, a.avgjort.regelversjon)
    c = i_dag(BOSTOTTE, b.fakta, "2026-09")
    for for_, etter_ in ((a, b), (b, c), (a, c)):
        deler = forklar(BOSTOTTE, for_, etter_)
        assert sum(deler.values()) == etter_.avgjort.belop - for_.avgjort.belop
        assert all(deler.values())
    # The facts alone are no reason to name the rules: nothing is put away in the residue.
    assert "regelform" not in forklar(BOSTOTTE, a, b)
    assert "satser" not in forklar(BOSTOTTE, a, b)


class Lop:
    """One household through whatever happens to it, month after month."""

    def __init__(self, fro: int) -> None:
        self.terning = random.Random(fro)
        kapital = {"meldepliktig": {"kapital": self.terning.choice([0, 60_000])}}
        formue = [{"navn": "innskudd", "belop": self.terning.randrange(0, 900_000), "kategori": "formue"}]
        self.s: Soknad = soknad(
            person(inntekt=9000, skattear=2025, skattegrunnlag=formue, sier=kapital),
            person("1992-02-02", 4000, skattear=2025, skattegrunnlag=formue[:0]),
            leie=11000,
            termin=TERMIN,
        )
        self.registre = Registre(self.s)
        self.tid = datetime(2025, 9, 10, 9, tzinfo=UTC)
        [(self.sak, _)] = send(self.s, tid=self.tid)
        self.gjort: list[str] = []
        self.kjor()
        self.tid = datetime(2026, 2, 1, 9, tzinfo=UTC)

    def kjor(self) -> None:
        kjor(self.sak, self.registre, self.tid)

    def steg(self) -> None:
        steg = [self.ny_inntekt, self.ny_beregning, self.klage, self.kontroll]
        hva = self.terning.choice([*steg, *3 * [self.krav, self.avdragsordning, self.forfall]])
        self.tid += timedelta(days=self.terning.randrange(1, 40))
        self.gjort.append(hva.__name__)
        hva()
        self.kjor()

    def ny_inntekt(self) -> None:
        endre(self.registre, self.s, **inntekt(self.terning.randrange(4000, 24_000)))

    def ny_beregning(self) -> None:
        with som_api() as forbindelse:
            b = start_ny_beregning(forbindelse, self.sak, TERMIN, None, systemaktor(), self.tid)
        self.kjor()
        if tilstand(b) == "manuell":
            gjor(self.sak, "foresla", SAKSBEHANDLER, self.tid, behandling=b, begrunnelse="Etter registeret.")
            gjor(self.sak, "varsle", SAKSBEHANDLER, self.tid, behandling=b, begrunnelse="Mindre enn før.")
            gjor(self.sak, "levert", SAKSBEHANDLER, self.tid, behandling=b)
            self.tid += timedelta(days=27)
            self.kjor()
            gjor(self.sak, "attester", ATTESTANT, self.tid, behandling=b)

    def klage(self) -> None:
        b = klag(self.sak, self.s, self.tid, forsinkelse="Brevet kom sent.")
        if tilstand(b) != "forberedes":
            return
        gjor(self.sak, "innstill", SAKSBEHANDLER, self.tid, behandling=b, begrunnelse="Kommunens syn.")
        self.kjor()
        leie = {"bolig.boutgift_per_maned": self.terning.randrange(7000, 14_000)}
        gjor(
            self.sak,
            "foresla",
            KLAGEBEHANDLER,
            self.tid,
            behandling=b,
            overstyring=leie,
            begrunnelse="Ny husleie.",
        )
        try:
            gjor(self.sak, "attester", ATTESTANT, self.tid, behandling=b)
        except Problem:  # it would have given less
            gjor(self.sak, "underkjenn", ATTESTANT, self.tid, behandling=b, begrunnelse="Ikke til ugunst.")
            gjor(
                self.sak, "trekk", KLAGEBEHANDLER, self.tid, behandling=b, begrunnelse="Trukket av klageren."
            )

    def kontroll(self) -> None:
        if not start("bostotte", "etterkontroll", "2025-12", self.tid):
            return
        self.kjor()
        [(b,)] = sporr("SELECT id FROM behandling WHERE sak_id = :s AND arsak = 'etterkontroll'", s=self.sak)
        if tilstand(b) == "varsles":
            send_inn("varsel.levert.v1", self.tid, **om(b, self.s, "2025-12"), levert=self.tid.isoformat())
            self.tid += timedelta(days=27)
            self.kjor()
        assert tilstand(b) in {"vedtatt", "uendret"}

    def krav(self) -> None:
        for id_, rest, status in sporr(
            "SELECT id, rest, status FROM tilbakekrav WHERE sak_id = :s", s=self.sak
        ):
            if status == "oppgjort":
                continue
            slag: Any = self.terning.choice(["innbetaling", "ettergivelse", "nedsettelse", "motregning"])
            with som_api() as forbindelse:
                sak = saker.las(forbindelse, self.sak)
                belop = self.terning.randrange(1, rest + 1)
                try:
                    tilbakekrav.bokfor(forbindelse, sak, id_, slag, belop, "lund", self.tid, "Avtalt.")
                except tilbakekrav.UgyldigPost:  # the collection authority has it
                    assert (slag, status) == ("motregning", "oversendt")
                saker.lagre(forbindelse, sak, self.tid)

    def avdragsordning(self) -> None:
        for id_, rest in sporr(
            "SELECT id, rest FROM tilbakekrav WHERE sak_id = :s AND status = 'apent' AND rest > 20",
            s=self.sak,
        ):
            antall, forste = (
                self.terning.randrange(2, min(12, rest)),
                i_dag_oslo(self.tid) + timedelta(days=20),
            )
            with som_api() as forbindelse:
                sak = saker.las(forbindelse, self.sak)
                avdrag.avtal(forbindelse, sak, id_, antall, forste, "lund", self.tid, "Avtalt på telefon.")
                saker.lagre(forbindelse, sak, self.tid)

    def forfall(self) -> None:
        avdrag.folg_opp(self.tid)


def gar_opp(sak: UUID, gjort: list[str]) -> None:
    """What the household has got, less what it has paid back, is what is due, with the open claims and what it has
    been let off; each claim is what is left and what has moved it; each plan comes to what is left."""
    a = avstem(TERMIN)
    assert a.stemmer, (gjort, a.feil)
    [(due,)] = sporr(
        "SELECT belop FROM vedtak WHERE sak_id = :s AND termin = :t ORDER BY fattet DESC, id DESC LIMIT 1",
        s=sak,
        t=TERMIN,
    )
    [(krav, rest)] = sporr(
        "SELECT coalesce(sum(belop), 0), coalesce(sum(rest), 0) FROM tilbakekrav WHERE sak_id = :s", s=sak
    )
    bokfort, poster = bok(sak), flyttet(sak)
    assert krav == rest + sum(poster.values()), gjort
    fatt = sum(v for status, v in bokfort.items() if status != "krav") - poster.get("innbetaling", 0)
    ettergitt = poster.get("nedsettelse", 0) + poster.get("ettergivelse", 0)
    smatt = due + rest + ettergitt - fatt
    assert -1345 < smatt < 53, (gjort, smatt)
    with som_api() as forbindelse:
        for ordning in avdrag.nyeste(forbindelse, sak).values():
            assert (ordning.status == "fullfort") <= (ordning.rest == 0)
            assert ordning.status != "lopende" or sum(ordning.igjen) == ordning.rest > 0, gjort


@pytest.mark.parametrize("fro", [1, 5, 14, 24, 27])
def test_etter_hva_som_helst_er_det_betalte_det_som_skyldes_og_kravene(database: str, fro: int) -> None:
    lop = Lop(fro)
    for _ in range(24):
        lop.steg()
        gar_opp(lop.sak, lop.gjort)
    assert len(set(lop.gjort)) > 3


def test_de_har_gatt_alle_veiene(database: str) -> None:
    """The sequences above, taken together: a law that nothing was tried against holds of itself."""
    assert {slag for (slag,) in sporr("SELECT DISTINCT slag FROM tilbakekravpost")} == {
        "innbetaling",
        "motregning",
        "nedsettelse",
        "ettergivelse",
        "omgjoring",
    }
    ordninger = {status for (status,) in sporr("SELECT DISTINCT status FROM avdragsordning")}
    assert ordninger == {"lopende", "endret", "brutt", "fullfort"}


def test_alt_som_er_gjort_her_kan_etterprovs(database: str) -> None:
    kan_etterprovs(database)
