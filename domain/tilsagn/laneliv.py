"""The events in the life of a loan: payout, terms, reminders and collection, changed conditions, loss.

Amounts in øre in ``stilling["lan"]``; whole kroner towards the frame. A term falls due by itself; a payment is booked
when it comes, on interest first. Reminder 1 comes fourteen days after a term that is not paid, reminder 2 fourteen days
later; with the second the loan is in default and goes to collection, once (Husbankens årsrapport 2024, kap. 3.12).
"""

from datetime import date
from fractions import Fraction
from typing import Any

from domain.tilsagn.felt import Felt, antall, flagg, kr, tekst, valg
from domain.tilsagn.liv import Anledning, Bevegelse, Hendelsesslag, Linje, Nektet, Stilling, Virkning, rest
from domain.tilsagn.nedskriving import arsdag
from domain.tilsagn.tilskudd import ANNULLERING, UTLOP, vilkar

Lan = dict[str, Any]
PURRES_ETTER_DAGER = 14
"""Days from an unpaid term to reminder 1, and from that to reminder 2. [A] The source gives the count, not the days."""
FASTE_DAGER = (1, 3, 5, 7, 9, 11)
"""Months whose first is a day for changing floating rates (FOR-2019-11-18-1546 ch. 8; Husbankens rentesider)."""
BINDINGER = (0, 3, 5, 10, 20)
LOPER = frozenset({"nedbetales", "misligholdt"})


def terminrente(restgjeld: int, hundredels: int, terminer_per_ar: int) -> int:
    """Interest of one term, øre, a half upwards. ``hundredels``: the nominal rate in hundredths of a per cent."""
    return int(Fraction(restgjeld * hundredels, 10_000 * terminer_per_ar) + Fraction(1, 2))


def terminavdrag(lan: Lan) -> int:
    """The instalment of the next term, øre. The last takes what is left, so that the plan ends at zero."""
    if lan["avdragsfrie_terminer"] > 0:
        return 0
    n, gjeld = int(lan["gjenstar"]), int(lan["restgjeld"] - lan["forfalt_avdrag"])
    if n <= 1:
        return gjeld
    if lan["slag"] == "serie" or lan["rente"] == 0:
        return min(gjeld, int(Fraction(gjeld, n) + Fraction(1, 2)))
    r = Fraction(lan["rente"], 10_000 * lan["terminer_per_ar"])
    belop = gjeld * r / (1 - 1 / (1 + r) ** n)
    return max(
        0, min(gjeld, int(belop + Fraction(1, 2)) - terminrente(gjeld, lan["rente"], lan["terminer_per_ar"]))
    )


def forfalt(lan: Lan) -> int:
    """What is due and not paid, øre."""
    return int(lan["skyldig_rente"] + lan["forfalt_avdrag"])


def terminplan(lan: Lan) -> list[tuple[int, int, int]]:
    """(interest, instalment, balance after) of every term to come when each is paid on its day; øre."""
    ut, lan = [], dict(lan)
    while lan["gjenstar"] > 0:
        rente, avdrag = terminrente(lan["restgjeld"], lan["rente"], lan["terminer_per_ar"]), terminavdrag(lan)
        lan["restgjeld"] -= avdrag
        _tell_ned(lan)
        ut.append((rente, avdrag, int(lan["restgjeld"])))
    return ut


def _tell_ned(lan: Lan) -> None:
    lan["gjenstar"] -= 1
    lan["avdragsfrie_terminer"] = max(0, lan["avdragsfrie_terminer"] - 1)


