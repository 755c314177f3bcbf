"""Drain cases: under their locks, do everything that is due, in order, until each must wait.

A task is a wake-up, nothing more: doubled, late and re-ordered ones find nothing to do. Many cases share a
transaction, since what costs is the round trip and not the case; a case that fails is left out, and does not hold
the others up.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from domain.klage.omgjoring import OMGJORES
from domain.kontroll.krav import Grunn
from domain.ordninger import ORDNINGER
from domain.sak.bevilgning import RAMMETILSTANDER
from domain.sak.forlop import VENTER, VENTER_PA_OPPGJOR
from domain.sak.ordning import Fakta, Ordning
from domain.sak.steg import Bilde, Steg, neste_steg
from services.etterkontroll import gang as etterkontroll
from services.klage import omgjoring
from services.klokke import i_dag, na
from services.krasjpunkt import krasjpunkt
from services.lager import hendelser, opplysninger, saker, utboks
from services.lager.hendelser import NyHendelse
from services.lager.roller import DbRolle
from services.lager.saker import Behandling, LastSak, SakFinnesIkke
from services.lager.sesjon import SYSTEM, transaksjon
from services.lager.skriving import Skrivebord
from services.logg import bundet
from services.motor import rammegang, ugunst
from services.motor.avgjorelse import Grunnlag, Opplysninger, fatt_vedtak, grunnlag
from services.motor.lest import Lest
from services.motor.overgang import SYSTEM_FRIST, apne_manuell, flytt
from services.motor.planlegging import utsett, venter
from services.motor.svar import Sporsmal, Svar, lagre_svar, oppslag, spor_registrene
from services.registre import Registre

Klokke = Callable[[], datetime]
ANNEN_SAK: Grunn = {
    "kode": "husstanden_har_annen_sak",
    "tekst": "En annen sak gir, eller kan gi, samme husstand støtte for samme måned.",
}


def dren(sak_id: UUID, registre: Registre, sporing: str | None = None, klokke: Klokke = na) -> None:
    """Do all that is due on one case. Errors: whatever stopped it; nothing is then half done."""
    for feil in dren_flere({sak_id: sporing}, registre, klokke).values():
        raise feil


def dren_flere(
    sporing: Mapping[UUID, str | None], registre: Registre, klokke: Klokke = na
) -> dict[UUID, Exception]:
    """Do all that is due on the cases (id → traceparent). Returns what stopped those that failed."""
    try:
        return _dren(sporing, registre, klokke)
    except Exception as feil:  # noqa: BLE001  (it goes to the case that it belongs to)
        if len(sporing) == 1:
            return {next(iter(sporing)): feil}
    # One case's key or rows, or the moment, broke the shared transaction: each by itself shows which.
    feilet: dict[UUID, Exception] = {}
    for sak_id, spor in sporing.items():
        feilet |= dren_flere({sak_id: spor}, registre, klokke)
    return feilet


def _dren(sporing: Mapping[UUID, str | None], registre: Registre, klokke: Klokke) -> dict[UUID, Exception]:
    feilet: dict[UUID, Exception] = {}
    gjenstar = set(sporing)
    spurt: dict[UUID, Sporsmal] = {}
    svar: dict[UUID, list[Svar]] = {}
    while gjenstar:
        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            laste = saker.las_flere(forbindelse, gjenstar)
            tid = klokke()  # under the lock, so that a case's decisions are dated in the order they were made
            bord = Skrivebord(forbindelse)
            feilet |= {sak_id: SakFinnesIkke(str(sak_id)) for sak_id in gjenstar - laste.keys()}
            for sak_id, nye in svar.items():
                lagre_svar(bord, spurt[sak_id], nye, tid)
                krasjpunkt("motor.for_svar_lagret", sak_id)
            bord.tom()
            spurt = {}
            lest = Lest(forbindelse, laste, tid)
            for sak in laste.values():
                try:
                    with bundet(sporing[sak.id], sak=str(sak.id)), bord.en_sak():
                        videre = _gjor_det_som_kan_gjores(bord, sak, lest, tid, sporing[sak.id])
                except DBAPIError:
                    raise
                except Exception as feil:  # noqa: BLE001  (a rule that fails for one case is that case's trouble)
                    feilet[sak.id] = feil
                    continue
                if videre:
                    spurt[sak.id] = videre
            bord.tom()
            rammegang.still_i_ko(lest, tid)
            mer = spurt.keys() | feilet.keys() | lest.igjen
            utboks.ferdig_dren(forbindelse, [i for i in laste if i not in mer], tid)
            for sak_id in laste:
                krasjpunkt("motor.for_commit", sak_id)
        for sak_id in laste:
            krasjpunkt("motor.for_registre" if sak_id in spurt else "motor.etter_commit", sak_id)
        svar = spor_registrene(spurt, registre, klokke) if spurt else {}
        gjenstar = set(spurt) | lest.igjen
    return feilet


def _gjor_det_som_kan_gjores(
    bord: Skrivebord, sak: LastSak, lest: Lest, tid: datetime, sporing: str | None
) -> Sporsmal | None:
    """Every step that needs only the database. Stops at the first treatment that needs the registers."""
    ordning = ORDNINGER[sak.ordning]
    versjon, gradert = sak.versjon, sak.gradert
    opptatt: set[str] = set()
    sporsmal = None
    for behandling in lest.behandlinger[sak.id]:
        if behandling.termin not in opptatt:  # an earlier treatment of the same month comes first
            sporsmal = _behandle(bord, ordning, sak, behandling, lest, tid, sporing)
            if sporsmal:
                break
        if behandling.avsluttet and ordning.ser_vedtak:  # what comes next rests on this decision
            if not all(venter(b, tid) for b in lest.behandlinger[sak.id]):
                lest.igjen.add(sak.id)
            break
        if not behandling.avsluttet and ordning.forlop[behandling.arsak].opptar_maneden:
            opptatt.add(behandling.termin)
    if (sak.versjon, sak.gradert) != (versjon, gradert):
        saker.lagre(bord, sak, tid)
    return sporsmal


def _behandle(
    bord: Skrivebord,
    ordning: Ordning,
    sak: LastSak,
    behandling: Behandling,
    lest: Lest,
    tid: datetime,
    sporing: str | None,
) -> Sporsmal | None:
    forlop = ordning.forlop[behandling.arsak]
    frist_ute, skrevet = None, []
    if behandling.frist and behandling.frist <= tid and forlop.finn(behandling.tilstand, "frist_ut"):
        if behandling.tilstand == VENTER:
            frist_ute = _frist_ute(ordning, tid)
            skrevet = opplysninger.lagre(bord, sak.nokkel, sak.id, behandling.id, [frist_ute])
        _la_fristen_ga_ut(bord, sak, behandling, tid)
    if behandling.tilstand == forlop.start:
        if ordning.tidligst and ordning.tidligst(behandling.termin) > i_dag(tid):
            return None  # its own wake-up comes on that day
        flytt(bord, sak, behandling, "start_kontroll", tid)
    if behandling.tilstand not in forlop.automatisk:
        return None
    if behandling.tilstand in RAMMETILSTANDER:
        rammegang.fortsett(bord, ordning, sak, behandling, lest, tid)
        return None
    if behandling.tilstand == OMGJORES:
        omgjoring.fortsett(bord, ordning, sak, behandling, lest, tid)
        return None
    if kontroll := ordning.etterkontroller.get(behandling.arsak):
        opp, uprovde = etterkontroll.fortsett(bord, ordning, kontroll, sak, behandling, lest, tid)
        _se_gradering(bord, ordning, sak, behandling, opp, tid)
        spor = oppslag(ordning, opp, uprovde, lest.fnr[sak.id], sporing) if uprovde else []
        return Sporsmal(sak, behandling, spor, sporing) if spor else None
    opp = lest.opplysninger(sak, behandling)
    if frist_ute:
        opp[frist_ute.nokkel] = frist_ute.innhold
    _se_gradering(bord, ordning, sak, behandling, opp, tid)
    krav = ordning.krav(opp[opplysninger.SOKNAD], opp)
    apne = lest.apne_kontroller.get(behandling.id, set()) if krav else set()
    uprovde = [k for k in krav if k.nokkel not in apne]
    grunn = None if krav else grunnlag(ordning, opp)  # without overrides: those count only when attested
    if grunn and opplysninger.FRIST not in opp and behandling.id in lest.har_annen_sak:
        grunn.grunner.append(ANNEN_SAK)
    if grunn and ugunst.krever_varsel(ordning, forlop, sak, behandling, grunn.fakta, lest):
        grunn.grunner.append(ugunst.TIL_UGUNST)
    manuelle = len(grunn.grunner) if grunn else 0
    bortfaller = grunn is not None and grunn.bortfaller
    for_tidlig = grunn is not None and grunn.tidligst is not None and grunn.tidligst > i_dag(tid)
    bilde = Bilde(behandling.tilstand, len(uprovde), len(apne), manuelle, bortfaller, for_tidlig)
    steg = neste_steg(forlop, bilde)
    if steg is Steg.HENT:
        return Sporsmal(sak, behandling, oppslag(ordning, opp, uprovde, lest.fnr[sak.id], sporing), sporing)
    if steg is not Steg.VENT and grunn is not None:
        _gjor(bord, ordning, sak, behandling, steg, grunn, opp, lest, skrevet, tid)
    return None


def _gjor(
    bord: Skrivebord,
    ordning: Ordning,
    sak: LastSak,
    behandling: Behandling,
    steg: Steg,
    grunn: Grunnlag,
    opp: Opplysninger,
    lest: Lest,
    skrevet: Sequence[bytes],
    tid: datetime,
) -> None:
    """The step that ends the engine's own work on a treatment, for now or for good."""
    if steg is Steg.TIL_MANUELL:
        koder = sorted({g["kode"] for g in grunn.grunner})
        opplysninger.lagre(
            bord, sak.nokkel, sak.id, behandling.id, _overta(ordning, lest, sak, behandling, opp)
        )
        flytt(bord, sak, behandling, "til_manuell", tid, data={"grunner": koder})
        if behandling.tilstand not in ordning.forlop[behandling.arsak].oppgaver:
            apne_manuell(bord, ordning, sak, behandling, koder, tid)
    elif steg is Steg.BORTFALL:
        flytt(bord, sak, behandling, "bortfall", tid)
    elif steg is Steg.UTSETT and grunn.tidligst:
        utsett(bord, sak, behandling, grunn.tidligst, tid)
    else:
        _vedta(bord, ordning, sak, behandling, grunn.fakta, opp, lest, skrevet, tid)


