"""Every way an appeal can go, through the door, the engine and people's hands."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from domain.ordninger import ORDNINGER
from services.api.saker import saksnokkel
from services.innsyn.svar import svar as innsyn
from services.klage.paminnelser import paminn as paminn_alle
from services.klage.revurdering import sammenstill, start_ny_beregning
from services.lager.oppfolginger import paminn
from services.problem import Problem
from services.tilgang.aktor import systemaktor
from tests.klage.hjelp import (
    KLAGEBEHANDLER,
    bok,
    endre,
    gar_opp,
    inntekt,
    kan_etterprovs,
    klag,
    om,
    oppgaver,
    send_inn,
    som_api,
    tilstand,
    vedtak,
)
from tests.motor.hjelp import ATTESTANT, SAKSBEHANDLER, START, Registre, gjor, kjor, send, sporr
from tests.scenarios.bygg import Soknad, person, soknad

GRUNN = {"begrunnelse": "Arbeidsgiveren har rettet a-meldingen."}
UKE = timedelta(days=7)


def vedtatt(**valg: object) -> tuple[object, Soknad, Registre]:
    s = soknad(person(inntekt=18000), leie=12000, **valg)  # type: ignore[arg-type]
    registre = Registre(s)
    [(sak, _)] = send(s)
    kjor(sak, registre)
    assert len(vedtak(sak)) == 1
    return sak, s, registre


def se(sak: object, termin: str, kjent: object = None, tid: object = START):
    with som_api() as forbindelse:
        return sammenstill(
            forbindelse, ORDNINGER["bostotte"], sak, saksnokkel(forbindelse, sak), termin, kjent or tid, tid
        )


def til_husbanken(sak, s, registre, tid=START + UKE):
    klagen = klag(sak, s, tid)
    gjor(
        sak,
        "innstill",
        SAKSBEHANDLER,
        tid,
        behandling=klagen,
        begrunnelse="Kommunen mener klageren har rett.",
    )
    kjor(sak, registre, tid)
    return klagen


def test_medhold_kommunen_forbereder_husbanken_avgjor_og_differansen_betales(database: str) -> None:
    sak, s, registre = vedtatt()
    [(_, for_)] = vedtak(sak)
    endre(registre, s, **inntekt(12000))
    tid = START + UKE
    klagen = klag(sak, s, tid, dokumentasjon=[{"slag": "inntekt", "referanse": "arkiv/2026/1"}])
    assert tilstand(klagen) == "forberedes"
    assert oppgaver(klagen) == [("kommune:0301", "klage:forberedes")]
    gjor(
        sak,
        "innstill",
        SAKSBEHANDLER,
        tid,
        behandling=klagen,
        begrunnelse="Kommunen mener klageren har rett.",
    )
    assert tilstand(klagen) == "kontroll"
    registre.spurt.clear()
    kjor(sak, registre, tid)
    assert "inntekt" in registre.spurt, "registrene spørres på nytt"
    assert tilstand(klagen) == "vurderes"
    assert oppgaver(klagen) == [("husbanken:klage", "klage:vurderes")]
    r = se(sak, s.termin, tid=tid)
    assert r.stemmer
    assert r.a.belop == for_
    assert r.b is not None
    assert r.b.belop > for_
    assert r.fra_a_til_b == {"inntekt": r.b.belop - for_}
    with pytest.raises(Problem) as nekt:
        gjor(sak, "foresla", SAKSBEHANDLER, tid, behandling=klagen, **GRUNN)
    assert nekt.value.navn == "mangler-tilgang"
    gjor(sak, "foresla", KLAGEBEHANDLER, tid, behandling=klagen, **GRUNN)
    gjor(sak, "attester", ATTESTANT, tid, behandling=klagen)
    assert vedtak(sak) == [(s.termin, for_), (s.termin, r.b.belop)]
    assert bok(sak) == {"planlagt": r.b.belop}
    [(erstatter, versjoner)] = sporr(
        "SELECT count(erstatter), count(DISTINCT regelversjon) FROM vedtak WHERE sak_id = :s", s=sak
    )
    assert (erstatter, versjoner) == (1, 1)
    assert oppgaver(klagen) == []
    typer = [t for (t,) in sporr("SELECT type FROM utgaende WHERE sak_id = :s ORDER BY laget, id", s=sak)]
    assert "no.boligsak.klage.omgjort.v1" in typer
    gar_opp(sak, s.termin)


def test_slik_vi_kjente_saken_den_dagen(database: str) -> None:
    """The register's answer changes between (a) and (b); asked as of the day before, it has not."""
    sak, s, registre = vedtatt()
    endre(registre, s, **inntekt(12000))
    klagen = til_husbanken(sak, s, registre)
    naa, da = se(sak, s.termin, tid=START + UKE), se(sak, s.termin, START + timedelta(days=1), START + UKE)
    assert da.b is not None
    assert naa.b is not None
    assert da.b.belop == da.a.belop == naa.a.belop < naa.b.belop
    assert da.fra_a_til_b == {}
    gjor(sak, "foresla", KLAGEBEHANDLER, START + UKE, behandling=klagen, **GRUNN)
    gjor(sak, "attester", ATTESTANT, START + UKE, behandling=klagen)
    etter, for_ = se(sak, s.termin, tid=START + 2 * UKE), se(sak, s.termin, START, START + 2 * UKE)
    assert etter.vedtak != for_.vedtak
    assert for_.vedtak == naa.vedtak
    assert naa.c is not None
    assert sum(naa.fra_b_til_c.values()) == naa.c.belop - naa.b.belop
    with pytest.raises(Problem):
        se(sak, s.termin, START - timedelta(days=1))


