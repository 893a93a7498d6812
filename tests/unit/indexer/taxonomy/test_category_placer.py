from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from encoders.testing import HashingTextEncoder
from indexer.taxonomy import Category, CategoryPlacer, EvidenceWeights, Taxonomy
from search_core import Product
from search_core.settings import IndexerSettings

TREE = Taxonomy(
    Category(id=" > ".join(path), path=path)
    for path in (
        ("Home", "Lighting", "Desk Lamps"),
        ("Home", "Lighting", "Floor Lamps"),
        ("Home", "Textiles", "Rugs"),
        ("Pets", "Dogs", "Dog Collars"),
        ("Pets", "Cats", "Cat Trees"),
    )
)


def placer(**weights):
    chosen = EvidenceWeights(**weights) if weights else None
    return CategoryPlacer(TREE, HashingTextEncoder(256), IndexerSettings(), chosen)


def product(title, **more):
    return Product(id=title, title=title, **more)


def path_of(placement):
    return None if placement is None else placement.category.path


def test_a_product_is_placed_in_the_category_that_its_title_names():
    (placement,) = placer().place([product("Brass desk lamp with dimmer")], 0.6)
    assert placement.category.path == ("Home", "Lighting", "Desk Lamps")
    assert 0.6 <= placement.confidence <= 1


def test_where_two_categories_are_equally_likely_it_is_placed_above_both():
    # Nothing but words counts, and `lamp` is half of both names.
    only_words = {"meaning": 0.0, "name": 20.0, "head": 0.0, "above": 0.0}
    (placement,) = placer(**only_words).place([product("Lamp")], 0.9)
    assert placement.category.path == ("Home", "Lighting")


def test_a_product_that_could_be_anything_is_placed_nowhere():
    nothing = {"meaning": 0.0, "name": 1.0}
    assert placer(**nothing).place([product("Voucher")], 0.6) == [None]


def test_more_certainty_places_no_deeper():
    products = [product("Lamp"), product("Rug"), product("Collar for cats"), product("Gift")]
    depths = [
        [len(path_of(each) or ()) for each in placer().place(products, certainty)]
        for certainty in (0.5, 0.7, 0.9, 0.99)
    ]
    for looser, stricter in pairwise(depths):
        assert all(one >= other for one, other in zip(looser, stricter, strict=True))


def test_the_products_type_and_the_shops_own_category_count():
    vague = product("Model 7")
    typed = product("Model 7", product_type="Rug")
    shelved = product("Model 7", category_path=("All", "Pets", "Dog collars"))
    places = placer().place([vague, typed, shelved], 0.6)
    assert path_of(places[1]) == ("Home", "Textiles", "Rugs")
    assert path_of(places[2]) == ("Pets", "Dogs", "Dog Collars")


def test_a_product_is_placed_alike_whatever_stands_beside_it():
    products = [product(f"Floor lamp {number}", product_type="Lamp") for number in range(150)]
    together = placer().place(products, 0.5)
    alone = placer().place(products[140:141], 0.5)[0]
    assert together[140].category == alone.category
    assert together[140].confidence == pytest.approx(alone.confidence, abs=1e-4)


def test_the_likeliest_are_told_best_first_with_probabilities():
    (row,) = placer().likeliest([product("Desk lamp")], 50)
    assert row[0].category.name == "Desk Lamps"
    assert len(row) == len(TREE.categories)
    sure = [each.confidence for each in row]
    assert sure == sorted(sure, reverse=True)
    assert sum(sure) == pytest.approx(1.0, abs=1e-4)


def test_a_taxonomy_of_one_category_takes_every_product():
    one = Taxonomy([Category(id="x", path=("Things",))])
    made = CategoryPlacer(one, HashingTextEncoder(), IndexerSettings())
    (placement,) = made.place([product("Lamp", product_type="Lamp")], 0.6)
    assert (placement.category.name, placement.confidence) == ("Things", pytest.approx(1.0))


def test_no_products_give_no_placements():
    assert placer().place([], 0.6) == []


def test_the_identity_changes_with_taxonomy_model_and_weights():
    other = Taxonomy([Category(id="x", path=("Things",))])
    identities = {
        placer().identity,
        placer(name=9.0).identity,
        CategoryPlacer(other, HashingTextEncoder(256), IndexerSettings()).identity,
        CategoryPlacer(TREE, HashingTextEncoder(128), IndexerSettings()).identity,
        CategoryPlacer(TREE, HashingTextEncoder(256, "other@1"), IndexerSettings()).identity,
    }
    assert len(identities) == 4  # the dimension is not part of a model's id


@settings(max_examples=30, deadline=None)
@given(st.text(min_size=1, max_size=40), st.text(max_size=20))
def test_no_text_breaks_placing(title, kind):
    scores = placer().scores([product(title, product_type=kind or None)])
    assert np.isfinite(scores).all()
