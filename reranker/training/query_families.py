"""Which judged queries ask for the same kind of product, and are held out together."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from reranker.training.training_product import folded_words


def query_families(queries: Sequence[str]) -> Mapping[str, str]:
    """Return query → name of its family.

    Two queries are of one family where one has all the words of the other, whatever the order and
    English plurals: `printer`, `hp printer` and `printers in black`; and all that are linked so.
    Another query may link two families: names of one call say nothing about those of another.

    Args:
        queries: as they were judged.
    """
    words = {query: tuple(dict.fromkeys(folded_words(query))) for query in queries}
    distinct = {frozenset(each): each for each in reversed(words.values()) if each}
    parents = {each: each for each in distinct}
    for whole, part in _contained(list(reversed(distinct.values()))):
        parents[_root(parents, whole)] = _root(parents, part)
    return {
        query: " ".join(sorted(_root(parents, frozenset(found)))) if found else query
        for query, found in words.items()
    }


def _contained(
    queries: Sequence[tuple[str, ...]],
) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """Yield each query's words with those of one that it contains, in an order of their own."""
    holders: dict[str, set[int]] = defaultdict(set)
    for place, words in enumerate(queries):
        for word in words:
            holders[word].add(place)
    found = []
    for part in queries:
        for place in set.intersection(*sorted((holders[word] for word in part), key=len)):
            positions = sorted(map(queries[place].index, part))
            found.append((place, len(part), positions, frozenset(part)))
    for place, _, _, contained in sorted(found, key=lambda each: each[:3]):
        yield frozenset(queries[place]), contained


def _root(parents: dict[frozenset[str], frozenset[str]], words: frozenset[str]) -> frozenset[str]:
    while parents[words] != words:
        parents[words] = parents[parents[words]]
        words = parents[words]
    return words
