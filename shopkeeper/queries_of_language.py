"""The judged queries that go to one language's own cross-encoder."""

import asyncio
from collections.abc import Collection

from evaluation import JudgedQuery, Judgments
from reranker import model_language
from search_core import ConfigurationError
from search_core.settings import Settings
from shopkeeper.composition import query_understanding


def queries_of_language(
    judgments: Judgments, code: str, index: str, settings: Settings
) -> Judgments:
    """Return the judgments of the queries that a search would give to the language's model.

    Args:
        judgments: of all queries.
        code: ISO 639-1.
        index: alias or generation, whose catalogue says what its queries are written in.
        settings: of the search.

    Raises:
        ConfigurationError: there is no such query.
        IndexNotFoundError: there is no such index.
        SearchEngineError: OpenSearch cannot be reached.
    """
    # In the order of the settings: of two languages with the same letters the first one counts.
    routed = tuple(dict.fromkeys((*settings.reranker.models, code)))
    languages = asyncio.run(_languages(judgments.queries, index, settings))
    kept = [
        query
        for query, language in zip(judgments.queries, languages, strict=True)
        if model_language(routed, query.text, language) == code
    ]
    if not kept:
        raise ConfigurationError(
            f"none of the {len(judgments.queries)} judged queries is in the language {code}",
            remedy="judge queries of this language, or leave --for out",
        )
    return judgments.only(kept)


async def _languages(
    queries: Collection[JudgedQuery], index: str, settings: Settings
) -> list[str | None]:
    """Return the language of each query as a search sees it; `None`: it is not known."""
    understanding = query_understanding(settings)
    if understanding is None:
        return [None] * len(queries)
    return [(await understanding.plan(index, query.text)).language for query in queries]
