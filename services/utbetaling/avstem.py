"""Reconciliation of a termin: decisions, ledger, files. Every sum is made twice, from both sides."""

from dataclasses import dataclass, field

from sqlalchemy import text

from domain.bostotte.maned import MINSTE_ETTERBETALING, rettsgebyr
from domain.kalender import utbetalingsdag
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.utbetaling.fil import Fil, filer


@dataclass(frozen=True, slots=True)
class Radsum:
    """Rows of the termin from one run (None: from single decisions), whole kroner by state."""

    kjoring: str | None
    antall: int
    sum: int
    etter_status: dict[str, int]


@dataclass(frozen=True, slots=True)
class Filsum:
    """One file three ways: what its head says, its lines, and the ledger rows in them."""

    fil: Fil
    linjer: int
    sum_linjer: int
    sum_rader: int
    skjeve_linjer: int
    """Lines whose rows do not add up to them"""
    etter_status: dict[str, int]

    @property
    def stemmer(self) -> bool:
        return (self.fil.antall, self.fil.sum, self.fil.sum, 0) == (
            self.linjer,
            self.sum_linjer,
            self.sum_rader,
            self.skjeve_linjer,
        )


@dataclass(frozen=True, slots=True)
class Avstemming:
    """``vedtatt``: kroner of the newest decision of each case; ``bokfort``: ledger rows. The difference is made of
    small amounts that are neither paid nor claimed (``smabelop``) and of errors (``avvik``: number of cases)."""

    termin: str
    vedtatt: int
    bokfort: int
    smabelop: int
    avvik: int
    rader: list[Radsum]
    filer: list[Filsum]
    feil: list[str] = field(default_factory=list)

    @property
    def stemmer(self) -> bool:
        return not self.feil


_RADER = text("""
    SELECT u.kjoring_id::text, u.status, count(*) AS antall, sum(u.belop)::bigint AS sum
    FROM utbetaling u JOIN sak s ON s.id = u.sak_id AND s.ordning = :ordning
    WHERE u.termin = :termin GROUP BY 1, 2 ORDER BY 1, 2
""")
_BOK = text("""
    WITH nyeste AS (
        SELECT DISTINCT ON (v.sak_id) v.sak_id, v.belop
        FROM vedtak v JOIN sak s ON s.id = v.sak_id AND s.ordning = :ordning
        WHERE v.termin = :termin ORDER BY v.sak_id, v.fattet DESC, v.id DESC
    ), bok AS (
        SELECT u.sak_id, sum(u.belop)::bigint AS belop
        FROM utbetaling u JOIN sak s ON s.id = u.sak_id AND s.ordning = :ordning
        WHERE u.termin = :termin AND u.status <> 'bortfalt' GROUP BY 1
    ), par AS (
        SELECT coalesce(n.belop, 0) AS vedtatt, coalesce(b.belop, 0) AS bokfort,
               coalesce(n.belop, 0) - coalesce(b.belop, 0) AS rest
        FROM nyeste n FULL JOIN bok b USING (sak_id)
    )
    SELECT coalesce(sum(vedtatt), 0)::bigint AS vedtatt, coalesce(sum(bokfort), 0)::bigint AS bokfort,
           coalesce(sum(rest) FILTER (WHERE rest < :minste AND rest > -:gebyr), 0)::bigint AS smabelop,
           count(*) FILTER (WHERE rest >= :minste OR rest <= -:gebyr) AS avvik
    FROM par
""")
_LINJER = text("""
    WITH linje AS (
        SELECT l.id, l.belop, l.status, coalesce(sum(u.belop), 0) AS rader
        FROM utbetalingslinje l LEFT JOIN utbetaling u ON u.linje_id = l.id
        WHERE l.fil_id = :fil AND (l.status <> 'avvist' OR u.id IS NOT NULL) GROUP BY l.id
    )
    SELECT l.status, count(*) AS antall, sum(l.belop)::bigint AS sum, sum(l.rader)::bigint AS rader,
           count(*) FILTER (WHERE l.belop <> l.rader) AS skjeve
    FROM linje l GROUP BY 1
""")
_FRIGITT = text("""
    SELECT count(*) AS antall, coalesce(sum(l.belop), 0)::bigint AS sum FROM utbetalingslinje l
    WHERE l.fil_id = :fil AND l.status = 'avvist' AND NOT EXISTS (SELECT FROM utbetaling u WHERE u.linje_id = l.id)
""")


def avstem(termin: str, ordning: str = "bostotte") -> Avstemming:
    """All sums of a termin. ``feil`` names each that does not add up."""
    with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
        forbindelse.exec_driver_sql("SET LOCAL statement_timeout = '300s'")
        valg = {"ordning": ordning, "termin": termin}
        etter_kjoring: dict[str | None, dict[str, tuple[int, int]]] = {}
        for kjoring, status, antall, sum_ in forbindelse.execute(_RADER, valg):
            etter_kjoring.setdefault(kjoring, {})[status] = (antall, sum_)
        bok = forbindelse.execute(
            _BOK, valg | {"minste": MINSTE_ETTERBETALING, "gebyr": rettsgebyr(utbetalingsdag(termin))}
        ).one()
        filsummer = []
        for fil in filer(forbindelse, termin, ordning):
            linjer = forbindelse.execute(_LINJER, {"fil": fil.id}).all()
            # A refused line whose rows have gone on to a later file stands with its own amount.
            frigitt = forbindelse.execute(_FRIGITT, {"fil": fil.id}).one()
            filsummer.append(
                Filsum(
                    fil,
                    sum(rad.antall for rad in linjer) + frigitt.antall,
                    sum(rad.sum for rad in linjer) + frigitt.sum,
                    sum(rad.rader for rad in linjer) + frigitt.sum,
                    sum(rad.skjeve for rad in linjer),
                    {rad.status: rad.antall for rad in linjer},
                )
            )
    rader = [
        Radsum(
            k,
            sum(a for a, _ in s.values()),
            sum(b for n, (_, b) in s.items() if n != "bortfalt"),
            {n: b for n, (_, b) in s.items()},
        )
        for k, s in etter_kjoring.items()
    ]
    feil = [f"fil {f.fil.msgid}: hode, linjer og rader har ulike summer" for f in filsummer if not f.stemmer]
    if bok.avvik:
        feil.append(f"{bok.avvik} saker der vedtak og utbetaling ikke stemmer")
    if bok.vedtatt != bok.bokfort + bok.smabelop and not bok.avvik:
        feil.append("vedtatt, bokført og småbeløp går ikke opp")
    if sum(r.sum for r in rader) != bok.bokfort:
        feil.append("summen per kjøring er en annen enn det som er bokført")
    return Avstemming(termin, bok.vedtatt, bok.bokfort, bok.smabelop, bok.avvik, rader, filsummer, feil)
