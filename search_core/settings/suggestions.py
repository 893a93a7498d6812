"""What is suggested while a shopper types."""

from typing import Annotated

from pydantic import Field

from search_core.settings.section import PositiveInt, Section


class SuggestionSettings(Section):
    """`[suggestions]`: what is suggested while a shopper types; docs/suggest.md measures."""

    enabled: bool = True
    """Learn suggestions with every reindex. Off: `/shop/suggest` answers with products only."""
    least_products: PositiveInt = 2
    """Products that a phrase of titles, or a brand with a type, has to have."""
    most_entries: PositiveInt = 200_000
    """Suggestions of an index; beyond, those of fewest products are left out. 100,000 take about
    25 MB in OpenSearch."""
    least_shoppers: Annotated[int, Field(ge=2)] = 5
    """Different shoppers that have to have searched for something before it is suggested to others:
    what few people type can tell who they are. Counted by pseudonyms, so that without
    `privacy.pseudonym_keys` no query is suggested."""
    days: PositiveInt = 90
    """How far back searches count."""
    most_queries: PositiveInt = 10_000
    """Queries that are suggested at most."""
