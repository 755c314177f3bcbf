"""The events in the life of a loan: payout, terms, reminders and collection, changed conditions, loss.

Amounts in øre in ``stilling["lan"]`` (see ``laneplan``); whole kroner towards the frame. A term falls due by itself; a
payment is booked when it comes, on interest first. Reminder 1 comes fourteen days after a term that is not paid,
reminder 2 fourteen days later; with the second the loan is in default and goes to collection, once (Husbankens
årsrapport 2024, kap. 3.12). A loan that is paid out in parts (``under_arbeid``) falls due and is paid like any other.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from domain.tilsagn import tilskudd
from domain.tilsagn.felt import Felt, antall, dato, flagg, kr, orgnr, valg
from domain.tilsagn.laneplan import (
    Lan,
    forfall_rente,
    forfalt,
    gjeld,
    lop_til,
    tell_ned,
    terminavdrag,
)
from domain.tilsagn.liv import Anledning, Bevegelse, Hendelsesslag, Linje, Nektet, Stilling, Virkning, rest
from domain.tilsagn.nedskriving import arsdag
from domain.tilsagn.tilskudd import APNE, UTLOP, VILKAR, tilbaketrekking_fra

PURRES_ETTER_DAGER = 14
"""Days from an unpaid term to reminder 1, and from that to reminder 2. [A] The source gives the count, not the days."""
FASTE_DAGER = (1, 3, 5, 7, 9, 11)
"""Months whose first is a day for changing floating rates (FOR-2019-11-18-1546 ch. 8; Husbankens rentesider)."""
BINDINGER = (0, 3, 5, 10, 20)
AVDRAGSFRIE_AR = 8
"""Longest time without instalments, in all (FOR-2019-11-18-1546 § 8-5)."""
STORSTE_RENTE = 3_000
"""Hundredths of a per cent: a rate above this is a slip of the pen."""
PURRES_I = frozenset({"under_arbeid", "nedbetales"})
LOPER = PURRES_I | {"misligholdt"}


def _med(a: Anledning, lan: Lan, **endret: Any) -> Stilling:
    return {**a.stilling, "lan": lan, **endret}


def _til_na(a: Anledning) -> Lan:
    return lop_til(a.stilling["lan"], a.dag)


def utbetaling(a: Anledning) -> Virkning:
    """All, or a part; what the borrower does not need is annulled with the last. Terms count from the first part."""
    s, h = a.stilling, a.hendelse
    belop = h["belop"] or rest(s)
    if belop > rest(s):
        raise Nektet("F02")
    lan = _til_na(a) if s["lan"] else _nytt_lan(a)
    lan["restgjeld"] += belop * 100
    mindre = rest(s) - belop if h["siste"] else 0
    ny = _med(a, lan, utbetalt=s["utbetalt"] + belop, annullert=s["annullert"] + mindre)
    ny["tilstand"] = _lopende(ny)
    flyttes = [Bevegelse("utbetalt", belop, "utbetalt")]
    if mindre:
        flyttes.append(Bevegelse("annullert", mindre, "mindreutbetalt"))
    return Virkning("U10" if rest(ny) else "U20", ny, belop, tuple(flyttes), belop)


def _lopende(s: Stilling) -> str:
    """The state of a loan that is not in default: is there more to pay out?"""
    return "under_arbeid" if rest(s) else "nedbetales"


def _nytt_lan(a: Anledning) -> Lan:
    h, per_ar = a.hendelse, int(a.hendelse["terminer_per_ar"])
    _krev_binding(h["binding_ar"])
    terminer = a.stilling["soknad"]["prosjekt"]["lopetid"] * per_ar
    fritt = h["avdragsfrie_ar"] * per_ar
    if fritt >= terminer:
        raise Nektet("F05")
    return {
        "utbetalt_dag": a.dag.isoformat(),
        "restgjeld": 0,
        "slag": h["laneslag"],
        "rente": h["rente"],
        "rente_til": a.dag.isoformat(),
        "binding_til": _bundet_til(a.dag, h["binding_ar"]),
        "ny_rente": {},
        "terminer_per_ar": per_ar,
        "terminer": terminer,
        "gjenstar": terminer,
        "avdragsfrie_terminer": fritt,
        "avdragsfritt_i_alt": fritt,
        "palopt_rente": 0, "skyldig_rente": 0, "forfalt_avdrag": 0, "purringer": 0, "purres": "",
        "innbetalt_avdrag": 0, "innbetalt_rente": 0, "opptjent_rente": 0,
        "ettergitt_rente": 0, "tap": 0, "gjenvunnet": 0,
        "debitor": "",
    }  # fmt: skip


def _krev_binding(ar: int) -> None:
    if ar not in BINDINGER:
        raise Nektet("F04")


def _bundet_til(fra: date, ar: int) -> str:
    return arsdag(fra, ar).isoformat() if ar else ""


def annullering(a: Anledning) -> Virkning:
    """What is left is not paid out; what was paid is repaid as before."""
    v = tilskudd.annullering(a)
    if v.kode != "A10" or not a.stilling["utbetalt"]:
        return v
    lan = _til_na(a)
    tilstand = "innfridd" if not gjeld(lan) else "nedbetales"
    if a.stilling["tilstand"] == "misligholdt":
        tilstand = "misligholdt"
    return replace(v, stilling=_med(a, lan, annullert=v.stilling["annullert"], tilstand=tilstand))


def termin(a: Anledning) -> Virkning:
    """A term falls due: its interest and its instalment are owed. Not paid at once, a reminder is on its way; a loan in
    collection is not reminded of again."""
    for_, lan = a.stilling["lan"], _til_na(a)
    rente, avdrag = forfall_rente(lan), terminavdrag(lan)
    lan["forfalt_avdrag"] += avdrag
    tell_ned(lan)
    if not lan["purres"] and forfalt(lan) and a.stilling["tilstand"] != "misligholdt":
        lan["purres"] = _om_to_uker(a.dag)
    linjer = (
        Linje("rente", rente, "øre", "Rente siden forrige termin", "Rente sidan førre termin",
              "palopt_rente + restgjeld * rente * dager / 360, hver måned 30 dager",
              {"palopt_rente": for_["palopt_rente"], "restgjeld": for_["restgjeld"], "rente": for_["rente"],
               "rente_til": for_["rente_til"]}),
        Linje("avdrag", avdrag, "øre", "Avdrag i terminen", "Avdrag i terminen", "etter planen",
              {"gjenstar": for_["gjenstar"], "slag": lan["slag"]}),
    )  # fmt: skip
    return Virkning("T10", _med(a, lan), (rente + avdrag) // 100, linjer=linjer)


def _om_to_uker(dag: date) -> str:
    return date.fromordinal(dag.toordinal() + PURRES_ETTER_DAGER).isoformat()


def innbetaling(a: Anledning) -> Virkning:
    """Booked on interest that is due, then on the debt (what is due of it first), and on interest that is not yet due
    when the loan is paid off. After the last term everything is due."""
    lan, belop = _til_na(a), a.hendelse["belop_ore"]
    if not lan["gjenstar"]:
        forfall_rente(lan)
    if belop > gjeld(lan):
        raise Nektet("F02")
    pa_rente = min(belop, lan["skyldig_rente"])
    pa_gjeld = min(belop - pa_rente, lan["restgjeld"])
    forskudd = belop - pa_rente - pa_gjeld
    lan["skyldig_rente"] -= pa_rente
    lan["palopt_rente"] -= forskudd
    lan["innbetalt_rente"] += pa_rente + forskudd
    lan["forfalt_avdrag"] -= min(pa_gjeld, lan["forfalt_avdrag"])
    lan["restgjeld"] -= pa_gjeld
    lan["innbetalt_avdrag"] += pa_gjeld
    kode, tilstand = "B10", a.stilling["tilstand"]
    if not forfalt(lan):
        lan["purringer"], lan["purres"] = 0, ""
        if tilstand == "misligholdt":
            kode, tilstand = "B30", _lopende(a.stilling)
    if not gjeld(lan) and tilstand == "nedbetales":
        kode, tilstand = "B20", "innfridd"
    return Virkning(kode, _med(a, lan, tilstand=tilstand), belop // 100)


def purring(a: Anledning) -> Virkning:
    """Nothing is reminded of that is paid meanwhile. The second reminder is what hands the loan over to collection."""
    lan = _til_na(a)
    if not forfalt(lan) or a.dag < date.fromisoformat(lan["purres"] or "9999-12-31"):
        raise Nektet("F09")
    lan["purringer"] += 1
    if lan["purringer"] == 1:
        lan["purres"] = _om_to_uker(a.dag)
        return Virkning("P10", _med(a, lan), forfalt(lan) // 100)
    lan["purres"] = ""
    return Virkning("P20", _med(a, lan, tilstand="misligholdt"), forfalt(lan) // 100)


def renteendring(a: Anledning) -> Virkning:
    """A floating rate changes on the fixed days; a fixed rate when its time is out; anybody may bind a floating one.

    It is decided ahead of its day, at most a year, and takes over on it; or on a day that interest is not yet reckoned
    past.
    """
    lan, h = a.stilling["lan"], a.hendelse
    fra = date.fromisoformat(h["fra"]) if h["fra"] else a.dag
    _krev_binding(h["binding_ar"])
    if not date.fromisoformat(lan["rente_til"]) <= fra <= arsdag(a.dag, 1):
        raise Nektet("F08")
    if lan["binding_til"] and fra < date.fromisoformat(lan["binding_til"]):
        raise Nektet("F04")
    fast_dag = fra.day == 1 and fra.month in FASTE_DAGER
    if not h["binding_ar"] and not lan["binding_til"] and not fast_dag:
        raise Nektet("F04")
    ny = {
        "fra": fra.isoformat(),
        "rente": h["rente"],
        "binding_til": _bundet_til(fra, h["binding_ar"]),
    }
    return Virkning("R10" if fra <= a.dag else "R20", _med(a, lop_til({**lan, "ny_rente": ny}, a.dag)))


def rentestart(a: Anledning) -> Virkning:
    """The day of a rate that was decided ahead."""
    ny = a.stilling["lan"]["ny_rente"]
    if not ny or a.dag < date.fromisoformat(ny["fra"]):
        raise Nektet("F09")
    return Virkning("R10", _med(a, _til_na(a)))


def utsettelse(a: Anledning) -> Virkning:
    """So many terms from now without instalments; never the last, and never above the longest time in all."""
    lan = _til_na(a)
    if a.hendelse["terminer"] > lan["gjenstar"] - 1:
        raise Nektet("F05")
    nye = max(0, a.hendelse["terminer"] - lan["avdragsfrie_terminer"])
    if lan["avdragsfritt_i_alt"] + nye > AVDRAGSFRIE_AR * lan["terminer_per_ar"]:
        raise Nektet("F10")
    lan["avdragsfrie_terminer"] += nye
    lan["avdragsfritt_i_alt"] += nye
    return Virkning("E10", _med(a, lan))


def lengre_lopetid(a: Anledning) -> Virkning:
    """Within the longest term of the scheme, counted from the payout."""
    lan, o = _til_na(a), a.ordning
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
    """Booked on realisation only (Husbankens årsrapport 2024, regnskapsprinsipper). When the whole debt is lost, the
    interest is given up with it."""
    lan, belop = _til_na(a), a.hendelse["belop_ore"]
    if not a.hendelse["konstatert"]:
        raise Nektet("F07")
    if belop > lan["restgjeld"]:
        raise Nektet("F02")
    lan["restgjeld"] -= belop
    lan["forfalt_avdrag"] = min(lan["forfalt_avdrag"], lan["restgjeld"])
    lan["tap"] += belop
    if lan["restgjeld"] or rest(a.stilling):
        return Virkning("X10", _med(a, lan), belop // 100)
    forfall_rente(lan)
    lan["ettergitt_rente"] += lan["skyldig_rente"]
    lan["skyldig_rente"] = 0
    return Virkning("X10", _med(a, lan, tilstand="tapt"), belop // 100)


def gjenvinning(a: Anledning) -> Virkning:
    """Paid on a loss later: income when it comes."""
    lan, belop = _til_na(a), a.hendelse["belop_ore"]
    if belop > lan["tap"] - lan["gjenvunnet"]:
        raise Nektet("F02")
    lan["gjenvunnet"] += belop
    return Virkning("X20", _med(a, lan), belop // 100)


_ORE: Felt = kr("belop_ore", "Beløp i øre.", "Beløp i øre.", minst=1)
_RENTE = antall(
    "rente",
    "Nominell rente i hundredels prosent (452 er 4,52 %).",
    "Nominell rente i hundredels prosent (452 er 4,52 %).",
    maks=STORSTE_RENTE,
)
_BINDING = antall(
    "binding_ar", "År renten er bundet; 0 er flytende.", "År renta er bunden; 0 er flytande.", 0, maks=20
)
_TERMINER = antall("terminer", "Antall terminer.", "Talet på terminar.", minst=1)

HENDELSER: dict[str, Hendelsesslag] = {
    h.navn: h
    for h in (
        VILKAR,
        Hendelsesslag(
            "utbetaling",
            "Lånet, eller en del av det, utbetales; vilkårene for lånet følger den første delen",
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
                    tillatt=(1, 2, 4, 12),
                ),
                antall(
                    "avdragsfrie_ar",
                    "År uten avdrag, høyst 8.",
                    "År utan avdrag, høgst 8.",
                    0,
                    maks=AVDRAGSFRIE_AR,
                ),
            ),
            frozenset({"vilkar_oppfylt", "under_arbeid"}),
            utbetaling,
        ),
        replace(tilskudd.ANNULLERING, fra=APNE | {"misligholdt"}, utfor=annullering),
        tilbaketrekking_fra(frozenset({"tilsagn", "vilkar_oppfylt"})),
        UTLOP,
        Hendelsesslag("termin", "En termin forfaller", (), LOPER, termin, maskin=True),
        Hendelsesslag("purring", "Det purres", (), PURRES_I, purring, maskin=True),
        Hendelsesslag("innbetaling", "Innbetaling på lånet", (_ORE,), LOPER, innbetaling, bokforing=True),
        Hendelsesslag(
            "renteendring",
            "Ny rente",
            (
                _RENTE,
                _BINDING,
                dato(
                    "fra",
                    "Dagen den nye renten gjelder fra; tom er dagen det avgjøres.",
                    "Dagen den nye renta gjeld frå; tom er dagen det blir avgjort.",
                    "",
                ),
            ),
            LOPER,
            renteendring,
        ),
        Hendelsesslag("rentestart", "En ny rente begynner å gjelde", (), LOPER, rentestart, maskin=True),
        Hendelsesslag("utsettelse", "Avdrag utsettes", (_TERMINER,), LOPER, utsettelse),
        Hendelsesslag("lengre_lopetid", "Lengre løpetid", (_TERMINER,), LOPER, lengre_lopetid),
        Hendelsesslag(
            "debitorbytte",
            "Lånet overføres til en ny låntaker",
            (
                orgnr(
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
