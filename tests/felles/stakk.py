"""The whole of Boligsak as processes, for scenario and chaos tests: API, workers, relay, beat, register simulator."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from services.innebygd import Adresser, Servere
from services.innebygd.oppsett import ARBEIDER, Oppsett, prosesser
from services.innebygd.port import finn_ledig
from services.innebygd.prosess import hale, vent_til
from services.innebygd.prosesser import Oppsyn
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.tilgang import lokal

ALLE_KOMMUNER = ("alle",)
# What failed for the moment comes again within three seconds (``FORBIGAENDE_VENT_S``), and is work still.
_HENGER = text(
    "SELECT count(*) FROM utboks WHERE status <> 'ferdig' AND kjor_etter <= now() + interval '5 seconds'"
)


class Stakk:
    """Running processes on one database. `servere` is None when the servers are given in the environment."""

    def __init__(self, adresser: Adresser, mappe: Path, servere: Servere | None, **valg: Any) -> None:
        self.adresser = adresser
        self.servere = servere
        self.oppsett = Oppsett(
            **{
                "api_port": finn_ledig(),
                "register_port": finn_ledig(),
                "trader": 4,
                "omstart": False,
                "malinger": mappe / "malinger",
                "miljo": {
                    "BOLIGSAK_KJORING_NATT_FRA_DAG": "32"
                },  # no monthly run by itself, whatever the clock says
                **valg,
            }
        )
        self.oppsyn = Oppsyn(mappe)

    def start(self) -> "Stakk":
        self.oppsyn.start(*(replace(p, klar_frist_s=180) for p in prosesser(self.oppsett, self.adresser)))
        return self

    def stopp(self) -> None:
        self.oppsyn.stopp()

    @property
    def api_url(self) -> str:
        return self.oppsett.api_url

    @property
    def register_url(self) -> str:
        return self.oppsett.register_url

    @property
    def arbeidere(self) -> list[str]:
        """Names of the worker processes, for `oppsyn.drep` and `oppsyn.start_igjen`."""
        return [navn for navn in self.oppsyn.navn() if navn.startswith(ARBEIDER)]

    def klient(
        self, rolle: str = "saksbehandler", kommuner: tuple[str, ...] = ALLE_KOMMUNER, **valg: Any
    ) -> httpx.Client:
        """A client of the API with a token of `rolle` (see `lokal.utsted` for `valg`: navn, klarert, …). Close it."""
        token = lokal.utsted(list(kommuner), rolle, **valg)
        return httpx.Client(
            base_url=self.api_url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=20,
            limits=httpx.Limits(keepalive_expiry=2),  # before the server closes it, after five
        )

    def send(self, hendelse: Mapping[str, Any]) -> dict[str, Any]:
        """Submit one CloudEvent as a municipality's front-end; the receipt. Fails on anything but 202."""
        with self.klient("innsender") as klient:
            svar = klient.post(
                "/api/v1/hendelser",
                json=dict(hendelse),
                headers={"Content-Type": "application/cloudevents+json"},
            )
        assert svar.status_code == 202, f"{svar.status_code}: {svar.text}"
        return dict(svar.json())

    def sak(self, sak_id: str) -> dict[str, Any]:
        with self.klient(klarert=True) as klient:
            svar = klient.get(f"/api/v1/saker/{sak_id}")
        assert svar.status_code == 200, f"{svar.status_code}: {svar.text}"
        return dict(svar.json())

    def vent(self, prove: Callable[[], bool], frist_s: float = 120.0, hva: str = "the condition") -> None:
        """Wait for `prove`; on failure the tails of all logs are in the message."""
        if vent_til(prove, frist_s, pause_s=0.05):
            return
        logger = "\n".join(f"--- {n}\n{hale(self.oppsyn.logg_for(n), 8)}" for n in self.oppsyn.navn())
        raise AssertionError(f"{hva} did not come within {frist_s} s\n{logger}")

    def vent_ro(self, frist_s: float = 120.0) -> None:
        """Wait until no work is due: every outbox row is done, or rests until later."""

        def stille() -> bool:
            with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
                return forbindelse.execute(_HENGER).scalar_one() == 0

        self.vent(stille, frist_s, "quiet")
