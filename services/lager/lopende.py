"""Running cases: where each stands from month to month, and its standing application."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

from domain.sak.manedlig import Lopende, Manedlig, Videre, videre_etter
from services.forsegling import Datanokkel
from services.lager import segl
from services.lager.saker import LastSak
from services.lager.skriving import Skriver

# One statement: the standing of the case, and with an application what it says. A decision for an earlier month
# than the last one leaves the standing as it is.
_ETTER_VEDTAK = text("""
    WITH soknad AS (
        INSERT INTO lopende_soknad (sak_id, gjelder_fra, soknad, laget)
        SELECT :sak_id, :termin, CAST(:soknad AS bytea), :tid WHERE CAST(:soknad AS bytea) IS NOT NULL
        ON CONFLICT (sak_id, gjelder_fra) DO UPDATE SET soknad = excluded.soknad, laget = excluded.laget
    )
    INSERT INTO lopende (sak_id, ordning, kommunenummer, status, stanset_grunn, siste_termin, siste_kode, siste_utfall,
                         siste_belop, siste_vedtak, avslag_pa_rad, endret)
    VALUES (:sak_id, :ordning, :kommunenummer, :status, :grunn, :termin, :kode, :utfall, :belop, :vedtak_id, :avslag,
            :tid)
    ON CONFLICT (sak_id) DO UPDATE SET status = excluded.status, stanset_grunn = excluded.stanset_grunn,
        siste_termin = excluded.siste_termin, siste_kode = excluded.siste_kode, siste_utfall = excluded.siste_utfall,
        siste_belop = excluded.siste_belop, siste_vedtak = excluded.siste_vedtak,
        avslag_pa_rad = excluded.avslag_pa_rad, endret = excluded.endret
    WHERE lopende.siste_termin <= excluded.siste_termin
""")


def aad(sak_id: UUID, gjelder_fra: str) -> bytes:
    """What a standing application is bound to."""
    return b"lopende|" + sak_id.bytes + gjelder_fra.encode()


def forsegle(nokkel: Datanokkel, sak_id: UUID, gjelder_fra: str, soknad: Mapping[str, Any]) -> bytes:
    return nokkel.forsegle(orjson.dumps(soknad), aad(sak_id, gjelder_fra))


def soknadssegl(gjelder_fra: str, forseglet: bytes) -> dict[str, Any]:
    """What an event holds of the standing application that it sets."""
    return {"lopende_soknad": {gjelder_fra: segl.forseglet(forseglet)}}


def stilling(videre: Videre) -> dict[str, Any]:
    """What an event holds of where the case stands after it."""
    return {"lopende": {"status": videre.status, "grunn": videre.grunn, "avslag": videre.avslag_pa_rad}}


def apne(nokkel: Datanokkel, sak_id: UUID, gjelder_fra: str, soknad: bytes) -> dict[str, Any]:
    innhold: dict[str, Any] = orjson.loads(nokkel.apne(soknad, aad(sak_id, gjelder_fra)))
    return innhold


def etter_vedtak(
    skriver: Skriver,
    manedlig: Manedlig,
    sak: LastSak,
    for_: Lopende | None,
    *,
    termin: str,
    kode: str,
    utfall: str,
    belop: int,
    vedtak_id: UUID,
    soknad: Mapping[str, Any] | None,
    tid: datetime,
) -> tuple[Lopende | None, dict[str, Any]]:
    """Write what follows a decision; where the case then stands, and what the decision's event is to hold of it.

    ``soknad``: the application, when it is a new one.
    """
    if soknad is not None:
        videre = manedlig.videre(for_, termin, kode, utfall)
    else:
        videre = videre_etter(manedlig, for_, termin, kode, utfall)
    forseglet = forsegle(sak.nokkel, sak.id, termin, soknad) if soknad is not None else None
    data: dict[str, Any] = {} if forseglet is None else soknadssegl(termin, forseglet)
    skriver.execute(
        _ETTER_VEDTAK,
        {
            "sak_id": sak.id,
            "ordning": sak.ordning,
            "kommunenummer": sak.kommunenummer,
            "status": videre.status,
            "grunn": videre.grunn,
            "termin": termin,
            "kode": kode,
            "utfall": utfall,
            "belop": belop,
            "vedtak_id": vedtak_id,
            "avslag": videre.avslag_pa_rad,
            "soknad": forseglet,
            "tid": tid,
        },
    )
    if for_ and for_.termin > termin:  # a decision for an earlier month leaves the standing as it is
        return for_, data
    naa = Lopende(termin, kode, videre.avslag_pa_rad, utfall, videre.grunn)
    return naa, data | stilling(videre)


_ENDRE = text("""
    INSERT INTO lopende_soknad (sak_id, gjelder_fra, soknad, laget) VALUES (:sak_id, :gjelder_fra, :soknad, :tid)
    ON CONFLICT (sak_id, gjelder_fra) DO UPDATE SET soknad = excluded.soknad, laget = excluded.laget
""")
_STAENDE = text("""
    SELECT gjelder_fra, soknad FROM lopende_soknad WHERE sak_id = :sak_id AND gjelder_fra <= :termin
    ORDER BY gjelder_fra DESC LIMIT 1
""")
_LOPER = text("""
    SELECT max(l.siste_termin) FROM lopende l JOIN sak s ON s.id = l.sak_id JOIN person p ON p.id = s.hovedperson
    WHERE p.oppslag = :oppslag AND s.ordning = :ordning AND s.kommunenummer = :kommunenummer
      AND l.status = 'lopende'
""")


def vedtatt_til(forbindelse: Connection, oppslag: bytes, ordning: str, kommunenummer: str) -> str | None:
    """The last month decided of this main person's case there that rolls on from month to month; None when there is no
    such case. ``oppslag``: the look-up hash."""
    valg = {"oppslag": oppslag, "ordning": ordning, "kommunenummer": kommunenummer}
    termin: str | None = forbindelse.execute(_LOPER, valg).scalar_one()
    return termin


def staende(forbindelse: Connection, sak: LastSak, termin: str) -> dict[str, Any] | None:
    """The standing application of the month, as it was written down."""
    rad = forbindelse.execute(_STAENDE, {"sak_id": sak.id, "termin": termin}).one_or_none()
    return None if rad is None else apne(sak.nokkel, sak.id, rad.gjelder_fra, rad.soknad)


def endre(
    skriver: Skriver, sak: LastSak, gjelder_fra: str, soknad: Mapping[str, Any], tid: datetime
) -> dict[str, Any]:
    """A reported change becomes the standing application from ``gjelder_fra`` on; what its event is to hold of it."""
    forseglet = forsegle(sak.nokkel, sak.id, gjelder_fra, soknad)
    skriver.execute(
        _ENDRE,
        {
            "sak_id": sak.id,
            "gjelder_fra": gjelder_fra,
            "soknad": forseglet,
            "tid": tid,
        },
    )
    return soknadssegl(gjelder_fra, forseglet)
