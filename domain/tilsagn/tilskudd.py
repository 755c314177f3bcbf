"""The events in the life of a grant: conditions, payout in steps, annulment, write-down, sale, repayment."""

from datetime import date
from fractions import Fraction
from typing import Any

from domain.tilsagn.felt import dato, flagg, kr, tekst
from domain.tilsagn.liv import Anledning, Bevegelse, Hendelsesslag, Linje, Nektet, Stilling, Virkning, rest
from domain.tilsagn.nedskriving import hele_ar, nedskrevet

APNE = frozenset({"tilsagn", "vilkar_oppfylt", "under_arbeid"})
"""Something is promised and not paid."""


def _med(a: Anledning, **endret: Any) -> Stilling:
    return {**a.stilling, **endret}


def vilkar(a: Anledning) -> Virkning:
    return Virkning("V10", _med(a, tilstand="vilkar_oppfylt"))


def sluttbelop(a: Anledning) -> int:
    """What the commitment comes to at the end: never more than was promised, and not more than the rules of the month
    of payment give for the actual cost."""
    s, o = a.stilling, a.ordning
    hoyst = int(s["gitt"] - s["annullert"])
    if o.kostnadsfelt is None:
        return hoyst
    if not a.hendelse["faktisk_kostnad"]:
        raise Nektet("F03")
    soknad = s["soknad"]
    prosjekt = {**soknad["prosjekt"], o.kostnadsfelt: a.hendelse["faktisk_kostnad"]}
    termin = (
        max(f"{a.dag:%Y-%m}", soknad["tilsagnstermin"])
        if o.etter_utbetalingsdag
        else soknad["tilsagnstermin"]
    )
    fakta = o.verk.fullfor({**soknad, "prosjekt": prosjekt, "tilsagnstermin": termin})
    return min(hoyst, o.verk.tall(fakta, "belop", a.versjon))


def utbetaling(a: Anledning) -> Virkning:
    """The next step. Up to the last, a step pays up to its share of the commitment, rounded down to whole kroner; the
    last pays what is left of the final amount, and annuls what the project did not come to."""
    s = a.stilling
    nr, andeler = int(s["trinn"]), [Fraction(t) for t in s["trinnplan"]]
    siste = nr + 1 == len(andeler)
    lovet = int(s["gitt"] - s["annullert"])
    if not siste:
        mal = int(sum(andeler[: nr + 1]) * lovet)
        belop = max(0, mal - s["utbetalt"])
        linje = Linje(
            "utbetales", belop, "kr",
            "Trinnets andel av tilsagnet, når det som er utbetalt er trukket fra",
            "Delen av tilsegna for trinnet, når det som er utbetalt er trekt frå",
            "floor(andel_hittil * lovet) - utbetalt",
            {"andel_hittil": str(sum(andeler[: nr + 1])), "lovet": lovet, "utbetalt": s["utbetalt"]},
        )  # fmt: skip
        ny = _med(a, tilstand="under_arbeid", trinn=nr + 1, utbetalt=s["utbetalt"] + belop)
        return Virkning("U10", ny, belop, _flytt(("utbetalt", belop, "utbetalt")), belop, (linje,))
    if not a.hendelse["ferdigdato"]:
        raise Nektet("F03")
    krev_dag(a, a.hendelse["ferdigdato"])
    slutt = sluttbelop(a)
    belop = max(0, slutt - s["utbetalt"])
    for_mye = max(0, s["utbetalt"] - slutt)
    mindre = lovet - s["utbetalt"] - belop
    linje = Linje(
        "utbetales", belop, "kr",
        "Endelig tilskudd etter faktisk kostnad, når det som er utbetalt er trukket fra",
        "Endeleg tilskot etter faktisk kostnad, når det som er utbetalt er trekt frå",
        "max(0, slutt - utbetalt)",
        {"slutt": slutt, "utbetalt": s["utbetalt"], "lovet": lovet, "faktisk_kostnad": a.hendelse["faktisk_kostnad"]},
    )  # fmt: skip
    ny = _med(
        a,
        trinn=nr + 1,
        utbetalt=s["utbetalt"] + belop,
        annullert=s["annullert"] + mindre,
        tilbakekrevd=s["tilbakekrevd"] + for_mye,
        **ferdig(a, s["utbetalt"] + belop - for_mye, a.hendelse["ferdigdato"]),
    )
    return Virkning(
        "U20",
        ny,
        belop,
        _flytt(("utbetalt", belop, "utbetalt"), ("annullert", mindre, "mindreutbetalt")),
        belop,
        (linje,),
    )


