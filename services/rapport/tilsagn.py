"""Grants and loans reported: commitments, payouts, what lies undisposed, the frames, the loan book. Read from the
decisions and, apart from them, from the frames' ledger; ``avvik`` tells where the two do not say the same.

Years are those of the day, Europe/Oslo. Amounts are whole kroner, of the loan book øre.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

import orjson
from sqlalchemy import text

from domain.tilsagn.liv import rest
from domain.tilsagn.ordning import SOKNAD, Tilsagnsordning
from domain.tilsagn.ordninger import TILSAGNSORDNINGER
from domain.tilsagn.regnskap import Lanebok, lanebok
from services.forsegling import NokkelDestruert, forsegler
from services.klokke import OSLO
from services.lager import opplysninger
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.motor.avgjorelse import aad
from services.ramme import les

# One statement a case would be slow, and all of them at once large: the cursor gives them as they come.
_VEDTAK = text("""
    SELECT v.id, v.sak_id, s.ordning, s.gjelder, s.kommunenummer, v.kode, v.belop, v.regelversjon, v.fattet, v.fakta,
           s.gradert,
           CASE WHEN s.slettet IS NULL THEN p.nokkel END AS nokkel
    FROM vedtak v JOIN sak s ON s.id = v.sak_id JOIN person p ON p.id = s.hovedperson
    WHERE s.ordning = ANY(:ordninger) ORDER BY v.sak_id, v.fattet, v.id
""")
UTBETALT = frozenset({"U10", "U20", "K10", "K20"})
ANNULLERT = frozenset({"A10", "A20", "A30", "A40"})
SISTE_AR = 5
"""Years that the tables show."""
_SOKT = text("""
    SELECT o.id, o.sak_id, s.ordning, o.innhold, p.nokkel
    FROM opplysning o JOIN behandling b ON b.id = o.behandling_id JOIN sak s ON s.id = o.sak_id
         JOIN person p ON p.id = s.hovedperson
    WHERE s.ordning = ANY(:ordninger) AND b.arsak = :arsak AND o.nokkel = :nokkel AND s.slettet IS NULL
""")


@dataclass(slots=True)
class Arstall:
    """One scheme's year. ``enheter``: dwellings, places, hybelenheter or cases, as the scheme counts."""

    saker: int = 0
    enheter: float = 0
    tilsagn: int = 0
    utbetalt: int = 0
    annullert: int = 0
    mindreutbetalt: int = 0
    ferdige_enheter: float = 0
    nedskrevet: int = 0
    tilbakekrevd: int = 0
    tilbakebetalt: int = 0
    avslag: int = 0


@dataclass(frozen=True, slots=True)
class Prosjekt:
    """Where one commitment stands. ``belop``: what is promised and not paid."""

    ordning: str
    referanse: str
    kommunenummer: str
    tilsagnsar: int
    tilstand: str
    trinn: int
    enheter: float
    gitt: int
    belop: int
    omdisponert: Mapping[str, int]
    """Another project of the recipient → kroner of this commitment that it has been let use."""


@dataclass(frozen=True, slots=True)
class Sak:
    """One application, commitment or finished project of a year. ``kostnad``: by the final accounts, kroner."""

    ordning: str
    ar: int
    prosjekt: Mapping[str, Any]
    enheter: Sequence[Mapping[str, Any]]
    belop: int
    kostnad: int = 0