def test_opprettholdt_gar_til_klagenemnda_som_stadfester(database: str) -> None:
    sak, s, registre = vedtatt()
    klagen = til_husbanken(sak, s, registre)
    gjor(
        sak, "oppretthold", KLAGEBEHANDLER, START + UKE, behandling=klagen, begrunnelse="Inntekten er riktig."
    )
    assert tilstand(klagen) == "hos_klagenemnda"
    assert oppgaver(klagen) == [("klagenemnda", "klage:hos_klagenemnda")]
    svar = {**om(klagen, s), "resultat": "stadfestet", "begrunnelse": "Nemnda er enig."}
    send_inn("klagenemnd.avgjort.v1", START + 5 * UKE, **svar)
    assert tilstand(klagen) == "stadfestet"
    assert len(vedtak(sak)) == 1
    with pytest.raises(Problem) as nekt:
        send_inn("klagenemnd.avgjort.v1", START + 5 * UKE, **svar)
    assert nekt.value.status == 409


def test_nemnda_endrer_og_husbanken_setter_det_ut_i_livet(database: str) -> None:
    sak, s, registre = vedtatt()
    [(_, for_)] = vedtak(sak)
    klagen = til_husbanken(sak, s, registre)
    gjor(
        sak, "oppretthold", KLAGEBEHANDLER, START + UKE, behandling=klagen, begrunnelse="Inntekten er riktig."
    )
    svar = {**om(klagen, s), "resultat": "endret", "begrunnelse": "Boligen er spesialtilpasset."}
    send_inn("klagenemnd.avgjort.v1", START + 5 * UKE, **svar)
    tid = START + 6 * UKE
    with pytest.raises(Problem):
        gjor(sak, "oppretthold", KLAGEBEHANDLER, tid, behandling=klagen, begrunnelse="Nei.")
    verdier = {"bolig.spesialtilpasset": True}
    gjor(
        sak,
        "foresla",
        KLAGEBEHANDLER,
        tid,
        behandling=klagen,
        overstyring=verdier,
        begrunnelse="Nemndas vedtak.",
        medhold="delvis",
    )
    hendelse = "SELECT convert_from(kanonisk, 'UTF8')::jsonb FROM hendelse WHERE sak_id = :s ORDER BY seq DESC LIMIT 1"
    [(hode,)] = sporr(hendelse, s=sak)
    assert (hode["type"], hode["data"]["medhold"]) == ("foresla", "delvis")
    gjor(sak, "attester", ATTESTANT, tid, behandling=klagen)
    assert vedtak(sak)[-1][1] > for_
    gar_opp(sak, s.termin)


def test_nemnda_opphever_og_saken_vurderes_igjen(database: str) -> None:
    sak, s, registre = vedtatt()
    klagen = til_husbanken(sak, s, registre)
    gjor(
        sak, "oppretthold", KLAGEBEHANDLER, START + UKE, behandling=klagen, begrunnelse="Inntekten er riktig."
    )
    send_inn(
        "klagenemnd.avgjort.v1",
        START + 5 * UKE,
        **om(klagen, s),
        resultat="opphevet",
        begrunnelse="Utred mer.",
    )
    assert tilstand(klagen) == "vurderes"


def test_trukket_klage_endrer_ingenting(database: str) -> None:
    sak, s, _ = vedtatt()
    klagen = klag(sak, s, START + UKE)
    send_inn("klage.trukket.v1", START + UKE, **om(klagen, s))
    assert tilstand(klagen) == "trukket"
    assert oppgaver(klagen) == []
    assert len(vedtak(sak)) == 1