def ferdig(a: Anledning, beholdt: int, dag: str) -> dict[str, Any]:
    """The project is done: from ``dag`` on the grant that was kept is written down, if the scheme says so."""
    tid = int(a.stilling["nedskrivingstid"])
    if not tid:
        return {"tilstand": "avsluttet", "ferdigdato": dag}
    grunnlag = beholdt if a.stilling["kreves_tilbake"] else 0
    tilstand = "ferdigstilt" if grunnlag else "avsluttet"
    return {"tilstand": tilstand, "ferdigdato": dag, "nedskrivingsgrunnlag": grunnlag}


def annullering(a: Anledning) -> Virkning:
    """All that is left, or the part named. When some was paid and nothing is left, the project stands as it is."""
    s, igjen = a.stilling, rest(a.stilling)
    belop = a.hendelse["belop"] or igjen
    if belop > igjen:
        raise Nektet("F02")
    ny = _med(a, annullert=s["annullert"] + belop)
    if belop < igjen:
        return Virkning("A20", ny, belop, _flytt(("annullert", belop, "redusert")))
    if s["utbetalt"]:
        ny |= ferdig(a, s["utbetalt"], a.dag.isoformat())
    else:
        ny["tilstand"] = "annullert"
    return Virkning("A10", ny, belop, _flytt(("annullert", belop, "annullert")))


def krev_dag(a: Anledning, dag: str) -> None:
    """A day between the month of the application and today."""
    if not f"{a.stilling['soknad']['termin']}-01" <= dag <= a.dag.isoformat():
        raise Nektet("F08")


def tilbaketrekking(a: Anledning) -> Virkning:
    """The giver withdraws: nothing more is paid, and what was paid is claimed back."""
    s, igjen = a.stilling, rest(a.stilling)
    ny = _med(
        a,
        tilstand="krevd_tilbake" if s["utbetalt"] else "trukket_tilbake",
        annullert=s["annullert"] + igjen,
        tilbakekrevd=s["tilbakekrevd"] + s["utbetalt"],
    )
    return Virkning("A30", ny, igjen, _flytt(("annullert", igjen, "trukket_tilbake")))


def omdisponering(a: Anledning) -> Virkning:
    """Part of what is promised goes to another project of the same recipient; the sum stands."""
    s, h = a.stilling, a.hendelse
    delt = dict(s["omdisponert"])
    if h["belop"] > rest(s) - sum(delt.values()):
        raise Nektet("F02")
    delt[h["til_prosjekt"]] = delt.get(h["til_prosjekt"], 0) + h["belop"]
    return Virkning("O10", _med(a, omdisponert=delt), h["belop"])


def utlop(a: Anledning) -> Virkning:
    """The deadline to begin has passed and nothing was paid."""
    s = a.stilling
    if s["utbetalt"] or a.dag < date.fromisoformat(s["utloper"]):
        raise Nektet("F09")
    igjen = rest(s)
    ny = _med(a, tilstand="utlopt", annullert=s["annullert"] + igjen)
    return Virkning("A40", ny, igjen, _flytt(("annullert", igjen, "utlopt")))


def nedskriv(a: Anledning) -> Virkning:
    s = a.stilling
    ar = hele_ar(date.fromisoformat(s["ferdigdato"]), a.dag)
    i_alt = nedskrevet(s["nedskrivingsgrunnlag"], s["nedskrivingstid"], ar)
    arets = i_alt - s["nedskrevet"]
    if arets <= 0:
        raise Nektet("F09")
    helt = i_alt == s["nedskrivingsgrunnlag"]
    linje = Linje(
        "nedskrevet", i_alt, "kr",
        "Nedskrevet i alt etter hele år siden ferdigstillelsen", "Nedskrive i alt etter heile år sidan ferdigstillinga",
        "grunnlag * ar / nedskrivingstid, til nærmeste krone",
        {"grunnlag": s["nedskrivingsgrunnlag"], "ar": ar, "nedskrivingstid": s["nedskrivingstid"]},
    )  # fmt: skip
    ny = _med(a, nedskrevet=i_alt, tilstand="nedskrevet" if helt else "ferdigstilt")
    return Virkning("N20" if helt else "N10", ny, arets, linjer=(linje,))


