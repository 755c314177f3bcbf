"""The synthetic population: registered people first, everybody else out of the seed, and the registers' own answers."""

import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

import orjson

from services.registersim import dokumenter, syntese
from services.registersim.land import Beboerlager, Land, Personlager
from services.registersim.person import Bolig, Bolignummer, Endring, Person
from services.registre.foresporsel import Foresporsel, Raasvar

_FINNES_IKKE = Raasvar(404, b'{"kode":"IKKE-FUNNET","melding":"Ingen treff"}')


class Befolkning:
    """Answers every register's requests; the same seed gives the same people."""

    def __init__(self, fro: int = 1, land: Land | None = None) -> None:
        self.fro = fro
        self._personer: dict[str, Person] = {}
        self._boliger: dict[Bolignummer, Bolig] = {}
        self._beboere: dict[Bolignummer, set[str]] = {}
        self._endringer: dict[str, list[Endring]] = {}
        if land is not None:
            self._personer, self._beboere = Personlager(land), Beboerlager(land)
        self.husstand = lru_cache(maxsize=50_000)(self._husstand)

    def registrer(self, personer: Iterable[Person], boliger: Iterable[Bolig] = ()) -> None:
        """These people and dwellings are as described; somebody registered before is replaced."""
        for bolig in boliger:
            self._boliger[bolig.nummer()] = bolig
        for person in personer:
            if gammel := self._personer.get(person.fnr):
                self._flytt(gammel, set.discard)
            self._personer[person.fnr] = person
            self._flytt(person, set.add)

    def endre(self, fnr: str, endring: Endring) -> None:
        """From a call or a moment on this person is another in the register named."""
        self._endringer.setdefault(fnr, []).append(endring)

    def nullstill(self) -> None:
        for lager in (self._personer, self._boliger, self._beboere, self._endringer):
            lager.clear()

    def svar(self, foresporsel: Foresporsel) -> Raasvar:
        """Body and status that the register asked would give.  Path and query as the real ones."""
        sti, _, sporring = foresporsel.sti.partition("?")
        ledd = sti.split("/")
        match dokumenter.register_av(sti):
            case "folkeregister" if foresporsel.kropp is not None:
                fnr = orjson.loads(foresporsel.kropp)["foedselsEllerDNummer"]
                return _json(dokumenter.personoppslag(self._oppslag(fnr)))
            case "folkeregister":
                return _json(dokumenter.personoppslag(self._bosatte(parse_qs(sporring))))
            case "inntekt":
                maned = parse_qs(sporring)["fraOgMed"][0]
                return self._en("inntekt", ledd[-3], lambda p: dokumenter.inntekt(p, maned))
            case "skattegrunnlag":
                return self._en(
                    "skattegrunnlag", ledd[-1], lambda p: dokumenter.skattegrunnlag(p, int(ledd[-2]))
                )
            case "lanekassen" | "husbanken" as register:
                return self._en(register, ledd[-1], getattr(dokumenter, register))
            case "nav":
                maned = parse_qs(sporring)["maned"][0]
                return self._en("nav", ledd[-1], lambda p: dokumenter.nav(p, maned))
            case "matrikkel":
                return self._bolig(Bolignummer(ledd[-4], int(ledd[-3]), int(ledd[-2]), ledd[-1]))
            case _:
                return Raasvar(404, b'{"melding":"Ukjent sti"}')

    def _en(self, register: str, fnr: str, dokument: "dokumenter.Dokument") -> Raasvar:
        person = self._person(register, fnr)
        innhold = dokument(person) if person is not None else None
        return _FINNES_IKKE if innhold is None else _json(innhold)

    def _person(self, register: str, fnr: str) -> Person | None:
        person = self._personer.get(fnr)
        if person is None:
            funnet = self.husstand(fnr)
            person = funnet.personer[0] if funnet else None
        return self._endret(register, person) if person is not None and fnr in self._endringer else person

    def _endret(self, register: str, person: Person) -> Person:
        felt: dict[str, Any] = {}
        for endring in self._endringer[person.fnr]:
            if endring.register not in (None, register):
                continue
            nr = endring.kall[register] = endring.kall.get(register, 0) + 1
            if nr >= endring.fra_kall and time.time() >= endring.fra:
                felt |= endring.felt
        return Person.model_validate(person.model_dump() | felt) if felt else person

    def _oppslag(self, numre: list[str]) -> list[tuple[str, Person | None]]:
        """A number that belongs to the household of another one asked about is a member there, not a head."""
        medlemmer: dict[str, Person] = {}
        for fnr in numre:
            if fnr not in self._personer and (funnet := self.husstand(fnr)) and len(funnet.personer) > 1:
                medlemmer.update((p.fnr, p) for p in funnet.personer[1:])
        ut: list[tuple[str, Person | None]] = []
        for fnr in numre:
            if fnr in medlemmer and fnr not in self._personer and fnr not in self._endringer:
                ut.append((fnr, medlemmer[fnr]))
            else:
                ut.append((fnr, self._person("folkeregister", fnr)))
        return ut

    def _bosatte(self, sporring: Mapping[str, list[str]]) -> list[tuple[str, Person | None]]:
        nummer = Bolignummer(
            sporring["kommunenummer"][0],
            int(sporring["gaardsnummer"][0]),
            int(sporring["bruksnummer"][0]),
            sporring["bruksenhetsnummer"][0],
        )
        beboere = [self._person("folkeregister", fnr) for fnr in sorted(self._beboere.get(nummer, ()))]
        # A person who has moved, or whose address is classified, is not found by the search.
        funnet = [
            p for p in beboere if p and p.bolig and p.bolig.nummer() == nummer and p.gradering == "ugradert"
        ]
        hode = syntese.hode_i(nummer.gardsnummer, nummer.bruksnummer)
        if hode and (hushold := self.husstand(hode)) and hushold.bolig.nummer() == nummer:
            funnet += [
                p for p in hushold.personer if p.fnr not in self._personer and p.fnr not in self._endringer
            ]
        return [(p.fnr, p) for p in funnet]

    def _bolig(self, nummer: Bolignummer) -> Raasvar:
        bolig = self._boliger.get(nummer)
        if bolig is None and nummer not in self._beboere:
            hode = syntese.hode_i(nummer.gardsnummer, nummer.bruksnummer)
            hushold = self.husstand(hode) if hode else None
            if hushold is None or hushold.bolig.nummer() != nummer:
                return _FINNES_IKKE
        return _json(dokumenter.bruksenhet(bolig))

    def _husstand(self, fnr: str) -> syntese.Husstand | None:
        return syntese.husstand(self.fro, fnr)

    def _flytt(self, person: Person, hvordan: Any) -> None:
        for bolig in (person.bolig, person.delt_bosted):
            if bolig is not None:
                hvordan(self._beboere.setdefault(bolig.nummer(), set()), person.fnr)


def _json(innhold: Any) -> Raasvar:
    return Raasvar(200, orjson.dumps(innhold))
