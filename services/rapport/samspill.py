"""``boligsak report samspill``: the report's tables and figures, from the model, into a folder."""

from collections.abc import Callable
from pathlib import Path

import orjson

from services.rapport.figurer import (
    ANDELER,
    Figurvalg,
    boutgifter,
    margin_og_bostotte,
    tegn,
    verdi_over_tid,
)
from services.rapport.sammenligning import Oppsett
from services.rapport.samspill_tabeller import dokument, markdown

ENDRET_PROGRESJON = (("innslagspunkt", 170_000.0), ("progresjon", 0.001))
HEVET_TAK = (("boutgiftstak", 90_000.0),)


def _margin(
    nummer: str,
    husstand: str,
    region: int,
    *,
    rente: float = 0.065,
    ar: int = 20,
    endring: tuple[tuple[str, float], ...] = (),
    hva: str = "",
    akse: tuple[int, int] = (100, 300),
) -> Figurvalg:
    oppsett = [Oppsett(husstand, region, andel, rente, ar, endring) for andel in ANDELER]
    tittel = f"{oppsett[0].navn}, region {region}{hva}"
    alternativ = f"Økonomisk margin og bostøtte etter personinntekt for tre tilskuddsandeler: {tittel}."
    return Figurvalg(nummer, tittel, alternativ, margin_og_bostotte(oppsett, *akse))


def _boutgift(
    nummer: str, o: Oppsett, andre: Oppsett | None = None, hva: str = "", til: int = 300
) -> Figurvalg:
    tittel = f"{o.navn}, region {o.region}{hva}"
    alternativ = f"Rimelig boutgift etter personinntekt mot boutgiftstak og godkjente boutgifter: {tittel}."
    return Figurvalg(nummer, tittel, alternativ, boutgifter(o, 100, til, andre))


_PAR = Oppsett("par_2_skole", 2, 0.4, nedbetalingstid=30)
_ENSLIG = Oppsett("enslig_1_skole", 0, 0.2, nedbetalingstid=30)


def _med(o: Oppsett, endring: tuple[tuple[str, float], ...]) -> Oppsett:
    return Oppsett(o.husstand, o.region, o.andel, o.rente, o.nedbetalingstid, endring)


FIGURER: tuple[Figurvalg, ...] = (
    _boutgift("2.3", _PAR),
    _boutgift("2.4", _PAR, _med(_PAR, (("progresjon", 0.001),)), ", progresjon 0,1 prosentpoeng"),
    _boutgift("2.5", _PAR, _med(_PAR, (("boutgiftstak", 128_000.0),)), ", hevet boutgiftstak"),
    _margin("3.1", "enslig", 0),
    _margin("3.2", "enslig", 3),
    _margin("3.3", "enslig", 2),
    _margin("3.4", "enslig", 1),
    _margin("3.5", "ung_ufor", 0),
    _margin("3.6", "ung_ufor", 3),
    _margin("3.7", "enslig_1_skole", 0),
    _margin("3.8", "enslig_1_barnehage", 0),
    _margin("3.9", "enslig_2_skole", 0, akse=(100, 350)),
    _margin("3.10", "enslig_2_barnehage", 0, akse=(100, 350)),
    _margin("3.11", "par", 0, akse=(100, 350)),
    _margin("tabell-3.8", "par_1_skole", 0, akse=(100, 400)),
    _margin("tabell-3.10", "par_2_skole", 0, akse=(100, 450)),
    _margin("4.1", "enslig_1_skole", 0, rente=0.055, hva=", rente 5,5 %"),
    _margin("4.2", "enslig_1_skole", 0, ar=30, hva=", 30 år"),
    _margin("4.3", "ung_ufor", 0, ar=30, hva=", 30 år"),
    _margin("4.4", "enslig", 0, ar=30, hva=", 30 år"),
    _boutgift("4.5", _ENSLIG, _med(_ENSLIG, HEVET_TAK), ", hevet boutgiftstak, 30 år", til=250),
    _margin("4.6", "enslig_1_skole", 0, ar=30, endring=HEVET_TAK, hva=", 30 år, boutgiftstak 90"),
    _boutgift("4.7", _ENSLIG, _med(_ENSLIG, ENDRET_PROGRESJON), ", endret progresjon, 30 år", til=250),
    _margin("4.8", "enslig_1_skole", 0, ar=30, endring=ENDRET_PROGRESJON, hva=", 30 år, endret progresjon"),
    Figurvalg(
        "7.1",
        "Verdien av et rente- og avdragsfritt lån over tid",
        "Nåverdien av et lån på 100 000 kroner uten renter og avdrag etter botid for fire rentesatser, og et tilskudd "
        "som skrives ned.",
        verdi_over_tid((0.035, 0.055, 0.065, 0.085), 30),
    ),
)


def skriv(mappe: Path, vis: Callable[[Path], None]) -> None:
    """Writes samspill.md, samspill.json and figurer/*.svg and *.png; ``vis`` is told each file. Raises OSError."""
    figurmappe = mappe / "figurer"
    figurmappe.mkdir(parents=True, exist_ok=True)
    tekster = [
        (v.fil, f"Figur {v.nummer}. {v.tittel}".replace("Figur tabell-", "Tabell "), v.alternativ)
        for v in FIGURER
    ]
    filer = {
        mappe / "samspill.md": markdown(tekster).encode(),
        mappe / "samspill.json": orjson.dumps(
            dokument(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        ),
    }
    for fil, innhold in filer.items():
        fil.write_bytes(innhold)
        vis(fil)
    for valg in FIGURER:
        for ending, innhold in tegn(valg).items():
            fil = figurmappe / f"{valg.fil}.{ending}"
            fil.write_bytes(innhold)
            vis(fil)
