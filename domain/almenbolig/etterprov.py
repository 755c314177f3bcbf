"""A step decided, and decided again: code, amount and trace from the facts alone."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

import orjson

from domain.almenbolig import VALUTA
from domain.almenbolig.fakta import START, Fakta
from domain.almenbolig.finansiering import KODEVERSJON, finansier, regelversjon, som_kolonner, spor
from domain.almenbolig.forudsaetninger import seneste
from domain.almenbolig.hensaettelse import LANETERMINER
from domain.almenbolig.kalender import forfaldsdag
from domain.almenbolig.livslob import Udfald, udfor
from domain.almenbolig.lovinnhold import lovinnhold, lovinnhold_markdown
from domain.almenbolig.regelsett import FORSTE_TERMIN, LOV, REGLER, SATSER
from domain.sak.etterprov import Etterprov, Gjentatt, UkjentRegelversjon, kodeversjon
from domain.sak.kjede import kanonisk
from domain.sak.ordning import Avgjorelse

KODER: Mapping[str, tuple[str, str, str]] = {
    "finanslov": ("D00", "budgetteret", "Udgiften til det forventede tilsagn er budgetteret."),
    "tilsagn": ("D01", "innvilget", "Der er givet tilsagn, og støtten er hensat."),
    "skema_b": ("D02", "registreret", "Projektet er godkendt, og hensættelsen er reguleret."),
    "skema_c": ("D03", "registreret", "Regnskabet er godkendt, og hensættelsen er reguleret."),
    "finansiering": ("D04", "registreret", "Lånet er optaget, og hensættelsen er reguleret."),
    "refinansiering": ("D05", "registreret", "Lånet er refinansieret, og hensættelsen er reguleret."),
    "rente": ("D10", "bogfort", "Hensættelsen er opskrevet med årets rente."),
    "termin": ("D11", "bogfort", "Kvartalets ydelsesstøtte er trukket på hensættelsen."),
    "refusion": ("D12", "bogfort", "Landsbyggefondens refusion er fastsat, og hensættelsen er reguleret."),
    "revurdering": ("D13", "bogfort", "Hensættelsen er revurderet."),
    "afslutning": ("D14", "afsluttet", "Støtten er ophørt, og hensættelsen er nul."),
    "bortfald": ("D15", "bortfaldet", "Tilsagnet er bortfaldet, og hensættelsen er tilbageført."),
}
"""Step → code, outcome, and what it says."""
_ARTER = {
    "hensaettelse": "Hensættelse ved tilsagnet",
    "regulering": "Regulering af hensættelsen til den nye nutidsværdi",
    "rente": "Opskrivning af hensættelsen ved årets begyndelse",
    "udbetaling": "Ydelsesstøtte: låneydelse mindre beboerbetaling; indbetalt til staten når den er negativ",
    "bortfald": "Tilbageførsel af hensættelsen",
}
UDEN_PROJEKT = frozenset({"rente", "termin"})
"""Steps that reckon nothing of the project anew."""


def _linje(navn: str, ore: int, tekst: str, formel: str, hjemmel: str, **inn: Any) -> dict[str, Any]:
    return {
        "navn": navn,
        "verdi": ore / 100,
        "enhet": VALUTA,
        "hjemmel": hjemmel,
        "tekst": {"da": tekst},
        "formel": formel,
        "inn": inn,
        "satser": {},
    }


def _spor(fakta: Fakta, udfald: Udfald, versjon: int | None) -> list[dict[str, Any]]:
    linjer: list[dict[str, Any]] = []
    if fakta["skridt"] not in UDEN_PROJEKT:
        termin = fakta["projekt"]["termin"]
        linjer += spor(finansier(som_kolonner(fakta["projekt"]), termin, versjon), termin, versjon)
        merker = fakta["forudsaetninger"]["merker"]
        linjer.append(
            _linje(
                "forventet_stotte", udfald.forventet_ore, "Nutidsværdien af de terminer der er tilbage",
                "sum(ydelsesstotte / (1 + diskonteringsrente) ** (år - dato.år))", f"{LOV} § 130",
                terminer_betalt=udfald.stilling["terminer"],
                udgave=fakta["forudsaetninger"]["udgave"], sikkerhed=merker,
            )
        )  # fmt: skip
    if fakta["skridt"] == "termin" and udfald.stilling["terminer"] > fakta["stilling"]["terminer"]:
        nr = fakta["stilling"]["terminer"]
        plan = udfald.plan
        lan, betaling = int(plan.laneydelse[nr]), int(plan.beboerbetaling[nr])
        linjer += [
            _linje("laneydelse", lan, "Ydelsen på lånet", "annuitet", f"{LOV} § 130", termin=nr + 1),
            _linje("beboerbetaling_termin", betaling, _hvem(nr, versjon), "reguleret", f"{LOV} § 129"),
        ]
    if fakta["skridt"] == "afslutning" and _nyere(versjon):
        linjer += _fondene(udfald.plan.beboerbetaling_efter)
    for p in udfald.posteringer:
        linjer.append(_linje(p.art, p.belob_ore, _ARTER[p.art], "postering", f"{LOV} § 130", dato=p.dato))
    if udfald.stilling["refusion_ore"] is not None and fakta["skridt"] == "refusion":
        linjer += _refusion(udfald, versjon)
    linjer.append(
        _linje(
            "saldo", udfald.stilling["saldo_ore"], "Hensættelsen efter skridtet", "saldo før + posteringer",
            f"{LOV} § 130", for_=fakta["stilling"]["saldo_ore"] / 100,
            **{art: ore / 100 for art, ore in sorted(udfald.stilling["posteret"].items())},
        )
    )  # fmt: skip
    return linjer


def _nyere(versjon: int | None) -> bool:
    """The traces of the code's first version did not say who gets and pays."""
    return (versjon or KODEVERSJON) > 1


