"""A case's earlier decisions, for the schemes whose later decisions rest on them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

from domain.sak.ordning import ENGASJEMENT, VEDTAK, Ordning
from domain.sak.planlagt import PLANLAGT
from services.forsegling import Datanokkel
from services.lager import saker
from services.lager.saker import Behandling, LastSak
from services.motor.avgjorelse import aad
from services.motor.engasjement import les_engasjement

_LES = text("""
    SELECT v.sak_id, v.id, b.arsak, v.termin, v.kode, v.utfall, v.belop, v.regelversjon, v.fattet, v.fakta
    FROM vedtak v JOIN behandling b ON b.id = v.behandling_id
    WHERE v.sak_id = ANY(:saker) ORDER BY v.sak_id, v.fattet, v.id
""")


def les_vedtak(forbindelse: Connection, saker: Sequence[UUID]) -> dict[UUID, list[Any]]:
    """Case → the rows of its decisions, the oldest first. The caller holds the locks."""
    ut: dict[UUID, list[Any]] = {sak_id: [] for sak_id in saker}
    for rad in forbindelse.execute(_LES, {"saker": list(saker)}):
        ut[rad.sak_id].append(rad)
    return ut


class _Vedtak(dict[str, Any]):
    """One decision. Its facts are opened when they are asked for: of a long life, few are."""

    def __init__(self, nokkel: Datanokkel, rad: Any) -> None:
        super().__init__(
            id=str(rad.id),
            arsak=rad.arsak,
            termin=rad.termin,
            kode=rad.kode,
            utfall=rad.utfall,
            belop=rad.belop,
            regelversjon=rad.regelversjon,
            fattet=rad.fattet.isoformat(),
        )
        self._apne = lambda: orjson.loads(nokkel.apne(rad.fakta, aad(rad.id, "fakta")))

    def __missing__(self, felt: str) -> Any:
        if felt != "fakta":
            raise KeyError(felt)
        self["fakta"] = self._apne()
        return self["fakta"]


def vedtak_som_svar(
    nokkel: Datanokkel, rader: Sequence[Any], apne: Sequence[Behandling]
) -> dict[str, dict[str, Any]]:
    """The decisions, and the case's open treatments, as ``Ordning.ser_vedtak`` says they stand among the answers."""
    arsaker = [b.arsak for b in apne if not b.avsluttet and b.tilstand != PLANLAGT]
    return {VEDTAK: {"rader": [_Vedtak(nokkel, r) for r in rader], "apne": arsaker}}


def med_vedtak(
    forbindelse: Connection,
    ordning: Ordning,
    sak: LastSak,
    opp: Mapping[str, dict[str, Any]],
) -> Mapping[str, dict[str, Any]]:
    """The answers of one locked case, with its decisions and its party's other cases where the scheme sees them."""
    if ordning.ser_engasjement:
        opp = {**opp, ENGASJEMENT: {"kroner": les_engasjement(forbindelse, [sak.id])[sak.id]}}
    if not ordning.ser_vedtak:
        return opp
    apne = [b for _, b in saker.apne_behandlinger(forbindelse, [sak.id])]
    return {**opp, **vedtak_som_svar(sak.nokkel, les_vedtak(forbindelse, [sak.id])[sak.id], apne)}