def _se_gradering(
    bord: Skrivebord, ordning: Ordning, sak: LastSak, behandling: Behandling, opp: Opplysninger, tid: datetime
) -> None:
    """At once, though other registers may be long in answering."""
    if not sak.gradert and ordning.gradert(opp):
        sak.gradert = True
        ny = NyHendelse("gradert", behandling.id, {"sak": {"gradert": True}})
        hendelser.skriv(bord, sak, [ny], SYSTEM.aktor, tid)


def _vedta(
    bord: Skrivebord,
    ordning: Ordning,
    sak: LastSak,
    behandling: Behandling,
    fakta: Fakta,
    opp: Opplysninger,
    lest: Lest,
    skrevet: Sequence[bytes],
    tid: datetime,
) -> None:
    avgjort = ordning.avgjor(fakta)
    hendelse = fatt_vedtak(
        bord,
        ordning,
        sak,
        behandling,
        fakta,
        opp[opplysninger.SOKNAD],
        lest.tidligere[sak.id, behandling.termin],
        tid,
        fattet_av=SYSTEM.aktor,
        svar=lest.segl(sak, behandling, skrevet),
        avgjort=avgjort,
        apne=lest.behandlinger[sak.id],
    )
    lest.noter_lopende(sak, behandling)
    flytt(bord, sak, behandling, "fatt_vedtak", tid, vedtak=hendelse)
    if poster := rammegang.poster_av(ordning, fakta, avgjort):
        rammegang.bokfor(lest.forbindelse, ordning, sak, behandling, poster, tid)


