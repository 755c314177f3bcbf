"""An appeal that comes while the monthly run has the case: both are done, neither waits for the other."""

from datetime import timedelta

import pytest

from domain.kalender import neste_termin
from services.kjoring import driv
from services.kjoring.bit import gjor_en
from services.kjoring.kjoring import AKTIV
from services.klokke import i_dag, na
from tests.kjoring import hjelp as run
from tests.klage.hjelp import KLAGEBEHANDLER, endre, inntekt, kan_etterprovs, klag, tilstand, vedtak
from tests.motor.hjelp import ATTESTANT, SAKSBEHANDLER, Registre, gjor, kjor, send, sporr
from tests.scenarios.bygg import person, soknad

FASER = ("samle", "behandle")
GRUNN = {"begrunnelse": "Arbeidsgiveren har rettet a-meldingen."}


@pytest.mark.parametrize("fase", FASER)
def test_klagen_kommer_mens_kjoringen_har_saken(rydd: str, fase: str) -> None:
    """It arrives when answers are being asked for, and when they are in and not yet decided on."""
    tid = na() - timedelta(days=1)
    denne = neste_termin(f"{i_dag(tid):%Y-%m}", -1)
    forrige = neste_termin(denne, -1)
    s = soknad(person(inntekt=15000), termin=forrige)
    registre = Registre(s)
    [(sak, _)] = send(s, tid=tid)
    kjor(sak, registre, tid)
    [(_, for_)] = vedtak(sak)
    with run.oppsett(**run.LITE):
        id_ = driv.start(run.ORDNING, denne, aktor="ola")
        while (kjoring := driv.driv(id_, lambda _id, _antall: None)).fase != fase:
            gjor_en(kjoring, lambda: registre)
        if fase == "behandle":
            apen = "SELECT tilstand FROM behandling WHERE sak_id = :s AND termin = :t"
            assert sporr(apen, s=sak, t=denne) == [("innhenting",)]
        endre(registre, s, **inntekt(9000))
        klagen = klag(sak, s, na())
        gjor(sak, "innstill", SAKSBEHANDLER, na(), behandling=klagen, begrunnelse="Kommunen er enig.")
        kjor(sak, registre, na())
        assert tilstand(klagen) == "vurderes"
        kjoring = run.fullfor(id_, registre)
        assert kjoring.status not in AKTIV
    assert [t for t, _ in vedtak(sak)] == [forrige, denne]
    gjor(sak, "foresla", KLAGEBEHANDLER, na(), behandling=klagen, **GRUNN)
    gjor(sak, "attester", ATTESTANT, na(), behandling=klagen)
    assert vedtak(sak)[-1][0] == forrige
    assert vedtak(sak)[-1][1] > for_
    [(siste, kode)] = sporr("SELECT siste_termin, siste_kode FROM lopende WHERE sak_id = :s", s=sak)
    assert (siste, kode) == (denne, "V00"), "klagen flytter ikke saken tilbake i tid"
    kan_etterprovs(rydd)
