"""Dated parameters, loaded from YAML: one file a group of rates, one list of values a rate, oldest first.

    formue_andel:
      etikett: {nb: "…", nn: "…"}
      enhet: andel
      hjemmel: forskrift om bustøtte § 6
      verdier:
        - {fra: 2022-06-01, verdi: 0.65, kilde: "…", sikkerhet: V}

A value holds from the month of ``fra`` until the next. ``sikkerhet`` says how sure the figure is: ``V`` stands
verbatim in the source, ``V2`` verbatim in a secondary source, ``D`` derived by arithmetic, ``I`` inferred from
wording, ``M`` from memory. Every mark but V and V2 must follow the figure wherever it is shown.

A value that proves wrong stays, with ``til_versjon``; the right one stands after it with the same ``fra`` and
``fra_versjon``: decisions made with the earlier version of the scheme's code are still reckoned with it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from itertools import pairwise
from typing import Any, Literal

import yaml

from domain.regler.regel import SPRAK, i_versjon
from domain.regler.termin import situasjonsdato

Sikkerhet = Literal["V", "V2", "D", "I", "M"]
SIKKERHET: Mapping[str, Mapping[str, str]] = {
    "V": {"nb": "ordrett i kilden", "nn": "ordrett i kjelda"},
    "V2": {"nb": "ordrett i en sekundærkilde", "nn": "ordrett i ei sekundærkjelde"},
    "D": {"nb": "utledet ved regning og ikke bekreftet", "nn": "utleidde ved rekning og ikkje stadfesta"},
    "I": {"nb": "sluttet av ordlyden", "nn": "slutta av ordlyden"},
    "M": {"nb": "etter hukommelsen og ikke bekreftet", "nn": "etter minnet og ikkje stadfesta"},
}
ENHETER = ("kr/år", "kr/md", "kr", "andel", "vekt", "antall", "år", "m²", "kr/m²")
Verdi = float | tuple[float, ...]


class SatsFeil(ValueError):
    """A rate file that cannot be used. The message names file and key."""


@dataclass(frozen=True, slots=True)
class Satsverdi:
    fra: date
    verdi: Verdi
    kilde: str
    sikkerhet: Sikkerhet
    merknad: str | None = None
    fra_versjon: int = 1
    til_versjon: int | None = None


@dataclass(frozen=True, slots=True)
class Sats:
    """``indeks`` says what the places of a list value stand for; a plain rate has none."""

    navn: str
    etikett: Mapping[str, str]
    enhet: str
    hjemmel: str
    verdier: tuple[Satsverdi, ...]
    indeks: str | None = None

    def i_versjon(self, versjon: int | None = None) -> tuple[Satsverdi, ...]:
        """The values as this version of the code has them (default the newest)."""
        return tuple(v for v in self.verdier if i_versjon(v.fra_versjon, v.til_versjon, versjon))

    def gjelder(self, termin: str, versjon: int | None = None) -> Satsverdi | None:
        """The value in force in this termin, or None before the first one."""
        dag = situasjonsdato(termin)
        treff = None
        for verdi in self.i_versjon(versjon):
            if verdi.fra.year * 10000 + verdi.fra.month * 100 + 1 > dag:
                break
            treff = verdi
        return treff


class _Laster(yaml.SafeLoader):
    fil = ""


def _unike(laster: _Laster, node: yaml.MappingNode) -> dict[Any, Any]:
    ut: dict[Any, Any] = {}
    for nokkelnode, verdinode in node.value:
        nokkel = laster.construct_object(nokkelnode, deep=True)
        if nokkel in ut:
            raise SatsFeil(
                f"{laster.fil}: nøkkelen {nokkel!r} står to ganger (linje {nokkelnode.start_mark.line + 1})"
            )
        ut[nokkel] = laster.construct_object(verdinode, deep=True)
    return ut


_Laster.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unike)


def les_yaml(tekst: str, fil: str) -> Any:
    """YAML with plain types only; a key that stands twice is a :class:`SatsFeil`."""
    laster = _Laster(tekst)
    laster.fil = fil
    try:
        return laster.get_single_data()
    except (yaml.YAMLError, ValueError) as feil:
        if isinstance(feil, SatsFeil):
            raise
        raise SatsFeil(f"{fil}: ikke gyldig YAML ({feil})") from feil
    finally:
        laster.dispose()


def _krev(felt: Any, kjente: set[str], pakrevde: set[str], sted: str) -> dict[str, Any]:
    if not isinstance(felt, dict):
        raise SatsFeil(f"{sted}: må være et oppslag med nøkler")
    for navn in felt:
        if navn not in kjente:
            raise SatsFeil(f"{sted}: ukjent nøkkel {navn!r}")
    for navn in sorted(pakrevde - felt.keys()):
        raise SatsFeil(f"{sted}: nøkkelen {navn!r} mangler")
    return felt


def _tall(verdi: Any, sted: str) -> Verdi:
    if isinstance(verdi, list) and verdi:
        return tuple(_ett_tall(v, sted) for v in verdi)
    return _ett_tall(verdi, sted)


def _ett_tall(verdi: Any, sted: str) -> float:
    if isinstance(verdi, bool) or not isinstance(verdi, int | float):
        raise SatsFeil(f"{sted}: 'verdi' må være et tall")
    return float(verdi)


def _satsverdi(rad: Any, sted: str) -> Satsverdi:
    pakrevd = {"fra", "verdi", "kilde", "sikkerhet"}
    felt = _krev(rad, {*pakrevd, "merknad", "fra_versjon", "til_versjon"}, pakrevd, sted)
    fra = felt["fra"]
    if type(fra) is not date:
        raise SatsFeil(f"{sted}: 'fra' må være en dato ÅÅÅÅ-MM-DD, ikke {fra!r}")
    if fra.day != 1:
        raise SatsFeil(f"{sted}: 'fra' må være den første i en måned, ikke {fra}")
    if felt["sikkerhet"] not in SIKKERHET:
        raise SatsFeil(f"{sted}: 'sikkerhet' må være en av {', '.join(SIKKERHET)}")
    if not felt["kilde"] or not isinstance(felt["kilde"], str):
        raise SatsFeil(f"{sted}: 'kilde' må være tekst")
    return Satsverdi(
        fra,
        _tall(felt["verdi"], sted),
        felt["kilde"],
        felt["sikkerhet"],
        felt.get("merknad"),
        _versjon(felt.get("fra_versjon", 1), sted),
        _versjon(felt["til_versjon"], sted) if "til_versjon" in felt else None,
    )


def _versjon(verdi: Any, sted: str) -> int:
    if type(verdi) is not int or verdi < 1:
        raise SatsFeil(f"{sted}: 'fra_versjon' og 'til_versjon' må være hele tall fra 1")
    return verdi


def _sats(navn: str, rad: Any, fil: str, sprak: tuple[str, ...]) -> Sats:
    sted = f"{fil}: {navn}"
    felt = _krev(
        rad,
        {"etikett", "enhet", "hjemmel", "indeks", "verdier"},
        {"etikett", "enhet", "hjemmel", "verdier"},
        sted,
    )
    etikett = _krev(felt["etikett"], set(sprak), set(sprak), f"{sted}.etikett")
    if felt["enhet"] not in ENHETER:
        raise SatsFeil(f"{sted}: 'enhet' må være en av {', '.join(ENHETER)}")
    if not isinstance(felt["verdier"], list) or not felt["verdier"]:
        raise SatsFeil(f"{sted}: 'verdier' må være en liste")
    verdier = tuple(_satsverdi(v, f"{sted}.verdier[{i}]") for i, v in enumerate(felt["verdier"]))
    sats = Sats(navn, etikett, felt["enhet"], felt["hjemmel"], verdier, felt.get("indeks"))
    for versjon in sorted({v.fra_versjon for v in verdier}):
        for forst, sist in pairwise(sats.i_versjon(versjon)):
            if sist.fra <= forst.fra:
                raise SatsFeil(f"{sted}: 'fra' {sist.fra} står etter {forst.fra}; den eldste skal stå først")
    if not sats.i_versjon():
        raise SatsFeil(f"{sted}: ingen verdi gjelder i den nyeste versjonen")
    for forst, sist in pairwise(verdier):
        if isinstance(sist.verdi, tuple) != isinstance(forst.verdi, tuple) or (
            isinstance(sist.verdi, tuple)
            and isinstance(forst.verdi, tuple)
            and len(sist.verdi) != len(forst.verdi)
        ):
            raise SatsFeil(f"{sted}: verdiene fra {forst.fra} og {sist.fra} har ulik form")
    return sats


class Satssamling(Mapping[str, Sats]):
    """Every rate of a scheme by name."""

    def __init__(self, satser: Iterable[Sats]) -> None:
        self._satser: dict[str, Sats] = {}
        for sats in satser:
            if sats.navn in self._satser:
                raise SatsFeil(f"satsen {sats.navn!r} står i to filer")
            self._satser[sats.navn] = sats

    def __getitem__(self, navn: str) -> Sats:
        return self._satser[navn]

    def __iter__(self) -> Iterator[str]:
        return iter(self._satser)

    def __len__(self) -> int:
        return len(self._satser)


def satser_av_tekst(tekst: str, fil: str, sprak: tuple[str, ...] = SPRAK) -> list[Sats]:
    """The rates of one file's text, named in each of ``sprak``. Raises :class:`SatsFeil` naming file and key."""
    innhold = les_yaml(tekst, fil)
    if not isinstance(innhold, dict):
        raise SatsFeil(f"{fil}: må være et oppslag fra satsnavn til sats")
    return [_sats(str(navn), rad, fil, sprak) for navn, rad in innhold.items()]


def les_satser(pakke: str, sprak: tuple[str, ...] = SPRAK) -> Satssamling:
    """All ``satser/*.yaml`` of a package, e.g. ``domain.bostotte``."""
    mappe = files(pakke).joinpath("satser")
    filer = sorted((f for f in mappe.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    return Satssamling(s for f in filer for s in satser_av_tekst(f.read_text("utf-8"), f.name, sprak))
