"""``GET /statistikk/bostotte``: figures of a month by municipality, and of a year. A hidden cell is null."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

Celle = int | None
"""A number of households; null when it is hidden (1–3, or so that one of those cannot be found)."""


class Kommunetall(BaseModel):
    """Means are of the granted, kroner a month."""

    model_config = ConfigDict(extra="forbid")
    kommunenummer: str = Field(description="0000 er hele landet.")
    soknader: Celle
    innvilget: Celle
    under_behandling: Celle
    avslag: dict[str, Celle] = Field(description="Etter vedtakskode.")
    boutgift: dict[str, Celle] = Field(description="Boutgifter over og under taket.")
    familie: dict[str, Celle]
    disposisjonsform: dict[str, Celle]
    ytelse: dict[str, Celle] = Field(description="Den første som passer for husstanden.")
    belop_snitt: int | None
    inntekt_snitt: int | None
    boutgift_snitt: int | None
    utbetalt: int | None = Field(description="Kroner for måneden.")


class Manedsstatistikk(BaseModel):
    termin: str
    laget: datetime
    rader: list[Kommunetall]


class Arsstatistikk(BaseModel):
    """Husbankens Tabell 3.15. Shares and benefits are of the last month; the rest of the terms paid in the year."""

    ar: int
    terminer: list[str]
    mangler: list[str] = Field(description="Terminer i året som det ikke er laget statistikk for.")
    soknader: int
    mottakere: int
    utbetalt_mill: float
    belop_snitt: int | None
    boutgift_snitt: int | None
    inntekt_snitt: int | None
    over_tak_prosent: float | None
    barnefamilier_prosent: float | None
    eid_prosent: float | None
    leid_prosent: float | None
    ytelse_siste_maned: dict[str, Celle]
    ytelse_i_aret: dict[str, Celle] | None = Field(
        description="Husstander som en av månedene hadde ytelsen, flere kan passe; null til året er talt."
    )
