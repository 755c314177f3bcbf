"""A scheme of grants or loans as the engine sees it: applications and events in, decisions, frames and payments out."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.kalender import virkedag_etter
from domain.klage.omgjoring import KLAGE_HUSBANKEN, KLAGE_KOMMUNE, SOKNADER
from domain.kontroll.krav import Grunn, Kontrollkrav, Sammensatt, Svar
from domain.kontroll.svar import HusbankenSvar
from domain.sak.bevilgning import BEVILGNING, BOKFORING, TILSAGNSHENDELSE, Rammepost
from domain.sak.forlop import Forlop, Merke
from domain.sak.ordning import (
    ENGASJEMENT,
    VEDTAK,
    Avgjorelse,
    Betaling,
    Fakta,
    Ordning,
    Soknad,
    UlovligOverstyring,
)
from domain.sak.planlagt import KALENDER, Planlagt
from domain.tilsagn.brev import brevord
from domain.tilsagn.felt import STORST_KR, FeltFeil
from domain.tilsagn.liv import GJENTATT, SLUTT, Hendelsesslag, Stilling, fyll_hendelse
from domain.tilsagn.ordning import SOKNAD, Tilsagnsordning

INGEN: Stilling = {"tilstand": "ingen"}
"""Before anything has been given."""
_BETALER = frozenset({"U10", "U20", "K10", "K20"})
_SLAG = {"gitt": "bundet", "utbetalt": "utbetalt", "annullert": "frigitt"}
VURDERES: Grunn = {"kode": "vurderes", "tekst": "Saken avgjøres av to personer."}
MISLIGHOLDT: Grunn = {"kode": "misligholdt_engasjement", "tekst": "Et lån i Husbanken er misligholdt."}
STORSTE_BELOP = 100_000_000_000


def _forlop(slag: Hendelsesslag) -> Forlop:
    if slag.maskin:
        return KALENDER
    return BOKFORING if slag.bokforing else TILSAGNSHENDELSE


def _dag(soknad: Soknad) -> str:
    """The day an event happened: the planned one, or when it was reported."""
    if "dag" in soknad:
        return str(soknad["dag"])
    return datetime.fromisoformat(soknad["mottatt"]).astimezone(ZoneInfo("Europe/Oslo")).date().isoformat()


def _engasjementskrav(soknad: Soknad) -> Kontrollkrav:
    dato = ("dato", f"{soknad['termin']}-01")
    return Kontrollkrav("husbanken", UUID(soknad["soker"]["person_id"]), (dato,), "husbankloven § 10", 7)


def _gjentatt(soknad: Soknad, stilling: Stilling) -> Fakta:
    return {
        "termin": soknad["termin"],
        "kommunenummer": soknad["kommunenummer"],
        "slag": GJENTATT,
        "dag": _dag(soknad),
        "hendelse": {},
        "stilling": stilling,
    }


@dataclass(frozen=True)
class _Gang:
    """What the engine asks of one scheme."""

    o: Tilsagnsordning

    def stilling(self, svar: Mapping[str, Svar]) -> Stilling:
        rader = svar.get(VEDTAK, {}).get("rader", [])
        if not rader:
            return INGEN
        return self.o.stilling_etter(rader[-1]["fakta"], rader[-1]["regelversjon"]) or INGEN

    def krav(self, soknad: Soknad, svar: Mapping[str, Svar]) -> list[Kontrollkrav]:
        """Husbanken's own register of what an applicant owes it; of a municipality's own grants nothing is asked."""
        if soknad.get("slag", SOKNAD) != SOKNAD or self.o.kommunal:
            return []
        krav = _engasjementskrav(soknad)
        return [] if krav.nokkel in svar else [krav]

    def _engasjement(self, soknad: Soknad, svar: Mapping[str, Svar], manuell: list[Grunn]) -> Fakta:
        oppgitt, register = soknad.get("engasjement", 0), 0
        if not self.o.kommunal:
            lan = cast(HusbankenSvar, svar[_engasjementskrav(soknad).nokkel])["engasjement"]
            register = sum(e["saldo"] for e in lan)
            if any(e["misligholdt"] for e in lan):
                manuell.append(MISLIGHOLDT)
        egne = svar.get(ENGASJEMENT, {}).get("kroner", 0)
        av = {"oppgitt": oppgitt, "register": min(register, STORST_KR), "egne": min(egne, STORST_KR)}
        return {"engasjement": min(STORST_KR, max(oppgitt, register + egne)), "engasjement_av": av}

    def sett_sammen(self, soknad: Soknad, svar: Mapping[str, Svar]) -> Sammensatt:
        slag = soknad.get("slag", SOKNAD)
        if slag == SOKNAD:
            if (na := self.stilling(svar))["tilstand"] not in SLUTT | {INGEN["tilstand"]}:
                return Sammensatt(_gjentatt(soknad, na), [VURDERES])
            felt = ("termin", "kommunenummer", "prosjekt", "enheter")
            manuell = [VURDERES]
            oppgitt = {f: soknad[f] for f in felt if f in soknad}
            engasjement = self._engasjement(soknad, svar, manuell)
            return Sammensatt(self.o.verk.fullfor({**oppgitt, **engasjement}), manuell)
        fakta = {
            "termin": soknad["termin"],
            "kommunenummer": soknad["kommunenummer"],
            "slag": slag,
            "dag": _dag(soknad),
            "hendelse": fyll_hendelse(self.o.hendelser[slag], soknad["hendelse"]),
            "stilling": self.stilling(svar),
        }
        return Sammensatt(
            fakta, [] if _forlop(self.o.hendelser[slag]) is not TILSAGNSHENDELSE else [VURDERES]
        )

    def avgjor(self, fakta: Fakta) -> Avgjorelse:
        a = self.o.avgjor(fakta)
        if (
            fakta.get("slag", SOKNAD) == SOKNAD
        ):  # a commitment that is given lives, and a refusal ends nothing
            return a
        etter = self.o.virkning(fakta).stilling
        slutt = a.kode[0] != "F" and bool(etter) and etter["tilstand"] in SLUTT
        return Avgjorelse(a.kode, a.utfall, a.belop, a.regelversjon, a.spor, avslutter=slutt)

    def overstyr(self, fakta: Fakta, verdier: Mapping[str, Any]) -> Fakta:
        if fakta.get("slag") == GJENTATT:  # whatever was set before another application was granted
            return fakta
        ny = deepcopy(fakta)
        for sti, verdi in verdier.items():
            if sti == "prioritet" and sti in ny:
                ny[sti] = verdi
                continue
            del_, _, felt = sti.partition(".")
            mal: Any = ny.get(del_)
            if del_ == "enheter":
                nr, _, felt = felt.partition(".")
                mal = (
                    mal[int(nr)] if isinstance(mal, list) and nr.isdecimal() and int(nr) < len(mal) else None
                )
            if (
                del_ not in ("prosjekt", "enheter", "hendelse")
                or not isinstance(mal, dict)
                or felt not in mal
            ):
                raise UlovligOverstyring(sti, "kan ikke overstyres")
            mal[felt] = verdi
        try:
            if "hendelse" in ny:
                ny["hendelse"] = fyll_hendelse(self.o.hendelser[ny["slag"]], ny["hendelse"])
                return ny
            return self.o.verk.fullfor(ny)
        except FeltFeil as feil:
            raise UlovligOverstyring(feil.felt, feil.melding) from None

    def datert(self, fakta: Fakta, dag: date) -> Fakta:
        """A commitment is given by the rates of the month it is given in; an event happens on the day it is decided."""
        if "slag" in fakta:
            return {**fakta, "dag": dag.isoformat()}
        return {**fakta, "tilsagnstermin": max(f"{dag:%Y-%m}", fakta["termin"])}

    def rammeposter(self, fakta: Fakta, avgjort: Avgjorelse) -> Sequence[Rammepost]:
        v = self.o.virkning(fakta, self.o.verk.versjon(avgjort.regelversjon))
        if not v.bevegelser:
            return []
        ramme = v.stilling["ramme"]
        kommune = fakta["kommunenummer"] if self.o.kommunal else None
        prioritet = fakta.get("prioritet", 0)
        return [
            Rammepost(_SLAG[b.art], ramme["ar"], ramme["post"], kommune, b.belop, b.grunn, prioritet)  # type: ignore[arg-type]
            for b in v.bevegelser
        ]

    def planlagte(self, fakta: Fakta, avgjort: Avgjorelse) -> Sequence[Planlagt]:
        dag = date.fromisoformat(fakta["dag"] if "dag" in fakta else f"{fakta['tilsagnstermin']}-01")
        return [
            Planlagt(
                k.slag,
                f"{k.dag:%Y-%m}",
                k.dag,
                {"slag": k.slag, "dag": k.dag.isoformat(), "hendelse": {}},
            )
            for k in self.o.kommende(self.o.stilling_etter(fakta, avgjort.regelversjon), dag)
        ]

    def betalinger(self, avgjort: Avgjorelse, soknad: Soknad) -> Sequence[Betaling]:
        if avgjort.kode not in _BETALER or not avgjort.belop:
            return []
        forfall = virkedag_etter(date.fromisoformat(_dag(soknad)))
        mottaker = "husstand" if self.o.til_person else "virksomhet"
        return [Betaling(soknad["termin"], avgjort.belop, forfall, mottaker)]

    def vis(self, fakta: Fakta) -> dict[str, Any]:
        """The engagement and its parts, and the limit above which the second line looks first."""
        if "slag" in fakta:
            return {}
        deler = {"engasjement": fakta["engasjement"], "engasjement_av": fakta["engasjement_av"]}
        return {**deler, "grense": self.o.annenlinje_over}

    def merker(self, fakta: Fakta) -> frozenset[str]:
        """A second line looks first when the applicant's whole engagement is above the limit."""
        if "slag" in fakta:
            return frozenset()
        samlet = fakta["engasjement"] + self.o.avgjor(fakta).belop
        return frozenset({Merke.ANNENLINJE}) if samlet > self.o.annenlinje_over else frozenset()


