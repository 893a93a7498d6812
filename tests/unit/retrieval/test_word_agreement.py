import pytest

from retrieval.word_agreement import word_agreement, words_of

TONER = {
    "title": "NovaJet Toner for laser printers",
    "product_type": "Toner cartridge",
    "brand": "NovaJet",
    "description": "Black, high yield.",
    "attributes": [
        {"name": "colour", "value": "Black"},
        {"name": "pages", "value": 3000.0},
        {"name": "original", "value": True},
    ],
}


def test_each_field_says_which_share_of_the_query_it_has():
    found = word_agreement("black toner printer", TONER)
    assert found.title == pytest.approx(2 / 3)
    assert found.attributes == pytest.approx(1 / 3)
    assert found.description == pytest.approx(1 / 3)
    assert found.anywhere == 1.0


def test_a_title_that_says_much_else_has_less_focus():
    # toner and printer, of novajet, toner, for, laser, printer
    assert word_agreement("toner printers", TONER).title_focus == pytest.approx(2 / 5)


def test_a_type_agrees_by_its_own_words():
    assert word_agreement("toner", TONER).product_type == pytest.approx(1 / 2)
    assert word_agreement("toner", {"title": "Toner"}).product_type == 0.0


@pytest.mark.parametrize(
    ("query", "brand", "expected"),
    [("novajet toner", "NovaJet", 1.0), ("western union", "Western Digital", 0.0),
     ("toner", None, 0.0)],
)  # fmt: skip
def test_a_brand_is_named_with_all_its_words_or_not_at_all(query, brand, expected):
    assert word_agreement(query, {"title": "x", "brand": brand}).brand == expected


def test_case_accents_and_plurals_do_not_matter():
    assert words_of("Crème Printers") == words_of("creme printer")


def test_chinese_is_compared_by_characters():
    assert word_agreement("红色裙", {"title": "红裙"}).title == pytest.approx(2 / 3)


def test_a_product_that_is_gone_agrees_with_nothing():
    found = word_agreement("toner", {})
    assert (found.title, found.anywhere, found.brand, found.title_length) == (0, 0, 0, 0)


def test_a_query_without_words_agrees_with_nothing():
    assert word_agreement("!?", TONER).anywhere == 0.0


def test_the_length_of_a_title_is_half_for_ten_words():
    assert word_agreement("x", {"title": "a b c d e f g h i j"}).title_length == pytest.approx(0.5)
