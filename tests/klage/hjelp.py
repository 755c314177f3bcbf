"""Appeals and controls driven in this process: events through the door, the engine, people."""

from collections.abc import Mapping
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

import orjson

from domain.sak.forlop import Rolle
from services.api.saker import hendelse_rad, saksnokkel
from services.lager import hendelser
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.lager.verifisering import verifiser_alt
from services.mottak.mottak import ta_imot
from services.registersim.person import Person
from services.replay.spill import spill_av
from services.tilgang.aktor import systemaktor
from services.utbetaling.avstem import avstem
from tests.motor.hjelp import START, Registre, person, sporr
from tests.scenarios.bygg import Soknad

KLAGEBEHANDLER = person("lund", Rolle.KLAGEBEHANDLER)
_id = count(1)


def hendelse(type_: str, tid: datetime, **data: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"klage-{next(_id)}",
        "source": "https://klage.example.no",
        "type": f"no.boligsak.{type_}",
        "time": tid.isoformat(),
        "data": data,
    }


def send_inn(type_: str, tid: datetime, **data: Any) -> UUID:
    """The treatment that the event became, or moved. Errors: ``Problem``."""
    return ta_imot(hendelse(type_, tid, **data), systemaktor("innsender"), tid, None).behandling


def klag(sak: UUID, s: Soknad, tid: datetime = START, **valg: Any) -> UUID:
    """An appeal on the newest decision of the application's month."""
    [(vedtak,)] = sporr(
        "SELECT id FROM vedtak WHERE sak_id = :sak AND termin = :termin ORDER BY fattet DESC, id DESC LIMIT 1",
        sak=sak,
        termin=s.termin,
    )
    data = {
        "termin": s.termin,
        "kommunenummer": s.kommune,
        "vedtak": str(vedtak),
        "klager": {"fnr": s.soker.fnr},
        "arsak": "inntekt",
        "tekst": "Inntekten som er brukt, er feil.",
    }
    return send_inn("klage.mottatt.v1", tid, **{**data, **valg})


def om(behandling: UUID, s: Soknad, termin: str | None = None) -> dict[str, str]:
    """What every event about a treatment names."""
    return {"behandling": str(behandling), "termin": termin or s.termin, "kommunenummer": s.kommune}


def endre(registre: Registre, s: Soknad, nr: int = 0, **felt: Any) -> None:
    """One person of the household is another in the registers from now on; ``nr`` 0 is the applicant."""
    innhold = s.registrering()["personer"][nr]
    naa = registre.befolkning._personer[innhold["fnr"]].model_dump(mode="json")
    registre.befolkning.registrer([Person.model_validate({**naa, **felt})])


def inntekt(kroner: int) -> dict[str, Any]:
    return {"inntekter": [{"beskrivelse": "fastloenn", "belop": kroner}]}


def tilstand(behandling: UUID) -> str:
    [(svar,)] = sporr("SELECT tilstand FROM behandling WHERE id = :b", b=behandling)
    return str(svar)


def vedtak(sak: UUID) -> list[tuple[str, int]]:
    """(termin, kroner) of every decision, in order."""
    return [
        tuple(r)
        for r in sporr("SELECT termin, belop FROM vedtak WHERE sak_id = :s ORDER BY fattet, id", s=sak)
    ]


def bok(sak: UUID) -> Mapping[str, int]:
    """Kroner booked, by state of the row."""
    rader = sporr("SELECT status, sum(belop) FROM utbetaling WHERE sak_id = :s GROUP BY 1", s=sak)
    return {status: int(sum_) for status, sum_ in rader}


def oppgaver(behandling: UUID) -> list[tuple[str, str]]:
    """(owner, cause) of the open tasks."""
    return [
        tuple(r)
        for r in sporr(
            "SELECT eier, arsak FROM oppfolging WHERE behandling_id = :b AND lukket IS NULL ORDER BY laget",
            b=behandling,
        )
    ]


def innhold(sak: UUID, type_: str) -> dict[str, Any]:
    """What the newest event of this type says."""
    with som_api() as forbindelse:
        rader = [r for r in hendelser.historikk(forbindelse, sak, 0, 500) if r.type == type_]
        return hendelse_rad(saksnokkel(forbindelse, sak), sak, rader[-1]).innhold or {}


def hode(sak: UUID, type_: str) -> dict[str, Any]:
    """What the newest event of this type says openly."""
    with som_api() as forbindelse:
        rader = [r for r in hendelser.historikk(forbindelse, sak, 0, 500) if r.type == type_]
        return dict(orjson.loads(rader[-1].kanonisk)["data"])


def kan_etterprovs(database: str) -> None:
    """Every chain, decision and row of the database is what was written, and every decision is reckoned again."""
    assert verifiser_alt(database).funn == []
    ider = [v for (v,) in sporr("SELECT id FROM vedtak")]
    spilt = spill_av(database, ider)
    assert ider
    assert (spilt.like, spilt.avvik) == (len(ider), [])


def gar_opp(sak: UUID, termin: str) -> None:
    """Conservation: due by the last decisions is what is booked, small sums apart; the claims hold the rest."""
    assert avstem(termin).stemmer
    [(krav, rest)] = sporr(
        "SELECT coalesce(sum(belop), 0), coalesce(sum(rest), 0) FROM tilbakekrav WHERE sak_id = :s", s=sak
    )
    poster = flyttet(sak)
    assert krav - poster.get("motregning", 0) - poster.get("omgjoring", 0) == -bok(sak).get("krav", 0)
    assert krav - sum(poster.values()) == rest >= 0


def flyttet(sak: UUID) -> Mapping[str, int]:
    """Kroner that have moved the case's claims, by what moved them."""
    rader = sporr("SELECT slag, sum(belop) FROM tilbakekravpost WHERE sak_id = :s GROUP BY 1", s=sak)
    return {slag: int(sum_) for slag, sum_ in rader}


def som_api() -> Any:
    return transaksjon(DbRolle.API, SYSTEM)
