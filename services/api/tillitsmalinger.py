"""The nightly controls as metrics: the share of decisions that can be computed again, and the anchors."""

from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy import Connection

from services.lager import malinger


def legg_til(register: CollectorRegistry, forbindelse: Connection) -> None:
    """From the newest row of each control; before the first one there are no figures, and an alarm on absence."""
    siste = malinger.siste(forbindelse)

    def tall(navn: str, hjelp: str, verdi: float) -> None:
        Gauge(navn, hjelp, registry=register).set(verdi)

    if m := siste.get("replay"):
        provd = m.antall - m.utelatt
        andel = 1 - m.avvik / provd if provd else 1.0
        tall("boligsak_replay_andel", "Share of the night's sample computed again to the same bytes.", andel)
        tall("boligsak_replay_vedtak", "Decisions in the night's sample.", m.antall)
        tall("boligsak_replay_tid_sekunder", "When the sample was taken (Unix time).", m.tid.timestamp())
    if m := siste.get("anker"):
        tall("boligsak_anker_saker", "Cases in the newest anchor.", m.antall)
        tall("boligsak_anker_avvik", "Cases that had gone backwards since the anchor before.", m.avvik)
        tall("boligsak_anker_tid_sekunder", "When the newest anchor was made (Unix time).", m.tid.timestamp())
