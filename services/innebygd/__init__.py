"""The program's own PostgreSQL and Valkey, and supervision of child processes."""

from services.innebygd.servere import Adresser, Servere, ServereNede, adresser, oppe

__all__ = ["Adresser", "Servere", "ServereNede", "adresser", "oppe"]
