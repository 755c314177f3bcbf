"""Send the example claims over HTTP, act as the caseworkers they ask for, and see what became of each."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx

from services.demo.eksempel import Eksempel, Handling
from services.klokke import i_dag, na
from services.tilgang import lokal

PAUSE_S = 0.1
FRIST_S = 60.0
"""Longest wait for an answer of the API, and for anything new of any claim."""
_CLOUDEVENT = {"Content-Type": "application/cloudevents+json"}


@dataclass
class Gang:
    """One claim under way. ``avvik``: why it did not go as its file states."""

    eksempel: Eksempel
    sak: str = ""
    mottatt: datetime | None = None
    kode: str | None = None
    belop: int | None = None
    oppgave: str | None = None
    brukt_ms: float | None = None
    igjen: list[Any] = field(default_factory=list)
    vedtak: str = ""
    avvik: str = ""

    @property
    def ferdig(self) -> bool:
        return bool(self.kode or self.avvik or (self.oppgave and not self.igjen))

    @property
    def som_oppgitt(self) -> bool:
        f = self.eksempel.forventet
        if self.avvik:
            return False
        if f.oppgave:
            return self.kode is None and self.oppgave == f.oppgave
        return (self.kode, self.belop) == (f.kode, f.belop)


class _Talmodig(httpx.HTTPTransport):
    """Asks once more, as any client of the API must, while what should answer is started again."""

    def __init__(self, tilsyn: Callable[[], object]) -> None:
        super().__init__()
        self._tilsyn = tilsyn

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        slutt = time.monotonic() + FRIST_S
        if request.method == "POST":
            # Done once, however often it is asked for.
            request.headers.setdefault("Idempotency-Key", uuid4().hex)
        while True:
            try:
                svar = super().handle_request(request)
                svar.read()
                if svar.status_code != 503:
                    return svar
                feil: httpx.TransportError = httpx.ReadError(f"503 {svar.text}")
            except httpx.TransportError as brutt:
                feil = brutt
            if time.monotonic() > slutt:
                raise feil
            time.sleep(PAUSE_S)
            self._tilsyn()


class Lop:
    """One run against an API and a register simulator. ``meld`` is called when something has changed, ``tilsyn`` again
    and again, to start what has died."""

    def __init__(
        self,
        api_url: str,
        register_url: str,
        eksempler: Iterable[Eksempel],
        meld: Callable[[], None],
        tilsyn: Callable[[], object],
    ) -> None:
        self.ganger = [Gang(e, igjen=list(e.handlinger)) for e in eksempler]
        self.sendt = 0
        self.brev: tuple[str, int] | None = None
        """The claim whose letter was fetched, and its bytes as PDF."""
        self._register_url = register_url
        self._meld = meld
        self._tilsyn = tilsyn
        self._innsender = self._klient(api_url, "innsender")
        self._ansatte = {rolle: self._klient(api_url, rolle) for rolle in ("saksbehandler", "attestant")}

    def _klient(self, api_url: str, rolle: str) -> httpx.Client:
        token = lokal.utsted(["alle"], rolle, navn=f"Demo {rolle}", klarert=True)
        return httpx.Client(
            base_url=api_url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=20,
            transport=_Talmodig(self._tilsyn),
        )

    def lukk(self) -> None:
        for klient in (self._innsender, *self._ansatte.values()):
            klient.close()

    def kjor(self) -> bool:
        """Did every claim reach the outcome that its file states? Errors: httpx.HTTPError."""
        self._gjor_klar()
        self._fyll_rammene()
        self._send()
        # Counted from the latest change: what is killed and started again on the way takes its time.
        sett, slutt = self._hvor_langt(), time.monotonic() + FRIST_S
        while not all(g.ferdig for g in self.ganger) and time.monotonic() < slutt:
            time.sleep(PAUSE_S)
            self._tilsyn()
            self._se_etter()
            if (na_er := self._hvor_langt()) != sett:
                sett, slutt = na_er, time.monotonic() + FRIST_S
        for g in self.ganger:
            if not g.ferdig:
                g.avvik = f"no outcome, and nothing new for {FRIST_S:.0f} s"
        self._hent_brev()
        return all(g.som_oppgitt for g in self.ganger)

    def _hvor_langt(self) -> list[tuple[object, ...]]:
        return [(g.kode, g.oppgave, len(g.igjen), g.avvik) for g in self.ganger]

    def _hent_brev(self) -> None:
        """The letter of the first decision. One whose sums do not stand in the trace is not made."""
        g = next((g for g in self.ganger if g.vedtak), None)
        if g is None:
            return
        sti = f"/api/v1/saker/{g.sak}/brev/vedtak/{g.vedtak}"
        svar = self._ansatte["saksbehandler"].get(sti, params={"format": "pdf"})
        if svar.status_code != 200:
            g.avvik = f"its letter: {svar.status_code} {svar.text}"
            return
        self.brev = g.eksempel.navn, len(svar.content)

    def _gjor_klar(self) -> None:
        with httpx.Client(base_url=self._register_url, timeout=20) as sim:
            for e in (g.eksempel for g in self.ganger):
                sim.post("/styring/personer", json=e.registrering()).raise_for_status()
                if e.nede:
                    feil = {
                        "register": e.nede.register_,
                        "slag": "nede",
                        "fnr": e.fnr(0),
                        "antall": e.nede.kall,
                    }
                    sim.post("/styring/feil", json=feil).raise_for_status()

    def _fyll_rammene(self) -> None:
        """Before anything is sent. A promise is of the year it is given in."""
        for e in (g.eksempel for g in self.ganger):
            if e.ramme:
                inn = {
                    **e.ramme.model_dump(),
                    "slag": "tildelt",
                    "ordning": e.ordning,
                    "ar": i_dag(na()).year,
                    "kommunenummer": e.kommune,
                    "grunn": "demo",
                }
                svar = self._ansatte["saksbehandler"].post("/api/v1/rammer/posteringer", json=inn)
                svar.raise_for_status()

    def _send(self) -> None:
        merke = uuid4().hex[:8]
        for g in self.ganger:
            hendelse = g.eksempel.hendelse(f"{merke}-{g.eksempel.navn}")
            for _ in range(g.eksempel.sendes):
                svar = self._innsender.post("/api/v1/hendelser", json=hendelse, headers=_CLOUDEVENT)
                if svar.status_code != 202:
                    g.avvik = f"refused: {svar.status_code} {svar.text}"
                elif g.sak and g.sak != svar.json()["sak"]:
                    g.avvik = "the same event made another case"
                else:
                    g.sak = svar.json()["sak"]
                    g.mottatt = datetime.fromisoformat(svar.json()["mottatt"])
            self.sendt += 1
            self._meld()

    def _se_etter(self) -> None:
        """Open tasks in one call, decisions in each case that is not yet done."""
        oppgaver = self._oppgaver()
        for g in self.ganger:
            if g.ferdig:
                continue
            oppgave = oppgaver.get(g.sak)
            if oppgave and oppgave["slag"] == "teknisk":
                g.avvik = f"open technical task: {oppgave['arsak']}"
            elif oppgave and g.igjen:
                self._handle(g)
                oppgave = None  # it was the task of before
            self._les(g, oppgave)
            self._meld()

    def _oppgaver(self) -> dict[str, Any]:
        ut: dict[str, Any] = {}
        etter: dict[str, str] = {}
        while True:
            svar = self._ansatte["saksbehandler"].get("/api/v1/oppfolging", params={"antall": "200", **etter})
            svar.raise_for_status()
            ut.update((o["sak"], o) for o in svar.json()["oppgaver"])
            if svar.json()["neste"] is None:
                return ut
            etter = {"etter": svar.json()["neste"]}

    def _handle(self, g: Gang) -> None:
        """Every remaining action, each by a person of its role."""
        while g.igjen and not g.avvik:
            neste = g.igjen.pop(0)
            klient = self._ansatte[neste.rolle]
            etag = klient.get(f"/api/v1/saker/{g.sak}").headers["ETag"]
            svar = klient.post(
                f"/api/v1/saker/{g.sak}/handlinger/{neste.handling}",
                json=self._kropp(g, neste),
                headers={"If-Match": etag},
            )
            if svar.status_code != 200:
                g.avvik = f"{neste.handling}: {svar.status_code} {svar.text}"

    def _kropp(self, g: Gang, handling: Handling) -> dict[str, Any]:
        """The action's body, with what has been seen in the draft of the decision."""
        kropp = handling.kropp()
        if handling.ser:
            sak = self._ansatte["saksbehandler"].get(f"/api/v1/saker/{g.sak}").json()
            inn = {"behandling": sak["behandlinger"][0]["id"], "overstyring": kropp["overstyring"]}
            vis = self._ansatte["saksbehandler"].post(f"/api/v1/saker/{g.sak}/utkast", json=inn).json()["vis"]
            kropp["overstyring"] |= {sti: vis[felt] for sti, felt in handling.ser.items()}
        return kropp

    def _les(self, g: Gang, oppgave: dict[str, Any] | None) -> None:
        sak = self._ansatte["saksbehandler"].get(f"/api/v1/saker/{g.sak}")
        sak.raise_for_status()
        vedtak = sak.json()["vedtak"]
        if len(vedtak) > 1:
            g.avvik = f"{len(vedtak)} decisions"
        elif vedtak:
            g.kode, g.belop, g.vedtak = vedtak[0]["kode"], vedtak[0]["belop"], vedtak[0]["id"]
            if g.mottatt:
                g.brukt_ms = (datetime.fromisoformat(vedtak[0]["fattet"]) - g.mottatt).total_seconds() * 1000
        elif oppgave:
            g.oppgave = oppgave["arsak"]
