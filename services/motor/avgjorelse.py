"""From answers to a decision: facts put together, rules run, decision, payments and outgoing event written."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

from domain.klage.sammenstilling import behold
from domain.kontroll.krav import Grunn
from domain.ordninger import ORDNINGER
from domain.sak.kjede import kanonisk, tid_tekst
from domain.sak.manedlig import NY_BEREGNING, Lopende, SporAvvik, neste_forfall
from domain.sak.ordning import Avgjorelse, Fakta, Ordning
from services.etterkontroll import nedsettelse
from services.forsegling import Datanokkel
from services.klokke import i_dag
from services.krasjpunkt import krasjpunkt
from services.lager import lopende, opplysninger, segl
from services.lager.hendelser import NyHendelse
from services.lager.ider import ny_id
from services.lager.saker import Behandling, LastSak
from services.lager.skriving import Skriver
from services.motor.planlegging import planlegg

Opplysninger = Mapping[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Grunnlag:
    """What a decision would rest on: facts, and why a person must look first, if so."""

    fakta: Fakta
    grunner: list[Grunn]
    bortfaller: bool = False
    tidligst: date | None = None


def grunnlag(ordning: Ordning, opp: Opplysninger, *, med_overstyring: bool = False) -> Grunnlag:
    """Application and answers as facts. When the deadline for missing information ran out, nothing is left to ask
    a person: the facts say that it is missing, and the rules answer that.

    ``med_overstyring``: with what a caseworker has set in a proposal (it counts only when another attests it).
    """
    soknad = opp[opplysninger.SOKNAD]
    samlet = ordning.sett_sammen(soknad, opp)
    fakta: Fakta = dict(samlet.fakta)
    grunner = [*samlet.manuell, *ordning.grunner(soknad, datetime.fromisoformat(soknad["mottatt"]))]
    if gjelder := opp.get(opplysninger.GJELDER):
        fakta = behold(ordning, fakta, gjelder["beholdt"])
    if opplysninger.FRIST in opp and not gjelder:  # what is decided already stands on what was known
        fakta, grunner = ordning.uten_svar(fakta), []
    if med_overstyring and (overstyring := siste_overstyring(opp)):
        fakta = ordning.overstyr(fakta, overstyring["verdier"])
    return Grunnlag(fakta, grunner, samlet.bortfaller, samlet.tidligst)


def siste_overstyring(opp: Opplysninger) -> dict[str, Any] | None:
    """The newest override of the treatment."""
    alle = [
        (int(k.rpartition("/")[2]), v) for k, v in opp.items() if k.startswith(opplysninger.OVERSTYRING + "/")
    ]
    return max(alle)[1] if alle else None


_TIDLIGERE = text("""
    SELECT p.sak_id, p.termin,
           n.id AS vedtak_id, n.belop AS vedtatt,
           b.betalt, b.holdt, b.har_krav,
           coalesce(vedtak_usluppet(p.sak_id, n.id), false) AS usluppet,
           l.siste_termin, l.siste_kode, l.avslag_pa_rad, l.siste_utfall, l.stanset_grunn
    FROM unnest(CAST(:saker AS uuid[]), CAST(:terminer AS text[])) AS p (sak_id, termin)
         LEFT JOIN lopende l ON l.sak_id = p.sak_id
         LEFT JOIN LATERAL (SELECT v.id, v.belop FROM vedtak v WHERE v.sak_id = p.sak_id AND v.termin = p.termin
                            ORDER BY v.fattet DESC, v.id DESC LIMIT 1) n ON true
         CROSS JOIN LATERAL (SELECT coalesce(sum(u.belop) FILTER (WHERE u.status NOT IN ('holdt', 'bortfalt')), 0)
                                        AS betalt,
                                    coalesce(bool_or(u.status = 'holdt'), false) AS holdt,
                                    coalesce(bool_or(u.status = 'krav'), false) AS har_krav
                             FROM utbetaling u WHERE u.sak_id = p.sak_id AND u.termin = p.termin) b