def test_for_sent_uten_grunn_kan_avvises_og_i_tide_kan_ikke(database: str) -> None:
    sak, s, registre = vedtatt()
    i_tide = til_husbanken(sak, s, registre)
    with pytest.raises(Problem) as nekt:
        gjor(sak, "avvis", KLAGEBEHANDLER, START + UKE, behandling=i_tide, begrunnelse="For sent.")
    assert nekt.value.status == 409
    send_inn("klage.trukket.v1", START + UKE, **om(i_tide, s))
    sen = klag(sak, s, START + 5 * UKE, forsinkelse="Jeg var på sykehus.", kanal="papir")
    assert sporr("SELECT merker FROM behandling WHERE id = :b", b=sen) == [(["for_sent"],)]
    gjor(sak, "innstill", SAKSBEHANDLER, START + 5 * UKE, behandling=sen, begrunnelse="Grunnen holder ikke.")
    kjor(sak, registre, START + 5 * UKE)
    gjor(sak, "avvis", KLAGEBEHANDLER, START + 5 * UKE, behandling=sen, begrunnelse="Grunnen holder ikke.")
    assert tilstand(sen) == "avvist"


def test_over_ett_ar_avvises_av_seg_selv(database: str) -> None:
    sak, s, _ = vedtatt()
    klagen = klag(sak, s, START + timedelta(days=366), forsinkelse="Jeg visste ikke.")
    assert tilstand(klagen) == "avvist"
    [(typen,)] = sporr("SELECT type FROM utgaende WHERE sak_id = :s AND type LIKE '%klage%'", s=sak)
    assert typen == "no.boligsak.klage.avvist.v1"


def test_to_klager_pa_en_gang_blir_en_behandling(database: str) -> None:
    sak, s, _ = vedtatt()
    en, to = (
        klag(sak, s, START + UKE),
        klag(sak, s, START + UKE, tekst="Husleien er også feil.", arsak="boutgift"),
    )
    assert en == to
    [(antall,)] = sporr(
        "SELECT count(*) FROM opplysning WHERE behandling_id = :b AND nokkel LIKE 'klage%'", b=en
    )
    assert antall == 2


def test_en_klage_gir_aldri_mindre_enn_vedtaket(database: str) -> None:
    sak, s, registre = vedtatt()
    [(_, for_)] = vedtak(sak)
    endre(registre, s, **inntekt(25000))
    klagen = til_husbanken(sak, s, registre)
    gjor(sak, "foresla", KLAGEBEHANDLER, START + UKE, behandling=klagen, begrunnelse="Inntekten var høyere.")
    with pytest.raises(Problem) as nekt:
        gjor(sak, "attester", ATTESTANT, START + UKE, behandling=klagen)
    assert "varsle" in nekt.value.detalj
    assert vedtak(sak) == [(s.termin, for_)]


def test_vedtaket_som_star_kan_endres_mellom_forslag_og_attest(database: str) -> None:
    """The proposal gave more than what stood then, and gives less than what stands now."""
    sak, s, registre = vedtatt()
    klagen = til_husbanken(sak, s, registre)
    tid = START + UKE
    leie = {"bolig.boutgift_per_maned": 11_900}
    endre(registre, s, **inntekt(17000))
    gjor(sak, "kontroller_pa_nytt", KLAGEBEHANDLER, tid, behandling=klagen)
    kjor(sak, registre, tid)
    gjor(sak, "foresla", KLAGEBEHANDLER, tid, behandling=klagen, overstyring=leie, **GRUNN)
    endre(registre, s, **inntekt(9000))
    tid += timedelta(hours=1)
    with som_api() as forbindelse:
        start_ny_beregning(forbindelse, sak, s.termin, None, systemaktor(), tid)
    kjor(sak, registre, tid)
    star = vedtak(sak)[-1]
    assert len(vedtak(sak)) == 2
    with pytest.raises(Problem) as nekt:
        gjor(sak, "attester", ATTESTANT, tid, behandling=klagen)
    assert "varsle" in nekt.value.detalj
    assert vedtak(sak)[-1] == star


def test_feil_i_hendelsen_navngir_feltet(database: str) -> None:
    sak, s, _ = vedtatt()
    annen = person()

    def felt(**valg: object) -> str:
        with pytest.raises(Problem) as nekt:
            klag(sak, s, START + UKE, **valg)
        return str(nekt.value.feil[0]["felt"])

    assert felt(vedtak=str(uuid4())) == "data.vedtak"
    assert felt(termin="2026-08") == "data.termin"
    assert felt(kommunenummer="4601") == "data.kommunenummer"
    assert felt(klager={"fnr": annen.fnr}) == "data.klager.fnr"
    assert felt(tekst="x") == "data.tekst"
    assert sporr("SELECT count(*) FROM behandling WHERE sak_id = :s AND arsak = 'klage'", s=sak) == [(0,)]
    with som_api() as forbindelse:
        avvist = "SELECT count(*) FROM innboks WHERE status = 'avvist' AND type LIKE '%klage.mottatt.v1'"
        assert forbindelse.scalar(text(avvist)) == 5


