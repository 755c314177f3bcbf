"""What an event of a commitment's life can come to."""

from collections.abc import Mapping

KODER: Mapping[str, tuple[str, str, str]] = {
    # code: outcome, nb, nn
    "V10": ("innvilget", "Vilkårene for utbetaling er oppfylt.", "Vilkåra for utbetaling er oppfylte."),
    "U10": ("innvilget", "En del av tilsagnet utbetales.", "Ein del av tilsegna blir utbetalt."),
    "U20": (
        "innvilget",
        "Resten utbetales, og prosjektet er ferdig.",
        "Resten blir utbetalt, og prosjektet er ferdig.",
    ),
    "U30": (
        "innvilget",
        "Prosjektet er ferdig og godkjent; kompensasjonen løper.",
        "Prosjektet er ferdig og godkjent; kompensasjonen løper.",
    ),
    "A10": ("innvilget", "Tilsagnet er annullert.", "Tilsegna er annullert."),
    "A20": ("innvilget", "Tilsagnet er satt ned.", "Tilsegna er sett ned."),
    "A30": ("innvilget", "Tilsagnet er trukket tilbake.", "Tilsegna er trekt tilbake."),
    "A40": ("innvilget", "Tilsagnet er utløpt.", "Tilsegna har gått ut."),
    "O10": ("innvilget", "En del av tilsagnet er omdisponert.", "Ein del av tilsegna er omdisponert."),
    "N10": ("innvilget", "Tilskuddet er skrevet ned for ett år.", "Tilskotet er skrive ned for eitt år."),
    "N20": ("innvilget", "Tilskuddet er skrevet helt ned.", "Tilskotet er skrive heilt ned."),
    "S10": (
        "innvilget",
        "Det som ikke er skrevet ned, kreves tilbake.",
        "Det som ikkje er skrive ned, blir kravd tilbake.",
    ),
    "S15": (
        "innvilget",
        "Boligen er solgt, og ingenting kreves tilbake.",
        "Bustaden er seld, og ingenting blir kravd tilbake.",
    ),
    "S20": (
        "innvilget",
        "En innbetaling på tilbakekravet er bokført.",
        "Ei innbetaling på tilbakekravet er bokført.",
    ),
    "K10": ("innvilget", "Årets kompensasjon utbetales.", "Kompensasjonen for året blir utbetalt."),
    "K20": ("innvilget", "Den siste kompensasjonen utbetales.", "Den siste kompensasjonen blir utbetalt."),
    "T10": ("innvilget", "Terminen er forfalt.", "Terminen er forfallen."),
    "B10": ("innvilget", "En innbetaling på lånet er bokført.", "Ei innbetaling på lånet er bokført."),
    "B20": ("innvilget", "Lånet er innfridd.", "Lånet er innfridd."),
    "B30": (
        "innvilget",
        "Lånet er ajour igjen og tilbake fra innkreving.",
        "Lånet er ajour igjen og tilbake frå innkrevjing.",
    ),
    "P10": ("innvilget", "Første purring er sendt.", "Første purring er send."),
    "P20": (
        "innvilget",
        "Andre purring er sendt; lånet er misligholdt og overført til innkreving.",
        "Andre purring er send; lånet er misleghalde og overført til innkrevjing.",
    ),
    "R10": ("innvilget", "Renten er endret.", "Renta er endra."),
    "R20": ("innvilget", "Ny rente er avtalt fra en senere dag.", "Ny rente er avtalt frå ein seinare dag."),
    "E10": ("innvilget", "Avdrag er utsatt.", "Avdrag er utsette."),
    "E20": ("innvilget", "Løpetiden er forlenget.", "Løpetida er forlengd."),
    "E30": ("innvilget", "Lånet er overført til en ny låntaker.", "Lånet er overført til ein ny låntakar."),
    "X10": ("innvilget", "Tapet er konstatert og bokført.", "Tapet er konstatert og bokført."),
    "X20": ("innvilget", "En innbetaling på tapet er bokført.", "Ei innbetaling på tapet er bokført."),
    "F01": (
        "avvist",
        "Dette kan ikke skje i tilsagnets tilstand.",
        "Dette kan ikkje skje i tilstanden til tilsegna.",
    ),
    "F02": ("avvist", "Beløpet er større enn det som står igjen.", "Beløpet er større enn det som står att."),
    "F03": ("avvist", "Sluttregnskap eller ferdigdato mangler.", "Sluttrekneskap eller ferdigdato manglar."),
    "F04": (
        "avvist",
        "Renten er bundet, eller dagen er ikke en av de faste.",
        "Renta er bunden, eller dagen er ikkje ein av dei faste.",
    ),
    "F05": (
        "avslag",
        "Løpetiden ville bli lengre enn forskriften tillater.",
        "Løpetida ville bli lengre enn forskrifta tillèt.",
    ),
    "F06": (
        "avslag",
        "Den nye låntakeren må ha selvskyldnergaranti.",
        "Den nye låntakaren må ha sjølvskuldnargaranti.",
    ),
    "F07": (
        "avvist",
        "Tap bokføres først når det er konstatert.",
        "Tap blir bokført først når det er konstatert.",
    ),
    "F08": (
        "avvist",
        "Dagen kan ikke stemme, eller ligger utenfor det som kan regnes.",
        "Dagen kan ikkje stemme, eller ligg utanfor det som kan reknast.",
    ),
    "F09": ("avvist", "Ikke lenger aktuelt.", "Ikkje lenger aktuelt."),
    "F10": (
        "avslag",
        "Tiden uten avdrag ville bli lengre enn forskriften tillater.",
        "Tida utan avdrag ville bli lengre enn forskrifta tillèt.",
    ),
    "F11": (
        "avvist",
        "Prosjektet har alt et tilsagn. Et nytt tilsagn søkes det om under en egen betegnelse.",
        "Prosjektet har alt ei tilsegn. Ei ny tilsegn blir det søkt om under ei eiga nemning.",
    ),
}
"""Outcomes of the events: code → (outcome, nb, nn). Codes that begin with F leave everything as it was."""
