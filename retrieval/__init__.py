"""Query plan → legs → fusion → hits, each with its explanation."""

from retrieval.filter_syntax import parse_filter, parse_sort
from retrieval.filter_words import filter_words
from retrieval.query_vector import EncoderProvider
from retrieval.ranked_result import RankedResult
from retrieval.retriever import Retriever
from retrieval.score_fusion import min_max_normalised
from retrieval.search_request import SearchRequest, SearchResponse, Timings
from retrieval.unknown_names import NameCheck, UnknownName
from retrieval.window_features import window_features
from retrieval.window_reranking import WindowReranking

__all__ = [
    "EncoderProvider",
    "NameCheck",
    "RankedResult",
    "Retriever",
    "SearchRequest",
    "SearchResponse",
    "Timings",
    "UnknownName",
    "WindowReranking",
    "filter_words",
    "min_max_normalised",
    "parse_filter",
    "parse_sort",
    "window_features",
]
