"""What an index makes of the words of a query."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from opensearchpy import OpenSearch

from search_engine.analysis import SEARCH_ANALYZER
from search_engine.connection import translated_errors

_WORDS_A_REQUEST = 2_000
"""OpenSearch gives 10,000 terms at most in one answer."""
_BETWEEN = "\n|\n"
"""No white space alone: the index takes `5` and `gb` on two lines for one term."""


def search_terms(
    client: OpenSearch, generation: str, words: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Return each word → the terms that are looked up for it.

    Words with equal terms find the same products.

    Args:
        client: connection to OpenSearch.
        generation: the physical index.
        words: none with a line break in it.

    Raises:
        SearchEngineError: OpenSearch does not answer as it should.
    """
    each = sorted(set(words))
    found: dict[str, tuple[str, ...]] = {}
    for start in range(0, len(each), _WORDS_A_REQUEST):
        found.update(_terms(client, generation, each[start : start + _WORDS_A_REQUEST]))
    return found


def _terms(client: OpenSearch, generation: str, words: Sequence[str]) -> dict[str, tuple[str, ...]]:
    body = {"analyzer": SEARCH_ANALYZER, "text": _BETWEEN.join(words)}
    with translated_errors():
        tokens = client.indices.analyze(index=generation, body=body)["tokens"]
    starts = [0, *accumulate(_offsets_in(word + _BETWEEN) for word in words)]
    terms: dict[str, tuple[str, ...]] = dict.fromkeys(words, ())
    for token in tokens:
        word = words[bisect_right(starts, token["start_offset"]) - 1]
        terms[word] += (token["token"],)
    return terms


def _offsets_in(text: str) -> int:
    """Return how far a text moves OpenSearch's offsets, which count units of UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
