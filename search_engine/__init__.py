"""The one place that imports `opensearchpy`: index bodies, documents, bulk writing, searching."""

from opensearchpy import OpenSearch

from search_engine.analysis import supported_languages
from search_engine.attribute_names import AttributeNames, MissingNames
from search_engine.aws_signing import Sign, aws_sign, canonical_query
from search_engine.behaviour_store import (
    BehaviourRecord,
    BehaviourStore,
    RecordFate,
    RecordKind,
)
from search_engine.bulk_endpoint import BulkAnswer, BulkEndpoint, IndexBulkEndpoint, ItemFailure
from search_engine.bulk_item import LARGEST_VERSION, BulkAction, BulkChange
from search_engine.bulk_statistics import BulkStatistics
from search_engine.bulk_writer import BulkWriter, Refusal
from search_engine.catalog_scan import (
    ProductHashes,
    keeps_hashes,
    scan_hashes,
    scan_products,
    stored_documents,
)
from search_engine.connection import connect, connect_async, error_reason, translated_errors
from search_engine.document_memory import DocumentMemory
from search_engine.filter_query import DATE_FIELDS, KEYWORD_FIELDS, NUMBER_FIELDS
from search_engine.generation_attachment import (
    TAG_KNOWLEDGE,
    attachment_index,
    attachment_version,
    note_changes,
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
from search_engine.generation_status import (
    GenerationState,
    GenerationStatus,
    alias_of_generation,
    checked_alias,
)
from search_engine.generations import Generations
from search_engine.index_body import (
    DERIVED_FIELDS,
    IndexDescription,
    description_of,
    index_body,
)
from search_engine.leg_candidates import LegCandidates
from search_engine.lexical_query import TEXT_FIELDS
from search_engine.live_fields import (
    LIVE_FIELDS,
    NO_SOURCE,
    SOURCE_HASH_FIELD,
    content_hash,
    hash_of,
    live_document,
)
from search_engine.load_settings import (
    finish_loading,
    make_durable,
    make_searchable,
    resume_loading,
)
from search_engine.mean_vectors import mean_vectors
from search_engine.popular_queries import PopularQuery, popular_queries
from search_engine.product_document import product_document, tag_fields
from search_engine.remembered_legs import RememberedLegs
from search_engine.run_record_store import RecordConflictError, RecordVersion, RunRecordStore
from search_engine.search_bodies import documents_query, members_query, rest_query
from search_engine.search_terms import search_terms
from search_engine.search_values import (
    Candidate,
    Coverage,
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
from search_engine.shopper_records import count_shopper_records, delete_shopper_records
from search_engine.similar_search import NearAnswer, NearProduct, SimilarSearch
from search_engine.stored_tags import keeps_tags, stored_tags, tags_of, write_tags
from search_engine.suggestion_index import (
    Suggestion,
    SuggestionInput,
    SuggestionKind,
    suggestions_index,
    write_suggestions,
)
from search_engine.suggestion_search import SuggestionAnswer, SuggestionSearch
from search_engine.tag_correction_store import TagCorrectionStore
from search_engine.vector_storage import stored_vectors

__all__ = [
    "DATE_FIELDS",
    "DERIVED_FIELDS",
    "KEYWORD_FIELDS",
    "LARGEST_VERSION",
    "LIVE_FIELDS",
    "NO_SOURCE",
    "NUMBER_FIELDS",
    "SOURCE_HASH_FIELD",
    "TAG_KNOWLEDGE",
    "TEXT_FIELDS",
    "AttributeNames",
    "BehaviourRecord",
    "BehaviourStore",
    "BulkAction",
    "BulkAnswer",
    "BulkChange",
    "BulkEndpoint",
    "BulkStatistics",
    "BulkWriter",
    "Candidate",
    "Coverage",
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
    "LegCandidates",
    "LegResult",
    "LegsAnswer",
    "LegsQuery",
    "MissingNames",
    "NativeFilter",
    "NearAnswer",
    "NearProduct",
    "OpenSearch",
    "PageAnswer",
    "PageQuery",
    "PopularQuery",
    "ProductHashes",
    "RecordConflictError",
    "RecordFate",
    "RecordKind",
    "RecordVersion",
    "Refusal",
    "RememberedLegs",
    "ResultSet",
    "RunRecordStore",
    "Searcher",
    "Sign",
    "SimilarSearch",
    "Slice",
    "Sort",
    "SortField",
    "StoredProduct",
    "Suggestion",
    "SuggestionAnswer",
    "SuggestionInput",
    "SuggestionKind",
    "SuggestionSearch",
    "TagCorrectionStore",
    "TextMatch",
    "alias_of_generation",
    "attachment_index",
    "attachment_version",
    "aws_sign",
    "canonical_query",
    "checked_alias",
    "connect",
    "connect_async",
    "content_hash",
    "count_documents",
    "count_shopper_records",
    "delete_shopper_records",
    "description_of",
    "documents_query",
    "error_reason",
    "find_by_title",
    "find_by_vector",
    "finish_loading",
    "generation_statistics",
    "hash_of",
    "index_body",
    "index_sizes",
    "keeps_hashes",
    "keeps_tags",
    "list_generations",
    "live_document",
    "make_durable",
    "make_searchable",
    "mapping_deviations",
    "mean_vectors",
    "members_query",
    "note_changes",
    "physical_index",
    "popular_queries",
    "product_document",
    "read_attachment",
    "rest_query",
    "resume_loading",
    "scan_hashes",
    "scan_products",
    "search_terms",
    "stored_documents",
    "stored_tags",
    "stored_vectors",
    "suggestions_index",
    "supported_languages",
    "tag_fields",
    "tags_of",
    "translated_errors",
    "write_attachment",
    "write_suggestions",
    "write_tags",
]
