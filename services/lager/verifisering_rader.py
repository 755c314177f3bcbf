"""The rows beside a case's chain against what its events say of them (``segl.py``).

Held are the case's own row, its parties, treatments, decisions, payments, the answers that its decisions rest on, and
where it stands from month to month. What a treatment that is not decided yet has been answered is not sealed.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import orjson

from domain.sak.manedlig import INNHENTING
from domain.sak.verifisering import Rad
from services.lager import segl
from services.motor.avgjorelse import radavtrykk

UTEN_HENDELSE = {INNHENTING, "henlagt"}
"""States of a treatment that the monthly run opened to ask the registers, and that nothing came of."""


class Avvik(NamedTuple):
    """A row that is not what the chain says. ``seq``: of the event that says so; 0 when none does."""

    seq: int
    slag: Literal["endret", "fjernet", "satt_inn"]
    hva: str
    forklaring: str


@dataclass(slots=True)
class Rader:
    """What stands beside one chain. ``svar``: treatment → imprints of its answers, joined."""

    sak: Mapping[str, Any] | None
    vedtak: Sequence[Mapping[str, Any]] = ()
    utbetalinger: Sequence[Mapping[str, Any]] = ()
    behandlinger: Sequence[Mapping[str, Any]] = ()
    svar: Mapping[str, bytes] = field(default_factory=dict)
    parter: Mapping[str, str] = field(default_factory=dict)
    lopende: Mapping[str, Any] | None = None
    soknader: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class _Sagt:
    """What the events of a chain say, taken together; each with the number of the event."""

    sak: dict[str, tuple[int, Any]] = field(default_factory=dict)
    parter: dict[str, tuple[int, Any]] = field(default_factory=dict)
    behandlinger: dict[str, tuple[int, Any]] = field(default_factory=dict)
    vedtak: dict[str, tuple[int, Any]] = field(default_factory=dict)
    utbetalinger: dict[str, tuple[int, Any]] = field(default_factory=dict)
    svar: dict[str, tuple[int, Any]] = field(default_factory=dict)
    lopende: dict[str, tuple[int, Any]] = field(default_factory=dict)
    soknader: dict[str, tuple[int, Any]] = field(default_factory=dict)

    def les(self, rad: Rad) -> None:
        try:
            data = orjson.loads(rad.kanonisk)["data"]
            self._les(rad, data)
        except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError):
            return  # the chain's own check names it

    def _les(self, rad: Rad, data: Mapping[str, Any]) -> None:
        seq = rad.seq
        for felt, mal in (("sak", self.sak), ("parter", self.parter), ("lopende_soknad", self.soknader)):
            mal.update((k, (seq, v)) for k, v in data.get(felt, {}).items())
        if rad.behandling and "behandlingsrad" in data:
            self.behandlinger[rad.behandling] = seq, data["behandlingsrad"]
        stilling = dict(data.get("lopende", {}))
        if "rad" in data:  # vedtak_fattet, or overtatt
            id_ = data["vedtak"]
            self.vedtak[id_] = seq, data["rad"]
            self.utbetalinger[id_] = seq, data.get("utbetalinger", [])
            if rad.behandling and "opplysninger" in data:
                self.svar[rad.behandling] = seq, data["opplysninger"]
            if stilling:
                stilling |= {"termin": data["termin"], "kode": data["kode"], "vedtak": id_}
        for id_, avtrykk in data.get(
            "motregnet", {}
        ).items():  # rows of a claim that is set off, beside its decision's
            forst, har = self.utbetalinger.get(id_, (seq, []))
            self.utbetalinger[id_] = forst, [*har, *avtrykk]
        self.lopende.update((k, (seq, v)) for k, v in stilling.items())


def avvik(hendelser: Iterable[Rad], rader: Rader) -> list[Avvik]:
    """Every row that has been changed, removed or put in."""
    sagt = _Sagt()
    for rad in hendelser:
        sagt.les(rad)
    return [
        *_sak(sagt, rader),
        *_parter(sagt, rader),
        *_behandlinger(sagt, rader),
        *_vedtak(sagt, rader),
        *_utbetalinger(sagt, rader),
        *_svar(sagt, rader),
        *_lopende(sagt, rader),
    ]


def _sak(sagt: _Sagt, rader: Rader) -> list[Avvik]:
    rad = rader.sak
    if rad is None:
        return []  # the chain's own check names it
    if not sagt.sak:
        return [Avvik(0, "satt_inn", "sak", "ingen hendelse sier hvor saken hører til")]
    ut = []
    for felt in segl.SAKSFELT:
        seq, ventet = sagt.sak.get(felt, (0, "" if felt == "gjelder" else None))
        er = rad[felt] if isinstance(rad[felt], bool) else str(rad[felt])
        if er != ventet:
            ut.append(Avvik(seq, "endret", f"sak.{felt}", "er ikke det som hendelsene sier"))
    if (rad["slettet"] is not None) != sagt.sak.get("slettet", (0, False))[1]:
        ut.append(Avvik(0, "endret", "sak.slettet", "er ikke det som hendelsene sier"))
    return ut


def _parter(sagt: _Sagt, rader: Rader) -> list[Avvik]:
    ut = [
        Avvik(seq, "fjernet" if p not in rader.parter else "endret", f"part {p}", "er ikke den som ble part")
        for p, (seq, rolle) in sagt.parter.items()
        if rader.parter.get(p) != rolle
    ]
    nye = rader.parter.keys() - sagt.parter.keys()
    return ut + [Avvik(0, "satt_inn", f"part {p}", "ingen hendelse gjorde personen til part") for p in nye]


def _behandlinger(sagt: _Sagt, rader: Rader) -> list[Avvik]:
    ut, ventet = [], dict(sagt.behandlinger)
    for b in rader.behandlinger:
        hva = f"behandling {b['id']}"
        seq, avtrykk = ventet.pop(str(b["id"]), (0, None))
        if avtrykk is None:
            if b["tilstand"] not in UTEN_HENDELSE:
                ut.append(Avvik(0, "satt_inn", hva, "ingen hendelse sier at behandlingen er åpnet"))
        elif segl.behandling(b) != avtrykk:
            ut.append(Avvik(seq, "endret", hva, "raden er ikke slik hendelsen etterlot den"))
    return ut + [
        Avvik(seq, "fjernet", f"behandling {b}", "raden finnes ikke") for b, (seq, _) in ventet.items()
    ]


def _vedtak(sagt: _Sagt, rader: Rader) -> list[Avvik]:
    ut, ventet = [], dict(sagt.vedtak)
    for v in rader.vedtak:
        hva = f"vedtak {v['id']}"
        seq, avtrykk = ventet.pop(str(v["id"]), (0, None))
        if avtrykk is None:
            ut.append(Avvik(0, "satt_inn", hva, "ingen hendelse sier at vedtaket er fattet"))
        elif not hmac.compare_digest(radavtrykk(v).hex(), avtrykk):
            ut.append(Avvik(seq, "endret", hva, "raden er ikke den som ble fattet"))
    return ut + [
        Avvik(seq, "fjernet", f"vedtak {v}", "vedtaket er fattet, men raden finnes ikke")
        for v, (seq, _) in ventet.items()
    ]


def _utbetalinger(sagt: _Sagt, rader: Rader) -> list[Avvik]:
    fakta = {str(v["id"]): v["fakta"] for v in rader.vedtak}
    rest = {v: list(avtrykk) for v, (_, avtrykk) in sagt.utbetalinger.items()}
    fremmede: list[tuple[str, str]] = []
    for u in rader.utbetalinger:
        v = str(u["vedtak_id"])
        avtrykk = segl.betaling(u, fakta.get(v, b""))
        if avtrykk in rest.get(v, ()):
            rest[v].remove(avtrykk)
        else:
            fremmede.append((v, str(u["id"])))
    ut = []
    for v, id_ in fremmede:
        seq = sagt.utbetalinger.get(v, (0, None))[0]
        if rest.get(v):
            rest[v].pop()
            ut.append(Avvik(seq, "endret", f"utbetaling {id_}", "raden er ikke den som vedtaket ga"))
        else:
            ut.append(Avvik(seq, "satt_inn", f"utbetaling {id_}", "ingen hendelse sier at den skal betales"))
    for v, igjen in rest.items():
        seq = sagt.utbetalinger[v][0]
        ut += [Avvik(seq, "fjernet", f"utbetaling for vedtak {v}", "raden finnes ikke")] * len(igjen)
    return ut


def _svar(sagt: _Sagt, rader: Rader) -> list[Avvik]:
    ut = []
    for behandling, (seq, ventet) in sagt.svar.items():
        er = segl.opplysninger(segl.delt(rader.svar.get(behandling)))
        if er == ventet:
            continue
        slag: Literal["endret", "fjernet", "satt_inn"] = "endret"
        if er["antall"] != ventet["antall"]:
            slag = "fjernet" if er["antall"] < ventet["antall"] else "satt_inn"
        ut.append(
            Avvik(
                seq,
                slag,
                f"opplysninger i behandling {behandling}",
                "er ikke de som vedtaket bygger på",
            )
        )
    return ut


def _lopende(sagt: _Sagt, rader: Rader) -> list[Avvik]:
    ut = []
    rad = rader.lopende
    if rad is None:
        if sagt.lopende:
            ut.append(
                Avvik(max(s for s, _ in sagt.lopende.values()), "fjernet", "løpende sak", "raden finnes ikke")
            )
    elif not sagt.lopende:
        ut.append(Avvik(0, "satt_inn", "løpende sak", "ingen hendelse sier at saken løper"))
    else:
        vedtak = next((v for v in rader.vedtak if v["id"] == rad["vedtak"]), None)
        galt = [f for f, (_, verdi) in sagt.lopende.items() if _som_tekst(rad[f]) != _som_tekst(verdi)]
        galt += [f for f in ("utfall", "belop") if vedtak is None or rad[f] != vedtak[f]]
        galt += [f for f in ("ordning", "kommunenummer") if rader.sak and rad[f] != rader.sak[f]]
        if galt:
            seq = max(s for s, _ in sagt.lopende.values())
            ut.append(
                Avvik(seq, "endret", f"løpende sak: {', '.join(galt)}", "er ikke det som hendelsene sier")
            )
    for fra, (seq, avtrykk) in sagt.soknader.items():
        if fra not in rader.soknader:
            ut.append(Avvik(seq, "fjernet", f"løpende søknad fra {fra}", "raden finnes ikke"))
        elif segl.forseglet(rader.soknader[fra]) != avtrykk:
            ut.append(Avvik(seq, "endret", f"løpende søknad fra {fra}", "er ikke den som ble satt"))
    ut += [
        Avvik(0, "satt_inn", f"løpende søknad fra {fra}", "ingen hendelse setter den")
        for fra in rader.soknader.keys() - sagt.soknader.keys()
    ]
    return ut


def _som_tekst(verdi: Any) -> str:
    return "" if verdi is None else str(verdi)
