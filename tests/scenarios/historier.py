"""Stories that go on side by side through the running stack: each yields what it waits for, and all are looked at
together. What was done stands in the cases' logs, and is held against the tables."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import psycopg

from domain.sak.forlop import Forlop
from services.klokke import i_dag, na
from tests.scenarios.conftest import Sak
from tests.scenarios.test_klage import hendelse

GRUNN = {"begrunnelse": "Vurdert på nytt i klagesaken."}
HUSBANKEN = ("Klagebehandler Lund", "klagebehandler")
VIK = ("Saksbehandler Vik", "saksbehandler")
ATTESTANT = ("Attestant Berg", "attestant")
FRIST_S = 120.0
_nr = count(1)
Steg = tuple[str, str]
"""A treatment and the state that it is waited for in; the treatment ``""`` is the newest of the case."""
Historie = Iterator[Steg]


def melding(sak: Sak, type_: str, behandling: str, **data: Any) -> str:
    """An event about a treatment; the treatment that it moved or became."""
    svar = hendelse(sak, type_, 1000 + next(_nr), behandling=behandling, **data)
    assert svar.status_code == 202, svar.text
    return str(svar.json()["behandling"])


def klag(sak: Sak, klager: dict[str, str] | None = None, **valg: Any) -> str:
    vedtak = sak.hent()["vedtak"][-1]["id"]
    data = {"klager": klager or {"fnr": sak.soknad.soker.fnr}, "arsak": "annet", "tekst": "Vedtaket er feil."}
    svar = hendelse(sak, "klage.mottatt.v1", 1000 + next(_nr), vedtak=vedtak, **{**data, **valg})
    assert svar.status_code == 202, svar.text
    return str(svar.json()["behandling"])


def gjor(sak: Sak, handling: str, som: tuple[str, str], behandling: str, **kropp: Any) -> None:
    for _ in range(5):  # the engine may have come in between
        svar = sak.gjor(handling, *som, behandling=behandling, **kropp)
        if svar.status_code != 412:
            break
    assert svar.status_code == 200, (handling, svar.text)


def nemnda(sak: Sak, behandling: str, resultat: str, organ: str = "klagenemnd") -> None:
    melding(sak, f"{organ}.avgjort.v1", behandling, resultat=resultat, begrunnelse="Organets vurdering.")


def be_om(sak: Sak, som: tuple[str, str], behandling: str) -> None:
    dag = i_dag(na())
    frist = dag.replace(year=dag.year + 1, day=1).isoformat()
    gjor(sak, "be_om_opplysninger", som, behandling, **GRUNN, frist=frist)


def for_lenge_siden(sak: Sak, dager: int) -> None:
    """The decision was made so many days ago; below zero turns it back."""
    with psycopg.connect(sak.stakk.adresser.database_url, autocommit=True) as eier:
        eier.execute("SET session_replication_role = replica")
        eier.execute(
            "UPDATE vedtak SET fattet = fattet - make_interval(days => %s) WHERE sak_id = %s", (dager, sak.id)
        )


def for_sen_klage(sak: Sak, dager: int, **klager: Any) -> str:
    for_lenge_siden(sak, dager)
    klagen = klag(sak, **klager, forsinkelse="Jeg var på sykehus.")
    for_lenge_siden(sak, -dager)
    return klagen


def driv(historier: dict[str, tuple[Sak, Historie]]) -> None:
    """Go on with every story whose wait is over, until all are told."""
    stakk = next(iter(historier.values()))[0].stakk
    venter: dict[str, Steg] = {}

    def videre(navn: str) -> None:
        try:
            venter[navn] = next(historier[navn][1])
        except StopIteration:
            venter.pop(navn, None)
        except AssertionError as feil:
            raise AssertionError(f"{navn}: {feil}") from feil

    for navn in historier:
        videre(navn)

    def ett_steg() -> bool:
        for navn, (behandling, tilstand) in list(venter.items()):
            sak = historier[navn][0]
            er = sak.sql("SELECT id, tilstand FROM behandling WHERE sak_id = :sak ORDER BY nr")
            naa = er[-1].tilstand if not behandling else {str(r.id): r.tilstand for r in er}[behandling]
            if naa == tilstand:
                videre(navn)
        return not venter

    try:
        stakk.vent(ett_steg, FRIST_S, "slutten av historiene")
    except AssertionError as feil:
        raise AssertionError(f"venter fortsatt på {venter}") from feil


def gatt(saker: list[Sak], arsak: str) -> set[tuple[str, str, str]]:
    """The moves in the cases' logs, of treatments of this cause."""
    ut = set()
    for sak in saker:
        av = {b["id"] for b in sak.hent()["behandlinger"] if b["arsak"] == arsak}
        for h in sak.hent("/historikk", antall=200)["hendelser"]:
            if h["behandling"] in av and "fra" in h["data"]:
                ut.add((h["data"]["fra"], h["type"], h["data"]["til"]))
    return ut


def hele(forlop: Forlop) -> set[tuple[str, str, str]]:
    return {(o.fra, o.handling, o.til) for o in forlop.overganger}