def test_frist_med_eier_og_paminnelse_som_kommer_en_gang(database: str) -> None:
    sak, s, _ = vedtatt()
    klagen = klag(sak, s, START + UKE)
    [(frist, pa)] = sporr("SELECT frist, paminn FROM oppfolging WHERE behandling_id = :b", b=klagen)
    # 17 September and fourteen days; three days before is a Monday.
    assert (frist.isoformat(), pa.isoformat()) == ("2026-10-01T21:59:59+00:00", "2026-09-28T05:59:59+00:00")
    with som_api() as forbindelse:
        kjente = innsyn(forbindelse, s.soker.fnr, START + UKE).saker[0].opplysninger
        assert [o.innhold["tekst"] for o in kjente if o.kilde == "part" and o.innhold] == [
            "Inntekten som er brukt, er feil."
        ]
        assert [o.innhold for o in kjente if o.kilde == "system"] == [None]

        def paminnet(naar: datetime) -> list[str]:
            return [r.eier for r in paminn(forbindelse, naar, 100) if r.behandling_id == klagen]

        assert paminnet(pa - timedelta(seconds=1)) == []
        assert paminnet(pa) == ["kommune:0301"]
        assert paminnet(pa + UKE) == []
    annen = klag(*vedtatt()[:2], START + UKE)
    assert paminn_alle(pa) >= 1
    assert paminn_alle(pa) == 0
    [(typen, data)] = sporr(
        """SELECT u.type, u.data FROM utgaende u JOIN behandling b ON b.sak_id = u.sak_id
           WHERE b.id = :b AND u.type LIKE '%frist%'""",
        b=annen,
    )
    assert (typen, data["eier"]) == ("no.boligsak.frist.naer.v1", "kommune:0301")
    assert sporr(
        "SELECT count(*) FROM hendelse WHERE behandling_id = :b AND type = 'paminnelse'", b=annen
    ) == [(1,)]


def test_ny_beregning_av_en_sak_mer_betales_smatt_lar_en_vaere_mindre_krever_varsel(database: str) -> None:
    sak, s, registre = vedtatt()
    [(_, for_)] = vedtak(sak)

    def regn_om(kroner: int, tid):
        endre(registre, s, **inntekt(kroner))
        with som_api() as forbindelse:
            ny = start_ny_beregning(forbindelse, sak, s.termin, "Rettet a-melding.", systemaktor(), tid)
        kjor(sak, registre, tid)
        return ny

    regn_om(17990, START + UKE)
    liten = vedtak(sak)[-1][1] - for_
    assert 0 < liten < 53
    assert bok(sak) == {"planlagt": for_}, "småbeløp betales ikke"
    regn_om(12000, START + 2 * UKE)
    mer = vedtak(sak)[-1][1]
    assert bok(sak) == {"planlagt": mer}
    gar_opp(sak, s.termin)
    ny = regn_om(25000, START + 3 * UKE)
    assert tilstand(ny) == "manuell"
    assert [a for _, a in oppgaver(ny)] == ["til_ugunst"]
    tid = START + 3 * UKE
    gjor(sak, "foresla", SAKSBEHANDLER, tid, behandling=ny, **GRUNN)
    with pytest.raises(Problem):
        gjor(sak, "attester", ATTESTANT, tid, behandling=ny)
    gjor(sak, "varsle", SAKSBEHANDLER, tid, behandling=ny, begrunnelse="Inntekten er høyere.")
    gjor(sak, "levert", SAKSBEHANDLER, tid, behandling=ny)
    kjor(sak, registre, tid + timedelta(days=20))
    assert tilstand(ny) == "varslet"
    kjor(sak, registre, tid + timedelta(days=26))
    assert tilstand(ny) == "foreslatt"
    gjor(sak, "attester", ATTESTANT, tid + timedelta(days=26), behandling=ny)
    mindre = vedtak(sak)[-1][1]
    assert mindre < mer
    assert bok(sak) == {"planlagt": mindre}, "avregnes i neste utbetaling"
    gar_opp(sak, s.termin)


def test_alt_som_er_gjort_her_kan_etterprovs(database: str) -> None:
    kan_etterprovs(database)
