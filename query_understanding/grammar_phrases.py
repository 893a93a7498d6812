"""Where a text has phrases of the grammar: prices, ranges, counts, what is not wanted."""

from collections.abc import Iterator

from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.negation import negations
from query_understanding.quantities.counted_things import counted_things
from query_understanding.quantities.price_expressions import price_expressions
from query_understanding.quantities.range_expressions import range_expressions


def grammar_phrases(text: str, catalogue: KnownCatalogue) -> Iterator[tuple[int, int]]:
    """Yield where each phrase begins and ends; they may overlap.

    Args:
        text: normalised: half-width digits and signs.
        catalogue: what was learned from it: prices are read where it has any.
    """
    if catalogue.lexicon.cheap_price is not None:
        yield from ((each.start, each.end) for each in price_expressions(text))
    yield from ((each.start, each.end) for each in range_expressions(text))
    yield from ((each.start, each.end) for each in counted_things(text, catalogue.counted_names))
    yield from ((each.start, each.end) for each in negations(text, catalogue.lexicon))
