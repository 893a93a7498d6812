import numpy as np
import pytest

from reranker.training import read_training_catalogue
from reranker.training.training_product import folded_words
from search_core.settings import RerankerSettings

PRINTER = {
    "id": "p1",
    "title": "Acme LaserFast 3 printer",
    "brand": "Acme",
    "product_type": "Laser printer",
    "description": "Prints in black",
    "category": ["Office", "Office > Printers"],
    "tags": ["duplex"],
    "attributes": [{"name": "colour", "value": "Grey"}, {"name": "speed", "value": 30.0}],
    "vector": [3.0, 4.0],
}


def test_a_product_is_read_as_the_reranker_will_read_it():
    catalogue = read_training_catalogue([PRINTER], RerankerSettings())
    (product,) = catalogue.products
    assert product.passage == "Acme LaserFast 3 printer. Laser printer. Prints in black"
    assert product.kinds == ("Laser printer", "Printers", "duplex")
    assert product.values == ("Grey",)
    assert product.attribute_names == ("colour", "speed")
    assert {"laserfast", "printer", "duplex"} <= product.title_words
    assert "grey" in product.own_words - product.title_words


def test_vectors_get_length_one_and_a_missing_one_is_zeros():
    other = {"id": "p2", "title": "Lamp"}
    catalogue = read_training_catalogue([PRINTER, other], RerankerSettings())
    assert catalogue.vectors == pytest.approx(np.array([[0.6, 0.8], [0.0, 0.0]]))


def test_an_index_without_vectors_has_none():
    assert (
        read_training_catalogue([{"id": "1", "title": "Lamp"}], RerankerSettings()).vectors is None
    )


def test_a_product_without_title_is_left_out():
    assert read_training_catalogue([{"id": "1"}], RerankerSettings()).products == ()


def test_words_are_folded_and_english_plurals_are_singulars():
    assert folded_words("USB-Hubs, glass Lenses 打印机") == (
        "usb",
        "hub",
        "glass",
        "lense",
        "打印机",
    )
