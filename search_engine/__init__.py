"""The one place that imports `opensearchpy`: index bodies, documents, bulk writing, searching."""

from search_engine.analysis import supported_languages
from search_engine.connection import connect, connect_async, error_reason, translated_errors
from search_engine.filter_query import DATE_FIELDS, KEYWORD_FIELDS, NUMBER_FIELDS
from search_engine.index_body import (
    VECTOR_FIELD,
    IndexDescription,
    description_of,
    index_body,
)
from search_engine.lexical_query import TEXT_FIELDS
from search_engine.product_document import product_document
from search_engine.search_values import (
    Candidate,
    Generation,
    Leg,
    LegResult,
    LegsAnswer,
    LegsQuery,
    PageAnswer,
    PageQuery,
    ResultSet,
    Slice,
    Sort,
    SortField,
    StoredProduct,
    TextMatch,
)
from search_engine.searcher import Searcher

__all__ = [
    "DATE_FIELDS",
    "KEYWORD_FIELDS",
    "NUMBER_FIELDS",
    "TEXT_FIELDS",
    "VECTOR_FIELD",
    "Candidate",
    "Generation",
    "IndexDescription",
    "Leg",
    "LegResult",
    "LegsAnswer",
    "LegsQuery",
    "PageAnswer",
    "PageQuery",
    "ResultSet",
    "Searcher",
    "Slice",
    "Sort",
    "SortField",
    "StoredProduct",
    "TextMatch",
    "connect",
    "connect_async",
    "description_of",
    "error_reason",
    "index_body",
    "product_document",
    "supported_languages",
    "translated_errors",
]
