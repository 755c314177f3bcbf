"""*Kontroll* and *beregn*: answers judged, facts put together, the rules run over columns, the difference explained."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from domain.kontroll.krav import Grunn
from domain.sak.manedlig import ARSAKER, Videre
from services.kjoring.kjoring import NY_BEREGNING, ORDINAR, REGELENDRING, Kjoring
from services.kjoring.les import Sak
from services.motor import ugunst
from services.motor.dren import ANNEN_SAK
from services.motor.feil import fingeravtrykk

SVAR_MANGLER, APEN_BEHANDLING, HUSSTAND_ENDRET = "svar_mangler", "apen_behandling", "husstanden_er_endret"


@dataclass(slots=True)
class Utfall:
    """What becomes of one case. ``slag``: as ``kjoring_sak.utfall``."""

    sak: Sak
    slag: str = ""
    grunn: str | None = None
    teknisk: bool = False
    """The open task is about something that failed, not about a judgment."""
    fakta: dict[str, Any] | None = None
    kode: str | None = None
    resultat: str | None = None
    belop: int | None = None
    spor: bytes = b""
    arsaker: dict[str, int] = field(default_factory=dict)
    videre: Videre | None = None
    gradert: bool = False


def oppgave(sak: Sak, grunn: str, *, teknisk: bool = False, gradert: bool = False) -> Utfall:
    return Utfall(sak, "oppgave", grunn, teknisk, gradert=gradert)


def kontroller(kjoring: Kjoring, saker: Sequence[Sak], mangler: frozenset[Any]) -> list[Utfall]:
    """One outcome a case: final ones, and those with facts, which the rules decide. Errors are a case's own."""
    annen_sak = frozenset((kjoring.manifest or {}).get("annen_sak", ()))
    ut = []
    for sak in saker:
        try:
            ut.append(_kontroller(kjoring, sak, sak.id in mangler, sak.tekst in annen_sak))
        except Exception as feil:  # noqa: BLE001 - nonsense in one case's answers holds up no other
            ut.append(oppgave(sak, fingeravtrykk(feil), teknisk=True))
    return ut


def _kontroller(kjoring: Kjoring, sak: Sak, mangler: bool, annen_sak: bool) -> Utfall:
    if ferdig := _uten_regler(kjoring, sak, mangler):
        return ferdig
    forrige = sak.forrige_fakta or {}
    if kjoring.slag not in (ORDINAR, NY_BEREGNING):
        return Utfall(sak, fakta={**forrige, "termin": kjoring.termin})
    if sak.soknad is None or sak.svar is None:
        return oppgave(sak, "soknad_mangler", teknisk=True)
    samlet = kjoring.ordning.sett_sammen(sak.soknad, cast(Mapping[str, Any], sak.svar))
    if kjoring.slag == NY_BEREGNING:
        nye = kjoring.manedlig.med_nye(forrige, samlet.fakta)
        return Utfall(sak, fakta=nye) if nye is not None else oppgave(sak, HUSSTAND_ENDRET)
    grunner, satt = kjoring.manedlig.staende(sak.soknad, samlet.manuell)
    if annen_sak:
        grunner.append(ANNEN_SAK)
    if grunner:
        return _med_grunn(kjoring, sak, grunner)
    return Utfall(sak, fakta=dict(kjoring.ordning.overstyr(samlet.fakta, satt)) if satt else samlet.fakta)


def _uten_regler(kjoring: Kjoring, sak: Sak, mangler: bool) -> Utfall | None:
    """What is settled before any answer is judged."""
    if sak.feil is not None:
        return oppgave(sak, fingeravtrykk(sak.feil), teknisk=True)
    if not kjoring.gjelder_vedtatte and sak.for_.termin >= kjoring.termin:
        return Utfall(sak, "annet_vedtak", kode=sak.for_.kode, resultat=sak.forrige_utfall)
    if sak.forrige_fakta is None:
        return oppgave(sak, "forrige_vedtak_mangler", teknisk=True)
    if sak.status != "lopende" and not kjoring.gjelder_vedtatte:
        return Utfall(sak, "stanset", "stanset_fra_for")
    if sak.apen is not None:
        return oppgave(sak, APEN_BEHANDLING)
    if mangler:
        krav = kjoring.ordning.krav(sak.soknad or {}, cast(Mapping[str, Any], sak.svar or {}))
        return oppgave(sak, f"{SVAR_MANGLER}:{','.join(sorted({k.register for k in krav}))}", teknisk=True)
    return None


