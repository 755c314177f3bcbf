"""What a drain reads of many cases: one statement a table, each at its first use."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from domain.ordninger import ORDNINGER
from domain.sak.ordning import ENGASJEMENT
from services.lager import kontroller, opplysninger, personer, saker, segl
from services.lager.opplysninger import NyOpplysning, Utvalg
from services.lager.saker import Behandling, LastSak
from services.motor.avgjorelse import Tidligere, les_tidligere
from services.motor.engasjement import les_engasjement
from services.motor.planlegging import orden
from services.motor.tidligere import les_vedtak, vedtak_som_svar
from services.ramme.bok import Krav
from services.ramme.les import Rammekrav, krav_for


class Lest:
    """Locked cases and what hangs on them, as they stood when first asked for in this transaction."""

    def __init__(self, forbindelse: Connection, laste: Mapping[UUID, LastSak], tid: datetime) -> None:
        self.forbindelse = self._forbindelse = forbindelse
        self._laste = laste
        self._tid = tid
        self.behandlinger: dict[UUID, list[Behandling]] = defaultdict(list)
        for sak_id, behandling in saker.apne_behandlinger(forbindelse, list(laste)):
            self.behandlinger[sak_id].append(behandling)
        for apne in self.behandlinger.values():
            apne.sort(key=orden)
        self.nye_krav: list[Krav] = []
        """What is to be asked of frames, at the end of the transaction."""
        self.igjen: set[UUID] = set()
        """Cases to be looked at once more: what comes next rests on what has just been decided."""

    @cached_property
    def _behandling_ider(self) -> list[UUID]:
        return [b.id for bs in self.behandlinger.values() for b in bs]

    @cached_property
    def _opplysninger(self) -> Mapping[UUID, list[Any]]:
        return opplysninger.rader(self._forbindelse, list(self._laste), self._behandling_ider, self._tid)

    def opplysninger(self, sak: LastSak, b: Behandling, utlopte: bool = False) -> dict[str, dict[str, Any]]:
        """Key → content, the treatment's own facts before those of earlier ones. ``utlopte``: see ``Utvalg``."""
        utvalg = Utvalg(b.id, self._tid, b.kontroller_fra, utlopte)
        opp = opplysninger.apne_rader(sak.nokkel, sak.id, utvalg, self._opplysninger.get(sak.id, []))
        ordning = ORDNINGER[sak.ordning]
        if ordning.ser_engasjement:
            opp[ENGASJEMENT] = {"kroner": self._engasjement[sak.id]}
        if not ordning.ser_vedtak:
            return opp
        return {**opp, **vedtak_som_svar(sak.nokkel, self._vedtak[sak.id], self.behandlinger[sak.id])}

    def lante(self, sak: LastSak, b: Behandling) -> list[NyOpplysning]:
        """Answers that an earlier treatment of the case got, and this one rests on."""
        utvalg = Utvalg(b.id, self._tid, b.kontroller_fra)
        return opplysninger.lante_rader(sak.nokkel, sak.id, utvalg, self._opplysninger.get(sak.id, []))

    def segl(self, sak: LastSak, b: Behandling, skrevet: Iterable[bytes]) -> dict[str, Any]:
        """What the treatment's decision holds of its answers. ``skrevet``: imprints of those that this transaction has
        written since they were read."""
        return segl.opplysninger([*opplysninger.avtrykk(self._opplysninger.get(sak.id, []), b.id), *skrevet])

    def rader(self, sak: LastSak) -> list[Any]:
        """The case's sealed facts: those of its open treatments, and those of others that are valid."""
        return self._opplysninger.get(sak.id, [])

    @cached_property
    def _vedtak(self) -> Mapping[UUID, list[Any]]:
        ser = [i for i, sak in self._laste.items() if ORDNINGER[sak.ordning].ser_vedtak]
        return les_vedtak(self._forbindelse, ser)

    @cached_property
    def _engasjement(self) -> Mapping[UUID, int]:
        ser = [i for i, sak in self._laste.items() if ORDNINGER[sak.ordning].ser_engasjement]
        return les_engasjement(self._forbindelse, ser)

    @cached_property
    def rammekrav(self) -> Mapping[UUID, list[Rammekrav]]:
        """Treatment → what it has asked of frames."""
        return krav_for(self._forbindelse, self._behandling_ider)

    @cached_property
    def apne_kontroller(self) -> Mapping[UUID, set[str]]:
        """Treatment → keys of the checks that go on alone, or have been given up."""
        return kontroller.apne_nokler(self._forbindelse, self._behandling_ider)

    @cached_property
    def har_annen_sak(self) -> set[UUID]:
        """Treatments whose household another case already serves that month."""
        return saker.har_annen_sak(self._forbindelse, self._behandling_ider)

    @cached_property
    def fnr(self) -> Mapping[UUID, dict[str, str]]:
        """Case → identity number by person id: the one place where the engine opens them."""
        ut: dict[UUID, dict[str, str]] = {}
        for p in saker.personer(self._forbindelse, list(self._laste)):
            ut.setdefault(p.sak_id, {})[str(p.id)] = personer.apne_fnr(p.id, p.fnr, p.nokkel)
        return ut

    @cached_property
    def tidligere(self) -> Mapping[tuple[UUID, str], Tidligere]:
        """(case, termin) → what was avgjort and paid before. A decision of this transaction is noted in it."""
        par = sorted({(sak_id, b.termin) for sak_id, bs in self.behandlinger.items() for b in bs})
        return les_tidligere(self._forbindelse, par)

    def noter_lopende(self, sak: LastSak, avgjort: Behandling) -> None:
        """Where the case stands after a decision holds for its other months in this transaction too."""
        ny = self.tidligere[sak.id, avgjort.termin].lopende
        for b in self.behandlinger[sak.id]:
            if (en := self.tidligere.get((sak.id, b.termin))) is not None:  # not those just planned
                en.lopende = ny