""")
# Held against the release of the run, which may come at the same time.
_LAS_HOLDT = text("""
    SELECT FROM utbetaling u JOIN unnest(CAST(:saker AS uuid[]), CAST(:terminer AS text[])) AS p (sak_id, termin)
        USING (sak_id, termin) WHERE u.status = 'holdt' ORDER BY u.id FOR UPDATE OF u
""")
_BORTFALL = text("""
    UPDATE utbetaling SET status = 'bortfalt' WHERE sak_id = :sak_id AND termin = :termin AND status = 'holdt'
""")
_VEDTAK = text("""
    INSERT INTO vedtak (id, sak_id, behandling_id, kommunenummer, termin, kode, utfall, belop, regelversjon, fattet,
                        fattet_av, attestert_av, erstatter, fakta, spor)
    VALUES (:id, :sak_id, :behandling_id, :kommunenummer, :termin, :kode, :utfall, :belop, :regelversjon, :fattet,
            :fattet_av, :attestert_av, :erstatter, :fakta, :spor)
""")
_UTBETALING = text("""
    INSERT INTO utbetaling (id, sak_id, vedtak_id, kommunenummer, termin, belop, forfall, mottaker, laget, status,
                            tilbakekrav_id)
    VALUES (:id, :sak_id, :vedtak_id, :kommunenummer, :termin, :belop, :forfall, :mottaker, :tid, :status,
            :tilbakekrav_id)
""")
_UTGAENDE = text("""
    INSERT INTO utgaende (id, sak_id, type, data, laget) VALUES (:id, :sak_id, :type, CAST(:data AS jsonb), :tid)
""")


@dataclass(slots=True)
class Tidligere:
    """What was decided and paid for a case and a termin before; kept up when more is decided in the transaction."""

    vedtak_id: UUID | None
    belop: int | None
    """Kroner a month by the decision that stands."""
    betalt: int
    """What the month has had: not what a run holds, nor what lapsed."""
    holdt: bool
    """A run holds something for the month, which the next decision takes the place of."""
    usluppet: bool
    """The decision that stands is a run's that is held, or rejected: nobody has been told of it."""
    lopende: Lopende | None
    krav: Sequence[nedsettelse.Kravdel] = ()
    """Open claims that the month is part of."""

    @property
    def star(self) -> int | None:
        """Kroner that the party counts on: below it, a decision takes from somebody (forvaltningsloven § 16). What a
        run holds, or was rejected with, is told to nobody."""
        return self.betalt if self.usluppet else self.belop


def les_tidligere(
    forbindelse: Connection, par: Sequence[tuple[UUID, str]], *, las: bool = True
) -> dict[tuple[UUID, str], Tidligere]:
    """(case, termin) → what came before, for cases whose locks the caller holds. ``las``: what runs hold for them stays
    as it is until the transaction ends; for whoever decides."""
    valg = {"saker": [s for s, _ in par], "terminer": [t for _, t in par]}
    rader = forbindelse.execute(_TIDLIGERE, valg).all()
    if las and any(r.holdt for r in rader):
        forbindelse.execute(_LAS_HOLDT, valg)
        rader = forbindelse.execute(_TIDLIGERE, valg).all()
    krav = nedsettelse.apne_krav(forbindelse, [(r.sak_id, r.termin) for r in rader if r.har_krav])
    return {
        (r.sak_id, r.termin): Tidligere(
            r.vedtak_id,
            r.vedtatt,
            int(r.betalt),
            r.holdt,
            r.usluppet,
            Lopende(r.siste_termin, r.siste_kode, r.avslag_pa_rad, r.siste_utfall, r.stanset_grunn)
            if r.siste_termin
            else None,
            krav.get((r.sak_id, r.termin), ()),
        )
        for r in rader
    }


def aad(vedtak_id: UUID, del_: str) -> bytes:
    """What a decision's sealed parts are bound to; ``del_``: ``fakta`` or ``spor``."""
    return b"vedtak|" + vedtak_id.bytes + del_.encode()


