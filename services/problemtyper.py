"""Every problem type the API can answer with: name, status, title and what the caller may do about it.

``type`` in the answer is ``https://boligsak.no/problemer/<navn>``. A test holds that every ``Problem(...)``
raised in services/ and workers/ has its name here.
"""

from dataclasses import dataclass

ADRESSE = "https://boligsak.no/problemer/"


@dataclass(frozen=True, slots=True)
class Problemtype:
    navn: str
    status: int
    tittel: str
    beskrivelse: str

    @property
    def adresse(self) -> str:
        return ADRESSE + self.navn


_TYPER = (
    Problemtype(
        "ugyldig-foresporsel",
        400,
        "Forespørselen er ugyldig",
        "Rett opp forespørselen. Kroppen må være gyldig JSON.",
    ),
    Problemtype("token-mangler", 401, "Token mangler", "Send Authorization: Bearer <token>."),
    Problemtype(
        "token-ugyldig",
        401,
        "Token er ugyldig",
        "Tokenet er ikke et JWT, eller signatur, algoritme eller innhold holder ikke. Hent et nytt.",
    ),
    Problemtype("token-utlopt", 401, "Token er utløpt", "Hent et nytt token."),
    Problemtype(
        "token-ikke-gyldig-enna",
        401,
        "Token er ikke gyldig ennå",
        "Tokenets nbf eller iat ligger frem i tid. Kontroller klokken hos utstederen.",
    ),
    Problemtype(
        "token-feil-mottaker",
        401,
        "Token er utstedt for en annen mottaker",
        "Be om et token med denne tjenesten som audience.",
    ),
    Problemtype(
        "token-ukjent-utsteder",
        401,
        "Token har ukjent utsteder",
        "Bruk Maskinporten, ID-porten eller Ansattporten i samme miljø som tjenesten.",
    ),
    Problemtype(
        "token-ukjent-nokkel",
        401,
        "Token er signert med en ukjent nøkkel",
        "Nøkkelen finnes ikke, eller ikke lenger, hos utstederen. Hent et nytt token.",
    ),
    Problemtype(
        "token-brukt-for",
        401,
        "Token er brukt før",
        "Engangstoken kan brukes én gang. Hent et nytt for hver forespørsel.",
    ),
    Problemtype("utsteder-utilgjengelig", 503, "Utstederens nøkler kan ikke hentes", "Prøv igjen om litt."),
    Problemtype(
        "mangler-tilgang",
        403,
        "Mangler tilgang",
        "Tokenet mangler nødvendig scope, rolle eller sikkerhetsnivå.",
    ),
    Problemtype(
        "ukjent-virksomhet",
        403,
        "Virksomheten har ingen kommune",
        "Organisasjonsnummeret er ikke knyttet til en kommune.",
    ),
    Problemtype("egen-sak", 403, "Egen sak", "En saksbehandler kan ikke behandle sin egen sak."),
    Problemtype(
        "to-personer",
        403,
        "Krever en annen person",
        "Den som har laget forslaget kan ikke selv attestere det.",
    ),
    Problemtype(
        "ikke-funnet",
        404,
        "Finnes ikke",
        "Ressursen finnes ikke, eller tokenet gir ikke adgang til å vite om den.",
    ),
    Problemtype("metode-ikke-tillatt", 405, "Metoden er ikke tillatt", "Se Allow i svaret."),
    Problemtype("ikke-akseptabelt", 406, "Svarformatet finnes ikke", "Be om application/json."),
    Problemtype("konflikt", 409, "Konflikt", "Tilstanden til ressursen tillater ikke dette nå."),
    Problemtype(
        "idempotensnokkel-gjenbrukt",
        409,
        "Idempotency-Key er brukt med et annet innhold",
        "Bruk en ny nøkkel for en ny forespørsel.",
    ),
    Problemtype(
        "hendelse-id-brukt",
        409,
        "Hendelsens id er brukt",
        "Samme source og id er brukt på en hendelse med annet innhold. Bruk en ny id.",
    ),
    Problemtype(
        "handling-ikke-tillatt",
        409,
        "Handlingen er ikke tillatt",
        "Handlingen finnes ikke i denne tilstanden. Les tillatte handlinger på saken.",
    ),
    Problemtype(
        "brev-kan-ikke-lages",
        409,
        "Brevet kan ikke lages",
        "Det brevet skulle si, stemmer ikke med det som er lagret. detail sier hva.",
    ),
    Problemtype(
        "endret-siden-sist",
        412,
        "Endret siden sist",
        "Hent ressursen på nytt og bruk den nye ETag-en i If-Match.",
    ),
    Problemtype("for-stor", 413, "Kroppen er for stor", "Del opp forespørselen."),
    Problemtype(
        "ukjent-medietype",
        415,
        "Medietypen støttes ikke",
        "Send application/json eller application/cloudevents+json.",
    ),
    Problemtype("ugyldige-felt", 422, "Ett eller flere felt er ugyldige", "feil[] navngir feltene."),
    Problemtype(
        "ukjent-hendelsestype", 422, "Hendelsestypen er ukjent", "Se listen over typer i API-dokumentasjonen."
    ),
    Problemtype("if-match-mangler", 428, "If-Match mangler", "Send ETag-en fra siste lesing i If-Match."),
    Problemtype("for-mange-foresporsler", 429, "For mange forespørsler", "Vent så lenge Retry-After sier."),
    Problemtype("for-store-felt", 431, "Hodefeltene er for store", "Send færre og kortere hodefelt."),
    Problemtype("intern-feil", 500, "Intern feil", "Feilen er logget. Forespørselen kan prøves igjen."),
    Problemtype(
        "spor-avvik",
        500,
        "Sporet lar seg ikke regne ut igjen",
        "Vedtaket står, men reglene gir ikke lenger de samme mellomregningene. Meld fra: `boligsak replay --vedtak`.",
    ),
    Problemtype(
        "brev-avvik",
        500,
        "Brevet lar seg ikke lage igjen",
        "Det som ble sendt, står i saken med sitt avtrykk, men dagens programmer gir andre byte. Meld fra.",
    ),
    Problemtype("utilgjengelig", 503, "Midlertidig utilgjengelig", "Prøv igjen om litt."),
)

PROBLEMTYPER: dict[str, Problemtype] = {t.navn: t for t in _TYPER}

PER_STATUS: dict[int, str] = {
    400: "ugyldig-foresporsel",
    401: "token-mangler",
    403: "mangler-tilgang",
    404: "ikke-funnet",
    405: "metode-ikke-tillatt",
    406: "ikke-akseptabelt",
    409: "konflikt",
    412: "endret-siden-sist",
    413: "for-stor",
    415: "ukjent-medietype",
    422: "ugyldige-felt",
    428: "if-match-mangler",
    429: "for-mange-foresporsler",
    431: "for-store-felt",
    503: "utilgjengelig",
}
"""The type of an error that the framework raises with a bare status."""
