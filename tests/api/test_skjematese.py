"""Requests made from the document itself, by schemathesis: valid and invalid ones, in this process."""

import os
from collections.abc import Callable
from copy import deepcopy
from itertools import count
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import unsupported_method

from services.api.app import app as asgi
from tests.api.conftest import etag, token

PER_OPERASJON = int(os.environ.get("BOLIGSAK_SKJEMATESE", "25"))
"""Requests an operation; more by the environment, for a longer search."""
SKY_HENDELSER = ("bostotte.endring.meldt.v1", "klage.mottatt.v1")


def _dokumentet() -> dict[str, Any]:
    """As it is given out, but with two of the nearly 150 kinds of event: requests are tried for one kind beside every
    other, and the kinds are tried one by one elsewhere (tests/tillit/test_mottak_kropper.py)."""
    dokument: dict[str, Any] = deepcopy(asgi.openapi())
    sky = dokument["components"]["schemas"]["SkyHendelse"]
    sky["oneOf"] = [v for v in sky["oneOf"] if v["$ref"].endswith(SKY_HENDELSER)]
    assert len(sky["oneOf"]) == len(SKY_HENDELSER)
    return dokument


skjema = schemathesis.openapi.from_dict(_dokumentet())
skjema.app = asgi
skjema.location = "/openapi.json"

sjekker = skjema.config.checks
# The document cannot say what control digits, the calendar and the register of municipalities say: what the schema
# allows may still be refused, but then with the field named.
sjekker.positive_data_acceptance.expected_statuses = ["2XX", "401", "403", "404", "409", "412", "422", "428"]
# A batch answers 207 with one answer an event; a wrong version is told before a wrong body.
sjekker.negative_data_rejection.expected_statuses = [
    "207", "400", "401", "403", "404", "405", "406", "409", "412", "415", "422", "428"
]  # fmt: skip
skjema.config.generation.with_security_parameters = False

ROLLER = ("saksbehandler", "attestant", "innsender", "revisor", "drift")
_nr = count()


@pytest.fixture(scope="module")
def kjente(klient: Any, sak: Callable[..., dict[str, Any]]) -> list[tuple[str, str, str]]:
    """(case, decision, etag) of cases in every kind of state."""
    ut = []
    for tilstand in ("vedtatt", "manuell", "foreslatt", "opprettet"):
        sak_id = sak(tilstand)["sak"]
        hele = klient.get(f"/api/v1/saker/{sak_id}", headers=token("revisor")).json()
        vedtak = hele["vedtak"][0]["id"] if hele["vedtak"] else sak_id
        ut.append((sak_id, vedtak, etag(klient, sak_id)))
    return ut


@skjema.parametrize()
@settings(
    max_examples=PER_OPERASJON,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_hver_operasjon_svarer_som_dokumentet_sier(
    case: schemathesis.Case, app: Any, kjente: list[tuple[str, str, str]]
):
    nr = next(_nr)
    sak_id, vedtak_id, versjon = kjente[nr % len(kjente)]
    gyldig = case.meta is None or case.meta.generation.mode.is_positive
    if gyldig and nr % 3:  # two of three are about a case that exists
        for navn, verdi in (("sak_id", sak_id), ("vedtak_id", vedtak_id), ("gjelder", vedtak_id)):
            if navn in case.path_parameters:
                case.path_parameters[navn] = verdi
    if gyldig and nr % 2 and "If-Match" in (case.headers or {}):
        case.headers["If-Match"] = versjon
    # By the document GET /saker/sok is a case with the id «sok».
    unntatt = [unsupported_method] if case.operation.path.endswith("/sok") else []
    case.call_and_validate(headers=token(ROLLER[nr % len(ROLLER)]), excluded_checks=unntatt)
