"""The nightly controls as metrics: the share of decisions that can be computed again, and the anchors."""

from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy import Connection

from services.lager import malinger


def legg_til(register: CollectorRegistry, forbindelse: Connection) -> None:
    """From the newest row of each control; before the first one there are no figures, and an alarm on absence."""
    siste = malinger.siste(forbindelse)
    if m := siste.get("replay"):
        provd = m.antall - m.utelatt
        andel = Gauge(
            "boligsak_replay_andel",
            "Share of the night's sample computed again to the same bytes.",
            registry=register,
        )
        andel.set(1 - m.avvik / provd if provd else 1)
        vedtak = Gauge("boligsak_replay_vedtak", "Decisions in the night's sample.", registry=register)
        vedtak.set(m.antall)
        nar = Gauge(
            "boligsak_replay_tid_sekunder", "When the sample was taken (Unix time).", registry=register
        )
        nar.set(m.tid.timestamp())
    if m := siste.get("anker"):
        saker = Gauge("boligsak_anker_saker", "Cases in the newest anchor.", registry=register)
        saker.set(m.antall)
        avvik = Gauge(
            "boligsak_anker_avvik",
            "Cases that had gone backwards since the anchor before.",
            registry=register,
        )
        avvik.set(m.avvik)
        nar = Gauge(
            "boligsak_anker_tid_sekunder", "When the newest anchor was made (Unix time).", registry=register
        )
        nar.set(m.tid.timestamp())
