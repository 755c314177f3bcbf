"""Outcome codes of startlån. Within a kind of treatment they are tried in this order; the first that applies counts."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.startlan.regelsett import FORSKRIFT, TILSKUDDSLOV


@dataclass(frozen=True, slots=True)
class Kode:
    kode: str
    utfall: str
    nb: str
    nn: str
    hjemmel: str
    arsak: str
    """The kind of treatment it belongs to."""
    vilkar: str | None = None
    """The rule that makes the code apply; its text is the reason given."""


def _k(kode: str, utfall: str, nb: str, nn: str, hjemmel: str, arsak: str, vilkar: str | None = None) -> Kode:
    return Kode(kode, utfall, nb, nn, hjemmel, arsak, vilkar)


_F = FORSKRIFT
KODER: tuple[Kode, ...] = (
    _k(
        "L00",
        "innvilget",
        "Du får finansieringsbevis for startlån.",
        "Du får finansieringsbevis for startlån.",
        f"{_F} §§ 5-2 til 5-4",
        "soknad",
    ),
    _k(
        "L30",
        "innvilget",
        "Du får finansieringsbevis for startlån og tilskudd til etablering.",
        "Du får finansieringsbevis for startlån og tilskot til etablering.",
        f"{_F} §§ 5-2 til 5-4; {TILSKUDDSLOV}",
        "soknad",
    ),
    _k(
        "L31",
        "innvilget",
        "Du får tilskudd til etablering. Lån trengs ikke.",
        "Du får tilskot til etablering. Lån trengst ikkje.",
        TILSKUDDSLOV,
        "soknad",
    ),
    _k(
        "F00",
        "forhandssvar",
        "Svar på forhånd: ut fra opplysningene kan du få startlån. Svaret binder ikke penger.",
        "Svar på førehand: ut frå opplysningane kan du få startlån. Svaret bind ikkje pengar.",
        f"{_F} §§ 5-2 til 5-4",
        "soknad",
    ),
    _k(
        "F01",
        "forhandssvar",
        "Svar på forhånd: ut fra opplysningene kan du ikke få startlån.",
        "Svar på førehand: ut frå opplysningane kan du ikkje få startlån.",
        f"{_F} §§ 5-2 til 5-4",
        "soknad",
    ),
    _k(
        "L09",
        "avvist",
        "Søknaden er avvist fordi det mangler opplysninger.",
        "Søknaden er avvist fordi det manglar opplysningar.",
        "forvaltningsloven § 17",
        "soknad",
        vilkar="opplysninger_mangler",
    ),
    _k(
        "L20",
        "henvist",
        "Du blir hos en annen långiver, som gir lånet på vilkår du kan bære.",
        "Du blir hos ein annan långivar, som gir lånet på vilkår du kan bere.",
        f"{_F} § 5-2",
        "soknad",
        vilkar="blir_hos_annen",
    ),
    _k(
        "L02",
        "avslag",
        "Startlån gis ikke til dette formålet.",
        "Startlån blir ikkje gitt til dette føremålet.",
        f"{_F} § 5-3",
        "soknad",
        vilkar="formalet_utenfor",
    ),
    _k(
        "L01",
        "avslag",
        "Du kan få lånet i en vanlig bank.",
        "Du kan få lånet i ein vanleg bank.",
        f"{_F} § 5-2",
        "soknad",
        vilkar="far_lan_andre_steder",
    ),
    _k(
        "L07",
        "avslag",
        "Vilkårene i forsøket for førstegangsetablerere er ikke oppfylt.",
        "Vilkåra i forsøket for førstegongsetablerarar er ikkje oppfylte.",
        f"{_F} kap. 5 (forsøk)",
        "soknad",
        vilkar="forstegang_ikke_oppfylt",
    ),
    _k(
        "L04",
        "avslag",
        "Problemet med å finansiere en bolig er ikke langvarig.",
        "Problemet med å finansiere ein bustad er ikkje langvarig.",
        f"{_F} § 5-4 bokstav a",
        "soknad",
        vilkar="ikke_langvarig",
    ),
    _k(
        "L05",
        "avslag",
        "Muligheten til å spare er ikke brukt.",
        "Høvet til å spare er ikkje brukt.",
        f"{_F} § 5-4 bokstav b",
        "soknad",
        vilkar="ikke_spart",
    ),
    _k(
        "L03",
        "avslag",
        "Boligen er ikke egnet eller ikke nøktern.",
        "Bustaden er ikkje eigna eller ikkje nøktern.",
        f"{_F} § 5-3",
        "soknad",
        vilkar="bolig_ikke_egnet",
    ),
    _k(
        "L08",
        "avslag",
        "Inntekten er for lav til å betjene lånet og ha nok igjen til livsopphold.",
        "Inntekta er for låg til å betene lånet og ha nok att til livsopphald.",
        f"{_F} § 5-2",
        "soknad",
        vilkar="mangler_betjeningsevne",
    ),
    _k(
        "L10",
        "avslag",
        "Kommunen har ikke flere midler å låne ut.",
        "Kommunen har ikkje fleire midlar å låne ut.",
        f"{_F} § 5-1",
        "soknad",
        vilkar="kommunen_uten_midler",
    ),
    _k("U00", "innvilget", "Lånet utbetales.", "Lånet blir utbetalt.", f"{_F} § 5-3", "utbetaling"),
    _k(
        "U01",
        "avslag",
        "Boligen er kjøpt utenfor tiden finansieringsbeviset gjaldt.",
        "Bustaden er kjøpt utanfor tida finansieringsbeviset galdt.",
        "finansieringsbeviset",
        "utbetaling",
        vilkar="kjopt_utenfor_tiden",
    ),
    _k(
        "U02",
        "avslag",
        "Boligen er ikke egnet eller ikke nøktern.",
        "Bustaden er ikkje eigna eller ikkje nøktern.",
        f"{_F} § 5-3",
        "utbetaling",
        vilkar="kjopt_bolig_ikke_egnet",
    ),
    _k(
        "U03",
        "avslag",
        "Vilkårene i finansieringsbeviset er ikke oppfylt.",
        "Vilkåra i finansieringsbeviset er ikkje oppfylte.",
        "finansieringsbeviset",
        "utbetaling",
        vilkar="bevisets_vilkar_ikke_oppfylt",
    ),
    _k(
        "U04",
        "avslag",
        "Ingenting av beviset skal utbetales.",
        "Ingenting av beviset skal betalast ut.",
        "finansieringsbeviset",
        "utbetaling",
        vilkar="ingenting_utbetales",
    ),
    _k("E00", "innvilget", "Lånevilkårene er endret.", "Lånevilkåra er endra.", f"{_F} § 8-5", "lanendring"),
    _k(
        "E01",
        "avslag",
        "Endringen er utenfor det vilkårene tillater.",
        "Endringa er utanfor det vilkåra tillèt.",
        f"{_F} § 8-5",
        "lanendring",
        vilkar="endring_utenfor_grensene",
    ),
    _k(
        "E02",
        "avslag",
        "Kommunen finner ikke grunn til å endre lånevilkårene.",
        "Kommunen finn ikkje grunn til å endre lånevilkåra.",
        f"{_F} § 8-5",
        "lanendring",
        vilkar="endring_uten_grunn",
    ),
    _k(
        "T00",
        "innvilget",
        "Staten dekker sin del av tapet.",
        "Staten dekkjer sin del av tapet.",
        f"{_F} § 7-5",
        "tap",
    ),
    _k(
        "T01",
        "avslag",
        "Det er søkt om tapsdeling for sent.",
        "Det er søkt om tapsdeling for seint.",
        f"{_F} § 7-5",
        "tap",
        vilkar="sokt_for_sent",
    ),
    _k(
        "T02",
        "avslag",
        "Tapet er ikke større enn det kommunen bærer selv.",
        "Tapet er ikkje større enn det kommunen ber sjølv.",
        f"{_F} § 7-5",
        "tap",
        vilkar="ingen_statlig_andel",
    ),
    _k(
        "R00",
        "innvilget",
        "Det som er innfordret, er fordelt: staten først.",
        "Det som er kravd inn, er fordelt: staten først.",
        f"{_F} § 7-5",
        "innfordring",
    ),
    _k(
        "B00",
        "bortfalt",
        "Finansieringsbeviset er utløpt, og det som var bundet, er frigitt.",
        "Finansieringsbeviset er gått ut, og det som var bunde, er frigitt.",
        "finansieringsbeviset",
        "utlop",
    ),
)
INDEKS: Mapping[str, int] = {k.kode: i for i, k in enumerate(KODER)}