def lag_ordning(o: Tilsagnsordning) -> Ordning:
    """The scheme for the engine."""
    g = _Gang(o)
    return Ordning(
        navn=o.navn,
        hjemmel="lov om Husbanken § 1" if not o.kommunal else "bustøttelova §§ 14 og 15",
        forlop={
            SOKNAD: BEVILGNING,
            **{navn: _forlop(slag) for navn, slag in o.hendelser.items()},
            "klage": KLAGE_KOMMUNE if o.kommunal else KLAGE_HUSBANKEN,
        },
        paklages=SOKNADER,
        krav=g.krav,
        sett_sammen=g.sett_sammen,
        ekstra=lambda _krav, _soknad, _numre: {},
        grunner=lambda _soknad, _mottatt: [],
        avgjor=g.avgjor,
        betalinger=g.betalinger,
        overstyr=g.overstyr,
        uten_svar=lambda fakta: fakta,
        gradert=lambda _svar: False,
        etterprov=o.etterprov(),
        brev=brevord(o),
        sentral=not o.kommunal,
        ser_vedtak=True,
        ser_engasjement=not o.kommunal,
        vis=g.vis,
        legges_til=True,
        planlagte=g.planlagte,
        rammeposter=g.rammeposter,
        ramme=o.ramme,
        overforbart=o.overforbart,
        datert=g.datert,
        merker=g.merker,
        storste_tall=STORSTE_BELOP,
    )
