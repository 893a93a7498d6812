"""The searches that fetch what a taken-over search shows, in the client's own terms."""

from collections.abc import Collection, Mapping
from typing import Any

from query_proxy.takeover.client_search import GROUP_FIELD, ClientSearch
from query_proxy.takeover.function_scores import with_functions
from retrieval import RankedResult
from search_engine import DERIVED_FIELDS, documents_query, members_query, rest_query

Body = dict[str, Any]

DOCUMENTS, REST, COUNTS = "documents", "rest", "counts"

# A vector is some thousand characters that no client of a text search has asked for, and the fields
# that are copies for searching say nothing that the others do not.
_DEFAULT_SOURCE: Mapping[str, Any] = {"_source": {"excludes": [*DERIVED_FIELDS]}}


def page_bodies(
    search: ClientSearch,
    ranked: RankedResult,
    counted: RankedResult | None,
    known: Collection[str] | None = None,
) -> dict[str, Body]:
    """Return what has to be asked for a page: nothing, where all of it is known.

    Args:
        search: of the client.
        ranked: the result whose hits are shown.
        counted: the result that aggregations look at where it is another: beside a `post_filter`.
        known: products whose hits need not be asked for; the others say their version. `None`: no
            version is needed.
    """
    bodies: dict[str, Body] = {}
    rest = ranked.rest(search.offset, search.size)
    shown = ranked.page_ids(search.offset, search.size)
    ids = [each for each in shown if each not in (known or ())]
    if ids or (not shown and rest is None):
        query = documents_query(ids)
        if search.needs_query:
            query = {"bool": {"filter": [query], "should": [search.query]}}
        bodies[DOCUMENTS] = _page(search, ranked, query, size=len(ids), offset=0)
        if known is not None:
            bodies[DOCUMENTS]["seq_no_primary_term"] = True
    if rest is not None:
        query = rest_query(ranked.result_set, rest)
        if search.text_query.functions is not None:
            query = with_functions(query, search.text_query.functions)
        bodies[REST] = {
            **_page(search, ranked, query, size=rest.size, offset=rest.offset),
            "sort": ["_score", {"id": "asc"}],
            "track_scores": True,
        }
    if search.count_options or (ranked.more and search.track_total_hits is not False):
        bodies[COUNTS] = _counts(search, ranked, counted)
    return bodies


def _page(
    search: ClientSearch, ranked: RankedResult, query: Body, *, size: int, offset: int
) -> Body:
    body: Body = {
        **_DEFAULT_SOURCE,
        **search.page_options,
        "from": offset,
        "size": size,
        "query": query,
        "track_total_hits": False,
    }
    if ranked.result_set.collapse:
        body["collapse"] = {"field": GROUP_FIELD}
    return body


def _counts(search: ClientSearch, ranked: RankedResult, counted: RankedResult | None) -> Body:
    body: Body = {
        **search.count_options,
        "size": 0,
        "query": members_query((counted or ranked).result_set),
        "track_total_hits": search.track_total_hits,
    }
    if counted is not None:
        # The total is that of the hits, the aggregations are of what the filter did not touch.
        body["post_filter"] = members_query(ranked.result_set)
    return body
