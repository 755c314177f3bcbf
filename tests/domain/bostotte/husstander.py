"""Synthetic households for the tests of bostøtte."""

import random
from datetime import date
from typing import Any

from hypothesis import strategies as st

from domain.bostotte.beregning import beregn
from domain.bostotte.fakta import DISPOSISJONSFORMER, PERSONFLAGG, Fakta, fullfor

GRUPPE_4 = "3401"


def person(
    rolle: str = "biperson", fodt: str = "1980-01-01", inntekt: float = 0, **felt: Any
) -> dict[str, Any]:
    return {"rolle": rolle, "fodselsdato": fodt, "manedsinntekt": inntekt, **felt}


def sak(
    termin: str,
    inntekt: float = 0,
    *,
    voksne: int = 0,
    barn: int = 0,
    andre: list[dict[str, Any]] | None = None,
    kommunenummer: str = GRUPPE_4,
    bolig: dict[str, Any] | None = None,
    **soker: Any,
) -> Fakta:
    """A tenant with costs far above the ceiling, heating included, unless told otherwise."""
    return fullfor(
        {
            "termin": termin,
            "kommunenummer": kommunenummer,
            "husstand": [
                person("soker", inntekt=inntekt, **soker),
                *[person() for _ in range(voksne)],
                *[person(fodt="2016-02-01") for _ in range(barn)],
                *(andre or []),
            ],
            "bolig": {
                "disposisjonsform": "leid",
                "boutgift_per_maned": 40_000,
                "oppvarming_inkludert": True,
                "godkjent": True,
                **(bolig or {}),
            },
        }
    )


def verdi(fakta: Fakta, navn: str) -> Any:
    """The exact value of one rule in one case."""
    linje = next(linje for linje in beregn([fakta], fakta["termin"]).spor() if linje["navn"] == navn)
    return linje.get("eksakt", linje["verdi"])


def utfall(fakta: Fakta) -> tuple[str, int]:
    svar = beregn([fakta], fakta["termin"]).dokument()
    return svar["kode"], svar["belop_per_maned"]


belop = st.one_of(st.just(0.0), st.integers(0, 6_000_000).map(lambda ore: ore / 100))
fodselsdatoer = st.dates(min_value=date(1930, 1, 1), max_value=date(2026, 1, 1)).map(str)
terminer = (
    st.tuples(st.integers(2022, 2026), st.integers(1, 12))
    .map(lambda t: f"{t[0]}-{t[1]:02d}")
    .filter(lambda t: "2022-06" <= t <= "2026-12")
)


@st.composite
def husstander(draw: st.DrawFn, med_flagg: bool = True) -> Fakta:
    """Any household of one to six, in any termin with rules."""
    sjelden = st.integers(0, 9).map(lambda n: n == 0) if med_flagg else st.just(False)

    def en(rolle: str) -> dict[str, Any]:
        inntekt = draw(belop)
        return {
            "rolle": rolle,
            "fodselsdato": draw(fodselsdatoer),
            "manedsinntekt": inntekt,
            "ytelse_14_dager": {
                "belop": inntekt if draw(st.booleans()) else 0,
                "utbetalinger": draw(st.integers(0, 3)),
            },
            "skattefri_leieinntekt": draw(st.sampled_from([0, 0, 0, 3500.5])),
            "meldepliktig": {
                "kapital": draw(st.sampled_from([0, -4000, 12_345.67])),
                "naering": draw(st.sampled_from([0, -500, 80_000])),
                "utland": draw(st.sampled_from([0, 0, 20_000])),
            },
            "formue": {
                "bolig": draw(st.sampled_from([0, 900_000, 2_500_000])),
                "annen": draw(st.sampled_from([0, -200_000, 400_000.25])),
            },
            **{flagg: draw(sjelden) for flagg in PERSONFLAGG},
        }

    return fullfor(
        {
            "termin": draw(terminer),
            "kommunenummer": draw(st.sampled_from(["0301", "1103", "1108", GRUPPE_4])),
            "husstand": [en("soker"), *[en("biperson") for _ in range(draw(st.integers(0, 5)))]],
            "bolig": {
                "disposisjonsform": draw(st.sampled_from(DISPOSISJONSFORMER)),
                "boutgift_per_maned": draw(belop),
                "kommunale_avgifter_per_maned": draw(st.sampled_from([0, 850.75])),
                "oppvarming_inkludert": draw(st.booleans()),
                "spesialtilpasset": draw(st.booleans()),
                "godkjent": not draw(sjelden),
                "fritidsbolig": draw(sjelden),
            },
        }
    )


def tilfeldige(antall: int, termin: str, fro: int = 1) -> list[Fakta]:
    """Many households at once, quickly, from a seed."""
    tilfeldig = random.Random(fro)

    def en(rolle: str) -> dict[str, Any]:
        inntekt = round(tilfeldig.uniform(0, 45_000), 2)
        ytelse = {"belop": inntekt / 2 // 1, "utbetalinger": tilfeldig.randrange(4)}
        return person(
            rolle,
            f"{tilfeldig.randrange(1935, 2021)}-{tilfeldig.randrange(1, 13):02d}-{tilfeldig.randrange(1, 29):02d}",
            inntekt,
            ytelse_14_dager=ytelse,
            formue={"bolig": 0, "annen": round(tilfeldig.uniform(-1e5, 6e5), 2)},
            **{flagg: tilfeldig.random() < 0.03 for flagg in PERSONFLAGG},
        )

    return [
        (
            fullfor(
                {
                    "termin": termin,
                    "kommunenummer": tilfeldig.choice(["0301", "4601", "1124", GRUPPE_4]),
                    "husstand": [
                        en("soker"),
                        *[en("biperson") for _ in range(tilfeldig.choice([0, 0, 0, 1, 2, 4]))],
                    ],
                    "bolig": {
                        "disposisjonsform": tilfeldig.choice(DISPOSISJONSFORMER),
                        "boutgift_per_maned": round(tilfeldig.uniform(3000, 20_000), 2),
                        "oppvarming_inkludert": tilfeldig.random() < 0.5,
                        "godkjent": tilfeldig.random() < 0.97,
                    },
                }
            )
        )
        for _ in range(antall)
    ]
