"""*Avstem*: the ledger, the band, the report."""

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

from domain.sak.manedlig import ARSAKER
from services.kjoring import kjoring as kjoringer
from services.kjoring.innstillinger import kjoringsinnstillinger
from services.kjoring.kjoring import Kjoring
from services.kjoring.slipp import KanIkkeSlippe, frigi
from services.kjoring.urettet import urettet
from services.klokke import na

_BITER = text("SELECT resultat_hash, tall, forsok FROM kjoring_bit WHERE kjoring_id = :id ORDER BY nr")
_PER_KOMMUNE = text("""
    SELECT kommunenummer,
           count(*) FILTER (WHERE utfall IN ('vedtatt', 'uendret', 'annet_vedtak')) AS vedtatt,
           count(*) FILTER (WHERE utfall = 'stanset') AS stanset,
           count(*) FILTER (WHERE utfall = 'oppgave') AS oppgave,
           coalesce(sum(belop) FILTER (WHERE belop IS NOT NULL), 0)::bigint AS belop,
           coalesce(sum(forrige_belop) FILTER (WHERE belop IS NOT NULL), 0)::bigint AS forrige_belop,
           count(*) FILTER (WHERE forrige_utfall = 'innvilget') AS forrige_innvilget
    FROM kjoring_sak WHERE kjoring_id = :id GROUP BY kommunenummer ORDER BY kommunenummer
""")
_PER_KODE = text("""
    SELECT utfall, coalesce(kode, '-') AS kode, coalesce(resultat, '-') AS resultat, count(*) AS antall,
           coalesce(sum(belop), 0)::bigint AS belop
    FROM kjoring_sak WHERE kjoring_id = :id GROUP BY 1, 2, 3 ORDER BY 1, 2
""")
_FORRIGE = text("""
    SELECT forrige_utfall AS utfall, count(*) AS antall, sum(forrige_belop)::bigint AS belop
    FROM kjoring_sak WHERE kjoring_id = :id AND belop IS NOT NULL GROUP BY 1 ORDER BY 1
""")
_ARSAKER = text(
    "SELECT "  # noqa: S608 - our own list of columns
    + ", ".join(
        f"coalesce(sum({a}), 0)::bigint AS {a}, count(*) FILTER (WHERE {a} <> 0) AS {a}_n" for a in ARSAKER
    )
    + ", coalesce(sum(belop - forrige_belop), 0)::bigint AS endring FROM kjoring_sak WHERE kjoring_id = :id"
)
_NYE_AVSLAG = text(
    "SELECT arsak, count(*) AS antall FROM (SELECT (SELECT a.navn FROM (VALUES "  # noqa: S608 - our own columns
    + ", ".join(f"('{a}', k.{a})" for a in ARSAKER)
    + """) AS a (navn, kroner) WHERE a.kroner < 0 ORDER BY a.kroner, a.navn LIMIT 1) AS arsak
    FROM kjoring_sak k WHERE kjoring_id = :id AND forrige_utfall = 'innvilget' AND resultat = 'avslag') AS x
    GROUP BY 1 ORDER BY 2 DESC, 1"""
)
_GRUNNER = text("""
    SELECT utfall, grunn, count(*) AS antall FROM kjoring_sak
    WHERE kjoring_id = :id AND utfall IN ('stanset', 'oppgave') GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2
""")
# What the books must agree on besides the count of cases: every decision is there, every task has an owner, or has
# been done by one since the run began.
_KONTROLL = text("""
    SELECT (SELECT count(*) FROM kjoring_sak k WHERE k.kjoring_id = :id AND k.utfall = 'vedtatt'
              AND NOT EXISTS (SELECT 1 FROM vedtak v WHERE v.id = k.vedtak_id AND v.sak_id = k.sak_id)) AS uten_vedtak,
           (SELECT count(*) FROM kjoring_sak k WHERE k.kjoring_id = :id AND k.utfall = 'oppgave'
              AND NOT EXISTS (SELECT 1 FROM oppfolging o WHERE o.sak_id = k.sak_id
                                AND (o.lukket IS NULL OR o.lukket >= :tid))
              AND NOT EXISTS (SELECT 1 FROM lopende l WHERE l.sak_id = k.sak_id AND l.siste_termin >= :termin))
               AS uten_eier,
           (SELECT count(*) FROM utbetaling WHERE kjoring_id = :id AND status <> 'bortfalt') AS betalinger,
           (SELECT coalesce(sum(belop), 0)::bigint FROM utbetaling WHERE kjoring_id = :id AND status <> 'bortfalt')
               AS kroner,
           (SELECT coalesce(sum(belop - forrige_belop), 0)::bigint FROM kjoring_sak
            WHERE kjoring_id = :id AND utfall = 'vedtatt') AS endring
""")
_LUKK = text("""
    UPDATE kjoring SET status = :status, fase = 'ferdig', resultat_hash = :hash, rapport = CAST(:rapport AS jsonb),
                       ferdig = :tid WHERE id = :id
""")
# Of its decisions, those that take the place of a rejected run's.
_AV_FORKASTET = text("""
    SELECT count(*) FROM kjoring_sak s JOIN vedtak v ON v.id = s.vedtak_id
         JOIN kjoring_sak f ON f.sak_id = s.sak_id AND f.vedtak_id = v.erstatter
         JOIN kjoring k ON k.id = f.kjoring_id AND k.status = 'forkastet'
    WHERE s.kjoring_id = :id
""")
_PA_NYTT = text("UPDATE kjoring SET status = 'kjorer', fase = 'avstem', ferdig = NULL WHERE id = :id")


