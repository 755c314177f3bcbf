"""Events about what has been decided: an appeal, its withdrawal, the board's answer, a notice delivered or answered;
and the bodies of re-evaluation."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from schemas.felles import Fnr, Hendelsesinnhold, Kommunenummer, Streng, Termin
from schemas.tilsagn import Orgnr

Fritekst = Annotated[str, Field(min_length=3, max_length=10_000)]


class OmSak(Hendelsesinnhold):
    """About something that exists: no case is made for it, and it names nobody new."""

    termin: Termin
    kommunenummer: Kommunenummer

    def parter(self) -> list[tuple[str, str]]:
        return []

    def uten_fnr(self, person_id: Mapping[str, UUID]) -> dict[str, Any]:  # noqa: ARG002  (no number is kept)
        return self.model_dump(mode="json", exclude_none=True)

    @property
    def handling(self) -> str | None:
        """The move that it makes on the treatment it names; None when it begins one."""
        return None


class Klager(Streng):
    """The applicant: a person, or an organisation."""

    fnr: Fnr | None = None
    organisasjonsnummer: Orgnr | None = None
    fullmektig: bool = Field(False, description="Klagen er satt frem av en fullmektig for søkeren.")

    @model_validator(mode="after")
    def _en_av_dem(self) -> "Klager":
        if (self.fnr is None) == (self.organisasjonsnummer is None):
            raise PydanticCustomError("boligsak_klager", "må ha enten fnr eller organisasjonsnummer")
        return self

    @property
    def nummer(self) -> tuple[str, str]:
        """(field, number) of the one that is stated."""
        if self.fnr is not None:
            return "fnr", self.fnr
        return "organisasjonsnummer", self.organisasjonsnummer or ""


class Dokument(Streng):
    """Documentation that lies in the archive."""

    slag: Literal["inntekt", "formue", "boutgift", "husstand", "bolig", "studier", "annet"]
    referanse: str = Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")


Klagearsak = Literal[
    "inntekt", "formue", "boutgift", "husstand", "bolig", "student", "frist", "tilbakekrav", "annet"
]


class KlageMottatt(OmSak):
    """An appeal on a decision, by the applicant (forvaltningsloven §§ 28–32)."""

    vedtak: UUID
    klager: Klager
    kanal: Literal["digital", "papir"] = "digital"
    fremsatt: date | None = Field(
        None, description="Dagen klagen ble sendt eller levert; hendelsens tid når utelatt."
    )
    arsak: Klagearsak
    tekst: Fritekst
    forsinkelse: Fritekst | None = Field(None, description="Hvorfor klagen kommer etter fristen.")
    dokumentasjon: list[Dokument] = Field(default_factory=list, max_length=50)

    def uten_fnr(self, person_id: Mapping[str, UUID]) -> dict[str, Any]:
        dokument = super().uten_fnr(person_id)
        for nummer in ("fnr", "organisasjonsnummer"):
            dokument["klager"].pop(nummer, None)
        return dokument

    @classmethod
    def av_svar(cls, svar: "VarselBesvart", vedtak: UUID, termin: str) -> "KlageMottatt":
        """An answer to a notice that came after the decision, as the appeal on it that it is."""
        return cls.model_construct(
            termin=termin,
            kommunenummer=svar.kommunenummer,
            vedtak=vedtak,
            klager=Klager.model_construct(fullmektig=False),
            arsak="tilbakekrav",
            tekst=svar.tekst,
            dokumentasjon=svar.dokumentasjon,
        )


class OmBehandling(OmSak):
    behandling: UUID


class KlageTrukket(OmBehandling):
    begrunnelse: Fritekst = "Klageren har trukket klagen."

    @property
    def handling(self) -> str:
        return "trekk"


_NEMNDA = {
    "stadfestet": "nemnda_stadfester",
    "endret": "nemnda_endrer",
    "opphevet": "nemnda_opphever",
    "avvist": "nemnda_avviser",
}


class NemndAvgjort(OmBehandling):
    """Klagenemnda's answer (FOR-2012-10-31-1182)."""

    resultat: Literal["stadfestet", "endret", "opphevet", "avvist"]
    begrunnelse: Fritekst

    @property
    def handling(self) -> str:
        return _NEMNDA[self.resultat]


class KlageorganAvgjort(OmBehandling):
    """The answer of the municipality's own board of appeals (forvaltningsloven § 28 annet ledd)."""

    resultat: Literal["stadfestet", "endret", "opphevet", "avvist"]
    begrunnelse: Fritekst

    @property
    def handling(self) -> str:
        return _NEMNDA[self.resultat].replace("nemnda", "klageorganet")


class VarselLevert(OmBehandling):
    """The notice has reached the party: the deadline runs from that day."""

    levert: AwareDatetime

    @property
    def handling(self) -> str:
        return "levert"


class VarselBesvart(OmBehandling):
    tekst: Fritekst
    dokumentasjon: list[Dokument] = Field(default_factory=list, max_length=50)

    @property
    def handling(self) -> str:
        return "innsigelse"


class KravMottatt(OmBehandling):
    """The collection authority's receipt for a claim; ``behandling`` is the one that made it."""

    tilbakekrav: UUID


class KravInnbetalt(OmBehandling):
    """A payment on a claim, as the bank or the collection authority reports it."""

    tilbakekrav: UUID
    belop: int = Field(gt=0, lt=100_000_000, description="Hele kroner.")


class RevurderingInn(Streng):
    """Which decision, and as known when."""

    termin: Termin
    kjent: AwareDatetime | None = Field(
        None, description="Slik saken var kjent da; nå når utelatt. Bare med `dry_run=true`."
    )
    begrunnelse: str | None = Field(None, min_length=3, max_length=4000)


class Side(BaseModel):
    """One way to see the month."""

    termin: str = Field(description="Måneden reglene og satsene er fra.")
    regelversjon: str
    kode: str
    utfall: str
    belop: int = Field(description="Hele kroner per måned.")
    fakta: dict[str, Any]


class Revurdering(BaseModel):
    """The decision seen three ways, and why they differ: the causes add up to the difference, to the krone."""

    sak: UUID
    vedtak: UUID = Field(description="Vedtaket som gjaldt da.")
    kjent: AwareDatetime
    a: Side = Field(description="Fakta da, reglene da.")
    stemmer: bool = Field(description="(a) er regnet på nytt og er det som ble vedtatt.")
    b: Side | None = Field(None, description="Fakta nå, reglene da: klagen avgjøres etter denne.")
    c: Side | None = Field(None, description="Fakta nå, reglene nå.")
    fra_a_til_b: dict[str, int] = Field(default_factory=dict, description="Kroner etter årsak.")
    fra_b_til_c: dict[str, int] = Field(default_factory=dict, description="Kroner etter årsak.")
    mangler: list[str] = Field(
        default_factory=list, description="Registre uten lagret svar; da kan (b) og (c) ikke regnes."
    )
    behandling: UUID | None = Field(None, description="Behandlingen som ble startet, uten `dry_run`.")