def fatt_vedtak(
    skriver: Skriver,
    ordning: Ordning,
    sak: LastSak,
    behandling: Behandling,
    fakta: Fakta,
    soknad: Mapping[str, Any],
    tidligere: Tidligere,
    tid: datetime,
    *,
    fattet_av: str,
    attestert_av: str | None = None,
    svar: Mapping[str, Any],
    termin: str | None = None,
    avgjort: Avgjorelse | None = None,
    krav_id: UUID | None = None,
    apne: list[Behandling] | None = None,
    staende: Mapping[str, Any] | None = None,
) -> NyHendelse:
    """Run the rules and write what follows; the event to append comes back. Under the case's lock.

    ``termin``: another than the treatment's own; ``avgjort``: the rules' outcome, by other rules than the newest;
    ``krav_id``: the claim that the difference is part of.
    ``svar``: what the event is to hold of the treatment's answers (``segl.opplysninger``). ``apne``: the case's open
    treatments, for schemes that plan. ``staende``: the application as it is to stand from this month on; None: a new
    one as it came, else as it stands.
    """
    avgjort = avgjort or ordning.avgjor(fakta)
    termin = termin or behandling.termin
    vedtak_id = ny_id()
    rad: dict[str, Any] = {
        "id": vedtak_id,
        "sak_id": sak.id,
        "behandling_id": behandling.id,
        "kommunenummer": sak.kommunenummer,
        "termin": termin,
        "kode": avgjort.kode,
        "utfall": avgjort.utfall,
        "belop": avgjort.belop,
        "regelversjon": avgjort.regelversjon,
        "fattet": tid,
        "fattet_av": fattet_av,
        "attestert_av": attestert_av,
        "erstatter": None if ordning.legges_til else tidligere.vedtak_id,
        "fakta": sak.nokkel.forsegle(kanonisk(fakta), aad(vedtak_id, "fakta")),
        "spor": sak.nokkel.forsegle(avgjort.spor, aad(vedtak_id, "spor")),
    }
    skriver.execute(_VEDTAK, rad)
    krasjpunkt("motor.midt_i_vedtak", sak.id)
    if tidligere.holdt:
        skriver.execute(_BORTFALL, {"sak_id": sak.id, "termin": termin})
        tidligere.holdt = False
    gjelder = {**soknad, "termin": termin}
    betalinger = _betal(
        skriver, ordning, avgjort, sak, vedtak_id, gjelder, tidligere, tid, behandling.arsak, krav_id
    )
    stilling: dict[str, Any] = {}
    if ordning.manedlig:
        tidligere.lopende, stilling = lopende.etter_vedtak(
            skriver,
            ordning.manedlig,
            sak,
            tidligere.lopende,
            termin=termin,
            kode=avgjort.kode,
            utfall=avgjort.utfall,
            belop=avgjort.belop,
            vedtak_id=vedtak_id,
            soknad=staende or (soknad if behandling.arsak == "soknad" else None),
            tid=tid,
        )
    tidligere.vedtak_id, tidligere.belop, tidligere.usluppet = vedtak_id, avgjort.belop, False
    skriver.execute(
        _UTGAENDE,
        {
            "id": ny_id(),
            "sak_id": sak.id,
            "type": f"no.boligsak.{ordning.navn}.vedtak.fattet.v1",
            "data": kanonisk(
                {
                    "sak": str(sak.id),
                    "vedtak": str(vedtak_id),
                    "termin": termin,
                    "kode": avgjort.kode,
                    "utfall": avgjort.utfall,
                }
            ).decode(),
            "tid": tid,
        },
    )
    planlegg(skriver, ordning, sak, behandling, fakta, avgjort, apne if apne is not None else [], tid)
    if avgjort.avslutter:
        stilling["sak"] = {"status": sak.status}
    return NyHendelse(
        type="vedtak_fattet",
        behandling_id=behandling.id,
        data={
            "vedtak": str(vedtak_id),
            "termin": termin,
            "kode": avgjort.kode,
            "regelversjon": avgjort.regelversjon,
            "rad": radavtrykk(rad).hex(),
            "utbetalinger": [segl.betaling(b, rad["fakta"]) for b in betalinger],
            "opplysninger": svar,
            **stilling,
        },
    )


