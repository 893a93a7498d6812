"""Which rows are the same product, and the same as before: ids, ids already seen, hashes."""

import hashlib
from array import array
from collections.abc import Mapping
from typing import Any

import orjson

from search_engine import hash_of

_SLOTS_AT_START = 1 << 12


def content_id(values: Mapping[str, Any]) -> str:
    """Make an id from all that a row says, for catalogues without one.

    Equal rows have equal ids, in any order of their fields and in every run.
    """
    content = orjson.dumps(values, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    return hashlib.blake2b(content, digest_size=12).hexdigest()


def source_hash(values: Mapping[str, Any]) -> int | None:
    """Return the hash of all that a row says, in any order of its fields.

    `None` for one that is no valid text: it then counts as changed in every update.
    """
    options = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS
    try:
        return hash_of(orjson.dumps(values, option=options, default=str))
    except TypeError:  # a lone surrogate
        return None


class SeenIds:
    """Remembers ids by 8-byte hashes, and the line each was first on: 24 to 48 bytes an id.

    A dictionary of the ids themselves takes five times that. Two different ids have the same hash
    with a chance of about 1 in a million among six million products.
    """

    def __init__(self) -> None:
        self._hashes = array("Q", [0]) * _SLOTS_AT_START
        # Four bytes: a line beyond four thousand million is no line of a catalogue.
        self._lines = array("I", [0]) * _SLOTS_AT_START
        self._count = 0

    def first_line(self, product_id: str, line: int) -> int | None:
        """Note an id.

        Args:
            product_id: the id.
            line: where it stands, from 1.

        Returns:
            The line it was seen on before; `None` when it is new.
        """
        if 2 * self._count >= len(self._hashes):
            self._grow()
        # Python's hash of text is 64 bits and differs between runs: it never leaves this object.
        key = hash(product_id) & 0xFFFF_FFFF_FFFF_FFFF or 1
        slot = self._slot(key)
        if self._hashes[slot] == key:
            return self._lines[slot]
        self._hashes[slot] = key
        self._lines[slot] = line
        self._count += 1
        return None

    def _slot(self, key: int) -> int:
        mask = len(self._hashes) - 1
        slot = key & mask
        while self._hashes[slot] not in (0, key):
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        hashes, lines = self._hashes, self._lines
        # Multiplied, not made from bytes: those would stand beside the table while it is made.
        self._hashes = array("Q", [0]) * (2 * len(hashes))
        self._lines = array("I", [0]) * (2 * len(lines))
        for key, line in zip(hashes, lines, strict=True):
            if key:
                slot = self._slot(key)
                self._hashes[slot] = key
                self._lines[slot] = line
