"""What a decision sets going on a later day, and what falls away when it ends the case."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import text

from domain.sak.forlop import Avslag
from domain.sak.ordning import Avgjorelse, Fakta, Ordning
from domain.sak.planlagt import PLANLAGT, Planlagt
from services.klokke import OSLO, i_dag
from services.lager import hendelser, opplysninger, segl, utboks
from services.lager.hendelser import NyHendelse
from services.lager.ider import ny_id
from services.lager.saker import Behandling, LastSak
from services.lager.skriving import Skriver
from services.motor.overgang import SYSTEM_KONTEKST, UlovligOvergang, flytt

SES_PA_NYTT = timedelta(days=14)

# One statement of its own, so that the treatment stands before its fact whatever was written earlier.
_NY = text("""
    WITH ny AS (
        INSERT INTO behandling (id, sak_id, nr, kommunenummer, forlop, arsak, termin, tilstand, frist, laget)
        VALUES (:behandling_id, :sak_id,
                (SELECT coalesce(max(nr), 0) + 1 FROM behandling WHERE sak_id = :sak_id),
                :kommunenummer, :forlop, :arsak, :termin, :tilstand, :frist, :tid)
    )
    INSERT INTO opplysning (id, sak_id, behandling_id, nokkel, kilde, gjelder, hjemmel, hentet, gyldig_til, innhold)
    VALUES (:id, :sak_id, :behandling_id, :nokkel, :kilde, NULL, :hjemmel, :tid, NULL, :innhold)
""")


def planlegg(
    skriver: Skriver,
    ordning: Ordning,
    sak: LastSak,
    denne: Behandling,
    fakta: Fakta,
    avgjort: Avgjorelse,
    apne: list[Behandling],
    tid: datetime,
) -> None:
    """Write what a decision sets going, or takes away when it ends the case. ``apne``: the open treatments, to which
    the new ones are added.

    The caller holds the case's lock and writes the case.
    """
    if avgjort.avslutter:
        sak.status = "avsluttet"
        for b in apne:
            if b.tilstand == PLANLAGT:
                flytt(skriver, sak, b, "bortfall", tid)
        return
    har = {(b.arsak, b.termin) for b in apne if b is not denne and b.id != denne.id and not b.avsluttet}
    planlagte = ordning.planlagte(fakta, avgjort) if ordning.planlagte else ()
    apne.extend(_ny(skriver, ordning, sak, p, tid) for p in planlagte if (p.arsak, p.termin) not in har)


def _ny(skriver: Skriver, ordning: Ordning, sak: LastSak, p: Planlagt, tid: datetime) -> Behandling:
    forlop = ordning.forlop[p.arsak]
    utfall = forlop.prov(forlop.start, "planlegg", SYSTEM_KONTEKST)
    if isinstance(utfall, Avslag):
        raise UlovligOvergang(utfall)
    frist = datetime.combine(p.dag, time(0, p.rang), OSLO)
    b = Behandling(ny_id(), 0, forlop.navn, p.arsak, p.termin, utfall.til, None, frist)
    innhold = {
        **p.innhold,
        "termin": p.termin,
        "kommunenummer": sak.kommunenummer,
        "mottatt": frist.isoformat(),
    }
    rad = opplysninger.ny_rad(
        sak.nokkel,
        sak.id,
        b.id,
        opplysninger.NyOpplysning(opplysninger.SOKNAD, "vedtak", ordning.hjemmel, innhold, tid),
    )
    skriver.execute(
        _NY,
        {
            **rad,
            "kommunenummer": sak.kommunenummer,
            "forlop": b.forlop,
            "arsak": b.arsak,
            "termin": b.termin,
            "tilstand": b.tilstand,
            "frist": frist,
            "tid": tid,
        },
    )
    data = {
        "fra": utfall.fra,
        "til": utfall.til,
        "arsak": p.arsak,
        "termin": p.termin,
        "dag": p.dag.isoformat(),
        "behandlingsrad": segl.av_behandling(sak, b),
    }
    ny = NyHendelse("planlegg", b.id, data, innhold)
    hendelser.skriv(skriver, sak, [ny], SYSTEM_KONTEKST.aktor, tid)
    utboks.be_om(skriver, sak.id, frist)
    sak.versjon += 1
    return b


def utsett(skriver: Skriver, sak: LastSak, behandling: Behandling, tidligst: date, tid: datetime) -> None:
    """Wait for another day, and be looked at again before that when it is far off: what it waits for may be over."""
    dag = min(tidligst, i_dag(tid) + SES_PA_NYTT)
    behandling.frist = datetime.combine(dag, time(), OSLO)
    flytt(skriver, sak, behandling, "utsett", tid)
    utboks.be_om(skriver, sak.id, behandling.frist)


def venter(b: Behandling, tid: datetime) -> bool:
    """Ended, or waiting for a day that has not come."""
    return b.avsluttet is not None or (b.tilstand == PLANLAGT and b.frist is not None and b.frist > tid)


def orden(b: Behandling) -> tuple[bool, float]:
    """The order in which a case's open treatments are looked at: as they came, those that wait for a day last and by
    that day."""
    venter = b.tilstand == PLANLAGT and b.frist is not None
    return venter, b.frist.timestamp() if venter and b.frist else 0.0
