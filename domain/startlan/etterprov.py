"""Startlån checked afterwards: decisions reckoned again, their reasons, and the law in words."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import orjson

from domain.regler.lovside import sats_rad, sats_verdi, side_markdown
from domain.regler.regel import Regel
from domain.regler.satser import SIKKERHET, Satsverdi
from domain.sak.etterprov import Etterprov, Gjentatt, UkjentRegelversjon, kodeversjon
from domain.sak.kjede import kanonisk
from domain.startlan.beregning import (
    KODEVERSJON,
    VIS_ENHET,
    beregn,
    felt,
    lovregler,
    perioder,
    regelversjon,
)
from domain.startlan.fakta import fullfor
from domain.startlan.koder import INDEKS, KODER
from domain.startlan.regelsett import FORSTE_TERMIN, SATSER

_MELLOM = "\u00a0"


def gjenta(fakta: Sequence[dict[str, Any]], versjon: str) -> Sequence[Gjentatt]:
    """See ``Etterprov``."""
    if (nr := kodeversjon(versjon)) > KODEVERSJON:
        raise UkjentRegelversjon(f"regelversjon: versjon {nr} er nyere enn koden, som er {KODEVERSJON}")
    ut = []
    for f in fakta:
        r = beregn(fullfor(f), nr)
        ut.append(Gjentatt(r.kode.kode, r.kode.utfall, r.belop, r.regelversjon, kanonisk(r.spor)))
    return ut


def sporverdier(spor: bytes) -> Mapping[str, Any]:
    return {linje["navn"]: linje["verdi"] for linje in orjson.loads(spor)}


def _kroner(verdi: float) -> str:
    tekst = f"{verdi:,.2f}".removesuffix(".00")
    return tekst.replace(",", _MELLOM).replace(".", ",").replace("-", "\u2212") + f"{_MELLOM}kr"


_VISES: tuple[tuple[str, str, str], ...] = (
    ("okonomisk_margin", "Når alt er betalt, er det {} igjen i året, med bostøtte.",
     "Når alt er betalt, er det {} att i året, med bustøtte."),
    ("margin_uten_bostotte", "Uten bostøtte er det {}.", "Utan bustøtte er det {}."),
    ("innvilget_lan", "Lånet er på {}.", "Lånet er på {}."),
    ("innvilget_tilskudd", "Tilskuddet er på {}.", "Tilskotet er på {}."),
    ("lan_kan_utbetales", "Av lånet utbetales {}.", "Av lånet blir {} betalt ut."),
    ("kurs", "Kursen ved innfrielsen er {}.", "Kursen ved innfriinga er {}."),
    ("kommunens_del", "Kommunen bærer {} av tapet.", "Kommunen ber {} av tapet."),
    ("statens_del", "Staten dekker {}.", "Staten dekkjer {}."),
    ("til_staten", "Staten får {}.", "Staten får {}."),
    ("til_kommunen", "Kommunen får {}.", "Kommunen får {}."),
)  # fmt: skip
"""Rule, and the sentence it is told in; those of zero kroner are left out."""


def begrunnelse(spor: Sequence[dict[str, Any]], _regelversjon: str) -> Mapping[str, Sequence[str]]:
    """The outcome, the condition it rests on, and the sums, from the trace alone."""
    linjer = {linje["navn"]: linje for linje in spor}
    kode = KODER[INDEKS[linjer["kode"]["verdi"]]]
    grunnkode = KODER[INDEKS[linjer["kode_av_soknad"]["verdi"]]] if "kode_av_soknad" in linjer else kode
    ut: dict[str, list[str]] = {"nb": [kode.nb], "nn": [kode.nn]}
    if grunnkode is not kode and grunnkode.utfall != "innvilget":  # an answer in advance grants nothing
        ut["nb"].append(grunnkode.nb)
        ut["nn"].append(grunnkode.nn)
    if grunnkode.vilkar:
        for sprak, setninger in ut.items():
            setninger.append(linjer[grunnkode.vilkar]["tekst"][sprak])
    for navn, nb, nn in _VISES:
        if (linje := linjer.get(navn)) and linje["verdi"]:
            ut["nb"].append(nb.format(_kroner(linje["verdi"])))
            ut["nn"].append(nn.format(_kroner(linje["verdi"])))
    return ut


def _som_kolonne(verdi: Any) -> Any:
    if isinstance(verdi, str):
        return np.array([INDEKS[verdi] if verdi in INDEKS else int(verdi.replace("-", ""))])
    return np.array([verdi]) if isinstance(verdi, bool) else np.array([float(verdi)])


def _eksempel(regel: Regel) -> dict[str, Any]:
    satser: dict[str, Satsverdi] = {}
    argumenter: list[Any] = []
    for navn in regel.inn:
        if navn in SATSER:
            verdi = SATSER[navn].gjelder(FORSTE_TERMIN)
            if verdi is None:
                raise LookupError(f"{regel.navn}: satsen {navn} gjelder ikke i {FORSTE_TERMIN}")
            satser[navn] = verdi
            argumenter.append(verdi.verdi)
        else:
            argumenter.append(_som_kolonne(regel.eksempel[navn]))
    svar = regel.funksjon(*argumenter)[0]
    vis = VIS_ENHET.get(regel.enhet)
    return {
        "termin": FORSTE_TERMIN,
        "inn": dict(regel.eksempel),
        "satser": {n: {"verdi": sats_verdi(v), "sikkerhet": v.sikkerhet} for n, v in satser.items()},
        "verdi": vis(svar) if vis else svar.item(),
    }


def _regel(arsak: str, regel: Regel) -> dict[str, Any]:
    fakta = felt(arsak)

    def slag(navn: str) -> str:
        return "sats" if navn in SATSER else "opplysning" if navn in fakta else "regel"

    return {
        "navn": f"{arsak}.{regel.navn}",
        "hjemmel": regel.hjemmel,
        "gyldig_fra": regel.gyldig_fra,
        "gyldig_til": regel.gyldig_til,
        "gjelder": f"behandlinger av slaget {arsak}",
        "enhet": regel.enhet,
        "tekst": dict(regel.tekst),
        "inn": [{"navn": n, "slag": slag(n)} for n in regel.inn],
        "formel": regel.formel,
        "forbehold": regel.forbehold,
        "eksempel": _eksempel(regel),
    }


def lovinnhold() -> dict[str, Any]:
    return {
        "ordning": "startlan",
        "forste_termin": FORSTE_TERMIN,
        "regler": [_regel(arsak, r) for arsak, r in lovregler()],
        "satser": [sats_rad(s) for s in SATSER.values()],
        "koder": [
            {"kode": k.kode, "utfall": k.utfall, "hjemmel": k.hjemmel, "tekst": {"nb": k.nb, "nn": k.nn}}
            for k in KODER
        ],
        "sikkerhet": {merke: dict(tekst) for merke, tekst in SIKKERHET.items()},
    }


ETTERPROV = Etterprov(
    fullfor=fullfor,
    gjenta=gjenta,
    sporverdier=sporverdier,
    begrunnelse=begrunnelse,
    perioder=perioder,
    regelversjon=regelversjon,
    lovinnhold=lovinnhold,
    lovinnhold_markdown=lambda: side_markdown(lovinnhold(), "startlån"),
)
