"""The events in the life of a compensation: the project is done and approved, then one payment each December."""

from datetime import date

from domain.tilsagn.felt import dato, kr
from domain.tilsagn.liv import Anledning, Bevegelse, Hendelsesslag, Linje, Nektet, Virkning
from domain.tilsagn.rentekompensasjon.plan import TERMINER, Standardlan, kompensasjon, utbetalingsdag
from domain.tilsagn.tilskudd import ANNULLERING, UTLOP


def ferdigstilling(a: Anledning) -> Virkning:
    """Interest runs on the approved cost, never more than was promised, from the first whole half-year after."""
    s, h = a.stilling, a.hendelse
    lovet = s["gitt"] - s["annullert"]
    godkjent = min(lovet, h["godkjent_kostnad"])
    mindre = lovet - godkjent
    ny = {**s, "tilstand": "lopende", "annullert": s["annullert"] + mindre, "ferdigdato": h["ferdigdato"],
          "godkjent_kostnad": godkjent, "halvar": 0, "kompensert": 0}  # fmt: skip
    return Virkning(
        "U30", ny, godkjent, (Bevegelse("annullert", mindre, "mindreutbetalt"),) if mindre else ()
    )


def forste_halvar(ferdig: date) -> tuple[int, int]:
    """(year, 0 or 1): the first whole half-year after the day."""
    return (ferdig.year, 1) if ferdig.month <= 6 else (ferdig.year + 1, 0)


def forste_utbetaling(ferdig: date) -> date:
    return utbetalingsdag(forste_halvar(ferdig)[0])


def arets_kompensasjon(a: Anledning) -> Virkning:
    """The year's half-years, each at the rate in force when it began."""
    s, verk = a.stilling, a.ordning.verk
    lan = Standardlan(int(s["kompensasjonsar"]), int(s["avdragsfritt"]), a.ordning.med_avdrag)
    start_ar, start_halvar = forste_halvar(date.fromisoformat(s["ferdigdato"]))
    nr, sum_, linjer = int(s["halvar"]), 0, []
    while nr < lan.halvar:
        ar, halvar = divmod(start_ar * TERMINER + start_halvar + nr, TERMINER)
        if ar > a.dag.year:
            break
        sats = verk.satser["rente"].gjelder(f"{ar}-{'07' if halvar else '01'}")
        if sats is None or not isinstance(sats.verdi, float):
            break
        en = kompensasjon(lan, int(s["godkjent_kostnad"]), nr, sats.verdi)
        sum_ += en.kompensasjon
        tekst_ = f"Halvår {halvar + 1} i {ar}: renter av {en.grunnlag} kroner"
        linjer.append(
            Linje(
                f"halvar_{nr + 1}", en.kompensasjon, "kr",
                tekst_, tekst_,
                "grunnlag * rente / 2 + avdrag", {"grunnlag": en.grunnlag, "avdrag": en.avdrag},
                {"rente": {"verdi": sats.verdi, "sikkerhet": sats.sikkerhet}},
            )
        )  # fmt: skip
        nr += 1
    if nr == s["halvar"]:
        raise Nektet("F09")
    slutt = nr == lan.halvar
    ny = {
        **s,
        "halvar": nr,
        "kompensert": s["kompensert"] + sum_,
        "tilstand": "avsluttet" if slutt else "lopende",
    }
    return Virkning("K20" if slutt else "K10", ny, sum_, betales=sum_, linjer=tuple(linjer))


HENDELSER: dict[str, Hendelsesslag] = {
    h.navn: h
    for h in (
        Hendelsesslag(
            "ferdigstilling",
            "Prosjektet er ferdig og godkjent",
            (
                kr("godkjent_kostnad", "Godkjent prosjektkostnad.", "Godkjend prosjektkostnad.", minst=1),
                dato("ferdigdato", "Dagen prosjektet var ferdig.", "Dagen prosjektet var ferdig."),
            ),
            frozenset({"tilsagn"}),
            ferdigstilling,
        ),
        Hendelsesslag(
            "kompensasjon", "Årets kompensasjon", (), frozenset({"lopende"}), arets_kompensasjon, maskin=True
        ),
        ANNULLERING,
        UTLOP,
    )
}
