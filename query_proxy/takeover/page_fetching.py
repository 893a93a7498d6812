"""Gets what a page shows: hits that are remembered, and the others from OpenSearch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from query_proxy.takeover.client_search import ClientSearch
from query_proxy.takeover.hit_memory import HitMemory, look_of, without_version
from query_proxy.takeover.page_bodies import DOCUMENTS, page_bodies
from query_proxy.takeover.page_searches import PageSearches
from retrieval import RankedResult

Body = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedPage:
    """The parts of a page, before they are put together."""

    found: Mapping[str, Body]
    """Hits of the shown candidates by product id; those that are gone meanwhile are missing."""
    answers: Mapping[str, Body]
    """By the names of `page_bodies`; empty where nothing had to be asked."""


async def fetched_page(
    ask: PageSearches,
    memory: HitMemory | None,
    search: ClientSearch,
    ranked: RankedResult,
    counted: RankedResult | None,
) -> FetchedPage:
    """Get a page in the client's own terms.

    Args:
        ask: sends what has to be asked.
        memory: of hits; `None`: OpenSearch may show this caller other things than the next.
        search: of the client.
        ranked: the result whose hits are shown.
        counted: the result that aggregations look at where it is another.

    Raises:
        SearchEngineError: OpenSearch refuses what the page needs, or did not answer.
    """
    # Without the legs' coverage an answer could not say how much of the index it stands for.
    look = None
    if memory is not None and ranked.coverage is not None:
        look = look_of(search, collapse=ranked.result_set.collapse)
    if memory is None or look is None:
        answers = await ask(page_bodies(search, ranked, counted), ranked.preference)
        return FetchedPage(found=_by_id(answers), answers=answers)
    ids = ranked.page_ids(search.offset, search.size)
    known = memory.known(ids, ranked.versions, look)
    bodies = page_bodies(search, ranked, counted, known.keys())
    answers = await ask(bodies, ranked.preference) if bodies else {}
    found = {key: without_version(hit, search) for key, hit in _by_id(answers).items()}
    for key, hit in _by_id(answers).items():
        memory.keep((hit["_index"], hit["_seq_no"], hit["_primary_term"]), look, found[key])
    return FetchedPage(found=known | found, answers=answers)


def _by_id(answers: Mapping[str, Body]) -> dict[str, Body]:
    if DOCUMENTS not in answers:
        return {}
    return {hit["_id"]: hit for hit in answers[DOCUMENTS]["hits"]["hits"]}
