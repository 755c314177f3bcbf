"""What must hold after whatever has happened."""

from services.lager.verifisering import verifiser_alt
from tests.chaos.kaos import Kaos

_URO = """
    SELECT count(*) FROM utboks u WHERE u.status IN ('venter', 'publisert')
       AND u.sak_id IN (SELECT sak_id FROM innboks WHERE ekstern_id LIKE %s)
"""
_HENDELSER = """
    SELECT i.ekstern_id, b.tilstand, b.avsluttet IS NOT NULL AS avsluttet,
           (SELECT count(*) FROM vedtak v WHERE v.behandling_id = b.id) AS vedtak,
           (SELECT count(*) FROM oppfolging o WHERE o.behandling_id = b.id AND o.lukket IS NULL
               AND o.eier <> '' AND o.frist > now()) AS oppgaver,
           (SELECT count(*) FROM hendelse h WHERE h.behandling_id = b.id AND h.type = 'vedtak_fattet') AS fattet
    FROM innboks i JOIN behandling b ON b.id = i.behandling_id WHERE i.ekstern_id LIKE %s AND i.status = 'godtatt'
"""
_SKJEVE = """
    SELECT v.sak_id, v.termin, v.belop, coalesce(sum(u.belop), 0) AS betalt
    FROM (SELECT DISTINCT ON (sak_id, termin) sak_id, termin, belop FROM vedtak
          WHERE sak_id IN (SELECT sak_id FROM innboks WHERE ekstern_id LIKE %s)
          ORDER BY sak_id, termin, fattet DESC, id DESC) v
    LEFT JOIN utbetaling u ON u.sak_id = v.sak_id AND u.termin = v.termin
    GROUP BY v.sak_id, v.termin, v.belop HAVING coalesce(sum(u.belop), 0) <> v.belop
"""
_UTGAENDE = """
    SELECT data ->> 'vedtak', count(*) FROM utgaende
    WHERE sak_id IN (SELECT sak_id FROM innboks WHERE ekstern_id LIKE %s) GROUP BY 1 HAVING count(*) <> 1
"""
_PARKERT_UTEN_EIER = """
    SELECT u.id FROM utboks u WHERE u.status = 'parkert'
       AND u.sak_id IN (SELECT sak_id FROM innboks WHERE ekstern_id LIKE %s)
       AND NOT EXISTS (SELECT 1 FROM oppfolging o WHERE o.sak_id = u.sak_id AND o.slag = 'teknisk' AND o.lukket IS NULL)
"""


def ettersjekk(kaos: Kaos, *, tekniske: int = 0, uten_nokkel: frozenset[str] = frozenset()) -> None:
    """Wait until all work is done, then: every accepted event has exactly one decision or one open task with owner and
    deadline, payments equal the latest decision, nothing has been sent twice to subscribers, the chains are whole.

    ``tekniske``: how many cases may stand in technical follow-up. ``uten_nokkel``: those whose key the test destroyed.
    """
    merke = kaos.merke + "-%"
    kaos.vent(lambda: kaos.sql(_URO, merke) == [(0,)], hva="all work done")
    rader = kaos.sql(_HENDELSER, merke)
    assert len(rader) == kaos.sendt
    feil = [r for r in rader if (r[3], r[4], r[5]) != ((1, 0, 1) if r[2] else (0, 1, 0))]
    assert not feil, f"(event, state, ended, decisions, tasks, events of decision): {feil[:5]}"
    assert kaos.sql(_SKJEVE, merke) == []
    assert kaos.sql(_UTGAENDE, merke) == []
    assert kaos.sql(_PARKERT_UTEN_EIER, merke) == []
    saker = {str(s) for (s,) in kaos.sql("SELECT sak_id FROM innboks WHERE ekstern_id LIKE %s", merke)}
    funn = [f for f in verifiser_alt(kaos.adresser.database_url).funn if f.sak in saker]
    assert [f for f in funn if (f.sak, f.hva) not in {(sak, "nøkkel") for sak in uten_nokkel}] == []
    apne = kaos.sql(
        """SELECT sak_id, fingeravtrykk FROM oppfolging
           WHERE slag = 'teknisk' AND lukket IS NULL AND sak_id = ANY(%s::uuid[])""",
        list(saker),
    )
    assert len(apne) == tekniske, apne