def radavtrykk(rad: Mapping[str, Any]) -> bytes:
    """sha256 over a decision's row, its sealed facts and trace among it: what the audit chain holds of a decision.

    The sealed bytes are random to whoever lacks the key, so the amount cannot be guessed from the hash.
    """
    ledd = [str(rad[k]) for k in _AVTRYKKSFELT] + [tid_tekst(rad["fattet"])]
    return hashlib.sha256(
        kanonisk(ledd) + hashlib.sha256(rad["fakta"]).digest() + hashlib.sha256(rad["spor"]).digest()
    ).digest()


_AVTRYKKSFELT = (
    "id",
    "sak_id",
    "behandling_id",
    "kommunenummer",
    "termin",
    "kode",
    "utfall",
    "belop",
    "regelversjon",
    "fattet_av",
    "attestert_av",
    "erstatter",
)


def _betal(
    skriver: Skriver,
    ordning: Ordning,
    avgjort: Avgjorelse,
    sak: LastSak,
    vedtak_id: UUID,
    soknad: Mapping[str, Any],
    tidligere: Tidligere,
    tid: datetime,
    arsak: str,
    krav_id: UUID | None,
) -> list[dict[str, Any]]:
    """Payment rows are a ledger: what a new decision for the same termin adds is the difference, negative too. It goes
    with the next payment, or into a claim; what is given back first lessens a claim that has not been paid. After a new
    calculation a small sum is neither paid nor claimed. Gives the rows written."""
    rader: list[dict[str, Any]] = []
    dag = i_dag(tid)
    for b in ordning.betalinger(avgjort, soknad):
        differanse = b.belop - (0 if ordning.legges_til else tidligere.betalt)
        if differanse == 0:
            continue
        forfall = b.forfall
        # What lapsed is paid anew, when and however little it is.
        nytt = tidligere.usluppet and tidligere.betalt == 0
        if ordning.manedlig and tidligere.belop is not None and not nytt:
            if arsak == NY_BEREGNING.navn and not ordning.manedlig.utbetales(differanse, dag):
                continue
            forfall = max(forfall, neste_forfall(ordning.manedlig, dag))
        deler = [] if krav_id else nedsettelse.nedsett(skriver, sak.id, tidligere.krav, differanse, tid)
        rest = differanse - sum(kroner for _, kroner in deler)
        for del_av, kroner in [*deler, *([(krav_id, rest)] if rest else [])]:
            rad = {
                "id": ny_id(),
                "sak_id": sak.id,
                "vedtak_id": vedtak_id,
                "kommunenummer": sak.kommunenummer,
                "termin": b.termin,
                "belop": kroner,
                "forfall": forfall,
                "mottaker": b.mottaker,
                "tid": tid,
                "status": "krav" if del_av else "planlagt",
                "tilbakekrav_id": del_av,
            }
            skriver.execute(_UTBETALING, rad)
            rader.append(rad)
        tidligere.betalt = b.belop
    return rader


def apne_vedtak(nokkel: Datanokkel, vedtak_id: UUID, fakta: bytes, spor: bytes) -> tuple[bytes, bytes]:
    """The canonical facts and trace of a stored decision. A compact trace, which begins with ``K1`` and the scheme,
    is made whole. Errors: ``SporAvvik`` when the rules no longer give what was stored."""
    apen_fakta, apent_spor = (
        nokkel.apne(fakta, aad(vedtak_id, "fakta")),
        nokkel.apne(spor, aad(vedtak_id, "spor")),
    )
    return apen_fakta, fold_ut(apen_fakta, apent_spor)


def fold_ut(fakta: bytes, spor: bytes) -> bytes:
    """The canonical trace in full: of a decision of the monthly run from its compact form, of others as it stands."""
    if not spor.startswith(b"K1 "):
        return spor
    manedlig = ORDNINGER[spor.split(b" ", 2)[1].decode()].manedlig
    if manedlig is None:
        raise SporAvvik("ordningen har ikke løpende saker")
    return kanonisk(manedlig.fold_ut(orjson.loads(fakta), spor))
