"""The events in the life of a compensation: the project is done and approved, then one payment each December."""

from datetime import date

from domain.regler.satser import Satsverdi
from domain.tilsagn.felt import antall, dato, kr
from domain.tilsagn.liv import Anledning, Bevegelse, Hendelsesslag, Linje, Nektet, Virkning
from domain.tilsagn.rentekompensasjon.plan import TERMINER, Standardlan, kompensasjon
from domain.tilsagn.tilskudd import ANNULLERING, UTLOP, tilbaketrekking_fra


def ferdigstilling(a: Anledning) -> Virkning:
    """Interest runs on the approved cost, never more than was promised, from the first whole half-year after.

    A project of the closed schemes that has been compensated before it came here goes on from where it was
    (``halvar_betalt``). The rate of the first half-year to be paid has to be known.
    """
    s, h = a.stilling, a.hendelse
    ferdig = date.fromisoformat(h["ferdigdato"])
    if ferdig > a.dag or h["halvar_betalt"] >= s["kompensasjonsar"] * TERMINER:
        raise Nektet("F08")
    if _sats(a, _halvar(ferdig, h["halvar_betalt"])) is None:
        raise Nektet("F08")
    lovet = s["gitt"] - s["annullert"]
    godkjent = min(lovet, h["godkjent_kostnad"])
    mindre = lovet - godkjent
    ny = {**s, "tilstand": "lopende", "annullert": s["annullert"] + mindre, "ferdigdato": h["ferdigdato"],
          "godkjent_kostnad": godkjent, "halvar": h["halvar_betalt"], "kompensert": 0}  # fmt: skip
    return Virkning(
        "U30", ny, godkjent, (Bevegelse("annullert", mindre, "mindreutbetalt"),) if mindre else ()
    )


def forste_halvar(ferdig: date) -> tuple[int, int]:
    """(year, 0 or 1): the first whole half-year after the day."""
    return (ferdig.year, 1) if ferdig.month <= 6 else (ferdig.year + 1, 0)


def _halvar(ferdig: date, nr: int) -> tuple[int, int]:
    """(year, 0 or 1) of the compensation's half-year ``nr`` (0 the first)."""
    ar, halvar = forste_halvar(ferdig)
    return divmod(ar * TERMINER + halvar + nr, TERMINER)


def _sats(a: Anledning, halvar: tuple[int, int]) -> Satsverdi | None:
    """The rate in force when the half-year began; None when it is not known."""
    sats = a.ordning.verk.satser["rente"].gjelder(f"{halvar[0]}-{'07' if halvar[1] else '01'}")
    return sats if sats is not None and isinstance(sats.verdi, float) else None


def arets_kompensasjon(a: Anledning) -> Virkning:
    """The year's half-years, each at the rate in force when it began."""
    s = a.stilling
    lan = Standardlan(int(s["kompensasjonsar"]), int(s["avdragsfritt"]), a.ordning.med_avdrag)
    ferdig = date.fromisoformat(s["ferdigdato"])
    nr, sum_, linjer = int(s["halvar"]), 0, []
    while nr < lan.halvar:
        ar, halvar = _halvar(ferdig, nr)
        sats = _sats(a, (ar, halvar))
        if ar > a.dag.year or sats is None:
            break
        en = kompensasjon(lan, int(s["godkjent_kostnad"]), nr, float(sats.verdi))  # type: ignore[arg-type]
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
                antall(
                    "halvar_betalt",
                    "Halvår som alt er kompensert, for prosjekter fra før.",
                    "Halvår som alt er kompenserte, for prosjekt frå før.",
                    0,
                    maks=2 * 30,
                ),
            ),
            frozenset({"tilsagn"}),
            ferdigstilling,
        ),
        Hendelsesslag(
            "kompensasjon", "Årets kompensasjon", (), frozenset({"lopende"}), arets_kompensasjon, maskin=True
        ),
        ANNULLERING,
        tilbaketrekking_fra(frozenset({"tilsagn"})),
        UTLOP,
    )
}