def avstem(forbindelse: Connection, kjoring: Kjoring) -> None:
    """Balance the books and close the run: released when all is within the band, else held for a named person. A run
    whose books do not balance is not closed (``avvik``)."""
    rapport = lag_rapport(forbindelse, kjoring)
    if not rapport["regnskap"]["stemmer"]:
        status = "avvik"
    elif not kjoring.prove and rapport["band"]["brudd"]:
        status = "holdt"
    else:
        status = "ferdig"
    tid = na()
    if status == "ferdig" and not kjoring.prove:
        frigi(forbindelse, kjoring.id)
    forbindelse.execute(
        _LUKK,
        {
            "id": kjoring.id,
            "status": status,
            "hash": bytes.fromhex(rapport["resultat_hash"]),
            "rapport": orjson.dumps(rapport).decode(),
            "tid": tid,
        },
    )
    kjoringer.logg(
        forbindelse,
        kjoring.id,
        "avstemt",
        "system",
        tid,
        {"status": status, "resultat_hash": rapport["resultat_hash"], "brudd": rapport["band"]["brudd"]},
    )


def pa_nytt(forbindelse: Connection, id_: UUID, aktor: str, begrunnelse: str) -> None:
    """Have the books of a run balanced once more, when what kept them from it has been mended.

    Errors: ``FinnesIkke``; ``KanIkkeSlippe``, when they are not out of balance.
    """
    kjoring = kjoringer.hent(forbindelse, id_, las=True)
    if kjoring.status != "avvik":
        raise KanIkkeSlippe(f"kjøringen er {kjoring.status}, ikke i avvik")
    if not begrunnelse.strip():
        raise KanIkkeSlippe("begrunnelse må oppgis")
    forbindelse.execute(_PA_NYTT, {"id": id_})
    kjoringer.logg(forbindelse, id_, "avstemmes_igjen", aktor, na(), {"begrunnelse": begrunnelse})


