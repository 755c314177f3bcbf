"""The registers' answers as they come over the wire, and their way into the stored shapes of domain/kontroll/svar.py.

Sources: Skatteetatens public API documentation for inntekt and skattegrunnlag; Folkeregisteret is in its own module.
No public message shape exists for Lånekassen's student status, NAV's payments to Husbanken and Matrikkelen's answer
(SOAP); those three are small shapes of our own.  Unknown fields are ignored, missing and mistyped ones are errors:
``pydantic.ValidationError``, which the client turns into a RegisterFeil that the owner must look at.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from domain.kontroll.svar import (
    HusbankenSvar,
    Inntektspost,
    Inntektstype,
    InntektSvar,
    LanekassenSvar,
    MatrikkelSvar,
    NavSvar,
    SkattegrunnlagSvar,
)
from schemas.folkeregister import Registersvar

Maned = Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
Belop = Annotated[int, Field(strict=True, ge=-10_000_000_000, le=10_000_000_000)]


# --- Skatteetaten, Inntekt API: GET …/innrapportert/inntektsmottaker/husbanken/{fnr}/oppgave/inntekt


class Beskrivelse(Registersvar):
    beskrivelse: str


class Inntektslinje(Registersvar):
    """One amount of one kind; exactly one of the four kinds is given."""

    fordel: Literal["kontantytelse", "naturalytelse", "utgiftsgodtgjoerelse"]
    trekk: bool = Field(alias="inngaarIGrunnlagForTrekk")
    beloep: Annotated[Decimal, Field(decimal_places=2, ge=-100_000_000, le=100_000_000)]
    loennsinntekt: Beskrivelse | None = None
    ytelse: Beskrivelse | None = Field(default=None, alias="ytelseFraOffentlige")
    pensjon: Beskrivelse | None = Field(default=None, alias="pensjonEllerTrygd")
    naering: Beskrivelse | None = Field(default=None, alias="naeringsinntekt")

    def post(self) -> Inntektspost:
        slag: tuple[tuple[Inntektstype, Beskrivelse | None], ...] = (
            ("loennsinntekt", self.loennsinntekt),
            ("ytelseFraOffentlige", self.ytelse),
            ("pensjonEllerTrygd", self.pensjon),
            ("naeringsinntekt", self.naering),
        )
        gitt = [(navn, b.beskrivelse) for navn, b in slag if b is not None]
        navn, kode = gitt[0]
        return {
            "type": navn,
            "beskrivelse": kode,
            "fordel": self.fordel,
            "trekkpliktig": self.trekk,
            "belop_ore": int(self.beloep * 100),
        }

    @model_validator(mode="after")
    def _ett_slag(self) -> Self:
        if sum(b is not None for b in (self.loennsinntekt, self.ytelse, self.pensjon, self.naering)) != 1:
            raise ValueError("exactly one kind of income is expected")
        return self


class Inntektsmottaker(Registersvar):
    personidentifikator: str


class Inntektsoppgave(Registersvar):
    inntektsmottaker: Inntektsmottaker
    kalendermaaned: Maned
    inntekt: list[Inntektslinje]


class Inntektssvar(Registersvar):
    """All reports of the month.  A single line may be negative (a correction); a month as a whole may not."""

    oppgaver: list[Inntektsoppgave] = Field(alias="oppgaveInntektsmottaker")

    @field_validator("oppgaver")
    @classmethod
    def _ikke_negativ(cls, oppgaver: list[Inntektsoppgave]) -> list[Inntektsoppgave]:
        if sum(linje.beloep for o in oppgaver for linje in o.inntekt) < 0:
            raise ValueError("the month's income is negative")
        return oppgaver

    def gjelder(self, fnr: str) -> bool:
        return all(o.inntektsmottaker.personidentifikator == fnr for o in self.oppgaver)

    def svar(self, maned: str) -> InntektSvar:
        poster = [linje.post() for o in self.oppgaver if o.kalendermaaned == maned for linje in o.inntekt]
        return {"maned": maned, "poster": poster}


# --- Skatteetaten, Summert skattegrunnlag: GET …/summertskattegrunnlag/oppgjoer/husbankenBostoette/{year}/{fnr}


class Grunnlag(Registersvar):
    teknisk_navn: str = Field(alias="tekniskNavn")
    beloep: Belop
    kategori: str | list[str] = "-"
    """A list in version 1 of the API, one word in version 2."""

    def er(self, kategori: str) -> bool:
        return kategori == self.kategori if isinstance(self.kategori, str) else kategori in self.kategori


_KAPITAL = (
    "OpptjenteRenter", "Renteinntekt", "apitalinntekt", "tbytte", "Gevinst", "gevinst", "vkastning", "UtleieAv",
    "InntektIBoligselskap", "PaaloepteRenter", "TapVed", "forvaltningskostnad", "FelleskostnadForBoligselskap",
)  # fmt: skip
"""Parts of the technical names of capital income and its deductions; the names change with each income year."""
_NAERING = ("samletPersoninntektFra", "personinntektFra")
"""Personal income from business, not the surplus, which is counted in it already."""
_UTLAND = ("Utland", "utland", "Utenlandsk", "utenlandsk", "EOeSStat")


class SummertSkattegrunnlag(Registersvar):
    personidentifikator: str
    inntektsaar: int
    skjermet: bool
    grunnlag: list[Grunnlag]

    def svar(self) -> SkattegrunnlagSvar:
        """Sorted into what forskrift om bustøtte §§ 5 and 6 asks for; by inference from names and categories."""
        kapital = naering = utland = bolig = annen = 0
        for g in self.grunnlag:
            navn = g.teknisk_navn
            if g.er("formue"):
                if navn == "formuesverdiForPrimaerbolig":
                    bolig += g.beloep
                else:
                    annen += g.beloep
            elif g.er("formuesfradrag"):
                annen -= g.beloep
            elif g.er("inntekt") and any(del_ in navn for del_ in _UTLAND):
                utland += g.beloep
            elif g.er("inntekt") and navn.startswith(_NAERING):
                naering += g.beloep
            elif any(del_ in navn for del_ in _KAPITAL):
                kapital += g.beloep if g.er("inntekt") else -g.beloep if g.er("inntektsfradrag") else 0
        return {
            "inntektsar": self.inntektsaar,
            "skjermet": self.skjermet,
            "kapital": kapital,
            "naering": naering,
            "utland": utland,
            "formue_bolig": bolig,
            "formue_annen": annen,
        }


INGEN_SKATTEGRUNNLAG: SkattegrunnlagSvar = {
    "inntektsar": None,
    "skjermet": False,
    "kapital": 0,
    "naering": 0,
    "utland": 0,
    "formue_bolig": 0,
    "formue_annen": 0,
}


# --- Registers without a public message shape


class Utdanning(Registersvar):
    fra: date
    til: date | None = None
    rett_til_stotte: bool = Field(alias="rettTilStotte")


class Lanekassen(Registersvar):
    """Student status.  No public interface for Husbanken was found; the monthly match is described in prose only."""

    utdanninger: list[Utdanning]

    def svar(self, dag: date) -> LanekassenSvar:
        rett = any(
            u.rett_til_stotte and u.fra <= dag and (u.til is None or u.til >= dag) for u in self.utdanninger
        )
        return {"rett_til_stotte": rett}


class NavUtbetaling(Registersvar):
    ytelse: Literal["AAP", "DAGPENGER"]
    dato: date
    beloep: Annotated[int, Field(strict=True, ge=0, le=10_000_000)]


class Nav(Registersvar):
    """Fourteen-day benefits.  Only scope names are public; Husbanken's integration is described in prose only."""

    utbetalinger: list[NavUtbetaling]
    arbeidsrettet_utdanning: bool = Field(alias="arbeidsrettetUtdanning")

    def svar(self, maned: str) -> NavSvar:
        datoer = {u.dato for u in self.utbetalinger if u.dato.isoformat().startswith(maned)}
        return {"utbetalinger": len(datoer), "arbeidsrettet_utdanning": self.arbeidsrettet_utdanning}


class EngasjementUt(Registersvar):
    saldo: Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)]
    arlig_kostnad: Annotated[int, Field(strict=True, ge=0, le=1_000_000_000, alias="aarligKostnad")]
    misligholdt: bool


class HusbankensEngasjement(Registersvar):
    """What somebody owes Husbanken, or a municipality out of its money. The loan system's interface is not public."""

    engasjement: list[EngasjementUt]

    def svar(self) -> HusbankenSvar:
        return {
            "engasjement": [
                {"saldo": e.saldo, "arlig_kostnad": e.arlig_kostnad, "misligholdt": e.misligholdt}
                for e in self.engasjement
            ]
        }


class Bruksenhet(Registersvar):
    """Matrikkelen answers in SOAP whose message shape is not public; this is the part of it that § 5 needs."""

    bruksenhetstype: Literal["B", "F", "I", "A", "U"]
    bygningsstatus: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]

    def svar(self) -> MatrikkelSvar:
        return {
            "funnet": True,
            "bruksenhetstype": self.bruksenhetstype,
            "bygningsstatus": self.bygningsstatus,
        }


BOLIG_UKJENT: MatrikkelSvar = {"funnet": False, "bruksenhetstype": "U", "bygningsstatus": ""}