def terminforfall(lan: Lan, nr: int) -> date:
    """The due day of term ``nr`` (1 the first)."""
    maneder = nr * 12 // lan["terminer_per_ar"]
    start = date.fromisoformat(lan["utbetalt_dag"])
    nummer = start.year * 12 + start.month - 1 + maneder
    return date(nummer // 12, nummer % 12 + 1, min(start.day, 28))


def _med(a: Anledning, lan: Lan, **endret: Any) -> Stilling:
    return {**a.stilling, "lan": lan, **endret}


def utbetaling(a: Anledning) -> Virkning:
    """All, or a part; what the borrower does not need is annulled with the last. Terms count from the first part."""
    s, h = a.stilling, a.hendelse
    belop = h["belop"] or rest(s)
    if belop > rest(s):
        raise Nektet("F02")
    lan = dict(s["lan"] or _nytt_lan(a))
    lan["restgjeld"] += belop * 100
    mindre = rest(s) - belop if h["siste"] else 0
    ny = _med(a, lan, tilstand="nedbetales" if h["siste"] else "under_arbeid",
              utbetalt=s["utbetalt"] + belop, annullert=s["annullert"] + mindre)  # fmt: skip
    flyttes = [Bevegelse("utbetalt", belop, "utbetalt")]
    if mindre:
        flyttes.append(Bevegelse("annullert", mindre, "mindreutbetalt"))
    return Virkning("U20" if h["siste"] else "U10", ny, belop, tuple(flyttes), belop)


def _nytt_lan(a: Anledning) -> Lan:
    h, per_ar = a.hendelse, int(a.hendelse["terminer_per_ar"])
    _krev_binding(h["binding_ar"])
    return {
        "utbetalt_dag": a.dag.isoformat(),
        "restgjeld": 0,
        "slag": h["laneslag"],
        "rente": h["rente"],
        "binding_til": arsdag(a.dag, h["binding_ar"]).isoformat() if h["binding_ar"] else "",
        "terminer_per_ar": per_ar,
        "terminer": a.stilling["soknad"]["prosjekt"]["lopetid"] * per_ar,
        "gjenstar": a.stilling["soknad"]["prosjekt"]["lopetid"] * per_ar,
        "avdragsfrie_terminer": h["avdragsfrie_ar"] * per_ar,
        "skyldig_rente": 0, "forfalt_avdrag": 0, "purringer": 0, "purres": "",
        "innbetalt_avdrag": 0, "innbetalt_rente": 0, "opptjent_rente": 0,
        "ettergitt_rente": 0, "tap": 0, "gjenvunnet": 0,
        "debitor": "",
    }  # fmt: skip


def _krev_binding(ar: int) -> None:
    if ar not in BINDINGER:
        raise Nektet("F04")


def termin(a: Anledning) -> Virkning:
    """A term falls due: its interest is earned, its instalment owed. Not paid at once, a reminder is on its way."""
    for_ = a.stilling["lan"]
    lan = dict(for_)
    rente, avdrag = terminrente(lan["restgjeld"], lan["rente"], lan["terminer_per_ar"]), terminavdrag(lan)
    lan["opptjent_rente"] += rente
    lan["skyldig_rente"] += rente
    lan["forfalt_avdrag"] += avdrag
    _tell_ned(lan)
    if not lan["purres"] and forfalt(lan):
        lan["purres"] = date.fromordinal(a.dag.toordinal() + PURRES_ETTER_DAGER).isoformat()
    linjer = (
        Linje("rente", rente, "øre", "Rente for terminen", "Rente for terminen", "restgjeld * rente / terminer_per_ar",
              {"restgjeld": for_["restgjeld"], "rente": lan["rente"], "terminer_per_ar": lan["terminer_per_ar"]}),
        Linje("avdrag", avdrag, "øre", "Avdrag i terminen", "Avdrag i terminen", "etter planen",
              {"gjenstar": for_["gjenstar"], "slag": lan["slag"]}),
    )  # fmt: skip
    return Virkning("T10", _med(a, lan), (rente + avdrag) // 100, linjer=linjer)


def innbetaling(a: Anledning) -> Virkning:
    """Booked on interest, then on what is due, then on the rest of the debt."""
    lan, belop = dict(a.stilling["lan"]), a.hendelse["belop_ore"]
    if belop > lan["skyldig_rente"] + lan["restgjeld"]:
        raise Nektet("F02")
    pa_rente = min(belop, lan["skyldig_rente"])
    pa_gjeld = belop - pa_rente
    lan["skyldig_rente"] -= pa_rente
    lan["innbetalt_rente"] += pa_rente
    lan["forfalt_avdrag"] -= min(pa_gjeld, lan["forfalt_avdrag"])
    lan["restgjeld"] -= pa_gjeld
    lan["innbetalt_avdrag"] += pa_gjeld
    kode, tilstand = "B10", a.stilling["tilstand"]
    if not forfalt(lan):
        lan["purringer"], lan["purres"] = 0, ""
        if tilstand == "misligholdt":
            kode, tilstand = "B30", "nedbetales"
    if not lan["restgjeld"] and not lan["skyldig_rente"]:
        kode, tilstand = "B20", "innfridd"
    return Virkning(kode, _med(a, lan, tilstand=tilstand), belop // 100)


def purring(a: Anledning) -> Virkning:
    """Nothing is reminded of that is paid meanwhile. The second reminder is what hands the loan over to collection."""
    lan = dict(a.stilling["lan"])
    if not forfalt(lan) or a.dag < date.fromisoformat(lan["purres"] or "9999-12-31"):
        raise Nektet("F09")
    lan["purringer"] += 1
    if lan["purringer"] == 1:
        lan["purres"] = date.fromordinal(a.dag.toordinal() + PURRES_ETTER_DAGER).isoformat()
        return Virkning("P10", _med(a, lan), forfalt(lan) // 100)
    lan["purres"] = ""
    return Virkning("P20", _med(a, lan, tilstand="misligholdt"), forfalt(lan) // 100)


def renteendring(a: Anledning) -> Virkning:
    """A floating rate changes on the fixed days; a fixed rate when its time is out; anybody may bind a floating one."""
    lan, h = dict(a.stilling["lan"]), a.hendelse
    _krev_binding(h["binding_ar"])
    if lan["binding_til"] and a.dag < date.fromisoformat(lan["binding_til"]):
        raise Nektet("F04")
    fast_dag = a.dag.day == 1 and a.dag.month in FASTE_DAGER
    if not h["binding_ar"] and not lan["binding_til"] and not fast_dag:
        raise Nektet("F04")
    lan["rente"] = h["rente"]
    lan["binding_til"] = arsdag(a.dag, h["binding_ar"]).isoformat() if h["binding_ar"] else ""
    return Virkning("R10", _med(a, lan))


def utsettelse(a: Anledning) -> Virkning:
    lan = dict(a.stilling["lan"])
    if a.hendelse["terminer"] > lan["gjenstar"] - 1:
        raise Nektet("F05")
    lan["avdragsfrie_terminer"] = max(lan["avdragsfrie_terminer"], a.hendelse["terminer"])
    return Virkning("E10", _med(a, lan))


def lengre_lopetid(a: Anledning) -> Virkning:
    """Within the longest term of the scheme, counted from the payout."""
    lan, o = dict(a.stilling["lan"]), a.ordning
    sats = o.verk.satser["maks_lopetid"].gjelder(f"{a.dag:%Y-%m}")
    lan["terminer"] += a.hendelse["terminer"]
    lan["gjenstar"] += a.hendelse["terminer"]
    if (
        sats is None
        or not isinstance(sats.verdi, float)
        or lan["terminer"] > sats.verdi * lan["terminer_per_ar"]
    ):
        raise Nektet("F05")
    return Virkning("E20", _med(a, lan))


def debitorbytte(a: Anledning) -> Virkning:
    """The debt goes to a new company after a credit assessment; the weakest need their parent company's guarantee."""
    h = a.hendelse
    if h["svak_kreditt"] and not h["selvskyldnergaranti"]:
        raise Nektet("F06")
    return Virkning("E30", _med(a, {**a.stilling["lan"], "debitor": h["ny_debitor"]}))


def tap(a: Anledning) -> Virkning:
    """Booked on realisation only (Husbankens årsrapport 2024, regnskapsprinsipper)."""
    lan, belop = dict(a.stilling["lan"]), a.hendelse["belop_ore"]
    if not a.hendelse["konstatert"]:
        raise Nektet("F07")
    if belop > lan["restgjeld"]:
        raise Nektet("F02")
    lan["restgjeld"] -= belop
    lan["forfalt_avdrag"] = min(lan["forfalt_avdrag"], lan["restgjeld"])
    lan["tap"] += belop
    if lan["restgjeld"]:
        return Virkning("X10", _med(a, lan), belop // 100)
    lan["ettergitt_rente"] += lan["skyldig_rente"]
    lan["skyldig_rente"] = 0
    return Virkning("X10", _med(a, lan, tilstand="tapt"), belop // 100)


def gjenvinning(a: Anledning) -> Virkning:
    """Paid on a loss later: income when it comes."""
    lan, belop = dict(a.stilling["lan"]), a.hendelse["belop_ore"]
    if belop > lan["tap"] - lan["gjenvunnet"]:
        raise Nektet("F02")
    lan["gjenvunnet"] += belop
    return Virkning("X20", _med(a, lan), belop // 100)


_ORE: Felt = kr("belop_ore", "Beløp i øre.", "Beløp i øre.", minst=1)
_RENTE = antall(
    "rente",
    "Nominell rente i hundredels prosent (452 er 4,52 %).",
    "Nominell rente i hundredels prosent (452 er 4,52 %).",
)
_BINDING = antall(
    "binding_ar", "År renten er bundet; 0 er flytende.", "År renta er bunden; 0 er flytande.", 0
)
_TERMINER = antall("terminer", "Antall terminer.", "Talet på terminar.", minst=1)

HENDELSER: dict[str, Hendelsesslag] = {
    h.navn: h
    for h in (
        Hendelsesslag("vilkar", "Vilkår for utbetaling er oppfylt", (), frozenset({"tilsagn"}), vilkar),
        Hendelsesslag(
            "utbetaling",
            "Lånet, eller en del av det, utbetales",
            (
                kr("belop", "Beløp; 0 betyr alt som står igjen.", "Beløp; 0 betyr alt som står att.", 0),
                flagg("siste", "Dette er den siste utbetalingen.", "Dette er den siste utbetalinga.", True),
                _RENTE,
                _BINDING,
                valg(
                    "laneslag",
                    "Annuitets- eller serielån.",
                    "Annuitets- eller serielån.",
                    ("annuitet", "serie"),
                    "annuitet",
                ),
                antall(
                    "terminer_per_ar",
                    "Terminer i året: 1, 2, 4 eller 12.",
                    "Terminar i året: 1, 2, 4 eller 12.",
                    12,
                    minst=1,
                ),
                antall("avdragsfrie_ar", "År uten avdrag, høyst 8.", "År utan avdrag, høgst 8.", 0),
            ),
            frozenset({"vilkar_oppfylt", "under_arbeid"}),
            utbetaling,
        ),
        ANNULLERING,
        UTLOP,
        Hendelsesslag("termin", "En termin forfaller", (), LOPER | {"under_arbeid"}, termin, maskin=True),
        Hendelsesslag("purring", "Det purres", (), frozenset({"nedbetales"}), purring, maskin=True),
        Hendelsesslag("innbetaling", "Innbetaling på lånet", (_ORE,), LOPER, innbetaling, bokforing=True),
        Hendelsesslag("renteendring", "Ny rente", (_RENTE, _BINDING), LOPER, renteendring),
        Hendelsesslag("utsettelse", "Avdrag utsettes", (_TERMINER,), LOPER, utsettelse),
        Hendelsesslag("lengre_lopetid", "Lengre løpetid", (_TERMINER,), LOPER, lengre_lopetid),
        Hendelsesslag(
            "debitorbytte",
            "Lånet overføres til en ny låntaker",
            (
                tekst(
                    "ny_debitor",
                    "Den nye låntakerens organisasjonsnummer.",
                    "Organisasjonsnummeret til den nye låntakaren.",
                ),
                flagg("svak_kreditt", "Kredittvurderingen er svak.", "Kredittvurderinga er svak."),
                flagg("selvskyldnergaranti", "Morselskapet garanterer.", "Morselskapet garanterer."),
            ),
            LOPER,
            debitorbytte,
        ),
        Hendelsesslag(
            "tap",
            "Tap på lånet",
            (_ORE, flagg("konstatert", "Sikkerheten er realisert.", "Tryggleiken er realisert.")),
            frozenset({"misligholdt"}),
            tap,
        ),
        Hendelsesslag(
            "gjenvinning",
            "Innbetaling på et tap",
            (_ORE,),
            frozenset({"tapt", "misligholdt"}),
            gjenvinning,
            bokforing=True,
        ),
    )
}