def _la_fristen_ga_ut(bord: Skrivebord, sak: LastSak, behandling: Behandling, tid: datetime) -> None:
    """A control whose answers were not final asks all of them anew."""
    behandling.frist = None
    if behandling.tilstand == VENTER_PA_OPPGJOR:
        behandling.kontroller_fra = tid
    flytt(bord, sak, behandling, "frist_ut", tid, kontekst=SYSTEM_FRIST)


def _overta(
    ordning: Ordning, lest: Lest, sak: LastSak, behandling: Behandling, opp: Opplysninger
) -> list[opplysninger.NyOpplysning]:
    """What the treatment has borrowed of an earlier one, as its own: a person will look at it, and another attest,
    long after it has run out there."""
    return [
        lant
        for lant in lest.lante(sak, behandling)
        if any(
            k.nokkel == lant.nokkel
            for k in ordning.krav(
                opp[opplysninger.SOKNAD], {n: v for n, v in opp.items() if n != lant.nokkel}
            )
        )
    ]


def _frist_ute(ordning: Ordning, tid: datetime) -> opplysninger.NyOpplysning:
    return opplysninger.NyOpplysning(
        nokkel=opplysninger.FRIST, kilde="system", hjemmel=ordning.hjemmel, innhold={"ute": True}, hentet=tid
    )
