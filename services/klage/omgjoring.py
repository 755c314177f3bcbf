"""An appeal that is allowed in a scheme of frames: the application treated anew, or people told to carry it out."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import text

from domain.sak.ordning import Ordning
from services.klage.revurdering import ny_behandling
from services.lager import opplysninger
from services.lager.hendelser import NyHendelse
from services.lager.opplysninger import NyOpplysning
from services.lager.saker import Behandling, LastSak
from services.lager.sesjon import SYSTEM
from services.lager.skriving import Skriver
from services.motor.lest import Lest
from services.motor.overgang import flytt

GITT: list[str] = ["vedtaket_ga_noe"]
_VEDTAK = text("""
    SELECT v.utfall, b.arsak, b.termin FROM vedtak v JOIN behandling b ON b.id = v.behandling_id WHERE v.id = :id
""")


def fortsett(
    skriver: Skriver, ordning: Ordning, sak: LastSak, behandling: Behandling, lest: Lest, tid: datetime
) -> None:
    """The appeal ends in a new treatment of the application. What the appealed decision gave may have been bound or
    paid since: then nothing is begun, and the task says why."""
    opp = lest.opplysninger(sak, behandling, utlopte=True)
    vedtak_id = opp[opplysninger.GJELDER]["vedtak"]
    gjaldt = lest.forbindelse.execute(_VEDTAK, {"id": vedtak_id}).one()
    if gjaldt.utfall == "innvilget" or sak.status == "avsluttet":
        flytt(skriver, sak, behandling, "til_manuell", tid, data={"grunner": GITT})
        return
    flytt(skriver, sak, behandling, "gjenapne", tid)
    soknad = NyOpplysning(
        opplysninger.SOKNAD, opplysninger.SOKNAD, ordning.hjemmel, opp[opplysninger.SOKNAD], tid
    )
    data = {"klage": str(behandling.id), "vedtak": vedtak_id}
    hendelse = NyHendelse("gjenapnet", data=data)
    b = ny_behandling(
        lest.forbindelse, sak, gjaldt.arsak, gjaldt.termin, SYSTEM.aktor, tid, [soknad], hendelse
    )
    # The registers are asked anew, from the start.
    ny = replace(b, kontroller_fra=tid)
    flytt(lest.forbindelse, sak, ny, "start_kontroll", tid)
    lest.igjen.add(sak.id)
