"""Finds pairs of words that may mean the same, in a catalogue and in what shoppers typed."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import OSA

from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.product_words import is_cjk, singular, unit_texts
from query_understanding.synonyms.synonym_proposals import Evidence, SynonymProposal, SynonymSource

_ACRONYM = re.compile(r"((?:[^\W\d_][\w-]*[ ]+){1,5}[^\W\d_][\w-]*)\s*\(([A-Z]{2,6})\)")
_EXPANSION = re.compile(r"\b([A-Z]{2,6})\s*\(((?:[^\W\d_][\w-]*[ ]+){1,5}[^\W\d_][\w-]*)\)")
_LONGEST_TEXT = 2_000
_FEWEST_PRODUCTS = 2
_SHORTEST_VARIANT = 5
"""Letters: shorter words one edit apart are mostly different words."""
_ALIKE = 0.6
"""Cosine of the kinds that two spellings stand in, from which they are taken for one word."""
_FEWEST_SESSIONS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchStep:
    """One search of a session, in the order in which they were made."""

    session: str
    query: str
    chosen: bool
    """Whether the shopper chose any product of its result."""


def acronyms(texts: Iterable[str]) -> Iterator[SynonymProposal]:
    """Yield acronyms with what they stand for, where texts write both side by side."""
    counted: Counter[tuple[str, str]] = Counter()
    for text in texts:
        counted.update(set(_written_out(text[:_LONGEST_TEXT])))
    for (short, long), count in counted.most_common():
        if count >= _FEWEST_PRODUCTS:
            yield _proposal(
                short, long, SynonymSource.ACRONYM,
                f"{count} products write {long!r} and {short.upper()!r} side by side",
                1 - 1 / (1 + count),
            )  # fmt: skip


def _written_out(text: str) -> Iterator[tuple[str, str]]:
    found = [(match[2], match[1]) for match in _ACRONYM.finditer(text)]
    found += [(match[1], match[2]) for match in _EXPANSION.finditer(text)]
    for short, phrase in found:
        words = re.split(r"[ -]+", phrase)[-len(short) :]
        if len(words) == len(short) and all(
            word[:1].upper() == letter for word, letter in zip(words, short, strict=True)
        ):
            yield short.lower(), " ".join(words).lower()


def spelling_variants(catalogue: KnownCatalogue) -> Iterator[SynonymProposal]:
    """Yield words one edit apart that stand on the same kinds of products, and never together."""
    lexicon = catalogue.lexicon
    for word, count in lexicon.words.items():
        if len(word) < _SHORTEST_VARIANT or not word.isalpha() or is_cjk(word):
            continue
        for other, _ in catalogue.near_words.within(word, 1):
            if other <= word or singular(other) == singular(word) or word[0] != other[0]:
                continue
            if len(other) < _SHORTEST_VARIANT or OSA.distance(word, other) != 1:
                continue
            alike = _alike(lexicon.word_kinds.get(singular(word), {}),
                           lexicon.word_kinds.get(singular(other), {}))  # fmt: skip
            if alike >= _ALIKE and not catalogue.support(word, [other]):
                yield _proposal(
                    word, other, SynonymSource.SPELLING,
                    f"one letter apart, in products of the same kinds ({alike:.0%} alike; "
                    f"{count} and {lexicon.words[other]} products)",
                    alike / 2,
                )  # fmt: skip


def spacing_variants(catalogue: KnownCatalogue) -> Iterator[SynonymProposal]:
    """Yield words that the catalogue writes both together and apart."""
    for joined, each in catalogue.lexicon.joinables.items():
        if each.joined_count and each.apart_count >= _FEWEST_PRODUCTS:
            yield _proposal(
                joined, f"{each.first} {each.second}", SynonymSource.SPACING,
                f"in one word in {each.joined_count} products, in two in {each.apart_count}",
                1 - 1 / (1 + min(each.joined_count, each.apart_count)),
            )  # fmt: skip


def reformulations(steps: Sequence[SearchStep]) -> Iterator[SynonymProposal]:
    """Yield what shoppers typed instead when they had chosen nothing, and then chose.

    Only where the two queries differ in one stretch of words is it clear what was put for what.
    """
    sessions: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for before, after in pairwise(steps):
        if before.session != after.session or before.chosen or not after.chosen:
            continue
        swapped = _swapped(unit_texts(before.query), unit_texts(after.query))
        if swapped is not None:
            sessions[swapped].add(before.session)
    for (term, synonym), found in sorted(sessions.items()):
        if len(found) >= _FEWEST_SESSIONS:
            yield _proposal(
                term, synonym, SynonymSource.REFORMULATION,
                f"in {len(found)} sessions {synonym!r} was typed and chosen from after {term!r} "
                "had found nothing to choose",
                1 - 1 / (1 + len(found)),
            )  # fmt: skip


def _swapped(before: Sequence[str], after: Sequence[str]) -> tuple[str, str] | None:
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    term = " ".join(before[start : len(before) - end])
    synonym = " ".join(after[start : len(after) - end])
    return (term, synonym) if term and synonym else None


def _alike(one: Mapping[int, int], other: Mapping[int, int]) -> float:
    """Return the cosine of two distributions over kinds."""
    if not one or not other:
        return 0.0
    product = sum(count * other.get(place, 0) for place, count in one.items())
    lengths = [math.sqrt(sum(count**2 for count in each.values())) for each in (one, other)]
    return product / (lengths[0] * lengths[1])


def _proposal(
    term: str, synonym: str, source: SynonymSource, detail: str, strength: float
) -> SynonymProposal:
    evidence = Evidence(source=source, detail=detail, strength=strength)
    return SynonymProposal(term=term, synonym=synonym, evidence=(evidence,))
