"""Suggestions of a generation, learned and kept beside it."""

import logging

from query_understanding.lexicon.suggestion_learning import SuggestionLearner, SuggestionLimits
from search_core.settings import EventSettings, SuggestionSettings
from search_engine import (
    OpenSearch,
    alias_of_generation,
    physical_index,
    popular_queries,
    scan_products,
    write_suggestions,
)

_logger = logging.getLogger(__name__)

_FIELDS = ("title", "brand", "product_type", "category")


def learn_suggestions(
    client: OpenSearch, index: str, settings: SuggestionSettings, events: EventSettings
) -> int:
    """Learn what to suggest for an index, and keep it beside the generation.

    Products are read one by one, and what is counted is bounded: memory does not grow with the
    catalogue.

    Args:
        client: connection to OpenSearch.
        index: alias or generation.
        settings: how much is suggested, and from how many shoppers on.
        events: where searches are kept.

    Returns:
        The number of suggestions.

    Raises:
        IndexNotFoundError: there is no such index.
        SearchEngineError: OpenSearch does not answer as it should.
    """
    generation = physical_index(client, index)
    limits = SuggestionLimits(
        least_products=settings.least_products,
        most_entries=settings.most_entries,
        most_queries=settings.most_queries,
    )
    learner = SuggestionLearner(limits)
    for document in scan_products(client, generation, _FIELDS):
        learner.observe(document)
    popular = popular_queries(
        client,
        events.queries_index,
        alias_of_generation(generation) or generation,
        days=settings.days,
        least_shoppers=settings.least_shoppers,
    )
    count = write_suggestions(client, generation, learner.finish(popular))
    _logger.info("suggestions_learned generation=%s suggestions=%d", generation, count)
    return count
