"""Owners of tasks reminded before their deadline, once each: an event in the case's log, and one for subscribers."""

from datetime import datetime

from services.klokke import na
from services.lager import hendelser, oppfolginger, saker, utgaende
from services.lager.hendelser import NyHendelse
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon

BUNKE = 100


def paminn(tid: datetime | None = None) -> int:
    """All that are due. Gives how many were reminded."""
    antall = 0
    while True:
        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            naa = tid or na()
            rader = oppfolginger.paminn(forbindelse, naa, BUNKE)
            laste = saker.las_flere(forbindelse, {r.sak_id for r in rader})
            for r in rader:
                sak = laste[r.sak_id]
                data = {"arsak": r.arsak, "eier": r.eier, "frist": r.frist.isoformat()}
                ny = NyHendelse("paminnelse", r.behandling_id, data)
                hendelser.skriv(forbindelse, sak, [ny], SYSTEM.aktor, naa)
                ut = {**data, "behandling": str(r.behandling_id) if r.behandling_id else None}
                utgaende.skriv(forbindelse, sak.id, "frist.naer.v1", ut, naa)
            for sak in laste.values():
                saker.lagre(forbindelse, sak, naa)
        antall += len(rader)
        if len(rader) < BUNKE:
            return antall
