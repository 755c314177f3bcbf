"""What can go wrong with sealed data. No message holds content or key material."""


class ForseglingFeil(Exception):
    """Any of the below."""


class NokkelDestruert(ForseglingFeil):
    """The person's data key is destroyed: what it sealed is erased for good. Not a fault."""


class ForseglingBrutt(ForseglingFeil):
    """Sealed bytes, key or context do not belong together: the data was changed, moved or damaged."""


class UkjentNokkel(ForseglingFeil):
    """Wrapped by a key-encryption key that is not in the key file."""


class NokkelfilFeil(ForseglingFeil):
    """The key file is missing or cannot be used; the message names the setting."""
