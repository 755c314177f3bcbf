"""The state's account of the Danish commitments, by commitment year: what was budgeted, set aside, drawn and regulated,
what stands, and what the support of the years to come is expected to be. Read from the newest decision of each case.

Years of decisions are those of the day, Europe/Oslo. Amounts are Danish øre.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from sqlalchemy import text

from domain.almenbolig import VALUTA
from domain.almenbolig.fakta import tilsagnsar
from domain.almenbolig.livslob import kommende, udfor
from domain.sak.etterprov import kodeversjon
from services.forsegling import NokkelDestruert, forsegler
from services.klokke import OSLO
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.motor.avgjorelse import aad
from services.rapport.almenbolig_tal import vis

POSTERINGER = ("hensaettelse", "rente", "udbetaling", "regulering", "bortfald")
ANTAL = ("givet", "budgetteret", "afsluttet", "uden_lan", "boliger", "udestaende")
_SIDSTE = text("""
    SELECT DISTINCT ON (v.sak_id) v.id, v.regelversjon, v.fakta, CASE WHEN s.slettet IS NULL THEN p.nokkel END AS nokkel
    FROM vedtak v JOIN sak s ON s.id = v.sak_id JOIN person p ON p.id = s.hovedperson
    WHERE s.ordning = 'almenbolig' AND v.fattet < :slut ORDER BY v.sak_id, v.fattet DESC, v.id DESC
""")


@dataclass(slots=True)
class Tilsagnsar:
    """The cases of one commitment year. ``budgetteret``: budgeted and not (yet) given. ``forventet``: calendar year →
    support of the quarters that are left. ``udestaende``: steps whose day has gone by without a decision."""

    givet: int = 0
    budgetteret: int = 0
    afsluttet: int = 0
    uden_lan: int = 0
    boliger: int = 0
    anskaffelsessum: int = 0
    budget: int = 0
    posteret: Counter[str] = field(default_factory=Counter)
    saldo: int = 0
    refusion: int = 0
    udestaende: int = 0
    forventet: Counter[int] = field(default_factory=Counter)


@dataclass(slots=True)
class Regnskab:
    """The account at the end of ``ar``. ``slettet``: cases whose content is erased, and which are not in the sums."""

    ar: int
    argange: dict[int, Tilsagnsar] = field(default_factory=dict)
    slettet: int = 0
    avvik: list[str] = field(default_factory=list)


def lag(ar: int, idag: date | None = None) -> Regnskab:
    """``idag``: steps are outstanding by this day; None: by the end of the year."""
    ut, dag = Regnskab(ar), min(idag or date(ar, 12, 31), date(ar, 12, 31))
    for fakta, regelversjon in _sidste(ut):
        _tael(ut, fakta, regelversjon, dag)
    ut.argange = dict(sorted(ut.argange.items()))
    return ut


def _sidste(ut: Regnskab) -> Iterator[tuple[dict[str, Any], str]]:
    """Facts and rule version of every case's newest decision."""
    with transaksjon(DbRolle.REVISOR, SYSTEM) as forbindelse:
        slut = datetime(ut.ar + 1, 1, 1, tzinfo=OSLO)
        for rad in forbindelse.execute(_SIDSTE, {"slut": slut}):
            try:
                fakta = forsegler().pakk_ut(rad.nokkel).apne(rad.fakta, aad(rad.id, "fakta"))
            except NokkelDestruert:
                ut.slettet += 1
                continue
            yield orjson.loads(fakta), rad.regelversjon


