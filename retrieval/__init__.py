"""Query plan → legs → fusion → hits, each with its explanation."""

from retrieval.filter_syntax import parse_filter, parse_sort
from retrieval.query_vector import EncoderProvider
from retrieval.retriever import Retriever
from retrieval.search_request import SearchRequest, SearchResponse, Timings

__all__ = [
    "EncoderProvider",
    "Retriever",
    "SearchRequest",
    "SearchResponse",
    "Timings",
    "parse_filter",
    "parse_sort",
]
