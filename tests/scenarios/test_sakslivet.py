"""A case's life driven at random against real PostgreSQL: messages late, doubled and out of order, registers that fail,
people who act, time that goes. What must always hold is looked at after every step, and when all has come to rest.

The engine is called directly, with a clock and registers of the test's own; there is no broker and no worker.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as kjor_maskinen
from sqlalchemy import text

from domain.kontroll.krav import REGISTRE, Kontrollkrav
from schemas.saker import HandlingInn
from services.klokke import i_dag, na
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, Innsyn, transaksjon
from services.lager.verifisering import verifiser_alt
from services.motor.dren import dren
from services.motor.enkeltkontroll import prov_igjen
from services.motor.handlinger import utfor
from services.mottak.mottak import ta_imot
from services.problem import Problem
from services.registersim.befolkning import Befolkning
from services.registersim.person import Bolig, Person
from services.registre import Oppslag, RegisterFeil
from services.registre.inprosess import RegistreIProsess
from services.registre.protokoll import SvarDict
from services.tilgang import Aktor
from services.tilgang.aktor import systemaktor
from tests.felles.database import tom
from tests.scenarios.bygg import Soknad, person, soknad

HANDLINGER = (
    "foresla", "attester", "underkjenn", "trekk", "be_om_opplysninger", "motta_opplysninger", "kontroller_pa_nytt"
)  # fmt: skip
_ARBEID = text("SELECT * FROM utboks WHERE status IN ('venter', 'publisert') ORDER BY id")
_ULIK_BETALING = text("""
    SELECT v.sak_id, v.termin, v.belop, coalesce(b.sum, 0) AS betalt
    FROM (SELECT DISTINCT ON (sak_id, termin) sak_id, termin, belop FROM vedtak
          ORDER BY sak_id, termin, fattet DESC, id DESC) v
    FULL JOIN (SELECT sak_id, termin, sum(belop) AS sum FROM utbetaling GROUP BY sak_id, termin) b
           USING (sak_id, termin)
    WHERE v.belop IS DISTINCT FROM coalesce(b.sum, 0)
""")
_VEDTAK_OG_TILSTAND = text("""
    SELECT b.id FROM behandling b LEFT JOIN vedtak v ON v.behandling_id = b.id
    GROUP BY b.id, b.tilstand HAVING count(v.id) <> CASE WHEN b.tilstand = 'vedtatt' THEN 1 ELSE 0 END
""")
_UTEN_EIER = text("""
    SELECT b.tilstand FROM behandling b
    WHERE (b.tilstand = 'manuell') <> EXISTS (SELECT 1 FROM oppfolging o WHERE o.behandling_id = b.id
                                              AND o.slag = 'manuell' AND o.lukket IS NULL)
      AND b.tilstand NOT IN ('foreslatt', 'venter')
""")
_STAR_STILLE = text("""
    SELECT b.id, b.tilstand FROM behandling b
    WHERE b.avsluttet IS NULL AND b.tilstand IN ('opprettet', 'kontroll')
      AND NOT EXISTS (SELECT 1 FROM behandling f WHERE f.sak_id = b.sak_id AND f.termin = b.termin AND f.nr < b.nr
                      AND f.avsluttet IS NULL)
      AND NOT EXISTS (SELECT 1 FROM oppfolging o WHERE o.behandling_id = b.id AND o.lukket IS NULL)
      AND NOT EXISTS (SELECT 1 FROM utboks u WHERE u.sak_id = b.sak_id AND u.status IN ('venter', 'publisert'))