def lag_rapport(forbindelse: Connection, kjoring: Kjoring) -> dict[str, Any]:
    """Everything a person needs to see of a run, from its own rows."""
    valg, manifest = {"id": kjoring.id}, kjoring.manifest or {}
    biter = forbindelse.execute(_BITER, valg).all()
    kommuner = [dict(r) for r in forbindelse.execute(_PER_KOMMUNE, valg).mappings()]
    koder = [dict(r) for r in forbindelse.execute(_PER_KODE, valg).mappings()]
    forrige = {r.utfall: {"antall": r.antall, "belop": r.belop} for r in forbindelse.execute(_FORRIGE, valg)}
    kontroll = dict(
        forbindelse.execute(_KONTROLL, {**valg, "termin": kjoring.termin, "tid": kjoring.tid})
        .mappings()
        .one()
    )
    rad = forbindelse.execute(_ARSAKER, valg).mappings().one()
    naa: dict[str, dict[str, int]] = {}
    for k in koder:
        if k["resultat"] != "-":
            del_ = naa.setdefault(k["resultat"], {"antall": 0, "belop": 0})
            del_["antall"] += k["antall"]
            del_["belop"] += k["belop"]
    return {
        "termin": kjoring.termin,
        "ordning": kjoring.ordning.navn,
        "slag": kjoring.slag,
        "prove": kjoring.prove,
        "antall": manifest.get("antall", 0),
        "manifest_hash": (kjoring.manifest_hash or b"").hex(),
        "resultat_hash": hashlib.sha256(b"".join(b.resultat_hash for b in biter)).hexdigest(),
        "regelversjon": manifest.get("regelversjon"),
        "kode": manifest.get("kode"),
        "regnskap": _regnskap(kjoring, manifest, kommuner, kontroll),
        "utfall": koder,
        "na": naa,
        "forrige": forrige,
        "arsaker": {a: {"kroner": rad[a], "saker": rad[f"{a}_n"]} for a in ARSAKER},
        "endring": rad["endring"],
        "nye_avslag": {r.arsak or "-": r.antall for r in forbindelse.execute(_NYE_AVSLAG, valg)},
        "hopper_over": manifest.get("hopper_over", []),
        "grunner": [dict(r) for r in forbindelse.execute(_GRUNNER, valg).mappings()],
        "band": _band(forbindelse, kjoring, band(naa, forrige, kommuner)),
        "betalinger": {"antall": kontroll["betalinger"], "kroner": kontroll["kroner"]},
        **_ressurser(biter),
    }


def _regnskap(
    kjoring: Kjoring, manifest: Mapping[str, Any], kommuner: list[dict[str, Any]], kontroll: Mapping[str, int]
) -> dict[str, Any]:
    """Accepted = decided + stopped with a reason + owned open tasks; in total and for each municipality."""
    godtatt: dict[str, int] = manifest.get("kommuner", {})
    linjer = {
        k["kommunenummer"]: {
            "godtatt": godtatt.get(k["kommunenummer"], 0),
            **{felt: k[felt] for felt in ("vedtatt", "stanset", "oppgave")},
            "differanse": godtatt.get(k["kommunenummer"], 0) - k["vedtatt"] - k["stanset"] - k["oppgave"],
        }
        for k in kommuner
    }
    for knr, antall in godtatt.items():
        tom = {"godtatt": antall, "vedtatt": 0, "stanset": 0, "oppgave": 0, "differanse": antall}
        linjer.setdefault(knr, tom)
    samlet = {
        felt: sum(linje[felt] for linje in linjer.values())
        for felt in ("godtatt", "vedtatt", "stanset", "oppgave", "differanse")
    }
    feil = [f"kommune {knr}" for knr, linje in sorted(linjer.items()) if linje["differanse"]]
    if not kjoring.prove:
        feil += [f"{kontroll[f]} {f}" for f in ("uten_vedtak", "uten_eier") if kontroll[f]]
    return {"stemmer": not feil, "feil": feil, "samlet": samlet, "kommuner": linjer}


def _andel(del_: float, hel: float) -> float:
    return del_ / hel if hel else 0.0


def band(
    naa: Mapping[str, Mapping[str, int]],
    forrige: Mapping[str, Mapping[str, int]],
    kommuner: list[dict[str, Any]],
) -> dict[str, Any]:
    """This month held against last month: the share of refusals, the mean grant, each municipality's total."""
    valg = kjoringsinnstillinger()
    ny, gammel = _andel_avslag(naa), _andel_avslag(forrige)
    snitt, for_ = _snitt(naa), _snitt(forrige)
    brudd: list[dict[str, Any]] = []
    if abs(ny - gammel) > valg.band_avslag:
        brudd.append(
            {"hva": "avslag", "na": round(ny, 4), "forrige": round(gammel, 4), "grense": valg.band_avslag}
        )
    if for_ and abs(snitt / for_ - 1) > valg.band_snitt:
        brudd.append({"hva": "snitt", "na": round(snitt), "forrige": round(for_), "grense": valg.band_snitt})
    for k in kommuner:
        if k["forrige_innvilget"] < valg.band_kommune_saker or not k["forrige_belop"]:
            continue
        if abs(k["belop"] / k["forrige_belop"] - 1) > valg.band_kommune:
            brudd.append(
                {
                    "hva": f"kommune {k['kommunenummer']}",
                    "na": k["belop"],
                    "forrige": k["forrige_belop"],
                    "grense": valg.band_kommune,
                }
            )
    return {
        "avslag": {"na": round(ny, 4), "forrige": round(gammel, 4)},
        "snitt": {"na": round(snitt), "forrige": round(for_)},
        "brudd": brudd,
    }


