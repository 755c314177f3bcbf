"""Tilskudd til boligtiltak: boligsosiale tiltak, boligtiltak i distriktene, leieboerorganisasjoner, masterstipend."""
