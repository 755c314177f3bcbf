"""The claims of a verified token as an ``Aktor``: Maskinporten, Ansattporten, and the local issuer.

Claim names follow docs.digdir.no ("/token endpoint" of Maskinporten, "access token from ID-porten",
"RAR-typer i Ansattporten"). Ours alone, and no part of any public document: the scopes ``boligsak:*`` and the
Altinn resources ``boligsak-<rolle>`` and ``boligsak-klarert``, which a municipality's administrator delegates
to its caseworkers.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from stdnum.no import orgnr

from services.problem import Problem
from services.tilgang.aktor import ALLE, MASKINROLLER, MASKINSCOPES, ROLLER, Aktor, Scope
from services.tilgang.virksomheter import kommuner_for

type_hash = Callable[[str], bytes]
Krav = Mapping[str, Any]

RESSURS = "urn:altinn:resource:boligsak-"
RAR_RESSURS = "ansattporten:altinn:resource"
_NIVAER = ("idporten-loa-substantial", "idporten-loa-high")


def fra_maskinporten(krav: Krav) -> Aktor:
    """An organisation (``consumer``), or one it has delegated to (``supplier``) on its behalf."""
    orgno = _orgno(krav.get("consumer"), "consumer")
    leverandor = _orgno(krav["supplier"], "supplier") if krav.get("supplier") else None
    scopes = MASKINSCOPES & _scopes(krav)
    roller = {"innsender"} if Scope.SKRIV in scopes else set()
    return Aktor(
        id=f"org:{orgno}" + (f"/{leverandor}" if leverandor else ""),
        art="maskin",
        organisasjonsnummer=orgno,
        kommuner=_kommuner(orgno),
        roller=frozenset(roller | ({"drift"} if Scope.DRIFT in scopes else set())),
        scopes=scopes,
        leverandor=leverandor,
    )


def fra_ansattporten(krav: Krav, oppslag_hash: type_hash) -> Aktor:
    """A person (``pid``) who has chosen one organisation, with the roles it has delegated to them in Altinn.

    What they may do is the roles' scopes cut by the client's own ``scope``. Cleared for protected addresses
    only at the highest level of assurance.
    """
    pid, acr = krav.get("pid"), krav.get("acr")
    if not isinstance(pid, str) or not pid.isascii():
        _nekt("tokenet mangler pid: hvem saksbehandleren er må være kjent")
    if acr not in _NIVAER:
        _nekt("sikkerhetsnivået må være idporten-loa-substantial eller idporten-loa-high")
    orgno, ressurser = _delegert(krav.get("authorization_details"))
    roller = frozenset(ressurser & ROLLER.keys() - MASKINROLLER)
    person_hash = oppslag_hash(pid)
    return Aktor(
        id="p:" + hashlib.sha256(b"aktor " + person_hash).hexdigest()[:24],
        art="saksbehandler",
        organisasjonsnummer=orgno,
        kommuner=_kommuner(orgno),
        roller=roller,
        scopes=frozenset().union(*(ROLLER[r] for r in roller)) & _scopes(krav),
        klarert="klarert" in ressurser and acr == _NIVAER[-1],
        person_hash=person_hash,
        navn=krav.get("name") if isinstance(krav.get("name"), str) else None,
    )


def fra_lokal(krav: Krav, oppslag_hash: type_hash) -> Aktor:
    """A token of ``services/tilgang/lokal.py``; what it says is taken as it stands."""
    roller = frozenset(krav["boligsak_roller"])
    maskin = krav["boligsak_art"] == "maskin"
    orgno = _orgno(krav["consumer"], "consumer")
    kommuner = krav["boligsak_kommuner"]
    scopes = frozenset().union(*(ROLLER[r] for r in roller))
    pid = krav.get("pid")
    return Aktor(
        id=f"org:{orgno}" if maskin else f"lokal:{krav['sub']}",
        art="maskin" if maskin else "saksbehandler",
        organisasjonsnummer=orgno,
        kommuner=ALLE if kommuner == ALLE else frozenset(kommuner),
        roller=roller,
        scopes=scopes & MASKINSCOPES if maskin else scopes,
        klarert=krav["boligsak_klarert"] is True,
        person_hash=oppslag_hash(pid) if pid else None,
        navn=krav["name"],
    )


def _delegert(detaljer: object) -> tuple[str, set[str]]:
    """``(organisation, our resources)``. One organisation a token: a role must not reach into another's."""
    ressurser: set[str] = set()
    virksomheter: set[str] = set()
    for detalj in detaljer if isinstance(detaljer, list) else []:
        if not isinstance(detalj, dict) or detalj.get("type") != RAR_RESSURS:
            continue
        ressurs, parter = detalj.get("resource"), detalj.get("authorized_parties")
        if isinstance(ressurs, str) and ressurs.startswith(RESSURS) and isinstance(parter, list):
            for part in parter:
                virksomheter.add(_orgno(part.get("orgno") if isinstance(part, dict) else None, "orgno"))
                ressurser.add(ressurs.removeprefix(RESSURS))
    if len(virksomheter) != 1:
        _nekt("tokenet må gjelde nøyaktig én virksomhet som har delegert en boligsak-ressurs")
    return virksomheter.pop(), ressurser


def _orgno(verdi: object, felt: str) -> str:
    """The number of ``{"authority": "iso6523-actorid-upis", "ID": "0192:<organisation number>"}``."""
    if isinstance(verdi, dict) and verdi.get("authority") == "iso6523-actorid-upis":
        icd, _, nummer = str(verdi.get("ID", "")).partition(":")
        if icd == "0192" and nummer.isascii() and orgnr.is_valid(nummer):
            return nummer
    return _nekt(f"{felt} er ikke et norsk organisasjonsnummer i ISO 6523-form")


def _scopes(krav: Krav) -> frozenset[Scope]:
    kjente = {s.value: s for s in Scope}
    return frozenset(kjente[s] for s in str(krav.get("scope", "")).split() if s in kjente)


def _kommuner(orgno: str) -> frozenset[str] | Any:
    kommuner = kommuner_for(orgno)
    if kommuner is None:
        raise Problem(403, "ukjent-virksomhet")
    return kommuner


def _nekt(detalj: str) -> NoReturn:
    raise Problem(403, "mangler-tilgang", detalj=detalj)
