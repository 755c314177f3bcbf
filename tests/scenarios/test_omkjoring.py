"""Failed work is started again by cause: one case as a canary, ten when it has come through, then all."""

import httpx
import pytest

from tests.felles.stakk import Stakk
from tests.scenarios.bygg import person, sendt, soknad
from tests.scenarios.conftest import Sak, klient

AVTRYKK = "register:skattegrunnlag:feil_form"
ANTALL = 12
_GRUNNLAG = [{"navn": "innskudd", "belop": 1000, "kategori": "formue"}]
_VROVL = {"register": "skattegrunnlag", "slag": "vrovl", "form": "mangler_felt"}


def omkjor(stakk: Stakk, antall: int | str, **hode: str) -> httpx.Response:
    return klient(stakk, "drift").post(
        "/api/v1/oppfolging/omkjoring", json={"fingeravtrykk": AVTRYKK, "antall": antall}, headers=hode
    )


@sendt(*(soknad(person(inntekt=18000, skattegrunnlag=_GRUNNLAG), feil=[_VROVL]) for _ in range(ANTALL)))
def test_omkjoring_gar_fra_en_til_ti_til_alle_og_kanarifuglen_kan_ikke_hoppes_over(saker: list[Sak]):
    stakk = saker[0].stakk
    for sak in saker:
        sak.vent_pa_oppgave()
    [arsak] = [
        a
        for a in klient(stakk).get("/api/v1/oppfolging/arsaker").json()["arsaker"]
        if a["fingeravtrykk"] == AVTRYKK
    ]
    assert (arsak["slag"], arsak["antall"]) == ("teknisk", ANTALL)
    for hopp in (10, "alle"):
        svar = omkjor(stakk, hopp)
        assert (svar.status_code, svar.json()["feil"][0]["felt"]) == (409, "antall")

    # The cause is still there: the canary comes back, and the way stays closed.
    assert omkjor(stakk, 1).json() == {"fingeravtrykk": AVTRYKK, "startet": 1, "gjenstar": ANTALL - 1}
    stakk.vent(lambda: sum(bool(s.oppgaver("teknisk")) for s in saker) == ANTALL, 40, "kanarifuglen tilbake")
    assert omkjor(stakk, 10).status_code == 409

    httpx.delete(
        f"{stakk.register_url}/styring/feil", params={"register": "skattegrunnlag"}
    ).raise_for_status()
    nokkel = {"Idempotency-Key": "kanarifugl-2"}
    forste, igjen = omkjor(stakk, 1, **nokkel), omkjor(stakk, 1, **nokkel)
    assert forste.json() == igjen.json() == {"fingeravtrykk": AVTRYKK, "startet": 1, "gjenstar": ANTALL - 1}
    stakk.vent(lambda: sum(s.tilstand() == "vedtatt" for s in saker) == 1, 30, "kanarifuglen gjennom")
    assert omkjor(stakk, "alle").status_code == 409
    assert omkjor(stakk, 10).json()["startet"] == 10
    stakk.vent(lambda: sum(s.tilstand() == "vedtatt" for s in saker) == 11, 30, "de ti gjennom")
    assert omkjor(stakk, "alle").json() == {"fingeravtrykk": AVTRYKK, "startet": 1, "gjenstar": 0}
    assert [s.utfall() for s in saker] == [("V00", 4958)] * ANTALL
    assert omkjor(stakk, 1).status_code == 404


_ANNET_VROVL = {"register": "skattegrunnlag", "slag": "vrovl", "form": "feil_person"}


@sendt(*(soknad(person(inntekt=18000, skattegrunnlag=_GRUNNLAG), feil=[_ANNET_VROVL]) for _ in range(2)))
def test_en_kanarifugl_som_feiler_av_en_annen_grunn_har_ikke_kommet_gjennom(saker: list[Sak]):
    stakk, avtrykk = saker[0].stakk, "register:skattegrunnlag:feil_person"

    def start(antall: int) -> httpx.Response:
        return klient(stakk, "drift").post(
            "/api/v1/oppfolging/omkjoring", json={"fingeravtrykk": avtrykk, "antall": antall}
        )

    def arsaker() -> list[str]:
        return sorted(o["fingeravtrykk"] for s in saker for o in s.oppgaver("teknisk"))

    stakk.vent(lambda: arsaker() == [avtrykk] * 2, 40, "begge feiler")
    with httpx.Client(base_url=f"{stakk.register_url}/styring") as sim:
        sim.delete("/feil", params={"register": "skattegrunnlag"}).raise_for_status()
        for sak in saker:
            feil = {**_ANNET_VROVL, "form": "annen_form", "fnr": sak.soknad.soker.fnr}
            sim.post("/feil", json=feil).raise_for_status()
        assert start(1).json()["startet"] == 1
        stakk.vent(lambda: len(set(arsaker())) == 2, 40, "kanarifuglen tilbake med en annen årsak")
        assert start(10).status_code == 409
        sim.delete("/feil", params={"register": "skattegrunnlag"}).raise_for_status()
    assert start(1).json()["startet"] == 1
    stakk.vent(lambda: sorted(len(s.oppgaver("teknisk")) for s in saker) == [0, 1], 40, "en gjennom")


@pytest.mark.parametrize("rolle", ["saksbehandler", "attestant", "innsender", "revisor"])
def test_bare_drift_kan_kjore_om_igjen(stakk: Stakk, rolle: str):
    svar = klient(stakk, rolle).post(
        "/api/v1/oppfolging/omkjoring", json={"fingeravtrykk": AVTRYKK, "antall": 1}
    )
    assert svar.status_code == 403
