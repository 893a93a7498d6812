"""Puts products into the categories of a taxonomy from a file."""

from indexer.taxonomy.category_placer import CategoryPlacer, EvidenceWeights, Placement
from indexer.taxonomy.taxonomy import Category, Taxonomy
from indexer.taxonomy.taxonomy_file import read_taxonomy
from indexer.taxonomy.taxonomy_language import taxonomy_language

__all__ = [
    "Category",
    "CategoryPlacer",
    "EvidenceWeights",
    "Placement",
    "Taxonomy",
    "read_taxonomy",
    "taxonomy_language",
]
