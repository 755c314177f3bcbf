"""Who may have bostøtte (bustøttelova §§ 2–5), and the outcome code when several refusals apply at once."""

import numpy as np

from domain.bostotte.koder import INDEKS
from domain.bostotte.regelsett import FORSKRIFT, LOV, REGLER
from domain.regler.kolonne import Flagg, Heltall, Kolonne


@REGLER.regel(
    "biperson_bor_ikke_pa_adressen",
    hjemmel=f"{LOV} § 3",
    gyldig_fra="2022-06",
    enhet="flagg",
    samle="noen",
    tekst={
        "nb": "En i husstanden utenom søkeren bor ikke på adressen.",
        "nn": "Ein i husstanden utanom søkjaren bur ikkje på adressa.",
    },
    formel="medlem and not er_soker and ikke_pa_adressen",
    eksempel={"medlem": [True, True], "er_soker": [True, False], "ikke_pa_adressen": [False, True]},
)
def biperson_bor_ikke_pa_adressen(medlem: Flagg, er_soker: Flagg, ikke_pa_adressen: Flagg) -> Flagg:
    return medlem & ~er_soker & ikke_pa_adressen


@REGLER.regel(
    "opplysninger_mangler",
    hjemmel=f"{FORSKRIFT} § 9",
    gyldig_fra="2022-06",
    enhet="flagg",
    samle="noen",
    tekst={
        "nb": "Det mangler opplysninger om en i husstanden.",
        "nn": "Det manglar opplysningar om ein i husstanden.",
    },
    formel="medlem and mangler_opplysninger",
    eksempel={"medlem": [True], "mangler_opplysninger": [True]},
)
def opplysninger_mangler(medlem: Flagg, mangler_opplysninger: Flagg) -> Flagg:
    return medlem & mangler_opplysninger


@REGLER.regel(
    "soker_ikke_bosatt",
    hjemmel=f"{LOV} § 2",
    gyldig_fra="2022-06",
    enhet="flagg",
    samle="soker",
    tekst={
        "nb": "Søkeren er ikke bosatt i Norge etter Folkeregisteret på situasjonsdatoen.",
        "nn": "Søkjaren er ikkje busett i Noreg etter Folkeregisteret på situasjonsdatoen.",
    },
    formel="ikke_bosatt",
    eksempel={"ikke_bosatt": [True]},
    forbehold="Loven stiller kravet til søkeren. At en annen i husstanden ikke er bosatt, gir ikke avslag.",
)
def soker_ikke_bosatt(ikke_bosatt: Flagg) -> Flagg:
    return ikke_bosatt


@REGLER.regel(
    "soker_dod",
    hjemmel=f"{LOV} § 3",
    gyldig_fra="2022-06",
    enhet="flagg",
    samle="soker",
    tekst={"nb": "Søkeren er død på situasjonsdatoen.", "nn": "Søkjaren er død på situasjonsdatoen."},
    formel="dod",
    eksempel={"dod": [True]},
)
def soker_dod(dod: Flagg) -> Flagg:
    return dod


@REGLER.regel(
    "bolig_utenfor",
    hjemmel=f"{LOV} § 5",
    gyldig_fra="2022-06",
    enhet="flagg",
    tekst={
        "nb": "Boligen er en fritidsbolig, eller den er ikke godkjent som en selvstendig helårsbolig.",
        "nn": "Bustaden er ein fritidsbustad, eller han er ikkje godkjend som ein sjølvstendig heilårsbustad.",
    },
    formel="fritidsbolig or not godkjent",
    eksempel={"fritidsbolig": True, "godkjent": True},
    forbehold="For bofellesskap ligger kommunens godkjenning, og unntaket fra egen inngang, bad og kjøkken, i "
    "opplysningen om at boligen er godkjent.",
)
def bolig_utenfor(fritidsbolig: Flagg, godkjent: Flagg) -> Flagg:
    return fritidsbolig | ~godkjent


