"""How likely a query is about each kind of product, by the words that their titles have."""

import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from query_understanding.lexicon.lexicon import NO_KIND, CategoryCalibration, Lexicon
from query_understanding.lexicon.product_words import is_cjk, singular, unit_texts

_SMOOTHING = 2.0
"""Titles of its own that a kind is given, with words as all of the catalogue has them: so a kind of
three products is not ruled out by a word that none of them happens to have."""
_SHORTEST_TAIL = 4
"""Letters of a known word that an unknown one ends with: `lederhandtasche` is a `handtasche`."""
_CONNECTING = frozenset({"a", "an", "and", "for", "from", "in", "of", "the", "to", "with"})

Counts = Mapping[int, int]


def category_shares(
    text: str, lexicon: Lexicon, calibration: CategoryCalibration | None = None
) -> Mapping[int, float]:
    """Return place in `lexicon.kinds` → probability that the query is about that kind.

    What is left to 1 are products of which the catalogue does not say what they are, and what words
    that no title has may mean. Empty when no word of the text stands in a title.

    Args:
        text: as it will be searched.
        lexicon: of the catalogue.
        calibration: instead of the lexicon's own.
    """
    words = known_words(_telling(text), lexicon)
    shares = shares_of(words, lexicon, calibration or lexicon.category_calibration)
    coverage = word_coverage(text, lexicon)
    return {place: share * coverage for place, share in shares.items() if place != NO_KIND}


def word_coverage(text: str, lexicon: Lexicon, taught: AbstractSet[str] = frozenset()) -> float:
    """Return the share of a text's words that titles have: what the others mean is not known.

    Args:
        text: as it will be searched.
        lexicon: of the catalogue.
        taught: words, folded, plurals undone, whose meaning is known though titles lack them.
    """
    read = _telling(text)
    known = sum(singular(each) in taught or bool(known_words([each], lexicon)) for each in read)
    return known / max(len(read), 1)


def shares_of(
    words: Sequence[str],
    lexicon: Lexicon,
    calibration: CategoryCalibration,
    left_out: int | None = None,
) -> Mapping[int, float]:
    """Return the probability of every kind that has one of the words, `NO_KIND` among them.

    Naive Bayes, in which two words side by side count as a word of their own.

    Args:
        words: in the form of `lexicon.word_kinds`.
        lexicon: of the catalogue.
        calibration: how much pairs and the size of a kind count, and how sure to be.
        left_out: a kind of which one product with these words is taken out of all counts first, so
            that a product's own title can be guessed as if it had never been seen.
    """
    scores: dict[int, float] = {}
    for counts, weight in _evidence(words, lexicon, calibration):
        total = sum(counts.values()) - (left_out in counts)
        expected = _SMOOTHING * total / max(lexicon.products, 1) + calibration.doubt
        for place, count in counts.items():
            own = count - (place == left_out)
            if own > 0:
                gain = math.log1p(own / expected) * weight
                scores[place] = scores.get(place, 0.0) + gain
    sizes = {place: _size(place, lexicon) - (place == left_out) for place in scores}
    logs = {
        place: score
        + calibration.size_weight * math.log(max(sizes[place], 0.5))
        - len(words) * math.log(sizes[place] + _SMOOTHING)
        for place, score in scores.items()
    }
    if not logs:
        return {}
    best = max(logs.values())
    powers = {
        place: math.exp((score - best) / calibration.temperature) for place, score in logs.items()
    }
    total_power = sum(powers.values())
    return {place: power / total_power for place, power in powers.items()}


def known_words(words: Sequence[str], lexicon: Lexicon) -> list[str]:
    """Return the words that titles have; of an unknown compound the longest known end."""
    found = []
    for word in map(singular, words):
        known = word if word in lexicon.word_kinds else _tail(word, lexicon)
        if known is not None:
            found.append(known)
    return found


def pair_key(first: str, second: str) -> str:
    """Return the key of two units side by side."""
    return f"{first} {second}"


def likely_category(shares: Mapping[int, float], lexicon: Lexicon, least: float) -> str | None:
    """Return the narrowest category that is at least so likely.

    Kinds of one category add up: a query that may be about either of two sorts of shoes is at least
    about shoes.

    Returns:
        `None` when not even a whole department is likely enough.
    """
    sums: dict[str, float] = {}
    depths: dict[str, int] = {}
    for place, share in shares.items():
        kind = lexicon.kinds[place]
        for depth, name in enumerate(dict.fromkeys((*kind.path, kind.name))):
            sums[name] = sums.get(name, 0.0) + share
            depths[name] = depth
    likely = [name for name, share in sums.items() if share >= least]
    return max(likely, key=lambda name: (depths[name], sums[name], name), default=None)


def _telling(text: str) -> list[str]:
    return [word for word in unit_texts(text) if word not in _CONNECTING]


def _evidence(
    words: Sequence[str], lexicon: Lexicon, calibration: CategoryCalibration
) -> list[tuple[Counts, float]]:
    found: list[tuple[Counts, float]] = []
    paired: set[int] = set()
    for place, (first, second) in enumerate(pairwise(words)):
        counts = lexicon.pair_kinds.get(pair_key(first, second))
        if not counts:
            continue
        # Two characters are mostly one word, of which neither alone says anything.
        one_word = is_cjk(first) and is_cjk(second)
        if one_word:
            paired |= {place, place + 1}
        found.append((counts, 1.0 if one_word else calibration.pair_weight))
    alone = (word for place, word in enumerate(words) if place not in paired)
    return [*found, *((lexicon.word_kinds[word], 1.0) for word in alone)]


def _size(place: int, lexicon: Lexicon) -> int:
    return lexicon.kindless if place == NO_KIND else lexicon.kinds[place].count


def _tail(word: str, lexicon: Lexicon) -> str | None:
    if is_cjk(word) or not word.isalpha():
        return None
    for start in range(1, len(word) - _SHORTEST_TAIL + 1):
        # Both parts: a `stroller` is no roller.
        if word[start:] in lexicon.word_kinds and lexicon.knows(word[:start]):
            return word[start:]
    return None