@dataclass(slots=True)
class Tilsagnsrapport:
    ar: int
    tall: dict[str, dict[int, Arstall]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Arstall))
    )
    fordelt: dict[str, dict[int, dict[str, tuple[float, int]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(dict))
    )
    """Scheme → year → purpose → (units, kroner); kroner 0 where one commitment has several."""
    sokt: list[Sak] = field(default_factory=list)
    """Every application by the year it came, decided or not; kroner as its own figures give."""
    gitt: list[Sak] = field(default_factory=list)
    ferdig: list[Sak] = field(default_factory=list)
    prosjekter: list[Prosjekt] = field(default_factory=list)
    lopende: list[Prosjekt] = field(default_factory=list)
    """Grants paid and not yet written down; ``belop``: what is left."""
    trukket: list[Prosjekt] = field(default_factory=list)
    lan: Lanebok = field(default_factory=Lanebok)
    lantakere: dict[str, int] = field(default_factory=dict)
    """Kind of borrower → debt at the end of the year, øre."""
    rammer: list[dict[str, Any]] = field(default_factory=list)
    bok: list[dict[str, Any]] = field(default_factory=list)
    slettet: int = 0
    """Decisions whose content is erased: their amounts stand, their units do not."""


def enheter_av(o: Tilsagnsordning, soknad: Mapping[str, Any]) -> float:
    """What the report counts of one application: fields added up, a rule, or the case itself."""
    if o.enhet == "saker":
        return 1
    navn = o.enhet.split("+")
    if all(n in soknad["prosjekt"] for n in navn):
        return float(sum(soknad["prosjekt"][n] for n in navn))
    return float(o.verk.verdier(dict(soknad))[o.enhet][0])


def lag(ar: int, dag: date | None = None) -> Tilsagnsrapport:
    """The report of a year and those before it. ``dag``: today, when the year is not over."""
    ut = Tilsagnsrapport(ar)
    for_, etter = [], []
    with transaksjon(DbRolle.REVISOR, SYSTEM) as forbindelse:
        valg: dict[str, Any] = {"ordninger": list(TILSAGNSORDNINGER)}
        rader = forbindelse.execute(_VEDTAK, valg, execution_options={"yield_per": 1000})
        for _, vedtakene in groupby(rader, attrgetter("sak_id")):
            inn, na = _sak(ut, list(vedtakene), ar)
            for_.append(inn)
            etter.append(na)
        valg |= {"arsak": SOKNAD, "nokkel": opplysninger.SOKNAD}
        rader = forbindelse.execute(_SOKT, valg, execution_options={"yield_per": 1000})
        ut.sokt = [sokt for rad in rader if (sokt := _sokt(rad)).ar <= ar]
        ut.rammer = [
            {
                **{k: v for k, v in r._mapping.items() if k not in ("id", "endret")},
                **asdict(les.sammensetning(forbindelse, r.id)),
            }
            for r in les.rammer(forbindelse, antall=100_000)
            if r.ordning in {o.rammenavn for o in TILSAGNSORDNINGER.values()}
        ]
        ut.bok = bokforing(les.per_ar(forbindelse), ar)
    ut.lan = lanebok([s.get("lan") or {} for s in for_], [s.get("lan") or {} for s in etter], ar, dag)
    for s in etter:
        if (lan := s.get("lan") or {}) and lan["restgjeld"]:
            prosjekt = s["soknad"]["prosjekt"]
            hvem = "kommune" if prosjekt.get("soker_er_kommune") else prosjekt["lantaker"]
            ut.lantakere[hvem] = ut.lantakere.get(hvem, 0) + lan["restgjeld"]
    return ut


def _sokt(rad: Any) -> Sak:
    o = TILSAGNSORDNINGER[rad.ordning]
    nokkel = forsegler().pakk_ut(rad.nokkel)
    soknad = orjson.loads(nokkel.apne(rad.innhold, opplysninger.aad(rad.sak_id, rad.id)))
    felt = ("termin", "kommunenummer", "prosjekt", "enheter")
    fakta = o.verk.fullfor({f: soknad[f] for f in felt if f in soknad})
    mottatt = datetime.fromisoformat(soknad["mottatt"]).astimezone(OSLO)
    return Sak(o.navn, mottatt.year, fakta["prosjekt"], fakta["enheter"], o.verk.tall(fakta, "belop"))


def _sak(ut: Tilsagnsrapport, vedtakene: Sequence[Any], ar: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Count one case; its stilling at the end of the year before, and of the year."""
    o = TILSAGNSORDNINGER[vedtakene[0].ordning]
    for_: dict[str, Any] = {}
    stilling: dict[str, Any] = {}
    for v in vedtakene:
        fattet = v.fattet.astimezone(OSLO).year
        if fattet > ar:
            break
        if fattet < ar:
            for_ = stilling
        tall = ut.tall[o.navn][fattet]
        try:
            fakta = orjson.loads(forsegler().pakk_ut(v.nokkel).apne(v.fakta, aad(v.id, "fakta")))
        except NokkelDestruert:
            ut.slettet += 1
            _tell(tall, v.kode, v.belop)
            continue
        ny = o.stilling_etter(fakta, v.regelversjon)
        _tell(tall, v.kode, v.belop)
        if ny:
            _tell_endring(o, tall, v.kode, stilling, ny)
            if v.kode == "U20":
                p, kostnad = ny["soknad"], fakta["hendelse"].get("faktisk_kostnad", 0)
                ut.ferdig.append(Sak(o.navn, fattet, p["prosjekt"], p["enheter"], ny["utbetalt"], kostnad))
            if v.kode == "A30" and fattet == ar and not v.gradert:
                ut.trukket.append(_prosjekt(o, v, ny, ny["gitt"]))
            stilling = ny
        if fakta.get("slag", SOKNAD) == SOKNAD and v.kode == "T00":
            tall.enheter += enheter_av(o, stilling["soknad"])
            gitt = stilling["soknad"]
            ut.gitt.append(Sak(o.navn, fattet, gitt["prosjekt"], gitt["enheter"], v.belop))
            _fordel(o, ut.fordelt[o.navn][fattet], stilling["soknad"], v.belop)
        if fattet < ar:
            for_ = stilling
    if (
        stilling and not vedtakene[0].gradert
    ):  # the sums have to add up; nothing else tells of a protected case
        ut.prosjekter.append(_prosjekt(o, vedtakene[0], stilling, rest(stilling)))
    if stilling and stilling["tilstand"] == "ferdigstilt":
        igjen = stilling["nedskrivingsgrunnlag"] - stilling["nedskrevet"]
        ut.lopende.append(_prosjekt(o, vedtakene[0], stilling, igjen))
    return for_, stilling


def _fordel(
    o: Tilsagnsordning, til: dict[str, tuple[float, int]], soknad: Mapping[str, Any], belop: int
) -> None:
    if o.fordeling is None:
        return
    felt, prosjekt = o.fordeling.split("+"), soknad["prosjekt"]
    deler = (
        [(prosjekt[felt[0]], enheter_av(o, soknad), belop)]
        if len(felt) == 1
        else [(f, float(prosjekt[f]), 0) for f in felt]
    )
    for navn, enheter, kroner in deler:
        for_enheter, for_kroner = til.get(navn, (0.0, 0))
        til[navn] = for_enheter + enheter, for_kroner + kroner


def _tell(tall: Arstall, kode: str, belop: int) -> None:
    if kode == "T00":
        tall.saker += 1
        tall.tilsagn += belop
    elif kode[0] == "T" and kode != "T10":
        tall.avslag += 1
    elif kode in UTBETALT:
        tall.utbetalt += belop
    elif kode in ANNULLERT:
        tall.annullert += belop
    elif kode[0] == "N":
        tall.nedskrevet += belop
    elif kode == "S20":
        tall.tilbakebetalt += belop


def _tell_endring(
    o: Tilsagnsordning, tall: Arstall, kode: str, for_: Mapping[str, Any], ny: Mapping[str, Any]
) -> None:
    """What only the stilling tells: claims, what was annulled at the last payout, finished units."""
    tall.tilbakekrevd += ny["tilbakekrevd"] - for_.get("tilbakekrevd", 0)
    if kode in ("U20", "U30"):
        tall.mindreutbetalt += ny["annullert"] - for_["annullert"]
        tall.ferdige_enheter += enheter_av(o, ny["soknad"])


def _prosjekt(o: Tilsagnsordning, v: Any, s: Mapping[str, Any], belop: int) -> Prosjekt:
    return Prosjekt(
        o.navn,
        v.gjelder,
        v.kommunenummer,
        s["ramme"]["ar"],
        s["tilstand"],
        s["trinn"],
        enheter_av(o, s["soknad"]),
        s["gitt"],
        belop,
        s["omdisponert"],
    )


def bokforing(rader: Sequence[Any], ar: int) -> list[dict[str, Any]]:
    """The ledger by scheme, item, ministry and frame's year: *gitt*, *utbetalt*, *annullert* in the year, and what is
    carried over (*overført*) from the year before and to the next: promised, neither paid nor annulled."""
    sum_: dict[tuple[str, str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for r in rader:
        if r.ordning not in TILSAGNSORDNINGER or r.ar > ar:
            continue
        post = sum_[r.ordning, r.post, r.rammear]
        fortegn = {"bundet": 1, "frigitt": -1, "utbetalt": -1}.get(r.slag, 0)
        post["overfort_inn" if r.ar < ar else "netto"] += fortegn * r.belop
        if r.ar == ar:
            navn = {"bundet": "gitt", "frigitt": "annullert", "utbetalt": "utbetalt"}.get(r.slag)
            if navn:
                post[navn] += r.belop
    return [
        {
            "ordning": ordning,
            "post": post,
            "departement": TILSAGNSORDNINGER[ordning].departement,
            "rammear": rammear,
            **{n: s.get(n, 0) for n in ("overfort_inn", "gitt", "utbetalt", "annullert")},
            "overfort_ut": s.get("overfort_inn", 0) + s.get("netto", 0),
        }
        for (ordning, post, rammear), s in sorted(sum_.items())
    ]


def avvik(r: Tilsagnsrapport) -> list[str]:
    """Where decisions and ledger differ, in the year of the report; kompensasjon is paid beside its frame."""
    ut = []
    for navn, o in TILSAGNSORDNINGER.items():
        tall = r.tall[navn][r.ar]
        bok: dict[str, int] = defaultdict(int)
        for rad in r.bok:
            if rad["ordning"] == navn:
                for felt in ("gitt", "utbetalt", "annullert"):
                    bok[felt] += rad[felt]
        venter = {
            "gitt": tall.tilsagn,
            "utbetalt": 0 if o.slag == "kompensasjon" else tall.utbetalt,
            "annullert": tall.annullert + tall.mindreutbetalt,
        }
        ut += [
            f"{navn}: {felt} er {n} i vedtakene og {bok[felt]} i boka"
            for felt, n in venter.items()
            if bok[felt] != n
        ]
    return ut
