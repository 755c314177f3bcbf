"""An appeal taken in: in time or not, what it is about, and the treatment it becomes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from domain.klage.frist import Rettidighet, vurder
from domain.ordninger import ORDNINGER
from domain.sak.forlop import Merke
from schemas.klage import KlageMottatt
from services.klage import kunnskap
from services.klage.revurdering import grunnlaget, ny_behandling
from services.klokke import i_dag
from services.lager import hendelser, opplysninger, vedtak
from services.lager.hendelser import NyHendelse
from services.lager.opplysninger import NyOpplysning
from services.lager.saker import LastSak
from services.motor.overgang import flytt
from services.problem import Problem

KLAGE = "klage"
_APEN = text("""
    SELECT b.id FROM behandling b WHERE b.sak_id = :sak_id AND b.arsak = 'klage' AND b.avsluttet IS NULL
      AND b.termin = :termin ORDER BY b.nr LIMIT 1
""")


def ta_imot(
    forbindelse: Connection,
    sak: LastSak,
    k: KlageMottatt,
    fattet: datetime,
    mottatt: datetime,
    aktor: str,
    tid: datetime,
) -> UUID:
    """The treatment of the appeal: a new one, or the open one of the same month, to which what was said is added.
    An appeal on a decision that has been replaced since concerns the one that stands; whether it is in time, the one
    that it names.

    ``fattet``: when that one was made; ``mottatt``: when the event says it was sent. Errors: ``Problem`` 422 naming
    the field.
    """
    ordning = ORDNINGER[sak.ordning]
    soknad = kunnskap.soknad(forbindelse, ordning, sak.id, sak.nokkel, k.termin, tid)
    if KLAGE not in ordning.forlop or soknad is None:
        raise _feil("data.vedtak", "vedtak i denne ordningen behandles ikke som klage her")
    [rad] = vedtak.nyeste(forbindelse, sak.id, [k.termin])
    vedtatt = i_dag(fattet)
    rettidighet = vurder(vedtatt, vedtatt, k.fremsatt or i_dag(mottatt), k.forsinkelse)
    innhold = {**k.uten_fnr({}), "rettidighet": rettidighet.value, "mottatt": mottatt.isoformat()}
    klagen = NyOpplysning(opplysninger.KLAGE, "part", ordning.hjemmel, innhold, tid)
    kode = {
        "kanal": k.kanal,
        "klagearsak": k.arsak,
        "rettidighet": rettidighet.value,
        "vedtak": str(k.vedtak),
    }
    apen = forbindelse.scalar(_APEN, {"sak_id": sak.id, "termin": k.termin})
    if apen is not None:
        behandling_id = UUID(str(apen))
        opplysninger.legg_til(forbindelse, sak.nokkel, sak.id, behandling_id, klagen)
        ny = NyHendelse("klage_supplert", behandling_id, kode, innhold)
        hendelser.skriv(forbindelse, sak, [ny], aktor, tid)
        sak.versjon += 1
        return behandling_id
    nye = [
        klagen,
        *grunnlaget(forbindelse, ordning, sak, rad, soknad, tid, regelversjon=rad.regelversjon),
    ]
    b = ny_behandling(
        forbindelse,
        sak,
        KLAGE,
        k.termin,
        aktor,
        tid,
        nye,
        NyHendelse("klage_mottatt", data=kode, innhold=innhold),
    )
    if rettidighet is not Rettidighet.RETTIDIG:
        b.merker |= {Merke.FOR_SENT}
    for_gammel = rettidighet is Rettidighet.OVER_ETT_AR
    flytt(
        forbindelse,
        sak,
        b,
        "avvis" if for_gammel else "start_kontroll",
        tid,
        data={"grunn": rettidighet.value},
    )
    return b.id


def _feil(felt: str, melding: str) -> Problem:
    return Problem(422, "ugyldige-felt", feil=[{"felt": felt, "melding": melding}])
