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
from indexer.generation_checks import CheckResult
from indexer.language_detection import LanguageShare, detect_language, language_shares
from indexer.listed_generations import (
    ListedGeneration,
    ListedState,
    delete_generation,
    listed_generations,
)
from indexer.number_parsing import DecimalMark
from indexer.passage import passage_template, passage_text
from indexer.product_reader import ProductReader, read_products
from indexer.reindex import reindex
from indexer.reindex_preview import PreviewedProduct, ReindexPreview, preview_reindex
from indexer.reindex_report import ReindexReport
from indexer.reindex_request import ReindexRequest, ReindexTools
from indexer.rejects import Reject, RejectReason
from indexer.rejects_file import RejectsFile
from indexer.rows import ReadRow, Row
from indexer.run_lease import RunLease
from indexer.run_owner import RunOwner
from indexer.schema_inference import FieldChoice, InferredSchema, infer_schema

__all__ = [
    "AttributeType",
    "CatalogDescription",
    "CatalogFormat",
    "CatalogInspection",
    "CatalogSample",
    "CatalogSchema",
    "CatalogSource",
    "CheckResult",
    "Compression",
    "DecimalMark",
    "FieldChoice",
    "FieldRole",
    "InferredSchema",
    "LanguageShare",
    "ListedGeneration",
    "ListedState",
    "OtherFields",
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
    "Row",
    "RunLease",
    "RunOwner",
    "check_schema",
    "delete_generation",
    "detect_language",
    "infer_schema",
    "inspect_catalog",
    "language_shares",
    "listed_generations",
    "open_catalog",
    "passage_template",
    "passage_text",
    "preview_reindex",
    "read_language",
    "read_products",
    "read_schema",
    "reindex",
    "schema_text",
    "write_schema",
]
