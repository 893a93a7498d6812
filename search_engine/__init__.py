"""The one place that imports `opensearchpy`: index bodies, documents, bulk writing, searching."""

from opensearchpy import OpenSearch

from search_engine.analysis import supported_languages
from search_engine.bulk_endpoint import BulkAnswer, BulkEndpoint, IndexBulkEndpoint, ItemFailure
from search_engine.bulk_statistics import BulkStatistics
from search_engine.bulk_writer import BulkWriter, Refusal
from search_engine.catalog_scan import scan_products
from search_engine.connection import connect, connect_async, error_reason, translated_errors
from search_engine.document_memory import DocumentMemory
from search_engine.filter_query import DATE_FIELDS, KEYWORD_FIELDS, NUMBER_FIELDS
from search_engine.generation_attachment import (
    attachment_index,
    physical_index,
    read_attachment,
    write_attachment,
)
from search_engine.generation_list import list_generations
from search_engine.generation_probe import (
    FoundProduct,
    GenerationStatistics,
    IndexSize,
    count_documents,
    find_by_title,
    find_by_vector,
    generation_statistics,
    index_sizes,
    mapping_deviations,
)
from search_engine.generation_status import GenerationState, GenerationStatus, checked_alias
from search_engine.generations import Generations
from search_engine.index_body import (
    VECTOR_FIELD,
    IndexDescription,
    description_of,
    index_body,
)
from search_engine.lexical_query import TEXT_FIELDS
from search_engine.load_settings import (
    finish_loading,
    make_durable,
    make_searchable,
    resume_loading,
)
from search_engine.product_document import product_document
from search_engine.remembered_legs import RememberedLegs
from search_engine.run_record_store import RecordConflictError, RecordVersion, RunRecordStore
from search_engine.search_bodies import documents_query, members_query, rest_query
from search_engine.search_values import (
    Candidate,
    DocumentVersion,
    Generation,
    Leg,
    LegResult,
    LegsAnswer,
    LegsQuery,
    NativeFilter,
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
    "BulkAnswer",
    "BulkEndpoint",
    "BulkStatistics",
    "BulkWriter",
    "Candidate",
    "DocumentMemory",
    "DocumentVersion",
    "FoundProduct",
    "Generation",
    "GenerationState",
    "GenerationStatistics",
    "GenerationStatus",
    "Generations",
    "IndexBulkEndpoint",
    "IndexDescription",
    "IndexSize",
    "ItemFailure",
    "Leg",
    "LegResult",
    "LegsAnswer",
    "LegsQuery",
    "NativeFilter",
    "OpenSearch",
    "PageAnswer",
    "PageQuery",
    "RecordConflictError",
    "RecordVersion",
    "Refusal",
    "RememberedLegs",
    "ResultSet",
    "RunRecordStore",
    "Searcher",
    "Slice",
    "Sort",
    "SortField",
    "StoredProduct",
    "TextMatch",
    "attachment_index",
    "checked_alias",
    "connect",
    "connect_async",
    "count_documents",
    "description_of",
    "documents_query",
    "error_reason",
    "find_by_title",
    "find_by_vector",
    "finish_loading",
    "generation_statistics",
    "index_body",
    "index_sizes",
    "list_generations",
    "make_durable",
    "make_searchable",
    "mapping_deviations",
    "members_query",
    "physical_index",
    "product_document",
    "read_attachment",
    "rest_query",
    "resume_loading",
    "scan_products",
    "supported_languages",
    "translated_errors",
    "write_attachment",
]
