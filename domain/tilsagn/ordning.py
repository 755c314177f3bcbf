"""One scheme of grants or loans: whose money, which item, its law, its steps of payout and what may happen to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from domain.kalender import virkedag_etter
from domain.sak.etterprov import Etterprov, Gjentatt
from domain.sak.kjede import kanonisk
from domain.sak.ordning import Avgjorelse
from domain.tilsagn import laneliv, laneplan, tilskudd
from domain.tilsagn.bevilgning import Bevilgning, Stikkord
from domain.tilsagn.koder import KODER
from domain.tilsagn.liv import SLUTT, Bevegelse, Hendelsesslag, Kommende, Stilling, Virkning, utfor
from domain.tilsagn.nedskriving import arsdag
from domain.tilsagn.regelverk import Regelverk
from domain.tilsagn.rentekompensasjon import liv as kompensasjonsliv
from domain.tilsagn.rentekompensasjon.plan import utbetalingsdag

Fakta = dict[str, Any]
Slag = Literal["tilskudd", "lan", "kompensasjon"]
SOKNAD = "soknad"
_HENDELSER: Mapping[Slag, Mapping[str, Hendelsesslag]] = {
    "tilskudd": tilskudd.HENDELSER,
    "lan": laneliv.HENDELSER,
    "kompensasjon": kompensasjonsliv.HENDELSER,
}
LIVSHJEMMEL = "vilkår i tilsagnet, bevilgningsreglementet § 10"


@dataclass(frozen=True, eq=False)
class Tilsagnsordning:
    """``post``: chapter and item of the state budget; ``kommunal``: the frame is each municipality's own.

    ``trinn``: shares of the payouts; ``antall_trinn``: the rule that says how many equal steps, instead.
    ``kostnadsfelt``: the field that the actual cost replaces at the last payout; ``etter_utbetalingsdag``: by the rules
    of the month of payment. ``nedskrives``: over as many years as the rule ``nedskrivingstid`` says.
    ``enhet``: the field or rule that the report counts. ``utlop_maneder``: the commitment lapses when nothing is paid.
    [A] Commitments of 2021 still stood undisposed in 2024 in the student scheme.
    ``annenlinje_over``: kroner of total engagement above which the national office assesses first. [A] The limits are
    not published.
    """

    verk: Regelverk
    slag: Slag
    post: str
    departement: str
    enhet: str
    trinn: tuple[str, ...] = ("1",)
    antall_trinn: str | None = None
    kostnadsfelt: str | None = None
    etter_utbetalingsdag: bool = False
    nedskrives: bool = False
    kommunal: bool = False
    til_person: bool = False
    med_avdrag: bool = False
    utlop_maneder: int = 24
    annenlinje_over: int = 50_000_000
    stikkord: Stikkord = "kan overføres"
    """Of the item in the state budget."""
    fordeling: str | None = None
    """The field that the report also divides by; or fields that are counted each by itself, joined by ``+``."""
    ramme: str = ""
    """The name of the frame, when it is shared."""
    tilvekstpost: str | None = None
    """The item instead of ``post`` when the project gives net growth."""

    @property
    def navn(self) -> str:
        return self.verk.regler.ordning

    @property
    def rammenavn(self) -> str:
        return self.ramme or self.navn

    @property
    def hendelser(self) -> Mapping[str, Hendelsesslag]:
        return _HENDELSER[self.slag]

    # --- the application ---------------------------------------------------------------------------------------

    def post_for(self, soknad: Mapping[str, Any]) -> str:
        """Chapter and item of this application."""
        if self.tilvekstpost and soknad["prosjekt"]["netto_tilvekst"]:
            return self.tilvekstpost
        return self.post

    def begynn(self, soknad: Fakta, belop: int, versjon: int | None = None) -> Stilling:
        """The stilling of a commitment that has just been given. ``soknad``: its facts, with everything filled in."""
        termin = soknad["tilsagnstermin"]
        verdier = self.verk.verdier(soknad, versjon)
        antall = int(verdier[self.antall_trinn][0]) if self.antall_trinn else 0
        krav = bool(verdier["nedskrivingsgrunnlag"][0]) if "nedskrivingsgrunnlag" in verdier else True
        maneder = int(termin[:4]) * 12 + int(termin[5:]) - 1 + self.utlop_maneder
        return {
            "tilstand": "tilsagn",
            "ramme": {"ar": int(termin[:4]), "post": self.post_for(soknad)},
            "soknad": soknad,
            "gitt": belop,
            "annullert": 0,
            "utbetalt": 0,
            "trinn": 0,
            "trinnplan": [f"1/{antall}"] * antall or list(self.trinn),
            "utloper": virkedag_etter(date(maneder // 12, maneder % 12 + 1, 1)).isoformat(),
            "omdisponert": {},
            "ferdigdato": "",
            "nedskrivingstid": int(verdier["nedskrivingstid"][0]) if self.nedskrives else 0,
            "nedskrivingsgrunnlag": 0,
            "kreves_tilbake": krav,
            "nedskrevet": 0,
            "tilbakekrevd": 0,
            "tilbakebetalt": 0,
            **({"lan": {}} if self.slag == "lan" else {}),
            **(
                {
                    "kompensasjonsar": int(verdier["kompensasjonsar"][0]),
                    "avdragsfritt": int(verdier["avdragsfritt"][0]),
                }
                if self.slag == "kompensasjon"
                else {}
            ),
        }

    def overforbart(self, post: str, overfort: int, arets: int, brukt: int) -> int:
        """Kroner of a frame that may be carried over to the year after, by the item's keyword."""
        return max(0, Bevilgning(post, self.stikkord, overfort, arets, brukt).mulig_overforbart)

    # --- any decision ------------------------------------------------------------------------------------------

    def virkning(self, fakta: Fakta, versjon: int | None = None) -> Virkning:
        """What a decision on these facts comes to, the application's or an event's, by the newest rules unless
        ``versjon`` is given. Errors: ``FeltFeil``."""
        if fakta.get("slag", SOKNAD) != SOKNAD:
            return utfor(self, fakta, versjon)
        fakta = self.verk.fullfor(fakta)
        svar = self.verk.avgjor(fakta, versjon)
        if svar.utfall != "innvilget":
            return Virkning(svar.kode, {})
        return Virkning(
            svar.kode,
            self.begynn(fakta, svar.belop, versjon),
            svar.belop,
            (Bevegelse("gitt", svar.belop, "tilsagn"),),
        )

    def avgjor(self, fakta: Fakta, versjon: int | None = None) -> Avgjorelse:
        """Code, kroner and trace of a decision."""
        if fakta.get("slag", SOKNAD) == SOKNAD:
            return self.verk.avgjor(fakta, versjon)
        v = utfor(self, fakta, versjon)
        spor = [*(linje.dokument(LIVSHJEMMEL) for linje in v.linjer), _stillingslinje(v)]
        utfall = KODER[v.kode][0]
        return Avgjorelse(
            v.kode, utfall, v.belop, self.verk.regelversjon(fakta["termin"], versjon), kanonisk(spor)
        )

    def stilling_etter(self, fakta: Fakta, regelversjon: str) -> Stilling:
        """Where the commitment stands after the decision on these facts, which was made by these rules."""
        return self.virkning(fakta, self.verk.versjon(regelversjon)).stilling

    def kommende(self, stilling: Stilling, dag: date) -> list[Kommende]:
        """What comes by itself next, after ``dag``."""
        s = stilling
        if not s or s["tilstand"] in SLUTT:
            return []
        if s["tilstand"] in ("tilsagn", "vilkar_oppfylt") and not s["utbetalt"]:
            return [Kommende("utlop", date.fromisoformat(s["utloper"]))]
        if s["tilstand"] == "ferdigstilt":
            ferdig = date.fromisoformat(s["ferdigdato"])
            neste = next(d for d in (arsdag(ferdig, n) for n in range(1, 200)) if d > max(ferdig, dag))
            return [Kommende("nedskriving", neste)]
        if s["tilstand"] == "lopende":
            ar, halvar = kompensasjonsliv.forste_halvar(date.fromisoformat(s["ferdigdato"]))
            neste_ar = ar + (halvar + s["halvar"]) // 2
            return [Kommende("kompensasjon", max(utbetalingsdag(neste_ar), dag + timedelta(1)))]
        return self._lanets_kommende(s, dag)

    def _lanets_kommende(self, s: Stilling, dag: date) -> list[Kommende]:
        lan = s.get("lan")
        if not lan:
            return []
        ut = []
        if lan["gjenstar"] > 0:
            nr = lan["terminer"] - lan["gjenstar"] + 1
            ut.append(Kommende("termin", max(laneplan.terminforfall(lan, nr), dag + timedelta(1))))
        if lan["ny_rente"]:
            ut.append(
                Kommende("rentestart", max(date.fromisoformat(lan["ny_rente"]["fra"]), dag + timedelta(1)))
            )
        if lan["purres"] and s["tilstand"] in laneliv.PURRES_I:
            ut.append(Kommende("purring", max(date.fromisoformat(lan["purres"]), dag + timedelta(1))))
        return ut

    # --- afterwards --------------------------------------------------------------------------------------------

    def etterprov(self) -> Etterprov:
        """For those who check a decision afterwards: the application's law, and the events of its life."""
        grunn = self.verk.etterprov()

        def fullfor(fakta: Mapping[str, Any]) -> Fakta:
            return self.verk.fullfor(fakta) if fakta.get("slag", SOKNAD) == SOKNAD else dict(fakta)

        def gjenta(fakta: Any, regelversjon: str) -> list[Gjentatt]:
            grunn.gjenta([], regelversjon)  # an unknown version is told
            svar = [self.avgjor(f, self.verk.versjon(regelversjon)) for f in fakta]
            return [Gjentatt(a.kode, a.utfall, a.belop, a.regelversjon, a.spor) for a in svar]

        def begrunnelse(spor: Any, regelversjon: str) -> Mapping[str, Any]:
            hendelse = [li for li in spor if li["navn"] == "stilling"]
            if spor and not hendelse and any(li["navn"] == "belop" for li in spor):
                return grunn.begrunnelse(spor, regelversjon)
            return {sprak: [li["tekst"][sprak] for li in spor] for sprak in ("nb", "nn")}

        return Etterprov(
            fullfor=fullfor,
            gjenta=gjenta,
            sporverdier=grunn.sporverdier,
            begrunnelse=begrunnelse,
            perioder=grunn.perioder,
            regelversjon=grunn.regelversjon,
            lovinnhold=grunn.lovinnhold,
            lovinnhold_markdown=grunn.lovinnhold_markdown,
        )


def _stillingslinje(v: Virkning) -> dict[str, Any]:
    _, nb, nn = KODER[v.kode]
    felt = ("gitt", "annullert", "utbetalt", "nedskrevet", "tilbakekrevd", "tilbakebetalt")
    sum_ = {k: v.stilling.get(k, 0) for k in felt}
    return {
        "navn": "stilling",
        "verdi": v.stilling["tilstand"],
        "enhet": "kode",
        "hjemmel": LIVSHJEMMEL,
        "tekst": {"nb": nb, "nn": nn},
        "formel": "stilling etter hendelsen",
        "inn": sum_,
        "satser": {},
    }
