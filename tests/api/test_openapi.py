"""The API's document: OpenAPI 3.1, every example in it sent, and answered as the document says."""

from collections.abc import Callable, Iterator
from typing import Any

import jsonschema
import pytest

from schemas.hendelser import HENDELSESTYPER, SKYHENDELSE
from services.api.app import app as asgi
from services.api.eksempler import SOKNAD_BOSTOTTE
from services.problemtyper import ADRESSE, PROBLEMTYPER
from tests.api.conftest import Klient, etag, token
from tests.startlan.bygg import kjop, lanesak

DOKUMENT: dict[str, Any] = asgi.openapi()  # type: ignore[attr-defined]
METODER = ("get", "post", "put", "patch", "delete")
TILSTAND = {"attester": "foreslatt"}
ROLLE = {"attester": "attestant", "/api/v1/hendelser": "innsender", "/api/v1/oppfolging/omkjoring": "drift"}


def operasjoner() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for sti, metoder in DOKUMENT["paths"].items():
        for metode in METODER:
            if metode in metoder:
                yield sti, metode, metoder[metode]


def eksempler() -> Iterator[Any]:
    """(path, media type, name, body) of every example of a request body."""
    for sti, _, operasjon in operasjoner():
        innhold = operasjon.get("requestBody", {}).get("content", {})
        for medietype, del_ in innhold.items():
            for navn, eksempel in del_.get("examples", {}).items():
                yield pytest.param(sti, medietype, navn, eksempel["value"], id=f"{sti} {medietype} {navn}")


def test_dokumentet_er_openapi_3_1_og_skjemaene_er_gyldige():
    assert DOKUMENT["openapi"].startswith("3.1.")
    for skjema in DOKUMENT["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(skjema)


def test_hver_operasjon_har_sammendrag_og_sine_feil():
    for sti, metode, operasjon in operasjoner():
        assert operasjon["summary"], (metode, sti)
        for status, svar in operasjon["responses"].items():
            if status[0] in "45":
                assert "application/problem+json" in svar["content"], (metode, sti, status)


def test_hver_henvisning_i_dokumentet_finnes():
    def henvisninger(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for verdi in node.values():
                yield from henvisninger(verdi)
        elif isinstance(node, list):
            for verdi in node:
                yield from henvisninger(verdi)

    for ref in henvisninger(DOKUMENT):
        mal: Any = DOKUMENT
        for ledd in ref.removeprefix("#/").split("/"):
            mal = mal[ledd]


def test_hver_hendelsestype_star_i_dokumentet_med_sitt_eget_innhold():
    skjema = DOKUMENT["components"]["schemas"][SKYHENDELSE]
    assert skjema["discriminator"]["mapping"].keys() == HENDELSESTYPER.keys()
    assert {d["$ref"] for d in skjema["oneOf"]} == set(skjema["discriminator"]["mapping"].values())
    gyldig = jsonschema.Draft202012Validator({**skjema, "components": DOKUMENT["components"]}).is_valid
    lan = lanesak()
    hendelser = [SOKNAD_BOSTOTTE, lan.hendelse(), kjop(lan).hendelse()]
    for nr, hendelse in enumerate(hendelser):
        assert gyldig(hendelse)
        assert not gyldig({**hendelse, "data": hendelser[nr - 1]["data"]})
        assert not gyldig({**hendelse, "type": "no.boligsak.ukjent.v1"})
        assert not gyldig({navn: verdi for navn, verdi in hendelse.items() if navn != "data"})
    assert not gyldig(lan.hendelse(formal="hytte"))


@pytest.mark.parametrize(("sti", "medietype", "navn", "kropp"), list(eksempler()))
def test_eksemplet_besvares_som_dokumentet_sier(
    sti: str,
    medietype: str,
    navn: str,
    kropp: Any,
    klient: Klient,
    sak: Callable[..., dict[str, Any]],
):
    hode = {"Content-Type": medietype, **token(ROLLE.get(navn) or ROLLE.get(sti, "saksbehandler"))}
    adresse = sti
    if "{sak_id}" in sti:
        sak_id = sak(TILSTAND.get(navn, "manuell"))["sak"]
        adresse = sti.format(sak_id=sak_id, handling=navn)
        hode["If-Match"] = etag(klient, sak_id)
    svar = klient.post(adresse, json=kropp, headers=hode)
    assert svar.is_success, svar.text
    dokumentert = DOKUMENT["paths"][sti]["post"]["responses"][str(svar.status_code)]
    [(type_, del_)] = dokumentert["content"].items()
    assert svar.headers["content-type"] == type_
    jsonschema.validate(
        svar.json(),
        {**del_["schema"], "components": DOKUMENT["components"]},
        cls=jsonschema.Draft202012Validator,
    )
    for rad in svar.json() if isinstance(svar.json(), list) else []:
        assert rad["status"] == 202, rad


def test_hver_postoperasjon_med_kropp_har_eksempel_eller_eksempler_i_skjemaet():
    med = {e.values[0] for e in eksempler()}
    for sti, metode, operasjon in operasjoner():
        if metode == "post" and "requestBody" in operasjon and sti not in med:
            skjema = operasjon["requestBody"]["content"]["application/json"]["schema"]
            navn = skjema["$ref"].rpartition("/")[2]
            assert navn in {
                "PersonsokInn",
                "OmkjoringInn",
                "InnsynInn",
                "KjoringInn",
                "BegrunnetInn",
                "RevurderingInn",
                "KravpostInn",
                "AvdragsordningInn",
                "StikkproveInn",
                "FunnInn",
                "UtkastInn",
                "BrevInn",
            }, sti


def test_hver_problemtype_i_svar_er_beskrevet(klient: Klient):
    for sti, hode in (
        ("/api/v1/saker", {}),
        ("/api/v1/saker/x", token("revisor")),
        ("/api/v1/saker?antall=0", token("revisor")),
        ("/borte", {}),
    ):
        svar = klient.get(sti, headers=hode)
        assert svar.headers["content-type"] == "application/problem+json"
        assert svar.json()["type"].removeprefix(ADRESSE) in PROBLEMTYPER