""")


HUSHOLD = (
    soknad(person(inntekt=18000)),
    soknad(person(inntekt=16000), bolig_er={"bruksenhetstype": "A"}),
    soknad(person(inntekt=18000), person("2016-02-01", barn=True)),
)
"""The second one's dwelling needs a person's eye."""


class Registre(RegistreIProsess):
    """The simulator's population in this process; single registers can be away, or answer what nobody can use."""

    def __init__(self, befolkning: Befolkning) -> None:
        super().__init__(befolkning)
        self.feil: dict[str, bool] = {}
        """Register → is it worth another try?"""

    def hent(
        self,
        krav: Kontrollkrav,
        fnr: str | None,
        ekstra: Mapping[str, str],
        *,
        traceparent: str | None = None,
    ) -> SvarDict:
        if krav.register in self.feil:
            raise RegisterFeil(krav.register, "prove", self.feil[krav.register])
        return super().hent(krav, fnr, ekstra, traceparent=traceparent)

    def hent_alle(
        self, oppslag: Iterable[Oppslag], *, traceparent: str | None = None, maks_vent_s: float | None = None
    ) -> Iterator[tuple[Kontrollkrav, SvarDict | RegisterFeil]]:
        return super().hent_alle(oppslag, traceparent=traceparent, maks_vent_s=maks_vent_s)


def ansatt(navn: str, rolle: str) -> Aktor:
    return Aktor(navn, "saksbehandler", "310000000", "*", roller=frozenset({rolle}), klarert=True)