def _band(forbindelse: Connection, kjoring: Kjoring, innhold: dict[str, Any]) -> dict[str, Any]:
    """What reckons a rejected month anew is for a named person, however little moves: held against a wrong month, an
    equally wrong one looks right."""
    if kjoring.prove:
        return innhold
    antall = forbindelse.scalar(_AV_FORKASTET, {"id": kjoring.id}) or 0
    if antall or urettet(forbindelse, kjoring.ordning.navn, kjoring.termin, kjoring.kommuner):
        innhold["brudd"].append({"hva": "etter forkastet kjøring", "na": antall, "forrige": 0, "grense": 0})
    return innhold


def _andel_avslag(utfall: Mapping[str, Mapping[str, int]]) -> float:
    alle = sum(d["antall"] for d in utfall.values())
    return _andel(alle - utfall.get("innvilget", {"antall": 0})["antall"], alle)


def _snitt(utfall: Mapping[str, Mapping[str, int]]) -> float:
    innvilget = utfall.get("innvilget", {"antall": 0, "belop": 0})
    return _andel(innvilget["belop"], innvilget["antall"])


def _ressurser(biter: Any) -> dict[str, Any]:
    """Seconds by phase and rows by table, summed over the chunks (worker seconds, not wall)."""
    sekunder: dict[str, float] = {}
    rader: dict[str, int] = {}
    kontroller: dict[str, Any] = {"spurt": {}, "feilet": {}, "gjenbrukt": 0}
    rss = 0
    for b in biter:
        tall = b.tall or {}
        for fase, s in tall.get("sekunder", {}).items():
            sekunder[fase] = sekunder.get(fase, 0.0) + s
        for tabell, antall in tall.get("rader", {}).items():
            rader[tabell] = rader.get(tabell, 0) + antall
        rss = max(rss, tall.get("maks_rss", 0))
        samlet = tall.get("samle", {})
        sekunder["samle"] = sekunder.get("samle", 0.0) + samlet.get("sekunder", 0.0)
        kontroller["gjenbrukt"] += samlet.get("gjenbrukt", 0)
        for hva in ("spurt", "feilet"):
            for register, antall in samlet.get(hva, {}).items():
                kontroller[hva][register] = kontroller[hva].get(register, 0) + antall
    return {
        "sekunder": {fase: round(s, 3) for fase, s in sekunder.items()},
        "rader": rader,
        "kontroller": kontroller,
        "maks_rss": rss,
    }


_FREMDRIFT = text("""
    SELECT count(*) AS biter, coalesce(sum(antall), 0) AS saker,
           coalesce(sum(antall) FILTER (WHERE samlet IS NOT NULL), 0) AS samlet,
           coalesce(sum(antall) FILTER (WHERE behandlet IS NOT NULL), 0) AS behandlet,
           coalesce(max(forsok) FILTER (WHERE behandlet IS NULL), 0) AS forsok,
           max(feil) FILTER (WHERE behandlet IS NULL) AS feil
    FROM kjoring_bit WHERE kjoring_id = :id
""")


def fremdrift(forbindelse: Connection, id_: UUID) -> dict[str, Any]:
    """Cases through each phase, and the last failure of a chunk that is not done."""
    rad = dict(forbindelse.execute(_FREMDRIFT, {"id": id_}).mappings().one())
    return {k: (int(v) if k != "feil" else v) for k, v in rad.items()}