@REGLER.regel(
    "soker_har_rett",
    hjemmel=f"{LOV} § 3",
    gyldig_fra="2022-06",
    enhet="flagg",
    samle="soker",
    tekst={
        "nb": "Søkeren er 18 år eller eldre, eller bor sammen med egne barn, og bor selv i boligen.",
        "nn": "Søkjaren er 18 år eller eldre, eller bur saman med eigne barn, og bur sjølv i bustaden.",
    },
    formel="(alder >= 18 or bor_med_egne_barn) and not ikke_pa_adressen",
    eksempel={"alder": [17], "bor_med_egne_barn": [True], "ikke_pa_adressen": [False]},
)
def soker_har_rett(alder: Heltall, bor_med_egne_barn: Flagg, ikke_pa_adressen: Flagg) -> Flagg:
    return ((alder >= 18) | bor_med_egne_barn) & ~ikke_pa_adressen


@REGLER.regel(
    "student_uten_unntak",
    hjemmel=f"{LOV} § 4",
    gyldig_fra="2022-06",
    enhet="flagg",
    samle="noen",
    tekst={
        "nb": "En i husstanden er student, og studiet er ikke del av et offentlig arbeidskvalifiserende program, "
        "studenten bor ikke hos foreldrene sine og har ikke egne barn i boligen.",
        "nn": "Ein i husstanden er student, og studiet er ikkje del av eit offentleg arbeidskvalifiserande program, "
        "studenten bur ikkje hos foreldra sine og har ikkje eigne barn i bustaden.",
    },
    formel="medlem and (er_soker or alder >= 18) and student and not student_unntak_arbeidskvalifisering "
    "and not student_unntak_bor_hos_foreldre and not bor_med_egne_barn",
    eksempel={
        "medlem": [True],
        "er_soker": [True],
        "alder": [22],
        "student": [True],
        "student_unntak_arbeidskvalifisering": [False],
        "student_unntak_bor_hos_foreldre": [False],
        "bor_med_egne_barn": [False],
    },
    forbehold="En elev under 18 år som ikke selv søker, stenger ikke husstanden ute; eleven er barn i husstanden. "
    "At studenten bor hos foreldrene, tas fra opplysningen om det og prøves ikke på nytt.",
)
def student_uten_unntak(
    medlem: Flagg,
    er_soker: Flagg,
    alder: Heltall,
    student: Flagg,
    student_unntak_arbeidskvalifisering: Flagg,
    student_unntak_bor_hos_foreldre: Flagg,
    bor_med_egne_barn: Flagg,
) -> Flagg:
    unntatt = student_unntak_arbeidskvalifisering | student_unntak_bor_hos_foreldre | bor_med_egne_barn
    return student & medlem & (er_soker | (alder >= 18)) & ~unntatt


@REGLER.regel(
    "utelukket_person",
    hjemmel=f"{LOV} § 4",
    gyldig_fra="2022-06",
    enhet="flagg",
    samle="noen",
    tekst={
        "nb": "En i husstanden er i førstegangstjeneste eller siviltjeneste, eller bor i en institusjon som krever "
        "betaling etter inntekt.",
        "nn": "Ein i husstanden er i førstegongsteneste eller sivilteneste, eller bur i ein institusjon som krev "
        "betaling etter inntekt.",
    },
    formel="medlem and (verneplikt or institusjon)",
    eksempel={"medlem": [True], "verneplikt": [True], "institusjon": [False]},
)
def utelukket_person(medlem: Flagg, verneplikt: Flagg, institusjon: Flagg) -> Flagg:
    return medlem & (verneplikt | institusjon)