def _tael(ut: Regnskab, fakta: dict[str, Any], regelversjon: str, dag: date) -> None:
    udfald = udfor(fakta, kodeversjon(regelversjon))
    stilling, projekt = udfald.stilling, fakta["projekt"]
    a = ut.argange.setdefault(tilsagnsar(fakta), Tilsagnsar())
    a.budget += stilling["budget_ore"] or 0
    if stilling["rente_ar"] is None:
        a.budgetteret += 1
        return
    a.givet += 1
    a.boliger += projekt["antal_boliger"]
    a.anskaffelsessum += round(100 * projekt["anskaffelsessum"])
    a.posteret.update(stilling["posteret"])
    a.saldo += stilling["saldo_ore"]
    a.refusion += stilling["refusion_ore"] or 0
    if stilling["saldo_ore"] != sum(stilling["posteret"].values()):
        ut.avvik.append(f"{tilsagnsar(fakta)}: en saldo er ikke summen af sine posteringer")
    if stilling["afsluttet"]:
        a.afsluttet += 1
        if stilling["saldo_ore"]:
            ut.avvik.append(f"{tilsagnsar(fakta)}: en afsluttet hensættelse er ikke nul")
        return
    a.uden_lan += fakta["lan"] is None
    a.udestaende += sum(s.dato <= dag for s in kommende(fakta, udfald))
    nr, plan = stilling["terminer"], udfald.plan
    for kalenderar in np.unique(plan.ar[nr:]).tolist():
        a.forventet[kalenderar] += int(plan.ydelsesstotte[nr:][plan.ar[nr:] == kalenderar].sum())


def dokument(r: Regnskab) -> dict[str, Any]:
    """The account as JSON, amounts in kroner."""

    def kr(ore: int) -> float:
        return ore / 100

    return {
        "ar": r.ar,
        "valuta": VALUTA,
        "slettet": r.slettet,
        "avvik": r.avvik,
        "tilsagnsar": {
            str(ar): {
                **{n: getattr(a, n) for n in ANTAL},
                **{n: kr(getattr(a, n)) for n in ("anskaffelsessum", "budget", "saldo", "refusion")},
                "posteret": {art: kr(a.posteret[art]) for art in POSTERINGER},
                "forventet": {str(k): kr(v) for k, v in sorted(a.forventet.items())},
            }
            for ar, a in r.argange.items()
        },
    }


def markdown(r: Regnskab) -> str:
    """Two tables: the account by commitment year, and the support expected in the next ten years."""
    hode = [
        "Tilsagnsår",
        "Tilsagn",
        "Boliger",
        "Anskaffelsessum",
        "Budget",
        *(p.capitalize() for p in POSTERINGER),
    ]
    hode += ["Saldo", "Refusion", "Udestående skridt"]
    rader = [
        [str(ar), str(a.givet), str(a.boliger), *map(_mio, (a.anskaffelsessum, a.budget)),
         *(_mio(a.posteret[p]) for p in POSTERINGER), _mio(a.saldo), _mio(a.refusion), str(a.udestaende)]
        for ar, a in r.argange.items()
    ]  # fmt: skip
    kommende_ar = range(r.ar + 1, r.ar + 11)
    forventet = [
        [str(ar), *(_mio(a.forventet[k]) for k in kommende_ar)] for ar, a in r.argange.items() if a.forventet
    ]
    return "\n".join(
        [
            f"# Hensættelser til ydelsesstøtte, ultimo {r.ar}",
            "",
            f"Mio. kr. ({VALUTA}). Saldo er summen af posteringerne; refusionen er Landsbyggefondens og for sig.",
            "",
            *_tabel([*hode], rader),
            f"## Forventet ydelsesstøtte {kommende_ar[0]}–{kommende_ar[-1]}, løbende priser",
            "",
            *_tabel(["Tilsagnsår", *map(str, kommende_ar)], forventet),
        ]
    )


def _mio(ore: int) -> str:
    return vis(ore / 1e8)


def _tabel(hode: list[str], rader: list[list[str]]) -> list[str]:
    linjer = [hode, ["---", *["---:"] * (len(hode) - 1)], *rader]
    return [*("| " + " | ".join(rad) + " |" for rad in linjer), ""]


def skriv(r: Regnskab, mappe: Path) -> list[Path]:
    """Writes almenbolig-regnskab.md and .json. Raises OSError."""
    mappe.mkdir(parents=True, exist_ok=True)
    som_json = orjson.dumps(dokument(r), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    filer = {"md": markdown(r).encode(), "json": som_json}
    for ending, innhold in filer.items():
        (mappe / f"almenbolig-regnskab.{ending}").write_bytes(innhold)
    return [mappe / f"almenbolig-regnskab.{ending}" for ending in filer]
