"""Reads catalogues, learns their fields, and turns rows into products."""

from indexer.catalog_description import CatalogDescription, CatalogSample
from indexer.catalog_format import CatalogFormat
from indexer.catalog_inspection import CatalogInspection, inspect_catalog
from indexer.catalog_plan import read_language
from indexer.catalog_schema import (
    AttributeType,
    CatalogSchema,
    FieldRole,
    OtherFields,
    PriceUnit,
)
from indexer.catalog_source import CatalogSource, open_catalog
from indexer.catalog_toml import check_schema, read_schema, schema_text, write_schema
from indexer.compression import Compression
from indexer.delta.feed import FeedRequest, apply_changes
from indexer.delta.feed_position import FeedPosition
from indexer.delta.update import update_index
from indexer.delta.update_request import UpdateReport, UpdateRequest, UpdateTools
from indexer.enrichment import (
    LlmTagCounts,
    LlmTags,
    MoreGenerators,
    RemadeGenerator,
    ReviewAction,
    ReviewedTag,
    ReviewReport,
    StayingGenerator,
    TaggedProduct,
    TagGenerator,
    Tagger,
    TagPreview,
    TaxonomyTags,
    ThesaurusTags,
    WordMeanings,
    WordNet,
    exported_tags,
    import_review,
    no_more_generators,
    preview_tags,
    read_review,
    write_review,
)
from indexer.generation_checks import CheckResult
from indexer.language_detection import LanguageShare, detect_language, language_shares
from indexer.listed_generations import (
    ListedGeneration,
    ListedState,
    delete_all_generations,
    delete_generation,
    listed_generations,
)
from indexer.number_parsing import DecimalMark
from indexer.passage import passage_template, passage_text
from indexer.pipeline import Preparation
from indexer.product_reader import ProductReader, read_products
from indexer.reindex import reindex
from indexer.reindex_preview import PreviewedProduct, ReindexPreview, preview_reindex
from indexer.reindex_report import ReindexReport
from indexer.reindex_request import PreparationFor, ReindexRequest, ReindexTools
from indexer.rejects import Reject, RejectReason
from indexer.rejects_file import RejectsFile
from indexer.rows import ReadRow, Row
from indexer.run_lease import RunLease
from indexer.run_owner import RunOwner
from indexer.schema_inference import FieldChoice, InferredSchema, infer_schema
from indexer.taxonomy import (
    Category,
    CategoryPlacer,
    EvidenceWeights,
    Placement,
    Taxonomy,
    read_taxonomy,
    taxonomy_language,
)

__all__ = [
    "AttributeType",
    "CatalogDescription",
    "CatalogFormat",
    "CatalogInspection",
    "CatalogSample",
    "CatalogSchema",
    "CatalogSource",
    "Category",
    "CategoryPlacer",
    "CheckResult",
    "Compression",
    "DecimalMark",
    "EvidenceWeights",
    "FeedPosition",
    "FeedRequest",
    "FieldChoice",
    "FieldRole",
    "InferredSchema",
    "LanguageShare",
    "ListedGeneration",
    "ListedState",
    "LlmTagCounts",
    "LlmTags",
    "MoreGenerators",
    "OtherFields",
    "Placement",
    "Preparation",
    "PreparationFor",
    "PreviewedProduct",
    "PriceUnit",
    "ProductReader",
    "ReadRow",
    "ReindexPreview",
    "ReindexReport",
    "ReindexRequest",
    "ReindexTools",
    "Reject",
    "RejectReason",
    "RejectsFile",
    "RemadeGenerator",
    "ReviewAction",
    "ReviewReport",
    "ReviewedTag",
    "Row",
    "RunLease",
    "RunOwner",
    "StayingGenerator",
    "TagGenerator",
    "TagPreview",
    "TaggedProduct",
    "Tagger",
    "Taxonomy",
    "TaxonomyTags",
    "ThesaurusTags",
    "UpdateReport",
    "UpdateRequest",
    "UpdateTools",
    "WordMeanings",
    "WordNet",
    "apply_changes",
    "check_schema",
    "delete_all_generations",
    "delete_generation",
    "detect_language",
    "exported_tags",
    "import_review",
    "infer_schema",
    "inspect_catalog",
    "language_shares",
    "listed_generations",
    "no_more_generators",
    "open_catalog",
    "passage_template",
    "passage_text",
    "preview_reindex",
    "preview_tags",
    "read_language",
    "read_products",
    "read_review",
    "read_schema",
    "read_taxonomy",
    "reindex",
    "schema_text",
    "taxonomy_language",
    "update_index",
    "write_review",
    "write_schema",
]