@REGLER.regel(
    "ingen_rett",
    hjemmel=f"{LOV} §§ 3 og 4",
    gyldig_fra="2022-06",
    enhet="flagg",
    tekst={
        "nb": "Søkeren oppfyller ikke vilkårene, eller husstanden har en person som er utelukket. En student "
        "utelukker ikke når det bor barn i husstanden.",
        "nn": "Søkjaren oppfyller ikkje vilkåra, eller husstanden har ein person som er utelukka. Ein student "
        "utelukkar ikkje når det bur barn i husstanden.",
    },
    formel="not soker_har_rett or utelukket_person or (student_uten_unntak and andre_barn == 0)",
    eksempel={
        "soker_har_rett": True,
        "utelukket_person": False,
        "student_uten_unntak": True,
        "andre_barn": 0,
    },
    forbehold="«Barn i husstanden» er enhver under 18 år utenom søkeren.",
)
def ingen_rett(
    soker_har_rett: Flagg, utelukket_person: Flagg, student_uten_unntak: Flagg, andre_barn: Heltall
) -> Flagg:
    ut: Kolonne = ~soker_har_rett | utelukket_person | (student_uten_unntak & (andre_barn == 0))
    return ut


@REGLER.regel(
    "for_hoy_inntekt",
    hjemmel=f"{FORSKRIFT} § 1",
    gyldig_fra="2022-06",
    enhet="flagg",
    tekst={
        "nb": "Det beregnede beløpet er lavere enn det minste som utbetales.",
        "nn": "Det utrekna beløpet er lågare enn det minste som blir utbetalt.",
    },
    formel="beregnet_belop < minsteutbetaling",
    eksempel={"beregnet_belop": 40},
    forbehold="Minstebeløpet holdes mot beløpet i hele kroner.",
)
def for_hoy_inntekt(beregnet_belop: Heltall, minsteutbetaling: float) -> Flagg:
    return beregnet_belop < minsteutbetaling


@REGLER.regel(
    "kode",
    hjemmel=f"{LOV} §§ 2–6",
    gyldig_fra="2022-06",
    enhet="kode",
    tekst={
        "nb": "Vedtakskoden. Når flere avslag passer, brukes det første i rekkefølgen V48, V09, V05, V11, V04, V02, "
        "V03.",
        "nn": "Vedtakskoden. Når fleire avslag passar, blir det første i rekkjefølgja V48, V09, V05, V11, V04, V02, "
        "V03 brukt.",
    },
    formel="'V48' if biperson_bor_ikke_pa_adressen else 'V09' if opplysninger_mangler else 'V05' if soker_ikke_bosatt "
    "else 'V11' if soker_dod else 'V04' if bolig_utenfor else 'V02' if ingen_rett else 'V03' if for_hoy_inntekt "
    "else 'V00'",
    eksempel={
        "biperson_bor_ikke_pa_adressen": False,
        "opplysninger_mangler": False,
        "soker_ikke_bosatt": False,
        "soker_dod": False,
        "bolig_utenfor": True,
        "ingen_rett": True,
        "for_hoy_inntekt": False,
    },
)
def kode(
    biperson_bor_ikke_pa_adressen: Flagg,
    opplysninger_mangler: Flagg,
    soker_ikke_bosatt: Flagg,
    soker_dod: Flagg,
    bolig_utenfor: Flagg,
    ingen_rett: Flagg,
    for_hoy_inntekt: Flagg,
) -> Heltall:
    """uint8 index into KODER. Tried from the last to the first, so that the first that applies is left standing."""
    ut = np.zeros(len(ingen_rett), dtype=np.uint8)
    for navn, treff in (
        ("V03", for_hoy_inntekt),
        ("V02", ingen_rett),
        ("V04", bolig_utenfor),
        ("V11", soker_dod),
        ("V05", soker_ikke_bosatt),
        ("V09", opplysninger_mangler),
        ("V48", biperson_bor_ikke_pa_adressen),
    ):
        ut[treff] = INDEKS[navn]
    return ut


@REGLER.regel(
    "belop_per_maned",
    hjemmel=f"{LOV} § 6",
    gyldig_fra="2022-06",
    enhet="kr/md",
    tekst={
        "nb": "Bostøtten som utbetales for måneden.",
        "nn": "Bustøtta som blir utbetalt for månaden.",
    },
    formel="beregnet_belop if kode == 'V00' else 0",
    eksempel={"beregnet_belop": 6565, "kode": "V00"},
)
def belop_per_maned(beregnet_belop: Heltall, kode: Heltall) -> Heltall:
    ut: Kolonne = beregnet_belop * (kode == 0)
    return ut
