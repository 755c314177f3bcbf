"""Many applications at once, attested by two people in one go: for tests of the frame under pressure, and the bench."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain.sak.forlop import Kontekst, Merke, Rolle
from services.lager import opplysninger, saker, utboks
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.lager.skriving import Skrivebord
from services.motor.overgang import flytt
from services.mottak.mottak import ta_imot_flere
from services.problem import Problem
from services.tilgang.aktor import systemaktor
from tests.tilsagn.verden import hendelse, virksomhet

BUNKE = 200
KARI = Kontekst("lokal:kari", frozenset({Rolle.SAKSBEHANDLER}))
OLA = Kontekst("lokal:ola", frozenset({Rolle.ATTESTANT}), forslag_av="lokal:kari", har_avgjorelse=True)


def send_mange(navn: str, antall: int, na: datetime, merke: str = "M", **felt: Any) -> list[UUID]:
    """Applications a second apart, each for a project and by an applicant of its own; the cases, in order."""
    ut: list[UUID] = []
    for fra in range(0, antall, BUNKE):
        kropper = [
            hendelse(
                navn,
                "soknad",
                f"{na:%Y-%m}",
                f"{merke}{nr}",
                tid=na - timedelta(seconds=antall - nr),
                part=virksomhet(nr),
                **felt,
            )
            for nr in range(fra, min(fra + BUNKE, antall))
        ]
        for svar in ta_imot_flere(kropper, systemaktor("mottak"), na, None):
            if isinstance(svar, Problem):
                raise svar
            ut.append(svar.sak)
    return ut


def attester_mange(sak_ider: Sequence[UUID], na: datetime, *, tilradd: bool = False) -> None:
    """Every case's treatment, which stands in *manuell*, proposed by one person and attested by another. ``tilradd``:
    the second line has looked."""
    for fra in range(0, len(sak_ider), BUNKE):
        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            valgte = sak_ider[fra : fra + BUNKE]
            laste = saker.las_flere(forbindelse, valgte)
            bord = Skrivebord(forbindelse)
            for sak_id, behandling in saker.apne_behandlinger(forbindelse, list(valgte)):
                sak = laste[sak_id]
                nye = [
                    opplysninger.NyOpplysning(
                        opplysninger.ATTESTERT, "attestant", "instruks", {"aktor": "lokal:ola"}, na
                    )
                ]
                opplysninger.lagre(bord, sak.nokkel, sak.id, behandling.id, nye)
                behandling.forslag_av = "lokal:kari"
                flytt(bord, sak, behandling, "foresla", na, kontekst=KARI, innhold={"begrunnelse": "vurdert"})
                if tilradd:
                    behandling.merker |= {Merke.TILRADD}
                flytt(bord, sak, behandling, "attester", na, kontekst=OLA)
                saker.lagre(bord, sak, na)
                utboks.be_om(bord, sak.id, na)
            bord.tom()