def _med_grunn(kjoring: Kjoring, sak: Sak, grunner: Sequence[Grunn]) -> Utfall:
    koder = sorted({g["kode"] for g in grunner})
    if len(koder) == 1 and koder[0] in kjoring.manedlig.stanser:
        return Utfall(sak, "stanset", kjoring.manedlig.stanser[koder[0]])
    gradert = kjoring.ordning.gradert(cast(Mapping[str, Any], sak.svar))
    return oppgave(sak, ",".join(koder), gradert=gradert)


def beregn(kjoring: Kjoring, utfall: Sequence[Utfall]) -> str:
    """Reckon every outcome that has facts, in place. Gives the rule version. Errors: those of the rules, if one case
    cannot be reckoned: the caller then takes the cases apart."""
    med_fakta = [u for u in utfall if u.fakta is not None]
    if not med_fakta:
        return kjoring.manedlig.regelversjon(kjoring.termin)
    regnet = kjoring.manedlig.regn([u.fakta for u in med_fakta if u.fakta is not None], kjoring.termin)
    deler = kjoring.manedlig.forklar([u.sak.forrige_fakta or {} for u in med_fakta], regnet.kolonner)
    kolonner = [deler[a] for a in ARSAKER]
    for i, u in enumerate(med_fakta):
        u.kode, u.resultat, u.belop, u.spor = (
            regnet.kode[i],
            regnet.utfall[i],
            regnet.belop[i],
            regnet.spor[i],
        )
        u.slag = "vedtatt"
        u.arsaker = dict(zip(ARSAKER, (k[i] for k in kolonner), strict=True))
        # What the earlier decision would be today is not always what it was then: a rule has been mended since.
        u.arsaker["regelform"] += u.belop - u.sak.forrige_belop - sum(u.arsaker.values())
        if not kjoring.gjelder_vedtatte or kjoring.termin == u.sak.for_.termin:
            u.videre = _videre(kjoring, u.sak, u.kode, u.resultat)
        likt = (u.kode, u.belop) == (u.sak.for_.kode, u.sak.forrige_belop)
        if kjoring.gjelder_vedtatte and likt and not u.sak.forkastet:
            u.slag = "uendret"
        elif kjoring.slag == REGELENDRING and u.belop < _krever_varsel_under(u.sak):
            # Rules changed backwards take from nobody who has not been told: the notice gate, a person's task.
            u.slag, u.grunn, u.videre = "oppgave", ugunst.TIL_UGUNST["kode"], None
            u.kode = u.resultat = u.belop = None
            u.arsaker = {}
    return regnet.regelversjon


def _krever_varsel_under(sak: Sak) -> int:
    """Kroner below which a decision takes from the party. What a rejected run gave may be undone either way, since
    nobody has been told of it (forvaltningsloven § 35 første ledd b); what was paid before may not."""
    return sak.betalt if sak.forkastet else sak.forrige_belop


def _videre(kjoring: Kjoring, sak: Sak, kode: str, utfall: str) -> Videre:
    """What follows the decision; a case that was stopped for another cause than the decision it replaces (the
    applicant has moved since) stays stopped."""
    ny = kjoring.manedlig.videre(sak.for_, kjoring.termin, kode, utfall)
    if sak.stanset_grunn is None or ny.status == "stanset":
        return ny
    for_ = kjoring.manedlig.videre(sak.for_, kjoring.termin, sak.for_.kode, sak.forrige_utfall)
    return ny if for_.status == "stanset" else replace(ny, status="stanset", grunn=sak.stanset_grunn)


def etter_stans(utfall: Sequence[Utfall]) -> None:
    """A stopped case gets nothing: the whole difference is the control's."""
    for u in utfall:
        if u.slag == "stanset":
            u.belop = 0
            u.arsaker = dict.fromkeys(ARSAKER, 0) | {"kontroll": -u.sak.forrige_belop}
        elif u.slag == "annet_vedtak":
            u.belop, u.arsaker = u.sak.forrige_belop, dict.fromkeys(ARSAKER, 0)
