"""The letter of a decision over HTTP: read, issued, provable; for those who may see the case and nobody else."""

import hashlib
import io

from pypdf import PdfReader

from tests.scenarios.bygg import person, sendt, soknad
from tests.scenarios.conftest import Sak, klient


@sendt(soknad(person(inntekt=18000), leie=12000, sprak="nn"))
def test_brevet_leses_utstedes_og_er_det_samme_siden(sak: Sak):
    vedtak = sak.vedtak()
    belop = f"{vedtak['belop']:,}".replace(",", "\u00a0") + "\u00a0kr"
    adresse = f"/api/v1/saker/{sak.id}/brev"
    sti = f"{adresse}/vedtak/{vedtak['id']}"
    leser, vik = klient(sak.stakk), klient(sak.stakk, "saksbehandler", "Saksbehandler Vik")
    utkast = leser.get(sti)
    assert utkast.headers["content-type"] == "text/html; charset=utf-8"
    assert utkast.headers["content-language"] == "nn"
    assert "ETag" not in utkast.headers, "ikke utstedt ennå"
    assert "Vedtak om bustøtte for september\u00a02026" in utkast.text
    assert belop in utkast.text
    inn = {"slag": "vedtak", "gjelder": vedtak["id"]}
    assert leser.post(adresse, json=inn).status_code == 403, "revisor leser og utsteder ikke"
    svar = vik.post(adresse, json=inn)
    assert svar.status_code == 201, svar.text
    assert vik.post(adresse, json=inn).json() == svar.json()
    assert leser.get(adresse).json()["brev"] == [svar.json()]
    for format_, utstedt in svar.json()["sha256"].items():
        brev = leser.get(sti, params={"format": format_})
        assert hashlib.sha256(brev.content).hexdigest() == utstedt
        assert brev.headers["ETag"] == f'"{utstedt}"'
    side = "\n".join(s.extract_text() for s in PdfReader(io.BytesIO(brev.content)).pages)
    assert belop in side
    assert sak.typer()[-1] == "brev_utstedt"
    hendelse = sak.hent("/historikk", antall=200)["hendelser"][-1]
    assert hendelse["innhold"]["sha256"] == svar.json()["sha256"]
    assert hendelse["data"].keys() == {"brev", "slag", "gjelder", "rad", "sprak", "mal"}
    with sak.stakk.klient("saksbehandler", ("4601",)) as nabo:
        for metode, mal in (("GET", adresse), ("GET", sti), ("POST", adresse)):
            nekt = nabo.request(metode, mal, **({"json": inn} if metode == "POST" else {}))
            assert (nekt.status_code, nekt.json()["type"][-11:]) == (404, "ikke-funnet")
    galt = leser.get(sti, params={"sprak": "da"})
    assert galt.json()["feil"] == [{"felt": "sprak", "melding": "må være en av nb, nn"}]
    assert leser.get(f"{adresse}/varsel/{sak.behandling}").status_code == 404
    assert leser.get(f"{adresse}/reklame/{sak.behandling}").status_code == 422
