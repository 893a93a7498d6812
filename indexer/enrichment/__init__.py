"""Words that products should be found by though the catalogue does not say them."""

from indexer.enrichment.llm_tags import LlmTagCounts, LlmTags
from indexer.enrichment.read_product import forget_read_texts
from indexer.enrichment.sent_generators import RemadeGenerator, StayingGenerator
from indexer.enrichment.tag_generator import TagGenerator
from indexer.enrichment.tag_preparation import (
    MoreGenerators,
    TagPreparation,
    kept_tags,
    learned_tags,
    no_more_generators,
)
from indexer.enrichment.tag_preview import TaggedProduct, TagPreview, preview_tags
from indexer.enrichment.tag_review import (
    ReviewAction,
    ReviewedTag,
    ReviewReport,
    exported_tags,
    import_review,
)
from indexer.enrichment.tag_review_file import read_review, write_review
from indexer.enrichment.tagger import Tagger, begin_chunks, tag_chunks
from indexer.enrichment.taxonomy_tags import TaxonomyTags
from indexer.enrichment.thesaurus_tags import ThesaurusTags
from indexer.enrichment.word_meanings import WordMeanings
from indexer.enrichment.word_net import WordNet

__all__ = [
    "LlmTagCounts",
    "LlmTags",
    "MoreGenerators",
    "RemadeGenerator",
    "ReviewAction",
    "ReviewReport",
    "ReviewedTag",
    "StayingGenerator",
    "TagGenerator",
    "TagPreparation",
    "TagPreview",
    "TaggedProduct",
    "Tagger",
    "TaxonomyTags",
    "ThesaurusTags",
    "WordMeanings",
    "WordNet",
    "begin_chunks",
    "exported_tags",
    "forget_read_texts",
    "import_review",
    "kept_tags",
    "learned_tags",
    "no_more_generators",
    "preview_tags",
    "read_review",
    "tag_chunks",
    "write_review",
]
