from encoders.testing import HashingTextEncoder
from indexer.enrichment import TaxonomyTags
from indexer.taxonomy import Category, CategoryPlacer, EvidenceWeights, Taxonomy
from search_core import Product, TagKind
from search_core.settings import IndexerSettings


def tags_in(paths, title, certainty=0.6, **weights):
    tree = Taxonomy(Category(id="", path=path) for path in paths)
    chosen = EvidenceWeights(**weights) if weights else None
    placer = CategoryPlacer(tree, HashingTextEncoder(256), IndexerSettings(), chosen)
    (tags,) = TaxonomyTags(placer, certainty).generate([Product(id="1", title=title)])
    return tags


def test_the_name_of_the_category_is_a_tag_as_sure_as_the_placing():
    (tag,) = tags_in([("Home", "Table Lamps"), ("Pets", "Cat Trees")], "Brass table lamp")
    assert (tag.text, tag.kind, tag.source) == ("Table Lamps", TagKind.PRODUCT_TYPE, "taxonomy")
    assert 0.6 <= tag.confidence <= 1


def test_a_department_is_no_tag():
    paths = [("Home", "Table Lamps"), ("Home", "Floor Lamps"), ("Pets", "Cat Trees")]
    words_only = {"meaning": 0.0, "name": 20.0, "head": 0.0, "above": 20.0}
    assert tags_in(paths, "Home", **words_only) == ()


def test_of_a_taxonomy_without_levels_every_category_is_a_tag():
    assert [tag.text for tag in tags_in([("Lamps",), ("Rugs",)], "Lamp")] == ["Lamps"]


def test_certainty_is_part_of_the_identity():
    tree = Taxonomy([Category(id="", path=("Lamps",))])
    placer = CategoryPlacer(tree, HashingTextEncoder(), IndexerSettings())
    assert TaxonomyTags(placer, 0.6).identity != TaxonomyTags(placer, 0.7).identity
