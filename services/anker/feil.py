"""What can go wrong with anchors."""


class AnkerFeil(Exception):
    """An anchor cannot be made, read or believed; the message names the file or the setting."""
