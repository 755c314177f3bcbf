"""CloudEvents 1.0 in: the envelope, and which type of event belongs to which scheme and cause."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.json_schema import models_json_schema
from pydantic_core import PydanticCustomError

from schemas import almenbolig_haendelser as almenbolig
from schemas.felles import Hendelsesinnhold
from schemas.klage import (
    KlageMottatt,
    KlageorganAvgjort,
    KlageTrukket,
    KravInnbetalt,
    KravMottatt,
    NemndAvgjort,
    VarselBesvart,
    VarselLevert,
)
from schemas.soknad_bostotte import SoknadBostotte
from schemas.startlan import (
    InnfordretStartlan,
    KjopStartlan,
    LanendringStartlan,
    SoknadStartlan,
    TapStartlan,
)
from schemas.tilsagn import SENTRALE, TILSAGNSMODELLER

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.IGNORECASE)


def _rfc3339(verdi: Any) -> Any:
    """A bare number is no time, though it could be read as one."""
    if verdi is not None and not (isinstance(verdi, str) and _RFC3339.fullmatch(verdi)):
        raise PydanticCustomError("boligsak_tidspunkt", "må være et tidspunkt med tidssone (RFC 3339)")
    return verdi


_Tekst = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=r"^[^\x00-\x1f]+$")]


class Konvolutt(BaseModel):
    """The envelope. Extension attributes are allowed, as CloudEvents says, and ignored."""

    model_config = ConfigDict(extra="allow", frozen=True)

    specversion: Literal["1.0"]
    id: _Tekst
    source: _Tekst
    type: _Tekst
    time: Annotated[AwareDatetime | None, BeforeValidator(_rfc3339)] = None
    subject: _Tekst | None = None
    datacontenttype: Annotated[
        str, StringConstraints(pattern=r"^application/json(; ?charset=[uU][tT][fF]-8)?$")
    ] = "application/json"
    dataschema: _Tekst | None = None
    traceparent: (
        Annotated[str, StringConstraints(pattern=r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")] | None
    ) = None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hendelsestype:
    """``om_sak``: about something that is decided or under treatment, whatever scheme it belongs to; ``sentral``: sent
    by an organisation of the whole country alone."""

    ordning: str
    arsak: str
    modell: type[Hendelsesinnhold]
    om_sak: bool = False
    sentral: bool = False
    ny_sak: bool = True
    """Makes the case when there is none; False: it must be there."""


HENDELSESTYPER: Mapping[str, Hendelsestype] = {
    "no.boligsak.bostotte.soknad.mottatt.v1": Hendelsestype("bostotte", "soknad", SoknadBostotte),
    # The whole application as it reads after the change, on a case that rolls on from month to month.
    "no.boligsak.bostotte.endring.meldt.v1": Hendelsestype("bostotte", "endring", SoknadBostotte),
    "no.boligsak.startlan.soknad.mottatt.v1": Hendelsestype("startlan", "soknad", SoknadStartlan),
    "no.boligsak.startlan.kjop.meldt.v1": Hendelsestype("startlan", "utbetaling", KjopStartlan, ny_sak=False),
    "no.boligsak.startlan.endring.sokt.v1": Hendelsestype(
        "startlan", "lanendring", LanendringStartlan, ny_sak=False
    ),
    "no.boligsak.startlan.tap.meldt.v1": Hendelsestype("startlan", "tap", TapStartlan, ny_sak=False),
    "no.boligsak.startlan.tap.innfordret.v1": Hendelsestype(
        "startlan", "innfordring", InnfordretStartlan, ny_sak=False
    ),
    "no.boligsak.klage.mottatt.v1": Hendelsestype("", "klage", KlageMottatt, om_sak=True),
    "no.boligsak.klage.trukket.v1": Hendelsestype("", "", KlageTrukket, om_sak=True),
    "no.boligsak.klagenemnd.avgjort.v1": Hendelsestype("", "", NemndAvgjort, om_sak=True, sentral=True),
    "no.boligsak.klageorgan.avgjort.v1": Hendelsestype("", "", KlageorganAvgjort, om_sak=True),
    "no.boligsak.varsel.levert.v1": Hendelsestype("", "", VarselLevert, om_sak=True, sentral=True),
    **{
        f"no.boligsak.{ordning}.{'soknad.mottatt' if slag == 'soknad' else f'{slag}.meldt'}.v1": Hendelsestype(
            ordning, slag, modell, sentral=(ordning, slag) in SENTRALE, ny_sak=slag == "soknad"
        )
        for (ordning, slag), modell in TILSAGNSMODELLER.items()
    },
    "no.boligsak.varsel.besvart.v1": Hendelsestype("", "", VarselBesvart, om_sak=True),
    "no.boligsak.tilbakekrav.mottatt.v1": Hendelsestype("", "", KravMottatt, om_sak=True, sentral=True),
    "no.boligsak.tilbakekrav.innbetalt.v1": Hendelsestype("", "", KravInnbetalt, om_sak=True, sentral=True),
    **{
        f"no.boligsak.almenbolig.{navn}.v1": Hendelsestype(
            "almenbolig", modell.skridt, modell, ny_sak=modell.skridt in almenbolig.BEGYNDER_SAG
        )
        for navn, modell in almenbolig.HAENDELSER.items()
    },
}


SKYHENDELSE = "SkyHendelse"
"""Any event, in the API's document."""


def hendelsesskjemaer() -> dict[str, Any]:
    """Components of the API's document, by name: :data:`SKYHENDELSE` is one of the registered types, told apart by
    ``type``, each with the data of its own model."""
    fra = "#/components/schemas/"
    modeller: list[type[BaseModel]] = list(dict.fromkeys(t.modell for t in HENDELSESTYPER.values()))
    alle: list[type[BaseModel]] = [Konvolutt, *modeller]
    ref, felles = models_json_schema(
        [(m, "validation") for m in alle], ref_template=f"{fra}Hendelse.{{model}}"
    )
    ut = {f"Hendelse.{navn}": skjema for navn, skjema in felles["$defs"].items()}
    valg: list[dict[str, str]] = []
    peker: dict[str, str] = {}
    for modell in modeller:
        typer = sorted(navn for navn, t in HENDELSESTYPER.items() if t.modell is modell)
        navn = f"Hendelse.{typer[0].removeprefix('no.boligsak.')}"
        data = ref[modell, "validation"]
        ut[navn] = {
            "title": typer[0],
            "allOf": [ref[Konvolutt, "validation"]],
            "type": "object",
            "properties": {"type": {"enum": typer}, "data": data},
        }
        valg.append({"$ref": fra + navn})
        peker |= dict.fromkeys(typer, fra + navn)
    ut[SKYHENDELSE] = {
        "title": SKYHENDELSE,
        "oneOf": valg,
        "discriminator": {"propertyName": "type", "mapping": peker},
    }
    return ut


class Kvittering(BaseModel):
    """The answer to an accepted event; the same for the same event again."""

    status: Literal["godtatt"] = "godtatt"
    id: str = Field(examples=["soknad-2026-09-0001"])
    source: str = Field(examples=["https://esoknad.example.no"])
    sak: UUID
    behandling: UUID
    adresse: str = Field(examples=["/api/v1/saker/0199c7a0-0000-7000-8000-000000000001"])
    mottatt: datetime
