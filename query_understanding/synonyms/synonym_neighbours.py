"""Proposes as synonyms the words of a catalogue that a model places close together."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.lexicon.product_words import is_cjk, phrase_key, singular, unit_texts
from query_understanding.synonyms.synonym_proposals import Evidence, SynonymProposal, SynonymSource
from search_core import TextEncoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_TERMS = 1_500
_NEIGHBOURS = 3
"""Each has to be among so many nearest of the other."""
_CLOSE = 0.72
"""Cosine within a script."""
_CLOSE_ACROSS = 0.55
"""Across scripts, where a model places even the same word less close."""
_FEWEST_TITLES = 3
_SHORTEST = 3
_CATEGORY_SEPARATOR = " > "


def neighbours(catalogue: KnownCatalogue, encoder: TextEncoder) -> Iterator[SynonymProposal]:
    """Yield pairs of kinds' names and frequent words of titles that are close in meaning.

    Left out are pairs that one attribute has as values (red and blue are close, and opposites),
    that titles have together, of which one holds the other, two kinds of one thing (red wine and
    white wine), and brands.

    Raises:
        EncoderError: the model could not be run.
    """
    terms = _terms(catalogue)
    if len(terms) < _NEIGHBOURS:
        return
    vectors = encoder.encode_passages(terms)
    for one, other, cosine in _mutual(vectors):
        term, synonym = terms[one], terms[other]
        across = is_cjk(term) != is_cjk(synonym)
        if cosine < (_CLOSE_ACROSS if across else _CLOSE) or not _may_be_one(
            term, synonym, catalogue
        ):
            continue
        where = "in another language " if across else ""
        detail = f"{where}close in meaning (cosine {cosine:.2f})"
        evidence = Evidence(source=SynonymSource.MEANING, detail=detail, strength=cosine / 2)
        yield SynonymProposal(term=term, synonym=synonym, evidence=(evidence,))


def _terms(catalogue: KnownCatalogue) -> list[str]:
    lexicon = catalogue.lexicon
    names = [
        kind.name.rsplit(_CATEGORY_SEPARATOR, 1)[-1].lower()
        for kind in lexicon.kinds
        if kind.count >= _FEWEST_TITLES
    ]
    words = sorted(
        (word for word in lexicon.word_kinds if len(word) >= _SHORTEST and word.isalpha()),
        key=lambda word: (-catalogue.in_titles(word), word),
    )
    frequent = [word for word in words if catalogue.in_titles(word) >= _FEWEST_TITLES]
    return list({phrase_key(term): term for term in (*frequent, *names)}.values())[:_MOST_TERMS]


def _mutual(vectors: "NDArray[np.float32]") -> Iterator[tuple[int, int, float]]:
    """Yield the places of vectors that are among each other's nearest, the closest first."""
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1.0)
    nearest = np.argsort(-cosines, axis=1)[:, :_NEIGHBOURS]
    pairs = [
        (row, int(column), float(cosines[row, column]))
        for row in range(len(vectors))
        for column in nearest[row]
        if row < column and row in nearest[column]
    ]
    yield from sorted(pairs, key=lambda pair: -pair[2])


def _may_be_one(term: str, synonym: str, catalogue: KnownCatalogue) -> bool:
    one, other = unit_texts(term), unit_texts(synonym)
    if not one or not other or set(one) <= set(other) or set(other) <= set(one):
        return False
    if catalogue.support(one[-1], other[-1:]):
        return False
    if len(one) > 1 < len(other) and singular(one[-1]) == singular(other[-1]):
        return False  # `red wine`, `white wine`: one thing, told apart by the words before it
    joined = sorted(("".join(one), "".join(other)), key=len)
    if joined[1].startswith(joined[0]) or {term, synonym} & catalogue.lexicon.brands.keys():
        return False  # what a stemmer sees as one anyway, and names
    return not _siblings(term, synonym, catalogue.lexicon)


def _siblings(term: str, synonym: str, lexicon: Lexicon) -> bool:
    """Say whether one attribute has both as values."""
    attributes = [_attributes(each, lexicon) for each in (term, synonym)]
    return not attributes[0].isdisjoint(attributes[1])


def _attributes(term: str, lexicon: Lexicon) -> set[str]:
    return {each.attribute for each in lexicon.values.get(phrase_key(term), ())}
