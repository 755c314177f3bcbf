"""What would be decided now, and what a person is to see before it is: nothing is written."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection

from domain.ordninger import ORDNINGER
from domain.sak.ordning import UlovligOverstyring
from services.lager import opplysninger, saker
from services.motor import forslag
from services.motor.avgjorelse import grunnlag
from services.motor.overstyring import krev_samme_slag, trygg_sti
from services.problem import Problem


def utkast(
    forbindelse: Connection, sak_id: UUID, behandling_id: UUID, verdier: Mapping[str, Any], tid: datetime
) -> dict[str, Any]:
    """Facts of an open treatment with ``verdier`` set, whatever must still be concluded: code, amount, trace, what the
    scheme shows, and what a proposal with these values would be refused for; beside it what was sent in, and why a
    person must look. Errors: ``Problem`` 404, 409, 422."""
    try:
        sak = saker.las(forbindelse, sak_id)
    except saker.SakFinnesIkke:
        raise Problem(404, "ikke-funnet") from None
    behandling = saker.behandling(forbindelse, sak_id, behandling_id)
    if behandling is None or behandling.avsluttet:
        raise Problem(404, "ikke-funnet")
    ordning = ORDNINGER[sak.ordning]
    opp, _ = forslag.les_opp(forbindelse, ordning, sak, behandling, tid)
    try:
        bygger_pa = grunnlag(ordning, opp)
    except KeyError:
        raise Problem(409, "handling-ikke-tillatt", detalj="registrene har ikke svart ennå") from None
    fakta = bygger_pa.fakta
    mangler: dict[str, str] | None = None
    try:
        krev_samme_slag(fakta, verdier, ordning.storste_tall)
        fakta = ordning.overstyr(fakta, verdier)
    except UlovligOverstyring as feil:
        mangler = {"felt": f"overstyring.{trygg_sti(feil.felt)}", "melding": feil.melding}
        if feil.fakta is None:
            raise Problem(422, "ugyldige-felt", feil=[mangler]) from None  # type: ignore[list-item]
        fakta = feil.fakta
    avgjort = ordning.avgjor(fakta)
    return {
        "behandling": behandling_id,
        "soknad": opp[opplysninger.SOKNAD],
        "grunner": bygger_pa.grunner,
        "kode": avgjort.kode,
        "utfall": avgjort.utfall,
        "belop": avgjort.belop,
        "mangler": mangler,
        "fakta": fakta,
        "spor": orjson.loads(avgjort.spor) if not avgjort.spor.startswith(b"K1 ") else [],
        "vis": ordning.vis(fakta) if ordning.vis else {},
    }
