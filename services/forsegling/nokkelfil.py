"""The key-encryption keys, by reference: a file named by ``BOLIGSAK_KEK_FIL``, never the database.

JSON: ``{"aktiv": "k2", "kek": {"k1": "<base64, 32 bytes>", "k2": "…"}, "oppslag": "<base64, 32 bytes>"}``.
``aktiv`` wraps new data keys; the others only unwrap, until ``boligsak nokkel roter`` has moved everything.
``oppslag`` makes the look-up hashes and cannot be rotated without the identity numbers, so it is a key of its
own. Outside production a file is made on first use.
"""

import base64
import binascii
import json
import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from services.forsegling.feil import NokkelfilFeil
from services.innstillinger import Innstillinger

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


@dataclass(frozen=True, slots=True, repr=False)
class Nokler:
    """``kek``: 32 bytes by id; ``aktiv`` is one of the ids."""

    aktiv: str
    kek: Mapping[str, bytes]
    oppslag: bytes


def nokkelfil(innst: Innstillinger) -> Path:
    """Where the keys are. In production only ``BOLIGSAK_KEK_FIL`` counts."""
    oppgitt = os.environ.get("BOLIGSAK_KEK_FIL")
    if oppgitt:
        return Path(oppgitt)
    if innst.miljo == "prod":
        raise NokkelfilFeil("BOLIGSAK_KEK_FIL må peke på nøkkelfilen når BOLIGSAK_MILJO=prod")
    return innst.rot / "nokler" / "kek.json"


def les(innst: Innstillinger) -> Nokler:
    """Read the file; outside production make it first if it is not there."""
    fil = nokkelfil(innst)
    if not fil.exists():
        if innst.miljo == "prod":
            raise NokkelfilFeil(f"nøkkelfilen BOLIGSAK_KEK_FIL={fil} finnes ikke")
        _skriv_ny(fil, Nokler("lokal-1", {"lokal-1": secrets.token_bytes(32)}, secrets.token_bytes(32)))
    return tolk(fil.read_text(encoding="utf-8"))


def tolk(tekst: str) -> Nokler:
    """Parse and check; raises ``NokkelfilFeil`` naming the field."""
    try:
        dokument = json.loads(tekst)
        kek = {str(navn): _nokkel(f"kek.{navn}", verdi) for navn, verdi in dict(dokument["kek"]).items()}
        aktiv, oppslag = str(dokument["aktiv"]), _nokkel("oppslag", dokument["oppslag"])
    except (json.JSONDecodeError, KeyError, TypeError, ValueError) as feil:
        raise NokkelfilFeil(f"nøkkelfilen kan ikke leses: {type(feil).__name__}") from None
    if aktiv not in kek:
        raise NokkelfilFeil("nøkkelfilen: aktiv navngir ingen nøkkel i kek")
    for navn in kek:
        if not _ID.fullmatch(navn):
            raise NokkelfilFeil("nøkkelfilen: id i kek må være a-z, 0-9 og bindestrek, høyst 32 tegn")
    if oppslag in kek.values() or len(set(kek.values())) < len(kek):
        raise NokkelfilFeil("nøkkelfilen: samme nøkkel er brukt to ganger")
    return Nokler(aktiv, kek, oppslag)


def legg_til(fil: Path, dato: date) -> str:
    """Put a fresh key-encryption key in the file and make it active; the id is made from the date."""
    nokler = tolk(fil.read_text(encoding="utf-8"))
    stamme = f"k-{dato.isoformat()}"
    navn, nr = stamme, 1
    while navn in nokler.kek:
        nr += 1
        navn = f"{stamme}-{nr}"
    ny = Nokler(navn, {**nokler.kek, navn: secrets.token_bytes(32)}, nokler.oppslag)
    midlertidig = _skriv(fil, ny)
    midlertidig.replace(fil)
    return navn


def _nokkel(felt: str, verdi: object) -> bytes:
    try:
        nokkel = base64.b64decode(str(verdi), validate=True)
    except binascii.Error:
        nokkel = b""
    if len(nokkel) != 32:
        raise NokkelfilFeil(f"nøkkelfilen: {felt} må være 32 byte i base64")
    return nokkel


def _skriv(fil: Path, nokler: Nokler) -> Path:
    fil.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    midlertidig = fil.with_name(f".{fil.name}.{os.getpid()}.{secrets.token_hex(4)}")
    innhold = {
        "aktiv": nokler.aktiv,
        "kek": {navn: base64.b64encode(n).decode() for navn, n in nokler.kek.items()},
        "oppslag": base64.b64encode(nokler.oppslag).decode(),
    }
    beskriver = os.open(midlertidig, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(beskriver, "w", encoding="utf-8") as ut:
        json.dump(innhold, ut, indent=2)
        ut.flush()
        os.fsync(ut.fileno())
    return midlertidig


def _skriv_ny(fil: Path, nokler: Nokler) -> None:
    midlertidig = _skriv(fil, nokler)
    with suppress(FileExistsError):  # another process was first: its file counts, and it is whole
        os.link(midlertidig, fil)
    midlertidig.unlink()