class Sakslivet(RuleBasedStateMachine):
    """Three households apply for two months, again and again."""

    url: str

    @initialize()
    def begynn(self) -> None:
        tom(self.url)
        self.tid = na()
        befolkning = Befolkning(1)
        self.registre = Registre(befolkning)
        for s in HUSHOLD:
            r = s.registrering()
            befolkning.registrer(
                [Person.model_validate(p) for p in r["personer"]],
                [Bolig.model_validate(b) for b in r["boliger"]],
            )
        self.sendt: list[tuple[dict[str, Any], dict[str, Any]]] = []
        self.meldinger: list[Any] = []

    def klokke(self) -> datetime:
        """Never the same time twice."""
        self.tid += timedelta(milliseconds=1)
        return self.tid

    def rader(self, setning: Any) -> list[Any]:
        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            return list(forbindelse.execute(setning))

    def moden(self) -> list[Any]:
        """Work that is due. What the relay would send is remembered: it may come again."""
        rader = [r for r in self.rader(_ARBEID) if r.kjor_etter <= self.tid]
        self.meldinger += [r for r in rader if r.id not in {m.id for m in self.meldinger}]
        return rader

    def lever(self, rad: Any) -> None:
        if rad.emne == "dren":
            dren(rad.sak_id, self.registre, klokke=self.klokke)
        else:
            prov_igjen(rad.id, rad.sak_id, rad.ref, self.registre, klokke=self.klokke)

    @rule(
        hus=st.integers(0, 2),
        leie=st.sampled_from([6000, 9000, 12000]),
        termin=st.sampled_from(["2026-08", "2026-09"]),
    )
    def sok(self, hus: int, leie: int, termin: str) -> None:
        ny: Soknad = HUSHOLD[hus].igjen(boutgift_per_maned=leie)
        ny.termin, ny.tid = termin, f"{termin}-10T08:00:00Z"
        hendelse = ny.hendelse()
        kvittering = ta_imot(hendelse, systemaktor("innsender"), self.klokke(), None)
        self.sendt.append((hendelse, kvittering.model_dump()))

    @precondition(lambda self: self.sendt)
    @rule(data=st.data())
    def send_samme_igjen(self, data: st.DataObject) -> None:
        hendelse, kvittering = data.draw(st.sampled_from(self.sendt))
        assert ta_imot(hendelse, systemaktor("innsender"), self.klokke(), None).model_dump() == kvittering

    @rule(data=st.data())
    def melding_kommer(self, data: st.DataObject) -> None:
        """Any of those that are due, in any order."""
        if rader := self.moden():
            self.lever(data.draw(st.sampled_from(rader)))

    @precondition(lambda self: self.meldinger)
    @rule(data=st.data())
    def gammel_melding_kommer_igjen(self, data: st.DataObject) -> None:
        self.lever(data.draw(st.sampled_from(self.meldinger)))

    @rule(register=st.sampled_from(REGISTRE), midlertidig=st.booleans())
    def register_svikter(self, register: str, midlertidig: bool) -> None:
        self.registre.feil[register] = midlertidig

    @precondition(lambda self: self.registre.feil)
    @rule()
    def registrene_er_tilbake(self) -> None:
        self.registre.feil.clear()

    @rule(sekunder=st.sampled_from([5, 600, 90_000]))
    def tiden_gar(self, sekunder: int) -> None:
        self.tid += timedelta(seconds=sekunder)

    @precondition(lambda self: self.sendt)
    @rule(data=st.data(), handling=st.sampled_from(HANDLINGER), hvem=st.sampled_from("AB"))
    def noen_handler(self, data: st.DataObject, handling: str, hvem: str) -> None:
        """The action is tried whatever the state; what the table refuses changes nothing."""
        _, kvittering = data.draw(st.sampled_from(self.sendt))
        rolle = "attestant" if handling in {"attester", "underkjenn"} else "saksbehandler"
        inn = HandlingInn(
            behandling=kvittering["behandling"],
            begrunnelse="Fordi det er slik.",
            overstyring={"bolig.godkjent": True} if handling == "foresla" else None,
            frist=i_dag(self.tid) + timedelta(days=1) if handling == "be_om_opplysninger" else None,
        )
        try:
            with transaksjon(DbRolle.API, Innsyn(hvem, "*", klarert=True)) as forbindelse:
                versjon = forbindelse.scalar(
                    text("SELECT versjon FROM sak WHERE id = :id"), {"id": kvittering["sak"]}
                )
                utfor(
                    forbindelse, UUID(str(kvittering["sak"])), handling, inn, ansatt(hvem, rolle), versjon,
                    self.klokke(), None,
                )  # fmt: skip
        except Problem as problem:
            if problem.status not in {403, 409}:
                raise

    @invariant()
    def utbetalt_er_det_siste_vedtaket_sier(self) -> None:
        if getattr(self, "sendt", None):
            assert self.rader(_ULIK_BETALING) == []

    @invariant()
    def ett_vedtak_for_hver_vedtatte_behandling(self) -> None:
        if getattr(self, "sendt", None):
            assert self.rader(_VEDTAK_OG_TILSTAND) == []

    @invariant()
    def alt_som_er_apent_har_arbeid_eller_en_eier(self) -> None:
        if getattr(self, "sendt", None):
            assert self.rader(_STAR_STILLE) == []
            assert self.rader(_UTEN_EIER) == []

    def teardown(self) -> None:
        """The registers are back and time goes: everything comes to rest, and nothing is left to do."""
        if not getattr(self, "sendt", None):
            return
        self.registre.feil.clear()
        for _ in range(60):
            if not (igjen := self.rader(_ARBEID)):
                break
            self.tid = max(self.tid, min(r.kjor_etter for r in igjen))
            for rad in self.moden():
                self.lever(rad)
        assert self.rader(_ARBEID) == []
        self.utbetalt_er_det_siste_vedtaket_sier()
        self.ett_vedtak_for_hver_vedtatte_behandling()
        self.alt_som_er_apent_har_arbeid_eller_en_eier()
        antall = self.rader(text("SELECT count(*) FROM behandling"))[0][0]
        assert antall == len({k["behandling"] for _, k in self.sendt})
        resultat = verifiser_alt(self.url)
        assert resultat.funn == []
        assert resultat.hendelser


@pytest.mark.treg
def test_sakslivet_holder_hva_som_enn_skjer(database: str):
    kjor_maskinen(
        type("Maskin", (Sakslivet,), {"url": database}),
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            phases=(
                Phase.explicit,
                Phase.generate,
            ),  # a failure is shown as it came: to shrink it takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