def salg(a: Anledning) -> Virkning:
    """Sold before it is written down: the rest is claimed back, by whole years at the day of the sale. It may be
    waived, as when the sale gives a loss (NIBR-rapport 2008:13, kap. 1.2.2)."""
    s = a.stilling
    solgt = date.fromisoformat(a.hendelse["salgsdato"])
    ar = hele_ar(date.fromisoformat(s["ferdigdato"]), solgt)
    if ar < 0 or solgt > a.dag:
        raise Nektet("F08")
    ned = max(s["nedskrevet"], nedskrevet(s["nedskrivingsgrunnlag"], s["nedskrivingstid"], ar))
    krav = 0 if a.hendelse["frafalles"] else s["nedskrivingsgrunnlag"] - ned
    linje = Linje(
        "kreves_tilbake", krav, "kr",
        "Det som ikke er skrevet ned på salgsdagen", "Det som ikkje er skrive ned på salsdagen",
        "0 if frafalles else grunnlag - nedskrevet",
        {"grunnlag": s["nedskrivingsgrunnlag"], "nedskrevet": ned, "frafalles": a.hendelse["frafalles"]},
    )  # fmt: skip
    ny = _med(
        a,
        nedskrevet=ned,
        tilbakekrevd=s["tilbakekrevd"] + krav,
        tilstand="krevd_tilbake" if krav else "solgt",
    )
    return Virkning("S10" if krav else "S15", ny, krav, linjer=(linje,))


def tilbakebetaling(a: Anledning) -> Virkning:
    """Money has come in on the claim: income when it is paid, not more to promise."""
    s, belop = a.stilling, a.hendelse["belop"]
    igjen = s["tilbakekrevd"] - s["tilbakebetalt"]
    if belop > igjen:
        raise Nektet("F02")
    ny = _med(a, tilbakebetalt=s["tilbakebetalt"] + belop)
    if belop == igjen and s["tilstand"] == "krevd_tilbake":
        ny["tilstand"] = "tilbakebetalt"
    return Virkning("S20", ny, belop)


def _flytt(*rader: tuple[Any, int, str]) -> tuple[Bevegelse, ...]:
    return tuple(Bevegelse(art, belop, grunn) for art, belop, grunn in rader if belop)


_BELOP = kr("belop", "Beløp; 0 betyr alt som står igjen.", "Beløp; 0 betyr alt som står att.", 0)
ANNULLERING = Hendelsesslag(
    "annullering", "Tilsagn annulleres eller settes ned", (_BELOP,), APNE, annullering
)
VILKAR = Hendelsesslag("vilkar", "Vilkår for utbetaling er oppfylt", (), frozenset({"tilsagn"}), vilkar)
UTLOP = Hendelsesslag(
    "utlop", "Tilsagn utløper", (), frozenset({"tilsagn", "vilkar_oppfylt"}), utlop, maskin=True
)


def tilbaketrekking_fra(fra: frozenset[str]) -> Hendelsesslag:
    """The giver withdraws the commitment, in these states."""
    return Hendelsesslag("tilbaketrekking", "Tilsagn trekkes tilbake", (), fra, tilbaketrekking)


HENDELSER: dict[str, Hendelsesslag] = {
    h.navn: h
    for h in (
        VILKAR,
        Hendelsesslag(
            "utbetaling",
            "Neste trinn utbetales",
            (
                kr("faktisk_kostnad", "Kostnad etter sluttregnskapet.", "Kostnad etter sluttrekneskapen.", 0),
                dato("ferdigdato", "Dagen prosjektet var ferdig.", "Dagen prosjektet var ferdig.", ""),
            ),
            frozenset({"vilkar_oppfylt", "under_arbeid"}),
            utbetaling,
        ),
        ANNULLERING,
        tilbaketrekking_fra(APNE),
        Hendelsesslag(
            "omdisponering",
            "En del brukes til et annet prosjekt",
            (
                tekst("til_prosjekt", "Prosjektet som får.", "Prosjektet som får."),
                kr("belop", "Beløp.", "Beløp.", minst=1),
            ),
            APNE,
            omdisponering,
        ),
        UTLOP,
        Hendelsesslag(
            "nedskriving", "Ett års nedskriving", (), frozenset({"ferdigstilt"}), nedskriv, maskin=True
        ),
        Hendelsesslag(
            "salg",
            "Boligen eller bygget er solgt",
            (
                dato("salgsdato", "Salgsdag.", "Salsdag."),
                flagg("frafalles", "Kravet frafalles.", "Kravet blir fråfalle."),
            ),
            frozenset({"ferdigstilt"}),
            salg,
        ),
        Hendelsesslag(
            "tilbakebetaling",
            "Innbetaling på tilbakekravet",
            (kr("belop", "Innbetalt.", "Innbetalt.", minst=1),),
            frozenset({"krevd_tilbake", "ferdigstilt", "nedskrevet", "avsluttet"}),
            tilbakebetaling,
            bokforing=True,
        ),
    )
}
