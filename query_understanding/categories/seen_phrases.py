"""Remembers which phrases were seen, in memory that does not grow with them."""

from hashlib import blake2b

_BITS = 1 << 26
"""8 MB. A million titles give some twelve million phrases; one in eleven unseen ones is then taken
for seen (two bits each: 0.3 × 0.3)."""
_HALF = 8


class SeenPhrases:
    """A set of phrases that may take an unseen one for seen, never the other way round.

    Source: Bloom 1970, "Space/time trade-offs in hash coding with allowable errors", with two bits
    a phrase.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._bits = bytearray(_BITS // 8)

    def add(self, phrase: str) -> None:
        """Remember a phrase."""
        for byte, bit in _places(phrase):
            self._bits[byte] |= bit

    def __contains__(self, phrase: str) -> bool:
        """Say whether a phrase was (most likely) seen."""
        return all(self._bits[byte] & bit for byte, bit in _places(phrase))


def _places(phrase: str) -> tuple[tuple[int, int], ...]:
    # Not `hash`: what is learned of a catalogue must not change from process to process.
    digest = blake2b(phrase.encode(), digest_size=2 * _HALF).digest()
    halves = (int.from_bytes(digest[:_HALF], "big"), int.from_bytes(digest[_HALF:], "big"))
    return tuple((each % _BITS >> 3, 1 << (each & 7)) for each in halves)
