"""The Norwegian authorities that decide, and the way of an appeal (Husbankens veileder; Husbankens årsrapport 2024 on
Klagenemnda; TAPVEIL 2024 for startlån). That the municipality's own board hears appeals on its decisions is read from
forvaltningsloven § 28 [I]."""

from domain.sak.brev import Myndighet

_NAVN = {"nb": "Husbanken", "nn": "Husbanken"}
_KLAGENEMNDA = {"nb": "Klagenemnda for Husbanken", "nn": "Klagenemnda for Husbanken"}
_NEMNDA = {
    "nb": "Blir vedtaket ikke endret slik klagen ber om, går klagen videre til Klagenemnda for Husbanken, "
    "som avgjør den.",
    "nn": "Blir vedtaket ikkje endra slik klaga ber om, går klaga vidare til Klagenemnda for Husbanken, "
    "som avgjer ho.",
}

HUSBANKEN_VIA_KOMMUNEN = Myndighet(
    navn=_NAVN,
    klage={
        "nb": f"Send klagen til kommunen. Kommunen gjør saken klar, og Husbanken ser på den på nytt. {_NEMNDA['nb']}",
        "nn": f"Send klaga til kommunen. Kommunen gjer saka klar, og Husbanken ser på ho på nytt. {_NEMNDA['nn']}",
    },
    instans=_KLAGENEMNDA,
    sporsmal={
        "nb": "Ta kontakt med kommunen eller Husbanken.",
        "nn": "Ta kontakt med kommunen eller Husbanken.",
    },
)
HUSBANKEN = Myndighet(
    navn=_NAVN,
    klage={
        "nb": f"Send klagen til Husbanken, som ser på saken på nytt. {_NEMNDA['nb']}",
        "nn": f"Send klaga til Husbanken, som ser på saka på nytt. {_NEMNDA['nn']}",
    },
    instans=_KLAGENEMNDA,
    sporsmal={"nb": "Ta kontakt med Husbanken.", "nn": "Ta kontakt med Husbanken."},
)
KOMMUNEN = Myndighet(
    navn={"nb": "kommunen", "nn": "kommunen"},
    klage={
        "nb": "Send klagen til kommunen, som ser på saken på nytt. Blir vedtaket ikke endret slik klagen ber om, "
        "avgjør kommunens klageorgan klagen (forvaltningsloven § 28).",
        "nn": "Send klaga til kommunen, som ser på saka på nytt. Blir vedtaket ikkje endra slik klaga ber om, "
        "avgjer klageorganet i kommunen klaga (forvaltningsloven § 28).",
    },
    instans={"nb": "kommunens klageorgan", "nn": "klageorganet i kommunen"},
    sporsmal={"nb": "Ta kontakt med kommunen.", "nn": "Ta kontakt med kommunen."},
)