def _hvem(nr: int, versjon: int | None) -> str:
    hvem = "kreditinstituttet" if nr < LANETERMINER else "staten"
    return f"Beboernes betaling, til {hvem}" if _nyere(versjon) else "Beboernes betaling"


def _fondene(ore: int) -> list[dict[str, Any]]:
    """Where the beboerbetaling goes when the support is over (the report, figure 2.1)."""
    fonde = "Landsbyggefonden, den lokale dispositionsfond og nybyggerifonden"
    tekst = f"Beboernes betaling herefter, en tredjedel hver til {fonde}"
    return [
        _linje("beboerbetaling_efter", ore, tekst, "reguleret", f"{LOV} § 129", modtager=_tredjedele(ore))
    ]


def _tredjedele(ore: int) -> list[float]:
    """Whole øre that sum to the whole."""
    return [(ore * (n + 1) // 3 - ore * n // 3) / 100 for n in range(3)]


def _refusion(udfald: Udfald, versjon: int | None) -> list[dict[str, Any]]:
    ore = udfald.stilling["refusion_ore"] or 0
    tekst = "Landsbyggefondens del, beregnet på et lån uden statsgaranti"
    if not _nyere(versjon):
        return [_linje("refusion", ore, tekst, "andel * skyggelån", f"{LOV} § 130")]
    fra = udfald.stilling.get("refusion_fra")
    inn = {"betales_fra": forfaldsdag(fra).isoformat()} if fra is not None else {}
    formel = "andel * sum(ydelsesstotte af skyggelånet / (1 + diskonteringsrente) ** (år - år 3))"
    return [_linje("refusion", ore, tekst, formel, f"{LOV} § 92 a", **inn)]


def afgor(fakta: Fakta, versjon: int | None = None) -> Avgjorelse:
    """The step booked. ``belop``: whole kroner of what it booked itself, interest of earlier years apart."""
    udfald = udfor(fakta, versjon)
    kode, utfall, _ = KODER[fakta["skridt"]]
    egne = [p.belob_ore for p in udfald.posteringer if fakta["skridt"] == "rente" or p.art != "rente"]
    ore = udfald.forventet_ore if fakta["skridt"] == "finanslov" else sum(egne)
    return Avgjorelse(
        kode,
        utfall,
        int(ore / 100 + (0.5 if ore > 0 else -0.5)),
        regelversjon(fakta["projekt"]["termin"], versjon),
        kanonisk(_spor(fakta, udfald, versjon)),
        avslutter=udfald.stilling["afsluttet"],
    )


def _gjenta(fakta: Sequence[Fakta], regelversjon_: str) -> Sequence[Gjentatt]:
    versjon = kodeversjon(regelversjon_)
    if versjon > KODEVERSJON:
        raise UkjentRegelversjon(f"regelversjon: versjon {versjon} er nyere enn koden, som er {KODEVERSJON}")
    svar = [afgor(f, versjon) for f in fakta]
    return [Gjentatt(a.kode, a.utfall, a.belop, a.regelversjon, a.spor) for a in svar]


def _begrunnelse(linjer: Sequence[Mapping[str, Any]], _regelversjon: str) -> Mapping[str, Sequence[str]]:
    """A sentence a line, with its amount as it stands in the trace."""
    vis = [li for li in linjer if li["enhet"] == VALUTA]
    return {"da": [f"{li['tekst']['da']}: {_kroner(li['verdi'])}." for li in vis]}


def _kroner(kr: float) -> str:
    return f"{kr:,.2f}".replace(",", "\u00a0").replace(".", ",").replace("-", "−") + "\u00a0kr"


def fullfor(fakta: Mapping[str, Any]) -> Fakta:
    """With what is left out filled in: a first step, of a commitment of that month, by the forecast then out."""
    termin = fakta["termin"]
    forud = seneste(termin).dokument()
    projekt = {"termin": termin, "diskonteringsrente": forud["diskonteringsrente"], "bidrag_per_m2": 0}
    standard = {
        "valuta": VALUTA,
        "dato": f"{termin}-15",
        "lan": None,
        "forudsaetninger": forud,
        "stilling": START,
    }
    return {**deepcopy(standard), **fakta, "projekt": {**projekt, **fakta["projekt"]}}


def perioder() -> Sequence[str]:
    """Where a rule's form or a rate changes."""
    fra = {v.fra for s in SATSER.values() for v in s.i_versjon()}
    mulige = {*REGLER.grenser(), *(f"{d.year:04d}-{d.month:02d}" for d in fra)}
    return sorted(t for t in mulige if t >= FORSTE_TERMIN)


ETTERPROV = Etterprov(
    fullfor=fullfor,
    gjenta=_gjenta,
    sporverdier=lambda lagret: {li["navn"]: li["verdi"] for li in orjson.loads(lagret)},
    begrunnelse=_begrunnelse,
    perioder=perioder,
    regelversjon=regelversjon,
    lovinnhold=lambda: lovinnhold(KODER),
    lovinnhold_markdown=lambda: lovinnhold_markdown(KODER),
)
