"""Why a search passes through as it is."""

import re

_UNSAFE = re.compile(r"[^A-Za-z0-9_ .,:()'-]")
_LONGEST = 160


class NotTakenOverError(Exception):
    """A search that the hybrid search cannot stand for. Its reason is told in a header."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def header_text(text: str) -> str:
    """Return a text as a header may hold it: what a client wrote could begin another header."""
    return _UNSAFE.sub("?", text)[:_LONGEST]
