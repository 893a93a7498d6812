"""Scores that were computed before, found by model, query and passage."""

import hashlib
from collections import OrderedDict

_KEY_BYTES = 16  # 128 bits: a collision among a billion pairs has a chance of 10^-21


class ScoreCache:
    """A bounded map in memory; the longest unused go first. Used within one event loop."""

    def __init__(self, capacity: int) -> None:
        """Start empty.

        Args:
            capacity: most scores that are kept; 0 keeps none.
        """
        self._capacity = capacity
        self._scores: OrderedDict[bytes, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._scores)

    def get(self, model_id: str, query: str, passage: str) -> float | None:
        """Return a known score; `None`: it is not known."""
        key = _key(model_id, query, passage)
        score = self._scores.get(key)
        if score is not None:
            self._scores.move_to_end(key)
        return score

    def put(self, model_id: str, query: str, passage: str, score: float) -> None:
        """Keep a score."""
        key = _key(model_id, query, passage)
        self._scores[key] = score
        self._scores.move_to_end(key)
        while len(self._scores) > self._capacity:
            self._scores.popitem(last=False)


def _key(model_id: str, query: str, passage: str) -> bytes:
    # Lengths first: no two triples give the same bytes.
    parts = [each.encode("utf-8", "surrogatepass") for each in (model_id, query, passage)]
    digest = hashlib.blake2b(digest_size=_KEY_BYTES)
    digest.update(b"%d %d " % (len(parts[0]), len(parts[1])))
    for part in parts:
        digest.update(part)
    return digest.digest()
