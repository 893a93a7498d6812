import json
import math

import pytest
from shop import CATALOGUE, rewritten

from query_understanding import TransformerCategories, trained_categories
from query_understanding.categories.category_rewriter import CategoryRewriter
from query_understanding.testing import write_word_classifier
from query_understanding.trained_models import CATEGORIES_FOLDER
from search_core import ConfigurationError

CASE, MOUSE = ("product_type", "Phone case"), ("product_type", "Mouse")
VOTES = {
    "sleeve": (2.0, 0.0, 0.0),
    "sleeves": (2.0, 0.0, 0.0),
    "pointer": (0.0, 3.0, 0.0),
    "odd": (0.0, 0.0, 4.0),
}
KINDS = (CASE, MOUSE, None)


@pytest.fixture
def folder(tmp_path):
    return write_word_classifier(tmp_path / CATEGORIES_FOLDER, VOTES, KINDS)


def test_shares_are_the_softmax_of_the_logits_without_those_of_no_kind(folder):
    shares = TransformerCategories(folder).shares("Sleeve pointer")
    total = math.exp(2) + math.exp(3) + 1
    assert shares == {
        CASE: pytest.approx(math.exp(2) / total),
        MOUSE: pytest.approx(math.exp(3) / total),
    }


def test_the_temperature_makes_it_less_sure(tmp_path):
    warm = write_word_classifier(tmp_path / "warm", VOTES, KINDS, temperature=2.0)
    shares = TransformerCategories(warm).shares("sleeve")
    assert shares[CASE] == pytest.approx(math.e / (math.e + 2))


def test_longer_queries_are_cut(tmp_path):
    short = write_word_classifier(tmp_path / "short", VOTES, KINDS, max_tokens=1)
    model = TransformerCategories(short)
    assert model.shares("sleeve pointer pointer") == model.shares("sleeve")


def test_counted_words_have_what_the_model_leaves_them(tmp_path):
    # Only titles of cases have the word; the model takes it for a mouse.
    votes = {"leather": (0.0, 9.0, 0.0)}
    shares = {
        share: TransformerCategories(
            write_word_classifier(tmp_path / str(share), votes, KINDS, share=share)
        ).mixed_shares("leather", CATALOGUE.lexicon)
        for share in (0.0, 0.5, 1.0)
    }
    assert shares[0.0][CASE] > 0.5
    assert shares[1.0][MOUSE] > 0.99
    for kind in (CASE, MOUSE):
        mean = (shares[0.0].get(kind, 0.0) + shares[1.0].get(kind, 0.0)) / 2
        assert shares[0.5][kind] == pytest.approx(mean)


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json", "categories.json"])
def test_a_folder_that_lacks_a_file_says_what_to_do(folder, missing):
    (folder / missing).unlink()
    with pytest.raises(ConfigurationError, match="does not load") as caught:
        TransformerCategories(folder)
    assert "--what categories" in caught.value.remedy


@pytest.mark.parametrize("damaged", ["model.onnx", "tokenizer.json", "categories.json"])
@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe no such file"])
def test_a_folder_with_a_damaged_file_says_what_to_do(folder, damaged, content):
    (folder / damaged).write_bytes(content)
    with pytest.raises(ConfigurationError, match="does not load") as caught:
        TransformerCategories(folder)
    assert "--what categories" in caught.value.remedy


def test_a_model_of_another_version_is_refused(folder):
    path = folder / "categories.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 99}))
    with pytest.raises(ConfigurationError, match="format 99"):
        TransformerCategories(folder)


def test_a_trained_model_is_found_in_its_folder_and_loaded_once(folder, tmp_path):
    assert trained_categories(folder.parent) is trained_categories(folder.parent)
    assert trained_categories(tmp_path / "elsewhere") is None
    assert trained_categories(None) is None


def test_the_rewriter_tells_what_the_model_says(tmp_path):
    # Only titles of cases have the word `leather`; this model has learned otherwise.
    folder = write_word_classifier(tmp_path / "own", {"leather": (0.0, 5.0, 0.0)}, KINDS)
    plan = rewritten(CategoryRewriter(TransformerCategories(folder)), "leather xylophone")
    told = {each.name: each.share for each in plan.categories}
    # One of two words is known: half of what the model is sure of.
    assert told["Mouse"] == pytest.approx(math.exp(5) / (math.exp(5) + 2) / 2, abs=1e-3)


@pytest.mark.parametrize("text", ["qwertz", "", "sleeve"])
def test_words_that_no_title_has_are_not_put_to_the_model(folder, text):
    assert not CATALOGUE.lexicon.knows("sleeve")
    assert rewritten(CategoryRewriter(TransformerCategories(folder)), text).categories == ()


def test_a_kind_that_the_catalogue_no_longer_has_is_left_out(tmp_path):
    gone = (("product_type", "Gramophone"), CASE)
    folder = write_word_classifier(tmp_path / "old", {"leather": (5.0, 0.0)}, gone)
    plan = rewritten(CategoryRewriter(TransformerCategories(folder)), "leather xylophone")
    assert {each.name for each in plan.categories} <= {"Phone case"}


def test_words_of_graded_queries_are_known_though_no_title_has_them(tmp_path):
    folder = write_word_classifier(tmp_path / "own", VOTES, KINDS, words=("sleeve",))
    plan = rewritten(CategoryRewriter(TransformerCategories(folder)), "sleeves")
    assert plan.categories[0].name == "Phone case"
